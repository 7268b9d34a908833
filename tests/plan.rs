//! The launch planner against cases made apart from it: what is planned, what is composed, what is refused.
#![allow(missing_docs, reason = "tests are named as sentences")]

use serde_json::{Value, json};
use tidemark::domain::device::Signals;
use tidemark::domain::issuer::PullMethods;
use tidemark::domain::launch::{LaunchContext, LaunchNames, LaunchValues, plan};
use tidemark::domain::link::{Link, LinkRules, Slot};

fn cases() -> Value {
    serde_json::from_str(include_str!("vectors/launch.json")).expect("JSON")
}

struct Context {
    names: LaunchNames,
    session: String,
    token_requestor: String,
    callback: String,
    fallback: String,
    rules: LinkRules,
}

impl Context {
    fn of(cases: &Value) -> Self {
        let context = &cases["context"];
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        Self {
            names: LaunchNames {
                session: text(&context["names"]["session"]),
                token_requestor: text(&context["names"]["token_requestor"]),
                callback: text(&context["names"]["callback"]),
                locale: None,
            },
            session: text(&context["session_id"]),
            token_requestor: text(&context["token_requestor_id"]),
            callback: text(&context["callback_url"]),
            fallback: text(&context["fallback_url"]),
            rules: LinkRules {
                wallet_host: text(&context["wallet_host"]),
                allow_loopback: false,
            },
        }
    }

    fn values(&self) -> LaunchValues<'_> {
        LaunchValues {
            session: &self.session,
            token_requestor: &self.token_requestor,
            callback: &self.callback,
            locale: None,
        }
    }

    fn launch(&self) -> LaunchContext<'_> {
        LaunchContext {
            names: &self.names,
            values: self.values(),
            fallback: &self.fallback,
            rules: &self.rules,
        }
    }
}

fn slot(name: &Value) -> Slot {
    [Slot::Android, Slot::Ios, Slot::Web]
        .into_iter()
        .find(|slot| slot.name() == name)
        .expect("a slot")
}

fn methods(value: &Value) -> PullMethods {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    PullMethods {
        android: text("ANDROID"),
        ios: text("IOS"),
        web: text("WEB"),
    }
}

#[test]
fn every_plan_is_as_the_table_says() {
    let cases = cases();
    let context = Context::of(&cases);
    for case in cases["plans"].as_array().expect("plans") {
        let client = &cases["clients"][case["client"].as_str().expect("a client")];
        let signals = Signals {
            user_agent: client["user_agent"].as_str().expect("text"),
            ch_platform: client["ch_platform"].as_str(),
            ch_mobile: client["ch_mobile"].as_bool(),
            touch_points: client["max_touch_points"]
                .as_u64()
                .map(|points| u8::try_from(points).expect("few")),
        };
        let plan = plan(&signals, &methods(&case["methods"]), context.launch());
        let steps: Vec<Value> = plan
            .steps
            .iter()
            .map(|step| json!({"role": step.role.name(), "target": step.target}))
            .collect();
        let rejected: serde_json::Map<String, Value> = plan
            .rejected
            .iter()
            .map(|(slot, fault)| (slot.name().to_owned(), json!(fault.code())))
            .collect();
        let found = json!({
            "id": case["id"], "client": case["client"], "methods": case["methods"],
            "platform": plan.client.platform_name(), "browser": plan.client.browser_name(), "in_app": plan.client.in_app,
            "mechanism": plan.mechanism.name(), "steps": steps, "rejected": rejected,
        });
        assert_eq!(found, *case);
    }
}

#[test]
fn every_address_is_composed_byte_for_byte() {
    let cases = cases();
    let context = Context::of(&cases);
    for case in cases["builds"].as_array().expect("builds") {
        let registered = case["registered"].as_str().expect("text");
        let link = Link::parse(slot(&case["slot"]), registered, &context.rules);
        let link = link.unwrap_or_else(|fault| panic!("{}: {}", case["id"], fault.code()));
        let composed = match slot(&case["slot"]) {
            Slot::Android => link.android(&context.names, context.values(), Some(&context.fallback)),
            Slot::Ios | Slot::Web => link.plain(&context.names, context.values()),
        };
        assert_eq!(composed.as_deref(), case["composed"].as_str(), "{}", case["id"]);
    }
}

#[test]
fn every_hostile_address_is_refused_with_its_code() {
    let cases = cases();
    let context = Context::of(&cases);
    for case in cases["adversarial"].as_array().expect("addresses") {
        let registered = case["registered"].as_str().expect("text");
        let refused = Link::parse(slot(&case["slot"]), registered, &context.rules);
        let code = refused.map_or_else(|fault| fault.code(), |_| "accepted");
        assert_eq!(code, case["code"], "{} {registered:?}", case["id"]);
    }
}

/// What the signals alone say, where no client of the table has them.
#[test]
fn hints_decide_only_what_they_can_know() {
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Mobile/15E148 Safari/604.1";
    let garbage = "\u{1}".repeat(3);
    let long = "A".repeat(2049);
    for (user_agent, ch_platform, ch_mobile, expected) in [
        // A browser that does not say what it is, is none whose taps carry over.
        ("", Some("Android"), Some(true), ("Android", "other")),
        (garbage.as_str(), Some("\"Android\""), Some(true), ("Android", "other")),
        (&long, Some("Android"), None, ("Android", "other")),
        (&long, None, Some(true), ("UnknownMobile", "-")),
        // An iPhone on a Mac is somebody's emulator, whether it says mobile or not.
        (iphone, Some("macOS"), None, ("iOS", "Safari")),
        (iphone, Some("\"macOS\""), Some(false), ("iOS", "Safari")),
        ("", Some("macOS"), Some(false), ("Desktop", "mac")),
        ("", Some("Windows"), None, ("Desktop", "win")),
        ("", Some("Chromium OS"), None, ("ChromeOS", "Chromium")),
    ] {
        let signals = Signals {
            user_agent,
            ch_platform,
            ch_mobile,
            touch_points: None,
        };
        let client = tidemark::domain::device::Client::of(&signals);
        let found = (client.platform_name(), client.browser_name());
        assert_eq!(found, expected, "{ch_platform:?} {ch_mobile:?}");
    }
}

/// Who has no app must land somewhere: what no browser follows is no fallback, and nothing is launched without a tap.
#[test]
fn a_fallback_that_no_browser_follows_is_none() {
    let cases = cases();
    let mut context = Context::of(&cases);
    let methods = PullMethods {
        android: Some("acmebank://pull".to_owned()),
        web: Some("https://cards.acmebank.example/p".to_owned()),
        ios: None,
    };
    let mut planned = |fallback: &str, client: &str| {
        fallback.clone_into(&mut context.fallback);
        let client = &cases["clients"][client];
        let signals = Signals {
            user_agent: client["user_agent"].as_str().expect("text"),
            ..Signals::default()
        };
        let plan = plan(&signals, &methods, context.launch());
        let app = plan.steps[0].target.clone().expect("an address");
        (
            plan.mechanism.name(),
            plan.steps.len(),
            app.contains("browser_fallback_url"),
        )
    };
    for none in [
        "",
        "x",
        "/go",
        "javascript:alert(1)",
        "http://wallet.example/go",
        "intent://x#Intent;end",
        "https://",
    ] {
        assert_eq!(planned(none, "AC"), ("IX-TAP", 2, false), "{none}");
        assert_eq!(planned(none, "FA"), ("IX-TAP", 2, false), "{none}");
    }
    for followed in [
        "https://wallet.example/go",
        "http://localhost:8080/go",
        "http://127.0.0.1/go",
    ] {
        assert_eq!(planned(followed, "AC"), ("IX-AUTO", 2, true), "{followed}");
        assert_eq!(planned(followed, "FA"), ("IX-TAP", 3, true), "{followed}");
    }
}

/// The length that counts is that of what is emitted.
#[test]
fn an_address_is_too_long_when_what_is_emitted_is() {
    let cases = cases();
    let mut context = Context::of(&cases);
    let padding = |length: usize| "a".repeat(length);
    let planned = |context: &Context, client: &str, methods: &PullMethods| {
        let signals = Signals {
            user_agent: cases["clients"][client]["user_agent"].as_str().expect("text"),
            ..Signals::default()
        };
        let plan = plan(&signals, methods, context.launch());
        let lengths: Vec<usize> = plan
            .steps
            .iter()
            .filter_map(|step| Some(step.target.as_ref()?.len()))
            .collect();
        let codes: Vec<&str> = plan.rejected.iter().map(|(_, fault)| fault.code()).collect();
        (lengths, codes)
    };
    let web = |length: usize| PullMethods {
        web: Some(format!("https://cards.acmebank.example/{}", padding(length - 31))),
        ..PullMethods::default()
    };
    assert_eq!(planned(&context, "LF", &web(2048)).1, Vec::<&str>::new());
    assert_eq!(planned(&context, "LF", &web(2049)).1, ["E_LEN"]);
    let bare = planned(&context, "LF", &web(1000)).0[0] - 1000;
    // A callback so long that what is composed is just as long as it may be, and one byte longer.
    context.callback = format!("{}{}", context.callback, padding(4096 - 2000 - bare));
    assert_eq!(planned(&context, "LF", &web(2000)), (vec![4096], vec![]));
    assert_eq!(planned(&context, "LF", &web(2001)), (vec![], vec!["E_LEN"]));
    // No website, no fallback: its length does not count. And an iOS link never has one.
    context.fallback = format!("https://wallet.example/{}", padding(4000));
    let app = PullMethods {
        android: Some("acmebank://x".to_owned()),
        ios: Some("acmebank://x".to_owned()),
        web: None,
    };
    assert_eq!(planned(&context, "AC", &app).1, Vec::<&str>::new());
    let both = PullMethods {
        web: Some("https://cards.acmebank.example/".to_owned()),
        ..app
    };
    assert_eq!(planned(&context, "AC", &both).1, ["E_LEN"]);
    assert_eq!(planned(&context, "IS", &both).0.len(), 2);
}

/// `PROPTEST_CASES` asks for more cases than these.
mod properties {
    use std::sync::LazyLock;

    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;
    use tidemark::domain::launch::{Mechanism, Role};

    use super::*;

    static CASES: LazyLock<Value> = LazyLock::new(cases);
    static CONTEXT: LazyLock<Context> = LazyLock::new(|| Context::of(&CASES));

    fn config() -> ProptestConfig {
        let asked = ProptestConfig::default();
        ProptestConfig {
            cases: asked.cases.max(2_000),
            failure_persistence: None,
            ..asked
        }
    }

    /// A part of an address: mostly what may stand there, sometimes what must not, often what is ours or looks like it.
    fn part() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            8 => "[a-zA-Z0-9._~/?&=-]{0,12}",
            2 => "[!$'()*+,;:@#%\\[\\]]{1,2}",
            2 => prop::sample::select(vec![
                "sessionId=EVIL&", "?sessionId", "&%73essionId=x", "&callbackURL=", "tokenRequestorId=1", "%2F", "%25",
                "%252F", "%0a", "%250d", "#f", "#Intent;", "#action(", ";end", "S.sessionId=", "?", "&&",
            ])
            .prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.concat())
    }

    fn items() -> impl Strategy<Value = String> {
        let one = prop_oneof![
            8 => prop::sample::select(vec![
                "scheme=https", "scheme=acmebank", "scheme=ACMEbank", "package=com.acmebank.mobile",
                "action=com.acmebank.mobile.PULL", "action=android.intent.action.VIEW",
                "category=android.intent.category.DEFAULT", "S.browser_fallback_url=https%3A%2F%2Fevil.example",
                "S.market_referrer=x", "S.sessionId=EVIL", "S.callbackURL=x", "S.src=wallet", "S.a.b_c=%3B%23",
            ])
            .prop_map(str::to_owned),
            1 => prop::sample::select(vec![
                "scheme=content", "package=com.android.chrome", "component=com.x/.Y", "SEL", "end", "endless=1",
                "launchFlags=1", "", "i.n=1", "scheme=javascript",
            ])
            .prop_map(str::to_owned),
            1 => "(S\\.)?[a-z]{1,4}=[a-z%;#]{0,6}",
        ];
        prop::collection::vec(one, 0..5).prop_map(|items| items.iter().map(|item| format!("{item};")).collect())
    }

    /// Texts that are near to addresses, and texts that are near to nothing.
    fn addresses() -> impl Strategy<Value = String> {
        let host = || {
            prop_oneof![
                6 => prop::sample::select(vec![
                    "cards.acmebank.example", "APP.AcmeBank.example", "acmebank.example:443", "a.b-c.example",
                ])
                .prop_map(str::to_owned),
                1 => "[a-z0-9.:@%\\[\\]-]{0,20}",
            ]
        };
        prop_oneof![
            1 => any::<String>(),
            4 => (host(), part()).prop_map(|(host, rest)| format!("https://{host}/{rest}")),
            2 => (host(), part()).prop_map(|(host, rest)| format!("https://{host}{rest}")),
            2 => (host(), part()).prop_map(|(host, rest)| format!("http://{host}/{rest}")),
            4 => (prop::sample::select(vec!["acmebank", "ACMEbank", "a.b+c-d"]), part())
                .prop_map(|(scheme, rest)| format!("{scheme}:{rest}")),
            2 => (part(), part()).prop_map(|(scheme, rest)| format!("{scheme}:{rest}")),
            4 => (host(), part(), items())
                .prop_map(|(host, data, items)| format!("intent://{host}/{data}#Intent;{items}end")),
            3 => (part(), items()).prop_map(|(data, items)| format!("intent:{data}#Intent;{items}end")),
            3 => items().prop_map(|items| format!(
                "intent:#Intent;action=com.acmebank.mobile.PULL;package=com.acmebank.mobile;{items}end"
            )),
        ]
    }

    /// A client of the table, half of the time with other hints, or anybody.
    fn signals() -> impl Strategy<Value = (String, Option<String>, Option<bool>, Option<u8>)> {
        let known: Vec<Value> = CASES["clients"]
            .as_object()
            .expect("clients")
            .values()
            .cloned()
            .collect();
        let known = prop::sample::select(known).prop_map(|client| {
            (
                client["user_agent"].as_str().expect("text").to_owned(),
                client["ch_platform"].as_str().map(str::to_owned),
                client["ch_mobile"].as_bool(),
                client["max_touch_points"]
                    .as_u64()
                    .and_then(|points| u8::try_from(points).ok()),
            )
        });
        let platforms = prop::sample::select(vec!["Android", "\"macOS\"", "Windows", "Linux", "Chrome OS", "iOS", ""]);
        let platform = prop::option::of(prop_oneof![platforms.prop_map(str::to_owned), any::<String>()]);
        let hints = (platform, any::<Option<bool>>(), any::<Option<u8>>());
        prop_oneof![
            4 => known.clone(),
            2 => (known, hints.clone()).prop_map(|(client, hints)| (client.0, hints.0, hints.1, hints.2)),
            1 => (any::<String>(), hints).prop_map(|(agent, hints)| (agent, hints.0, hints.1, hints.2)),
        ]
    }

    /// As Android decodes: what is no text becomes a mark that stands for that.
    fn decoded(text: &str) -> String {
        percent_decode_str(text).decode_utf8_lossy().into_owned()
    }

    /// An `intent:` address as Android reads it: the data, and the items.
    fn android_reads(target: &str) -> (String, Vec<(String, String)>) {
        let rest = target.strip_prefix("intent:").expect("an intent");
        let at = rest.rfind('#').expect("a mark");
        let mut items = Vec::new();
        let mut tail = rest[at..].strip_prefix("#Intent;").expect("the mark");
        while !tail.starts_with("end") {
            let (item, after) = tail.split_once(';').expect("an end");
            let (key, value) = item.split_once('=').expect("a value");
            items.push((key.to_owned(), decoded(value)));
            tail = after;
        }
        assert_eq!(tail, "end", "nothing behind the end: {target}");
        (rest[..at].to_owned(), items)
    }

    /// Our names in the query of an address, with their values, in order; and every other pair.
    fn pairs(address: &str) -> (Vec<(String, String)>, Vec<String>) {
        let before = address.split('#').next().unwrap_or_default();
        let query = before.split_once('?').map_or("", |(_, query)| query);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
            if ["sessionId", "tokenRequestorId", "callbackURL"].contains(&name.as_str()) {
                ours.push((name, decoded(value)));
            } else {
                theirs.push(pair.to_owned());
            }
        }
        (ours, theirs)
    }

    fn our_values() -> Vec<(String, String)> {
        let context = &*CONTEXT;
        [
            ("sessionId", &context.session),
            ("tokenRequestorId", &context.token_requestor),
            ("callbackURL", &context.callback),
        ]
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .into()
    }

    /// An address and what was composed of it have the same path, fragment and pairs, and ours besides.
    fn assert_same_but_for_ours(registered: &str, composed: &str) {
        assert_eq!(pairs(composed).0, our_values(), "{composed}");
        assert_eq!(pairs(composed).1, pairs(registered).1, "{registered} {composed}");
        let path = |text: &str| text.split(['?', '#']).next().map(str::to_owned);
        assert_eq!(path(composed), path(registered));
        let fragment = |text: &str| text.split_once('#').map(|(_, fragment)| fragment.to_owned());
        assert_eq!(fragment(composed), fragment(registered));
    }

    /// The words of the rule, with a star where more may follow.
    const DENIED: &str = "javascript data vbscript file filesystem blob about view-source content jar resource chrome* \
        devtools moz-extension http https intent ws wss ftp mailto tel sms smsto mms mmsto geo market android-app itms* \
        app-settings prefs app-prefs facetime* shortcuts x-safari-http x-safari-https x-web-search googlechrome \
        googlechromes firefox microsoft-edge-* fido ms-settings ssh smb vnc marketplace-kit app-distribution webcal";

    fn is_an_apps(scheme: &str) -> bool {
        let denied = |rule: &str| match rule.strip_suffix('*') {
            Some(start) => scheme.starts_with(start),
            None => scheme == rule,
        };
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+.-".contains(c);
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && (2..=63).contains(&scheme.len())
            && scheme.chars().all(sound)
            && !DENIED.split_whitespace().any(denied)
    }

    fn assert_is_allowed(role: Role, target: &str) {
        assert!(target.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{target}");
        assert!(target.len() <= 4096);
        let scheme = target.split(':').next().expect("a scheme");
        // Which of the two an app is depends on the device, and no iPhone gets an intent: that is asserted of the plan.
        let (slot, is_allowed) = match role {
            Role::Web => (Slot::Web, scheme == "https"),
            Role::AppAndroid if scheme != "intent" => (Slot::Android, scheme == "https"),
            Role::App | Role::AppAndroid if scheme == "intent" => (Slot::Android, true),
            Role::AppNoFallback => (Slot::Android, scheme == "intent"),
            Role::App | Role::AppAndroid | Role::AppIos | Role::AdaptIos => {
                (Slot::Ios, scheme == "https" || is_an_apps(scheme))
            }
            Role::Escape | Role::Qr => (Slot::Web, false),
        };
        assert!(is_allowed, "{role:?} {target}");
        if scheme == "intent" {
            assert_intent(target, role);
        } else {
            assert_eq!(pairs(target).0, our_values(), "{target}");
        }
        if scheme == "https" {
            let url = url::Url::parse(target).expect("an address");
            assert_eq!(url.host_str(), target[8..].split(['/', '?', '#', ':']).next());
        }
        assert_is_composed_for_good(slot, target);
    }

    fn assert_intent(target: &str, role: Role) {
        assert_eq!(target.to_ascii_lowercase().matches("#intent;").count(), 1, "{target}");
        let (data, items) = android_reads(target);
        let value = |wanted: &str| {
            let mut found = items
                .iter()
                .filter(|(key, _)| key == wanted)
                .map(|(_, value)| value.as_str());
            let first = found.next();
            assert_eq!(found.next(), None, "{wanted} twice in {target}");
            first
        };
        for (key, _) in &items {
            let is_allowed =
                ["scheme", "package", "action", "category"].contains(&key.as_str()) || key.starts_with("S.");
            assert!(is_allowed, "{key} in {target}");
            value(key);
        }
        let fallback = value("S.browser_fallback_url");
        assert!(fallback.is_none_or(|fallback| fallback == CONTEXT.fallback), "{target}");
        assert!(role != Role::AppNoFallback || fallback.is_none());
        assert_eq!(value("S.market_referrer"), None);
        if data.is_empty() {
            for (name, ours) in our_values() {
                assert_eq!(value(&format!("S.{name}")), Some(ours.as_str()), "{target}");
            }
            assert!(value("package").is_some() && value("action").is_some(), "{target}");
        } else {
            assert_eq!(pairs(&data).0, our_values(), "{target}");
            let scheme = value("scheme").expect("a scheme");
            assert!(scheme == "https" || is_an_apps(scheme), "{target}");
        }
    }

    /// What was composed, registered and composed again is the same: nothing of it is read as something else.
    fn assert_is_composed_for_good(slot: Slot, target: &str) {
        if target.len() > 2048 {
            return;
        }
        let context = &*CONTEXT;
        let link = Link::parse(slot, target, &context.rules).unwrap_or_else(|fault| panic!("{fault:?}: {target}"));
        let has_fallback = target.contains(";S.browser_fallback_url=");
        let again = match slot {
            Slot::Android => {
                let fallback = has_fallback.then_some(context.fallback.as_str());
                link.android(&context.names, context.values(), fallback)
            }
            Slot::Ios | Slot::Web => link.plain(&context.names, context.values()),
        };
        assert_eq!(again.as_deref(), Some(target));
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn whatever_is_registered_nothing_unsafe_is_planned(
            android in prop::option::weighted(0.8, addresses()),
            ios in prop::option::weighted(0.6, addresses()),
            web in prop::option::weighted(0.7, addresses()),
            (user_agent, ch_platform, ch_mobile, touch_points) in signals(),
        ) {
            let methods = PullMethods { android, ios, web };
            let signals = Signals { user_agent: &user_agent, ch_platform: ch_platform.as_deref(), ch_mobile, touch_points };
            let plan = plan(&signals, &methods, CONTEXT.launch());
            let mut targets = Vec::new();
            for step in &plan.steps {
                match &step.target {
                    Some(target) => {
                        assert_is_allowed(step.role, target);
                        prop_assert!(!targets.contains(&target), "twice: {target}");
                        targets.push(target);
                    }
                    None => prop_assert!(matches!(step.role, Role::Escape | Role::Qr)),
                }
            }
            let is_bare = matches!(plan.mechanism, Mechanism::Static | Mechanism::None);
            prop_assert_eq!(plan.steps.is_empty(), is_bare);
            if matches!(plan.client.platform_name(), "iOS" | "iPadOS" | "HarmonyNext" | "Desktop" | "ChromeOS") {
                prop_assert!(!targets.iter().any(|target| target.starts_with("intent:")));
            }
            if plan.mechanism == Mechanism::Auto {
                prop_assert!(matches!(plan.client.browser_name(), "Chrome" | "Edge"));
                prop_assert_eq!((plan.client.platform_name(), plan.client.in_app), ("Android", None));
            }
            // What is refused is refused by itself, or too long with our values.
            for (slot, fault) in &plan.rejected {
                let text = match slot {
                    Slot::Android => &methods.android,
                    Slot::Ios => &methods.ios,
                    Slot::Web => &methods.web,
                };
                let alone = Link::parse(*slot, text.as_deref().expect("an address"), &CONTEXT.rules);
                prop_assert!(alone == Err(*fault) || fault.code() == "E_LEN");
            }
        }

        #[test]
        fn an_address_that_is_accepted_keeps_its_parts(text in addresses()) {
            let context = &*CONTEXT;
            for slot in [Slot::Android, Slot::Ios, Slot::Web] {
                let Ok(link) = Link::parse(slot, &text, &context.rules) else { continue };
                let plain = link.plain(&context.names, context.values());
                let android = link.android(&context.names, context.values(), Some(&context.fallback));
                match &link {
                    Link::Web(normal) => {
                        prop_assert_eq!(&plain, &android, "an app link stays plain");
                        prop_assert_eq!(Link::parse(slot, normal, &context.rules), Ok(link.clone()));
                        assert_same_but_for_ours(normal, &plain.expect("an address"));
                    }
                    Link::Custom { scheme, rest } => {
                        assert_same_but_for_ours(&format!("{scheme}:{rest}"), &plain.expect("an address"));
                        let (data, items) = android_reads(&android.expect("an address"));
                        assert_same_but_for_ours(rest, &data);
                        let fallback = ("S.browser_fallback_url".to_owned(), context.fallback.clone());
                        prop_assert_eq!(items, vec![("scheme".to_owned(), scheme.clone()), fallback]);
                    }
                    Link::Intent(_) => {
                        prop_assert_eq!(plain, None);
                        let target = android.expect("an address");
                        assert_intent(&target, Role::App);
                        let (data, _) = android_reads(&target);
                        let registered = &text["intent:".len()..text.rfind('#').expect("a mark")];
                        if !registered.is_empty() {
                            prop_assert_eq!(pairs(&data).1, pairs(registered).1);
                            let fragment = |text: &str| text.split_once('#').map(|(_, after)| after.to_owned());
                            prop_assert_eq!(fragment(&data), fragment(registered));
                        }
                    }
                }
            }
        }
    }
}
