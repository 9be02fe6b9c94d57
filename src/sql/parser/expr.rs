//! Expressions, by precedence climbing.
//!
//! From loose to tight: OR; AND; equality, LIKE, MATCH, NMATCH, CONTAINS, IS, IN, BETWEEN; order; bits;
//! sums; products. All group to the left. There is no NOT, and a sign stands before numbers only.
//!
//! Whoever walks a tree does so recursively, and so does Rust when it frees one. Therefore no tree grows
//! higher than [`MAX_HEIGHT`], and chains of AND and OR, which programs make thousands long, become
//! balanced trees.

use super::keywords::{Class, class};
use super::{Kind, Parser};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{BinaryOp, ColumnRef, Expr, Name};
use crate::sql::parser::literal::number;
use crate::types::{Unit, Value};

/// How many nodes a path from the root of an expression to a leaf may have.
const MAX_HEIGHT: usize = 400;

/// An expression and the number of nodes on its longest path. It is boxed from the beginning, to keep the
/// frames of the recursion small.
struct Tree {
    root: Box<Expr>,
    height: usize,
}

impl Tree {
    fn leaf(expr: Expr) -> Tree {
        Tree { root: Box::new(expr), height: 1 }
    }

    /// A node over others, the highest of which has this height.
    fn over(height: usize, expr: Expr) -> Result<Tree> {
        if height >= MAX_HEIGHT {
            return Err(Error::invalid_operation(format_args!(
                "an expression has more than {MAX_HEIGHT} operators in a row"
            )));
        }
        Ok(Tree { root: Box::new(expr), height: height + 1 })
    }

    fn binary(op: BinaryOp, left: Tree, right: Tree) -> Result<Tree> {
        let height = left.height.max(right.height);
        Tree::over(height, Expr::Binary { op, left: left.root, right: right.root })
    }
}

/// What can follow an operand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Binary(BinaryOp),
    Is,
    In,
    Between,
}

/// How tightly an operator binds.
mod power {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const EQUALITY: u8 = 3;
    pub(super) const ORDER: u8 = 4;
    pub(super) const BITS: u8 = 5;
    pub(super) const SUM: u8 = 6;
    pub(super) const PRODUCT: u8 = 7;
}

/// The operators that are words.
const WORDS: &[(&str, Operator, u8)] = &[
    ("or", Operator::Binary(BinaryOp::Or), power::OR),
    ("and", Operator::Binary(BinaryOp::And), power::AND),
    ("like", Operator::Binary(BinaryOp::Like), power::EQUALITY),
    ("match", Operator::Binary(BinaryOp::Match), power::EQUALITY),
    ("nmatch", Operator::Binary(BinaryOp::NMatch), power::EQUALITY),
    ("contains", Operator::Binary(BinaryOp::Contains), power::EQUALITY),
    ("is", Operator::Is, power::EQUALITY),
    ("in", Operator::In, power::EQUALITY),
    ("between", Operator::Between, power::EQUALITY),
];

fn symbol_operator(kind: Kind) -> Option<(BinaryOp, u8)> {
    Some(match kind {
        Kind::Eq => (BinaryOp::Eq, power::EQUALITY),
        Kind::Ne => (BinaryOp::Ne, power::EQUALITY),
        Kind::Lt => (BinaryOp::Lt, power::ORDER),
        Kind::Le => (BinaryOp::Le, power::ORDER),
        Kind::Gt => (BinaryOp::Gt, power::ORDER),
        Kind::Ge => (BinaryOp::Ge, power::ORDER),
        Kind::Ampersand => (BinaryOp::BitAnd, power::BITS),
        Kind::Pipe => (BinaryOp::BitOr, power::BITS),
        Kind::Caret => (BinaryOp::BitXor, power::BITS),
        Kind::ShiftLeft => (BinaryOp::ShiftLeft, power::BITS),
        Kind::ShiftRight => (BinaryOp::ShiftRight, power::BITS),
        Kind::Plus => (BinaryOp::Add, power::SUM),
        Kind::Minus => (BinaryOp::Sub, power::SUM),
        Kind::Star => (BinaryOp::Mul, power::PRODUCT),
        Kind::Slash => (BinaryOp::Div, power::PRODUCT),
        Kind::Percent => (BinaryOp::Rem, power::PRODUCT),
        _ => return None,
    })
}

impl Parser<'_> {
    /// An expression.
    pub(super) fn expression(&mut self) -> Result<Expr> {
        Ok(*self.operators(power::OR)?.root)
    }

    /// The operator that the next token is.
    fn operator(&self) -> Option<(Operator, u8)> {
        if self.token.kind != Kind::Word {
            let (op, power) = symbol_operator(self.token.kind)?;
            return Some((Operator::Binary(op), power));
        }
        let (_, operator, power) = WORDS.iter().find(|(word, ..)| self.at(word))?;
        Some((*operator, *power))
    }

    /// Operands joined by operators that bind at least this tightly. All recursion of expressions comes
    /// through here, so this is where it is counted.
    fn operators(&mut self, loosest: u8) -> Result<Tree> {
        self.enter(1)?;
        let mut left = self.operand()?;
        while let Some((operator, power)) = self.operator()
            && power >= loosest
        {
            self.advance();
            left = self.operation(left, operator, power)?;
        }
        self.leave(1);
        Ok(left)
    }

    /// What an operator makes of its left side, from behind the operator on.
    fn operation(&mut self, left: Tree, operator: Operator, power: u8) -> Result<Tree> {
        match operator {
            Operator::Binary(op @ (BinaryOp::And | BinaryOp::Or)) => self.chain(left, op, power),
            Operator::Binary(BinaryOp::Contains) => {
                let key = Expr::Literal(Value::text(self.string_bytes()?));
                Tree::binary(BinaryOp::Contains, left, Tree::leaf(key))
            }
            Operator::Binary(op) => {
                let right = self.operators(power + 1)?;
                Tree::binary(op, left, right)
            }
            Operator::Is => self.is_null(left),
            Operator::In => self.in_list(left),
            Operator::Between => self.between(left),
        }
    }

    /// `left AND … AND …` from behind the first AND on, or the same with OR, as a balanced tree. Both
    /// operators are associative, so that the shape of the tree has no meaning.
    fn chain(&mut self, left: Tree, op: BinaryOp, power: u8) -> Result<Tree> {
        let mut operands = vec![left, self.operators(power + 1)?];
        while self.operator() == Some((Operator::Binary(op), power)) {
            self.advance();
            operands.push(self.operators(power + 1)?);
        }
        while operands.len() > 1 {
            let mut pairs = Vec::with_capacity(operands.len().div_ceil(2));
            let mut rest = operands.into_iter();
            while let Some(left) = rest.next() {
                pairs.push(match rest.next() {
                    Some(right) => Tree::binary(op, left, right)?,
                    None => left,
                });
            }
            operands = pairs;
        }
        operands.pop().ok_or_else(|| self.unexpected())
    }

    /// Behind IS.
    fn is_null(&mut self, operand: Tree) -> Result<Tree> {
        let negated = self.accept("not");
        self.expect("null")?;
        Tree::over(operand.height, Expr::IsNull { operand: operand.root, negated })
    }

    /// Behind IN.
    fn in_list(&mut self, operand: Tree) -> Result<Tree> {
        self.expect_kind(Kind::LeftParen)?;
        let (list, height) = self.expressions()?;
        self.expect_kind(Kind::RightParen)?;
        let height = height.max(operand.height);
        Tree::over(height, Expr::In { operand: operand.root, list })
    }

    /// Behind BETWEEN.
    fn between(&mut self, operand: Tree) -> Result<Tree> {
        let low = self.operators(power::EQUALITY + 1)?;
        self.expect("and")?;
        let high = self.operators(power::EQUALITY + 1)?;
        let height = operand.height.max(low.height).max(high.height);
        Tree::over(height, Expr::Between { operand: operand.root, low: low.root, high: high.root })
    }

    /// `expression, …`, and the height of the highest of them.
    fn expressions(&mut self) -> Result<(Vec<Expr>, usize)> {
        let trees = self.list(|parser| parser.operators(power::OR))?;
        let height = trees.iter().map(|tree| tree.height).max().unwrap_or(0);
        Ok((trees.into_iter().map(|tree| *tree.root).collect(), height))
    }

    /// What stands between operators.
    fn operand(&mut self) -> Result<Tree> {
        match self.token.kind {
            Kind::LeftParen => {
                self.advance();
                let inner = self.operators(power::OR)?;
                self.expect_kind(Kind::RightParen)?;
                Ok(inner)
            }
            Kind::Word => self.word(),
            Kind::BackQuoted => {
                let name = self.reference()?;
                self.column(name)
            }
            Kind::Plus | Kind::Minus => self.signed_number(),
            Kind::Integer | Kind::Float => {
                let token = self.advance();
                Ok(Tree::leaf(Expr::Literal(number(self.lexer.text(token), false))))
            }
            Kind::String => Ok(Tree::leaf(Expr::Literal(Value::text(self.string_bytes()?)))),
            Kind::Duration => self.fixed_duration(),
            _ => Err(self.unexpected()),
        }
    }

    /// A column, a call, or a literal that is a word.
    fn word(&mut self) -> Result<Tree> {
        let text = self.lexer.text(self.token);
        if class(text) == Class::Reserved {
            return Err(self.unexpected());
        }
        let text = String::from_utf8_lossy(text).to_ascii_lowercase();
        self.advance();
        if self.accept_kind(Kind::LeftParen) {
            return self.call(text);
        }
        Ok(Tree::leaf(match text.as_str() {
            "null" => Expr::Literal(Value::Null),
            "true" => Expr::Literal(Value::Bool(true)),
            "false" => Expr::Literal(Value::Bool(false)),
            "now" => Expr::Now,
            _ => return self.column(Name::plain(text)),
        }))
    }

    /// Behind the first name of `column`, `table.column`, `table.*` or `column -> 'key'`.
    fn column(&mut self, first: Name) -> Result<Tree> {
        if !self.accept_kind(Kind::Dot) {
            return self.json_member(ColumnRef { table: None, name: first }).map(Tree::leaf);
        }
        if self.accept_kind(Kind::Star) {
            return Ok(Tree::leaf(Expr::Star(Some(first))));
        }
        let name = self.reference()?;
        self.json_member(ColumnRef { table: Some(first), name }).map(Tree::leaf)
    }

    /// `column [-> 'key']`, from behind the column on.
    pub(super) fn json_member(&mut self, column: ColumnRef) -> Result<Expr> {
        let column = Expr::Column(column);
        if !self.accept_kind(Kind::Arrow) {
            return Ok(column);
        }
        let key = Expr::Literal(Value::text(self.string_bytes()?));
        Ok(Expr::Binary { op: BinaryOp::Arrow, left: Box::new(column), right: Box::new(key) })
    }

    /// `name(…)` from behind the parenthesis on: nothing, `*`, or expressions, the first perhaps with
    /// `AS type`.
    fn call(&mut self, name: String) -> Result<Tree> {
        let (mut arguments, mut height, mut cast_to) = (Vec::new(), 0, None);
        if self.accept_kind(Kind::Star) {
            arguments.push(Expr::Star(None));
        } else if self.token.kind != Kind::RightParen {
            (arguments, height) = self.expressions()?;
            if arguments.len() == 1 && self.accept("as") {
                cast_to = Some(self.type_spec()?);
            }
        }
        self.expect_kind(Kind::RightParen)?;
        Tree::over(height, Expr::Call { name, arguments, cast_to })
    }

    /// `-5`. With a blank between them the sign is an operator of its own, which the original refuses in
    /// conditions; the planner can tell the two apart.
    fn signed_number(&mut self) -> Result<Tree> {
        let sign = self.advance();
        if !matches!(self.token.kind, Kind::Integer | Kind::Float) {
            return Err(self.unexpected());
        }
        let token = self.advance();
        let is_apart = sign.end != token.start;
        let literal = |negative| Expr::Literal(number(self.lexer.text(token), negative));
        match (sign.kind, is_apart) {
            (Kind::Minus, true) => Tree::over(1, Expr::Negate(Box::new(literal(false)))),
            (Kind::Minus, false) => Ok(Tree::leaf(literal(true))),
            _ => Ok(Tree::leaf(literal(false))),
        }
    }

    /// A length of time as an operand or argument; months and years have no fixed length and are refused.
    fn fixed_duration(&mut self) -> Result<Tree> {
        let unit = self.lexer.text(self.token).last().and_then(|&letter| Unit::from_letter(letter));
        if matches!(unit, Some(Unit::Month | Unit::Year)) {
            let message = format!("syntax error near '{}'", self.near());
            return Err(Error::new(codes::TSC_SQL_SYNTAX_ERROR, message));
        }
        Ok(Tree::leaf(Expr::Duration(self.duration()?)))
    }
}
