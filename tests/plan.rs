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

mod properties {
    use proptest::prelude::*;

    use super::*;

    const SESSION: &str = "0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33";
    const CALLBACK: &str = "https://wallet.example/callback/0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33";

    fn names() -> LaunchNames {
        LaunchNames {
            session: "tokenRequestorSessionId".to_owned(),
            token_requestor: "tokenRequestorId".to_owned(),
            callback: "callbackURL".to_owned(),
        }
    }

    fn values() -> LaunchValues<'static> {
        LaunchValues {
            session: SESSION,
            token_requestor: "50123456789",
            callback: CALLBACK,
        }
    }

    fn rules() -> LinkRules {
        LinkRules {
            wallet_host: "wallet.example".to_owned(),
            allow_loopback: false,
        }
    }

    /// Texts that are near to addresses, and texts that are near to nothing.
    fn addresses() -> impl Strategy<Value = String> {
        let part = "[a-zA-Z0-9._~:/?#@!$&'()*+,;=%-]{0,40}";
        prop_oneof![
            any::<String>(),
            part.prop_map(|rest| format!("https://bank.example/{rest}")),
            part.prop_map(|rest| format!("https://{rest}")),
            part.prop_map(|rest| format!("acmebank:{rest}")),
            (part, part).prop_map(|(data, items)| format!("intent:{data}#Intent;{items};end")),
            (part, "[a-z.]{1,30}")
                .prop_map(|(data, package)| format!("intent://{data}#Intent;scheme=acmebank;package={package};end")),
        ]
    }

    fn count(text: &str, wanted: &str) -> usize {
        text.matches(wanted).count()
    }

    fn check(target: &str) {
        assert!(target.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{target}");
        assert!(target.len() <= 4096);
        let scheme = target.split(':').next().expect("a scheme");
        assert!(
            !["javascript", "data", "file", "http", "blob", "content"].contains(&scheme),
            "{target}"
        );
        for value in [
            "tokenRequestorSessionId=",
            "tokenRequestorId=50123456789",
            "callbackURL=https%3A%2F%2Fwallet.example",
        ] {
            assert_eq!(count(target, value), 1, "{value} in {target}");
        }
        if scheme == "https" {
            let url = url::Url::parse(target).expect("an address");
            assert_eq!(
                url.host_str(),
                target[8..].split(['/', '?', '#', ':']).next(),
                "{target}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_registered_nothing_unsafe_is_composed(
            android in proptest::option::of(addresses()),
            ios in proptest::option::of(addresses()),
            web in proptest::option::of(addresses()),
            user_agent in prop_oneof![
                any::<String>(),
                Just("Mozilla/5.0 (Linux; Android 10; K) Chrome/141.0.0.0 Mobile Safari/537.36".to_owned()),
                Just("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Version/26.4 Mobile/15E148 Safari/604.1".to_owned()),
            ],
            ch_platform in proptest::option::of(any::<String>()),
            ch_mobile in proptest::option::of(any::<bool>()),
            touch_points in proptest::option::of(any::<u8>()),
        ) {
            let (names, rules) = (names(), rules());
            let context = LaunchContext {
                names: &names,
                values: values(),
                fallback: "https://wallet.example/sessions/x/go",
                rules: &rules,
            };
            let signals = Signals { user_agent: &user_agent, ch_platform: ch_platform.as_deref(), ch_mobile, touch_points };
            let plan = plan(&signals, &PullMethods { android, ios, web }, context);
            for target in plan.steps.iter().filter_map(|step| step.target.as_deref()) {
                check(target);
            }
        }

        #[test]
        fn an_address_that_was_accepted_is_accepted_again_and_keeps_its_parts(text in addresses()) {
            for slot in [Slot::Android, Slot::Ios, Slot::Web] {
                let Ok(link) = Link::parse(slot, &text, &rules()) else { continue };
                prop_assert_eq!(Link::parse(slot, &text, &rules()), Ok(link.clone()));
                if let (Link::Web(normal), Some(composed)) = (&link, link.plain(&names(), values())) {
                    let before = normal.split(['?', '#']).next().expect("an address");
                    prop_assert!(composed.starts_with(before));
                    let fragment = |text: &str| text.split_once('#').map(|(_, fragment)| fragment.to_owned());
                    prop_assert_eq!(fragment(normal), fragment(&composed));
                }
            }
        }
    }
}
