//! Puts a world into an empty database.
//!
//! Invariant: the rows are those the product itself would have written had all this happened: counters, previews,
//! unread marks, the search index, the event log and the number series agree with the messages. What is left out is
//! what nobody can see afterwards: jobs that are done and the steps of mail that has long been sent.
//!
//! One core makes conversations and rows, the other writes them.

mod answers;
mod bundle;
mod files;
mod people;
mod promises;
mod routes;
mod rows;
mod shifts;
mod site;
mod terms;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::App;
use base::{Error, Result};
use db::{bulk, dialect};
use tokio::sync::mpsc;

use crate::World;
use bundle::Bundle;

/// How to load.
#[derive(Debug, Clone)]
pub struct Options {
    /// The password of everybody.
    pub password: String,
}

/// Messages between two reports of progress.
const PROGRESS: usize = 20_000;

/// What was loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub conversations: usize,
    pub messages: usize,
    /// Name and login of everybody, the administrator first.
    pub people: Vec<(String, String)>,
}

/// Fills an empty database with the world. `progress` hears how many conversations and messages are in.
///
/// # Errors
/// `Conflict` when the database holds staff or conversations already.
pub async fn load(
    app: &App,
    world: Arc<World>,
    options: &Options,
    mut progress: impl FnMut(usize, usize),
) -> Result<Report> {
    people::check_empty(app).await?;
    let mut report = Report { people: people::staff(app, &world, options).await?, ..Report::default() };
    let mut places = people::lines_and_clients(app, &world).await?;
    places.files = files::store_samples(app).await?;
    shifts::shifts(app, &world, &places).await?;
    terms::terms(app, &world, &places).await?;
    self::answers::answers(app, &places).await?;
    let tx = app.write().await?;
    if let Some((line_id, _)) = places.lines.first() {
        site::chat(&tx, *line_id, &app.config.public_url()).await?;
    }
    places.first_number = dialect::next_number(&tx, "conversation").await?;
    places.first_ticket = dialect::next_number(&tx, "ticket").await?;
    tx.commit().await?;
    let (sender, mut receiver) = mpsc::channel::<Bundle>(8);
    let form = bulk::Form::of(&app.db);
    // Letters name the numbers that this database gives.
    let mut world = Arc::unwrap_or_clone(world);
    world.first_number = places.first_number;
    let (world, places) = (Arc::new(world), Arc::new(places));
    let maker = tokio::task::spawn_blocking({
        let (world, places) = (world.clone(), places.clone());
        move || bundle::make_all(&world, &places, form, |bundle| sender.blocking_send(bundle).is_ok())
    });
    let (mut number, mut ticket) = (places.first_number, places.first_ticket);
    let mut load = bulk::Load::begin(&app.db).await?;
    let mut told = 0;
    while let Some(bundle) = receiver.recv().await {
        report.conversations += bundle.conversation_count;
        report.messages += bundle.message_count;
        (number, ticket) = (number.max(bundle.last_number), ticket.max(bundle.last_ticket));
        bundle.write(&mut load).await?;
        if report.messages - told >= PROGRESS {
            told = report.messages;
            progress(report.conversations, report.messages);
        }
    }
    maker.await.map_err(Error::internal)?;
    load.finish().await?;
    let tx = app.write().await?;
    dialect::raise_number(&tx, "conversation", number).await?;
    dialect::raise_number(&tx, "ticket", ticket).await?;
    routes::routes(&tx, &places).await?;
    promises::count(&tx, &world).await?;
    tx.commit().await?;
    Ok(report)
}
