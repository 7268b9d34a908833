//! The numbered steps of a push: from the issuer that learns which wallets there are to the cardholder who is back in the
//! bank's app. They are those of Mastercard's page about enabling a card for Click to Pay (protocol facts, MPD), in our words; a
//! bank that knows its card numbers needs no processor, and leaves its steps out.

use std::sync::Arc;

use serde_json::Value;

use super::message::Participant::{self, Browser, IssuerApi, IssuerSite, Mdes, Processor, Wallet};
use super::message::{BACK_TO_THE_ISSUER, Body, Ending, Kind, Message};
use super::verdict;

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// From 1 to 25.
    pub number: u8,
    /// Who does it.
    pub from: Participant,
    /// Towards whom; the same where it does it by itself.
    pub to: Participant,
    /// What is done.
    pub what: &'static str,
    /// What the bank does instead that needs no processor; `None` where it does the same.
    pub without_processor: Option<&'static str>,
    /// Finds it in what was recorded.
    find: fn(&Walk<'_>) -> Option<Arc<Message>>,
}

/// What became of a step in a flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// It was done in this message, which is of no attempt where the issuer asked for the list of wallets.
    In(Arc<Message>),
    /// This bank leaves it out, and why.
    LeftOut(&'static str),
    /// It has not happened.
    NotYet,
}

/// A flow, to look for steps in.
struct Walk<'a> {
    own: &'a [Arc<Message>],
    all: &'a [Arc<Message>],
}

/// The steps of one push.
#[derive(Clone, Debug)]
pub struct Steps {
    /// The bank has a processor.
    pub has_processor: bool,
    /// Each, in the order of the numbers, with what became of it.
    pub all: Vec<(&'static Step, Seen)>,
}

impl Steps {
    /// How many were done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.all.iter().filter(|(_, seen)| matches!(seen, Seen::In(_))).count()
    }

    /// How many of them there are for this bank.
    #[must_use]
    pub fn due(&self) -> usize {
        let is_due = |(_, seen): &&(&Step, Seen)| !matches!(seen, Seen::LeftOut(_));
        self.all.iter().filter(is_due).count()
    }
}

/// The steps of a push. `None` for a flow that is none.
#[must_use]
pub fn of(own: &[Arc<Message>], all: &[Arc<Message>]) -> Option<Steps> {
    let walk = Walk { own, all };
    walk.landing()?;
    let has_processor = own.iter().any(|message| message.to == Processor);
    let seen = |step: &'static Step| match (step.without_processor, (step.find)(&walk)) {
        (Some(instead), _) if !has_processor => Seen::LeftOut(instead),
        (_, Some(message)) => Seen::In(message),
        (_, None) => Seen::NotYet,
    };
    let all = STEPS.iter().map(|step| (step, seen(step))).collect();
    Some(Steps { has_processor, all })
}

impl Walk<'_> {
    fn first(&self, is: impl Fn(&Message) -> bool) -> Option<Arc<Message>> {
        self.own.iter().find(|message| is(message)).cloned()
    }

    fn last(&self, is: impl Fn(&Message) -> bool) -> Option<Arc<Message>> {
        self.own.iter().rev().find(|message| is(message)).cloned()
    }

    /// The browser, at the wallet with a card that a bank has pushed.
    fn landing(&self) -> Option<Arc<Message>> {
        self.first(verdict::is_landing)
    }

    /// What was asked before the push, whichever attempt it was asked in, if in any.
    fn before(&self, is: impl Fn(&Message) -> bool) -> Option<Arc<Message>> {
        let push = self.push()?.number;
        let mut all = self.all.iter().rev().filter(|message| message.number < push);
        all.find(|message| is(message)).cloned()
    }

    fn push(&self) -> Option<Arc<Message>> {
        self.first(|message| called(message, Mdes, "pushMultipleAccounts") && went_well(message))
    }

    fn call(&self, to: Participant, operation: &str) -> Option<Arc<Message>> {
        self.last(|message| called(message, to, operation))
    }

    fn answered(&self, to: Participant, operation: &str) -> Option<Arc<Message>> {
        self.last(|message| called(message, to, operation) && went_well(message))
    }

    /// What the processor tells the issuer's server, by what it was told itself.
    fn told_on(&self, event: &str) -> Option<Arc<Message>> {
        self.last(|message| called(message, IssuerApi, "notifications") && names(&message.request.body, event))
    }

    /// The page of the attempt, in this state.
    fn page(&self, states: &[&str]) -> Option<Arc<Message>> {
        self.last(|message| {
            let page = message.facts.page.as_ref();
            let state = page.and_then(|page| page.state.as_deref());
            message.to == Wallet && state.is_some_and(|state| states.contains(&state))
        })
    }
}

fn called(message: &Message, to: Participant, operation: &str) -> bool {
    message.kind == Kind::Call && message.to == to && message.label == operation
}

/// A page by the end of its route.
fn is_at(message: &Message, to: Participant, end: &str) -> bool {
    message.kind == Kind::Call && message.to == to && message.label.ends_with(end)
}

fn went_well(message: &Message) -> bool {
    let refused = message.ending.json().and_then(|json| json["errors"].as_array());
    message.ending.status().is_some_and(|status| status < 400) && refused.is_none_or(Vec::is_empty)
}

fn names(body: &Body, event: &str) -> bool {
    let Body::Json(Value::Object(members)) = body else {
        return false;
    };
    members.values().any(|value| value.as_str() == Some(event))
}

fn is_back(message: &Message) -> bool {
    message.kind == Kind::Redirect && message.from == Wallet && message.label == BACK_TO_THE_ISSUER
}

const NO_NUMBERS: &str = "This bank knows the number of the card, and encrypts it itself.";
const ASKED_ITSELF: &str = "This bank was asked itself: nobody has to tell it.";

const fn step(
    number: u8,
    from: Participant,
    to: Participant,
    what: &'static str,
    find: fn(&Walk<'_>) -> Option<Arc<Message>>,
) -> Step {
    Step {
        number,
        from,
        to,
        what,
        without_processor: None,
        find,
    }
}

impl Step {
    const fn or(self, instead: &'static str) -> Self {
        Self {
            without_processor: Some(instead),
            ..self
        }
    }

    /// `Issuer API to MDES`, or `MDES` for what it does by itself. Without a processor the issuer is asked itself.
    #[must_use]
    pub fn way(&self, has_processor: bool) -> String {
        let acts = |one: Participant| {
            if has_processor || one != Processor {
                one
            } else {
                IssuerApi
            }
        };
        let (from, to) = (acts(self.from).name(), acts(self.to).name());
        match from == to {
            true => from.to_owned(),
            false => format!("{from} to {to}"),
        }
    }
}

/// The steps, in the order of their numbers.
pub const STEPS: &[Step] = &[
    step(
        1,
        IssuerApi,
        Mdes,
        "asks which token requestors take cards of its account ranges",
        |walk| walk.before(|message| called(message, Mdes, "getEligibleTokenRequestors") && went_well(message)),
    ),
    step(2, Mdes, IssuerApi, "answers the list, which the issuer keeps", |walk| {
        walk.before(|message| called(message, Mdes, "getEligibleTokenRequestors") && went_well(message))
    }),
    step(3, IssuerApi, Mdes, "asks for the token requestor’s logo", |walk| {
        walk.before(|message| called(message, Mdes, "tokenRequestorAsset") && went_well(message))
    }),
    step(4, Mdes, IssuerApi, "answers the logo, which is kept too", |walk| {
        walk.before(|message| called(message, Mdes, "tokenRequestorAsset") && went_well(message))
    }),
    step(
        5,
        Browser,
        IssuerSite,
        "the cardholder opens the bank’s app and looks at a card",
        |walk| walk.before(|message| is_at(message, IssuerSite, "/enrol") && message.request.method == "GET"),
    ),
    step(6, Browser, IssuerSite, "the cardholder chooses to enable it", |walk| {
        walk.first(|message| is_at(message, IssuerSite, "/enrol") && message.request.method == "POST")
    }),
    step(
        7,
        IssuerApi,
        Processor,
        "asks for the card of this contract, ready to be pushed",
        |walk| walk.call(Processor, "searches"),
    )
    .or(NO_NUMBERS),
    step(
        8,
        Processor,
        Processor,
        "finds the number of the card, and that it is active",
        |walk| walk.answered(Processor, "searches"),
    )
    .or(NO_NUMBERS),
    step(
        9,
        Processor,
        IssuerApi,
        "answers the push, encrypted for MDES",
        |walk| walk.answered(Processor, "searches"),
    )
    .or(NO_NUMBERS),
    step(10, IssuerApi, Mdes, "pushes the card", |walk| walk.push()),
    step(
        11,
        Mdes,
        Mdes,
        "makes a receipt, bound to the token requestor, and signs it",
        |walk| walk.push(),
    ),
    step(
        12,
        Mdes,
        IssuerApi,
        "answers receipt, signature and the token requestor’s address",
        |walk| walk.push(),
    ),
    step(
        13,
        IssuerSite,
        Wallet,
        "sends the cardholder there with the signed data",
        |walk| walk.landing(),
    ),
    step(14, Wallet, Mdes, "orders the token with the receipt", |walk| {
        walk.call(Mdes, "digitize")
    }),
    step(
        15,
        Mdes,
        Processor,
        "asks for authorisation of the token (TAR)",
        |walk| {
            walk.call(Processor, "authorizeService")
                .or_else(|| walk.call(IssuerApi, "authorizeService"))
        },
    ),
    step(
        16,
        Processor,
        Processor,
        "looks at product, status and expiry",
        |walk| {
            walk.answered(Processor, "authorizeService")
                .or_else(|| walk.answered(IssuerApi, "authorizeService"))
        },
    ),
    step(17, Processor, Mdes, "answers that it may be (00)", |walk| {
        walk.answered(Processor, "authorizeService")
            .or_else(|| walk.answered(IssuerApi, "authorizeService"))
    }),
    step(
        18,
        Processor,
        IssuerApi,
        "tells the issuer of the authorisation",
        |walk| walk.told_on("TOKEN_AUTHORIZATION"),
    )
    .or(ASKED_ITSELF),
    step(19, Mdes, Wallet, "makes the token and answers it", |walk| {
        walk.answered(Mdes, "digitize")
    }),
    step(
        20,
        Mdes,
        Processor,
        "tells that tokenisation is complete (TCN)",
        |walk| {
            walk.call(Processor, "notifyServiceActivated")
                .or_else(|| walk.call(IssuerApi, "notifyServiceActivated"))
        },
    ),
    step(21, Processor, IssuerApi, "tells the issuer of the completion", |walk| {
        walk.told_on("TOKENISATION_COMPLETE")
    })
    .or(ASKED_ITSELF),
    step(
        22,
        Wallet,
        Wallet,
        "verifies the signature and shows the terms",
        |walk| walk.first(|message| matches!(message.ending, Ending::Checked { passed: true, .. })),
    ),
    step(23, Browser, Wallet, "the cardholder accepts the terms", |walk| {
        walk.first(|message| is_at(message, Wallet, "/terms") && message.request.method == "POST")
    }),
    step(24, Wallet, Browser, "shows that the card is enabled", |walk| {
        walk.page(&["active", "pending"])
    }),
    step(
        25,
        Wallet,
        IssuerSite,
        "sends the cardholder back to the bank with the result",
        |walk| walk.last(is_back),
    ),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workbench::message::PageFacts;
    use crate::workbench::testing::{answered, but, message};

    /// A push, up to the confirmation and back.
    fn push(has_processor: bool) -> Vec<Arc<Message>> {
        let mut flow = Vec::new();
        let mut add = |from, to, label: &str, method: &str, request: Value| {
            let mut one = message(flow.len() + 1, from, to, Kind::Call, label);
            one.request.method = method.to_owned();
            one.request.body = Body::Json(request);
            one.ending = answered(200, Body::Json(json!({})));
            flow.push(one);
        };
        add(IssuerApi, Mdes, "getEligibleTokenRequestors", "POST", json!({}));
        add(IssuerApi, Mdes, "tokenRequestorAsset", "GET", json!({}));
        add(Browser, IssuerSite, "GET /banks/{bank}/enrol", "GET", json!({}));
        add(Browser, IssuerSite, "POST /banks/{bank}/enrol", "POST", json!({}));
        let asked = if has_processor {
            add(IssuerApi, Processor, "searches", "POST", json!({}));
            Processor
        } else {
            IssuerApi
        };
        add(IssuerApi, Mdes, "pushMultipleAccounts", "POST", json!({}));
        add(Browser, Wallet, "GET /push", "GET", json!({}));
        add(Wallet, Wallet, "check receipt signature", "", json!({}));
        add(Browser, Wallet, "POST /sessions/{session}/terms", "POST", json!({}));
        add(Wallet, Mdes, "digitize", "POST", json!({}));
        add(Mdes, asked, "authorizeService", "POST", json!({}));
        add(Mdes, asked, "notifyServiceActivated", "POST", json!({}));
        if has_processor {
            for event in ["TOKEN_AUTHORIZATION", "TOKENISATION_COMPLETE"] {
                add(Processor, IssuerApi, "notifications", "POST", json!({"type": event}));
            }
        }
        add(Browser, Wallet, "GET /sessions/{session}", "GET", json!({}));
        add(Wallet, IssuerSite, "back to the issuer", "GET", json!({}));
        for one in &mut flow {
            one.attempt = (one.number > 3).then_some(1);
            match one.label.as_str() {
                "check receipt signature" => {
                    one.ending = Ending::Checked {
                        passed: true,
                        said: String::new(),
                    };
                }
                "GET /sessions/{session}" => {
                    one.facts.page = Some(PageFacts {
                        state: Some("active".to_owned()),
                        ..PageFacts::default()
                    });
                }
                "back to the issuer" => one.kind = Kind::Redirect,
                _ => {}
            }
        }
        flow.into_iter().map(Arc::new).collect()
    }

    fn own(all: &[Arc<Message>]) -> Vec<Arc<Message>> {
        all.iter()
            .filter(|message| message.attempt.is_some())
            .cloned()
            .collect()
    }

    #[test]
    fn they_are_25_and_stand_in_order() {
        let numbers: Vec<u8> = STEPS.iter().map(|step| step.number).collect();
        assert_eq!(numbers, (1..=25).collect::<Vec<u8>>());
    }

    #[test]
    fn with_a_processor_each_is_found() {
        let all = push(true);
        let steps = of(&own(&all), &all).expect("a push");
        assert_eq!((steps.done(), steps.due()), (25, 25));
        assert_eq!(steps.all[14].0.way(true), "MDES to Processor");
        let steps = steps.all;
        for (step, seen) in &steps {
            assert!(matches!(seen, Seen::In(_)), "step {}: {seen:?}", step.number);
        }
        let message_of = |number: u8| match &steps[usize::from(number) - 1].1 {
            Seen::In(message) => (message.number, message.attempt),
            other => panic!("step {number}: {other:?}"),
        };
        assert_eq!((message_of(1), message_of(3)), ((1, None), (2, None)));
        assert_eq!(
            (message_of(7), message_of(18).0, message_of(21).0),
            ((5, Some(1)), 13, 14)
        );
    }

    #[test]
    fn a_bank_that_knows_its_numbers_leaves_five_out() {
        let all = push(false);
        let steps = of(&own(&all), &all).expect("a push");
        assert_eq!((steps.done(), steps.due()), (20, 20));
        assert_eq!(steps.all[14].0.way(false), "MDES to Issuer API");
        assert_eq!(steps.all[15].0.way(false), "Issuer API");
        let steps = steps.all;
        let left: Vec<u8> = steps
            .iter()
            .filter(|(_, seen)| matches!(seen, Seen::LeftOut(_)))
            .map(|(step, _)| step.number)
            .collect();
        assert_eq!(left, [7, 8, 9, 18, 21]);
        assert!(steps.iter().all(|(_, seen)| *seen != Seen::NotYet), "{steps:?}");
    }

    #[test]
    fn what_has_not_happened_is_said_to_be_missing() {
        let all = push(true);
        let early: Vec<_> = all[..7].to_vec();
        let steps = of(&own(&early), &early).expect("a push").all;
        let missing = steps.iter().filter(|(_, seen)| *seen == Seen::NotYet).count();
        assert_eq!(missing, 12, "{steps:?}");
    }

    #[test]
    fn a_pull_is_no_push() {
        let all = but(|_| {});
        assert!(of(&all, &all).is_none());
    }
}
