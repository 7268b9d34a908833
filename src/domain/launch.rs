//! Opening the issuer: a pure plan from what the browser says about its device and the issuer's registered addresses.
//!
//! An issuer is opened with three values: the session id, our token requestor id and our callback URL (pull use case,
//! "Session ID, TRID, callback URL"). The names of the parameters are not public; they are settings. Which mechanism is
//! safe where is a table ([`plan`]); an app is opened by a tap, and without one only where the browser is known to carry
//! the tap over and to land well when it does not.

use serde::{Deserialize, Serialize};

use super::device::{BrowserName, Client, Platform, Signals};
use super::issuer::PullMethods;
use super::link::{Link, LinkFault, LinkRules, Slot};

/// The names of the three launch parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchNames {
    /// The session id's.
    pub session: String,
    /// The token requestor id's.
    pub token_requestor: String,
    /// The callback URL's.
    pub callback: String,
}

/// The values of the three launch parameters.
#[derive(Clone, Copy, Debug)]
pub struct LaunchValues<'a> {
    /// The session id.
    pub session: &'a str,
    /// The token requestor id.
    pub token_requestor: &'a str,
    /// The callback URL.
    pub callback: &'a str,
}

impl<'a> LaunchValues<'a> {
    /// Names and values in the order in which they are appended.
    pub(super) fn pairs<'n>(self, names: &'n LaunchNames) -> [(&'n str, &'a str); 3] {
        [
            (names.session.as_str(), self.session),
            (names.token_requestor.as_str(), self.token_requestor),
            (names.callback.as_str(), self.callback),
        ]
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
    /// Our address that sends a browser on to the issuer's website when the app is not there.
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
    /// Registered addresses that are not used, with their fault.
    pub rejected: Vec<(Slot, LinkFault)>,
}

/// The issuer's addresses as they can be opened, composed.
struct Ways<'a> {
    context: LaunchContext<'a>,
    android: Option<Link>,
    ios: Option<Link>,
    web: Option<String>,
    web_link: Option<Link>,
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
    let ways = Ways::of(methods, context, &mut Vec::new());
    let plain = ways
        .android
        .as_ref()
        .and_then(|link| link.plain(context.names, context.values));
    Addresses {
        android: plain.or_else(|| ways.android_without_fallback()),
        ios: ways.ios_target(),
        web: ways.web,
    }
}

/// Plans the launch: the first row of the table that fits.
#[must_use]
pub fn plan(signals: &Signals<'_>, methods: &PullMethods, context: LaunchContext<'_>) -> Plan {
    let client = Client::of(signals);
    let mut rejected = Vec::new();
    let ways = Ways::of(methods, context, &mut rejected);
    let (mechanism, steps) = ways.decide(&client);
    let mut kept: Vec<Step> = Vec::new();
    for step in steps {
        if step.target.is_none() || kept.iter().all(|known| known.target != step.target) {
            kept.push(step);
        }
    }
    Plan {
        client,
        mechanism,
        steps: kept,
        rejected,
    }
}

impl<'a> Ways<'a> {
    fn of(methods: &PullMethods, context: LaunchContext<'a>, rejected: &mut Vec<(Slot, LinkFault)>) -> Self {
        let mut checked = |slot: Slot, text: Option<&String>| {
            let text = text?;
            let composable = Link::parse(slot, text, context.rules).and_then(|link| {
                let composed = link.android(context.names, context.values, Some(context.fallback));
                composed.map(|_| link).ok_or(LinkFault::Length)
            });
            composable.map_err(|fault| rejected.push((slot, fault))).ok()
        };
        let android = checked(Slot::Android, methods.android.as_ref());
        let ios = checked(Slot::Ios, methods.ios.as_ref());
        let web_link = checked(Slot::Web, methods.web.as_ref());
        let web = web_link
            .as_ref()
            .and_then(|link| link.plain(context.names, context.values));
        Self {
            context,
            android,
            ios,
            web,
            web_link,
        }
    }

    /// The Android target: with our fallback if there is a website to fall back to.
    fn android_target(&self) -> Option<String> {
        let fallback = self.web.as_ref().map(|_| self.context.fallback);
        self.android
            .as_ref()?
            .android(self.context.names, self.context.values, fallback)
    }

    fn android_without_fallback(&self) -> Option<String> {
        self.android
            .as_ref()?
            .android(self.context.names, self.context.values, None)
    }

    fn ios_target(&self) -> Option<String> {
        self.ios.as_ref()?.plain(self.context.names, self.context.values)
    }

    fn ios_is_https(&self) -> bool {
        matches!(self.ios, Some(Link::Web(_)))
    }

    fn has_app(&self) -> bool {
        self.android.is_some() || self.ios.is_some()
    }

    fn web_step(&self) -> Option<Step> {
        self.web.clone().map(|target| Step {
            role: Role::Web,
            target: Some(target),
        })
    }

    fn qr_step(&self) -> Option<Step> {
        self.has_app().then_some(Step {
            role: Role::Qr,
            target: None,
        })
    }

    fn decide(&self, client: &Client) -> (Mechanism, Vec<Step>) {
        let (mechanism, steps) = match client.platform {
            Platform::Bot => (Mechanism::Static, Vec::new()),
            Platform::HarmonyNext => self.on_harmony(),
            Platform::Android => self.on_android(client),
            Platform::Ios | Platform::IpadOs => self.on_ios(client),
            Platform::MacOrIpad if self.web.is_some() || self.ios.is_some() => (
                Mechanism::Adapt,
                steps([self.web_step(), step(Role::AdaptIos, self.ios_target()), self.qr_step()]),
            ),
            Platform::LinuxTouch if self.web.is_some() || self.android.is_some() => (
                Mechanism::Tap,
                steps([self.web_step(), step(Role::App, self.android_target()), self.qr_step()]),
            ),
            Platform::Desktop | Platform::ChromeOs if self.web.is_some() => {
                (Mechanism::Forward, steps([self.web_step(), self.qr_step()]))
            }
            Platform::Desktop | Platform::ChromeOs | Platform::MacOrIpad | Platform::LinuxTouch => {
                (Mechanism::Qr, steps([self.qr_step()]))
            }
            Platform::Unknown | Platform::UnknownMobile => self.anywhere(),
        };
        if steps.is_empty() && mechanism != Mechanism::Static {
            (Mechanism::None, steps)
        } else {
            (mechanism, steps)
        }
    }

    fn on_harmony(&self) -> (Mechanism, Vec<Step>) {
        let app = self.android.as_ref().filter(|link| matches!(link, Link::Web(_)));
        match (&self.web, app) {
            (Some(_), _) => (Mechanism::Forward, steps([self.web_step()])),
            (None, Some(_)) => (Mechanism::Tap, steps([step(Role::App, self.android_target())])),
            (None, None) => (Mechanism::None, Vec::new()),
        }
    }

    fn on_android(&self, client: &Client) -> (Mechanism, Vec<Step>) {
        let Some(android) = &self.android else {
            return (Mechanism::Forward, steps([self.web_step()]));
        };
        if client.in_app.is_some() {
            return (
                Mechanism::Escape,
                steps([
                    Some(Step {
                        role: Role::Escape,
                        target: None,
                    }),
                    self.web_step(),
                ]),
            );
        }
        let app = step(Role::App, self.android_target());
        let is_https = matches!(android, Link::Web(_));
        let carries_the_tap = matches!(client.browser, BrowserName::Chrome | BrowserName::Edge);
        if carries_the_tap && !is_https && self.web.is_some() {
            return (Mechanism::Auto, steps([app, self.web_step()]));
        }
        if carries_the_tap && is_https && self.web_link.as_ref() == Some(android) {
            return (Mechanism::Auto, steps([app]));
        }
        if client.browser == BrowserName::Firefox && !is_https && self.web.is_some() {
            let without = step(Role::AppNoFallback, self.android_without_fallback());
            return (Mechanism::Tap, steps([app, without, self.web_step()]));
        }
        (Mechanism::Tap, steps([app, self.web_step()]))
    }

    fn on_ios(&self, client: &Client) -> (Mechanism, Vec<Step>) {
        if self.ios.is_none() {
            return (Mechanism::Forward, steps([self.web_step()]));
        }
        let app = step(Role::App, self.ios_target());
        if client.in_app.is_some() {
            let app = app.filter(|_| self.ios_is_https());
            return (
                Mechanism::Escape,
                steps([
                    Some(Step {
                        role: Role::Escape,
                        target: None,
                    }),
                    app,
                    self.web_step(),
                ]),
            );
        }
        let mechanism = if self.ios_is_https() {
            Mechanism::Tap
        } else {
            Mechanism::Choice
        };
        (mechanism, steps([app, self.web_step()]))
    }

    fn anywhere(&self) -> (Mechanism, Vec<Step>) {
        let found = steps([
            self.web_step(),
            step(Role::AppAndroid, self.android_target()),
            step(Role::AppIos, self.ios_target()),
        ]);
        let mechanism = if found.len() == 1 {
            Mechanism::Tap
        } else {
            Mechanism::Choice
        };
        (mechanism, found)
    }
}

fn step(role: Role, target: Option<String>) -> Option<Step> {
    target.map(|target| Step {
        role,
        target: Some(target),
    })
}

fn steps<const N: usize>(found: [Option<Step>; N]) -> Vec<Step> {
    found.into_iter().flatten().collect()
}
