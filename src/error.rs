//! The one error type: a TDengine code and a sentence.
//!
//! Everything that can fail in this library fails with an [`Error`]. Its [`Code`] is the number that
//! `taos_errno` returns; its message is the text of `taos_errstr`.

pub mod codes;

use std::borrow::Cow;

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A code of the table in [`codes`], or an operating system error (`0x80ff` and the `errno`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub i32);

impl Code {
    /// The code for an operating system error number.
    pub const fn from_os(errno: i32) -> Code {
        Code((0x80ff_0000_u32 | (errno as u32 & 0xffff)) as i32)
    }

    /// The sentence that the original library has for this code.
    pub fn message(self) -> Cow<'static, str> {
        if let Some(known) = codes::message(self) {
            return Cow::Borrowed(known);
        }
        let low = self.0 as u32 & 0xffff;
        if self.0 as u32 >> 16 == 0x80ff {
            return Cow::Owned(os_message(low as i32));
        }
        Cow::Owned(format!("Unknown error {low}"))
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{:08X}", self.0 as u32)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

/// An operating system error as C's `strerror` words it (std appends the number, C does not).
fn os_message(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// What went wrong: a code for programs, a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What `taos_errno` returns.
    pub code: Code,
    /// What `taos_errstr` returns.
    pub message: Cow<'static, str>,
}

impl Error {
    /// An error whose sentence says more than that of its code.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Error {
        Error { code, message: message.into() }
    }

    /// `0x80000200`: the statement parses, but does not make sense. The original begins such a sentence
    /// with "invalid operation: ".
    pub fn invalid_operation(what: impl std::fmt::Display) -> Error {
        Error::new(codes::TSC_INVALID_OPERATION, format!("invalid operation: {what}"))
    }

    /// `0x80000216`: the statement does not parse; `near` is what follows the place, as in
    /// `syntax error near "selec 1"`.
    pub fn syntax(near: impl std::fmt::Display) -> Error {
        Error::new(codes::TSC_SQL_SYNTAX_ERROR, format!("syntax error near \"{near}\""))
    }

    /// An operation of the file system that failed; the sentence says on what.
    pub fn io(doing: impl std::fmt::Display, cause: &std::io::Error) -> Error {
        let code = match (cause.raw_os_error(), cause.kind()) {
            (Some(errno), _) => Code::from_os(errno),
            (None, std::io::ErrorKind::OutOfMemory) => codes::COM_OUT_OF_MEMORY,
            (None, _) => codes::TDB_FILE_CORRUPTED,
        };
        Error::new(code, format!("{doing}: {cause}"))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Error {
        Error { code, message: code.message() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_carry_the_sentence_programs_know() {
        assert_eq!(Error::from(codes::TSC_DISCONNECTED).to_string(), "Disconnected from service");
        assert_eq!(codes::TSC_DISCONNECTED.0 as u32, 0x8000_0213);
        assert_eq!(Code(-1).message(), "Unknown error 65535");
        assert_eq!(Code(0).message(), "success");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn operating_system_errors_read_like_strerror() {
        let error = Code::from_os(2);
        assert_eq!(error.0 as u32, 0x80ff_0002);
        assert_eq!(error.message(), "No such file or directory");
    }

    #[test]
    fn no_code_stands_twice() {
        let mut all: Vec<i32> = codes::ALL.iter().map(|c| c.0).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(count > 390);
    }
}
