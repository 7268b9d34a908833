//! What a native wallet is shown: the same session as on the page, with the addresses that it opens itself.

use crate::domain::device::Device;
use crate::domain::id::{CountryCode, Fingerprint, SessionId};
use crate::domain::launch::ReturnPath;
use crate::domain::session::State;

use super::picking::Tongue;
use super::present::view;
use super::view::{CardView, NativeAttempt, NativeIssuer, NativeLaunch};
use super::{App, Fault};

impl App {
    /// A session of an owner, in whatever state it is.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::Unavailable`].
    pub async fn native_attempt(&self, id: &SessionId, owner: &Fingerprint) -> Result<NativeAttempt, Fault> {
        let session = self.own_session(id, owner).await?;
        let is_open = matches!(session.state, State::Offered | State::Launched) && !session.is_overdue(self.now());
        let directory = self.current_directory();
        let issuer = directory.issuer(&session.issuer).filter(|_| is_open);
        let mut cards: Vec<CardView> = session.cards.iter().map(|card| view(&session, card)).collect();
        for card in &mut cards {
            self.illustrate(card).await?;
        }
        Ok(NativeAttempt {
            expires_at: session.expires_at,
            cards,
            launch: issuer.map(|issuer| NativeLaunch {
                callback: self.callback(&self.profile(&session.issuer), &session.id, session.return_path),
                addresses: self.addresses(issuer, Some(&session)),
                code: self.shown_code(&session),
            }),
            way_back: self.told(&session),
            // What a page makes of the device is not shown.
            attempt: self.show(session, &Device::default()).await?,
        })
    }

    /// Whether an address is where the issuer was told to send this session's cardholder: up to the query, exactly.
    #[must_use]
    pub fn is_callback_of(&self, id: &SessionId, address: &str) -> bool {
        let url = &self.settings().public_url;
        [ReturnPath::App, ReturnPath::Browser]
            .iter()
            .any(|path| url.callback(id, *path) == address)
            || url.fixed_callback() == address
    }

    /// The issuers in the picker's order; `None` when the directory was never received.
    #[must_use]
    pub fn native_issuers(
        &self,
        query: &str,
        country: Option<&CountryCode>,
        tongue: Tongue,
    ) -> Option<Vec<NativeIssuer>> {
        let directory = self.current_directory();
        directory.fetched_at?;
        let found = self.listing(&directory, tongue).find(query, country, &[], |_| true);
        let issuers = found.rows.into_iter().map(|index| &directory.issuers[index]);
        let listed = issuers.map(|issuer| NativeIssuer {
            id: issuer.id.clone(),
            name: issuer.name.clone(),
            alias: issuer.alias.clone(),
            countries: issuer.countries.clone(),
            logo: self.logo(issuer),
            addresses: self.addresses(issuer, None),
        });
        Some(listed.collect())
    }
}
