//! A loaded world agrees with itself, on SQLite and (with `OTKLIK_TEST_DATABASE_URL`) on PostgreSQL.

use std::collections::HashMap;
use std::sync::Arc;

use app::{App, Config, Feature};
use base::{Clock, ConversationId, LineScope};
use desk::{conversation, file, message, ticket};
use routing::queue;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use tempfile::TempDir;

use super::files::pdf;
use super::{Options, Report, load};
use crate::{Scale, World};

static FEATURES: [Feature; 5] = [desk::FEATURE, auth::FEATURE, routing::FEATURE, sla::FEATURE, ::answers::FEATURE];

struct Loaded {
    app: App,
    world: Arc<World>,
    report: Report,
    _folder: TempDir,
}

async fn empty() -> (App, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let database_url = match std::env::var("OTKLIK_TEST_DATABASE_URL") {
        Ok(server) if !server.is_empty() => postgres(&server).await,
        _ => String::new(),
    };
    let config = Config { data_dir: folder.path().to_owned(), database_url, ..Config::default() };
    let now = chrono::DateTime::from_timestamp(1_795_258_800, 0).unwrap();
    (App::open(config, Clock::manual(now), &FEATURES).await.unwrap(), folder)
}

/// A fresh database beside the one of the URL.
async fn postgres(server: &str) -> String {
    let name = format!("otklik_demo_{}", uuid::Uuid::new_v4().simple());
    let connection = sea_orm::Database::connect(server).await.unwrap();
    connection.execute_unprepared(&format!("create database {name}")).await.unwrap();
    let (head, query) =
        server.split_once('?').map_or((server, String::new()), |(head, query)| (head, format!("?{query}")));
    let (scheme, rest) = head.split_once("://").unwrap();
    format!("{scheme}://{}/{name}{query}", rest.split('/').next().unwrap())
}

async fn loaded(conversations: usize) -> Loaded {
    let (app, _folder) = empty().await;
    let world = Arc::new(World::new(11, app.now(), Scale { conversations, ..Scale::default() }));
    let options = Options { password: "demo-for-tests".into() };
    let report = load(&app, world.clone(), &options, |_, _| {}).await.unwrap();
    Loaded { app, world, report, _folder }
}

#[tokio::test]
async fn what_is_loaded_agrees_with_itself() {
    let Loaded { app, world, report, _folder } = loaded(1_200).await;
    let read = app.db.read();
    let conversations =
        conversation::Entity::find().order_by_asc(conversation::Column::Number).all(read).await.unwrap();
    let messages = message::Entity::find().order_by_asc(message::Column::CreatedAt).all(read).await.unwrap();
    assert_eq!((report.conversations, report.messages), (conversations.len(), messages.len()));
    assert_eq!(conversations.len(), 1_200);
    let mut of: HashMap<ConversationId, Vec<&message::Model>> = HashMap::new();
    for message in &messages {
        of.entry(message.conversation_id).or_default().push(message);
    }
    let waiting: HashMap<ConversationId, queue::Model> =
        queue::Entity::find().all(read).await.unwrap().into_iter().map(|row| (row.conversation_id, row)).collect();
    assert!(!waiting.is_empty(), "somebody waits");
    let files = file::Entity::find().all(read).await.unwrap();
    for (row, told) in conversations.iter().zip(world.conversations()) {
        let own = &of[&row.id];
        assert_eq!(row.message_count as usize, own.len());
        assert_eq!((row.number, &row.subject), (conversations[0].number + told.number - 1, &told.subject));
        let spoken = own.iter().rev().find(|one| one.kind != message::Kind::Note && one.automatic.is_none()).unwrap();
        assert_eq!((row.last_message_at, &row.preview), (spoken.created_at, &text::preview(&spoken.text, 200)));
        assert_eq!(row.last_from == conversation::From::Client, spoken.kind == message::Kind::Inbound);
        assert_eq!(row.unread, spoken.kind == message::Kind::Inbound && row.closed_at.is_none());
        let answer = own.iter().rev().find(|one| one.kind == message::Kind::Outbound && one.automatic.is_none());
        assert_eq!(row.delivery.is_some(), answer.is_some_and(|one| one.delivery == Some(message::Delivery::Failed)));
        assert_eq!(row.closed_at.is_some(), row.status == conversation::Status::Closed);
        let waits = row.status == conversation::Status::Open && row.assignee_id.is_none();
        assert_eq!(waiting.get(&row.id).map(|one| one.entered_at), waits.then_some(row.created_at));
        for message in own {
            if message.automatic == Some(message::Automatic::Acknowledgement) {
                assert!(message.text.contains(&format!("номер {}.", row.number)), "{}", message.text);
            }
            let attached = files.iter().filter(|file| file.message_id == Some(message.id)).count();
            assert_eq!(message.attachment_count as usize, attached);
        }
    }
    for file in files.iter().take(20) {
        assert_eq!(app.files.get(&file.storage_key).await.unwrap().len() as i64, file.size);
    }
    app.db.close().await.unwrap();
}

#[tokio::test]
async fn history_numbers_and_search_are_there() {
    let Loaded { app, report, _folder, .. } = loaded(300).await;
    let read = app.db.read();
    let events = bus::Entity::find().order_by_asc(bus::Column::Seq).all(read).await.unwrap();
    let of_kind = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
    let automatic = events.iter().filter(|event| event.data["kind"] == "outbound").count();
    let told = ["message_created", "message_queued", "note_created"].map(of_kind).iter().sum::<usize>() - automatic;
    assert_eq!((of_kind("conversation_created"), told), (300, report.messages));
    let told: Vec<_> = events.iter().filter(|event| event.conversation_id.is_some()).map(|event| event.at).collect();
    assert!(told.is_sorted(), "the log is in order of time");
    let closed = conversation::Entity::find().filter(conversation::Column::Status.eq(conversation::Status::Closed));
    assert!(of_kind("conversation_closed") as u64 >= closed.count(read).await.unwrap());
    let tickets = ticket::Entity::find().order_by_desc(ticket::Column::Number).all(read).await.unwrap();
    assert_eq!(tickets.len(), of_kind("ticket_created"));
    let last =
        conversation::Entity::find().order_by_desc(conversation::Column::Number).one(read).await.unwrap().unwrap();
    let tx = app.write().await.unwrap();
    assert_eq!(db::dialect::next_number(&tx, "conversation").await.unwrap(), last.number + 1);
    assert_eq!(db::dialect::next_number(&tx, "ticket").await.unwrap(), tickets[0].number + 1);
    drop(tx);
    let query = text::query(&format!("{} ", last.number));
    let hits = db::search::find(read, &query.fts5(), &query.tsquery(), &LineScope::All, &[], None, 50).await.unwrap();
    assert!(hits.iter().any(|hit| hit.conversation_id == last.id), "{hits:?}");
    let query = text::query("спасибо");
    let hits = db::search::find(read, &query.fts5(), &query.tsquery(), &LineScope::All, &[], None, 200).await.unwrap();
    assert!(hits.len() > 50 && hits.is_sorted_by(|a, b| a.position > b.position), "newest first");
    app.db.close().await.unwrap();
}

#[tokio::test]
async fn everybody_can_sign_in_and_a_second_world_is_refused() {
    let Loaded { app, world, report, _folder } = loaded(10).await;
    assert_eq!(report.people.len(), world.operators.len() + 1);
    assert_eq!(report.people[0].1, "admin@severny-svet.example");
    let options = Options { password: "demo-for-tests".into() };
    let refused = load(&app, world, &options, |_, _| {}).await.unwrap_err();
    assert!(matches!(refused, base::Error::Conflict { code: "not_empty", .. }), "{refused}");
    app.db.close().await.unwrap();
}

#[test]
fn the_sample_document_is_a_pdf() {
    let pdf = String::from_utf8(pdf()).unwrap();
    let start: usize = pdf.lines().rev().nth(1).unwrap().parse().unwrap();
    assert!(pdf[start..].starts_with("xref\n0 6\n"));
    for (number, entry) in pdf[start..].lines().skip(3).take(5).enumerate() {
        let offset: usize = entry[..10].parse().unwrap();
        assert!(pdf[offset..].starts_with(&format!("{} 0 obj", number + 1)));
    }
}
