//! The catalogue of attributes, from which the editor of conditions is built.

use app::{ApiResult, App, Can, Json, can};
use axum::extract::State;
use base::condition::Operator;
use base::{Language, Result};
use db::{Fetch, Row};
use desk::group;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::catalogue::{ATTRIBUTES, Attribute, Fact, Kind, OF_GROUP, Section, options};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_routing_attributes))
}

/// Something a condition may ask.
#[derive(Debug, Serialize, ToSchema)]
struct RoutingAttribute {
    /// The `field` of a test.
    key: String,
    /// `message`, `time`, `client`, `load` or `origin`.
    group: &'static str,
    /// What the group is called, in the reader's language.
    group_words: String,
    /// What it is called, in the reader's language.
    words: String,
    /// `text`, `choice`, `number`, `bool`, `time` (`13:00`), `date` (`2026-12-31`) or `id`.
    kind: &'static str,
    /// Any form of a word is that word; `зак*` finds beginnings.
    stems: bool,
    /// Comparisons that make sense. Those that look into a text, and `in` and `not_in`, take a list too; `between` takes two values.
    #[schema(value_type = Vec<String>)]
    operators: &'static [Operator],
    /// What to choose from. For a text: what is in use, other values are allowed.
    options: Vec<RoutingOption>,
    /// Where the ids to choose from come from: `groups`, `users`, `contacts`, `companies` or `channels`.
    source: Option<&'static str>,
}

/// A value to choose.
#[derive(Debug, Serialize, ToSchema)]
struct RoutingOption {
    value: String,
    label: String,
}

/// What conditions of rules may ask.
#[derive(Debug, Serialize, ToSchema)]
struct RoutingAttributes {
    items: Vec<RoutingAttribute>,
}

/// List what conditions of routing rules may ask: the load of each group has attributes of its own.
#[utoipa::path(get, path = "/api/v1/routing/attributes", tag = "routing",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingAttributes)))]
async fn list_routing_attributes(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
) -> ApiResult<Json<RoutingAttributes>> {
    Ok(Json(RoutingAttributes { items: list(app.db.read(), actor.language).await? }))
}

async fn list(connection: &impl Fetch, language: Language) -> Result<Vec<RoutingAttribute>> {
    let categories = categories(connection).await?;
    let mut items: Vec<RoutingAttribute> =
        ATTRIBUTES.iter().map(|attribute| view(attribute, &categories, language)).collect();
    for group in group::list(connection).await? {
        for (key, words, _) in &OF_GROUP {
            items.push(RoutingAttribute {
                key: format!("{key}:{}", group.id),
                group: Section::Load.as_str(),
                group_words: Section::Load.words().get(language).to_owned(),
                words: format!("{}: {}", group.name, words.get(language).to_lowercase()),
                kind: Kind::Number.as_str(),
                stems: false,
                operators: Kind::Number.operators(),
                options: Vec::new(),
                source: None,
            });
        }
    }
    Ok(items)
}

fn view(attribute: &Attribute, categories: &[String], language: Language) -> RoutingAttribute {
    let mut choices: Vec<RoutingOption> = options(attribute.fact)
        .into_iter()
        .map(|(value, words)| RoutingOption { value: value.to_owned(), label: words.get(language).to_owned() })
        .collect();
    if attribute.fact == Fact::ClientCategory {
        choices.extend(categories.iter().map(|one| RoutingOption { value: one.clone(), label: one.clone() }));
    }
    RoutingAttribute {
        key: attribute.key.to_owned(),
        group: attribute.section.as_str(),
        group_words: attribute.section.words().get(language).to_owned(),
        words: attribute.words.get(language).to_owned(),
        kind: attribute.kind.as_str(),
        stems: attribute.kind == Kind::Words,
        operators: attribute.kind.operators(),
        options: choices,
        source: match attribute.kind {
            Kind::Id(source) => Some(source.as_str()),
            _ => None,
        },
    }
}

/// The categories that clients have, to choose from.
async fn categories(connection: &impl Fetch) -> Result<Vec<String>> {
    let sql = "select category from contact where category <> '' union select category from company \
        where category <> '' order by 1 limit 200";
    connection.fetch(sql.to_owned(), Vec::new(), |row: &Row<'_>| row.get(0)).await
}
