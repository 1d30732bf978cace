//! The client card.

use app::{ApiResult, App, Can, Json, Path};
use axum::extract::State;
use base::{Actor, CompanyId, ContactId, IdentityId, Page, PageRequest, Result, UserId, can};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{entity, identity, ops};
use crate::conversation::{ClientTimeline, ConversationRow, Filter, View, client_timeline, list_rows};
use crate::people::StaffRef;
use crate::{field, user};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_contact, update_contact))
        .routes(routes!(list_contact_conversations))
        .routes(routes!(get_contact_timeline))
        .routes(routes!(absorb_contact))
}

/// A client.
#[derive(Debug, Serialize, ToSchema)]
struct Contact {
    id: ContactId,
    name: String,
    company: Option<Company>,
    position: String,
    /// What colleagues should know about him; never shown to him.
    note: String,
    /// Who of the staff answers for him; null: see the company.
    manager: Option<StaffRef>,
    /// `VIP` and the like; empty: none.
    category: String,
    locale: Option<String>,
    /// IANA name.
    time_zone: Option<String>,
    avatar_color: i64,
    created_at: DateTime<Utc>,
    identities: Vec<Identity>,
    /// Conversations you may see.
    conversation_count: u64,
}

/// The client's company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactCompany)]
struct Company {
    id: CompanyId,
    name: String,
    inn: Option<String>,
    /// Who of the staff answers for it.
    manager: Option<StaffRef>,
    /// `VIP` and the like; empty: none.
    category: String,
}

/// One address of a client.
#[derive(Debug, Serialize, ToSchema)]
struct Identity {
    id: IdentityId,
    kind: identity::Kind,
    value: String,
}

async fn view(connection: &impl ConnectionTrait, actor: &Actor, contact: entity::Model) -> Result<Contact> {
    let company = ops::company_of(connection, &contact).await?;
    let identities = ops::identities(connection, contact.id).await?;
    let managers = contact.manager_id.into_iter().chain(company.as_ref().and_then(|company| company.manager_id));
    let managers = user::people(connection, managers).await?;
    let manager = |id: Option<UserId>| id.and_then(|id| managers.get(&id).cloned());
    Ok(Contact {
        id: contact.id,
        company: company.map(|company| Company {
            id: company.id,
            name: company.name,
            inn: company.inn,
            manager: manager(company.manager_id),
            category: company.category,
        }),
        manager: manager(contact.manager_id),
        category: contact.category,
        identities: identities
            .into_iter()
            .map(|row| Identity { id: row.id, kind: row.kind, value: row.value })
            .collect(),
        conversation_count: ops::conversation_count(connection, actor, contact.id).await?,
        name: contact.name,
        position: contact.position,
        note: contact.note,
        locale: contact.locale,
        time_zone: contact.time_zone,
        avatar_color: contact.avatar_color,
        created_at: contact.created_at,
    })
}

/// Get a client's card.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = Contact)))]
async fn get_contact(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path(id): Path<ContactId>,
) -> ApiResult<Json<Contact>> {
    let contact = ops::find(app.db.read(), &actor, id).await?;
    Ok(Json(view(app.db.read(), &actor, contact).await?))
}

/// What to change; absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
struct ContactChange {
    name: Option<String>,
    position: Option<String>,
    note: Option<String>,
    /// IANA name; null clears it.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<String>>,
    /// Who of the staff answers for him; null: nobody in particular.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<UserId>)]
    manager_id: Option<Option<UserId>>,
    /// `VIP` and the like, at most 60 characters; empty: none.
    category: Option<String>,
    /// Null takes the client out of his company.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<CompanyChange>)]
    company: Option<Option<CompanyChange>>,
}

/// A company by its INN, else by its name; made when there is none.
#[derive(Debug, Deserialize, ToSchema)]
struct CompanyChange {
    name: String,
    /// Taxpayer number, 10 or 12 digits.
    inn: Option<String>,
}

/// Change a client's card.
#[utoipa::path(patch, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), request_body = ContactChange,
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 200, body = Contact)))]
async fn update_contact(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path(id): Path<ContactId>,
    Json(body): Json<ContactChange>,
) -> ApiResult<Json<Contact>> {
    let tx = app.write().await?;
    let change = ops::Change {
        name: body.name,
        position: body.position,
        note: body.note,
        time_zone: body.time_zone,
        manager_id: body.manager_id,
        category: body.category,
        company: body.company.map(|company| company.map(|company| (company.name, company.inn))),
    };
    let contact = ops::update(&tx, &actor, id, change).await?;
    let answer = view(&tx, &actor, contact).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// List a client's conversations, newest first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/conversations", tag = "contacts", params(("id" = ContactId, Path), PageRequest),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Page<ConversationRow>)))]
async fn list_contact_conversations(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ContactId>,
    app::Query(page): app::Query<PageRequest>,
) -> ApiResult<Json<Page<ConversationRow>>> {
    ops::find(app.db.read(), &actor, id).await?;
    let filter = Filter { view: View::All, contact: Some(id), ..Default::default() };
    Ok(Json(list_rows(app.db.read(), &actor, &filter, &page).await?))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TimelinePage {
    /// The `next` of the page read before.
    before: Option<String>,
    /// How many messages, 1 to 200; 50 unless told.
    limit: Option<u64>,
}

/// Read what was said with a client in all his conversations that you may see, over all channels.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/timeline", tag = "contacts", params(("id" = ContactId, Path), TimelinePage),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = ClientTimeline)))]
async fn get_contact_timeline(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ContactId>,
    app::Query(params): app::Query<TimelinePage>,
) -> ApiResult<Json<ClientTimeline>> {
    ops::find(app.db.read(), &actor, id).await?;
    let limit = params.limit.unwrap_or(50).clamp(1, 200);
    Ok(Json(client_timeline(app.db.read(), &actor, id, params.before.as_deref(), limit).await?))
}

/// The other card of the same person.
#[derive(Debug, Deserialize, ToSchema)]
struct OtherContact {
    contact_id: ContactId,
}

/// Join two cards of one person: everything of the other becomes this one's, and the other is gone.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/absorb", tag = "contacts", params(("id" = ContactId, Path)), request_body = OtherContact,
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 200, body = Contact)))]
async fn absorb_contact(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path(id): Path<ContactId>,
    Json(body): Json<OtherContact>,
) -> ApiResult<Json<Contact>> {
    let tx = app.write().await?;
    ops::find(&tx, &actor, id).await?;
    ops::find(&tx, &actor, body.contact_id).await?;
    let reason = base::Words::owned(
        format!("{} объединил(а) карточки.", actor.name),
        format!("{} joined the cards.", actor.name),
    );
    ops::absorb(&tx, &actor, id, body.contact_id, reason).await?;
    let contact = ops::find(&tx, &actor, id).await?;
    let answer = view(&tx, &actor, contact).await?;
    tx.commit().await?;
    Ok(Json(answer))
}
