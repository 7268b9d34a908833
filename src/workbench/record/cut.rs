//! How much of a body is kept: as much as a person would read. What was found out about it was found out about all of it.

use serde_json::{Map, Value};

/// Values of JSON that are kept of one body.
const VALUES_MAX: usize = 4_000;
/// Letters of its texts and names that are kept, in bytes.
const BYTES_MAX: usize = 64 * 1024;
/// A text that is longer is shortened or told by its length when it is masked: no more of it counts.
const TEXT_MAX: usize = 400;

/// What is left to be kept.
struct Room {
    values: usize,
    bytes: usize,
    is_full: bool,
}

impl Room {
    fn takes(&mut self, name: &str, value: &Value) -> bool {
        let bytes = name.len() + value.as_str().map_or(0, |text| text.len().min(TEXT_MAX));
        self.is_full |= self.values == 0 || self.bytes < bytes;
        if !self.is_full {
            self.values -= 1;
            self.bytes -= bytes;
        }
        !self.is_full
    }
}

/// The beginning of a JSON document, and whether that is less than all of it.
pub(super) fn json(value: &Value) -> (Value, bool) {
    let mut room = Room {
        values: VALUES_MAX,
        bytes: BYTES_MAX,
        is_full: false,
    };
    let kept = cut(value, &mut room);
    (kept, room.is_full)
}

fn cut(value: &Value, room: &mut Room) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                if !room.takes("", item) {
                    break;
                }
                kept.push(cut(item, room));
            }
            Value::Array(kept)
        }
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, member) in members {
                if !room.takes(name, member) {
                    break;
                }
                kept.insert(name.clone(), cut(member, room));
            }
            Value::Object(kept)
        }
    }
}

/// Says in a document that was cut that it was.
pub(super) fn say(kept: &mut Value, bytes: usize) {
    let words = Value::String(format!("cut when recorded, of {bytes} bytes"));
    match kept {
        Value::Array(items) => items.push(words),
        Value::Object(members) => {
            members.insert("…".to_owned(), words);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Object(members) => members.values().map(count).sum(),
            _ => 0,
        }
    }

    #[test]
    fn what_is_short_is_kept_whole() {
        let picture = json!({"mediaContents": [{"data": "A".repeat(2_000_000)}], "none": null});
        assert_eq!(json(&picture), (picture, false));
    }

    #[test]
    fn of_what_is_long_the_beginning_is_kept_however_it_is_nested() {
        let nested = json!(vec![vec![vec!["a"; 200]; 200]; 6]);
        let (kept, is_cut) = json(&nested);
        assert!(is_cut && count(&kept) == VALUES_MAX + 1, "{}", count(&kept));
        let wide = json!({"first": 1, "names": vec![json!({"x".repeat(300): "y".repeat(300)}); 1_000]});
        let (mut kept, is_cut) = json(&wide);
        assert!(is_cut && kept["first"] == 1);
        let bytes = kept.to_string().len();
        assert!((BYTES_MAX / 2..BYTES_MAX * 2).contains(&bytes), "{bytes}");
        say(&mut kept, 700_000);
        assert_eq!(kept["…"], "cut when recorded, of 700000 bytes");
    }
}
