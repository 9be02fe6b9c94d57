//! SELECT with all its clauses, UNION ALL, subqueries.

use super::{Kind, Parser, QUERY_LEVELS};
use crate::error::{Error, Result};
use crate::sql::ast::{
    ColumnRef, Expr, Fill, FromTable, Limit, LiteralKind, Name, OrderItem, Query, Select, SelectItem, Source,
    TagLiteral, Window,
};
use crate::sql::lexer::lower_outside_quotes;
use crate::sql::parser::literal::number;
use crate::types::{Duration, Value};

impl Parser<'_> {
    /// `select [UNION ALL select …]`, each perhaps in parentheses.
    pub(super) fn query(&mut self) -> Result<Query> {
        self.enter(QUERY_LEVELS)?;
        let mut selects = Vec::new();
        loop {
            if self.accept_kind(Kind::LeftParen) {
                selects.append(&mut self.query()?.selects);
                self.expect_kind(Kind::RightParen)?;
            } else {
                selects.push(self.select()?);
            }
            if !self.accept("union") {
                break;
            }
            self.expect("all")?;
        }
        self.leave(QUERY_LEVELS);
        Ok(Query { selects })
    }

    fn select(&mut self) -> Result<Select> {
        self.expect("select")?;
        let distinct = self.accept("distinct");
        let mut select = Select {
            distinct,
            items: self.select_items()?,
            from: None,
            filter: None,
            range: None,
            every: None,
            window: None,
            fill: None,
            sliding: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            slimit: None,
            limit: None,
        };
        if self.accept("from") {
            select.from = Some(self.source()?);
            self.clauses(&mut select)?;
        }
        Ok(select)
    }

    /// What may follow FROM, in the one order in which it may.
    fn clauses(&mut self, select: &mut Select) -> Result<()> {
        if self.accept("where") {
            select.filter = Some(self.expression()?);
        }
        if self.accept("range") {
            select.range = Some(Box::new(self.range()?));
        }
        self.window_clauses(select)?;
        if self.accept("fill") {
            select.fill = Some(self.fill()?);
        }
        if self.accept("group") {
            self.expect("by")?;
            select.group_by = self.list(Self::key)?;
        }
        if self.accept("having") {
            select.having = Some(self.expression()?);
        }
        if self.accept("order") {
            self.expect("by")?;
            select.order_by = self.list(Self::order_item)?;
        }
        if self.accept("slimit") {
            select.slimit = Some(self.limit("soffset")?);
        }
        if self.accept("limit") {
            select.limit = Some(self.limit("offset")?);
        }
        Ok(())
    }

    fn select_items(&mut self) -> Result<Vec<SelectItem>> {
        let mut items = vec![self.select_item()?];
        while self.accept_kind(Kind::Comma) {
            items.push(self.further_item()?);
        }
        Ok(items)
    }

    /// An item behind a comma. The grammar has DISTINCT here, too, and the dialect refuses it.
    fn further_item(&mut self) -> Result<SelectItem> {
        if self.accept("distinct") {
            self.refuse(Error::invalid_operation("distinct can only stand behind select"));
        }
        self.select_item()
    }

    /// `*`, or an expression and perhaps an alias.
    fn select_item(&mut self) -> Result<SelectItem> {
        let start = self.token.start;
        if self.accept_kind(Kind::Star) {
            return Ok(SelectItem { expr: Expr::Star(None), text: "*".to_owned(), alias: None });
        }
        let expr = self.expression()?;
        let text = item_text(&expr, &self.lexer.sql()[start..self.last_end]);
        let alias = if self.accept("as") { Some(self.alias()?) } else { self.optional_alias()? };
        Ok(SelectItem { expr, text, alias })
    }

    /// Tables or subqueries, not both.
    fn source(&mut self) -> Result<Source> {
        if self.token.kind == Kind::LeftParen {
            return Ok(Source::Subqueries(self.list(Self::subquery)?));
        }
        Ok(Source::Tables(
            self.list(|parser| {
                Ok(FromTable { table: parser.table_name()?, alias: parser.optional_alias()? })
            })?,
        ))
    }

    fn subquery(&mut self) -> Result<(Query, Option<String>)> {
        self.expect_kind(Kind::LeftParen)?;
        let query = self.query()?;
        self.expect_kind(Kind::RightParen)?;
        Ok((query, self.optional_alias()?))
    }

    /// `(from, to)`
    fn range(&mut self) -> Result<(Expr, Expr)> {
        self.expect_kind(Kind::LeftParen)?;
        let from = self.expression()?;
        self.expect_kind(Kind::Comma)?;
        let to = self.expression()?;
        self.expect_kind(Kind::RightParen)?;
        Ok((from, to))
    }

    /// `[EVERY | INTERVAL] [SLIDING] [SESSION] [STATE_WINDOW]`; the grammar allows several windows, the
    /// dialect one.
    fn window_clauses(&mut self, select: &mut Select) -> Result<()> {
        if self.accept("every") {
            select.every = Some(self.parenthesized_duration()?);
        } else if self.accept("interval") {
            select.window = Some(self.interval()?);
        }
        if self.accept("sliding") {
            select.sliding = Some(self.parenthesized_duration()?);
        }
        if self.accept("session") {
            let session = self.session()?;
            self.set_window(select, session);
        }
        if self.accept("state_window") {
            self.expect_kind(Kind::LeftParen)?;
            let column = self.reference()?;
            self.expect_kind(Kind::RightParen)?;
            self.set_window(select, Window::State(column));
        }
        Ok(())
    }

    fn set_window(&mut self, select: &mut Select, window: Window) {
        if select.window.replace(window).is_some() {
            self.refuse(Error::invalid_operation("only one of interval, session and state_window"));
        }
    }

    fn parenthesized_duration(&mut self) -> Result<Duration> {
        self.expect_kind(Kind::LeftParen)?;
        let duration = self.duration()?;
        self.expect_kind(Kind::RightParen)?;
        Ok(duration)
    }

    /// `(length [, offset])`
    fn interval(&mut self) -> Result<Window> {
        self.expect_kind(Kind::LeftParen)?;
        let length = self.duration()?;
        let offset = if self.accept_kind(Kind::Comma) { Some(self.duration()?) } else { None };
        self.expect_kind(Kind::RightParen)?;
        Ok(Window::Interval { length, offset })
    }

    /// `(column, gap)`
    fn session(&mut self) -> Result<Window> {
        self.expect_kind(Kind::LeftParen)?;
        let column = self.reference()?;
        self.expect_kind(Kind::Comma)?;
        let gap = self.duration()?;
        self.expect_kind(Kind::RightParen)?;
        Ok(Window::Session { column, gap })
    }

    /// `(kind [, value …])`; kinds other than VALUE have no use for the values, but may have them.
    fn fill(&mut self) -> Result<Fill> {
        self.expect_kind(Kind::LeftParen)?;
        let kind = self.any_name()?.to_ascii_lowercase();
        let literals = if self.accept_kind(Kind::Comma) { self.list(Self::tag_literal)? } else { Vec::new() };
        self.expect_kind(Kind::RightParen)?;
        Ok(match kind.as_str() {
            "none" => Fill::None,
            "null" => Fill::Null,
            "prev" => Fill::Prev,
            "next" => Fill::Next,
            "linear" => Fill::Linear,
            "value" => {
                if literals.is_empty() {
                    self.refuse(Error::invalid_operation("value is expected"));
                }
                Fill::Value(literals.into_iter().map(fill_value).collect())
            }
            _ => {
                self.refuse(Error::invalid_operation("invalid fill option"));
                Fill::None
            }
        })
    }

    /// A key of GROUP BY or ORDER BY: `[table.]column [-> 'key']`, the column perhaps in quotes.
    fn key(&mut self) -> Result<Expr> {
        let first = self.reference()?;
        let column = if self.accept_kind(Kind::Dot) {
            ColumnRef { table: Some(first), name: self.reference()? }
        } else {
            ColumnRef { table: None, name: first }
        };
        self.json_member(column)
    }

    fn order_item(&mut self) -> Result<OrderItem> {
        let expr = self.key()?;
        let descending = self.accept("desc");
        if !descending {
            self.accept("asc");
        }
        Ok(OrderItem { expr, descending })
    }

    /// `limit [OFFSET offset]` or `offset, limit`
    fn limit(&mut self, offset_keyword: &str) -> Result<Limit> {
        let first = self.signed_integer()?;
        if self.accept_kind(Kind::Comma) {
            return Ok(Limit { limit: self.signed_integer()?, offset: first });
        }
        let offset = if self.accept(offset_keyword) { self.signed_integer()? } else { 0 };
        Ok(Limit { limit: first, offset })
    }
}

/// What an item written like this is called. A column goes by its own name, without qualifier and
/// parentheses; `tbname` is no column and is called as it is written.
fn item_text(expr: &Expr, written: &[u8]) -> String {
    match expr {
        Expr::Column(column) if column.name != Name::plain("tbname") => column.name.text.clone(),
        Expr::Literal(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => lower_outside_quotes(written),
    }
}

fn fill_value(literal: TagLiteral) -> Value {
    match literal.kind {
        LiteralKind::Null => Value::Null,
        LiteralKind::Bool => Value::Bool(literal.text == b"true"),
        LiteralKind::Integer | LiteralKind::Float => match literal.text.strip_prefix(b"-") {
            Some(magnitude) => number(magnitude, true),
            None => number(&literal.text, false),
        },
        LiteralKind::String | LiteralKind::Word => Value::text(&literal.text),
    }
}
