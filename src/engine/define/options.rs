//! The options of CREATE and ALTER DATABASE: what they are called, and which values they take.
//!
//! The original's client refuses some values with a sentence (`0x80000200`) and leaves others to its
//! server (`0x80000382` and its neighbours); programs know both.

use crate::engine::catalog::DatabaseOptions;
use crate::engine::storage::UpdateMode;
use crate::error::{Error, Result, codes};
use crate::sql::ast::DatabaseOption;
use crate::types::{Precision, Value};

/// The options of a new database.
pub(super) fn create(given: &[DatabaseOption]) -> Result<DatabaseOptions> {
    let mut options = DatabaseOptions::default();
    given.iter().try_for_each(|option| set(&mut options, option))?;
    if options.replica > 1 {
        // One process is one node.
        return Err(codes::MND_INVALID_DB_OPTION.into());
    }
    check_together(&options)?;
    Ok(options)
}

/// The options of a database after ALTER.
pub(super) fn alter(before: &DatabaseOptions, given: &[DatabaseOption]) -> Result<DatabaseOptions> {
    let mut options = before.clone();
    for option in given {
        let may_change = ["keep", "blocks", "comp", "cachelast", "quorum", "replica", "minrows", "update"];
        if !may_change.contains(&option.name.as_str()) {
            return Err(Error::syntax(&option.name));
        }
        set(&mut options, option)?;
    }
    if options.replica > 1 {
        return Err(codes::MND_NO_ENOUGH_DNODES.into());
    }
    if options.update != before.update {
        return Err(codes::MND_INVALID_DB_OPTION.into());
    }
    check_together(&options)?;
    Ok(options)
}

fn check_together(options: &DatabaseOptions) -> Result<()> {
    if options.keep < options.days {
        return Err(codes::MND_INVALID_DB_OPTION_KEEP.into());
    }
    if options.min_rows > options.max_rows || options.quorum > options.replica {
        return Err(codes::MND_INVALID_DB_OPTION.into());
    }
    Ok(())
}

fn set(options: &mut DatabaseOptions, option: &DatabaseOption) -> Result<()> {
    match option.name.as_str() {
        "keep" => options.keep = keep(option)?,
        "precision" => options.precision = precision(option)?,
        "days" => options.days = ranged(option, "daysPerFile", 1, 3650)?,
        "cache" => options.cache_mb = ranged(option, "cacheBlockSize", 1, 128)?,
        "blocks" => options.blocks = ranged(option, "totalBlocks", 3, 10000)?,
        "comp" => options.comp = ranged(option, "compression", 0, 2)?,
        "fsync" => options.fsync_ms = ranged(option, "fsyncPeriod", 0, 180_000)?,
        "replica" => options.replica = ranged(option, "replications", 1, 3)?,
        "quorum" => options.quorum = ranged(option, "quorum", 1, 2)?,
        "wal" => options.wal_level = wal(option)?,
        // How often a server commits; there is none, so only its range matters.
        "ctime" => drop(ranged::<i32>(option, "commitTime", 30, 40960)?),
        "minrows" => options.min_rows = quietly_ranged(option, 10, 1000)?,
        "maxrows" => options.max_rows = quietly_ranged(option, 200, 10000)?,
        "cachelast" => options.cache_last = quietly_ranged(option, 0, 3)?,
        "update" => {
            options.update = match number(option)? {
                0 => UpdateMode::KeepFirst,
                1 => UpdateMode::ReplaceRow,
                2 => UpdateMode::MergeColumns,
                _ => return Err(codes::MND_INVALID_DB_OPTION.into()),
            }
        }
        unknown => return Err(Error::syntax(unknown)),
    }
    Ok(())
}

fn number(option: &DatabaseOption) -> Result<i64> {
    match option.values.as_slice() {
        [Value::Int(number)] => Ok(*number),
        [Value::UInt(number)] => Ok(i64::try_from(*number).unwrap_or(i64::MAX)),
        _ => Err(Error::syntax(&option.name)),
    }
}

/// A number whose range is told when it is left.
fn ranged<T: TryFrom<i64>>(option: &DatabaseOption, shown: &str, low: i64, high: i64) -> Result<T> {
    let given = number(option)?;
    let fitting = if (low..=high).contains(&given) { T::try_from(given).ok() } else { None };
    fitting.ok_or_else(|| {
        let what = format_args!("invalid db option {shown}: {given} valid range: [{low}, {high}]");
        Error::invalid_operation(what)
    })
}

/// A number whose range is not told.
fn quietly_ranged<T: TryFrom<i64>>(option: &DatabaseOption, low: i64, high: i64) -> Result<T> {
    ranged(option, "", low, high).map_err(|error| match error.code {
        codes::TSC_INVALID_OPERATION => codes::MND_INVALID_DB_OPTION.into(),
        _ => error,
    })
}

fn keep(option: &DatabaseOption) -> Result<i32> {
    if option.values.len() != 1 {
        return Err(Error::invalid_operation("invalid number of keep options"));
    }
    match number(option)? {
        days @ 1..=36500 => Ok(days as i32),
        _ => Err(Error::invalid_operation("invalid keep value")),
    }
}

fn wal(option: &DatabaseOption) -> Result<i8> {
    match number(option)? {
        level @ 0..=2 => Ok(level as i8),
        level => {
            let what = format_args!("invalid db option walLevel: {level}, only 1-2 allowed");
            Err(Error::invalid_operation(what))
        }
    }
}

fn precision(option: &DatabaseOption) -> Result<Precision> {
    let [Value::Bytes(name)] = option.values.as_slice() else {
        return Err(Error::syntax(&option.name));
    };
    let known = std::str::from_utf8(name).ok().and_then(Precision::from_name);
    known.ok_or_else(|| Error::invalid_operation("invalid time precision"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str, value: i64) -> DatabaseOption {
        DatabaseOption { name: name.into(), values: vec![Value::Int(value)] }
    }

    fn code(given: &[DatabaseOption]) -> Option<u32> {
        create(given).err().map(|error| error.code.0 as u32)
    }

    #[test]
    fn ranges_end_where_the_original_says() {
        for (name, low, high) in [("days", 1, 3650), ("cache", 1, 128), ("blocks", 3, 10000), ("comp", 0, 2)]
        {
            let wide = option("keep", 36500);
            assert_eq!(code(&[wide.clone(), option(name, low)]), None, "{name}");
            assert_eq!(code(&[wide.clone(), option(name, high)]), None, "{name}");
            assert_eq!(code(&[wide.clone(), option(name, low - 1)]), Some(0x8000_0200), "{name}");
            assert_eq!(code(&[wide, option(name, high + 1)]), Some(0x8000_0200), "{name}");
        }
        assert_eq!(code(&[option("update", 3)]), Some(0x8000_0382));
        assert_eq!(code(&[option("minrows", 300), option("maxrows", 250)]), Some(0x8000_0382));
        assert_eq!(code(&[option("keep", 9)]), Some(0x8000_0391));
        assert_eq!(code(&[option("replica", 2)]), Some(0x8000_0382));
        assert_eq!(code(&[option("quorum", 2)]), Some(0x8000_0382));
    }

    #[test]
    fn alter_changes_some_options_and_never_update() {
        let before = DatabaseOptions::default();
        let after = alter(&before, &[option("keep", 20), option("update", 0)]).unwrap();
        assert_eq!(after, DatabaseOptions { keep: 20, ..before.clone() });
        let code = |given| alter(&before, &[given]).unwrap_err().code;
        assert_eq!(code(option("update", 1)), codes::MND_INVALID_DB_OPTION);
        assert_eq!(code(option("replica", 2)), codes::MND_NO_ENOUGH_DNODES);
        assert_eq!(code(option("days", 5)), codes::TSC_SQL_SYNTAX_ERROR);
    }
}
