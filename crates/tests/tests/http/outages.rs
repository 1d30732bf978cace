//! Outages: what they do to the clocks of tickets, and how available services were.

use serde_json::{Value, json};

use crate::ticket_promises::{Tickets, standard};

const MINUTE: i64 = 60;

/// On Monday 11 January 2027, 9:00 in Moscow; the hours are 9 to 18 with lunch from 13 to 14.
struct Desk {
    tickets: Tickets,
    catalogue: String,
    mail: String,
    boss: tests::Client,
}

impl Desk {
    async fn new() -> Self {
        let tickets = Tickets::with(standard()).await;
        let catalogue = tickets.catalogue("Связь").await;
        let mail = tickets.service(&catalogue, "Почта").await;
        let boss = tickets.desk.app.user("boss@otklik.test", "Ольга", "supervisor").await;
        tickets.desk.app.serve(boss.user_id(), tickets.desk.line).await;
        tickets.desk.until("2027-01-11T09:00").await;
        Desk { tickets, catalogue, mail, boss }
    }

    async fn accepted(&self) -> String {
        self.tickets.register(json!({"service_id": self.mail, "status": "accepted"})).await
    }

    async fn down(&self, more: Value) -> String {
        let mut body = json!({"service_id": self.mail, "pauses_sla": true});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.boss.post("/outages", body).await.expect(201);
        self.tickets.desk.settle().await;
        made["id"].as_str().unwrap().to_owned()
    }

    async fn restore(&self, id: &str) {
        self.boss.post(&format!("/outages/{id}/restore"), json!({})).await.ok();
        self.tickets.desk.settle().await;
    }

    async fn check(&self, ticket: &str, norm: &str, paused_for: Value, counted_minutes: i64) {
        let clock = self.tickets.clock(ticket, norm).await;
        let state = if paused_for.is_null() { "running" } else { "paused" };
        assert_eq!((&clock["state"], &clock["paused_for"]), (&json!(state), &paused_for), "{norm}: {:#}", clock["log"]);
        assert_eq!(clock["counted_seconds"], counted_minutes * MINUTE, "{norm}: {:#}", clock["log"]);
    }
}

#[tokio::test]
async fn while_a_service_is_down_its_clocks_stand_still() {
    let desk = Desk::new().await;
    let until = async |time: &str| desk.tickets.desk.until(&format!("2027-01-11T{time}")).await;
    let ticket = desk.accepted().await;
    let other = desk.tickets.register(json!({"status": "accepted"})).await;
    until("09:10").await;
    let outage = desk.down(json!({})).await;
    until("09:30").await;
    desk.check(&ticket, "reaction", json!("outage"), 10).await;
    desk.check(&ticket, "resolution", json!("outage"), 10).await;
    desk.check(&other, "reaction", Value::Null, 30).await;
    let late = desk.accepted().await;
    desk.check(&late, "reaction", json!("outage"), 0).await;
    let shown = desk.tickets.desk.anna.get("/outages?open=true").await.ok();
    assert_eq!(shown["items"][0]["service"]["name"], "Почта");
    until("09:40").await;
    desk.restore(&outage).await;
    until("09:50").await;
    desk.check(&ticket, "reaction", Value::Null, 20).await;
    desk.check(&late, "reaction", Value::Null, 10).await;
    let log = desk.tickets.clock(&ticket, "reaction").await["log"].clone();
    let told: Vec<(&str, &str)> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["what"].as_str().unwrap(), entry["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("started", "accepted"), ("paused", "outage"), ("resumed", "outage")]);
    desk.boss.post(&format!("/outages/{outage}/restore"), json!({})).await.problem(409, "outage_over");
}

#[tokio::test]
async fn a_clock_goes_on_when_its_last_reason_is_over() {
    let desk = Desk::new().await;
    let until = async |time: &str| desk.tickets.desk.until(&format!("2027-01-11T{time}")).await;
    let ticket = desk.accepted().await;
    until("09:10").await;
    let outage = desk.down(json!({})).await;
    until("09:20").await;
    desk.tickets.change(&ticket, json!({"status": "waiting", "waiting": {"reason": "Ждём запчасти"}})).await;
    desk.check(&ticket, "resolution", json!("outage"), 10).await;
    until("09:30").await;
    desk.restore(&outage).await;
    desk.check(&ticket, "resolution", json!("status"), 10).await;
    until("09:40").await;
    let again = desk.down(json!({})).await;
    desk.check(&ticket, "resolution", json!("status"), 10).await;
    desk.tickets.change(&ticket, json!({"status": "in_progress"})).await;
    desk.check(&ticket, "resolution", json!("outage"), 10).await;
    until("09:50").await;
    desk.boss.patch(&format!("/outages/{again}"), json!({"pauses_sla": false})).await.ok();
    until("10:00").await;
    desk.check(&ticket, "resolution", Value::Null, 20).await;
    desk.boss.patch(&format!("/outages/{again}"), json!({"pauses_sla": true})).await.ok();
    until("10:10").await;
    desk.check(&ticket, "resolution", json!("outage"), 20).await;
    desk.boss.delete(&format!("/outages/{again}")).await.expect(204);
    until("10:20").await;
    desk.check(&ticket, "resolution", Value::Null, 30).await;
}

#[tokio::test]
async fn what_is_registered_late_counts_from_when_it_was() {
    let desk = Desk::new().await;
    let until = async |time: &str| desk.tickets.desk.until(&format!("2027-01-11T{time}")).await;
    let ticket = desk.accepted().await;
    until("10:10").await;
    assert_eq!(desk.tickets.clock(&ticket, "reaction").await["missed_at"], "2027-01-11T07:00:00Z");
    let fresh = desk.accepted().await;
    // It was down from 9:10 to 9:40, as is known only now.
    let span = json!({"started_at": "2027-01-11T06:10:00Z", "restored_at": "2027-01-11T06:40:00Z", "catalogue_id": desk.catalogue, "service_id": null});
    desk.down(span).await;
    desk.check(&ticket, "reaction", Value::Null, 40).await;
    assert_eq!(desk.tickets.clock(&ticket, "reaction").await["missed_at"], Value::Null, "it was not broken");
    desk.check(&fresh, "reaction", Value::Null, 0).await;
    until("10:20").await;
    desk.check(&fresh, "reaction", Value::Null, 10).await;
}

#[tokio::test]
async fn an_outage_without_a_pause_only_goes_on_record() {
    let desk = Desk::new().await;
    let ticket = desk.accepted().await;
    desk.tickets.desk.until("2027-01-11T09:10").await;
    desk.down(json!({"pauses_sla": false})).await;
    desk.tickets.desk.until("2027-01-11T09:20").await;
    desk.check(&ticket, "reaction", Value::Null, 20).await;
    let refuse =
        async |body: Value, field: &str, code: &str| desk.boss.post("/outages", body).await.invalid(field, code);
    refuse(json!({}), "service_id", "required").await;
    refuse(json!({"service_id": desk.mail, "catalogue_id": desk.catalogue}), "service_id", "required").await;
    refuse(json!({"service_id": desk.catalogue}), "service_id", "unknown").await;
    refuse(json!({"service_id": desk.mail, "started_at": "2027-02-01T00:00:00Z"}), "started_at", "in_future").await;
    let backwards =
        json!({"service_id": desk.mail, "started_at": "2027-01-11T06:00:00Z", "restored_at": "2027-01-11T05:00:00Z"});
    refuse(backwards, "restored_at", "out_of_range").await;
    desk.tickets.desk.anna.post("/outages", json!({"service_id": desk.mail})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn availability_counts_in_the_hours_of_a_service() {
    let desk = Desk::new().await;
    let admin = &desk.tickets.desk.admin;
    let chat = desk.tickets.service(&desk.catalogue, "Чат").await;
    let office = admin.get("/schedules").await.ok()["items"][0]["id"].clone();
    let own = json!({"schedule_id": office, "downtime_minutes": 30, "owner_id": desk.boss.user_id()});
    admin.patch(&format!("/services/{}", desk.mail), own).await.ok();
    desk.tickets.desk.until("2027-01-12T09:00").await;
    // Of mail 12:30 to 14:30 with lunch between, and 14:00 to 15:00 planned; of the whole catalogue from 17:30 on.
    let of_mail = |from: &str, to: &str, kind: &str| json!({"service_id": desk.mail, "kind": kind, "started_at": format!("2027-01-11T{from}:00+03:00"), "restored_at": format!("2027-01-11T{to}:00+03:00")});
    desk.boss.post("/outages", of_mail("12:30", "14:30", "unplanned")).await.expect(201);
    desk.boss.post("/outages", of_mail("14:00", "15:00", "planned")).await.expect(201);
    let whole = json!({"catalogue_id": desk.catalogue, "kind": "planned", "extent": "partial", "started_at": "2027-01-11T17:30:00+03:00", "restored_at": "2027-01-11T18:30:00+03:00"});
    desk.boss.post("/outages", whole).await.expect(201);

    let period = "from=2027-01-10T21:00:00Z&to=2027-01-11T21:00:00Z";
    let rows = desk.boss.get(&format!("/sla-report/availability?{period}")).await.ok()["items"].clone();
    let row = |name: &str| rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
    let mail = row("Почта");
    assert_eq!((&mail["outages"], &mail["unplanned"]), (&json!(3), &json!(1)));
    // 12:30–13:00 and 14:00–15:00 and 17:30–18:00 of eight hours.
    assert_eq!((&mail["downtime_seconds"], &mail["working_seconds"]), (&json!(120 * MINUTE), &json!(480 * MINUTE)));
    assert_eq!((&mail["unplanned_downtime_seconds"], &mail["percent"]), (&json!(60 * MINUTE), &json!(75.0)));
    assert_eq!((&mail["permitted_minutes"], &mail["permitted_kept"]), (&json!(30), &json!(false)));
    assert_eq!(mail["owners"][0]["id"], json!(desk.boss.user_id()));
    let talk = row("Чат");
    assert_eq!((&talk["downtime_seconds"], &talk["working_seconds"]), (&json!(60 * MINUTE), &json!(24 * 60 * MINUTE)));
    assert_eq!((&talk["permitted_kept"], &talk["service_id"]), (&Value::Null, &json!(chat)));

    let rows = desk.boss.get(&format!("/sla-report/availability?{period}&by=catalogue")).await.ok()["items"].clone();
    assert_eq!((&rows[0]["name"], &rows[0]["outages"]), (&json!("Связь"), &json!(3)));
    assert_eq!(rows[0]["downtime_seconds"], 180 * MINUTE);

    // Every number has its list.
    let listed = async |more: &str| {
        let list = desk.boss.get(&format!("/outages?{period}&{more}")).await.ok();
        list["items"].as_array().unwrap().clone()
    };
    assert_eq!(listed(&format!("service={}", desk.mail)).await.len(), 3);
    assert_eq!(listed(&format!("service={}&kind=unplanned", desk.mail)).await.len(), 1);
    assert_eq!(listed(&format!("catalogue={}&extent=partial", desk.catalogue)).await.len(), 1);
    let lunch = listed("kind=unplanned").await[0].clone();
    assert_eq!((&lunch["total_seconds"], &lunch["working_seconds"]), (&json!(120 * MINUTE), &json!(60 * MINUTE)));
}
