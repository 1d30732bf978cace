//! E-mail in and out: mailboxes of lines, the mail ledger, the quarantine, and sending.
//!
//! Invariants:
//! - Every message a server ever showed us has a ledger row, written in the transaction that put it where it is. The
//!   place in the folder moves on in that transaction too, so a crash neither loses a message nor takes it twice.
//! - No message stops a mailbox: whatever goes wrong with one becomes a quarantine row with its error.
//! - Nothing is ever changed in a mailbox we read (EXAMINE, BODY.PEEK).
//! - A letter is handed to SMTP by one process at a time under a Message-ID fixed before the first try; after a crash
//!   the journal of the handing over tells whether it may have left (`docs/adr`, "A reply is sent once").
//!
//! Tables owned: mailbox, mail_ledger, mail_thread, outgoing_mail.

mod accept;
mod fetch;
mod ledger;
mod mailbox;
mod migrations;
mod net;
mod quarantine;
mod send;

use std::sync::{Arc, OnceLock};

use app::{App, Feature, job};
use base::{Result, Words};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use utoipa_axum::router::OpenApiRouter;

pub use accept::{Taken, deliver};
pub use ledger::{LedgerId, Outcome};

use net::Tls;

pub const FEATURE: Feature = Feature {
    name: "email",
    routes,
    jobs: || {
        vec![
            job::<send::QueueMail>(),
            job::<send::SendMail>(),
            job::<send::SaveSent>(),
            job::<send::SendStaffLetter>(),
            job::<quarantine::RetryAll>(),
        ]
    },
    subscribers: &[
        ("message_queued.mail", send::QUEUE_MAIL),
        ("message_retried.mail", send::QUEUE_MAIL),
        ("staff_letter", send::STAFF_LETTER),
        ("copy_queued.mail", send::QUEUE_MAIL),
    ],
    migrations: migrations::MIGRATIONS,
    services: &[|app| Box::pin(app::held::run::<fetch::Reader>(app)), |app| Box::pin(send::tend_journals(app))],
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(mailbox::routes()).merge(ledger::routes()).merge(quarantine::routes())
}

/// Whom this node trusts on encrypted connections; read once.
#[derive(Default)]
pub(crate) struct Trust(OnceLock<Tls>);

impl Trust {
    pub fn of(app: &App) -> Result<Tls> {
        let memory: Arc<Trust> = app.memory();
        if let Some(tls) = memory.0.get() {
            return Ok(tls.clone());
        }
        let tls = Tls::load(app.config.extra_ca.as_deref())?;
        Ok(memory.0.get_or_init(|| tls).clone())
    }
}

/// Each connected mailbox and how it is, for `otklik doctor`: what works, or what is broken and why.
pub async fn describe_mailboxes(app: &App) -> Result<Vec<(String, Result<String, String>)>> {
    let rows = mailbox::Entity::find().filter(mailbox::Column::DeletedAt.is_null()).all(app.db.read()).await?;
    let describe = |row: mailbox::Model| {
        let counts = format!("{} accepted, {} in quarantine", row.accepted, row.quarantined);
        let reason: Option<Words> = row.state_reason.and_then(|reason| serde_json::from_value(reason).ok());
        let state = match row.state {
            mailbox::State::Broken => {
                Err(reason.map(|words| words.en.into_owned()).unwrap_or_else(|| "broken".to_owned()))
            }
            state => Ok(format!("{}, {counts}", state.as_str())),
        };
        (format!("mailbox {}", row.address), state)
    };
    Ok(rows.into_iter().map(describe).collect())
}
