//! One client's thread at a channel.

use base::{ChannelId, ChatId, ContactId, IdentityId, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "chat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChatId,
    pub channel_id: ChannelId,
    /// The vendor's id of the thread; of one channel unique.
    pub external_id: String,
    pub contact_id: ContactId,
    pub identity_id: Option<IdentityId>,
    /// What the messenger calls the client.
    pub title: String,
    pub last_inbound_at: Option<Timestamp>,
    /// The client has seen what we wrote up to then.
    pub seen_at: Option<Timestamp>,
    /// When a node last noted that the client of a site chat was there: within a minute while he is.
    pub online_at: Option<Timestamp>,
    /// The client does not let us write.
    pub blocked: bool,
    /// What the driver keeps about it.
    pub data: Json,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
