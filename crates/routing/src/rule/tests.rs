//! Conditions: each attribute, the groups, what is refused, and that trees mean what `base::Condition` means.

use base::condition::{Condition, Operator};
use base::{GroupId, Timestamp};
use chrono_tz::Tz;
use desk::conversation::{Channel, Priority};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Analysed, compile, read};
use crate::attributes::ATTRIBUTES;
use crate::facts::{Counts, Facts, Texts};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Friday, 27 November 2026, 12:30 in Moscow.
fn facts() -> Facts {
    let at: Timestamp = "2026-11-27T09:30:00Z".parse().unwrap();
    let texts = |text: &str| Texts::new([text.to_owned()]);
    let mut facts = Facts::at(at, Tz::Europe__Moscow);
    facts.text = Analysed::new("Здравствуйте! Подскажите цену и выставьте счёт на 10 штук".to_owned());
    facts.subject = Analysed::new("Рекламация по заказу А-1045".to_owned());
    facts.channel = Channel::Telegram;
    facts.connected = vec![id(1)];
    facts.priority = Priority::High;
    facts.language = texts("ru");
    facts.in_service_hours = true;
    facts.is_first = false;
    facts.accounts = Texts::new(["osereva@sevchai.test".to_owned(), "+79120001122".to_owned(), "olga_s".to_owned()]);
    facts.client_name = texts("Ольга Серова");
    facts.contact_id = vec![id(2)];
    facts.position = texts("Закупщик");
    facts.company_id = vec![id(3)];
    facts.company_name = texts("ООО «Северный Чай»");
    facts.company_inn = texts("7801234564");
    facts.company_domain = texts("sevchai.test");
    facts.category = texts("VIP");
    facts.manager = vec![id(4)];
    facts.last_operator = vec![id(5)];
    facts.page_url = texts("https://shop.test/catalog/tea?page=2");
    facts.referrer = texts("https://ya.ru/");
    facts.utm = [("source".to_owned(), texts("ya")), ("campaign".to_owned(), texts("autumn"))].into();
    facts.staff_groups = vec![id(6)];
    facts.volatile.line = Counts { online: 4, free: 2, on_shift: 5, queue: 7 };
    facts.volatile.groups = [(GroupId(id(7)), Counts { online: 3, free: 0, on_shift: 3, queue: 5 })].into();
    facts.volatile.manager_available = true;
    facts
}

fn test(field: &str, operator: &str, value: Value) -> Value {
    json!({"field": field, "operator": operator, "value": value})
}

fn holds(condition: &Value) -> bool {
    let condition = read(condition, "condition").unwrap();
    compile(&condition, "condition").unwrap().ask(&facts()).matched
}

/// One row an attribute: what holds of the facts above, and what does not.
#[test]
fn each_attribute_is_asked() {
    let group = format!("group_queue:{}", id(7));
    let rows = [
        ("message_text", ("contains", json!(["цена", "скидка"])), ("contains", json!(["скидка", "акция"]))),
        ("message_text", ("contains_all", json!(["цена", "счета"])), ("contains_all", json!(["цена", "акт"]))),
        ("message_text", ("not_contains", json!("акция")), ("not_contains", json!(["акция", "цены"]))),
        ("message_text", ("not_empty", Value::Null), ("empty", Value::Null)),
        ("subject", ("contains", json!("рекламация")), ("contains", json!("счёт"))),
        ("subject", ("contains", json!("а1045")), ("contains", json!("а104"))),
        ("channel", ("eq", json!("telegram")), ("eq", json!("email"))),
        ("channel", ("in", json!(["vk", "telegram"])), ("not_in", json!(["vk", "telegram"]))),
        ("channel", ("ne", json!("email")), ("ne", json!("telegram"))),
        ("connected_channel", ("eq", json!(id(1))), ("eq", json!(id(2)))),
        ("time", ("lte", json!("13:00")), ("gte", json!("13:00"))),
        ("time", ("lte", json!("12:30")), ("lte", json!("12:29"))),
        ("time", ("between", json!(["09:00", "18:00"])), ("between", json!(["22:00", "06:00"]))),
        ("time", ("between", json!(["22:00", "12:30"])), ("between", json!(["13:00", "09:00"]))),
        ("is_first_session", ("eq", json!(false)), ("eq", json!(true))),
        ("weekday", ("in", json!(["thu", "fri"])), ("in", json!(["sat", "sun"]))),
        ("date", ("between", json!(["2026-11-20", "2026-11-27"])), ("eq", json!("2026-11-28"))),
        ("date", ("gte", json!("2026-11-27")), ("lte", json!("2026-11-26"))),
        ("client_account", ("ends_with", json!("@SEVCHAI.test")), ("ends_with", json!("@kedr.test"))),
        ("client_account", ("starts_with", json!("+7912")), ("starts_with", json!("7912"))),
        ("client_account", ("eq", json!("Olga_S")), ("ne", json!("olga_s"))),
        ("client_name", ("contains", json!("серов")), ("eq", json!("Серова"))),
        ("contact", ("in", json!([id(2), id(9)])), ("not_in", json!([id(2)]))),
        ("contact_position", ("eq", json!("закупщик")), ("empty", Value::Null)),
        ("company", ("eq", json!(id(3))), ("ne", json!(id(3)))),
        ("company_name", ("contains", json!("северный чай")), ("starts_with", json!("северный"))),
        ("company_inn", ("eq", json!("7801234564")), ("starts_with", json!("59"))),
        ("company_domain", ("eq", json!("sevchai.test")), ("eq", json!("kedr.test"))),
        ("client_category", ("eq", json!("vip")), ("in", json!(["Опт", "Розница"]))),
        ("manager", ("eq", json!(id(4))), ("empty", Value::Null)),
        ("manager_available", ("eq", json!(true)), ("eq", json!(false))),
        ("in_service_hours", ("eq", json!(true)), ("eq", json!(false))),
        ("line_online", ("gte", json!(4)), ("lt", json!(4))),
        ("line_free", ("eq", json!(2)), ("eq", json!(3))),
        ("line_on_shift", ("eq", json!(5)), ("gte", json!(6))),
        ("line_queue", ("gt", json!(5)), ("between", json!([0, 5]))),
        (&group, ("gte", json!(5)), ("lt", json!(5))),
        ("last_operator", ("eq", json!(id(5))), ("not_in", json!([id(5)]))),
        ("last_operator_available", ("eq", json!(false)), ("eq", json!(true))),
        ("page_url", ("contains", json!("/catalog/")), ("ends_with", json!("/catalog"))),
        ("referrer", ("contains", json!("ya.ru")), ("contains", json!("google"))),
        ("utm_source", ("eq", json!("ya")), ("eq", json!("google"))),
        ("utm_campaign", ("in", json!(["autumn", "winter"])), ("empty", Value::Null)),
        ("utm_medium", ("empty", Value::Null), ("not_empty", Value::Null)),
        ("utm_content", ("empty", Value::Null), ("eq", json!("banner"))),
        ("utm_term", ("empty", Value::Null), ("contains", json!("чай"))),
        ("priority", ("eq", json!("high")), ("in", json!(["none", "low"]))),
        ("language", ("eq", json!("ru")), ("eq", json!("en"))),
        ("staff_group", ("in", json!([id(6)])), ("empty", Value::Null)),
    ];
    for (field, (yes, wanted), (no, unwanted)) in &rows {
        assert!(holds(&test(field, yes, wanted.clone())), "{field} {yes} {wanted}");
        assert!(!holds(&test(field, no, unwanted.clone())), "{field} {no} {unwanted}");
    }
    for attribute in ATTRIBUTES {
        assert!(rows.iter().any(|(field, ..)| *field == attribute.key), "{} has a row", attribute.key);
    }
}

#[test]
fn brackets_mean_what_is_drawn() {
    let telegram = test("channel", "eq", json!("telegram"));
    let vip = test("client_category", "eq", json!("VIP"));
    let night = test("time", "between", json!(["22:00", "06:00"]));
    // (Telegram И VIP) И НЕ ночь.
    assert!(holds(&json!({"all": [{"all": [telegram, vip]}, {"none": [night]}]})));
    // Ночь ИЛИ НЕ VIP.
    assert!(!holds(&json!({"any": [night, {"none": [vip]}]})));
    // Ночь ИЛИ (Telegram И VIP).
    assert!(holds(&json!({"any": [night, {"all": [telegram, vip]}]})));
    assert!(holds(&json!({"all": []})));
    assert!(!holds(&json!({"any": []})));
}

#[test]
fn every_test_is_in_the_trace_with_its_place() {
    let condition = json!({"all": [
        test("channel", "eq", json!("email")),
        {"any": [test("priority", "eq", json!("high")), {"none": [test("utm_source", "eq", json!("ya"))]}]},
    ]});
    let compiled = compile(&read(&condition, "condition").unwrap(), "condition").unwrap();
    let answer = compiled.ask(&facts());
    let places: Vec<(&str, bool)> =
        compiled.checks().iter().map(|check| check.path.as_str()).zip(answer.passed).collect();
    assert_eq!(places, [("all[0]", false), ("all[1].any[0]", true), ("all[1].any[1].none[0]", true)]);
    assert!(!answer.matched);
}

#[test]
fn what_is_wrong_is_named_by_its_place() {
    let check = |condition: Value, field: &str, code: &str| {
        let errors = match read(&condition, "condition") {
            Err(errors) => errors,
            Ok(read) => compile(&read, "condition").unwrap_err(),
        };
        assert_eq!((errors[0].field.as_str(), errors[0].code), (field, code), "{condition}");
    };
    let fine = test("channel", "eq", json!("email"));
    check(json!([]), "condition", "not_a_condition");
    check(json!({"all": [fine], "any": []}), "condition.all", "not_a_condition");
    check(json!({"all": [fine, {"or": []}]}), "condition.all[1]", "not_a_condition");
    check(
        json!({"any": [{"all": [test("channel", "like", json!("e"))]}]}),
        "condition.any[0].all[0].operator",
        "unknown_operator",
    );
    check(test("shoe_size", "eq", json!(43)), "condition.field", "unknown_field");
    check(json!({"none": [test("time", "contains", json!("13"))]}), "condition.none[0].operator", "unfit_operator");
    check(json!({"all": [fine, test("channel", "eq", json!("pigeon"))]}), "condition.all[1].value", "bad_value");
    check(test("time", "lte", json!("25:00")), "condition.value", "bad_value");
    check(test("date", "eq", json!("31.12.2026")), "condition.value", "bad_value");
    check(test("line_queue", "between", json!([1])), "condition.value", "bad_value");
    check(test("message_text", "contains", json!([])), "condition.value", "bad_value");
    check(test("message_text", "contains", json!(["цена", ""])), "condition.value", "bad_value");
    check(test("company", "in", json!(["Кедр"])), "condition.value", "bad_value");
    let deep = (0..12).fold(fine, |inner, _| json!({"all": [inner]}));
    let errors = read(&deep, "condition").unwrap_err();
    assert_eq!(errors[0].code, "too_deep");
}

/// Trees over facts that both interpreters know in the same way.
fn tree() -> impl Strategy<Value = Condition> {
    let number = (prop_oneof![Just("line_online"), Just("line_free"), Just("line_queue")], 0i64..9);
    let compared = prop_oneof![Just(Operator::Eq), Just(Operator::Lt), Just(Operator::Gte), Just(Operator::Ne)];
    let numbers = (number, compared).prop_map(|((field, value), operator)| Condition::test(field, operator, value));
    let codes = prop_oneof![Just("telegram"), Just("vk"), Just("email")];
    let channels = codes.prop_map(|code| Condition::test("channel", Operator::Eq, code));
    let leaf = prop_oneof![numbers, channels];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let several = prop::collection::vec(inner, 0..4);
        (several, 0..3).prop_map(|(inner, kind)| match kind {
            0 => Condition::All { all: inner },
            1 => Condition::Any { any: inner },
            _ => Condition::None { none: inner },
        })
    })
}

proptest! {
    #[test]
    fn a_tree_means_what_it_means_everywhere(condition in tree()) {
        let facts = facts();
        let compiled = compile(&condition, "condition").unwrap();
        let lookup = |field: &str| crate::attributes::find(field).map_or(Value::Null, |(fact, _)| facts.shown(fact));
        prop_assert_eq!(compiled.ask(&facts).matched, condition.matches(&lookup));
        let written = serde_json::to_value(&condition).unwrap();
        prop_assert_eq!(read(&written, "condition").unwrap(), condition);
    }
}
