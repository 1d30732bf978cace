//! What a role may allow. A permission appears as an argument type of the handler that needs it (`app::Can`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal),+ $(,)?) => {
        /// A right that a role gives.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum Permission {
            $($(#[doc = $doc])* #[serde(rename = $text)] $name),+
        }

        impl Permission {
            pub const ALL: &'static [Permission] = &[$(Permission::$name),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Permission::$name => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Permission::$name),)+ _ => None }
            }
        }

        /// A type for each permission, so that a handler can say in its arguments what it needs.
        pub mod can {
            $($(#[doc = $doc])* #[derive(Clone, Copy, Debug)] pub struct $name;

            impl super::Needs for $name {
                const PERMISSION: super::Permission = super::Permission::$name;
            })+
        }
    };
}

/// A permission as a type.
pub trait Needs: Send + Sync + 'static {
    const PERMISSION: Permission;
}

permissions! {
    /// Read conversations of one's lines.
    ConversationsView = "conversations.view",
    /// Answer clients.
    ConversationsReply = "conversations.reply",
    /// Write internal notes.
    ConversationsNote = "conversations.note",
    /// Take, hand over, rename, set priority, snooze.
    ConversationsAssign = "conversations.assign",
    /// Close and reopen.
    ConversationsClose = "conversations.close",
    /// Write to a client first.
    ConversationsCreate = "conversations.create",
    /// Take lists of conversations away as tables.
    ConversationsExport = "conversations.export",
    /// Read client cards.
    ContactsView = "contacts.view",
    /// Change client cards.
    ContactsEdit = "contacts.edit",
    /// Read tickets of one's lines.
    TicketsView = "tickets.view",
    /// Create and change tickets.
    TicketsEdit = "tickets.edit",
    /// Give a ticket what the category of its client does not allow.
    TicketsOverride = "tickets.override",
    /// Register when services are down, and when they are back.
    OutagesManage = "outages.manage",
    /// Write the canned replies that are shared.
    CannedRepliesManage = "canned_replies.manage",
    /// Create, change and archive lines.
    LinesManage = "lines.manage",
    /// See every line, not only those of one's groups.
    LinesAll = "lines.all",
    /// Connect and change mailboxes and other channels.
    ChannelsManage = "channels.manage",
    /// Manage operators, groups and roles.
    UsersManage = "users.manage",
    /// See, retry and discard background jobs.
    JobsManage = "jobs.manage",
    /// Work through mail that could not be accepted.
    QuarantineManage = "quarantine.manage",
    /// Create API tokens for oneself.
    TokensOwn = "tokens.own",
    /// Change settings of the whole installation.
    SettingsManage = "settings.manage",
}

/// The permissions of one actor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Unknown names are left out: a role saved by a newer version must not break an older one.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Permission::parse).collect()
    }

    pub fn has(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    pub fn intersect(&self, other: &PermissionSet) -> Self {
        PermissionSet(self.0.intersection(&other.0).copied().collect())
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|permission| permission.as_str()).collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        PermissionSet(iter.into_iter().collect())
    }
}
