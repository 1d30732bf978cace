//! Ids: one newtype per noun over a UUIDv7, so that an id of one thing can never be passed for another's.
//!
//! UUIDv7 (RFC 9562) sorts by creation time, which keeps index pages warm on both databases.

/// Defines an id newtype that is a column value, a JSON string and an OpenAPI `uuid`.
#[macro_export]
macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(pub uuid::Uuid);

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(text.parse()?))
            }
        }
    )+};
}

id! {
    /// A member of staff.
    UserId,
    /// A set of permissions.
    RoleId,
    /// A group of staff.
    GroupId,
    /// A line: a named contact point.
    LineId,
    /// A client company.
    CompanyId,
    /// A client person.
    ContactId,
    /// One address of a person: mail, phone, messenger account.
    IdentityId,
    /// One exchange with one client on one line.
    ConversationId,
    /// One message of a conversation.
    MessageId,
    /// A case with a type, an owner and deadlines.
    TicketId,
    /// A stored file.
    FileId,
    /// A mailbox of a line.
    MailboxId,
    /// A channel of a line other than mail: a messenger's account, a site chat.
    ChannelId,
    /// One client's thread at a channel.
    ChatId,
    /// Where a contact that was written down by hand came from.
    SourceId,
    /// An entry of the block list.
    BlockId,
    /// Something a vendor sent us.
    UpdateId,
    /// A web form.
    FormId,
    /// A background job.
    JobId,
    /// An entry of the event log.
    EventId,
    /// Somebody who takes part in a group conversation.
    MemberId,
    /// A login of a user on one device.
    SessionId,
    /// An API token.
    TokenId,
}
