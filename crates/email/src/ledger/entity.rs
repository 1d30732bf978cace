//! The mail ledger: one row for every message a server ever showed us.

use base::{ConversationId, LineId, MailboxId, MessageId, Timestamp, id};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

id! {
    /// An entry of the mail ledger.
    LedgerId,
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_ledger")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LedgerId,
    pub line_id: LineId,
    /// None for mail that a mail server's pipe brought.
    pub mailbox_id: Option<MailboxId>,
    pub uidvalidity: Option<i64>,
    pub uid: Option<i64>,
    pub seen_at: Timestamp,
    pub outcome: Outcome,
    /// `Words`: why it became what it became.
    pub reason: Option<Json>,
    /// What went wrong, for a programmer.
    pub error: Option<String>,
    /// Without brackets.
    pub message_id_header: Option<String>,
    /// Lower case.
    pub from_address: Option<String>,
    pub from_shown: String,
    pub subject: String,
    /// Bytes, as the server says.
    pub size: i64,
    /// The bytes in the file store.
    pub raw_key: String,
    /// Only the headers were fetched: the message is too large.
    pub cut: bool,
    /// SHA-256 of the bytes, in hexadecimal.
    pub content_hash: String,
    /// Line and content: of several rows with the same mail only the accepted one has it.
    pub once_key: Option<String>,
    pub conversation_id: Option<ConversationId>,
    pub message_id: Option<MessageId>,
    pub attempts: i64,
    /// We wrote "your message has arrived" to its sender.
    pub acknowledged: bool,
    /// An administrator threw it out of the quarantine; the row stays.
    pub discarded_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// What became of a message.
    Outcome as "LedgerOutcome" {
        /// It is in a conversation.
        Accepted = "accepted",
        /// It was there already, or it is our own.
        Duplicate = "duplicate",
        /// Written by a program: kept in a conversation, restarts nothing.
        Automatic = "automatic",
        /// It could not be taken in and waits for somebody to look.
        Quarantined = "quarantined",
        /// The block list keeps its sender out.
        Blocked = "blocked",
    }
}
