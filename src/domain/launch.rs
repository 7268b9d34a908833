//! Opening the issuer: a pure plan from what the browser says about its device and the issuer's registered addresses.
//!
//! An issuer is opened with three values: the session id, our token requestor id and our callback URL (pull use case,
//! "Session ID, TRID, callback URL"). The names of the parameters are not public; they are settings. Which mechanism is
//! safe where is a table ([`plan`]); an app is opened by a tap, and without one only where the browser is known to carry
//! the tap over and to land well when it does not.

use serde::{Deserialize, Serialize};

use super::device::{BrowserName, Client, Platform, Signals};
use super::issuer::PullMethods;
use super::link::{Link, LinkFault, LinkRules, Slot, is_loopback};

/// The names of the launch parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchNames {
    /// The session id's.
    pub session: String,
    /// The token requestor id's.
    pub token_requestor: String,
    /// The callback URL's.
    pub callback: String,
    /// The locale's, where the issuer takes one.
    pub locale: Option<String>,
}

impl LaunchNames {
    /// In the order in which they are appended.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let always = [&self.session, &self.token_requestor, &self.callback];
        always.into_iter().chain(&self.locale).map(String::as_str)
    }
}

/// The values of the launch parameters.
#[derive(Clone, Copy, Debug)]
pub struct LaunchValues<'a> {
    /// The session id.
    pub session: &'a str,
    /// The token requestor id.
    pub token_requestor: &'a str,
    /// The callback URL.
    pub callback: &'a str,
    /// The cardholder's locale, `en_US`, if it is known.
    pub locale: Option<&'a str>,
}

impl<'a> LaunchValues<'a> {
    /// Names and values in the order in which they are appended.
    pub(super) fn pairs<'n>(self, names: &'n LaunchNames) -> Vec<(&'n str, &'a str)> {
        let values = [
            Some(self.session),
            Some(self.token_requestor),
            Some(self.callback),
            self.locale,
        ];
        let pairs = names.all().zip(values);
        pairs.filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Where a session began, which is where its return belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnPath {
    /// A browser, or a native wallet that has the return opened in one.
    #[default]
    Browser,
    /// A native wallet that catches the return itself.
    App,
}

/// What a plan is made with, besides the device and the issuer.
#[derive(Clone, Copy, Debug)]
pub struct LaunchContext<'a> {
    /// The parameters' names.
    pub names: &'a LaunchNames,
    /// The parameters' values.
    pub values: LaunchValues<'a>,
    /// Our address that sends a browser on to the issuer's website when the app is not there. What no browser would follow
    /// counts as none.
    pub fallback: &'a str,
    /// What depends on the deployment.
    pub rules: &'a LinkRules,
}

/// How the launch page behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// A link to the app, and a script that follows it once, at once.
    Auto,
    /// Links to tap.
    Tap,
    /// Links of equal weight: whether the app is there cannot be known.
    Choice,
    /// On to the website, within a second and without a script.
    Forward,
    /// A browser inside an app: open the real one first.
    Escape,
    /// A Mac, or an iPad that says so: a part of the page that shows itself on a touch screen.
    Adapt,
    /// The issuer is on phones only: a code to start there.
    Qr,
    /// A machine that looks at links: nothing that leads anywhere.
    Static,
    /// There is no way from this device.
    None,
}

impl Mechanism {
    /// The name in the decision trace.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "IX-AUTO",
            Self::Tap => "IX-TAP",
            Self::Choice => "IX-CHOICE",
            Self::Forward => "IX-FWD",
            Self::Escape => "IX-ESC",
            Self::Adapt => "IX-ADAPT",
            Self::Qr => "QR",
            Self::Static => "STATIC",
            Self::None => "NONE",
        }
    }
}

/// What a step of the plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The issuer's app.
    App,
    /// The issuer's app without our fallback, for a browser that would take the fallback although the app is there.
    AppNoFallback,
    /// The Android app, where nobody knows what the device is.
    AppAndroid,
    /// The iOS app, where nobody knows what the device is.
    AppIos,
    /// The iOS app, for an iPad that says Mac.
    AdaptIos,
    /// The issuer's website.
    Web,
    /// Open the real browser.
    Escape,
    /// Start on a phone.
    Qr,
}

impl Role {
    /// The name in the decision trace.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::AppNoFallback => "app-no-fallback",
            Self::AppAndroid => "app-android",
            Self::AppIos => "app-ios",
            Self::AdaptIos => "adapt-ios",
            Self::Web => "web",
            Self::Escape => "escape",
            Self::Qr => "qr",
        }
    }
}

/// One step: the first is the main one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is for.
    pub role: Role,
    /// The composed address; escape and code have none.
    pub target: Option<String>,
}

/// The plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What the browser was taken for.
    pub client: Client,
    /// How the page behaves.
    pub mechanism: Mechanism,
    /// The ways, in order.
    pub steps: Vec<Step>,
    /// The issuer's website, if it has one, whatever the device is.
    pub website: Option<Website>,
    /// Registered addresses that are not used, with their fault.
    pub rejected: Vec<(Slot, LinkFault)>,
}

/// The issuer's website with our values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Website {
    /// The composed address.
    pub target: String,
    /// Host and port, to be shown.
    pub authority: String,
}

/// The issuer's addresses with our values, for a native wallet: it knows its own device and what to do when an app is not
/// there, so nothing is chosen and no fallback of ours is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// For Android: an app link, a custom scheme or an `intent:`.
    pub android: Option<String>,
    /// For iOS: a universal link or a custom scheme.
    pub ios: Option<String>,
    /// The website.
    pub web: Option<String>,
}

/// Composes every registered address that is fit to be opened.
#[must_use]
pub fn addresses(methods: &PullMethods, context: LaunchContext<'_>) -> Addresses {
    let LaunchContext {
        names, values, rules, ..
    } = context;
    let link = |slot, registered: &Option<String>| Link::parse(slot, registered.as_ref()?, rules).ok();
    let plain = |link: &Link| link.plain(names, values);
    // Only what is an `intent:` already stays one: an app opens a custom scheme as it is.
    let for_android = |link: Link| plain(&link).or_else(|| link.android(names, values, None));
    Addresses {
        android: link(Slot::Android, &methods.android).and_then(for_android),
        ios: link(Slot::Ios, &methods.ios).as_ref().and_then(plain),
        web: link(Slot::Web, &methods.web).as_ref().and_then(plain),
    }
}

/// Plans the launch: the first row of the table that fits.
#[must_use]
pub fn plan(signals: &Signals<'_>, methods: &PullMethods, context: LaunchContext<'_>) -> Plan {
    let client = Client::of(signals);
    let mut rejected = Vec::new();
    let ways = Ways::of(methods, context, &mut rejected);
    let (mechanism, steps) = ways.decide(&client);
    let mechanism = match mechanism {
        Mechanism::Static => mechanism,
        _ if steps.is_empty() => Mechanism::None,
        _ => mechanism,
    };
    Plan {
        client,
        mechanism,
        steps,
        website: ways.website,
        rejected,
    }
}

/// An issuer's app as it can be opened, composed.
struct App {
    target: String,
    /// A web address that the system gives to the app.
    is_https: bool,
}

/// The issuer's addresses as they can be opened, each composed once.
struct Ways {
    /// With our fallback, if there is a website to fall back to.
    android: Option<App>,
    android_without_fallback: Option<String>,
    /// Who has no app lands on the website: there is one, and a browser would follow our fallback to it.
    falls_back: bool,
    /// The Android app and the website are registered with the same address.
    android_is_web: bool,
    ios: Option<App>,
    website: Option<Website>,
}

impl Ways {
    fn of(methods: &PullMethods, context: LaunchContext<'_>, rejected: &mut Vec<(Slot, LinkFault)>) -> Self {
        let LaunchContext { names, values, .. } = context;
        let mut usable = |slot: Slot, registered: &Option<String>, compose: &dyn Fn(&Link) -> Option<String>| {
            let link = Link::parse(slot, registered.as_ref()?, context.rules);
            let composed = link.and_then(|link| match compose(&link) {
                Some(target) => Ok((link, target)),
                None => Err(LinkFault::Length),
            });
            composed.map_err(|fault| rejected.push((slot, fault))).ok()
        };
        let web = usable(Slot::Web, &methods.web, &|link| link.plain(names, values));
        let fallback = web.as_ref().and_then(|_| followed(context.fallback));
        let android = usable(Slot::Android, &methods.android, &|link| {
            link.android(names, values, fallback)
        });
        let ios = usable(Slot::Ios, &methods.ios, &|link| link.plain(names, values));
        let app = |(link, target): (Link, String)| App {
            is_https: matches!(link, Link::Web(_)),
            target,
        };
        Self {
            falls_back: fallback.is_some(),
            android_without_fallback: android.as_ref().and_then(|(link, _)| link.android(names, values, None)),
            android_is_web: matches!((&android, &web), (Some((app, _)), Some((web, _))) if app == web),
            android: android.map(app),
            ios: ios.map(app),
            website: web.and_then(|(link, target)| {
                let authority = link.authority()?.to_owned();
                Some(Website { target, authority })
            }),
        }
    }

    fn has_app(&self) -> bool {
        self.android.is_some() || self.ios.is_some()
    }

    fn android(&self, role: Role) -> Option<Step> {
        self.android.as_ref().map(|app| step(role, &app.target))
    }

    fn ios(&self, role: Role) -> Option<Step> {
        self.ios.as_ref().map(|app| step(role, &app.target))
    }

    fn web(&self) -> Option<Step> {
        self.website.as_ref().map(|site| step(Role::Web, &site.target))
    }

    fn qr(&self) -> Option<Step> {
        self.has_app().then_some(Step {
            role: Role::Qr,
            target: None,
        })
    }

    fn decide(&self, client: &Client) -> (Mechanism, Vec<Step>) {
        let has_web = self.website.is_some();
        match client.platform {
            Platform::Bot => (Mechanism::Static, Vec::new()),
            Platform::HarmonyNext => self.on_harmony(),
            Platform::Android => self.on_android(client),
            Platform::Ios | Platform::IpadOs => self.on_ios(client),
            Platform::MacOrIpad if has_web || self.ios.is_some() => (
                Mechanism::Adapt,
                steps([self.web(), self.ios(Role::AdaptIos), self.qr()]),
            ),
            Platform::LinuxTouch if has_web || self.android.is_some() => {
                (Mechanism::Tap, steps([self.web(), self.android(Role::App), self.qr()]))
            }
            Platform::Desktop | Platform::ChromeOs if has_web => (Mechanism::Forward, steps([self.web(), self.qr()])),
            Platform::Desktop | Platform::ChromeOs | Platform::MacOrIpad | Platform::LinuxTouch => {
                (Mechanism::Qr, steps([self.qr()]))
            }
            Platform::Unknown | Platform::UnknownMobile => self.anywhere(),
        }
    }

    fn on_harmony(&self) -> (Mechanism, Vec<Step>) {
        if self.website.is_some() {
            return (Mechanism::Forward, steps([self.web()]));
        }
        let app = self.android(Role::App).filter(|_| is_https(self.android.as_ref()));
        (Mechanism::Tap, steps([app]))
    }

    fn on_android(&self, client: &Client) -> (Mechanism, Vec<Step>) {
        let app = self.android(Role::App);
        if app.is_none() {
            return (Mechanism::Forward, steps([self.web()]));
        }
        if client.in_app.is_some() {
            return (Mechanism::Escape, steps([Some(ESCAPE), self.web()]));
        }
        let is_https = is_https(self.android.as_ref());
        let carries_the_tap = matches!(client.browser, BrowserName::Chrome | BrowserName::Edge);
        let lands_well = if is_https { self.android_is_web } else { self.falls_back };
        if carries_the_tap && lands_well {
            return (Mechanism::Auto, steps([app, self.web()]));
        }
        let without = self.android_without_fallback.as_deref();
        let without = without.filter(|_| client.browser == BrowserName::Firefox && self.falls_back);
        let without = without.map(|target| step(Role::AppNoFallback, target));
        (Mechanism::Tap, steps([app, without, self.web()]))
    }

    fn on_ios(&self, client: &Client) -> (Mechanism, Vec<Step>) {
        let app = self.ios(Role::App);
        let is_https = is_https(self.ios.as_ref());
        if app.is_none() {
            (Mechanism::Forward, steps([self.web()]))
        } else if client.in_app.is_some() {
            let app = app.filter(|_| is_https);
            (Mechanism::Escape, steps([Some(ESCAPE), app, self.web()]))
        } else if is_https {
            (Mechanism::Tap, steps([app, self.web()]))
        } else {
            (Mechanism::Choice, steps([app, self.web()]))
        }
    }

    fn anywhere(&self) -> (Mechanism, Vec<Step>) {
        let found = steps([self.web(), self.android(Role::AppAndroid), self.ios(Role::AppIos)]);
        match found.len() {
            1 => (Mechanism::Tap, found),
            _ => (Mechanism::Choice, found),
        }
    }
}

const ESCAPE: Step = Step {
    role: Role::Escape,
    target: None,
};

fn is_https(app: Option<&App>) -> bool {
    app.is_some_and(|app| app.is_https)
}

/// A fallback that every browser follows: others drop it, and the app's link with it leads nowhere.
fn followed(fallback: &str) -> Option<&str> {
    let url = url::Url::parse(fallback).ok()?;
    let host = url.host_str()?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(host));
    is_safe.then_some(fallback)
}

fn step(role: Role, target: &str) -> Step {
    Step {
        role,
        target: Some(target.to_owned()),
    }
}

/// The steps that there are, without one whose target an earlier one has.
fn steps<const N: usize>(found: [Option<Step>; N]) -> Vec<Step> {
    let mut kept: Vec<Step> = Vec::new();
    for step in found.into_iter().flatten() {
        if step.target.is_none() || kept.iter().all(|known| known.target != step.target) {
            kept.push(step);
        }
    }
    kept
}
