//! Who does something: every command and every visible query takes one.

use crate::{ConversationId, Error, GroupId, Language, LineId, Permission, PermissionSet, Result, UserId};

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
    /// Groups whose own conversations he does not see although he sees the line: he is not one of them. A conversation
    /// is a group's own when it came in by a mailbox that is pinned to it, for as long as the group serves the line.
    /// Whoever supervises the line or sees every line has none here.
    pub hidden: Vec<(LineId, GroupId)>,
    /// Group conversations in which he takes part although he would not see them by his lines.
    pub joined: Vec<ConversationId>,
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
            hidden: Vec::new(),
            joined: Vec::new(),
        }
    }

    pub fn user_id(&self) -> Option<UserId> {
        match self.kind {
            ActorKind::User(id) => Some(id),
            ActorKind::System => None,
        }
    }

    /// Whether he may and sees just what `other` may and sees, whoever that is.
    pub fn reaches_like(&self, other: &Actor) -> bool {
        fn sorted<T: Copy + Ord>(all: &[T]) -> Vec<T> {
            let mut all = all.to_vec();
            all.sort_unstable();
            all
        }
        let lines = match (&self.lines, &other.lines) {
            (LineScope::All, LineScope::All) => true,
            (LineScope::Only(ours), LineScope::Only(theirs)) => sorted(ours) == sorted(theirs),
            _ => false,
        };
        lines
            && self.permissions == other.permissions
            && sorted(&self.hidden) == sorted(&other.hidden)
            && sorted(&self.joined) == sorted(&other.joined)
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

    /// Whether he sees what happens on a line, in the part of it that belongs to a group or to everybody.
    pub fn sees(&self, line: LineId, group: Option<GroupId>) -> bool {
        self.sees_line(line) && group.is_none_or(|group| !self.hidden.contains(&(line, group)))
    }

    /// The same of one conversation: whoever takes part in a group conversation sees it without its line.
    pub fn sees_conversation(&self, line: LineId, group: Option<GroupId>, id: ConversationId) -> bool {
        self.sees(line, group) || self.joined.contains(&id)
    }
}
