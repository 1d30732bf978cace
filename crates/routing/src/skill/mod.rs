//! Skills that rules may demand.

use base::Result;
use sea_orm::ConnectionTrait;

base::id! {
    /// Something an operator may be good at.
    SkillId,
}

/// Those of these skills that exist.
pub async fn known(_connection: &impl ConnectionTrait, _ids: &[SkillId]) -> Result<Vec<SkillId>> {
    Ok(Vec::new())
}
