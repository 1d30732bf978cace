//! What must hold for the content: it is deterministic, agrees with itself, and looks alive.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::companies::inn;
use crate::names::{Case, Gender, decline, last_name, latin};
use crate::rng::Rng;
use crate::scenario::{CONTENT, StepKind};
use crate::{Author, Automatic, Conversation, Delivery, EventKind, MessageKind, Scale, Status, World, is_valid_inn};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_258_800, 0).unwrap()
}

fn world(seed: u64) -> World {
    World::new(seed, now(), Scale::default())
}

fn conversations(seed: u64) -> Vec<Conversation> {
    world(seed).conversations().collect()
}

#[test]
fn content_is_whole() {
    assert_eq!(CONTENT.problems, Vec::<String>::new());
    assert!(CONTENT.scenarios.len() >= 60, "{} scenarios", CONTENT.scenarios.len());
    for scenario in &CONTENT.scenarios {
        assert!(!scenario.subjects.is_empty() && !scenario.openings.is_empty(), "{}", scenario.name);
        assert!(scenario.steps.iter().any(|step| step.kind == StepKind::Operator), "{}", scenario.name);
        assert!((2..=10).contains(&(scenario.steps.len() + 1)), "{}", scenario.name);
    }
    for pool in [
        "nudge",
        "taken",
        "thanks",
        "welcome",
        "reopen",
        "reopened",
        "note",
        "away",
        "acknowledgement",
        "opening",
        "closing",
    ] {
        assert!(!CONTENT.pool(pool).is_empty(), "{pool}");
    }
}

#[test]
fn the_same_seed_gives_the_same_world() {
    assert_eq!(conversations(7), conversations(7));
    assert_ne!(conversations(7)[0].messages[0].text, conversations(8)[0].messages[0].text);
    let world = world(7);
    let later = world.conversation(900);
    world.conversation(3);
    assert_eq!(world.conversation(900), later, "any order gives the same");
}

#[test]
fn tax_numbers_have_right_checksums() {
    for known in ["7707083893", "500100732259"] {
        assert!(is_valid_inn(known), "{known}");
    }
    for wrong in ["7707083894", "500100732258", "770708389", "", "77070838я3"] {
        assert!(!is_valid_inn(wrong), "{wrong}");
    }
    let world = world(1);
    for company in world.companies.iter().chain([&world.company]) {
        assert!(is_valid_inn(&company.inn), "{company:?}");
    }
    assert!((0..1_000).all(|index| is_valid_inn(&inn(&mut Rng::new(1, 9, index), 12))));
}

#[test]
fn names_agree_with_gender() {
    let cases = [
        ("Орлов", "Орлова"),
        ("Белинский", "Белинская"),
        ("Коваленко", "Коваленко"),
        ("Ильин", "Ильина"),
        ("Мельник", "Мельник"),
    ];
    for (his, hers) in cases {
        assert_eq!(last_name(his, Gender::Feminine), hers);
        assert_eq!(last_name(his, Gender::Masculine), his);
    }
    let world = world(1);
    let people =
        world.clients.iter().map(|client| &client.name).chain(world.operators.iter().map(|operator| &operator.name));
    for name in people {
        let her = name.gender == Gender::Feminine;
        assert_eq!(her, name.patronymic.ends_with('а'), "{name:?}");
        assert!(!her || !name.last.ends_with("ов") && !name.last.ends_with("ий"), "{name:?}");
        assert!(her || !name.last.ends_with("ова") && !name.last.ends_with("ая"), "{name:?}");
    }
}

#[test]
fn first_names_decline() {
    let cases = [
        ("Анна", Gender::Feminine, "Анны Анне Анну Анной"),
        ("Ольга", Gender::Feminine, "Ольги Ольге Ольгу Ольгой"),
        ("Мария", Gender::Feminine, "Марии Марии Марию Марией"),
        ("Дмитрий", Gender::Masculine, "Дмитрия Дмитрию Дмитрия Дмитрием"),
        ("Илья", Gender::Masculine, "Ильи Илье Илью Ильей"),
        ("Игорь", Gender::Masculine, "Игоря Игорю Игоря Игорем"),
        ("Тимур", Gender::Masculine, "Тимура Тимуру Тимура Тимуром"),
        ("Павел", Gender::Masculine, "Павла Павлу Павла Павлом"),
    ];
    for (name, gender, forms) in cases {
        let declined = [Case::Genitive, Case::Dative, Case::Accusative, Case::Instrumental]
            .map(|case| decline(name, gender, case));
        assert_eq!(declined.join(" "), forms);
    }
    assert_eq!(latin("Юлия Щёлкова"), "yuliya-schelkova");
}

#[test]
fn texts_agree_with_the_gender_of_who_writes() {
    let world = world(2);
    let (mut his, mut hers) = (0, 0);
    for conversation in world.conversations() {
        for message in &conversation.messages {
            let Author::Operator(place) = message.author else { continue };
            let hers_expected = world.operators[place].name.gender == Gender::Feminine;
            for word in message.text.split(|c: char| !c.is_alphabetic()) {
                match word.to_lowercase().as_str() {
                    "отправил" | "проверил" | "обновил" | "увидел" | "зарезервировал" =>
                    {
                        assert!(!hers_expected, "{}", message.text);
                        his += 1;
                    }
                    "отправила" | "проверила" | "обновила" | "увидела" | "зарезервировала" =>
                    {
                        assert!(hers_expected, "{}", message.text);
                        hers += 1;
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(his > 30 && hers > 30, "{his} {hers}");
}

#[test]
fn no_slot_is_left_unfilled() {
    for conversation in conversations(3) {
        let texts = conversation.messages.iter().flat_map(|message| [&message.text, &message.html]);
        for text in texts.chain([&conversation.subject]) {
            assert!(!text.contains(['{', '}', '[', ']', '|', '¶', '↵', '\\']), "{text}");
            assert!(!text.contains("  ") && !text.contains(" .") && !text.contains(" ,"), "{text:?}");
            assert!(!text.trim().is_empty() && text.trim() == *text, "{text:?}");
        }
    }
}

#[test]
fn texts_vary() {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut long = 0;
    for conversation in conversations(4) {
        for message in conversation.messages.into_iter().filter(|message| message.automatic.is_none()) {
            if message.text.chars().count() > 60 {
                long += 1;
                *seen.entry(message.text).or_default() += 1;
            }
        }
    }
    let repeated: usize = seen.values().filter(|&&count| count > 1).sum();
    assert!(repeated * 100 < long * 8, "{repeated} of {long} long messages are repeated");
    let most = seen.values().max().copied().unwrap_or(0);
    assert!(most <= 12, "one text is there {most} times");
}

#[test]
fn time_runs_forward() {
    let world = world(5);
    let mut before = world.start();
    for conversation in world.conversations() {
        assert!(conversation.created_at >= before, "conversations begin in order");
        before = conversation.created_at;
        assert_eq!(conversation.messages[0].at, conversation.created_at);
        let mut moments: Vec<DateTime<Utc>> = conversation.messages.iter().map(|message| message.at).collect();
        assert!(moments.windows(2).all(|pair| pair[0] < pair[1]), "{conversation:?}");
        let events: Vec<DateTime<Utc>> = conversation.events.iter().map(|event| event.at).collect();
        assert!(events.windows(2).all(|pair| pair[0] <= pair[1]), "{conversation:?}");
        moments.extend(events);
        assert!(moments.iter().all(|at| (conversation.created_at..=world.now).contains(at)), "{conversation:?}");
    }
}

/// The events tell the same as the state they led to.
#[test]
fn state_follows_from_events() {
    for conversation in conversations(6) {
        let mut assignee = None;
        let mut status = "open";
        let mut closed_at = None;
        for event in &conversation.events {
            match event.kind {
                EventKind::Taken => assignee = Some(event.actor),
                EventKind::Assigned { from, to } => {
                    assert_eq!(assignee, Some(Author::Operator(from)));
                    assignee = Some(Author::Operator(to));
                }
                EventKind::Closed => (status, closed_at) = ("closed", Some(event.at)),
                EventKind::Snoozed { .. } => status = "snoozed",
                EventKind::Woken | EventKind::Reopened => status = "open",
                EventKind::Created | EventKind::PriorityChanged { .. } | EventKind::TicketCreated => {}
            }
        }
        assert_eq!(assignee, conversation.assignee.map(Author::Operator), "{conversation:?}");
        match conversation.status {
            Status::Open => assert_eq!(status, "open", "{conversation:?}"),
            Status::Snoozed { until } => assert!(status == "snoozed" && until > now(), "{conversation:?}"),
            Status::Closed { at } => assert!(status == "closed" && closed_at == Some(at), "{conversation:?}"),
        }
        let ticketed = conversation.events.iter().any(|event| event.kind == EventKind::TicketCreated);
        assert_eq!(ticketed, conversation.ticket.is_some());
    }
}

#[test]
fn proportions_look_alive() {
    let all = conversations(1);
    let messages = || all.iter().flat_map(|conversation| &conversation.messages);
    let count = |test: &dyn Fn(&Conversation) -> bool| all.iter().filter(|conversation| test(conversation)).count();
    let within = |what: &str, number: usize, range: std::ops::RangeInclusive<usize>| {
        assert!(range.contains(&number), "{what}: {number}, expected {range:?}");
    };
    within("open", count(&|c| c.status == Status::Open), 80..=160);
    within("snoozed", count(&|c| matches!(c.status, Status::Snoozed { .. })), 8..=50);
    within("unassigned and open", count(&|c| c.status == Status::Open && c.assignee.is_none()), 5..=50);
    within("with a ticket", count(&|c| c.ticket.is_some()), 250..=700);
    within("messages", messages().count(), 5_500..=9_500);
    within("notes", messages().filter(|m| m.kind == MessageKind::Note).count(), 500..=2_000);
    within("with files", messages().filter(|m| !m.attachments.is_empty()).count(), 300..=1_500);
    within("absences", messages().filter(|m| m.automatic == Some(Automatic::AutoReply)).count(), 5..=80);
    within("failed", messages().filter(|m| matches!(m.delivery, Some(Delivery::Failed(_)))).count(), 4..=40);
    let longest = all.iter().map(|conversation| conversation.messages.len()).max().unwrap_or(0);
    within("longest", longest, 7..=18);
    let clients: HashSet<usize> = all.iter().map(|conversation| conversation.client).collect();
    within("clients who wrote", clients.len(), 250..=300);
}

#[test]
fn addresses_are_unique_and_reach_nobody() {
    let world = World::new(1, now(), Scale::of(50_000));
    let emails: HashSet<&str> = world.clients.iter().map(|client| client.email.as_str()).collect();
    assert_eq!(emails.len(), world.clients.len());
    assert!(emails.iter().all(|email| email.ends_with(".example")));
    let phones: HashSet<&str> = world.clients.iter().map(|client| client.phone.as_str()).collect();
    assert_eq!(phones.len(), world.clients.len());
    assert!(phones.iter().all(|phone| phone.len() == 12 && &phone[5..8] == "000"), "the exchange of nobody");
    let domains: HashSet<&str> = world.companies.iter().map(|company| company.domain.as_str()).collect();
    assert_eq!(domains.len(), world.companies.len());
    assert!(world.operators.iter().all(|operator| operator.email.ends_with(".example")));
}
