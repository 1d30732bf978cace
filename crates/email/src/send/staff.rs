//! Letters to members of staff, about what they have not read where they work.
//!
//! Not as strict as an answer to a client: a crash right after the handing over may send the same letter once more, under
//! the same Message-ID.

use std::sync::Arc;

use app::{App, Attempt, Job, JobError};
use base::{Error, LineId, Result, Timestamp};
use mail::compose::{Outgoing, compose};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::letter::{ascii_domain, own_headers};
use super::pool::Sending;
use crate::Trust;
use crate::mailbox::{self, Column};
use crate::net::smtp::Handover;

pub(crate) const STAFF_LETTER: &str = "email.send_staff_letter";

/// Sends what another part of the product wrote to somebody of the staff.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SendStaffLetter(bus::Notice);

/// The data of `staff_letter`.
#[derive(Deserialize)]
struct StaffLetter {
    to: String,
    name: String,
    from_name: String,
    subject: String,
    text: String,
    /// None: of no line.
    line_id: Option<LineId>,
    date: Timestamp,
}

impl Job for SendStaffLetter {
    const KIND: &'static str = STAFF_LETTER;
    const MAX_ATTEMPTS: i64 = 12;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let letter: StaffLetter = serde_json::from_value(self.0.data.clone()).map_err(Error::from)?;
        let Some(mailbox) = sender(&app, letter.line_id).await? else {
            let error = "no enabled mailbox sends letters to staff: connect one, then try again";
            return Err(JobError::Fail(Error::internal(error)));
        };
        let bytes = write(&app, &letter, &mailbox, &self.0);
        let sending: Arc<Sending> = app.memory();
        let tls = Trust::of(&app)?;
        let gate = sending.gate(mailbox.id);
        let _place = gate.acquire().await.map_err(Error::internal)?;
        let later = |error: String| JobError::Retry(Error::internal(error));
        // A kept connection may have died; a fresh one is not tried twice.
        loop {
            let connected = sending.connection(&app, &tls, &mailbox).await;
            let (mut connection, reused) = connected.map_err(|trouble| later(trouble.to_string()))?;
            let to = [letter.to.clone()];
            match connection.deliver(&mailbox.address, &to, &bytes, |_| {}).await {
                Handover::Accepted { .. } => {
                    sending.put_back(&mailbox, connection);
                    return Ok(());
                }
                Handover::Refused(reply) if reply.permanent => {
                    return Err(JobError::Fail(Error::internal(format!("{}: {}", letter.to, reply.text))));
                }
                Handover::Broken(_) if reused => {}
                Handover::Refused(reply) => return Err(later(reply.text)),
                Handover::Broken(trouble) | Handover::Unknown(trouble) => return Err(later(trouble.to_string())),
            }
        }
    }
}

/// The line's first mailbox, else the first of any line.
async fn sender(app: &App, line: Option<LineId>) -> Result<Option<mailbox::Model>> {
    let usable = mailbox::Entity::find().filter(Column::DeletedAt.is_null()).filter(Column::Enabled.eq(true));
    let all = usable.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(app.db.read()).await?;
    let own = all.iter().position(|row| Some(row.line_id) == line).unwrap_or(0);
    Ok(all.into_iter().nth(own))
}

fn write(app: &App, letter: &StaffLetter, mailbox: &mailbox::Model, notice: &bus::Notice) -> Vec<u8> {
    let outgoing = Outgoing {
        message_id: format!("staff-{}@{}", notice.event_id.0.simple(), ascii_domain(&mailbox.address)),
        date: letter.date,
        from: mail::Address::new(Some(&letter.from_name), &mailbox.address),
        to: vec![mail::Address::new(Some(&letter.name), &letter.to)],
        subject: letter.subject.clone(),
        text: letter.text.clone(),
        auto_submitted: true,
        ..Outgoing::default()
    };
    let mut bytes = own_headers(app, mailbox.line_id).into_bytes();
    bytes.extend(compose(&outgoing));
    bytes
}
