//! What serving a line takes.

use base::LineId;
use sea_orm::entity::prelude::*;

use super::SkillId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line_skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: LineId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill_id: SkillId,
    /// 1 to 5: the least that will do.
    pub level: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
