//! Who does something: every command and every visible query takes one.

use crate::{Error, Language, LineId, Permission, PermissionSet, Result, UserId};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A signed-in member of staff, or a program with his token.
    User(UserId),
    /// Otklik itself: incoming mail, timers, rules.
    System,
}

/// Which lines an actor reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineScope {
    All,
    Only(Vec<LineId>),
}

/// Who acts, with what rights.
#[derive(Clone, Debug)]
pub struct Actor {
    pub kind: ActorKind,
    pub name: String,
    pub language: Language,
    pub permissions: PermissionSet,
    pub lines: LineScope,
}

impl Actor {
    /// Otklik itself: sees everything, may everything.
    pub fn system() -> Self {
        Actor {
            kind: ActorKind::System,
            name: String::new(),
            language: Language::Ru,
            permissions: PermissionSet::all(),
            lines: LineScope::All,
        }
    }

    pub fn user_id(&self) -> Option<UserId> {
        match self.kind {
            ActorKind::User(id) => Some(id),
            ActorKind::System => None,
        }
    }

    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.has(permission) { Ok(()) } else { Err(Error::Forbidden(permission)) }
    }

    pub fn sees_line(&self, line: LineId) -> bool {
        match &self.lines {
            LineScope::All => true,
            LineScope::Only(lines) => lines.contains(&line),
        }
    }
}
