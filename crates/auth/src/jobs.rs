//! Forgetting what has expired.

use std::time::Duration;

use app::{App, Attempt, Job, JobError, JobType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::entity::{login_attempt, login_session};
use crate::ops::attempt;

pub(crate) fn all() -> Vec<JobType<App>> {
    vec![app::job::<ForgetExpired>()]
}

/// Deletes logins that ran out and password attempts that no longer count. Expired API tokens stay in their owner's list.
#[derive(Debug, Serialize, Deserialize)]
struct ForgetExpired {}

impl Job for ForgetExpired {
    const KIND: &'static str = "auth.forget_expired";
    const EVERY: Option<Duration> = Some(Duration::from_secs(3600));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        let now = tx.now();
        login_session::Entity::delete_many().filter(login_session::Column::ExpiresAt.lte(now)).exec(&tx).await?;
        login_attempt::Entity::delete_many()
            .filter(login_attempt::Column::At.lte(now - attempt::WINDOW))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
