//! The way to the issuer: the plan for a device, and the website.

use crate::domain::device::Device;
use crate::domain::id::{IssuerId, SessionId};
use crate::domain::issuer::Issuer;
use crate::domain::launch::{self, Addresses, LaunchContext, LaunchValues, Mechanism, Plan, ReturnPath, Role, Website};
use crate::domain::link::{LinkFault, Slot};
use crate::domain::profile::{CallbackStyle, Profile};
use crate::domain::session::{Session, State};

use super::App;
use super::view::{IssuerBadge, Reach, Stage, TABLET_TOUCH_POINTS};

impl App {
    /// The launch stage of an attempt; `return_code_tries` where a code is asked for.
    pub(super) fn launch_stage(&self, session: &Session, device: &Device, return_code_tries: Option<u32>) -> Stage {
        let directory = self.current_directory();
        let issuer = directory.issuer(&session.issuer);
        let plan = issuer.map(|issuer| self.plan(issuer, &session.id, session.return_path, device));
        if let Some(plan) = &plan {
            let refused = issuer.map_or(&[][..], |issuer| &issuer.rejected);
            trace(&session.issuer, plan, refused);
        }
        let (mechanism, steps, website) = plan.map_or((Mechanism::None, Vec::new(), None), |plan| {
            (plan.mechanism, plan.steps, plan.website)
        });
        let is_target = |site: &Website| steps.iter().any(|step| step.target.as_ref() == Some(&site.target));
        let web_authority = website.filter(is_target).map(|site| site.authority);
        Stage::Launch {
            mechanism,
            steps,
            web_authority,
            launched: session.state == State::Launched,
            returned_elsewhere: session.returned_elsewhere,
            returned_empty: session.returned_empty,
            code: self.shown_code(session),
            return_code_tries,
        }
    }

    fn plan(&self, issuer: &Issuer, session: &SessionId, path: ReturnPath, device: &Device) -> Plan {
        self.with_context(&issuer.id, session, path, |context| {
            launch::plan(&device.signals(), &issuer.methods, context)
        })
    }

    /// The addresses of an issuer for a native wallet. Without a session, only which there are means anything.
    pub(super) fn addresses(&self, issuer: &Issuer, session: Option<&Session>) -> Addresses {
        let (id, path) = session.map_or((no_session(), ReturnPath::App), |session| {
            (session.id.clone(), session.return_path)
        });
        self.with_context(&issuer.id, &id, path, |context| {
            launch::addresses(&issuer.methods, context)
        })
    }

    fn with_context<T>(
        &self,
        issuer: &IssuerId,
        session: &SessionId,
        path: ReturnPath,
        use_it: impl FnOnce(LaunchContext<'_>) -> T,
    ) -> T {
        let settings = &self.0.settings;
        let profile = self.profile(issuer);
        let callback = self.callback(&profile, session, path);
        let fallback = format!("{}/sessions/{session}/go", settings.public_url.as_str());
        use_it(LaunchContext {
            names: &profile.launch,
            values: LaunchValues {
                session: session.as_str(),
                token_requestor: settings.token_requestor.as_str(),
                callback: &callback,
            },
            fallback: &fallback,
            rules: &settings.link_rules,
        })
    }

    /// Where an issuer with this profile sends the cardholder back.
    pub(super) fn callback(&self, profile: &Profile, session: &SessionId, path: ReturnPath) -> String {
        let public_url = &self.0.settings.public_url;
        match (profile.callback, path) {
            (CallbackStyle::Path, _) | (CallbackStyle::Fixed, ReturnPath::App) => public_url.callback(session, path),
            (CallbackStyle::Fixed, ReturnPath::Browser) => public_url.fixed_callback(),
        }
    }

    /// The issuer's website with our values: whatever the device is.
    pub(super) fn website(&self, session: &Session) -> Option<String> {
        let directory = self.current_directory();
        let issuer = directory.issuer(&session.issuer)?;
        let plan = self.plan(issuer, &session.id, session.return_path, &Device::default());
        plan.website.map(|site| site.target)
    }

    /// An issuer as this device sees it.
    pub(super) fn badge(&self, issuer: &Issuer, device: &Device) -> IssuerBadge {
        let plan = self.plan(issuer, &no_session(), ReturnPath::Browser, device);
        let touched = || {
            let device = Device {
                touch_points: Some(TABLET_TOUCH_POINTS),
                ..device.clone()
            };
            self.plan(issuer, &no_session(), ReturnPath::Browser, &device)
        };
        let reach = match reach(&plan) {
            Reach::PhoneOnly if device.touch_points.is_none() && reach(&touched()).is_here() => Reach::TabletPerhaps,
            known => known,
        };
        IssuerBadge {
            id: issuer.id.clone(),
            name: issuer.name.clone(),
            alias: issuer.alias.clone(),
            countries: issuer.countries.clone(),
            logo: self.logo(issuer),
            reach,
            mechanism: plan.mechanism,
        }
    }
}

/// Stands for a session that does not exist, where only the kind of plan matters.
fn no_session() -> SessionId {
    SessionId::from_random([0; 16])
}

/// What a plan leads to: its main way, or, in a browser inside another app, the app that the real browser would open.
fn reach(plan: &Plan) -> Reach {
    match (plan.mechanism, plan.steps.first().map(|step| step.role)) {
        (Mechanism::Static, _) => Reach::Website,
        (Mechanism::None, _) | (_, None) => Reach::Nowhere,
        (_, Some(Role::Web)) => Reach::Website,
        (_, Some(Role::Qr)) => Reach::PhoneOnly,
        (_, Some(Role::AdaptIos)) => Reach::TabletPerhaps,
        (_, Some(Role::App | Role::AppNoFallback | Role::AppAndroid | Role::AppIos | Role::Escape)) => Reach::App,
    }
}

/// The decision trace. It names no session: what is composed stays out of the log.
fn trace(issuer: &IssuerId, plan: &Plan, refused_before: &[(Slot, LinkFault)]) {
    let roles: Vec<&str> = plan.steps.iter().map(|step| step.role.name()).collect();
    let rejected: Vec<String> = refused_before
        .iter()
        .chain(&plan.rejected)
        .map(|(slot, fault)| format!("{} {}", slot.name(), fault.code()))
        .collect();
    tracing::debug!(
        issuer = issuer.as_str(),
        platform = plan.client.platform_name(),
        browser = plan.client.browser_name(),
        in_app = plan.client.in_app.unwrap_or("-"),
        mechanism = plan.mechanism.name(),
        steps = roles.join(","),
        rejected = rejected.join(","),
        "planned the launch"
    );
}
