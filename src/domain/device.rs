//! What a browser says about its device, and what that is worth.
//!
//! Client hints come first where they are sent, because page script cannot set them; the user agent string decides the
//! rest. Some devices cannot be told apart by a server: an iPad that says Mac, an Android tablet that says Linux. They
//! have platforms of their own here, and pages that adapt.

/// What a request says about its device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals<'a> {
    /// `User-Agent`.
    pub user_agent: &'a str,
    /// `Sec-CH-UA-Platform`, with or without its quotes.
    pub ch_platform: Option<&'a str>,
    /// `Sec-CH-UA-Mobile`.
    pub ch_mobile: Option<bool>,
    /// `navigator.maxTouchPoints`, when a script could say it.
    pub touch_points: Option<u8>,
}

/// The platform, as far as it decides how an issuer is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Link previews and crawlers.
    Bot,
    /// HarmonyOS NEXT, which has no Android in it.
    HarmonyNext,
    /// Android phones and tablets that say so.
    Android,
    /// iPhones.
    Ios,
    /// iPads that say so.
    IpadOs,
    /// Safari that says Mac: a Mac, or an iPad.
    MacOrIpad,
    /// Says Linux and has a touch screen: perhaps an Android tablet in desktop mode.
    LinuxTouch,
    /// A computer.
    Desktop,
    /// A Chromebook.
    ChromeOs,
    /// Nobody knows, but it is a phone.
    UnknownMobile,
    /// Nobody knows.
    Unknown,
}

/// The browser, as far as it decides how an issuer is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the names of products")]
pub enum BrowserName {
    Chrome,
    Edge,
    Samsung,
    Firefox,
    Huawei,
    ArkWeb,
    Safari,
    Chromium,
    WkWebView,
    Other,
    /// A computer's browser, by its operating system: which browser it is makes no difference.
    Mac,
    Windows,
    Linux,
    /// It makes no difference.
    Any,
}

/// What the signals say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The platform.
    pub platform: Platform,
    /// The browser.
    pub browser: BrowserName,
    /// The app whose built-in browser this is, or `generic`. Cookies of a built-in browser do not follow the cardholder
    /// out of it, so nothing can be finished there.
    pub in_app: Option<&'static str>,
}

/// Beyond this length a user agent string says nothing: it is somebody's test.
const USER_AGENT_LENGTH_MAX: usize = 2048;

/// Tokens of link previews and crawlers.
const BOTS: &[&str] = &[
    "facebookexternalhit",
    "Facebot",
    "Twitterbot",
    "TelegramBot",
    "Slackbot",
    "Discordbot",
    "LinkedInBot",
    "Googlebot",
    "bingbot",
    "Applebot",
    "SkypeUriPreview",
    "Pinterestbot",
    "redditbot",
];

/// Tokens of built-in browsers, and the app they belong to. They are looked for before anything else, because newer ones
/// also say `Safari/`.
const IN_APP: &[(&str, &str)] = &[
    ("Instagram", "instagram"),
    ("Barcelona", "threads"),
    ("FBAN", "facebook"),
    ("FBAV", "facebook"),
    ("FB_IAB", "facebook"),
    ("MetaIAB", "facebook"),
    ("WA4A", "whatsapp"),
    ("WAiOS", "whatsapp"),
    ("Line/", "line"),
    ("MicroMessenger/", "wechat"),
    ("musical_ly", "tiktok"),
    ("BytedanceWebview", "tiktok"),
    ("Snapchat/", "snapchat"),
    ("LinkedInApp", "linkedin"),
    ("Twitter for", "twitter"),
    ("GSA/", "google"),
];

impl Client {
    /// Reads the signals.
    #[must_use]
    pub fn of(signals: &Signals<'_>) -> Self {
        let agent = if is_plausible(signals.user_agent) {
            signals.user_agent
        } else {
            ""
        };
        let has = |token: &str| agent.contains(token);
        if BOTS.iter().any(|bot| has(bot)) || agent.starts_with("WhatsApp/") {
            return Self {
                platform: Platform::Bot,
                browser: BrowserName::Any,
                in_app: None,
            };
        }
        // These say "Android" too, and have no Android.
        if has("OpenHarmony") || has("ArkWeb") {
            return Self {
                platform: Platform::HarmonyNext,
                browser: BrowserName::ArkWeb,
                in_app: in_app(agent),
            };
        }
        match hinted(signals, agent) {
            Some(client) => client,
            None => told(agent, signals),
        }
    }

    /// The name of the platform, for the decision trace.
    #[must_use]
    pub fn platform_name(&self) -> &'static str {
        match self.platform {
            Platform::Bot => "Bot",
            Platform::HarmonyNext => "HarmonyNext",
            Platform::Android => "Android",
            Platform::Ios => "iOS",
            Platform::IpadOs => "iPadOS",
            Platform::MacOrIpad => "MacOrIpad",
            Platform::LinuxTouch => "LinuxTouch",
            Platform::Desktop => "Desktop",
            Platform::ChromeOs => "ChromeOS",
            Platform::UnknownMobile => "UnknownMobile",
            Platform::Unknown => "Unknown",
        }
    }

    /// The name of the browser, for the decision trace.
    #[must_use]
    pub fn browser_name(&self) -> &'static str {
        match self.browser {
            BrowserName::Chrome => "Chrome",
            BrowserName::Edge => "Edge",
            BrowserName::Samsung => "Samsung",
            BrowserName::Firefox => "Firefox",
            BrowserName::Huawei => "Huawei",
            BrowserName::ArkWeb => "ArkWeb",
            BrowserName::Safari => "Safari",
            BrowserName::Chromium => "Chromium",
            BrowserName::WkWebView => "WKWebView",
            BrowserName::Other => "other",
            BrowserName::Mac => "mac",
            BrowserName::Windows => "win",
            BrowserName::Linux => "linux",
            BrowserName::Any => "-",
        }
    }
}

/// A user agent string is printable ASCII of a sensible length; anything else says nothing.
fn is_plausible(agent: &str) -> bool {
    agent.len() <= USER_AGENT_LENGTH_MAX && agent.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// What the client hints say, where they say enough.
fn hinted(signals: &Signals<'_>, agent: &str) -> Option<Client> {
    let platform = signals.ch_platform?.trim().trim_matches('"');
    let mobile = signals.ch_mobile == Some(true);
    match platform {
        "Android" => Some(android(agent)),
        // No Mac is a phone: an emulator that hints at the machine it runs on. The user agent string is what it wants
        // to be taken for.
        "macOS" if !mobile && !["iPhone", "iPod", "iPad"].iter().any(|token| agent.contains(token)) => {
            Some(computer(BrowserName::Mac))
        }
        "Windows" if !mobile => Some(computer(BrowserName::Windows)),
        "Chrome OS" | "Chromium OS" if !mobile => Some(Client {
            platform: Platform::ChromeOs,
            browser: BrowserName::Chromium,
            in_app: None,
        }),
        "Linux" if !mobile => Some(linux(signals)),
        _ => None,
    }
}

/// What the user agent string says.
fn told(agent: &str, signals: &Signals<'_>) -> Client {
    let has = |token: &str| agent.contains(token);
    if has("Android") {
        return android(agent);
    }
    if has("iPhone") || has("iPod") {
        return apple(agent, Platform::Ios);
    }
    if has("iPad")
        || (has("Macintosh")
            && ["CriOS/", "FxiOS/", "EdgiOS/", "Mobile/"]
                .iter()
                .any(|token| has(token)))
    {
        return apple(agent, Platform::IpadOs);
    }
    if has("Macintosh") {
        let is_safari = has("Version/") && has("Safari/") && !has("Chrome/");
        return match (is_safari, signals.touch_points) {
            (true, Some(2..)) => apple(agent, Platform::IpadOs),
            (true, None) => Client {
                platform: Platform::MacOrIpad,
                browser: BrowserName::Safari,
                in_app: None,
            },
            _ => computer(BrowserName::Mac),
        };
    }
    if has("CrOS") {
        return Client {
            platform: Platform::ChromeOs,
            browser: BrowserName::Chromium,
            in_app: None,
        };
    }
    if has("Windows") {
        return computer(BrowserName::Windows);
    }
    if has("X11") || has("Linux") {
        return linux(signals);
    }
    let platform = if signals.ch_mobile == Some(true) {
        Platform::UnknownMobile
    } else {
        Platform::Unknown
    };
    Client {
        platform,
        browser: BrowserName::Any,
        in_app: None,
    }
}

fn computer(system: BrowserName) -> Client {
    Client {
        platform: Platform::Desktop,
        browser: system,
        in_app: None,
    }
}

fn linux(signals: &Signals<'_>) -> Client {
    if signals.touch_points.is_some_and(|points| points > 0) {
        Client {
            platform: Platform::LinuxTouch,
            browser: BrowserName::Any,
            in_app: None,
        }
    } else {
        computer(BrowserName::Linux)
    }
}

fn android(agent: &str) -> Client {
    let has = |token: &str| agent.contains(token);
    let browser = if has("SamsungBrowser/") {
        BrowserName::Samsung
    } else if has("HuaweiBrowser/") {
        BrowserName::Huawei
    } else if has("EdgA/") {
        BrowserName::Edge
    } else if has("Firefox/") || has("Focus/") {
        BrowserName::Firefox
    } else if [
        "UCBrowser/",
        "OPR/",
        "MiuiBrowser/",
        "MQQBrowser/",
        "QQBrowser/",
        "baidubrowser",
        "YaBrowser/",
        "VivoBrowser/",
        "HeyTapBrowser/",
        "DuckDuckGo/",
    ]
    .iter()
    .any(|token| has(token))
    {
        BrowserName::Other
    } else if has("Chrome/") {
        BrowserName::Chrome
    } else {
        BrowserName::Other
    };
    let web_view = (has("; wv)") || has(";wv)")).then_some("generic");
    Client {
        platform: Platform::Android,
        browser,
        in_app: in_app(agent).or(web_view),
    }
}

fn apple(agent: &str, platform: Platform) -> Client {
    let has = |token: &str| agent.contains(token);
    let known_app = in_app(agent);
    let browser = if has("CriOS/") {
        BrowserName::Chrome
    } else if has("FxiOS/") {
        BrowserName::Firefox
    } else if has("EdgiOS/") {
        BrowserName::Edge
    } else if has("Safari/") {
        BrowserName::Safari
    } else {
        BrowserName::WkWebView
    };
    let bare_view = (browser == BrowserName::WkWebView).then_some("generic");
    Client {
        platform,
        browser,
        in_app: known_app.or(bare_view),
    }
}

fn in_app(agent: &str) -> Option<&'static str> {
    IN_APP
        .iter()
        .find(|(token, _)| agent.contains(token))
        .map(|(_, app)| *app)
}

/// The signals of one request, owned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// `User-Agent`.
    pub user_agent: String,
    /// `Sec-CH-UA-Platform`.
    pub ch_platform: Option<String>,
    /// `Sec-CH-UA-Mobile`.
    pub ch_mobile: Option<bool>,
    /// `navigator.maxTouchPoints`.
    pub touch_points: Option<u8>,
}

impl Device {
    /// The signals, borrowed.
    #[must_use]
    pub fn signals(&self) -> Signals<'_> {
        Signals {
            user_agent: &self.user_agent,
            ch_platform: self.ch_platform.as_deref(),
            ch_mobile: self.ch_mobile,
            touch_points: self.touch_points,
        }
    }

    /// Whether it is a phone or a tablet, as far as it says so.
    #[must_use]
    pub fn is_phone(&self) -> bool {
        match Client::of(&self.signals()).platform {
            Platform::HarmonyNext | Platform::Android | Platform::Ios | Platform::IpadOs | Platform::UnknownMobile => {
                true
            }
            Platform::Bot
            | Platform::MacOrIpad
            | Platform::LinuxTouch
            | Platform::Desktop
            | Platform::ChromeOs
            | Platform::Unknown => false,
        }
    }
}
