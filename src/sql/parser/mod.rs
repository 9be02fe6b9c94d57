//! The recursive-descent parser of every statement but INSERT.
//!
//! This file has what all statements share: the [`Parser`] with one token of foresight, the errors, and
//! which statement begins with which word. Each family of statements has a file of its own.
//!
//! Two kinds of error come from here. A text that is no statement ends at once with `0x80000216`. What
//! the grammar allows and the dialect refuses, as a table named `now`, is noted ([`Parser::refuse`]) and
//! told only when the rest of the text turns out to be grammatical, as the original does.

mod admin;
mod database;
mod expr;
mod keywords;
mod literal;
mod name;
mod select;
mod show;
mod table;
mod user;

#[cfg(test)]
mod tests;

pub(super) use keywords::{Class, class};

use super::ast::Statement;
use super::lexer::{Kind, Lexer, Token, lower_outside_quotes};
use crate::error::{Error, Result, codes};

/// Parses the first statement of a text; what follows its semicolon is ignored.
///
/// Errors: `0x80000216` with what stands at the place where the text stops making sense, `0x80000200` for
/// what the grammar allows and the dialect does not.
pub fn parse(sql: &[u8]) -> Result<Statement> {
    let mut parser = Parser::new(sql);
    parser.whole_statement().map_err(|error| parser.without_password(error))
}

/// What `taos_is_update_query` tells of a statement, judged by its first words: whether it changes data,
/// definitions or the session. Of a text that [`parse`] refuses the answer is meant to be false, whatever
/// this says.
pub fn is_update(sql: &[u8]) -> bool {
    let mut parser = Parser::new(sql);
    if parser.accept("alter") {
        return !parser.at("dnode") && !parser.at("local");
    }
    ["insert", "import", "delete", "create", "drop", "use", "reset"].iter().any(|word| parser.at(word))
}

/// How many levels of expressions may stand within each other, where an operand counts as within its
/// operator. It bounds the recursion of the parser, so that a program's smallest thread can parse
/// anything.
const MAX_DEPTH: usize = 100;

/// How many levels a query counts as, since it takes as much more stack. The dialect knows no more than
/// two queries within each other.
const QUERY_LEVELS: usize = 10;

/// How much of the text an error quotes, in characters.
const NEAR_LENGTH: usize = 44;

struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The token to be looked at next.
    token: Token,
    /// The end of the token before it.
    last_end: usize,
    /// How many of [`MAX_DEPTH`] levels are in use.
    depth: usize,
    /// The first thing noted by [`Parser::refuse`].
    refused: Option<Error>,
    /// Whether the statement is one that has a password, which no error may quote.
    has_password: bool,
}

impl<'a> Parser<'a> {
    fn new(sql: &'a [u8]) -> Parser<'a> {
        let mut lexer = Lexer::new(sql);
        let token = lexer.next();
        Parser { lexer, token, last_end: 0, depth: 0, refused: None, has_password: false }
    }

    fn whole_statement(&mut self) -> Result<Statement> {
        let statement = self.statement()?;
        if !matches!(self.token.kind, Kind::End | Kind::Semicolon) {
            return Err(self.unexpected());
        }
        self.refused.take().map_or(Ok(statement), Err)
    }

    fn statement(&mut self) -> Result<Statement> {
        if self.at("select") || self.token.kind == Kind::LeftParen {
            Ok(Statement::Select(self.query()?))
        } else if self.accept("explain") {
            Ok(Statement::Explain(self.query()?))
        } else if self.accept("create") {
            self.create()
        } else if self.accept("alter") {
            self.alter()
        } else if self.accept("drop") {
            self.drop()
        } else if self.accept("show") {
            self.show()
        } else if self.accept("describe") || self.accept("desc") {
            Ok(Statement::Describe(self.table_name()?))
        } else if self.accept("use") {
            Ok(Statement::Use(self.name("db name")?))
        } else if self.accept("delete") {
            self.delete()
        } else if self.accept("reset") {
            self.reset()
        } else if self.accept("kill") {
            self.kill()
        } else if self.accept("compact") {
            self.compact()
        } else {
            Err(self.unexpected())
        }
    }

    fn create(&mut self) -> Result<Statement> {
        if self.accept("table") {
            self.create_table()
        } else if self.accept("stable") {
            self.create_stable()
        } else if self.accept("database") {
            self.create_database()
        } else if self.accept("user") {
            self.create_user()
        } else if self.accept("account") {
            self.create_account()
        } else if self.at("aggregate") || self.at("function") {
            self.create_function()
        } else if self.accept("topic") {
            self.create_topic()
        } else if self.accept("dnode") {
            self.create_dnode()
        } else {
            Err(self.unexpected())
        }
    }

    fn alter(&mut self) -> Result<Statement> {
        if self.accept("table") {
            self.alter_table(false)
        } else if self.accept("stable") {
            self.alter_table(true)
        } else if self.accept("database") {
            self.alter_database()
        } else if self.accept("user") {
            self.alter_user()
        } else if self.accept("account") {
            self.alter_account()
        } else if self.accept("topic") {
            self.alter_topic()
        } else if self.accept("dnode") {
            self.alter_dnode()
        } else if self.accept("local") {
            self.alter_local()
        } else {
            Err(self.unexpected())
        }
    }

    fn drop(&mut self) -> Result<Statement> {
        if self.accept("table") {
            self.drop_table(false)
        } else if self.accept("stable") {
            self.drop_table(true)
        } else if self.accept("database") {
            self.drop_database()
        } else if self.accept("user") {
            Ok(Statement::DropUser(self.user_name()?))
        } else if self.accept("account") {
            self.drop_account()
        } else if self.accept("function") {
            Ok(Statement::DropFunction(self.name("function name")?))
        } else if self.accept("topic") {
            self.drop_topic()
        } else if self.accept("dnode") {
            self.drop_dnode()
        } else {
            Err(self.unexpected())
        }
    }

    /// Goes on to the next token and returns the one left behind.
    fn advance(&mut self) -> Token {
        let token = self.token;
        self.last_end = token.end;
        self.token = self.lexer.next();
        token
    }

    /// Whether the next token is this keyword, given in lower case.
    fn at(&self, keyword: &str) -> bool {
        self.token.kind == Kind::Word && self.lexer.text(self.token).eq_ignore_ascii_case(keyword.as_bytes())
    }

    /// Takes the keyword if it is next.
    fn accept(&mut self, keyword: &str) -> bool {
        let found = self.at(keyword);
        if found {
            self.advance();
        }
        found
    }

    /// Takes the keyword or fails.
    fn expect(&mut self, keyword: &str) -> Result<()> {
        if self.accept(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Takes a token of this kind if it is next.
    fn accept_kind(&mut self, kind: Kind) -> bool {
        let found = self.token.kind == kind;
        if found {
            self.advance();
        }
        found
    }

    /// Takes a token of this kind or fails.
    fn expect_kind(&mut self, kind: Kind) -> Result<Token> {
        if self.token.kind == kind { Ok(self.advance()) } else { Err(self.unexpected()) }
    }

    /// `item, item, …`, at least one.
    fn list<T>(&mut self, item: fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.accept_kind(Kind::Comma) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// `(item, item, …)`, at least one.
    fn parenthesized_list<T>(&mut self, item: fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.expect_kind(Kind::LeftParen)?;
        let items = self.list(item)?;
        self.expect_kind(Kind::RightParen)?;
        Ok(items)
    }

    /// `[IF NOT EXISTS]`
    fn if_not_exists(&mut self) -> Result<bool> {
        let found = self.accept("if");
        if found {
            self.expect("not")?;
            self.expect("exists")?;
        }
        Ok(found)
    }

    /// `[IF EXISTS]`
    fn if_exists(&mut self) -> Result<bool> {
        let found = self.accept("if");
        if found {
            self.expect("exists")?;
        }
        Ok(found)
    }

    /// Begins so many levels of nesting; [`Parser::leave`] ends them. An error ends all there are.
    fn enter(&mut self, levels: usize) -> Result<()> {
        self.depth += levels;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        let near = self.near();
        Err(Error::invalid_operation(format_args!("nested too deeply near \"{near}\"")))
    }

    fn leave(&mut self, levels: usize) {
        self.depth -= levels;
    }

    /// Notes what the dialect refuses, to be told if the rest of the text is grammatical.
    fn refuse(&mut self, error: Error) {
        self.refused.get_or_insert(error);
    }

    /// The error that the next token is.
    fn unexpected(&self) -> Error {
        let syntax =
            |what: String| Error::new(codes::TSC_SQL_SYNTAX_ERROR, format!("syntax error near '{what}'"));
        match self.token.kind {
            Kind::End => syntax("Incomplete SQL statement".to_owned()),
            Kind::Illegal => syntax(format!("unrecognized token: \"{}\"", self.near())),
            Kind::Radix => syntax(format!("unsupported token: \"{}\"", self.near())),
            _ => Error::syntax(self.near()),
        }
    }

    /// The error of a statement with a password quotes none of its text: errors end up in logs.
    fn without_password(&self, error: Error) -> Error {
        let quotes = error.code == codes::TSC_SQL_SYNTAX_ERROR && self.token.kind != Kind::End;
        if !self.has_password || !quotes {
            return error;
        }
        let at = self.token.start + 1;
        let text =
            format!("syntax error near character {at}; the text is not shown, as it may hold a password");
        Error::new(error.code, text)
    }

    /// The text from the next token on, cut to what an error quotes.
    fn near(&self) -> String {
        let rest = &self.lexer.sql()[self.token.start..];
        // A character of UTF-8 has at most four bytes.
        let rest = &rest[..rest.len().min(4 * NEAR_LENGTH)];
        lower_outside_quotes(rest).trim_end().chars().take(NEAR_LENGTH).collect()
    }
}
