//! Whether a line gives new conversations only to whoever is on shift; a line without a row does as the installation does.

use base::LineId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line_shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: LineId,
    pub only_on_shift: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
