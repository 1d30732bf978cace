//! A line's own settings of routing; a line without a row has the defaults.

use base::LineId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line_routing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: LineId,
    /// Hours of its own, from before schedules were shared: they become a saved one at the next start (`adopt`).
    pub hours: Option<Json>,
    /// `Target`: where what no rule took goes.
    pub default_target: Json,
    /// `Overflow`.
    pub default_overflow: Option<Json>,
    /// The client's manager is asked before the rules.
    pub manager_first: bool,
    /// Counts changes of the line's rules and of what is here.
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
