//! Who is kept out, or let in all the same.

use base::{BlockId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "block_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BlockId,
    pub kind: Kind,
    pub pattern: String,
    /// Lets in whom another rule keeps out.
    pub allow: bool,
    pub note: String,
    /// How often it kept somebody out.
    pub hits: i64,
    pub last_hit_at: Option<Timestamp>,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    /// Counts until then; none: forever.
    pub until: Option<Timestamp>,
    /// Counts on these lines only; none: on all.
    pub line_ids: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What a rule looks at.
    Kind as "BlockKind" {
        /// A mail address; `*@spam.test` is a whole domain.
        Email = "email",
        /// A phone number, `+79123456789` or `+7912*`.
        Phone = "phone",
        /// An account of a messenger or a site, kind and key: `telegram:123456`, `site_user:*:42`.
        Account = "account",
        /// An IP address or a network, `192.0.2.7` or `192.0.2.0/24`.
        Address = "address",
        /// Words in what somebody writes; `*` stands for anything.
        Term = "term",
    }
}
