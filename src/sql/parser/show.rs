//! SHOW in all its forms.

use super::{Kind, Parser};
use crate::error::{Error, Result};
use crate::sql::ast::{Show, ShowCreate, ShowKind, Statement};

/// What is listed for the whole server.
const SERVER_LISTS: &[(&str, ShowKind)] = &[
    ("databases", ShowKind::Databases),
    ("users", ShowKind::Users),
    ("accounts", ShowKind::Accounts),
    ("vnodes", ShowKind::Vnodes),
    ("dnodes", ShowKind::Dnodes),
    ("mnodes", ShowKind::Mnodes),
    ("modules", ShowKind::Modules),
    ("variables", ShowKind::Variables),
    ("configs", ShowKind::Configs),
    ("functions", ShowKind::Functions),
    ("streams", ShowKind::Streams),
    ("queries", ShowKind::Queries),
    ("connections", ShowKind::Connections),
    ("scores", ShowKind::Scores),
    ("grants", ShowKind::Grants),
    ("topics", ShowKind::Topics),
];

impl Parser<'_> {
    /// Behind SHOW.
    pub(super) fn show(&mut self) -> Result<Statement> {
        if self.accept("create") {
            return self.show_create();
        }
        let Some(&(_, what)) = SERVER_LISTS.iter().find(|(word, _)| self.accept(word)) else {
            return self.show_of_database();
        };
        if what == ShowKind::Vnodes && self.at_name() {
            // The node whose vnodes are wanted; here there is only one.
            self.advance();
        }
        Ok(Statement::Show(Show { what, database: None, like: None }))
    }

    /// `[database.] TABLES | STABLES | VGROUPS [LIKE 'pattern']`
    fn show_of_database(&mut self) -> Result<Statement> {
        let is_list = self.at("tables") || self.at("stables") || self.at("vgroups");
        let database = if is_list {
            None
        } else {
            let name = self.name("db name")?;
            self.expect_kind(Kind::Dot)?;
            Some(name)
        };
        if self.accept("vgroups") {
            return Ok(Statement::Show(Show { what: ShowKind::Vgroups, database, like: None }));
        }
        let what = if self.accept("tables") {
            ShowKind::Tables
        } else {
            self.expect("stables")?;
            ShowKind::Stables
        };
        let like = if self.accept("like") { Some(self.pattern()?) } else { None };
        Ok(Statement::Show(Show { what, database, like }))
    }

    fn pattern(&mut self) -> Result<String> {
        let pattern = self.string()?;
        if pattern.is_empty() {
            self.refuse(Error::invalid_operation("pattern string is empty"));
        }
        Ok(pattern)
    }

    fn show_create(&mut self) -> Result<Statement> {
        let what = if self.accept("database") {
            ShowCreate::Database(self.name("db name")?)
        } else if self.accept("stable") {
            ShowCreate::Stable(self.table_name()?)
        } else {
            self.expect("table")?;
            ShowCreate::Table(self.table_name()?)
        };
        Ok(Statement::ShowCreate(what))
    }
}
