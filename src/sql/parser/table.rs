//! CREATE, ALTER and DROP of tables and super tables; continuous queries; DELETE.

use super::{Kind, Parser};
use crate::error::{Error, Result};
use crate::sql::ast::{AlterAction, ColumnDef, CreateSubTable, CreateTable, Name, Statement, TableName};

impl Parser<'_> {
    /// Behind CREATE TABLE: columns, USING or AS tell which kind it is.
    pub(super) fn create_table(&mut self) -> Result<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let table = self.table_name()?;
        if self.at("using") {
            return self.create_sub_tables(if_not_exists, table);
        }
        if self.accept("as") {
            return self.create_stream(if_not_exists, table);
        }
        let columns = self.parenthesized_list(Self::column_def)?;
        let tags = if self.accept("tags") { Some(self.parenthesized_list(Self::tag_def)?) } else { None };
        Ok(Statement::CreateTable(CreateTable { table, if_not_exists, stable: false, columns, tags }))
    }

    /// Behind CREATE STABLE.
    pub(super) fn create_stable(&mut self) -> Result<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let table = self.table_name()?;
        let columns = self.parenthesized_list(Self::column_def)?;
        self.expect("tags")?;
        let tags = Some(self.parenthesized_list(Self::tag_def)?);
        Ok(Statement::CreateTable(CreateTable { table, if_not_exists, stable: true, columns, tags }))
    }

    /// `USING …` of the first sub table, then the others as `[IF NOT EXISTS] name USING …`.
    fn create_sub_tables(&mut self, if_not_exists: bool, table: TableName) -> Result<Statement> {
        let mut tables = vec![self.sub_table(if_not_exists, table)?];
        while self.at("if") || self.at_name() {
            let if_not_exists = self.if_not_exists()?;
            let table = self.table_name()?;
            tables.push(self.sub_table(if_not_exists, table)?);
        }
        Ok(Statement::CreateSubTables(tables))
    }

    /// `USING super [(tag, …)] TAGS (value, …)`
    fn sub_table(&mut self, if_not_exists: bool, table: TableName) -> Result<CreateSubTable> {
        self.expect("using")?;
        let using = self.table_name()?;
        let tag_names = if self.token.kind == Kind::LeftParen {
            Some(self.parenthesized_list(Self::tag_name)?)
        } else {
            None
        };
        self.expect("tags")?;
        let values = self.parenthesized_list(Self::tag_literal)?;
        Ok(CreateSubTable { table, if_not_exists, using, tag_names, values })
    }

    fn tag_name(&mut self) -> Result<Name> {
        self.name("tag name")
    }

    /// The query behind AS.
    fn create_stream(&mut self, if_not_exists: bool, table: TableName) -> Result<Statement> {
        let start = self.token.start;
        let query = self.query()?;
        let text = String::from_utf8_lossy(&self.lexer.sql()[start..self.last_end]).into_owned();
        Ok(Statement::CreateStream { table, if_not_exists, query, text })
    }

    /// Behind ALTER TABLE and ALTER STABLE.
    pub(super) fn alter_table(&mut self, stable: bool) -> Result<Statement> {
        let table = self.table_name()?;
        let action = self.alter_action()?;
        Ok(Statement::AlterTable { table, stable, action })
    }

    fn alter_action(&mut self) -> Result<AlterAction> {
        if self.accept("add") {
            return if self.column_not_tag()? {
                Ok(AlterAction::AddColumn(self.only(Self::column_def, "column")?))
            } else {
                Ok(AlterAction::AddTag(self.only(Self::tag_def, "tag")?))
            };
        }
        if self.accept("modify") {
            return if self.column_not_tag()? {
                Ok(AlterAction::ModifyColumn(self.only(Self::column_def, "column")?))
            } else {
                Ok(AlterAction::ModifyTag(self.only(Self::tag_def, "tag")?))
            };
        }
        if self.accept("drop") {
            return if self.column_not_tag()? {
                Ok(AlterAction::DropColumn(self.name("column name")?))
            } else {
                Ok(AlterAction::DropTag(self.tag_name()?))
            };
        }
        if self.accept("change") {
            self.expect("tag")?;
            return Ok(AlterAction::ChangeTag { old: self.tag_name()?, new: self.tag_name()? });
        }
        self.expect("set")?;
        self.expect("tag")?;
        let tag = self.tag_name()?;
        self.expect_kind(Kind::Eq)?;
        Ok(AlterAction::SetTag { tag, value: self.tag_literal()? })
    }

    /// Takes COLUMN (true) or TAG (false).
    fn column_not_tag(&mut self) -> Result<bool> {
        if self.accept("column") { Ok(true) } else { self.expect("tag").map(|()| false) }
    }

    /// A list that the grammar allows and of which the dialect takes only one.
    fn only(&mut self, item: fn(&mut Self) -> Result<ColumnDef>, what: &str) -> Result<ColumnDef> {
        let first = item(self)?;
        while self.accept_kind(Kind::Comma) {
            item(self)?;
            self.refuse(Error::invalid_operation(format_args!("only one {what} at a time")));
        }
        Ok(first)
    }

    /// Behind DROP TABLE and DROP STABLE.
    pub(super) fn drop_table(&mut self, stable: bool) -> Result<Statement> {
        let if_exists = self.if_exists()?;
        Ok(Statement::DropTable { table: self.table_name()?, if_exists, stable })
    }

    /// Behind DELETE.
    pub(super) fn delete(&mut self) -> Result<Statement> {
        self.expect("from")?;
        let table = self.table_name()?;
        let filter = if self.accept("where") { Some(self.expression()?) } else { None };
        Ok(Statement::Delete { table, filter })
    }
}
