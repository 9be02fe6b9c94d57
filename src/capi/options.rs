//! What a program sets for its whole process.

use std::ffi::{c_char, c_int, c_void};

use super::border::{Fallback, border, bytes, copy_text, string};
use super::{RET_MSG_LENGTH, SET_CONF_RET_CODE, TSDB_OPTION, setConfRet};
use crate::client::options::{ProgramOption, set};
use crate::client::{ConfigOutcome, set_config};

/// What each option means.
const OPTIONS: [(TSDB_OPTION, ProgramOption); 8] = {
    use ProgramOption::{ConfigDir, Key};
    use TSDB_OPTION::*;
    [
        (TSDB_OPTION_LOCALE, Key("locale")),
        (TSDB_OPTION_CHARSET, Key("charset")),
        (TSDB_OPTION_TIMEZONE, Key("timezone")),
        (TSDB_OPTION_CONFIGDIR, ConfigDir),
        (TSDB_OPTION_SHELL_ACTIVITY_TIMER, Key("shellActivityTimer")),
        (TSDB_WRITE_BATCH_SIZE, Key("writeBatchSize")),
        (TSDB_WRITE_BATCH_TIMEOUT, Key("writeBatchTimeout")),
        (TSDB_WRITE_BATCH_THREAD_LOCAL, Key("writeBatchThreadLocal")),
    ]
};

/// Sets an option for the whole process: 0, or -1 for an option that does not exist and a value that is
/// NULL. A value that means nothing is ignored.
///
/// C declares this function with `...` after the value; nothing there is ever read, so it need not be
/// declared here, where it cannot be. The prototype in `taos.h` comes from cbindgen.toml.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_options(option: c_int, arg: *const c_void) -> c_int {
    border(|| {
        let known = OPTIONS.iter().find(|(known, _)| *known as c_int == option);
        // SAFETY: a string or NULL, as the caller promises.
        let (Some((_, option)), Some(value)) = (known, unsafe { string(arg.cast()) }) else { return Ok(-1) };
        set(*option, &value);
        Ok(0)
    })
}

impl Fallback for setConfRet {
    const FALLBACK: setConfRet =
        setConfRet { retCode: SET_CONF_RET_CODE::SET_CONF_RET_ERR_INNER, retMsg: [0; RET_MSG_LENGTH] };
}

/// Sets what taos.cfg could set, from a JSON object of strings; works once in a process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn taos_set_config(config: *const c_char) -> setConfRet {
    border(|| {
        // SAFETY: a string or NULL, as the caller promises.
        Ok(answer(&set_config(unsafe { bytes(config) }.unwrap_or_default())))
    })
}

fn answer(outcome: &ConfigOutcome) -> setConfRet {
    use SET_CONF_RET_CODE::{
        SET_CONF_RET_ERR_JSON_INVALID, SET_CONF_RET_ERR_JSON_PARSE, SET_CONF_RET_ERR_ONLY_ONCE,
        SET_CONF_RET_ERR_PART, SET_CONF_RET_SUCC,
    };
    let (code, message) = match outcome {
        ConfigOutcome::Taken => (SET_CONF_RET_SUCC, String::new()),
        ConfigOutcome::Part(keys) => (SET_CONF_RET_ERR_PART, format!("part error|{}", keys.join("|"))),
        ConfigOutcome::NoObject => {
            (SET_CONF_RET_ERR_JSON_INVALID, "json content is invalid, must be not empty object".to_owned())
        }
        ConfigOutcome::NotJson => (SET_CONF_RET_ERR_JSON_PARSE, "parse json error".to_owned()),
        ConfigOutcome::OnlyOnce => (SET_CONF_RET_ERR_ONLY_ONCE, "configuration can only set once".to_owned()),
    };
    let mut answer = setConfRet { retCode: code, ..setConfRet::FALLBACK };
    copy_text(&message, &mut answer.retMsg);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_exist_and_those_that_do_not() {
        // SAFETY: strings and NULL.
        let set = |option, value: *const c_char| unsafe { taos_options(option, value.cast()) };
        for option in [0, 1, 2, 4, 6, 7, 8] {
            assert_eq!(set(option, c"no such value".as_ptr()), 0, "{option}");
            assert_eq!(set(option, std::ptr::null()), -1, "{option}");
        }
        for option in [5, 9, -1, c_int::MAX] {
            assert_eq!(set(option, c"UTC".as_ptr()), -1, "{option}");
        }
    }

    #[test]
    fn answers_to_set_config() {
        let part = answer(&ConfigOutcome::Part(vec!["nosuch".to_owned(), "x".repeat(2000)]));
        assert_eq!(part.retCode as c_int, -1);
        assert_eq!(part.retMsg[RET_MSG_LENGTH - 1], 0);
        // SAFETY: it ends with a zero.
        let message = unsafe { string(part.retMsg.as_ptr()) };
        assert!(message.is_some_and(|text| text.starts_with("part error|nosuch|xx")));
        assert_eq!(answer(&ConfigOutcome::NotJson).retCode as c_int, -4);
    }
}
