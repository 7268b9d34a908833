//! Opening the issuer: from the device and the issuer's registered methods to the links on the launch page.
//!
//! An issuer is opened with three values: the session id, our token requestor id and our callback URL (pull use case,
//! "session ID, TRID, callback URL"). The names of the parameters are not public; they are settings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::issuer::{IssuerLink, PullMethods};

/// RFC 3986 unreserved characters stay; everything else becomes `%XX`. A space is never `+`, because some platforms
/// do not decode that.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest composed address.
const COMPOSED_LENGTH_MAX: usize = 4096;

/// The kind of device, as far as it decides which method is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Android phones and tablets.
    Android,
    /// iPhones, and iPads that say so.
    Ios,
    /// Everything else.
    Computer,
}

impl Device {
    /// Reads the device from `User-Agent`.
    #[must_use]
    pub fn of_user_agent(user_agent: &str) -> Self {
        if user_agent.contains("Android") {
            Self::Android
        } else if ["iPhone", "iPad", "iPod"].iter().any(|name| user_agent.contains(name)) {
            Self::Ios
        } else {
            Self::Computer
        }
    }
}

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

/// The ways to open the issuer from this device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchPlan {
    /// The issuer's app, as a link that the operating system gives to the app if it is there.
    pub app: Option<String>,
    /// The issuer's website.
    pub web: Option<String>,
}

impl LaunchPlan {
    /// Whether there is no way from this device.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.app.is_none() && self.web.is_none()
    }
}

/// Plans the launch.
#[must_use]
pub fn plan(methods: &PullMethods, device: Device, names: &LaunchNames, values: LaunchValues<'_>) -> LaunchPlan {
    let registered = match device {
        Device::Android => methods.android.as_ref(),
        Device::Ios => methods.ios.as_ref(),
        Device::Computer => None,
    };
    LaunchPlan {
        app: registered.and_then(|link| compose(link, names, values)),
        web: methods.web.as_ref().and_then(|link| compose(link, names, values)),
    }
}

/// The registered address with our three parameters: its own query and fragment stay byte for byte, pairs that bear one
/// of our names go.
fn compose(link: &IssuerLink, names: &LaunchNames, values: LaunchValues<'_>) -> Option<String> {
    let (before, fragment) = match link.as_str().split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (link.as_str(), None),
    };
    let (address, query) = before.split_once('?').unwrap_or((before, ""));
    let ours = [
        (names.session.as_str(), values.session),
        (names.token_requestor.as_str(), values.token_requestor),
        (names.callback.as_str(), values.callback),
    ];
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !ours.iter().any(|(name, _)| bears(pair, name)));
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.extend(ours.map(|(name, value)| format!("{}={}", encode(name), encode(value))));
    let mut composed = format!("{address}?{}", pairs.join("&"));
    if let Some(fragment) = fragment {
        composed.push('#');
        composed.push_str(fragment);
    }
    (composed.len() <= COMPOSED_LENGTH_MAX).then_some(composed)
}

fn bears(pair: &str, name: &str) -> bool {
    let raw = pair.split('=').next().unwrap_or_default();
    percent_encoding::percent_decode_str(raw).decode_utf8_lossy() == name
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> LaunchNames {
        LaunchNames {
            session: "tokenRequestorSessionId".to_owned(),
            token_requestor: "tokenRequestorId".to_owned(),
            callback: "callbackURL".to_owned(),
        }
    }

    const VALUES: LaunchValues<'_> = LaunchValues {
        session: "0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33",
        token_requestor: "50120834693",
        callback: "https://wallet.example/callback/0197c3f2",
    };

    fn web(link: &str) -> String {
        let methods = PullMethods {
            web: Some(IssuerLink::parse(link).expect("link")),
            ..PullMethods::default()
        };
        plan(&methods, Device::Computer, &names(), VALUES)
            .web
            .expect("a website")
    }

    #[test]
    fn our_parameters_join_a_query_and_precede_a_fragment() {
        assert_eq!(
            web("https://cards.bank.example/pull?channel=wallet&lang=en#start"),
            "https://cards.bank.example/pull?channel=wallet&lang=en\
             &tokenRequestorSessionId=0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33&tokenRequestorId=50120834693\
             &callbackURL=https%3A%2F%2Fwallet.example%2Fcallback%2F0197c3f2#start"
        );
    }

    #[test]
    fn a_registered_pair_cannot_shadow_ours() {
        let composed = web("https://bank.example/pull?callback%55RL=https%3A%2F%2Fevil.example&x=1");
        assert!(composed.starts_with("https://bank.example/pull?x=1&tokenRequestorSessionId="));
        assert!(!composed.contains("evil"));
    }

    #[test]
    fn a_phone_gets_the_app_and_a_computer_does_not() {
        let link = IssuerLink::parse("https://app.bank.example/pull").expect("link");
        let methods = PullMethods {
            android: Some(link),
            ..PullMethods::default()
        };
        let android = Device::of_user_agent("Mozilla/5.0 (Linux; Android 15) Chrome/140");
        assert!(plan(&methods, android, &names(), VALUES).app.is_some());
        assert!(plan(&methods, Device::Ios, &names(), VALUES).is_empty());
        assert!(plan(&methods, Device::Computer, &names(), VALUES).is_empty());
    }
}
