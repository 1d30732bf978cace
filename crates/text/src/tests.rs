//! Behaviour on real Russian in tables, and what must hold for any input in properties.

use proptest::prelude::*;

use crate::{Analyzer, email, fold, initials, phone, preview, query, snippet, stem_text, stems};

#[test]
fn folds_what_looks_the_same() {
    let cases = [
        ("  Ёлка   Зелёная ", "елка зеленая"),
        ("ЩЁЛКОВО", "щелково"),
        ("Ｗｉｄｅ ﬁne", "wide fine"),
        ("Заказ №5", "заказ №5"),
        ("и\u{306}од Е\u{308}ж", "йод еж"),
        ("Straße\tİ", "straße i\u{307}"),
        ("\u{a0}x\u{a0}", "x"),
        ("", ""),
    ];
    for (text, folded) in cases {
        assert_eq!(fold(text), folded, "{text:?}");
    }
}

#[test]
fn stems_russian_english_and_codes() {
    let cases = [
        ("Кассы не печатают чеки", "касс не печата чек"),
        ("Не пришёл счёт-фактура", "не пришел счет фактур"),
        ("Orders were delivered", "order were deliv"),
        ("1С:Бухгалтерия 8.3", "1c бухгалтер 8 3"),
        ("модель АТ-100/5", "модел ат 100 5 at1005"),
        ("ivan.petrov@mail.ru", "ivan petrov mail ru"),
        ("сумма 45 000,50 руб", "сумм 45 000 50 руб 45000"),
        ("тел. 8 (912) 000-11-22", "тел 8 912 000 11 22 9120001122 79120001122"),
        ("№1045", "1045"),
        ("день/ночь don't", "ден ноч don t"),
    ];
    for (text, expected) in cases {
        assert_eq!(stem_text(text), expected, "{text:?}");
    }
}

#[test]
fn dates_and_bank_accounts_are_no_phones() {
    for text in ["12.11.2026 в 10:45", "р/с 40702810500000012345", "ИНН 7707083893", "заказ 1045 от 12.11.2026"]
    {
        assert_eq!(phone::find(text), [], "{text:?}");
    }
}

#[test]
fn bounds_the_terms_of_a_document() {
    let long = "ж".repeat(5_000) + " " + &"слово ".repeat(100_000);
    let terms = stems(&long);
    assert_eq!(terms.len(), 20_000);
    assert_eq!(terms[0].chars().count(), 48);
    assert_eq!(Analyzer::new().stem_text(&long), stem_text(&long));
}

/// Whether a document with this text would be found: the meaning of both full-text expressions, in memory.
fn finds(document: &str, typed: &str) -> bool {
    let terms = stems(document);
    let query = query(typed);
    !query.is_empty()
        && query.clauses.iter().all(|clause| {
            clause.any.iter().any(|phrase| {
                terms.windows(phrase.terms.len()).any(|window| {
                    let (last, before) = phrase.terms.split_last().unwrap();
                    let last_found = &window[before.len()];
                    window[..before.len()] == *before
                        && (last_found == last || phrase.prefix && last_found.starts_with(last.as_str()))
                })
            })
        })
}

#[test]
fn finds_what_people_mean() {
    let document = "Добрый день! Касса АТОЛ 91Ф не печатает чеки, заказ НК-20417/2 на 45 000 руб. \
        Пишите на ivan.petrov@mail.ru или звоните 8 (912) 000-11-22. Hello, привет от всей щедрой Ольги.";
    let found = [
        "касса",
        "кассы",
        "КАССОЙ печатать",
        "кассы не печатают",
        "печата",
        "печ",
        "rfccf",
        "ghbdtn",
        "ghbdtn,",
        "руддщ",
        "hell",
        "атол 91ф",
        "91Ф",
        "НК-20417/2",
        "нк-20417",
        "hk20417",
        "20417",
        "45000",
        "45 000",
        "ivan.petrov@mail.ru",
        "petrov",
        "ivan.petr",
        "+7 912 000 11 22",
        "89120001122",
        "79120001122",
        "8912000",
        "912000",
        "«не печатает чек»",
        "\"касса атол\"",
        "звоните в ольгу",
    ];
    for typed in found {
        assert!(finds(document, typed), "{typed:?} must find: {:?}", query(typed));
    }
    for typed in ["возврат", "касса возврат", "\"чеки печатает\"", "+7 912 000 11 23", "2041", ""]
    {
        let finds_prefix = typed == "2041";
        assert_eq!(finds(document, typed), finds_prefix, "{typed:?} {:?}", query(typed));
    }
    assert!(!finds(document, "печ "), "with a space after it the word is finished");
}

#[test]
fn writes_expressions_for_both_databases() {
    let cases = [
        ("кассы печа", r#"("касс") AND ("печ" OR "печа" *)"#, "('касс') & ('печ' | 'печа':*)"),
        ("\"не печатает\" ", r#"("не печата")"#, "('не' <-> 'печата')"),
        ("ghbdtn ", r#"("ghbdtn" OR "привет")"#, "('ghbdtn' | 'привет')"),
        ("+7 (912) 000-11-22 ", r#"("79120001122")"#, "('79120001122')"),
        ("a@b.ru", r#"("a b ru" OR "a b ru" *)"#, "('a' <-> 'b' <-> 'ru' | 'a' <-> 'b' <-> 'ru':*)"),
        ("и ", r#"("и")"#, "('и')"),
        ("*' OR 1=1 --", r#"("1 1")"#, "('1' <-> '1')"),
        ("!!! ", "", ""),
    ];
    for (typed, fts5, tsquery) in cases {
        let query = query(typed);
        assert_eq!(query.fts5(), fts5, "{typed:?}");
        assert_eq!(query.tsquery(), tsquery, "{typed:?}");
        assert_eq!(query.is_empty(), fts5.is_empty());
    }
}

#[test]
fn understands_numbers() {
    let cases = [
        ("1045", Some(1045)),
        (" #1045 ", Some(1045)),
        ("№ 1045", Some(1045)),
        ("1045а", None),
        ("10 45", None),
        ("", None),
        ("99999999999999999999", None),
    ];
    for (typed, number) in cases {
        assert_eq!(query(typed).number(), number, "{typed:?}");
    }
}

#[test]
fn leaves_ordinary_words_in_their_layout() {
    for word in ["hello", "invoice", "atol", "касса", "привет", "заказ", "crm", "api", "ooo", "счет"]
    {
        assert_eq!(query(&format!("{word} ")).clauses[0].any.len(), 1, "{word:?} {:?}", query(word));
    }
    for (typed, meant) in [("ljcnfdrf", "доставка"), ("djpdhfn", "возврат"), ("k.,jq", "любой"), ("штмщшсу", "invoice")]
    {
        assert_eq!(crate::layout::mirrored(typed).as_deref(), Some(meant));
    }
}

#[test]
fn marks_what_was_found() {
    let text = "Здравствуйте! Вчера вечером <b>перестала</b> работать касса: чеки не печатаются, лента на месте, \
        Перезагрузка не помогла. Что делать дальше, подскажите, пожалуйста?";
    let cases = [
        ("кассы чек", 60, "…работать <mark>касса</mark>: <mark>чеки</mark> не печатаются, лента на месте…"),
        ("здравствуй", 30, "<mark>Здравствуйте</mark>! Вчера вечером…"),
        ("перестать", 40, "…&lt;b&gt;<mark>перестала</mark>&lt;/b&gt; работать касса: чеки не…"),
        ("нет такого", 30, "Здравствуйте! Вчера вечером…"),
    ];
    for (typed, length, expected) in cases {
        assert_eq!(snippet(text, &query(typed), length), expected, "{typed:?}");
    }
    let phone = snippet("Мой номер 8 (912) 000-11-22, жду", &query("+79120001122"), 100);
    assert_eq!(phone, "Мой номер <mark>8 (912) 000-11-22</mark>, жду");
    assert_eq!(snippet("касса", &query(""), 10), "касса");
}

#[test]
fn normalizes_phones() {
    let cases = [
        ("8 (912) 000-11-22", Some("+79120001122")),
        ("+7 912 000 11 22", Some("+79120001122")),
        ("7-912-000-11-22", Some("+79120001122")),
        ("9120001122", Some("+79120001122")),
        ("+8 912 000 11 22", Some("+79120001122")),
        ("8 800 555-35-35", Some("+78005553535")),
        ("(343) 200-00-00 доб. 12", Some("+73432000000;ext=12")),
        ("+7 343 200 00 00, вн.105", Some("+73432000000;ext=105")),
        ("+73432000000;ext=12", Some("+73432000000;ext=12")),
        ("tel:+375291234567", Some("+375291234567")),
        ("8-10-375-29-123-45-67", Some("+375291234567")),
        ("+49 30 901820", Some("+4930901820")),
        ("+7 912 000", None),
        ("112", None),
        ("200-00-00", None),
        ("позвоните мне", None),
        ("8 912 000 11 22 после 18", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(phone::normalize(text, "RU").as_deref(), expected, "{text:?}");
    }
    assert_eq!(phone::normalize("8 029 123-45-67", "BY").as_deref(), Some("+375291234567"));
    assert_eq!(phone::normalize("067 123 45 67", "UA").as_deref(), Some("+380671234567"));
    assert_eq!(phone::normalize("030 901820", "DE"), None);
}

#[test]
fn formats_phones() {
    let cases = [
        ("+79120001122", "+7 912 000-11-22"),
        ("+73432000000;ext=12", "+7 343 200-00-00 доб. 12"),
        ("+375291234567", "+375 29 123-45-67"),
        ("+4930901820", "+49 3 090-18-20"),
        ("не телефон", "не телефон"),
        ("+7", "+7"),
    ];
    for (e164, readable) in cases {
        assert_eq!(phone::format(e164), readable);
    }
}

#[test]
fn normalizes_addresses() {
    let cases = [
        (" Ivan.Petrov+shop@Mail.RU ", Some("ivan.petrov+shop@mail.ru")),
        ("<a@b.ru>", Some("a@b.ru")),
        ("Иван@Пример.РФ", Some("иван@пример.рф")),
        ("info@xn--e1afmkfd.xn--p1ai", Some("info@пример.рф")),
        ("user@server", Some("user@server")),
        ("user@mail_relay.local.", Some("user@mail_relay.local")),
        ("user@[192.168.1.1]", Some("user@[192.168.1.1]")),
        ("user@[1]", None),
        ("user@", None),
        ("@mail.ru", None),
        ("user", None),
        ("a b@mail.ru", None),
        ("a@b..ru", None),
        ("a@-b.ru", None),
        ("a@b.ru\r\nBcc: c@d.ru", None),
    ];
    for (text, expected) in cases {
        assert_eq!(email::normalize(text).as_deref(), expected, "{text:?}");
    }
    assert_eq!(email::normalize(&format!("{}@b.ru", "a".repeat(65))), None);
    assert_eq!(email::domain("a@b.ru"), Some("b.ru"));
}

#[test]
fn previews_fit_on_one_line() {
    let cases = [
        ("Добрый\r\n\r\n  день!", 40, "Добрый день!"),
        ("Добрый день, коллеги", 14, "Добрый день…"),
        ("Превысокомногорассмотрительствующий", 10, "Превысоко…"),
        ("абв", 3, "абв"),
        ("абвг", 3, "аб…"),
        ("абв", 0, ""),
        ("", 5, ""),
    ];
    for (text, length, expected) in cases {
        assert_eq!(preview(text, length), expected, "{text:?}");
    }
}

#[test]
fn initials_of_people_and_companies() {
    let cases = [
        ("Анна Петрова", "АП"),
        ("анна сергеевна петрова", "АС"),
        ("ООО «Северный Свет»", "СС"),
        ("ООО", "О"),
        ("ivan.petrov@mail.ru", "I"),
        ("«»", ""),
        ("", ""),
    ];
    for (name, expected) in cases {
        assert_eq!(initials(name), expected, "{name:?}");
    }
}

/// Texts with the signs that are special somewhere: both query languages, HTML, layouts, phones, combining marks.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ёЁеЕиИ\u{308}\u{306}\u{301}\u{345}ΣσςİıﬁⅣ№ \u{a0}a-cа-в0-9]{0,24}",
        "[\"'*():&|!<>\\-+^.,:;@/\\\\ ghbdtnпривет0-9NEARORAND«»\u{0}\n]{0,40}",
    ]
}

proptest! {
    #[test]
    fn fold_is_idempotent(text in nasty()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn terms_are_plain_and_bounded(text in nasty()) {
        for term in stems(&text) {
            prop_assert!(!term.is_empty() && term.chars().count() <= 48, "{:?}", term);
            prop_assert!(!term.contains(|c: char| c.is_whitespace() || c.is_ascii_punctuation()), "{:?}", term);
        }
        prop_assert_eq!(Analyzer::new().stem_text(&text), stem_text(&text));
    }

    /// Without its quoted terms an expression is made of our operators only.
    #[test]
    fn expressions_hold_no_injection(text in nasty()) {
        let query = query(&text);
        let outside = |expression: &str, quote: char| {
            let parts: Vec<&str> = expression.split(quote).collect();
            (parts.len() % 2 == 1).then(|| parts.iter().step_by(2).copied().collect::<String>())
        };
        let fts5 = outside(&query.fts5(), '"').unwrap();
        prop_assert_eq!(fts5.replace("AND", "").replace("OR", "").trim_matches(|c| " ()*".contains(c)).replace(['(', ')', ' ', '*'], ""), "");
        let tsquery = outside(&query.tsquery(), '\'').unwrap();
        prop_assert_eq!(tsquery.replace("<->", "").replace(":*", "").replace(['(', ')', ' ', '&', '|'], ""), "");
        for quoted in query.fts5().split('"').skip(1).step_by(2) {
            prop_assert!(quoted.chars().all(|c| c == ' ' || !c.is_ascii_punctuation() && !c.is_control()));
        }
        prop_assert_eq!(query.is_empty(), query.fts5().is_empty());
    }

    /// A word of a document finds it, whatever the word.
    #[test]
    fn a_word_of_the_document_finds_it(words in prop::collection::vec("[а-яёa-z]{2,12}|[0-9]{1,9}|[А-Я]{2}-[0-9]{3}", 1..8)) {
        let document = words.join(" ");
        for word in &words {
            prop_assert!(finds(&document, word), "{:?} in {:?}: {:?}", word, document, query(word));
        }
    }

    #[test]
    fn snippets_are_safe_html(text in nasty(), typed in nasty(), length in 0usize..80) {
        let html = snippet(&text, &query(&typed), length);
        let plain = html.replace("<mark>", "").replace("</mark>", "");
        prop_assert!(!plain.contains(['<', '>', '"', '\'']), "{:?}", html);
        prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
    }

    #[test]
    fn small_texts_never_panic(text in nasty(), length in 0usize..60) {
        prop_assert!(preview(&text, length).chars().count() <= length);
        prop_assert!(!preview(&text, length).contains(['\n', '\0']));
        initials(&text);
        if let Some(normal) = phone::normalize(&text, "RU") {
            prop_assert_eq!(phone::normalize(&normal, "RU"), Some(normal.clone()));
            prop_assert_eq!(phone::normalize(&phone::format(&normal), "RU"), Some(normal));
        }
        if let Some(normal) = email::normalize(&text) {
            prop_assert_eq!(email::normalize(&normal), Some(normal));
        }
    }

    #[test]
    fn phones_survive_formatting(digits in "7[3489][0-9]{9}|(1|2[07]|3[0-9]|4[0-9]|99[0-9])[0-9]{8,10}", extension in "(;ext=[0-9]{1,6})?") {
        let e164 = format!("+{digits}{extension}");
        prop_assert_eq!(phone::normalize(&phone::format(&e164), "RU"), Some(e164));
    }
}
