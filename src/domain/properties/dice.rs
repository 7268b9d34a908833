//! What MDES says to a life, by its dice.

use super::*;

impl Life {
    pub(super) fn eligibility(&mut self) -> Result<Eligibility, Setback> {
        match self.throw(6) {
            0..=3 => Ok(Eligibility {
                receipt: EligibilityReceipt::new("secret"),
                valid_for_minutes: 60,
                terms: AssetId::parse("terms").expect("an id"),
            }),
            4 => Err(Setback::Refused("PAN_INELIGIBLE".to_owned())),
            _ => Err(Setback::NotDone),
        }
    }

    pub(super) fn decision(&mut self) -> Digitized {
        let kind = self.throw(5);
        let token = Token {
            reference: TokenReference::parse(&hex::encode(self.random())).expect("an id"),
            account: AccountReference::parse(&format!("account-{}", self.throw(4))).ok(),
            status: TokenStatus::Inactive,
            face: CardFace::default(),
        };
        match kind {
            0 => Digitized::Approved(token),
            1 => Digitized::Declined,
            _ => {
                let kinds = [
                    MethodKind::TextMessage,
                    MethodKind::CallPerson,
                    MethodKind::Unknown,
                    MethodKind::Email,
                ];
                let (first, count) = (usize::from(self.throw(4)), usize::from(self.throw(4)));
                let methods = (0..count).map(|n| AuthenticationMethod {
                    id: n.to_string(),
                    kind: kinds[(first + n) % kinds.len()],
                    value: String::new(),
                });
                Digitized::NeedsAuthentication(token, methods.collect())
            }
        }
    }

    /// How MDES says that a token stands, or that it says nothing.
    pub(super) fn standing(&mut self) -> Result<TokenStanding, Setback> {
        let status = match self.throw(6) {
            0 => TokenStatus::Active,
            1 => TokenStatus::Suspended,
            2 => TokenStatus::Deactivated,
            3 => return Err(Setback::Lost),
            _ => TokenStatus::Inactive,
        };
        let by = (status == TokenStatus::Suspended && self.throw(3) > 0).then(|| self.suspenders());
        Ok(TokenStanding {
            suspended_by: by,
            ..TokenStanding::of(status)
        })
    }

    pub(super) fn suspenders(&mut self) -> BTreeSet<Suspender> {
        let all = [Suspender::Cardholder, Suspender::Issuer, Suspender::Unknown];
        all.into_iter().filter(|_| self.throw(2) > 0).collect()
    }

    pub(super) fn judgement(&mut self) -> Activation {
        match self.throw(6) {
            0 | 1 => Activation::Success,
            2 => Activation::RetriesExceeded,
            3 => Activation::ExpiredCode,
            4 => Activation::ExpiredSession,
            _ => Activation::IncorrectCode,
        }
    }

    pub(super) fn task_status(&mut self) -> Option<TaskStatus> {
        match self.throw(6) {
            0 => Some(TaskStatus::Completed),
            1 => Some(TaskStatus::Pending),
            2 => Some(TaskStatus::Failed),
            3 | 4 => Some(TaskStatus::Unknown),
            _ => None,
        }
    }
}
