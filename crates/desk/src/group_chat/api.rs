//! Group conversations over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, Path};
use axum::extract::State;
use base::{ContactId, ConversationId, Error, LineId, MemberId, Result, UserId, can};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::members::{self, GroupMember};
use super::ops::{self, Joining, NewClient, NewGroup};
use crate::conversation::{self, ConversationRow, Route, rows_by_ids};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_group_chat))
        .routes(routes!(list_group_members, add_group_member))
        .routes(routes!(remove_group_member))
}

/// A group conversation to begin.
#[derive(Debug, Deserialize, ToSchema)]
struct NewGroupChat {
    line_id: LineId,
    /// At most 200 characters; clients read it too.
    title: String,
    /// The clients who take part; the first one is whose conversation it is.
    contacts: Vec<GroupContact>,
    /// Colleagues, also of other lines. You take part anyway.
    #[serde(default)]
    user_ids: Vec<UserId>,
}

/// A client who is to take part.
#[derive(Debug, Deserialize, ToSchema)]
struct GroupContact {
    contact_id: ContactId,
    /// By which of his channels (`key` of `GET /contacts/{id}/routes`); where he wrote last on the line, else by mail,
    /// unless told.
    route_key: Option<String>,
}

impl GroupContact {
    fn read(self) -> Result<NewClient> {
        let route: Option<Route> = self.route_key.as_deref().map(str::parse).transpose()?;
        Ok(NewClient { contact_id: self.contact_id, route })
    }
}

/// Begin a group conversation: clients and colleagues write in one thread.
///
/// Write in it as in any conversation (`POST /conversations/{id}/messages`, without `to`, `cc` and `route_key`): everybody
/// who takes part gets the message, each client by a channel of his own; `copies` of a message say how far it has got.
#[utoipa::path(post, path = "/api/v1/group-chats", tag = "conversations", request_body = NewGroupChat,
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 201, body = ConversationRow)))]
async fn create_group_chat(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    idempotency: Idempotency,
    Json(body): Json<NewGroupChat>,
) -> ApiResult<Created<ConversationRow>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewGroupChat { line_id, title, contacts, user_ids } = body;
    let clients = contacts.into_iter().map(GroupContact::read).collect::<Result<_>>()?;
    let id = ops::create(&tx, &actor, NewGroup { line_id, title, clients, user_ids }).await?;
    let answer = rows_by_ids(&tx, &actor, &[id]).await?.pop().ok_or(Error::NotFound("conversation"))?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Who takes part in a group conversation.
#[derive(Debug, Serialize, ToSchema)]
struct GroupMembers {
    items: Vec<GroupMember>,
}

async fn answer(connection: &impl db::Fetch, id: ConversationId) -> ApiResult<Json<GroupMembers>> {
    Ok(Json(GroupMembers { items: members::views(connection, id).await? }))
}

/// List who takes part in a group conversation; nobody in one that is none.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/members", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = GroupMembers)))]
async fn list_group_members(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<GroupMembers>> {
    conversation::find(app.db.read(), &actor, id).await?;
    answer(app.db.read(), id).await
}

/// Somebody who is to take part: a client or a colleague.
#[derive(Debug, Deserialize, ToSchema)]
struct NewGroupMember {
    contact_id: Option<ContactId>,
    /// Of a client, as in `POST /group-chats`.
    route_key: Option<String>,
    user_id: Option<UserId>,
}

impl NewGroupMember {
    fn read(self) -> Result<Joining> {
        match (self.contact_id, self.user_id) {
            (Some(contact_id), None) => {
                GroupContact { contact_id, route_key: self.route_key }.read().map(Joining::Client)
            }
            (None, Some(user_id)) => Ok(Joining::Colleague(user_id)),
            (None, None) => Err(Error::required("contact_id")),
            (Some(_), Some(_)) => {
                let (ru, en) =
                    ("Укажите клиента или сотрудника, но не обоих", "Name a client or a colleague, not both");
                Err(Error::invalid("user_id", "two_people", ru, en))
            }
        }
    }
}

/// Add a client or a colleague to a group conversation. A client gets what is written from now on.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/members", tag = "conversations", params(("id" = ConversationId, Path)), request_body = NewGroupMember,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])),
    responses((status = 200, body = GroupMembers), (status = 409, description = "It is no group conversation (`not_a_group`).")))]
async fn add_group_member(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<ConversationId>,
    Json(body): Json<NewGroupMember>,
) -> ApiResult<Json<GroupMembers>> {
    let tx = app.write().await?;
    conversation::find(&tx, &actor, id).await?;
    ops::add(&tx, &actor, id, body.read()?).await?;
    let answer = answer(&tx, id).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Take somebody out of a group conversation: he gets and sees nothing more.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/members/{member_id}", tag = "conversations",
    params(("id" = ConversationId, Path), ("member_id" = MemberId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])),
    responses((status = 200, body = GroupMembers), (status = 409, description = "It is no group conversation (`not_a_group`).")))]
async fn remove_group_member(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path((id, member_id)): Path<(ConversationId, MemberId)>,
) -> ApiResult<Json<GroupMembers>> {
    let tx = app.write().await?;
    ops::remove(&tx, &actor, id, member_id).await?;
    let answer = answer(&tx, id).await?;
    tx.commit().await?;
    Ok(answer)
}
