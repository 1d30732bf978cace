//! Taking the register away over HTTP.

use app::{ApiResult, App, Can, Query};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::{Actor, ContactId, LineId, Result, SourceId, UserId, can};
use desk::conversation::{Channel, Filter, Sort, View};
use desk::user;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::table::{Table, zone_of};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export_conversations))
}

/// The form of a table.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TableFormat {
    #[default]
    Xlsx,
    /// UTF-8 with a mark; by semicolons for who reads Russian, else by commas.
    Csv,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportConversations {
    #[serde(default)]
    #[param(inline)]
    format: TableFormat,
    #[serde(default)]
    #[param(inline)]
    view: View,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    line: Option<LineId>,
    assignee: Option<UserId>,
    contact: Option<ContactId>,
    /// Only by this channel.
    #[param(inline)]
    channel: Option<Channel>,
    /// Only from this source.
    source: Option<SourceId>,
    /// `true`: only those whose promise to the client is broken and still to be kept.
    overdue: Option<bool>,
}

/// Take the list of conversations away as a table: the rows that `GET /conversations` lists with the same filters,
/// without what anybody wrote. Times are on the clock of your time zone.
#[utoipa::path(get, path = "/api/v1/conversations/export", tag = "conversations", params(ExportConversations),
    security(("session" = ["conversations.export"]), ("token" = ["conversations.export"])),
    responses((status = 200, description = "The table.", content_type = "application/octet-stream")))]
async fn export_conversations(
    State(app): State<App>,
    actor: Can<can::ConversationsExport>,
    Query(params): Query<ExportConversations>,
) -> ApiResult<Response> {
    let ExportConversations { format, view, sort, line, assignee, contact, channel, source, overdue } = params;
    let overdue_at = overdue.unwrap_or_default().then(|| app.now());
    let filter = Filter { view, sort, line, assignee, contact, channel, source, overdue_at };
    Ok(table(app, &actor, filter, format).await?)
}

async fn table(app: App, actor: &Actor, filter: Filter, format: TableFormat) -> Result<Response> {
    let zone = match actor.user_id() {
        Some(id) => user::find(app.db.read(), id).await?.time_zone,
        None => String::new(),
    };
    let table = Table { app, actor: actor.clone(), filter, zone: zone_of(&zone) };
    let (kind, name, body) = match format {
        TableFormat::Csv => ("text/csv; charset=utf-8", "conversations.csv", Body::from_stream(table.csv())),
        TableFormat::Xlsx => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (kind, "conversations.xlsx", Body::from(table.xlsx().await?))
        }
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response())
}
