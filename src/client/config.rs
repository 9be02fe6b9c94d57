//! `taos_set_config`: settings as the members of a JSON object.

use parking_lot::Mutex;
use serde_json::Value;

use super::options;

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigOutcome {
    /// Every setting was taken.
    Taken,
    /// These keys were not; the others were.
    Part(Vec<String>),
    /// The text is JSON, but no object with members.
    NoObject,
    /// The text is not JSON.
    NotJson,
    /// It was called before with success, and that can be once in a process.
    OnlyOnce,
}

static DONE: Mutex<bool> = Mutex::new(false);

/// Takes settings for the whole process, once; the values are strings.
pub fn set_config(json: &[u8]) -> ConfigOutcome {
    apply(json, &mut DONE.lock(), |key, value| options::set_key(key, value).is_ok())
}

fn apply(json: &[u8], done: &mut bool, take: impl Fn(&str, &str) -> bool) -> ConfigOutcome {
    let members = match serde_json::from_slice(json) {
        Err(_) => return ConfigOutcome::NotJson,
        Ok(Value::Object(members)) if !members.is_empty() => members,
        Ok(_) => return ConfigOutcome::NoObject,
    };
    if std::mem::replace(done, true) {
        return ConfigOutcome::OnlyOnce;
    }
    let refused = |(key, value): &(String, Value)| !value.as_str().is_some_and(|value| take(key, value));
    let refused: Vec<String> = members.into_iter().filter(refused).map(|(key, _)| key).collect();
    if refused.is_empty() { ConfigOutcome::Taken } else { ConfigOutcome::Part(refused) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(json: &str) -> ConfigOutcome {
        apply(json.as_bytes(), &mut false, |key, _| key != "nosuch")
    }

    #[test]
    fn outcomes_as_measured_on_the_original() {
        assert_eq!(first(r#"{"debugFlag":"135"}"#), ConfigOutcome::Taken);
        assert_eq!(first(r#"{"debugFlag":"135","nosuch":"1"}"#), ConfigOutcome::Part(vec!["nosuch".into()]));
        assert_eq!(first(r#"{"debugFlag":135}"#), ConfigOutcome::Part(vec!["debugFlag".into()]));
        for nothing in ["{}", "[]"] {
            assert_eq!(first(nothing), ConfigOutcome::NoObject);
        }
        for broken in ["", "{", "debugFlag 135", r#"{"a":"#] {
            assert_eq!(first(broken), ConfigOutcome::NotJson);
        }
    }

    #[test]
    fn only_what_was_understood_uses_up_the_one_call() {
        let mut done = false;
        apply(b"{", &mut done, |_, _| true);
        apply(b"{}", &mut done, |_, _| true);
        assert_eq!(
            apply(br#"{"nosuch":"1"}"#, &mut done, |_, _| false),
            ConfigOutcome::Part(vec!["nosuch".into()])
        );
        assert_eq!(apply(br#"{"debugFlag":"135"}"#, &mut done, |_, _| true), ConfigOutcome::OnlyOnce);
    }
}
