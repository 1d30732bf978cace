//! How many requests of a client count today, in this week and in this month: by the company's calendar, from midnight, from
//! Monday, from the first.

use base::{CompanyId, ContactId, Result, Timestamp};
use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use db::{Fetch, Row};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Model;
use crate::setting;

/// Over what requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TariffPeriod)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Period {
    Day,
    Week,
    Month,
}

pub(super) const PERIODS: [Period; 3] = [Period::Day, Period::Week, Period::Month];

impl Model {
    /// How many requests are included in a period; none: any number.
    pub(super) fn limit(&self, period: Period) -> Option<i64> {
        match period {
            Period::Day => self.per_day,
            Period::Week => self.per_week,
            Period::Month => self.per_month,
        }
    }
}

/// Whose requests.
#[derive(Clone, Copy, Debug)]
pub(super) enum Client {
    /// Of everybody in it.
    Company(CompanyId),
    /// Of somebody without a company.
    Contact(ContactId),
}

async fn zone(connection: &impl ConnectionTrait) -> Result<Tz> {
    Ok(setting::company(connection).await?.default_time_zone.parse().unwrap_or(Tz::UTC))
}

/// The date by the company's clock.
pub(crate) async fn today(connection: &impl ConnectionTrait, now: Timestamp) -> Result<NaiveDate> {
    Ok(now.with_timezone(&zone(connection).await?).date_naive())
}

/// The first days of the periods that a date is in.
fn first_days(date: NaiveDate) -> [NaiveDate; 3] {
    let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    [date, monday, date.with_day(1).unwrap_or(date)]
}

/// How many requests were made in each of `PERIODS`.
pub(super) async fn used(connection: &impl Fetch, client: Client, now: Timestamp) -> Result<[i64; 3]> {
    let zone = zone(connection).await?;
    let starts = first_days(now.with_timezone(&zone).date_naive()).map(|date| calendar::midnight(zone, date));
    let first = starts.into_iter().min().unwrap_or(now);
    let (whose, id) = match client {
        Client::Company(id) => ("t.contact_id in (select p.id from contact p where p.company_id = $1)", id.0),
        Client::Contact(id) => ("t.contact_id = $1", id.0),
    };
    let sql = format!(
        "select count(case when t.created_at >= $2 then 1 end), count(case when t.created_at >= $3 then 1 end), \
         count(case when t.created_at >= $4 then 1 end) from ticket t where {whose} and t.created_at >= $5"
    );
    let [day, week, month] = starts;
    let values = vec![id.into(), day.into(), week.into(), month.into(), first.into()];
    let read = |row: &Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?]);
    Ok(connection.fetch(sql, values, read).await?.pop().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let check = |on: &str, monday: &str, first: &str| {
            assert_eq!(first_days(date(on)), [date(on), date(monday), date(first)]);
        };
        check("2026-12-02", "2026-11-30", "2026-12-01");
        check("2026-11-30", "2026-11-30", "2026-11-01");
        check("2027-01-03", "2026-12-28", "2027-01-01");
    }
}
