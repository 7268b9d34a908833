//! Devices and issuers of the launch vectors, for tests that speak to a wallet and for those that look at it.

use serde_json::Value;
use tidemark::cli::browser::Browser;
use tidemark::domain::device::Signals;
use tidemark::domain::issuer::PullMethods;
use tidemark::domain::launch::{LaunchContext, LaunchNames, LaunchValues, Plan, plan};
use tidemark::domain::link::LinkRules;
use tidemark::sim::mdes::DirectoryEntry;

use crate::world::{APPROVING, TRID, World};

/// The vectors of the launch planner.
pub fn cases() -> Value {
    serde_json::from_str(include_str!("../vectors/launch.json")).expect("JSON")
}

/// A client of the vectors. A header cannot hold control characters, so the one that has some keeps only its length.
pub struct Client {
    pub user_agent: String,
    pub ch_platform: Option<String>,
    pub ch_mobile: Option<bool>,
    pub touch_points: Option<u8>,
}

impl Client {
    pub fn of(value: &Value) -> Self {
        let agent = value["user_agent"].as_str().expect("text");
        Self {
            user_agent: agent.replace(|c: char| c.is_control(), ""),
            ch_platform: value["ch_platform"].as_str().map(str::to_owned),
            ch_mobile: value["ch_mobile"].as_bool(),
            touch_points: value["max_touch_points"]
                .as_u64()
                .map(|points| u8::try_from(points).expect("few")),
        }
    }

    pub fn named(cases: &Value, name: &str) -> Self {
        Self::of(&cases["clients"][name])
    }

    pub fn browser(&self) -> Browser {
        let mut browser = Browser::new();
        browser.user_agent.clone_from(&self.user_agent);
        if let Some(platform) = &self.ch_platform {
            browser.hints.push(("Sec-CH-UA-Platform", format!("\"{platform}\"")));
        }
        if let Some(mobile) = self.ch_mobile {
            let value = if mobile { "?1" } else { "?0" };
            browser.hints.push(("Sec-CH-UA-Mobile", value.to_owned()));
        }
        browser
    }

    pub fn signals(&self) -> Signals<'_> {
        Signals {
            user_agent: &self.user_agent,
            ch_platform: self.ch_platform.as_deref(),
            ch_mobile: self.ch_mobile,
            touch_points: self.touch_points,
        }
    }
}

/// The addresses of a case.
pub fn methods(case: &Value) -> PullMethods {
    let text = |name: &str| case["methods"][name].as_str().map(str::to_owned);
    PullMethods {
        android: text("ANDROID"),
        ios: text("IOS"),
        web: text("WEB"),
    }
}

/// An issuer with these addresses, otherwise like any other.
pub fn entry(world: &World, id: &str, name: &str, methods: &PullMethods) -> DirectoryEntry {
    let slots = [
        ("ANDROID", &methods.android),
        ("IOS", &methods.ios),
        ("WEB", &methods.web),
    ];
    DirectoryEntry {
        issuer_id: id.to_owned(),
        name: name.to_owned(),
        methods: slots
            .into_iter()
            .filter_map(|(kind, uri)| Some((kind.to_owned(), uri.clone()?)))
            .collect(),
        ..world.stage.entry(APPROVING).expect("a bank")
    }
}

/// What the planner says of an attempt of this world's wallet.
pub fn planned(world: &World, client: &Client, methods: &PullMethods, session: &str) -> Plan {
    let names = LaunchNames {
        session: "tokenRequestorSessionId".to_owned(),
        token_requestor: "tokenRequestorId".to_owned(),
        callback: "callbackURL".to_owned(),
        locale: None,
    };
    let rules = LinkRules {
        wallet_host: "localhost".to_owned(),
        allow_loopback: true,
    };
    let callback = world.at(&format!("/callback/{session}"));
    let fallback = world.at(&format!("/sessions/{session}/go"));
    let context = LaunchContext {
        names: &names,
        values: LaunchValues {
            session,
            token_requestor: TRID,
            callback: &callback,
            locale: None,
        },
        fallback: &fallback,
        rules: &rules,
    };
    plan(&client.signals(), methods, context)
}
