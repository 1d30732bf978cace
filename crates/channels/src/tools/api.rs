//! Changing and withdrawing what was said, within the rights of its channel.

use app::{ApiResult, App, Can, Json, NoContent, Path};
use axum::extract::State;
use base::{Actor, Error, MessageId, Result, Words, can};
use desk::conversation::Channel;
use desk::file;
use desk::message::{self, EditedBy, Kind};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::driver::Window;
use crate::drivers;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(edit_message, delete_message))
}

/// New words.
#[derive(Debug, Deserialize, ToSchema)]
struct MessageChange {
    /// From the editor; sanitised.
    html: String,
}

/// Change the words of your own message or note.
///
/// The client's copy follows. How long it can be done is the channel's right (`edit_seconds` of its kind); letters cannot
/// be changed once they have left.
#[utoipa::path(patch, path = "/api/v1/messages/{id}", tag = "messages", params(("id" = MessageId, Path)), request_body = MessageChange,
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])),
    responses((status = 204), (status = 409, description = "Too late or not possible in this channel (`too_late`), or not yours (`not_yours`).")))]
async fn edit_message(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<MessageId>,
    Json(body): Json<MessageChange>,
) -> ApiResult<NoContent> {
    let message = message::find(app.db.read(), &actor, id).await?;
    allowed(&app, &actor, &message, |can| can.edit)?;
    let html = file::clean_html(&body.html, &file::of_messages(app.db.read(), &[id]).await?);
    let tx = app.write().await?;
    message::edit(&tx, &actor, id, &html, EditedBy::Staff).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Withdraw your own message or note.
///
/// The client no longer sees it, colleagues see it struck out.
#[utoipa::path(delete, path = "/api/v1/messages/{id}", tag = "messages", params(("id" = MessageId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])),
    responses((status = 204), (status = 409, description = "Too late or not possible in this channel (`too_late`), or not yours (`not_yours`).")))]
async fn delete_message(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<MessageId>,
) -> ApiResult<NoContent> {
    let message = message::find(app.db.read(), &actor, id).await?;
    allowed(&app, &actor, &message, |can| can.delete)?;
    let tx = app.write().await?;
    message::delete(&tx, &actor, id, EditedBy::Staff).await?;
    tx.commit().await?;
    Ok(NoContent)
}

fn allowed(
    app: &App,
    actor: &Actor,
    message: &message::Model,
    right: impl Fn(&crate::driver::Capabilities) -> Window,
) -> Result<()> {
    let needs = if message.kind == Kind::Note {
        base::Permission::ConversationsNote
    } else {
        base::Permission::ConversationsReply
    };
    actor.require(needs)?;
    let window = match message.channel {
        _ if message.kind == Kind::Note => Window::Always,
        Channel::Email => Window::Never,
        // Each copy follows where its own channel lets it.
        Channel::Group => Window::Always,
        kind => drivers::of(kind).map_or(Window::Never, |driver| right(&driver.about().capabilities)),
    };
    if window.is_open(message.created_at, app.now()) {
        return Ok(());
    }
    let words = Words::new(
        "В этом канале отправленное сообщение уже нельзя изменить или удалить",
        "In this channel a sent message can no longer be changed or withdrawn",
    );
    Err(Error::Conflict { code: "too_late", words })
}
