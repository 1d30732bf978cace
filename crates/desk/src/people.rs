//! Small references to people and things, as the API shows them.

use base::{CompanyId, ContactId, ConversationId, LineId, TicketId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StaffRef {
    pub id: UserId,
    pub name: String,
    /// 0 to 11.
    pub avatar_color: i64,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LineRef {
    pub id: LineId,
    pub key: String,
    pub name: String,
}

/// A client company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CompanyRef {
    pub id: CompanyId,
    pub name: String,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactRef {
    pub id: ContactId,
    pub name: String,
    pub company: Option<CompanyRef>,
    /// 0 to 11.
    pub avatar_color: i64,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketRef {
    pub id: TicketId,
    pub number: i64,
    pub status: crate::ticket::Status,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConversationRef {
    pub id: ConversationId,
    pub number: i64,
    pub subject: String,
}

/// A name and a mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Address {
    #[serde(default)]
    pub name: Option<String>,
    pub address: String,
}

/// Whom a message goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recipients {
    #[serde(default)]
    pub to: Vec<Address>,
    #[serde(default)]
    pub cc: Vec<Address>,
}

/// One of twelve colours, always the same for the same thing.
pub fn color_of(id: Uuid) -> i64 {
    id.as_bytes().iter().rev().take(4).fold(0i64, |sum, byte| sum * 31 + i64::from(*byte)).rem_euclid(12)
}
