//! Notices from MDES that a token has changed. A notice moves nothing by itself: it makes us ask, under our own
//! signature, so that a forged, repeated or late one can do no more than cost a question.

use crate::domain::id::RequestId;
use crate::mdes::notification::parse_notification;
use crate::store::Moved;

use super::{App, Fault, TRIES_MAX, fresh};

impl App {
    /// Takes a `notifyTokenUpdated`. Answers the `responseId`. Unknown tokens are none of our business and no fault.
    ///
    /// # Errors
    /// [`Fault::BadInput`] when it cannot be read or decrypted, [`Fault::Unavailable`].
    pub async fn token_updated(&self, body: &[u8]) -> Result<String, Fault> {
        let settings = &self.0.settings;
        let parsed = parse_notification(body, settings.notification_key.as_ref(), settings.notification_plain);
        let notification = parsed.map_err(|fault| {
            tracing::warn!(reason = fault.code(), "a notification was refused: {}", fault.code());
            Fault::BadInput(fault.code())
        })?;
        for update in &notification.updates {
            let Some(id) = self.0.store.session_of_token(&update.reference).await? else {
                continue;
            };
            let mut noted = false;
            for _ in 0..TRIES_MAX {
                let found = self.0.store.session(&id).await?;
                let Some(mut session) = found else {
                    noted = true;
                    break;
                };
                let now = self.now();
                for card in session
                    .cards
                    .iter_mut()
                    .filter(|card| card.token.as_ref() == Some(&update.reference))
                {
                    card.attempts.ask_at_ms = Some(now.0);
                    card.attempts.asked = 0;
                    card.attempts.notices += 1;
                }
                if self.write(&session, None, &[]).await? == Moved::Moved {
                    noted = true;
                    break;
                }
            }
            // MDES repeats a notice that was not taken.
            if !noted {
                return Err(Fault::Unavailable);
            }
        }
        Ok(notification
            .request_id
            .unwrap_or_else(|| RequestId::from_random(fresh()).as_str().to_owned()))
    }
}
