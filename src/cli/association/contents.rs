//! What is wrong inside an association file that is JSON but not ours. Pure.

use serde_json::Value;

use crate::config::{AppleAppId, CertificateFingerprint, NativeApp};
use crate::http::native_app::{BROWSERS_OWN, CLAIMED, HANDLE_ALL_URLS};

use super::shown;

/// `assetlinks.json`: another app, another certificate, a certificate too few.
pub(super) fn asset_links_faults(found: &Value, app: &NativeApp) -> Vec<String> {
    let Some(app) = &app.android else { return Vec::new() };
    let statements = list(found).iter().filter(|statement| {
        let relations = list(&statement["relation"]);
        relations.iter().any(|relation| relation == HANDLE_ALL_URLS)
            && statement["target"]["namespace"] == "android_app"
    });
    let targets: Vec<&Value> = statements.map(|statement| &statement["target"]).collect();
    if targets.is_empty() {
        return vec![format!(
            "names no Android app: no statement has the relation {HANDLE_ALL_URLS} and the namespace android_app"
        )];
    }
    let (own, foreign): (Vec<&Value>, Vec<&Value>) = targets
        .into_iter()
        .partition(|target| target["package_name"] == app.package.as_str());
    let mut faults: Vec<String> = foreign
        .iter()
        .map(|target| {
            format!(
                "names another package, {}: if it is yours, set app.android_package; if not, see who changed the file",
                text(&target["package_name"])
            )
        })
        .collect();
    if own.is_empty() {
        faults.push(format!("does not name app.android_package {}", app.package.as_str()));
        return faults;
    }
    let fingerprints: Vec<&Value> = own
        .iter()
        .flat_map(|target| list(&target["sha256_cert_fingerprints"]))
        .collect();
    let ours: Vec<&str> = app.fingerprints.iter().map(CertificateFingerprint::as_str).collect();
    faults.extend(
        ours.iter()
            .filter(|own| !fingerprints.iter().any(|found| **found == **own))
            .map(|own| format!("lacks the fingerprint {own} of app.android_fingerprints: its builds are not opened")),
    );
    let strange = |found: &&&Value| !found.as_str().is_some_and(|found| ours.contains(&found));
    faults.extend(fingerprints.iter().filter(strange).map(|found| {
        format!(
            "trusts another fingerprint, {}: if the certificate is yours, add it to app.android_fingerprints (Google \
             compares upper case); if not, see who changed the file",
            text(found)
        )
    }));
    faults
}

/// `apple-app-site-association`: another app, an app too few, addresses that are the browser's, or not the app's.
pub(super) fn apple_association_faults(found: &Value, app: &NativeApp) -> Vec<String> {
    let details = list(&found["applinks"]["details"]);
    let ours: Vec<&str> = app.ios.iter().map(AppleAppId::as_str).collect();
    let mut faults = Vec::new();
    let named: Vec<&Value> = details.iter().flat_map(|detail| list(&detail["appIDs"])).collect();
    for id in named {
        if !id.as_str().is_some_and(|id| ours.contains(&id)) {
            faults.push(format!(
                "names another app, {}: if it is yours, add it to app.ios_app_ids; if not, see who changed the file",
                text(id)
            ));
        }
    }
    for id in &ours {
        let names = |list: &[Value]| list.iter().any(|named| named == id);
        let own: Vec<&Value> = details.iter().filter(|detail| names(list(&detail["appIDs"]))).collect();
        if own.is_empty() {
            faults.push(format!("does not name {id} of app.ios_app_ids"));
        } else {
            let components: Vec<&Value> = own.iter().flat_map(|detail| list(&detail["components"])).collect();
            faults.extend(address_faults(&components, id));
        }
        if !names(list(&found["webcredentials"]["apps"])) {
            faults.push(format!(
                "does not name {id} under webcredentials: a web session in the app could not end at an https address"
            ));
        }
    }
    faults
}

/// Which addresses an app gets that it must not, and the other way round.
fn address_faults(components: &[&Value], id: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for pattern in BROWSERS_OWN {
        if verdict(components, &pattern.replace('*', "x")) != Some(false) {
            faults.push(format!(
                "does not exclude {pattern} for {id}: a way back that belongs to a browser could end in the app"
            ));
        }
    }
    if verdict(components, &CLAIMED.replace('*', "x")) != Some(true) {
        faults.push(format!(
            "does not give {CLAIMED} to {id}: the app's way back would end in a browser"
        ));
    }
    let more = ["/", "/issuers", "/app"].into_iter();
    faults.extend(
        more.filter(|path| verdict(components, path) == Some(true))
            .map(|path| format!("gives {path} to {id}: the app is to get {CLAIMED} and nothing else")),
    );
    faults
}

/// Whether the first component that matches a path opens the app (`true`) or excludes it (`false`). A component that
/// also looks at query or fragment counts as one that matches.
fn verdict(components: &[&Value], path: &str) -> Option<bool> {
    let first = components.iter().find(|component| {
        let pattern = component.get("/").map_or(Some("*"), Value::as_str);
        pattern.is_some_and(|pattern| matches(pattern.as_bytes(), path.as_bytes()))
    })?;
    Some(first["exclude"] != true)
}

/// `*` is any text, `?` is any character. The file is somebody else's: many stars must not take long.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    // The last star, and up to where it has swallowed the path.
    let mut star = None;
    while seen < path.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || *wanted == path[seen] => {
                at += 1;
                seen += 1;
            }
            Some(_) | None => {
                let Some((place, swallowed)) = star else { return false };
                star = Some((place, swallowed + 1));
                at = place + 1;
                seen = swallowed + 1;
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == b'*')
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| shown(&value.to_string()), shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, matched) in [
            ("*", "/", true),
            ("/callback/*", "/callback/x", true),
            ("/callback/*", "/callback/", true),
            ("/callback/*", "/app/callback/x", false),
            ("/callback/*", "/callback", false),
            ("*/callback/*", "/app/callback/x", true),
            ("/app/callback/?", "/app/callback/x", true),
            ("/app/callback/?", "/app/callback/", false),
            ("/a*b*c", "/axbxc", true),
            ("/a*b*c", "/axcxb", false),
            ("", "/", false),
            (&"*".repeat(10_000), "/app/callback/x", true),
            (&format!("{}y", "*".repeat(10_000)), "/app/callback/x", false),
        ] {
            assert_eq!(
                matches(pattern.as_bytes(), path.as_bytes()),
                matched,
                "{pattern} {path}"
            );
        }
    }
}
