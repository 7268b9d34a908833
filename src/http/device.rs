//! What a request's headers say about the device.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

use crate::domain::device::Device;

/// What a request says about its device. Client hints are structured fields: `"Android"`, `?1`.
pub(super) fn device_of(headers: &HeaderMap) -> Device {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Device {
        user_agent: text(USER_AGENT.as_str()).unwrap_or_default().to_owned(),
        ch_platform: text("sec-ch-ua-platform").map(|value| value.trim().trim_matches('"').to_owned()),
        ch_mobile: text("sec-ch-ua-mobile").and_then(|value| match value.trim() {
            "?1" => Some(true),
            "?0" => Some(false),
            _ => None,
        }),
        touch_points: None,
    }
}
