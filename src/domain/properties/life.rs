//! One session that lives at random.

use super::*;

/// A session with everything around it: a clock, and dice for every answer.
pub(super) struct Life {
    pub(super) session: Session,
    pub(super) now: Millis,
    pub(super) policy: Policy,
    pub(super) dice: Vec<u8>,
    pub(super) thrown: usize,
    pub(super) ids: u8,
    pub(super) seen: Vec<(StateName, StateName)>,
}

impl Life {
    pub(super) fn new(dice: Vec<u8>) -> Self {
        let now = Millis(1_000_000);
        let policy = Policy::reference();
        let owner = Fingerprint::parse(&"a".repeat(64)).expect("a fingerprint");
        let issuer = (IssuerId::parse("bank").expect("an id"), "Bank".to_owned());
        let session = Session::offer(
            SessionId::from_random([1; 16]),
            owner,
            issuer,
            now,
            policy.session_life_ms,
        );
        Self {
            session,
            now,
            policy,
            dice,
            thrown: 0,
            ids: 0,
            seen: Vec::new(),
        }
    }

    /// The next throw, below `sides`. When the dice are used up it is 0 for ever: MDES then answers, and says yes.
    pub(super) fn throw(&mut self, sides: u8) -> u8 {
        let die = self.dice.get(self.thrown).copied().unwrap_or(0);
        self.thrown += 1;
        die % sides
    }

    pub(super) fn random(&mut self) -> [u8; 16] {
        self.ids = self.ids.wrapping_add(1);
        let mut bytes = [self.ids; 16];
        bytes[1] = u8::try_from(self.thrown % 251).expect("small");
        bytes
    }

    pub(super) fn request(&mut self) -> RequestId {
        RequestId::from_random(self.random())
    }

    /// A verb of the cardholder: refused, or the session has moved as the table says.
    pub(super) fn verb(&mut self, verb: impl FnOnce(Session, Millis, &Policy) -> Result<Session, Refusal>) {
        let before = self.session.clone();
        if let Ok(after) = verb(self.session.clone(), self.now, &self.policy) {
            self.session = after;
        }
        self.check(&before);
    }

    /// A step of the worker, which must never be refused: its session would be stuck for ever.
    pub(super) fn worker(
        &mut self,
        what: &Step,
        step: impl FnOnce(&mut Session, Millis, &Policy) -> Result<(), Refusal>,
    ) {
        let before = self.session.clone();
        let done = step(&mut self.session, self.now, &self.policy);
        assert_eq!(done, Ok(()), "{what:?} in {:?}", before.state);
        self.choose_the_only_way();
        self.check(&before);
    }

    /// As the worker does after everything that may lead to a step-up.
    pub(super) fn choose_the_only_way(&mut self) {
        if let Some(method) = self.session.only_way() {
            let request = self.request();
            let chosen = self
                .session
                .clone()
                .choose_method(&method, request, self.now, &self.policy);
            self.session = chosen.expect("the only way can be chosen");
        }
    }

    pub(super) fn check(&mut self, before: &Session) {
        let (from, to) = (before.state.name(), self.session.state.name());
        if before.state != self.session.state {
            // One step of the worker may conclude and choose the only way: two transitions.
            let direct = |a: StateName, b: StateName| TRANSITIONS.iter().any(|(x, y, _)| (*x, *y) == (a, b));
            let by_step_up = direct(from, StateName::StepUp) && direct(StateName::StepUp, to);
            assert!(direct(from, to) || by_step_up, "{from:?} to {to:?}");
            self.seen.push((from, to));
        }
        for card in &self.session.cards {
            assert!(card.attempts.digitize <= 1, "a second order for {}", card.id);
            assert_secrets_are_needed(card, to);
            let is_paused = card.state == CardState::Suspended;
            assert!(
                is_paused || card.life.paused_by.is_empty(),
                "held and not paused: {card:?}"
            );
            let before = before.card(card.id.as_str());
            let was_gone = before.is_some_and(|before| before.state == CardState::Deactivated);
            assert!(
                !was_gone || card.state == CardState::Deactivated,
                "back from the dead: {card:?}"
            );
            let resumes = before.is_some_and(|before| before.open_effect().is_none())
                && card.open_change() == Some(CardChange::Resume);
            let own: BTreeSet<Suspender> = [Suspender::Cardholder].into();
            assert!(!resumes || card.life.paused_by == own, "another holds it: {card:?}");
        }
        let step = next_step(&self.session, self.now, &self.policy);
        let due = due_at(&self.session, self.now, &self.policy);
        match step {
            Step::Rest(at) => {
                assert_eq!(due, at);
                assert!(
                    at.is_none_or(|at| at > self.now),
                    "rests until {at:?} at {:?}",
                    self.now
                );
            }
            _ => assert_eq!(due, Some(self.now)),
        }
        if to.is_working() {
            assert_ne!(due, None, "nobody looks at {:?} again", self.session.state);
        }
    }

    /// The worker, until the session rests. With `crash` it stops after marking an effect as sent, as a killed process
    /// would.
    pub(super) fn work(&mut self, crash: bool) {
        for _ in 0..STEPS_MAX {
            let step = next_step(&self.session, self.now, &self.policy);
            if let Step::Rest(_) = step {
                return;
            }
            let was_sending = matches!(step, Step::Send(_));
            self.take(&step, crash);
            if crash && was_sending {
                return;
            }
        }
        panic!(
            "the worker never rests in {:?}: {:?}",
            self.session.state, self.session.cards
        );
    }

    pub(super) fn take(&mut self, step: &Step, crash: bool) {
        match step {
            Step::AskEligibility(id) => {
                let answer = self.eligibility();
                self.on_card(step, id, |card, now, policy| {
                    outcome::eligibility(card, answer, now, policy)
                });
            }
            Step::FetchTerms(id) => {
                let answer = match self.throw(4) {
                    0 => Ok("d".repeat(64)),
                    1 => Err(Setback::Refused("NO_TERMS".to_owned())),
                    _ => Err(Setback::Lost),
                };
                self.on_card(step, id, |card, now, policy| outcome::terms(card, answer, now, policy));
            }
            Step::Conclude => self.worker(step, outcome::conclude),
            Step::Prepare(id, operation) => {
                let request = self.request();
                self.on_card(step, id, |card, now, _| card.prepare(*operation, request, None, now));
            }
            Step::Send(id) => {
                let effect = self.card(id).open_effect().expect("an effect").clone();
                self.on_card(step, id, |card, now, _| {
                    let effect = card.effect.as_mut().expect("an effect");
                    effect.status = EffectStatus::Sent;
                    effect.sent_at = Some(now);
                    effect.ask_at = None;
                });
                if !crash {
                    self.answer(step, id, effect.operation);
                }
            }
            Step::Abandon(id) => self.on_card(step, id, |card, now, _| outcome::abandon(card, now)),
            Step::Doubt(id) => self.on_card(step, id, doubt::doubt),
            Step::Settle(id) => self.settle(step, id),
            Step::AskToken(id) => {
                let answer = self.standing();
                // A verb here leaves the only way to the next step, whatever that step is about.
                let is_choosing = self.session.only_way().is_some();
                let proving = self.proving().filter(|proving| proving != id.as_str() && !is_choosing);
                let state = self.session.state.clone();
                let notices = self.card(id).attempts.notices;
                self.worker(step, |session, now, policy| {
                    outcome::token_state(session, id, notices, &answer, now, policy)
                });
                assert!(
                    proving.is_none() || self.session.state == state,
                    "news of another card interrupts"
                );
            }
            Step::GiveUp => self.worker(step, |session, now, _| outcome::give_up(session, now)),
            Step::Expire => self.worker(step, |session, now, _| {
                *session = session.clone().expire(now)?;
                Ok(())
            }),
            Step::Park => self.worker(step, |session, _, _| outcome::park(session)),
            Step::Rest(_) => {}
        }
    }

    /// The card that the cardholder is busy with, if it still can be proven.
    pub(super) fn proving(&self) -> Option<String> {
        let (State::StepUp { card } | State::Code { card, .. }) = &self.session.state else {
            return None;
        };
        let open = matches!(&self.session.card(card)?.state, CardState::Inactive(step_up)
            if step_up.progress == Progress::Open && step_up.has_a_way());
        open.then(|| card.clone())
    }

    /// What MDES answers to an effect, or that it does not.
    pub(super) fn answer(&mut self, step: &Step, id: &CardId, operation: Operation) {
        let setback = match self.throw(8) {
            0..=3 => None,
            4 => Some(Setback::NotDone),
            5 | 6 => Some(Setback::Lost),
            _ => Some(Setback::Refused("SOME_REASON".to_owned())),
        };
        match operation {
            Operation::Digitize => {
                let answer = setback.map_or_else(|| Ok(self.decision()), Err);
                self.decide(step, id, answer);
            }
            Operation::RequestCode => self.worker(step, |session, _, _| {
                outcome::code_requested(session, id, &setback.map_or(Ok(()), Err))
            }),
            Operation::Activate => {
                let answer = setback.map_or_else(|| Ok(self.judgement()), Err);
                self.worker(step, |session, now, policy| {
                    outcome::activated(session, id, &answer, now, policy)
                });
            }
            Operation::Delete => self.on_card(step, id, |card, now, policy| {
                outcome::deletion(card, &setback.map_or(Ok(()), Err), now, policy);
            }),
            Operation::Suspend | Operation::Resume | Operation::Remove => {
                let change = CardChange::of(operation).expect("a change");
                let by = self.suspenders();
                let status = match change {
                    CardChange::Pause => TokenStatus::Suspended,
                    CardChange::Resume if by.is_empty() => TokenStatus::Active,
                    CardChange::Resume => TokenStatus::Suspended,
                    CardChange::Remove => TokenStatus::Deactivated,
                };
                let made = TokenStanding {
                    suspended_by: (status == TokenStatus::Suspended && self.throw(3) > 0).then_some(by),
                    ..TokenStanding::of(status)
                };
                let answer = setback.map_or(Ok(made), Err);
                self.worker(step, |session, now, policy| {
                    token_life::changed(session, id, change, &answer, now, policy)
                });
            }
        }
    }

    pub(super) fn settle(&mut self, step: &Step, id: &CardId) {
        let effect = self.card(id).open_effect().expect("an effect").clone();
        let still = |card: &mut Card, now: Millis, policy: &Policy| doubt::still_in_doubt(card, now, policy);
        match effect.operation {
            Operation::Digitize => match self.task_status() {
                Some(TaskStatus::Completed) => {
                    let decision = self.decision();
                    self.decide(step, id, Ok(decision));
                }
                Some(TaskStatus::Failed) => self.on_card(step, id, |card, now, _| doubt::nothing_added(card, now)),
                Some(TaskStatus::Unknown) => self.on_card(step, id, doubt::unknown_task),
                Some(TaskStatus::Pending) => self.on_card(step, id, doubt::pending_task),
                None => self.on_card(step, id, still),
            },
            Operation::RequestCode => self.worker(step, |session, _, _| {
                outcome::code_requested(session, id, &Err(Setback::Lost))
            }),
            Operation::Activate => match (self.throw(3), effect.asked) {
                (0, _) => self.worker(step, |session, now, policy| {
                    outcome::activated(session, id, &Ok(Activation::Success), now, policy)
                }),
                (1, 1..) => self.on_card(step, id, |card, _, _| outcome::activation_unknown(card)),
                _ => self.on_card(step, id, still),
            },
            Operation::Delete => match (self.throw(3), effect.asked) {
                (0, _) => self.on_card(step, id, |card, _, _| outcome::deleted(card, true)),
                (1, 1..) => self.on_card(step, id, |card, _, _| outcome::deleted(card, false)),
                _ => self.on_card(step, id, still),
            },
            Operation::Suspend | Operation::Resume | Operation::Remove => {
                let change = CardChange::of(effect.operation).expect("a change");
                let found = self.standing();
                self.worker(step, |session, now, policy| {
                    token_life::change_settled(session, id, change, &found, now, policy)
                });
            }
        }
    }

    pub(super) fn decide(&mut self, step: &Step, id: &CardId, answer: Result<Digitized, Setback>) {
        let account = match &answer {
            Ok(Digitized::Approved(token) | Digitized::NeedsAuthentication(token, _)) => token.account.clone(),
            _ => None,
        };
        let twin = self
            .session
            .cards
            .iter()
            .find(|card| {
                card.id != *id && card.state.is_in_wallet() && card.account.is_some() && card.account == account
            })
            .map(|card| card.id.clone());
        self.on_card(step, id, |card, now, policy| {
            outcome::digitized(card, answer, twin.as_ref(), now, policy);
        });
        let live: Vec<_> = self
            .session
            .cards
            .iter()
            .filter(|card| card.state.is_in_wallet())
            .filter_map(|card| card.account.as_ref())
            .collect();
        let distinct: std::collections::BTreeSet<_> = live.iter().collect();
        assert_eq!(distinct.len(), live.len(), "two live cards of one account");
    }

    pub(super) fn on_card(&mut self, step: &Step, id: &CardId, change: impl FnOnce(&mut Card, Millis, &Policy)) {
        self.worker(step, |session, now, policy| {
            change(session.card_mut(id).expect("a card of the session"), now, policy);
            Ok(())
        });
    }

    pub(super) fn card(&self, id: &CardId) -> &Card {
        self.session.card(id.as_str()).expect("a card of the session")
    }

    /// Most lives begin as they should, so that chance has time for what comes later.
    pub(super) fn begin(&mut self) {
        if self.throw(4) > 0 {
            for what in [1, 15, 4, 15] {
                self.live(what, 100);
            }
        }
    }

    /// One thing that happens.
    pub(super) fn live(&mut self, what: u8, how: u8) {
        let request = self.request();
        match what % 18 {
            0 if self.session.push.is_some() => self.be_wanted(),
            0 => self.verb(|session, now, _| session.launch(now)),
            1 | 2 => {
                let cards = self.receipts(usize::from(how % 5) + 1);
                self.verb(|session, now, policy| session.accept(cards, now, policy.receipt_life_ms));
            }
            3 if how < 40 => self.verb(|session, now, _| session.cancel(now)),
            3 if how < 60 => self.verb(|session, now, _| session.issuer_failed(Failure::IssuerError, now)),
            4 | 5 => {
                let mut count = 0_u8;
                self.verb(|session, now, _| {
                    session.accept_terms(how > 20, None, now, || {
                        count += 1;
                        let id = [count; 16];
                        (RequestId::from_random(id), TaskId::from_random(id))
                    })
                });
            }
            6 | 7 => {
                let method = (how % 5).to_string();
                self.verb(|session, now, policy| session.choose_method(&method, request, now, policy));
            }
            8 if how < 60 => self.verb(|session, now, policy| session.later(now, policy)),
            9 if how < 128 => self.verb(|session, now, policy| session.another_way(now, policy)),
            9 => self.verb(|session, now, policy| session.resend(request, now, policy)),
            10 => self.verb(|session, now, _| session.submit_code("123456", request, now)),
            11 => {
                let at = self.now.0;
                let which = usize::from(how);
                self.verb(|mut session, _, _| {
                    let count = session.cards.len().max(1);
                    if let Some(card) = session.cards.get_mut(which % count) {
                        card.attempts.ask_at_ms = Some(at);
                        card.attempts.asked = 0;
                    }
                    Ok(session)
                });
            }
            16 => {
                let (which, change) = (
                    usize::from(how / 3),
                    [CardChange::Pause, CardChange::Resume, CardChange::Remove][usize::from(how % 3)],
                );
                let count = self.session.cards.len().max(1);
                if let Some(id) = self.session.cards.get(which % count).map(|card| card.id.clone()) {
                    self.verb(|session, now, _| session.change_card(&id, change, request, now));
                }
            }
            12 => self.work(true),
            13 => self.now = self.now.plus_ms(i64::from(how) * i64::from(how) * 1_000),
            _ => {
                self.now = self.now.plus_ms(i64::from(how) * 10);
                self.work(false);
            }
        }
    }

    pub(super) fn receipts(&mut self, count: usize) -> Vec<Card> {
        (0..count)
            .map(|_| {
                let random = self.random();
                let receipt = ReceiptToken::parse("MCC-STL-43233098").expect("a receipt");
                let fingerprint = Fingerprint::parse(&hex::encode(random).repeat(2)).expect("a fingerprint");
                Card::held(CardId::from_random(random), receipt, fingerprint, self.now)
            })
            .collect()
    }
}
