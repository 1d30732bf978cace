//! The clients of a line over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{CompanyId, ContactId, ConversationId, FileId, LineId, MessageId, PageRequest, can};
use desk::client::Marks;
use desk::client::detail::ContactDetails;
use desk::conversation::{self, CaseReason, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::favourites::{self, Favourites};
use super::history::{self, FoundMessages};
use super::info::{self, ClientInfo};
use super::list::{ClientList, Filter};
use super::ops::{self, ClientSettings};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_clients))
        .routes(routes!(set_client_period))
        .routes(routes!(get_client, mark_client))
        .routes(routes!(connect_client, disconnect_client))
        .routes(routes!(subscribe_company, unsubscribe_company))
        .routes(routes!(open_client_case))
        .routes(routes!(write_to_client))
        .routes(routes!(search_client_messages))
        .routes(routes!(set_contact_details))
        .routes(routes!(list_favourites))
        .routes(routes!(get_client_settings, set_client_settings))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListClients {
    /// Words of a name, a login, a mail address, a phone, a company's name or its INN: finds everybody who is connected
    /// to the line, also those who are not actual.
    #[serde(default)]
    search: String,
    /// Only with an open case.
    #[serde(default)]
    open: bool,
    /// Only with an open case of yours.
    #[serde(default)]
    mine: bool,
    /// Only your favourites.
    #[serde(default)]
    favourite: bool,
    /// Only those who are in a chat on a site now.
    #[serde(default)]
    online: bool,
    /// Only of this company.
    company: Option<CompanyId>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List the people a line serves: who talked lately first, newest first, then the rest by name.
///
/// On a line of many people only the actual ones are listed (`streaming`): who talked within your period, and whom you
/// keep in your list. The search finds the others.
#[utoipa::path(get, path = "/api/v1/lines/{id}/clients", tag = "clients", params(("id" = LineId, Path), ListClients),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = ClientList)))]
async fn list_clients(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path(id): Path<LineId>,
    Query(params): Query<ListClients>,
) -> ApiResult<Json<ClientList>> {
    let ListClients { search, open, mine, favourite, online, company, limit, after } = params;
    let filter = Filter { search: search.trim().to_owned(), open, mine, favourite, online, company };
    Ok(Json(ops::page(&app, &actor, id, filter, &PageRequest { limit, after }).await?))
}

/// How long somebody who has not written stays actual.
#[derive(Debug, Deserialize, ToSchema)]
struct ClientPeriod {
    /// 7 to 90.
    period_days: i64,
}

/// Set your own period on a line.
#[utoipa::path(put, path = "/api/v1/lines/{id}/client-period", tag = "clients", params(("id" = LineId, Path)), request_body = ClientPeriod,
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 204)))]
async fn set_client_period(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path(id): Path<LineId>,
    Json(body): Json<ClientPeriod>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::set_period(&tx, &actor, id, body.period_days).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Get a client of a line with what hangs on him.
#[utoipa::path(get, path = "/api/v1/lines/{id}/clients/{contact_id}", tag = "clients", params(("id" = LineId, Path), ("contact_id" = ContactId, Path)),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = ClientInfo)))]
async fn get_client(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path((id, contact_id)): Path<(LineId, ContactId)>,
) -> ApiResult<Json<ClientInfo>> {
    Ok(Json(info::of(&app, &actor, id, contact_id).await?))
}

/// Your marks; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct ClientMarks {
    /// Keep him in your list although he has not written for long.
    added: Option<bool>,
    /// Keep him in your list and be told of everything he does.
    favourite: Option<bool>,
}

/// Keep a client in your list, or make him a favourite.
#[utoipa::path(patch, path = "/api/v1/lines/{id}/clients/{contact_id}", tag = "clients", params(("id" = LineId, Path), ("contact_id" = ContactId, Path)), request_body = ClientMarks,
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 204)))]
async fn mark_client(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path((id, contact_id)): Path<(LineId, ContactId)>,
    Json(body): Json<ClientMarks>,
) -> ApiResult<NoContent> {
    let ClientMarks { added, favourite } = body;
    let tx = app.write().await?;
    ops::mark(&tx, &actor, id, contact_id, Marks { added, favourite }).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Connect a client to a line by hand.
#[utoipa::path(put, path = "/api/v1/lines/{id}/clients/{contact_id}/connection", tag = "clients", params(("id" = LineId, Path), ("contact_id" = ContactId, Path)),
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 204)))]
async fn connect_client(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path((id, contact_id)): Path<(LineId, ContactId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::connect(&tx, &actor, id, contact_id, true).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Undo connecting a client by hand; who has conversations on the line stays in its list.
#[utoipa::path(delete, path = "/api/v1/lines/{id}/clients/{contact_id}/connection", tag = "clients", params(("id" = LineId, Path), ("contact_id" = ContactId, Path)),
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 204)))]
async fn disconnect_client(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path((id, contact_id)): Path<(LineId, ContactId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::connect(&tx, &actor, id, contact_id, false).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Connect everybody of a company to a line.
#[utoipa::path(put, path = "/api/v1/lines/{id}/companies/{company_id}", tag = "clients", params(("id" = LineId, Path), ("company_id" = CompanyId, Path)),
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 204)))]
async fn subscribe_company(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path((id, company_id)): Path<(LineId, CompanyId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::subscribe(&tx, &actor, id, company_id, true).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Undo connecting a company to a line.
#[utoipa::path(delete, path = "/api/v1/lines/{id}/companies/{company_id}", tag = "clients", params(("id" = LineId, Path), ("company_id" = CompanyId, Path)),
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 204)))]
async fn unsubscribe_company(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path((id, company_id)): Path<(LineId, CompanyId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::subscribe(&tx, &actor, id, company_id, false).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// By what a case registers.
#[derive(Debug, Deserialize, ToSchema)]
struct NewCase {
    reason: CaseReason,
}

/// The case with a client.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ClientCase {
    conversation_id: ConversationId,
    /// False: it was open already.
    created: bool,
    /// What was written, if something was.
    message_id: Option<MessageId>,
}

/// Open a case with a client, or get the one that is open. It becomes yours unless somebody has it.
#[utoipa::path(post, path = "/api/v1/lines/{id}/clients/{contact_id}/case", tag = "clients", params(("id" = LineId, Path), ("contact_id" = ContactId, Path)), request_body = NewCase,
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 201, body = ClientCase)))]
async fn open_client_case(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    idempotency: Idempotency,
    Path((id, contact_id)): Path<(LineId, ContactId)>,
    Json(body): Json<NewCase>,
) -> ApiResult<Created<ClientCase>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let case = conversation::open_case(&tx, &actor, id, contact_id, body.reason).await?;
    let answer = ClientCase { conversation_id: case.conversation_id, created: case.created, message_id: None };
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to write.
#[derive(Debug, Deserialize, ToSchema)]
struct ClientMessage {
    /// From the editor; sanitised.
    #[serde(default)]
    html: String,
    #[serde(default)]
    attachment_ids: Vec<FileId>,
}

/// Write to a client or send him a file: a case registers by itself when none is open.
///
/// It leaves by the channel of the open case; a new one goes on in the chat he wrote in last, else by mail.
#[utoipa::path(post, path = "/api/v1/lines/{id}/clients/{contact_id}/messages", tag = "clients", params(("id" = LineId, Path), ("contact_id" = ContactId, Path)), request_body = ClientMessage,
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 201, body = ClientCase)))]
async fn write_to_client(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    idempotency: Idempotency,
    Path((id, contact_id)): Path<(LineId, ContactId)>,
    Json(body): Json<ClientMessage>,
) -> ApiResult<Created<ClientCase>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let words = Words { html: body.html, file_ids: body.attachment_ids };
    let undo = conversation::undo_time(&app);
    let (case, message) = conversation::write_to_client(&tx, &actor, id, contact_id, words, undo).await?;
    let (conversation_id, created) = (case.conversation_id, case.created);
    let answer = ClientCase { conversation_id, created, message_id: Some(message) };
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchMessages {
    /// Words (the last one may be unfinished) or a `"phrase"`.
    q: String,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Search the whole history with a client, over all his conversations that you may see; newest first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/messages", tag = "clients", params(("id" = ContactId, Path), SearchMessages),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = FoundMessages)))]
async fn search_client_messages(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ContactId>,
    Query(params): Query<SearchMessages>,
) -> ApiResult<Json<FoundMessages>> {
    Ok(Json(history::search(&app, &actor, id, &params.q, params.after.as_deref()).await?))
}

/// Write down what a card says besides name, company and addresses. What is absent is emptied.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/details", tag = "clients", params(("id" = ContactId, Path)), request_body = ContactDetails,
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 200, body = ContactDetails)))]
async fn set_contact_details(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path(id): Path<ContactId>,
    Json(body): Json<ContactDetails>,
) -> ApiResult<Json<ContactDetails>> {
    let tx = app.write().await?;
    let details = ops::set_details(&tx, &actor, id, body).await?;
    tx.commit().await?;
    Ok(Json(details))
}

/// List your favourite clients on all lines, with their open conversations.
#[utoipa::path(get, path = "/api/v1/me/favourites", tag = "clients",
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = Favourites)))]
async fn list_favourites(State(app): State<App>, actor: Can<can::ContactsView>) -> ApiResult<Json<Favourites>> {
    Ok(Json(favourites::of(&app, &actor).await?))
}

/// Read how lists of clients are made.
#[utoipa::path(get, path = "/api/v1/settings/clients", tag = "settings",
    security(("session" = ["settings.manage"]), ("token" = ["settings.manage"])), responses((status = 200, body = ClientSettings)))]
async fn get_client_settings(State(app): State<App>, _: Can<can::SettingsManage>) -> ApiResult<Json<ClientSettings>> {
    Ok(Json(ops::settings(&app).await?))
}

/// Change how lists of clients are made.
#[utoipa::path(put, path = "/api/v1/settings/clients", tag = "settings", request_body = ClientSettings,
    security(("session" = ["settings.manage"]), ("token" = ["settings.manage"])), responses((status = 200, body = ClientSettings)))]
async fn set_client_settings(
    State(app): State<App>,
    actor: Can<can::SettingsManage>,
    Json(body): Json<ClientSettings>,
) -> ApiResult<Json<ClientSettings>> {
    let tx = app.write().await?;
    let settings = ops::set_settings(&tx, &actor, body).await?;
    tx.commit().await?;
    Ok(Json(settings))
}
