//! Users, and accounts, which only another edition has.

use super::{Kind, Parser};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Statement, UserChange};

/// The limits of an account; each takes one number or word.
const ACCOUNT_LIMITS: &[&str] =
    &["pps", "tseries", "storage", "streams", "qtime", "dbs", "users", "conns", "state"];

impl Parser<'_> {
    /// Behind CREATE USER.
    pub(super) fn create_user(&mut self) -> Result<Statement> {
        self.has_password = true;
        let name = self.user_name()?;
        self.expect("pass")?;
        Ok(Statement::CreateUser { name, password: self.password()? })
    }

    /// Behind ALTER USER.
    pub(super) fn alter_user(&mut self) -> Result<Statement> {
        self.has_password = true;
        let name = self.user_name()?;
        let change = if self.accept("privilege") {
            UserChange::Privilege(self.privilege()?)
        } else if self.accept("tags") {
            UserChange::Tags(self.any_name()?)
        } else {
            self.expect("pass")?;
            UserChange::Password(self.password()?)
        };
        Ok(Statement::AlterUser { name, change })
    }

    /// The name of a user: a word or text in single or double quotes, in lower case.
    pub(super) fn user_name(&mut self) -> Result<String> {
        let name = self.name("user/account name")?;
        if name.quoted {
            self.refuse(Error::invalid_operation("invalid user/account name"));
        }
        Ok(name.text)
    }

    fn password(&mut self) -> Result<String> {
        if self.token.kind != Kind::String {
            self.refuse(Error::invalid_operation("password needs single quote marks enclosed"));
        }
        self.any_name()
    }

    fn privilege(&mut self) -> Result<String> {
        if self.token.kind != Kind::Word {
            self.refuse(Error::invalid_operation("invalid user rights"));
        }
        Ok(self.any_name()?.to_ascii_lowercase())
    }

    /// Behind CREATE ACCOUNT.
    pub(super) fn create_account(&mut self) -> Result<Statement> {
        self.has_password = true;
        self.user_name()?;
        self.expect("pass")?;
        self.password()?;
        self.account_limits()
    }

    /// Behind ALTER ACCOUNT.
    pub(super) fn alter_account(&mut self) -> Result<Statement> {
        self.has_password = true;
        self.user_name()?;
        if self.accept("pass") {
            self.password()?;
        }
        self.account_limits()
    }

    /// Behind DROP ACCOUNT.
    pub(super) fn drop_account(&mut self) -> Result<Statement> {
        self.user_name()?;
        Ok(Statement::Refused(codes::MND_MSG_NOT_PROCESSED.into()))
    }

    fn account_limits(&mut self) -> Result<Statement> {
        while ACCOUNT_LIMITS.iter().any(|limit| self.accept(limit)) {
            self.any_name()?;
        }
        Ok(Statement::Refused(codes::MND_MSG_NOT_PROCESSED.into()))
    }
}
