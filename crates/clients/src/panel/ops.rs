//! Reading and changing the arrangement.

use base::{Actor, Error, LineId, Result};
use bus::Event;
use db::Tx;
use desk::line;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entity::{ActiveModel, Column, Entity};

/// A block of the panel. The client's own card always stands on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PanelBlock {
    Properties,
    Rating,
    Visit,
    Source,
    Tickets,
    Threading,
    Participants,
    History,
}

const ALL: [PanelBlock; 8] = [
    PanelBlock::Properties,
    PanelBlock::Rating,
    PanelBlock::Visit,
    PanelBlock::Source,
    PanelBlock::Tickets,
    PanelBlock::Threading,
    PanelBlock::Participants,
    PanelBlock::History,
];

/// Where a block stands is its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct PlacedBlock {
    pub block: PanelBlock,
    pub shown: bool,
}

/// Every block, in the order of this line; of one nobody arranged, the usual one.
pub(super) async fn of(connection: &impl ConnectionTrait, actor: &Actor, id: LineId) -> Result<Vec<PlacedBlock>> {
    line::find(connection, actor, id).await?;
    let row = Entity::find_by_id(id).one(connection).await?;
    // A block that a newer version knows is left out, and one that the line has not heard of stands last.
    let stored: Vec<PlacedBlock> = row
        .and_then(|row| row.blocks.as_array().cloned())
        .unwrap_or_default()
        .into_iter()
        .filter_map(|one| serde_json::from_value(one).ok())
        .collect();
    Ok(complete(stored))
}

fn complete(mut blocks: Vec<PlacedBlock>) -> Vec<PlacedBlock> {
    for block in ALL {
        if !blocks.iter().any(|one| one.block == block) {
            blocks.push(PlacedBlock { block, shown: true });
        }
    }
    blocks
}

pub(super) async fn set(tx: &Tx, actor: &Actor, id: LineId, blocks: Vec<PlacedBlock>) -> Result<Vec<PlacedBlock>> {
    line::find(tx, actor, id).await?;
    for (index, one) in blocks.iter().enumerate() {
        if blocks[..index].iter().any(|before| before.block == one.block) {
            let (ru, en) = ("Каждый блок стоит один раз", "Each block stands once");
            return Err(Error::invalid("blocks", "twice", ru, en));
        }
    }
    let blocks = complete(blocks);
    let row = ActiveModel { line_id: Set(id), blocks: Set(json!(blocks)), updated_at: Set(tx.now()) };
    let again = OnConflict::column(Column::LineId).update_columns([Column::Blocks, Column::UpdatedAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    bus::emit(tx, actor, Event::new("line_changed").subject(id.0).data(json!({"change": "panel"}))).await?;
    Ok(blocks)
}
