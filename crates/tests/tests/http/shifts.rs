//! Shifts: schedules and who works by them, plan and fact, and that routing knows who is on shift.

use base::{GroupId, LineId};
use chrono::Duration;
use desk::conversation::Received;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};

/// A line with Anna and Boris in one group. It is Monday, 23 November 2026, 10:00 in Moscow.
struct Team {
    app: TestApp,
    admin: Client,
    anna: Client,
    boris: Client,
    line: LineId,
    group: GroupId,
}

impl Team {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (admin, line) = (app.admin().await, app.line("SUPPORT").await);
        let anna = app.user("anna@otklik.test", "Анна", "operator").await;
        let boris = app.user("boris@otklik.test", "Борис", "operator").await;
        let group = app.serve(anna.user_id(), line).await;
        let members = json!({"member_ids": [anna.user_id(), boris.user_id()]});
        admin.patch(&format!("/groups/{group}"), members).await.ok();
        app.run_jobs().await;
        assert_eq!(app.now().to_rfc3339(), "2026-11-23T07:00:00+00:00");
        Team { app, admin, anna, boris, line, group }
    }

    async fn shift(&self, name: &str, from: &str, minutes: i64) -> Value {
        let hours = json!({"from": from, "minutes": minutes, "breaks": []});
        let new = json!({"name": name, "color": "blue", "hours": hours});
        self.admin.post("/shifts", new).await.expect(201)["id"].clone()
    }

    /// A schedule that repeats these shifts from this Monday on.
    async fn cycle(&self, name: &str, shift_ids: Value) -> Value {
        let pattern = json!({"kind": "cycle", "first": "2026-11-23", "shift_ids": shift_ids});
        let rule = json!({"time_zone": "Europe/Moscow", "pattern": pattern});
        self.admin.post("/work-schedules", json!({"name": name, "rule": rule})).await.expect(201)["id"].clone()
    }

    /// Somebody works by a schedule from this Monday on.
    async fn works(&self, who: &Client, schedule: &Value) {
        let new = json!({"schedule_id": schedule, "user_ids": [who.user_id()], "from": "2026-11-23"});
        self.admin.post("/shift-assignments", new).await.expect(204);
        self.app.run_jobs().await;
    }

    async fn status(&self, who: &Client, status: &str) {
        who.put("/me/status", json!({"status": status})).await.ok();
        self.app.run_jobs().await;
    }

    async fn writes(&self) -> Received {
        let from = format!("{}@example.com", self.app.app.new_id().simple());
        let received = receive_mail(&self.app, mail(self.line, &from, "Не печатает касса")).await;
        self.app.run_jobs().await;
        received
    }

    async fn owner(&self, received: &Received) -> Value {
        let path = format!("/conversations/{}", received.conversation_id);
        self.admin.get(&path).await.ok()["assignee"]["name"].clone()
    }

    async fn rule(&self, condition: Value, target: Value) {
        let rule = json!({"name": "Правило", "condition": condition, "target": target});
        self.admin.post(&format!("/lines/{}/routing-rules", self.line), rule).await.expect(201);
    }

    async fn only_on_shift(&self) {
        self.admin.put("/routing/settings", json!({"only_on_shift": true})).await.ok();
        self.app.run_jobs().await;
    }
}

async fn plan(client: &Client, query: &str) -> Value {
    client.get(&format!("/shift-plan?{query}")).await.ok()
}

/// The days of the first person, as `23 10:00-19:00`, by the clock of Moscow.
fn days(plan: &Value) -> Vec<String> {
    let clock = |at: &Value| {
        let at: chrono::DateTime<chrono::Utc> = at.as_str().unwrap().parse().unwrap();
        (at + Duration::hours(3)).format("%H:%M").to_string()
    };
    let day = |day: &Value| {
        let date = &day["date"].as_str().unwrap()[8..];
        match &day["starts_at"] {
            Value::Null if day["absence"].is_string() => format!("{date} absent"),
            Value::Null => format!("{date} off"),
            from => format!("{date} {}-{}", clock(from), clock(&day["ends_at"])),
        }
    };
    plan["people"][0]["days"].as_array().unwrap().iter().map(day).collect()
}

#[tokio::test]
async fn two_by_two_generates_a_year() {
    let team = Team::new().await;
    let day = team.shift("День", "09:00", 12 * 60).await;
    let rule = json!({
        "time_zone": "Europe/Moscow",
        "pattern": {"kind": "cycle", "first": "2026-01-01", "shift_ids": [day, day, null, null]},
    });
    let asked = json!({"rule": rule, "from": "2026-01-01", "to": "2026-12-31"});
    let preview = team.admin.post("/work-schedules/preview", asked).await.ok();
    assert_eq!((preview["days"].as_array().unwrap().len(), &preview["minutes"]), (183, &json!(183 * 720)));
    assert_eq!(preview["norm_minutes"], 1972 * 60);
    assert_eq!(preview["days"][2]["date"], "2026-01-05");
    assert_eq!(preview["days"][2]["starts_at"], "2026-01-05T06:00:00Z");

    let schedule = json!({"name": "2/2", "rule": rule});
    let schedule = team.admin.post("/work-schedules", schedule).await.expect(201);
    let everybody = json!({"schedule_id": schedule["id"], "group_ids": [team.group], "from": "2026-01-01"});
    team.admin.post("/shift-assignments", everybody).await.expect(204);
    let year = plan(&team.admin, &format!("from=2026-01-01&to=2026-12-31&user={}", team.anna.user_id())).await;
    let person = &year["people"][0];
    assert_eq!((person["days"].as_array().unwrap().len(), &person["plan_minutes"]), (183, &json!(183 * 720)));
    assert_eq!((&person["schedule"]["name"], &year["norm_minutes"]), (&json!("2/2"), &json!(1972 * 60)));
    let listed = team.admin.get("/work-schedules").await.ok();
    assert_eq!((&listed["items"][0]["people"], &listed["items"][0]["groups"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn a_week_keeps_holidays_and_what_is_wrong_names_its_field() {
    let team = Team::new().await;
    let hours = json!({"from": "09:00", "minutes": 540, "breaks": [{"from": "13:00", "minutes": 60}]});
    let office = json!({"name": "Офис", "color": "teal", "hours": hours});
    let office = team.admin.post("/shifts", office).await.expect(201)["id"].clone();
    let rule = json!({
        "time_zone": "Europe/Moscow", "production_calendar": "ru", "holidays": true, "short_days": true,
        "pattern": {"kind": "week", "shift_ids": [office, office, office, office, office, null, null]},
    });
    let schedule = json!({"name": "Пятидневка", "rule": rule});
    let schedule = team.admin.post("/work-schedules", schedule.clone()).await.expect(201)["id"].clone();
    team.works(&team.anna, &schedule).await;
    let all = plan(&team.admin, "from=2026-12-28&to=2027-01-12&search=анн").await;
    assert_eq!(all["people"].as_array().unwrap().len(), 1);
    let first: Vec<String> = days(&all).into_iter().take(3).collect();
    assert_eq!(first, ["28 09:00-18:00", "29 09:00-18:00", "30 09:00-18:00"]);
    let new_year = &all["people"][0]["days"][4];
    assert_eq!((&new_year["date"], &new_year["holiday"]), (&json!("2027-01-01"), &json!(true)));
    assert_eq!(all["people"][0]["plan_minutes"], all["norm_minutes"], "eight hours a day are the norm");

    let wrong = |hours: Value| json!({"name": "Ночь", "color": "blue", "hours": hours});
    let post = async |path: &str, body: Value| team.admin.post(path, body).await;
    post("/shifts", wrong(json!({"from": "25:00", "minutes": 60}))).await.invalid("hours.from", "bad_time");
    post("/shifts", wrong(json!({"from": "21:00", "minutes": 1441}))).await.invalid("hours.minutes", "out_of_range");
    let late = json!({"from": "21:00", "minutes": 720, "breaks": [{"from": "08:30", "minutes": 60}]});
    post("/shifts", wrong(late)).await.invalid("hours.breaks[0].minutes", "outside");
    post("/shifts", json!({"name": "Офис", "color": "red"})).await.invalid("name", "name_taken");
    let of = |pattern: Value| json!({"name": "Новый", "rule": {"time_zone": "Europe/Moscow", "pattern": pattern}});
    let week = |ids: Value| of(json!({"kind": "week", "shift_ids": ids}));
    post("/work-schedules", week(json!([office]))).await.invalid("rule.pattern.shift_ids", "out_of_range");
    post("/work-schedules", week(json!([null, null, null, null, null, null, null])))
        .await
        .invalid("rule.pattern.shift_ids", "empty");
    let nobody = "01920000-0000-7000-8000-000000000000";
    let unknown = of(json!({"kind": "cycle", "first": "2026-11-23", "shift_ids": [nobody]}));
    post("/work-schedules", unknown).await.invalid("rule.pattern.shift_ids[0]", "unknown");
    let given = |change: Value| {
        let mut new = json!({"schedule_id": schedule, "user_ids": [team.anna.user_id()], "from": "2026-11-23"});
        new.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        new
    };
    post("/shift-assignments", given(json!({"to": "2026-11-22"}))).await.invalid("to", "before_beginning");
    post("/shift-assignments", given(json!({"user_ids": [nobody]}))).await.invalid("user_ids[0]", "unknown");
    post("/shift-assignments", given(json!({"user_ids": []}))).await.invalid("user_ids", "required");
    let far = "/shift-plan?from=2026-01-01&to=2026-12-31";
    team.admin.get(far).await.invalid("to", "out_of_range");
}

#[tokio::test]
async fn single_days_are_changed_and_absences_win() {
    let team = Team::new().await;
    let (day, night) = (team.shift("День", "09:00", 540).await, team.shift("Ночь", "21:00", 720).await);
    let of_anna = team.cycle("Сутки через сутки", json!([day, null])).await;
    let of_boris = team.cycle("Ночи", json!([null, night])).await;
    team.works(&team.anna, &of_anna).await;
    team.works(&team.boris, &of_boris).await;
    let (anna, boris) = (team.anna.user_id(), team.boris.user_id());
    let week = |who| format!("from=2026-11-23&to=2026-11-28&user={who}");
    assert_eq!(days(&plan(&team.admin, &week(anna)).await), ["23 09:00-18:00", "25 09:00-18:00", "27 09:00-18:00"]);
    assert_eq!(days(&plan(&team.admin, &week(boris)).await), ["24 21:00-09:00", "26 21:00-09:00", "28 21:00-09:00"]);

    // They swap Tuesday for Wednesday; Anna works Saturday too, and rests on Friday.
    let change =
        |who, date: &str, change: Value| json!({"user_id": who, "date": date, "change": change, "note": "По просьбе"});
    let shift = |id: &Value| json!({"kind": "shift", "shift_id": id});
    let off = || json!({"kind": "day_off"});
    let all = json!({"days": [
        change(anna, "2026-11-24", shift(&night)), change(boris, "2026-11-24", off()),
        change(anna, "2026-11-25", off()), change(boris, "2026-11-25", shift(&day)),
        change(anna, "2026-11-28", shift(&day)), change(anna, "2026-11-27", off()),
    ]});
    team.admin.put("/shift-days", all).await.expect(204);
    let of_anna = plan(&team.admin, &week(anna)).await;
    assert_eq!(days(&of_anna), ["23 09:00-18:00", "24 21:00-09:00", "25 off", "27 off", "28 09:00-18:00"]);
    let first = &of_anna["people"][0]["days"][1];
    assert_eq!((&first["changed"], &first["note"]), (&json!(true), &json!("По просьбе")));
    assert_eq!(days(&plan(&team.admin, &week(boris)).await)[..2], ["24 off", "25 09:00-18:00"]);
    // All or nothing: one wrong day changes none.
    let nowhere = json!("01920000-0000-7000-8000-000000000000");
    let wrong = json!({"days": [change(anna, "2026-11-23", off()), change(anna, "2026-11-26", shift(&nowhere))]});
    team.admin.put("/shift-days", wrong).await.invalid("days[1].change.shift_id", "unknown");
    assert_eq!(days(&plan(&team.admin, &week(anna)).await)[0], "23 09:00-18:00");
    let back = json!({"days": [change(anna, "2026-11-25", json!({"kind": "as_scheduled"}))]});
    team.admin.put("/shift-days", back).await.expect(204);
    assert_eq!(days(&plan(&team.admin, &week(anna)).await)[2], "25 09:00-18:00");

    let ill = json!({"user_id": anna, "from": "2026-11-24T21:00:00Z", "until": "2026-11-26T21:00:00Z", "reason": "Больничный"});
    team.admin.post("/absences", ill).await.expect(201);
    let of_anna = plan(&team.admin, &week(anna)).await;
    let wednesday = &of_anna["people"][0]["days"][2];
    assert_eq!((&wednesday["absence"], &wednesday["minutes"]), (&json!("Больничный"), &json!(0)));
    assert_eq!(days(&of_anna)[3], "26 absent");
    // The night shift of Tuesday began before she fell ill at midnight.
    assert_eq!(of_anna["people"][0]["days"][1]["minutes"], 180);
}

#[tokio::test]
async fn operators_read_their_own_and_supervisors_plan_for_theirs() {
    let team = Team::new().await;
    let day = team.shift("День", "09:00", 540).await;
    let schedule = team.cycle("Каждый день", json!([day])).await;
    team.works(&team.anna, &schedule).await;
    let (anna, boris) = (team.anna.user_id(), team.boris.user_id());
    let own = plan(&team.anna, "from=2026-11-23&to=2026-11-24").await;
    assert_eq!((days(&own).len(), &own["may_plan"], &own["total"]), (2, &json!(false), &json!(1)));
    team.anna
        .get(&format!("/shift-plan?from=2026-11-23&to=2026-11-24&user={boris}"))
        .await
        .problem(403, "not_supervisor");
    let new = |who| json!({"schedule_id": schedule, "user_ids": [who], "from": "2026-11-25"});
    team.anna.post("/shift-assignments", new(anna)).await.problem(403, "not_supervisor");
    let off = |who| json!({"days": [{"user_id": who, "date": "2026-11-24", "change": {"kind": "day_off"}}]});
    team.anna.put("/shift-days", off(anna)).await.problem(403, "not_supervisor");
    team.anna.post("/shifts", json!({"name": "Своя", "color": "red"})).await.problem(403, "forbidden");

    // Pavel watches over the line, and over nobody of the other one.
    let pavel = team.app.user("pavel@otklik.test", "Павел", "supervisor").await;
    let other = team.app.line("SALES").await;
    let olga = team.app.user("olga@otklik.test", "Ольга", "operator").await;
    let others = team.app.serve(olga.user_id(), other).await;
    let watch = json!({"name": "Руководители", "member_ids": [pavel.user_id()]});
    let watch = team.admin.post("/groups", watch).await.expect(201)["id"].clone();
    team.admin.patch(&format!("/lines/{}", team.line), json!({"supervisor_group_ids": [watch]})).await.ok();
    let seen = plan(&pavel, "from=2026-11-23&to=2026-11-24").await;
    let names: Vec<&Value> = seen["people"].as_array().unwrap().iter().map(|person| &person["user"]["name"]).collect();
    assert_eq!((names, &seen["may_plan"]), (vec![&json!("Анна"), &json!("Борис")], &json!(true)));
    pavel.post("/shift-assignments", new(boris)).await.expect(204);
    pavel.put("/shift-days", off(anna)).await.expect(204);
    pavel.post("/shift-assignments", new(olga.user_id())).await.problem(403, "not_supervisor");
    pavel.put("/shift-days", off(olga.user_id())).await.problem(403, "not_supervisor");
    let of_group = |group| json!({"schedule_id": schedule, "group_ids": [group], "from": "2026-11-25"});
    pavel.post("/shift-assignments", of_group(others)).await.problem(403, "not_supervisor");
    team.admin.post("/shift-assignments", of_group(others)).await.expect(204);
    let theirs = pavel.get("/shift-assignments").await.ok();
    assert_eq!(theirs["items"].as_array().unwrap().len(), 2, "{theirs:#}");
    let all = team.admin.get("/shift-assignments").await.ok();
    let foreign = all["items"].as_array().unwrap().iter().find(|one| one["group"].is_object()).unwrap();
    let path = format!("/shift-assignments/{}", foreign["id"].as_str().unwrap());
    pavel.delete(&path).await.problem(403, "not_supervisor");
    team.admin.patch(&path, json!({"to": "2026-11-30"})).await.expect(204);
    team.admin.delete(&path).await.expect(204);
    // A page at a time.
    let first = plan(&team.admin, "from=2026-11-23&to=2026-11-24&limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = plan(&team.admin, &format!("from=2026-11-23&to=2026-11-24&limit=2&after={next}")).await;
    let names = |page: &Value| {
        page["people"].as_array().unwrap().iter().map(|one| one["user"]["name"].clone()).collect::<Vec<_>>()
    };
    assert!(names(&first).iter().all(|name| !names(&second).contains(name)));
}

#[tokio::test]
async fn a_new_schedule_ends_the_old_one_and_a_shorter_one_passes() {
    let team = Team::new().await;
    let (day, night) = (team.shift("День", "09:00", 540).await, team.shift("Ночь", "21:00", 720).await);
    let days_only = team.cycle("Дни", json!([day])).await;
    let nights = team.cycle("Ночи", json!([night])).await;
    let anna = team.anna.user_id();
    let whole = json!({"schedule_id": days_only, "group_ids": [team.group], "from": "2026-11-23"});
    team.admin.post("/shift-assignments", whole).await.expect(204);
    let own = json!({"schedule_id": nights, "user_ids": [anna], "from": "2026-11-25", "to": "2026-11-26"});
    team.admin.post("/shift-assignments", own).await.expect(204);
    let week = format!("from=2026-11-24&to=2026-11-27&user={anna}");
    let wanted = ["24 09:00-18:00", "25 21:00-09:00", "26 21:00-09:00", "27 09:00-18:00"];
    assert_eq!(days(&plan(&team.admin, &week).await), wanted);
    let now_on = json!({"schedule_id": nights, "group_ids": [team.group], "from": "2026-11-27"});
    team.admin.post("/shift-assignments", now_on).await.expect(204);
    let of_group = team.admin.get(&format!("/shift-assignments?group={}", team.group)).await.ok();
    let spans: Vec<_> = of_group["items"].as_array().unwrap().iter().map(|one| (&one["from"], &one["to"])).collect();
    assert_eq!(spans, [(&json!("2026-11-27"), &Value::Null), (&json!("2026-11-23"), &json!("2026-11-26"))]);
    assert_eq!(days(&plan(&team.admin, &week).await)[3], "27 21:00-09:00");
}

#[tokio::test]
async fn fact_stands_beside_the_plan() {
    let team = Team::new().await;
    let hours = json!({"from": "10:00", "minutes": 540, "breaks": [{"from": "14:00", "minutes": 60}]});
    let day = json!({"name": "День", "color": "green", "hours": hours});
    let day = team.admin.post("/shifts", day).await.expect(201)["id"].clone();
    let schedule = team.cycle("Каждый день", json!([day])).await;
    team.works(&team.anna, &schedule).await;
    team.works(&team.boris, &schedule).await;
    // Anna comes twelve minutes late and leaves half an hour early; Boris does not come.
    team.app.advance(Duration::minutes(12));
    team.status(&team.anna, "free").await;
    team.app.advance(Duration::minutes(8 * 60 + 18));
    team.status(&team.anna, "offline").await;
    team.app.advance(Duration::hours(2));
    let today = "from=2026-11-23&to=2026-11-23";
    let of_anna = plan(&team.anna, today).await["people"][0].clone();
    let fact = &of_anna["days"][0]["fact"];
    assert_eq!(
        (&fact["late_minutes"], &fact["early_minutes"], &fact["missed"]),
        (&json!(12), &json!(30), &json!(false))
    );
    assert_eq!((&fact["minutes"], &of_anna["plan_minutes"]), (&json!(7 * 60 + 18), &json!(480)));
    assert_eq!(fact["first_at"], "2026-11-23T07:12:00Z");
    assert_eq!((&of_anna["late"], &of_anna["early"], &of_anna["fact_minutes"]), (&json!(1), &json!(1), &json!(438)));
    let of_boris = plan(&team.boris, today).await["people"][0].clone();
    assert_eq!((&of_boris["days"][0]["fact"]["missed"], &of_boris["missed"]), (&json!(true), &json!(1)));

    let table = team.admin.get(&format!("/shift-plan/export?{today}")).await;
    assert!(table.header("content-disposition").unwrap().contains("shifts-2026-11-23-2026-11-23.csv"));
    let text = table.text();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("Сотрудник;Дата;Смена;"), "{text}");
    let anna =
        "Анна;2026-11-23;День;2026-11-23 10:00;2026-11-23 19:00;8,00;;2026-11-23 10:12;2026-11-23 18:30;7,30;12;30;";
    assert_eq!((lines[1], lines[2].ends_with(";да"), lines.len()), (anna, true, 3), "{text}");
}

#[tokio::test]
async fn whoever_is_off_shift_gets_nothing_until_the_shift_begins() {
    let team = Team::new().await;
    let evening = team.shift("Вечер", "14:00", 480).await;
    let schedule = team.cycle("Вечера", json!([evening])).await;
    team.works(&team.anna, &schedule).await;
    team.status(&team.anna, "free").await;
    team.rule(json!({"all": []}), json!({"kind": "least_loaded", "group_id": team.group})).await;
    // Off by default: a shift changes nothing.
    let before = team.writes().await;
    assert_eq!(team.owner(&before).await, "Анна");

    team.only_on_shift().await;
    let waits = team.writes().await;
    assert_eq!(team.owner(&waits).await, Value::Null);
    let path = format!("/conversations/{}/transfer-targets", waits.conversation_id);
    let targets = team.admin.get(&path).await.ok();
    let anna = targets["operators"].as_array().unwrap().iter().find(|one| one["user"]["name"] == "Анна").unwrap();
    assert_eq!((&anna["available"], &anna["code"]), (&json!(false), &json!("off_shift")));
    assert_eq!(anna["reason"], "не на смене, следующая смена — сегодня в 14:00");
    let to = json!({"to": {"kind": "operator", "id": team.anna.user_id()}});
    team.admin
        .post(&format!("/conversations/{}/transfer", waits.conversation_id), to)
        .await
        .invalid("to.id", "unavailable");

    // Nobody is on shift: the group's queue would wait for nobody, so it waits in the line's, and the trace says so. What a
    // supervisor puts into the group's queue is given out as the shift begins.
    let first = team.writes().await;
    let decisions = team.admin.get(&format!("/conversations/{}/routing", first.conversation_id)).await.ok();
    assert_eq!(decisions["items"][0]["verdicts"][0]["reason"], "В группе никого нет на работе", "{decisions:#}");
    team.admin.put("/routing/settings", json!({"only_on_shift": true, "distribute_common_queue": true})).await.ok();
    team.app.run_jobs().await;
    assert_eq!(team.owner(&first).await, Value::Null);
    team.app.advance(Duration::hours(4) - Duration::seconds(30));
    team.status(&team.anna, "free").await;
    assert_eq!(team.owner(&first).await, Value::Null, "half a minute too early");
    team.app.advance(Duration::seconds(30));
    team.app.run_jobs().await;
    assert_eq!(team.owner(&first).await, "Анна");
    assert_eq!(team.owner(&waits).await, "Анна");
    // The shift ends.
    team.app.advance(Duration::hours(8));
    team.status(&team.anna, "free").await;
    let late = team.writes().await;
    assert_eq!(team.owner(&late).await, Value::Null);
    // A line says for itself.
    let rule = format!("/lines/{}/shift-rule", team.line);
    team.admin.put(&rule, json!({"only_on_shift": false})).await.ok();
    assert_eq!(team.admin.get(&rule).await.ok()["only_on_shift"], false);
    team.app.run_jobs().await;
    assert_eq!(team.owner(&late).await, "Анна");
    // Days later it is still known who is on shift.
    team.admin.put(&rule, json!({"only_on_shift": null})).await.ok();
    team.app.advance(Duration::hours(3 * 24 - 7));
    team.status(&team.anna, "free").await;
    let days_later = team.writes().await;
    assert_eq!(team.owner(&days_later).await, "Анна");
}

#[tokio::test]
async fn a_rule_by_name_says_when_the_next_shift_is_and_whoever_has_no_schedule_is_free() {
    let team = Team::new().await;
    let morning = team.shift("Утро", "06:00", 120).await;
    let schedule = team.cycle("Через день", json!([null, morning])).await;
    team.works(&team.anna, &schedule).await;
    for who in [&team.anna, &team.boris] {
        team.status(who, "free").await;
    }
    team.only_on_shift().await;
    team.rule(json!({"all": []}), json!({"kind": "operator", "user_id": team.anna.user_id()})).await;
    team.rule(json!({"all": []}), json!({"kind": "operator", "user_id": team.boris.user_id()})).await;
    let received = team.writes().await;
    assert_eq!(team.owner(&received).await, "Борис");
    let decisions = team.admin.get(&format!("/conversations/{}/routing", received.conversation_id)).await.ok();
    let verdict = &decisions["items"][0]["verdicts"][0];
    assert_eq!(verdict["outcome"], "skipped");
    assert_eq!(verdict["reason"], "Анна: не на смене, следующая смена — завтра в 6:00");
}

#[tokio::test]
async fn rules_ask_how_many_of_a_group_are_on_shift() {
    let team = Team::new().await;
    let day = team.shift("День", "09:00", 540).await;
    let schedule = team.cycle("Каждый день", json!([day])).await;
    let night = json!({"name": "Ночная группа", "member_ids": [team.boris.user_id()]});
    let night = team.admin.post("/groups", night).await.expect(201)["id"].clone();
    let given = json!({"schedule_id": schedule, "group_ids": [night], "from": "2026-11-23"});
    team.admin.post("/shift-assignments", given).await.expect(204);
    team.status(&team.anna, "free").await;
    let field = format!("group_on_shift:{}", night.as_str().unwrap());
    let nobody = json!({"all": [{"field": field, "operator": "eq", "value": 0}]});
    team.rule(nobody, json!({"kind": "operator", "user_id": team.anna.user_id()})).await;
    // Boris is on shift, though he has not come.
    let first = team.writes().await;
    assert_eq!(team.owner(&first).await, Value::Null);
    let decisions = team.admin.get(&format!("/conversations/{}/routing", first.conversation_id)).await.ok();
    let test = &decisions["items"][0]["verdicts"][0]["tests"][0];
    assert_eq!((&test["label"], &test["actual"]), (&json!("Ночная группа: на смене"), &json!("1")));
    // Whoever leaves the group leaves its schedule.
    team.admin.patch(&format!("/groups/{}", night.as_str().unwrap()), json!({"member_ids": []})).await.ok();
    team.app.run_jobs().await;
    let second = team.writes().await;
    assert_eq!(team.owner(&second).await, "Анна");
    team.admin
        .patch(&format!("/groups/{}", night.as_str().unwrap()), json!({"member_ids": [team.boris.user_id()]}))
        .await
        .ok();
    team.app.run_jobs().await;
    let third = team.writes().await;
    assert_eq!(team.owner(&third).await, Value::Null);
    // An absence wins over the shift.
    let now = team.app.now();
    let ill =
        json!({"user_id": team.boris.user_id(), "from": now - Duration::hours(1), "until": now + Duration::days(1)});
    team.admin.post("/absences", ill).await.expect(201);
    let fourth = team.writes().await;
    assert_eq!(team.owner(&fourth).await, "Анна");
}
