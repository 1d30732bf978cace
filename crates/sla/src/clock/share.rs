//! The share of promises that are kept, looked at once a day.

use app::{App, Attempt, Job, JobError};
use base::{Actor, LineId, Result, Timestamp, Words};
use bus::Event;
use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use db::{Tx, dialect};
use desk::setting;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entity::{Column, Entity, State, only};
use crate::policy::{self, Definition, PolicyId, Share};

/// Looks at every policy whose time of the day has come.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CheckShares {}

impl Job for CheckShares {
    const KIND: &'static str = "sla.check_shares";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(60));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let zone = setting::company(app.db.read()).await?.default_time_zone.parse().unwrap_or(Tz::UTC);
        let today = app.now().with_timezone(&zone).date_naive();
        for row in policy::list(app.db.read()).await? {
            let definition: Definition = serde_json::from_value(row.definition.clone()).map_err(base::Error::from)?;
            let Some(share) = definition.share else { continue };
            let Some(at) = moment(zone, today, &share).filter(|at| *at <= app.now() && *at > row.updated_at) else {
                continue;
            };
            let tx = app.write().await?;
            check(&tx, row.id, &row.name, &share, today, at).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// When it is looked at on a day. A time that a change of clocks skips comes with the next there is.
fn moment(zone: Tz, day: NaiveDate, share: &Share) -> Option<Timestamp> {
    let local = day.and_time(share.time()?);
    let found = zone.from_local_datetime(&local).earliest();
    let found: Option<DateTime<Tz>> =
        found.or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest());
    found.map(|at| at.with_timezone(&Utc))
}

fn why(percent: u64, share: &Share) -> Words {
    let (wanted, days) = (share.percent, share.days);
    Words::owned(
        format!("В срок {percent} % за {days} дн., нужно {wanted} %."),
        format!("{percent}% are kept over {days} d, {wanted}% are wanted."),
    )
}

/// Looks once a day, however often it is asked, at each line where the policy promised something, and tells where too few were kept.
async fn check(tx: &Tx, id: PolicyId, name: &str, share: &Share, day: NaiveDate, at: Timestamp) -> Result<()> {
    let sql =
        "insert into sla_share_check (policy_id, day, at) values ($1, $2, $3) on conflict (policy_id, day) do nothing";
    let statement = dialect::statement(tx, sql, [id.0.into(), day.to_string().into(), at.into()]);
    if tx.execute_raw(statement).await?.rows_affected() == 0 {
        return Ok(());
    }
    let mut lines: Vec<LineId> =
        promised(id, share, at).select_only().column(Column::LineId).distinct().into_tuple().all(tx).await?;
    lines.sort_unstable();
    for line in lines {
        check_line(tx, id, line, name, share, at).await?;
    }
    Ok(())
}

/// What the policy promised in the period, and somebody still waits for or has got.
fn promised(id: PolicyId, share: &Share, at: Timestamp) -> Select<Entity> {
    let from = at.checked_sub_days(Days::new(share.days.unsigned_abs())).unwrap_or(at);
    let all = Entity::find()
        .filter(Column::PolicyId.eq(id))
        .filter(Column::State.ne(State::Dropped))
        .filter(Column::StartedAt.gte(from))
        .filter(Column::StartedAt.lt(at));
    only(all, share.of)
}

async fn check_line(tx: &Tx, id: PolicyId, line: LineId, name: &str, share: &Share, at: Timestamp) -> Result<()> {
    let decided = promised(id, share, at).filter(Column::LineId.eq(line));
    let missed = decided.clone().filter(Column::MissedAt.is_not_null()).count(tx).await?;
    let kept = decided.filter(Column::State.eq(State::Done)).filter(Column::MissedAt.is_null()).count(tx).await?;
    let all = kept + missed;
    if all == 0 || kept * 100 >= all * share.percent.unsigned_abs() {
        return Ok(());
    }
    let data = json!({
        "policy": name, "kept": kept, "missed": missed, "percent": kept * 100 / all, "wanted_percent": share.percent,
        "days": share.days, "tell": share.tell, "by_mail": share.by_mail, "why": why(kept * 100 / all, share),
    });
    bus::emit(tx, &Actor::system(), Event::new("sla_share_low").subject(id.0).line(line).data(data)).await.map(drop)
}
