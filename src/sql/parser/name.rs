//! Names of things, and types.

use super::keywords::{Class, class};
use super::{Kind, Parser};
use crate::error::{Error, Result};
use crate::sql::ast::{ColumnDef, Name, TableName, TypeSpec};
use crate::sql::lexer::unquote;

impl Parser<'_> {
    /// Whether the next token can be taken for a name: a word that is not reserved, any quoted text, and,
    /// as the original's grammar has it, a whole number.
    pub(super) fn at_name(&self) -> bool {
        match self.token.kind {
            Kind::Word => class(self.lexer.text(self.token)) != Class::Reserved,
            Kind::BackQuoted | Kind::String | Kind::Integer => true,
            _ => false,
        }
    }

    /// A name that refers to a column. Only back quotes keep its letter case.
    pub(super) fn reference(&mut self) -> Result<Name> {
        let quoted = self.token.kind == Kind::BackQuoted;
        let mut text = self.any_name()?;
        if !quoted {
            text.make_ascii_lowercase();
        }
        Ok(Name { text, quoted })
    }

    /// A name that things can be made by. There are words and numbers that the grammar takes for a name
    /// and by which nothing may be called; `what` is said of such a one in the error.
    pub(super) fn name(&mut self, what: &str) -> Result<Name> {
        let token = self.token;
        let name = self.reference()?;
        let is_sound = match token.kind {
            Kind::Word => class(name.text.as_bytes()) == Class::Free,
            Kind::BackQuoted | Kind::String => !name.text.is_empty(),
            _ => false,
        };
        if !is_sound {
            self.refuse(Error::invalid_operation(format_args!("invalid {what}")));
        }
        Ok(name)
    }

    /// An alias. All quotes keep its letter case, and it may be any word that is not reserved.
    pub(super) fn alias(&mut self) -> Result<String> {
        let is_word = self.token.kind == Kind::Word;
        let text = self.any_name()?;
        Ok(if is_word { text.to_ascii_lowercase() } else { text })
    }

    /// `[alias]`
    pub(super) fn optional_alias(&mut self) -> Result<Option<String>> {
        if self.at_name() { self.alias().map(Some) } else { Ok(None) }
    }

    /// What can be taken for a name, without its quotes.
    pub(super) fn any_name(&mut self) -> Result<String> {
        if !self.at_name() {
            return Err(self.unexpected());
        }
        let token = self.advance();
        let text = unquote(self.lexer.text(token));
        Ok(self.utf8(text))
    }

    /// Text that must be UTF-8; what is not is noted as an error.
    pub(super) fn utf8(&mut self, bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap_or_else(|error| {
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            self.refuse(Error::invalid_operation(format_args!("'{text}' is not UTF-8")));
            text
        })
    }

    /// `[database.]table`
    pub(super) fn table_name(&mut self) -> Result<TableName> {
        let first = self.name("table name")?;
        if !self.accept_kind(Kind::Dot) {
            return Ok(TableName { database: None, table: first });
        }
        let table = self.name("table name")?;
        Ok(TableName { database: Some(first), table })
    }

    /// `name type` of a column.
    pub(super) fn column_def(&mut self) -> Result<ColumnDef> {
        let name = self.name("column name or length")?;
        Ok(ColumnDef { name, type_spec: self.type_spec()? })
    }

    /// `name type` of a tag.
    pub(super) fn tag_def(&mut self) -> Result<ColumnDef> {
        let name = self.name("tag name or length")?;
        Ok(ColumnDef { name, type_spec: self.type_spec()? })
    }

    /// `word [UNSIGNED | (width)]`
    pub(super) fn type_spec(&mut self) -> Result<TypeSpec> {
        // A word in quotes of any kind is a name, and no type has a name.
        if self.token.kind != Kind::Word {
            self.refuse(Error::invalid_operation("invalid data type"));
        }
        let word = self.any_name()?.to_ascii_lowercase();
        let mut spec = TypeSpec { word, unsigned: false, width: None };
        if self.accept("unsigned") {
            spec.unsigned = true;
        } else if self.accept_kind(Kind::LeftParen) {
            spec.width = Some(self.signed_integer()?);
            self.expect_kind(Kind::RightParen)?;
        }
        Ok(spec)
    }
}
