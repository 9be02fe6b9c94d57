//! CREATE, ALTER and DROP DATABASE, and the options they share with topics.

use super::{Kind, Parser};
use crate::error::Result;
use crate::sql::ast::{DatabaseOption, Statement};
use crate::types::Value;

/// What CREATE DATABASE sets, besides KEEP and PRECISION: each takes one whole number.
const CREATE_OPTIONS: &[&str] = &[
    "days",
    "cache",
    "blocks",
    "minrows",
    "maxrows",
    "ctime",
    "wal",
    "fsync",
    "comp",
    "update",
    "cachelast",
    "replica",
    "quorum",
];

/// What ALTER DATABASE can change, besides KEEP.
const ALTER_OPTIONS: &[&str] = &["replica", "quorum", "blocks", "comp", "update", "cachelast", "minrows"];

impl Parser<'_> {
    /// Behind CREATE DATABASE.
    pub(super) fn create_database(&mut self) -> Result<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.name("db name")?;
        let options = self.create_options()?;
        Ok(Statement::CreateDatabase { name, if_not_exists, options })
    }

    /// Behind ALTER DATABASE.
    pub(super) fn alter_database(&mut self) -> Result<Statement> {
        let name = self.name("db name")?;
        let mut options = Vec::new();
        while let Some(option) = self.keep_or_number(ALTER_OPTIONS)? {
            options.push(option);
        }
        Ok(Statement::AlterDatabase { name, options })
    }

    /// Behind DROP DATABASE.
    pub(super) fn drop_database(&mut self) -> Result<Statement> {
        let if_exists = self.if_exists()?;
        Ok(Statement::DropDatabase { name: self.name("db name")?, if_exists })
    }

    /// The options of CREATE DATABASE.
    pub(super) fn create_options(&mut self) -> Result<Vec<DatabaseOption>> {
        let mut options = Vec::new();
        loop {
            if self.accept("precision") {
                let values = vec![Value::text(self.string_bytes()?)];
                options.push(DatabaseOption { name: "precision".to_owned(), values });
            } else if let Some(option) = self.keep_or_number(CREATE_OPTIONS)? {
                options.push(option);
            } else {
                return Ok(options);
            }
        }
    }

    /// `KEEP number, …`, or one of these options and its number.
    fn keep_or_number(&mut self, options: &[&str]) -> Result<Option<DatabaseOption>> {
        if self.accept("keep") {
            let values = self.list(|parser| Ok(Value::Int(parser.integer()?)))?;
            return Ok(Some(DatabaseOption { name: "keep".to_owned(), values }));
        }
        let Some(name) = options.iter().find(|name| self.accept(name)) else { return Ok(None) };
        let values = vec![Value::Int(self.integer()?)];
        Ok(Some(DatabaseOption { name: (*name).to_owned(), values }))
    }

    /// `[PARTITIONS number]` and the options of CREATE DATABASE, which a topic has as well.
    pub(super) fn topic_options(&mut self) -> Result<()> {
        loop {
            if self.accept("partitions") {
                self.expect_kind(Kind::Integer)?;
            } else if self.create_options()?.is_empty() {
                return Ok(());
            }
        }
    }
}
