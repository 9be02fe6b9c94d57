//! CREATE, ALTER and DROP USER, and what a user may do.

use crate::engine::catalog::{Privilege, ROOT, Scope, Secret, User};
use crate::error::{Error, Result, codes};
use crate::sql::ast::{Statement, UserChange};
use crate::types::{Answer, Context, Precision};

/// Names that the original keeps for itself; only root can connect.
const SYSTEM: [&str; 3] = [ROOT, "monitor", "_root"];

/// The longest name and password in bytes.
const MOST_NAME: usize = 23;
const MOST_PASSWORD: usize = 15;

/// Whether the connection's user may run a statement other than INSERT.
///
/// # Errors
/// `0x80000303` when it may not, `0x80000214` for DELETE, `0x80000351` when the user is gone.
pub(in crate::engine) fn check_rights(scope: Scope<'_>, statement: &Statement) -> Result<()> {
    let has = scope.catalog.users().privilege(scope.user)?;
    let needs = match statement {
        Statement::Select(_)
        | Statement::Explain(_)
        | Statement::Show(_)
        | Statement::ShowCreate(_)
        | Statement::Describe(_)
        | Statement::Use(_)
        | Statement::ResetQueryCache
        | Statement::Refused(_) => Privilege::Read,
        Statement::Delete { .. } => return check_writing(scope),
        Statement::AlterUser { name, change: UserChange::Password(_) } if name == scope.user => {
            Privilege::Read
        }
        Statement::CreateUser { .. } | Statement::AlterUser { .. } | Statement::DropUser(_) => {
            Privilege::Super
        }
        _ => Privilege::Write,
    };
    if has >= needs { Ok(()) } else { Err(codes::MND_NO_RIGHTS.into()) }
}

/// Whether the connection's user may write rows.
///
/// # Errors
/// `0x80000214` when it may not, `0x80000351` when the user is gone.
pub(in crate::engine) fn check_writing(scope: Scope<'_>) -> Result<()> {
    match scope.catalog.users().privilege(scope.user)? {
        Privilege::Read => Err(codes::TSC_NO_WRITE_AUTH.into()),
        Privilege::Write | Privilege::Super => Ok(()),
    }
}

pub(super) fn create(scope: Scope<'_>, name: &str, password: &str, context: &Context) -> Result<Answer> {
    check_password(password)?;
    if name.len() > MOST_NAME {
        return Err(Error::invalid_operation("name too long"));
    }
    let mut definitions = scope.catalog.define();
    if SYSTEM.contains(&name) || scope.catalog.users().find(name).is_some() {
        return Err(codes::MND_USER_ALREADY_EXIST.into());
    }
    let secret = Secret::of(password)?;
    let created = context.now_in(Precision::Milli);
    definitions.set_user(User { name: name.to_owned(), created, privilege: Privilege::Write, secret })?;
    Ok(Answer::done())
}

pub(super) fn alter(scope: Scope<'_>, name: &str, change: &UserChange) -> Result<Answer> {
    let new_secret = match change {
        UserChange::Password(password) => {
            check_password(password)?;
            Some(Secret::of(password)?)
        }
        _ => None,
    };
    let new_privilege = match change {
        UserChange::Privilege(word) => Some(privilege(word)?),
        _ => None,
    };
    let mut definitions = scope.catalog.define();
    if name == ROOT
        && let Some(secret) = new_secret
    {
        definitions.set_root_secret(secret)?;
        return Ok(Answer::done());
    }
    if SYSTEM.contains(&name) {
        return Err(codes::MND_NO_RIGHTS.into());
    }
    let user = scope.catalog.users().find(name).ok_or(codes::MND_INVALID_USER)?;
    if new_privilege == Some(Privilege::Super) {
        return Err(codes::MND_NO_RIGHTS.into());
    }
    let changed = User {
        secret: new_secret.unwrap_or_else(|| user.secret.clone()),
        privilege: new_privilege.unwrap_or(user.privilege),
        ..(*user).clone()
    };
    definitions.set_user(changed)?;
    Ok(Answer::done())
}

pub(super) fn drop(scope: Scope<'_>, name: &str) -> Result<Answer> {
    let mut definitions = scope.catalog.define();
    if SYSTEM.contains(&name) {
        return Err(codes::MND_NO_RIGHTS.into());
    }
    if scope.catalog.users().find(name).is_none() {
        return Err(codes::MND_INVALID_USER.into());
    }
    definitions.drop_user(name)?;
    Ok(Answer::done())
}

fn privilege(word: &str) -> Result<Privilege> {
    match word {
        "read" => Ok(Privilege::Read),
        "write" => Ok(Privilege::Write),
        "super" => Ok(Privilege::Super),
        _ => Err(Error::invalid_operation("invalid user rights")),
    }
}

fn check_password(password: &str) -> Result<()> {
    match password.len() {
        0 => Err(Error::invalid_operation("password can not be empty")),
        1..=MOST_PASSWORD => Ok(()),
        _ => Err(Error::invalid_operation("name or password too long")),
    }
}
