//! The functions of SELECT: a table of them, one file per family.
//!
//! A function is an entry: its name, which arguments it takes and what it returns, and how it runs over
//! columns. To add one, write its entry beside its family and name it in that family's list.

pub(crate) mod aggregate;
pub(crate) mod kernels;
pub(crate) mod scalar;

use aggregate::Aggregate;
use scalar::Scalar;

use crate::error::{Error, Result, codes};

/// A function by its kind.
#[derive(Clone, Copy)]
pub(crate) enum Function {
    /// One value for each row.
    Scalar(&'static Scalar),
    /// One value for many rows.
    Aggregate(&'static Aggregate),
}

/// Functions of the dialect that this version does not have yet.
const NOT_BUILT: &[&str] = &[
    "apercentile",
    "bottom",
    "cast",
    "concat",
    "concat_ws",
    "csum",
    "derivative",
    "diff",
    "elapsed",
    "histogram",
    "hyperloglog",
    "interp",
    "irate",
    "leastsquares",
    "mavg",
    "mode",
    "now",
    "percentile",
    "sample",
    "statecount",
    "stateduration",
    "substr",
    "tail",
    "timediff",
    "timetruncate",
    "timezone",
    "to_iso8601",
    "to_unixtimestamp",
    "today",
    "top",
    "twa",
    "unique",
];

/// The function of that name (lower case). `0x80000374` for a name that no function has, `0x80000200`
/// for one that is not built yet.
pub(crate) fn find(name: &str) -> Result<Function> {
    if let Some(function) = aggregate::ALL.iter().find(|function| function.name == name) {
        return Ok(Function::Aggregate(function));
    }
    if let Some(function) = scalar::ALL.iter().copied().flatten().find(|function| function.name == name) {
        return Ok(Function::Scalar(function));
    }
    if NOT_BUILT.contains(&name) {
        return Err(Error::invalid_operation(format_args!("function {name}() is not supported yet")));
    }
    Err(Error::new(codes::MND_INVALID_FUNC, format!("Invalid func: there is no function {name}()")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known_once() {
        let mut names: Vec<&str> = aggregate::ALL.iter().map(|function| function.name).collect();
        names.extend(scalar::ALL.iter().copied().flatten().map(|function| function.name));
        names.extend(NOT_BUILT);
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(matches!(find("sum"), Ok(Function::Aggregate(_))));
        assert!(matches!(find("nvl"), Err(error) if error.code == codes::MND_INVALID_FUNC));
    }
}
