//! Functions, topics, nodes, and what is done to a running server.

use super::{Kind, Parser};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{CreateFunction, KillTarget, Statement, TypeSpec};
use crate::types::Value;

/// The id of the one node that there is.
const OWN_DNODE: Value = Value::Int(1);

/// The types that a function may answer with.
const OUTPUT_TYPES: &[&str] =
    &["bool", "tinyint", "smallint", "int", "bigint", "float", "double", "timestamp", "binary", "nchar"];

impl Parser<'_> {
    /// Behind CREATE: `[AGGREGATE] FUNCTION name AS 'file' OUTPUTTYPE type [BUFSIZE number]`
    pub(super) fn create_function(&mut self) -> Result<Statement> {
        let aggregate = self.accept("aggregate");
        self.expect("function")?;
        let name = self.name("function name")?;
        self.expect("as")?;
        let path = self.string()?;
        self.expect("outputtype")?;
        let output = self.output_type()?;
        let buffer_size = if self.accept("bufsize") { self.integer()? } else { 0 };
        Ok(Statement::CreateFunction(CreateFunction { name, aggregate, path, output, buffer_size }))
    }

    fn output_type(&mut self) -> Result<TypeSpec> {
        let output = self.type_spec()?;
        if !OUTPUT_TYPES.contains(&output.word.as_str()) {
            self.refuse(Error::invalid_operation("invalid outputtype"));
        }
        Ok(output)
    }

    /// Behind CREATE TOPIC.
    pub(super) fn create_topic(&mut self) -> Result<Statement> {
        self.if_not_exists()?;
        self.alter_topic()
    }

    /// Behind ALTER TOPIC.
    pub(super) fn alter_topic(&mut self) -> Result<Statement> {
        self.name("topic name")?;
        self.topic_options()?;
        Ok(no_topics())
    }

    /// Behind DROP TOPIC.
    pub(super) fn drop_topic(&mut self) -> Result<Statement> {
        self.if_exists()?;
        self.name("topic name")?;
        Ok(no_topics())
    }

    /// Behind CREATE DNODE.
    pub(super) fn create_dnode(&mut self) -> Result<Statement> {
        self.any_name()?;
        Ok(Statement::Refused(one_node()))
    }

    /// Behind DROP DNODE.
    pub(super) fn drop_dnode(&mut self) -> Result<Statement> {
        self.dnode()
    }

    /// Behind ALTER DNODE: `id setting [value]`
    pub(super) fn alter_dnode(&mut self) -> Result<Statement> {
        let refused = self.dnode()?;
        self.setting()?;
        Ok(refused)
    }

    /// Behind ALTER LOCAL: `setting [value]`
    pub(super) fn alter_local(&mut self) -> Result<Statement> {
        self.setting()?;
        Ok(Statement::Refused(Error::new(
            codes::COM_OPS_NOT_SUPPORT,
            "Operation not supported: settings come from taos.cfg and taos_options",
        )))
    }

    /// A node by its number or address, and why nothing can be done to it.
    fn dnode(&mut self) -> Result<Statement> {
        let token = self.token;
        self.any_name()?;
        let is_other =
            token.kind == Kind::Integer && super::literal::number(self.lexer.text(token), false) != OWN_DNODE;
        let error = if is_other { codes::MND_DNODE_NOT_EXIST.into() } else { one_node() };
        Ok(Statement::Refused(error))
    }

    fn setting(&mut self) -> Result<()> {
        self.any_name()?;
        if self.at_name() {
            self.advance();
        }
        Ok(())
    }

    /// Behind RESET.
    pub(super) fn reset(&mut self) -> Result<Statement> {
        self.expect("query")?;
        self.expect("cache")?;
        Ok(Statement::ResetQueryCache)
    }

    /// Behind KILL: `CONNECTION number`, or `QUERY` or `STREAM` with an id as SHOW prints it.
    pub(super) fn kill(&mut self) -> Result<Statement> {
        let target = if self.accept("connection") {
            KillTarget::Connection
        } else if self.accept("query") {
            KillTarget::Query
        } else {
            self.expect("stream")?;
            KillTarget::Stream
        };
        let start = self.token.start;
        let number = self.integer()?;
        if target == KillTarget::Connection {
            if number == 0 {
                self.refuse(Error::invalid_operation("invalid connection ID"));
            }
        } else {
            while self.accept_kind(Kind::Colon) {
                self.integer()?;
            }
        }
        let id = String::from_utf8_lossy(&self.lexer.sql()[start..self.last_end]).into_owned();
        Ok(Statement::Kill { target, id })
    }

    /// Behind COMPACT: `VNODES IN (number, …)`
    pub(super) fn compact(&mut self) -> Result<Statement> {
        self.expect("vnodes")?;
        self.expect("in")?;
        self.parenthesized_list(Self::integer)?;
        Ok(Statement::Refused(Error::new(
            codes::COM_OPS_NOT_SUPPORT,
            "Operation not supported: data is compacted in the background",
        )))
    }
}

fn no_topics() -> Statement {
    Statement::Refused(codes::MND_MSG_NOT_PROCESSED.into())
}

fn one_node() -> Error {
    Error::new(codes::COM_OPS_NOT_SUPPORT, "Operation not supported: there is no cluster of several nodes")
}
