//! Notifications by mail, for whoever has not read them where he works.
//!
//! What is to be written is an event, `staff_letter`; whoever has mailboxes hears of it and sends the letter.

use app::{App, Attempt, Job, JobError};
use base::{Actor, Error, Language, Result, Words};
use bus::Event;
use chrono::Duration;
use db::Tx;
use desk::{setting, user};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::entity::{Column, Entity, Model, NotificationId};
use crate::view::{self, Notification};

/// Who reads it within this time needs no letter.
const PAUSE: Duration = Duration::minutes(2);

/// Puts a letter on the queue. One that was ordered goes at once, and to whoever has read it too.
pub(crate) async fn enqueue(tx: &Tx, notification_id: NotificationId, ordered: bool) -> Result<()> {
    let at = if ordered { tx.now() } else { tx.now() + PAUSE };
    jobs::enqueue_at(tx, &Write { notification_id, ordered }, at).await.map(drop)
}

/// Writes the letter of a notification.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Write {
    notification_id: NotificationId,
    ordered: bool,
}

impl Job for Write {
    const KIND: &'static str = "notify.write_letter";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(row) = Entity::find_by_id(self.notification_id).one(app.db.read()).await? else { return Ok(()) };
        if row.read_at.is_some() && !self.ordered {
            return Ok(());
        }
        let tx = app.write().await?;
        write(&tx, &app.config.public_url(), row).await?;
        Ok(tx.commit().await?)
    }
}

async fn write(tx: &Tx, public_url: &str, row: Model) -> Result<()> {
    let actor = user::actor_of(tx, row.user_id).await?;
    match crate::ops::find(tx, &actor, row.id).await {
        Ok(_) => {}
        // He does not see it any more.
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    // A job that runs twice writes one letter.
    let first = Entity::update_many()
        .col_expr(Column::MailedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(row.id))
        .filter(Column::MailedAt.is_null())
        .exec(tx)
        .await?;
    if first.rows_affected == 0 {
        return Ok(());
    }
    let (id, line_id, user_id) = (row.id, row.line_id, row.user_id);
    let person = user::find(tx, user_id).await?;
    let company = setting::company(tx).await?.company_name;
    let Some(told) = view::details(tx, actor.language, vec![row]).await?.pop() else { return Ok(()) };
    let data = json!({
        "to": person.email,
        "name": person.name,
        "from_name": company,
        "subject": subject(&told),
        "text": text(&told, public_url, actor.language),
        "line_id": line_id,
        "date": tx.now(),
    });
    bus::emit(tx, &Actor::system(), Event::new("staff_letter").subject(id.0).data(data)).await.map(drop)
}

/// `№1042 · Не пришёл заказ: срок реакции нарушен`, as one line.
fn subject(told: &Notification) -> String {
    let place = told.place();
    if place.is_empty() { told.text.clone() } else { format!("{place}: {}", told.text) }
}

fn text(told: &Notification, public_url: &str, language: Language) -> String {
    let foot = Words::new(
        "Это письмо написал Отклик. Не отвечайте на него: ответ клиенту пишут в обращении. Какие письма приходят, вы выбираете в настройках уведомлений:",
        "Otklik wrote this letter. Please do not answer it: the client is answered in the conversation. Which letters come, you choose in the settings of notifications:",
    );
    let place = told.place();
    let parts = [told.text.as_str(), place.as_str(), told.preview.as_str()];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!(
        "{}\n\n{public_url}{}\n\n{}\n{public_url}/settings/notifications\n",
        said.join("\n"),
        told.path(),
        foot.get(language)
    )
}
