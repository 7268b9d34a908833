//! The description and the routes say the same.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Strings;

/// The members that a handler reads, as it names them when it meets a stranger.
async fn read_members(strings: &Strings, method: &str, path: &str) -> BTreeSet<String> {
    let said = strings.refused(method, path, json!({"nonsense": 1}), 400).await;
    let (_, expected) = said.split_once("expected").unwrap_or_else(|| panic!("{path}: {said}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_and_every_member_is_described_and_everything_described_is_there() {
    let strings = Strings::new().await;
    let document = strings.get("/openapi.json").await;
    let source = include_str!("../mod.rs");
    let mut routes = BTreeSet::new();
    for route in source.split(".route(\"").skip(1) {
        let (path, rest) = route.split_once('"').unwrap();
        let handlers = rest
            .split(".route(")
            .next()
            .unwrap()
            .split(".method_not_allowed")
            .next()
            .unwrap();
        for method in ["get", "post", "put", "delete"] {
            if handlers.contains(&format!("{method}(")) {
                routes.insert((format!("/_sim{path}"), method.to_owned()));
            }
        }
    }
    assert!(routes.len() > 10);
    let resolve = |schema: &Value| -> Value {
        let name = schema["$ref"]
            .as_str()
            .and_then(|name| name.strip_prefix("#/components/schemas/"));
        name.map_or_else(
            || schema.clone(),
            |name| document["components"]["schemas"][name].clone(),
        )
    };
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert((path.clone(), method.clone()));
            let short = path.strip_prefix("/_sim").unwrap();
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !body.is_null() && resolve(body)["additionalProperties"] == false {
                let members = resolve(body)["properties"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .cloned()
                    .collect();
                assert_eq!(
                    read_members(&strings, &method.to_uppercase(), short).await,
                    members,
                    "{path}"
                );
            }
            if method == "get" {
                let (_, schema) = operation["responses"]["200"]["content"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .next()
                    .unwrap();
                let schema = resolve(&schema["schema"]);
                let answer = strings.get(short).await;
                if let Some(properties) = schema["properties"].as_object() {
                    let said: BTreeSet<&String> = answer.as_object().unwrap().keys().collect();
                    assert_eq!(said, properties.keys().collect(), "{path}");
                }
            }
        }
    }
    assert_eq!(described, routes);
}
