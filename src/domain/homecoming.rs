//! Where a return ends: one pure table from what is known about it to one outcome.
//!
//! The rows are called R1 to R14, and each is a test below. What makes the difference between them is *whose browser*
//! this is: only the browser that started a session, or one of the same wallet account, ever moves it. Otherwise whoever
//! sends a link could have somebody else's card put into their own wallet.

use super::Millis;
use super::id::{Fingerprint, ReturnHandle, SessionId};
use super::receipt::{IssuerResult, UnverifiedReturn};
use super::session::{Session, State};

/// At most this many posted returns of one session are kept at a time; the oldest makes room.
pub const KEPT_MAX: u32 = 5;
/// So often may a code be tried that was shown in another browser. Then the return is gone.
pub const RETURN_CODE_TRIES_MAX: u32 = 5;
/// The digits of such a code.
pub const RETURN_CODE_DIGITS: usize = 6;

/// What stands where the path points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No session, or no session's id.
    Unknown,
    /// A session that waits for its return.
    Waiting,
    /// One that has returned.
    GoneOn,
    /// One that ended before anything came back.
    Over,
    /// One whose time is up.
    Expired,
}

impl Standing {
    /// How a session stands at this moment.
    #[must_use]
    pub fn of(session: &Session, now: Millis) -> Self {
        if session.is_overdue(now) {
            return Self::Expired;
        }
        match session.state {
            State::Expired => Self::Expired,
            State::Offered | State::Launched => Self::Waiting,
            State::Cancelled | State::Failed { .. } if session.cards.is_empty() => Self::Over,
            State::Pushed
            | State::Returned { .. }
            | State::Terms
            | State::Digitizing
            | State::StepUp { .. }
            | State::Code { .. }
            | State::Active
            | State::Pending
            | State::Declined
            | State::Failed { .. }
            | State::Cancelled => Self::GoneOn,
        }
    }
}

/// Whose browser this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// The one that started the session, or one of the same account.
    Starter,
    /// One that nobody is signed in with and that did not start it.
    Stranger,
    /// One that is signed in with another account.
    OtherAccount,
}

/// What there is for a return in a browser that did not start the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// Nothing: it is refused.
    Refuse,
    /// A code to be typed in the tab where it started. A victim can be talked into reading it out: for demonstrations.
    Code,
    /// The wallet's accounts: signing in here, with the session's account, completes it here.
    SignIn,
}

/// How the return came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `HEAD`, a prefetch, a frame: no wish of a person.
    Guess,
    /// Its parameters can be read in more than one way or not at all. Which rule they break.
    Unreadable(&'static str),
    /// By `POST`, with which browsers send no cookie from another site, so that none is looked at.
    Posted,
    /// By `GET`.
    Opened(Payload),
}

/// What a return brings, after the signature was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing that we know.
    Nothing,
    /// It was kept for later, and is not there any more: it was used, or its time is up, or it never was.
    Gone,
    /// What the issuer says happened, unsigned.
    Result(IssuerResult),
    /// Something that is no return. Which rule it breaks.
    Malformed(&'static str),
    /// A signature that does not hold.
    NotGenuine(&'static str),
    /// A signature by a key that is not known yet.
    UnknownKey,
    /// Receipts that MDES signed.
    Receipts(Receipts),
}

/// Whose the receipts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipts {
    /// Not known here yet; they name this session or none.
    New,
    /// This session has them.
    Held,
    /// They name another session.
    Foreign,
}

/// Everything that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What stands where the path points.
    pub standing: Standing,
    /// Whose browser this is.
    pub visitor: Visitor,
    /// What there is for another browser.
    pub elsewhere: Elsewhere,
    /// How it came and what it brings.
    pub way: Way,
}

/// Where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing happens and nothing is said.
    Nothing,
    /// There is no such session; nobody is told more.
    NotFound,
    /// Refused, because it can be read in two ways.
    Unreadable(&'static str),
    /// Kept, without a look at whose browser it is, and taken up by the `GET` that follows.
    Keep,
    /// Not kept; the `GET` that follows says where things stand.
    Drop,
    /// The receipts are this session's from now on.
    Accept,
    /// The session ends as the issuer says.
    Conclude(IssuerResult),
    /// It came back with nothing; the session goes on waiting and says so.
    StillWaiting,
    /// The session's page is the answer.
    Show,
    /// Refused: no return.
    Malformed(&'static str),
    /// Refused: not genuine.
    NotGenuine(&'static str),
    /// Refused until the key is known.
    UnknownKey,
    /// Refused: the receipts name another session.
    AnotherSession,
    /// Refused: the session has returned with other receipts.
    Second,
    /// Its time is up.
    TooLate,
    /// Refused; the cardholder may start again in this browser.
    StartAgain,
    /// Refused: somebody else is signed in here.
    OtherAccount,
    /// Kept until the cardholder signs in here.
    SignIn,
    /// Kept until the code that is shown here is typed where the session started.
    AskCode,
}

impl Outcome {
    /// Whether the receipts that came must never be used by any session.
    #[must_use]
    pub fn burns(self) -> bool {
        matches!(
            self,
            Self::TooLate | Self::StartAgain | Self::OtherAccount | Self::AnotherSession
        )
    }
}

/// The table.
#[must_use]
pub fn decide(facts: Facts) -> Outcome {
    let payload = match (facts.way, facts.standing) {
        (Way::Guess, _) => return Outcome::Nothing,
        (_, Standing::Unknown) => return Outcome::NotFound,
        (Way::Unreadable(rule), _) => return Outcome::Unreadable(rule),
        (Way::Posted, Standing::Waiting) => return Outcome::Keep,
        (Way::Posted, _) => return Outcome::Drop,
        (Way::Opened(_), Standing::Expired) => return Outcome::TooLate,
        (Way::Opened(payload), _) => payload,
    };
    match facts.visitor {
        Visitor::OtherAccount => Outcome::OtherAccount,
        Visitor::Stranger => match (facts.standing, payload, facts.elsewhere) {
            (Standing::Waiting, Payload::Receipts(Receipts::New), Elsewhere::SignIn) => Outcome::SignIn,
            (Standing::Waiting, Payload::Receipts(Receipts::New), Elsewhere::Code) => Outcome::AskCode,
            // Whatever it is: a browser that did not start the session is told nothing about it.
            _ => Outcome::StartAgain,
        },
        Visitor::Starter => at_home(facts.standing, payload),
    }
}

/// The rows of the browser that started the session.
fn at_home(standing: Standing, payload: Payload) -> Outcome {
    let is_waiting = standing == Standing::Waiting;
    match payload {
        Payload::Malformed(rule) => Outcome::Malformed(rule),
        Payload::NotGenuine(reason) => Outcome::NotGenuine(reason),
        Payload::UnknownKey => Outcome::UnknownKey,
        Payload::Receipts(Receipts::Foreign) => Outcome::AnotherSession,
        Payload::Receipts(Receipts::Held) | Payload::Gone => Outcome::Show,
        Payload::Receipts(Receipts::New) if is_waiting => Outcome::Accept,
        Payload::Receipts(Receipts::New) if standing == Standing::GoneOn => Outcome::Second,
        Payload::Result(result) if is_waiting => Outcome::Conclude(result),
        Payload::Nothing if is_waiting => Outcome::StillWaiting,
        // It comes after the return that counted, or after the end.
        Payload::Receipts(Receipts::New) | Payload::Result(_) | Payload::Nothing => Outcome::Show,
    }
}

/// What a kept return waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The `GET` that follows a `POST`.
    Browser,
    /// The same, with nothing in it that MDES signed. It has a room of its own: what anybody can write must not push out
    /// what only MDES can.
    UnsignedBrowser,
    /// The code, in the tab where the session started.
    Code,
    /// The cardholder, to sign in in the browser it came to.
    SignIn,
}

impl WaitsFor {
    /// The name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::UnsignedBrowser => "browser-unsigned",
            Self::Code => "code",
            Self::SignIn => "sign-in",
        }
    }

    /// What has this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Browser, Self::UnsignedBrowser, Self::Code, Self::SignIn]
            .into_iter()
            .find(|waits_for| waits_for.name() == name)
    }

    /// How many of one session are kept at a time. A code is shown for one return only.
    #[must_use]
    pub fn kept_max(self) -> u32 {
        match self {
            Self::Browser | Self::UnsignedBrowser | Self::SignIn => KEPT_MAX,
            Self::Code => 1,
        }
    }
}

/// A return that is kept for a while: nothing of it has been used.
#[derive(Clone, Debug)]
pub struct ParkedReturn {
    /// Who has this may ask for it; that alone uses nothing.
    pub handle: ReturnHandle,
    /// Of which session.
    pub session: SessionId,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// The browser that it came to, where somebody may sign in there.
    pub browser: Option<Fingerprint>,
    /// What came.
    pub returned: UnverifiedReturn,
    /// How often its code was tried.
    pub tries: u32,
    /// The keyed hash of what came: the same return is kept once.
    pub content: Fingerprint,
    /// When it was kept.
    pub parked_at: Millis,
    /// When it is of no use any more.
    pub expires_at: Millis,
}

impl ParkedReturn {
    /// How often its code may still be tried.
    #[must_use]
    pub fn tries_left(&self) -> u32 {
        RETURN_CODE_TRIES_MAX.saturating_sub(self.tries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDINGS: [Standing; 5] = [
        Standing::Unknown,
        Standing::Waiting,
        Standing::GoneOn,
        Standing::Over,
        Standing::Expired,
    ];
    const KNOWN: [Standing; 4] = [Standing::Waiting, Standing::GoneOn, Standing::Over, Standing::Expired];
    const VISITORS: [Visitor; 3] = [Visitor::Starter, Visitor::Stranger, Visitor::OtherAccount];
    const ELSEWHERE: [Elsewhere; 3] = [Elsewhere::Refuse, Elsewhere::Code, Elsewhere::SignIn];
    const RULE: &str = "a rule";
    const NEW: Payload = Payload::Receipts(Receipts::New);
    const PAYLOADS: [Payload; 11] = [
        Payload::Nothing,
        Payload::Gone,
        Payload::Result(IssuerResult::Cancelled),
        Payload::Result(IssuerResult::Declined),
        Payload::Result(IssuerResult::Error),
        Payload::Malformed(RULE),
        Payload::NotGenuine(RULE),
        Payload::UnknownKey,
        NEW,
        Payload::Receipts(Receipts::Held),
        Payload::Receipts(Receipts::Foreign),
    ];

    /// Every combination of these facts ends so.
    fn all(
        standings: &[Standing],
        visitors: &[Visitor],
        elsewhere: &[Elsewhere],
        ways: &[Way],
        outcome: impl Fn(Way) -> Outcome,
    ) {
        for &standing in standings {
            for &visitor in visitors {
                for &elsewhere in elsewhere {
                    for &way in ways {
                        let facts = Facts {
                            standing,
                            visitor,
                            elsewhere,
                            way,
                        };
                        assert_eq!(decide(facts), outcome(way), "{facts:?}");
                    }
                }
            }
        }
    }

    fn opened(payloads: &[Payload]) -> Vec<Way> {
        payloads.iter().copied().map(Way::Opened).collect()
    }

    fn everything() -> Vec<Way> {
        let mut ways = opened(&PAYLOADS);
        ways.extend([Way::Posted, Way::Unreadable(RULE)]);
        ways
    }

    const HOME: &[Visitor] = &[Visitor::Starter];
    const STRANGER: &[Visitor] = &[Visitor::Stranger];
    const WAITING: &[Standing] = &[Standing::Waiting];

    #[test]
    fn r1_r5_a_receipt_in_the_starting_browser_or_of_the_same_account_is_accepted() {
        all(WAITING, HOME, &ELSEWHERE, &opened(&[NEW]), |_| Outcome::Accept);
    }

    #[test]
    fn r2_in_a_browser_that_nobody_is_signed_in_with_it_waits_for_the_sign_in() {
        all(WAITING, STRANGER, &[Elsewhere::SignIn], &opened(&[NEW]), |_| {
            Outcome::SignIn
        });
        assert!(!Outcome::SignIn.burns());
    }

    #[test]
    fn r3_without_accounts_another_browser_starts_again_or_where_that_is_set_shows_a_code() {
        all(WAITING, STRANGER, &[Elsewhere::Refuse], &opened(&[NEW]), |_| {
            Outcome::StartAgain
        });
        all(WAITING, STRANGER, &[Elsewhere::Code], &opened(&[NEW]), |_| {
            Outcome::AskCode
        });
        assert!(Outcome::StartAgain.burns() && !Outcome::AskCode.burns());
        // Nothing but a genuine receipt for a session that waits is worth a code or a sign-in.
        let others: Vec<Payload> = PAYLOADS.into_iter().filter(|payload| *payload != NEW).collect();
        all(WAITING, STRANGER, &ELSEWHERE, &opened(&others), |_| Outcome::StartAgain);
        let moved_on = [Standing::GoneOn, Standing::Over];
        all(&moved_on, STRANGER, &ELSEWHERE, &opened(&PAYLOADS), |_| {
            Outcome::StartAgain
        });
    }

    #[test]
    fn r4_another_account_is_refused() {
        let alive = [Standing::Waiting, Standing::GoneOn, Standing::Over];
        all(&alive, &[Visitor::OtherAccount], &ELSEWHERE, &opened(&PAYLOADS), |_| {
            Outcome::OtherAccount
        });
        assert!(Outcome::OtherAccount.burns());
    }

    #[test]
    fn r6_the_same_receipt_again_shows_where_things_stand() {
        let ways = opened(&[Payload::Receipts(Receipts::Held), Payload::Gone]);
        let alive = [Standing::Waiting, Standing::GoneOn, Standing::Over];
        all(&alive, HOME, &ELSEWHERE, &ways, |_| Outcome::Show);
    }

    #[test]
    fn r7_another_receipt_after_the_return_is_refused_and_not_burned() {
        all(&[Standing::GoneOn], HOME, &ELSEWHERE, &opened(&[NEW]), |_| {
            Outcome::Second
        });
        assert!(!Outcome::Second.burns());
        // One that ended without a return shows how it ended.
        all(&[Standing::Over], HOME, &ELSEWHERE, &opened(&[NEW]), |_| Outcome::Show);
    }

    #[test]
    fn r8_a_session_whose_time_is_up_says_so_to_everybody_and_the_receipt_is_burned() {
        all(&[Standing::Expired], &VISITORS, &ELSEWHERE, &opened(&PAYLOADS), |_| {
            Outcome::TooLate
        });
        assert!(Outcome::TooLate.burns());
    }

    #[test]
    fn r9_what_is_unknown_stays_so() {
        all(&[Standing::Unknown], &VISITORS, &ELSEWHERE, &everything(), |_| {
            Outcome::NotFound
        });
    }

    #[test]
    fn r10_a_posted_return_is_kept_whoever_brings_it_and_only_while_it_is_waited_for() {
        all(WAITING, &VISITORS, &ELSEWHERE, &[Way::Posted], |_| Outcome::Keep);
        let others = [Standing::GoneOn, Standing::Over, Standing::Expired];
        all(&others, &VISITORS, &ELSEWHERE, &[Way::Posted], |_| Outcome::Drop);
    }

    #[test]
    fn r11_no_receipt_keeps_the_session_waiting_and_a_result_ends_it_in_its_own_browser_only() {
        all(WAITING, HOME, &ELSEWHERE, &opened(&[Payload::Nothing]), |_| {
            Outcome::StillWaiting
        });
        for result in [IssuerResult::Cancelled, IssuerResult::Declined, IssuerResult::Error] {
            let ways = opened(&[Payload::Result(result)]);
            all(WAITING, HOME, &ELSEWHERE, &ways, |_| Outcome::Conclude(result));
            all(WAITING, STRANGER, &ELSEWHERE, &ways, |_| Outcome::StartAgain);
            let moved_on = [Standing::GoneOn, Standing::Over];
            all(&moved_on, HOME, &ELSEWHERE, &ways, |_| Outcome::Show);
        }
    }

    #[test]
    fn r12_what_is_no_genuine_return_is_refused_and_burns_nothing() {
        let alive = [Standing::Waiting, Standing::GoneOn, Standing::Over];
        for (payload, outcome) in [
            (Payload::Malformed(RULE), Outcome::Malformed(RULE)),
            (Payload::NotGenuine(RULE), Outcome::NotGenuine(RULE)),
            (Payload::UnknownKey, Outcome::UnknownKey),
        ] {
            all(&alive, HOME, &ELSEWHERE, &opened(&[payload]), |_| outcome);
            assert!(!outcome.burns());
        }
    }

    #[test]
    fn r13_a_guess_is_nothing() {
        all(&STANDINGS, &VISITORS, &ELSEWHERE, &[Way::Guess], |_| Outcome::Nothing);
    }

    #[test]
    fn r14_what_can_be_read_in_two_ways_is_refused_from_anybody() {
        all(&KNOWN, &VISITORS, &ELSEWHERE, &[Way::Unreadable(RULE)], |_| {
            Outcome::Unreadable(RULE)
        });
        assert!(!Outcome::Unreadable(RULE).burns());
    }

    #[test]
    fn r18_a_receipt_that_names_another_session_is_burned() {
        let alive = [Standing::Waiting, Standing::GoneOn, Standing::Over];
        let ways = opened(&[Payload::Receipts(Receipts::Foreign)]);
        all(&alive, HOME, &ELSEWHERE, &ways, |_| Outcome::AnotherSession);
        assert!(Outcome::AnotherSession.burns());
    }

    #[test]
    fn only_the_starter_ever_moves_a_session() {
        for standing in STANDINGS {
            for elsewhere in ELSEWHERE {
                for visitor in [Visitor::Stranger, Visitor::OtherAccount] {
                    for way in everything().into_iter().chain([Way::Guess]) {
                        let facts = Facts {
                            standing,
                            visitor,
                            elsewhere,
                            way,
                        };
                        let moves = matches!(
                            decide(facts),
                            Outcome::Accept | Outcome::Conclude(_) | Outcome::StillWaiting | Outcome::Show
                        );
                        assert!(!moves, "{facts:?}");
                    }
                }
            }
        }
    }
}
