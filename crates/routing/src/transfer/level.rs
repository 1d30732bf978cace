//! Which line stands behind which: the second line takes what the first cannot solve.

use base::LineId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line_level")]
pub struct Model {
    /// The second line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: LineId,
    /// The line it stands behind.
    pub first_line_id: LineId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
