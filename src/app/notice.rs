//! Notices from MDES that a token has changed. A notice moves nothing by itself: it makes us ask, under our own
//! signature, so that a forged, repeated or late one can do no more than cost a question.

use crate::domain::card::Card;
use crate::domain::id::{RequestId, SessionId};
use crate::domain::token::TokenUpdate;
use crate::mdes::notification::parse_notification;
use crate::store::Moved;

use super::{App, Fault, TRIES_MAX, fresh};

impl App {
    /// Takes a `notifyTokenUpdated`. Answers the `responseId`. Unknown tokens are none of our business and no fault. What is
    /// said again, or is older than what MDES has answered since, makes us ask nothing.
    ///
    /// # Errors
    /// [`Fault::BadInput`] when it cannot be read or decrypted, or is for another token requestor; [`Fault::Unavailable`].
    pub async fn token_updated(&self, body: &[u8]) -> Result<String, Fault> {
        let settings = &self.0.settings;
        let parsed = parse_notification(
            body,
            settings.notification_key.as_ref(),
            settings.notification_plain,
            &settings.token_requestor,
        );
        let notification = parsed.map_err(|fault| {
            tracing::warn!(reason = fault.code(), "a notification was refused: {}", fault.code());
            Fault::BadInput(fault.rule())
        })?;
        let request = notification.request_id.as_deref();
        for update in &notification.updates {
            match self.0.store.session_of_token(&update.reference).await? {
                Some(id) => self.note(&id, update, request).await?,
                None => tracing::info!("a notification was about a token that is not here"),
            }
        }
        Ok(notification
            .request_id
            .unwrap_or_else(|| RequestId::from_random(fresh()).as_str().to_owned()))
    }

    /// Remembers what a notice says, and that MDES is to be asked, if it is news.
    async fn note(&self, id: &SessionId, update: &TokenUpdate, request: Option<&str>) -> Result<(), Fault> {
        for _ in 0..TRIES_MAX {
            let Some(mut session) = self.0.store.session(id).await? else {
                return Ok(());
            };
            let now = self.now();
            let has_token = |card: &&mut Card| card.token.as_ref() == Some(&update.reference);
            let Some(card) = session.cards.iter_mut().find(has_token) else {
                return Ok(());
            };
            if !card.takes_notice(update, request) {
                return Ok(());
            }
            card.attempts.ask_at_ms = Some(now.0);
            card.attempts.asked = 0;
            card.attempts.notices += 1;
            if self.write(&session, None, &[]).await? == Moved::Moved {
                return Ok(());
            }
        }
        // MDES repeats a notice that was not taken.
        Err(Fault::Unavailable)
    }
}
