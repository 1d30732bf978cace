//! Schedules: kept by administrators, and counted with before they are saved.

use serde_json::{Value, json};
use tests::{Client, TestApp};

/// Monday to Friday, these hours.
fn weekly(hours: &[[&str; 2]]) -> Value {
    let intervals: Vec<Value> = hours.iter().map(|[from, to]| json!({"from": from, "to": to})).collect();
    ["mon", "tue", "wed", "thu", "fri"].iter().map(|day| json!({"day": day, "intervals": intervals})).collect()
}

fn office() -> Value {
    json!({"time_zone": "Europe/Moscow", "weekly": weekly(&[["09:00", "13:00"], ["14:00", "18:00"]])})
}

/// The office over the new year of 2027: a short Wednesday without lunch, then eleven days off.
fn new_year() -> Value {
    let off = |date: String| json!({"date": date, "intervals": [], "name": "Каникулы"});
    let mut exceptions = vec![
        json!({"date": "2026-12-30", "intervals": [{"from": "09:00", "to": "14:00"}]}),
        off("2026-12-31".to_owned()),
    ];
    exceptions.extend((1..=10).map(|day| off(format!("2027-01-{day:02}"))));
    let mut schedule = office();
    schedule["exceptions"] = json!(exceptions);
    schedule
}

async fn preview(client: &Client, schedule: &Value, start: &str, duration_seconds: i64) -> Value {
    let question = json!({"schedule": schedule, "start": start, "duration_seconds": duration_seconds});
    client.post("/schedules/preview", question).await.ok()
}

/// Story 9 of the acceptance stories: its due times, to the second. Moscow is three hours ahead of UTC.
#[tokio::test]
async fn norms_over_the_new_year_are_due_when_the_story_says() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let schedule = new_year();
    let accepted = "2026-12-30T13:50:00+03:00";
    let reaction = preview(&admin, &schedule, accepted, 3600).await;
    assert_eq!(reaction["due"], "2027-01-11T06:50:00Z", "Monday 11 January, 9:50");
    let resolution = preview(&admin, &schedule, accepted, 8 * 3600).await;
    assert_eq!(resolution["due"], "2027-01-11T14:50:00Z", "Monday 11 January, 17:50");

    // Waiting from 10:00 to 12:00 freezes what is left, and it goes on after.
    let until = json!({"schedule": schedule, "start": accepted, "end": "2027-01-11T10:00"});
    let spent = admin.post("/schedules/preview", until).await.ok()["counted_seconds"].as_i64().unwrap();
    assert_eq!(spent, 70 * 60);
    let moved = preview(&admin, &schedule, "2027-01-11T12:00", 8 * 3600 - spent).await;
    assert_eq!(moved["due"], "2027-01-12T07:50:00Z", "Tuesday 12 January, 10:50");
}

#[tokio::test]
async fn every_piece_says_why_it_counts() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let answer = preview(&admin, &new_year(), "2026-12-30T13:50", 3600).await;
    let piece = |from: &str, to: &str, counted: i64, reason: &str, name: &str| json!({"from": from, "to": to, "counted_seconds": counted, "reason": reason, "name": name});
    assert_eq!(
        answer,
        json!({
            "start": "2026-12-30T10:50:00Z", "due": "2027-01-11T06:50:00Z", "counted_seconds": 3600, "segments_cut": false,
            "segments": [
                piece("2026-12-30T10:50:00Z", "2026-12-30T11:00:00Z", 600, "exception_hours", ""),
                piece("2026-12-30T11:00:00Z", "2026-12-30T21:00:00Z", 0, "off_hours", ""),
                piece("2026-12-30T21:00:00Z", "2027-01-10T21:00:00Z", 0, "exception_off", "Каникулы"),
                piece("2027-01-10T21:00:00Z", "2027-01-11T06:00:00Z", 0, "off_hours", ""),
                piece("2027-01-11T06:00:00Z", "2027-01-11T06:50:00Z", 3000, "working_hours", ""),
            ],
        })
    );
    let none = json!({"time_zone": "Europe/Moscow", "weekly": []});
    let never = preview(&admin, &none, "2026-12-30T13:50", 3600).await;
    assert_eq!((&never["due"], &never["segments"]), (&Value::Null, &json!([])));
    let long = preview(&admin, &office(), "2026-12-30T13:50", 5000 * 3600).await;
    assert_eq!((&long["segments_cut"], &long["counted_seconds"]), (&json!(true), &json!(5000 * 3600)));
}

#[tokio::test]
async fn a_wrong_question_names_its_fields() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let wrong = async |change: Value, field: &str, code: &str| {
        let mut body = json!({"schedule": office(), "start": "2026-11-23T09:00:00+03:00", "duration_seconds": 60});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        admin.post("/schedules/preview", body).await.invalid(field, code);
    };
    let with = |to: &str| {
        let mut schedule = office();
        schedule["weekly"][2]["intervals"][0]["to"] = json!(to);
        json!({"schedule": schedule})
    };
    wrong(with("25:00"), "schedule.weekly[2].intervals[0].to", "bad_time").await;
    wrong(with("09:00"), "schedule.weekly[2].intervals[0].to", "empty").await;
    wrong(with("14:30"), "schedule.weekly[2].intervals[1].from", "overlaps").await;
    wrong(json!({"schedule": {"time_zone": "Moscow", "weekly": []}}), "schedule.time_zone", "bad_time_zone").await;
    wrong(json!({"schedule": {"time_zone": "UTC"}}), "schedule.weekly", "required").await;
    wrong(
        json!({"schedule": {"time_zone": "UTC", "weekly": [{"day": "someday", "intervals": []}]}}),
        "schedule.weekly[0].day",
        "unreadable",
    )
    .await;
    let exceptions = json!([{"date": "2026-02-30", "intervals": []}]);
    wrong(
        json!({"schedule": {"time_zone": "UTC", "weekly": [], "exceptions": exceptions}}),
        "schedule.exceptions[0].date",
        "unreadable",
    )
    .await;
    wrong(json!({"start": "завтра"}), "start", "bad_time").await;
    wrong(json!({"duration_seconds": -1}), "duration_seconds", "out_of_range").await;
    wrong(json!({"duration_seconds": null}), "duration_seconds", "required").await;
    wrong(json!({"end": "2026-11-24T09:00"}), "end", "conflicting").await;
    wrong(json!({"duration_seconds": null, "end": "2026-11-22T09:00"}), "end", "out_of_range").await;
    wrong(json!({"duration_seconds": null, "end": "x"}), "end", "bad_time").await;
}

#[tokio::test]
async fn a_schedule_is_saved_changed_and_deleted() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut definition = office();
    definition["production_calendar"] = json!("ru");
    let new = json!({"name": "  Основной   график ", "definition": definition});
    let saved = admin.clone().with_header("idempotency-key", "one").post("/schedules", new.clone()).await.expect(201);
    let again = admin.clone().with_header("idempotency-key", "one").post("/schedules", new).await.expect(201);
    assert_eq!(saved, again);
    assert_eq!(saved["name"], "Основной график");
    assert_eq!((&saved["open_now"], &saved["opens_at"]), (&json!(true), &Value::Null), "Monday, 10 in Moscow");
    let path = format!("/schedules/{}", saved["id"].as_str().unwrap());
    app.advance(chrono::Duration::hours(9));
    let read = admin.get(&path).await.ok();
    assert_eq!((&read["open_now"], &read["opens_at"]), (&json!(false), &json!("2026-11-24T06:00:00Z")));
    assert_eq!(read["definition"]["weekly"], office()["weekly"]);

    let days = json!([{"date": "2028-01-03", "kind": "holiday", "like": null, "name": "Каникулы"}]);
    definition["days"] = days.clone();
    let changed = admin.patch(&path, json!({"definition": definition})).await.ok();
    assert_eq!((&changed["name"], &changed["definition"]["days"]), (&json!("Основной график"), &days));
    admin.patch(&path, json!({"name": " "})).await.invalid("name", "required");
    definition["time_zone"] = json!("x");
    admin.patch(&path, json!({"definition": definition})).await.invalid("definition.time_zone", "bad_time_zone");
    assert_eq!(admin.get("/schedules").await.ok()["items"], json!([changed]), "nothing is left of a refused change");

    admin.delete(&path).await.expect(204);
    admin.get(&path).await.problem(404, "not_found");
    assert_eq!(admin.get("/schedules").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn days_come_from_files_and_from_the_product() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let csv = json!({"text": "date;kind;like;name\n03.01.2028;holiday;;Каникулы\n2028-01-15;working;mon;Отработка"});
    let read = admin.post("/schedules/read-days", csv).await.ok();
    assert_eq!(
        read["items"],
        json!([
            {"date": "2028-01-03", "kind": "holiday", "like": null, "name": "Каникулы"},
            {"date": "2028-01-15", "kind": "working", "like": "mon", "name": "Отработка"},
        ])
    );
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20280704\nSUMMARY:Fourth\nEND:VEVENT\nEND:VCALENDAR";
    let read = admin.post("/schedules/read-days", json!({"text": ics})).await.ok();
    assert_eq!(read["items"][0], json!({"date": "2028-07-04", "kind": "holiday", "like": null, "name": "Fourth"}));
    let broken = admin.post("/schedules/read-days", json!({"text": "2028-01-03\nмусор\n"})).await;
    broken.invalid("text.2", "bad_line");

    let calendars = admin.get("/production-calendars").await.ok();
    let years = calendars["items"][0]["years"].as_array().unwrap();
    let told: Vec<(i64, bool)> =
        years.iter().map(|year| (year["year"].as_i64().unwrap(), year["provisional"].as_bool().unwrap())).collect();
    assert_eq!(told, [(2024, false), (2025, false), (2026, false), (2027, true)]);
    assert_eq!(years[2]["days"][0]["name"], "Новогодние каникулы");
    let mut schedule = office();
    schedule["production_calendar"] = json!("ru");
    let over_may = preview(&admin, &schedule, "2026-04-30T16:00", 2 * 3600).await;
    assert_eq!(
        over_may["due"], "2026-05-04T07:00:00Z",
        "the day before May is an hour shorter, and 1 to 3 May are off"
    );
}

/// A schedule that something counts by says what, and is not deleted until nothing does.
#[tokio::test]
async fn a_schedule_in_use_names_what_uses_it() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let new = json!({"name": "Офис", "definition": office()});
    let schedule = admin.post("/schedules", new).await.expect(201);
    let path = format!("/schedules/{}", schedule["id"].as_str().unwrap());
    assert_eq!(schedule["used_by"], json!([]));
    let definition = json!({"norms": {"reaction_seconds": 900}, "schedule_id": schedule["id"]});
    let policy = admin.post("/sla-policies", json!({"name": "Стандарт", "definition": definition})).await.expect(201);
    let used = json!([{"kind": "policy", "id": policy["id"], "name": "Стандарт"}]);
    assert_eq!(admin.get(&path).await.ok()["used_by"], used);
    assert_eq!(admin.get("/schedules").await.ok()["items"][0]["used_by"], used);
    let refused = admin.delete(&path).await.problem(409, "schedule_in_use");
    assert!(refused.to_string().contains("«Стандарт»"), "{refused}");
    let policy = format!("/sla-policies/{}", policy["id"].as_str().unwrap());
    admin.patch(&policy, json!({"definition": {"norms": {"reaction_seconds": 900}}})).await.ok();
    admin.delete(&path).await.expect(204);
}
