//! What the API's documentation says of every operation, so that no handler has to repeat it.

use std::collections::BTreeSet;

use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Schema};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

/// Adds the problems an operation can answer with, and says which fields of an answer are always there.
pub(crate) fn complete(openapi: &mut OpenApi) {
    add_problems(openapi);
    require_answer_fields(openapi);
}

fn add_problems(openapi: &mut OpenApi) {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let answer = |text: &str| {
        let content = Content::builder().schema(Some(schema.clone())).build();
        Response::builder().description(text).content("application/problem+json", content).build()
    };
    for item in openapi.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let secured = operation.security.is_some();
            let has_parameters = operation.parameters.as_ref().is_some_and(|all| !all.is_empty());
            let mut add = |code: &str, text: &str| {
                operation.responses.responses.entry(code.to_owned()).or_insert_with(|| RefOr::T(answer(text)));
            };
            if secured {
                add("401", "Not signed in (`unauthenticated`).");
                add("403", "The right is missing (`forbidden`).");
            }
            if has_parameters {
                add("404", "No such record, or it is not visible to you (`not_found`).");
            }
            add("422", "A field is wrong (`invalid`); `field` names it.");
        }
    }
}

/// serde leaves nothing out of an answer: a field without a value is null. Only what a caller sends may lack fields.
fn require_answer_fields(openapi: &mut OpenApi) {
    let sent = sent_schemas(openapi);
    let Some(components) = &mut openapi.components else { return };
    for (name, schema) in &mut components.schemas {
        if name != "Problem" && !sent.contains(name) {
            require_all(schema);
        }
    }
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().cloned().collect();
            object.properties.values_mut().for_each(require_all);
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(inner) = &mut array.items {
                require_all(inner);
            }
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(require_all),
        RefOr::T(Schema::OneOf(one)) => one.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// The names of all schemas that a request may hold, directly or inside another.
fn sent_schemas(openapi: &OpenApi) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open: Vec<RefOr<Schema>> = Vec::new();
    for item in openapi.paths.paths.values() {
        for operation in [&item.get, &item.post, &item.put, &item.patch, &item.delete].into_iter().flatten() {
            if let Some(RefOr::T(body)) = &operation.request_body {
                for content in body.content.values() {
                    if let RefOr::T(content) = content {
                        open.extend(content.schema.clone());
                    }
                }
            }
        }
    }
    while let Some(schema) = open.pop() {
        match schema {
            RefOr::Ref(reference) => {
                let name = reference.ref_location.rsplit('/').next().unwrap_or_default().to_owned();
                let found = openapi.components.as_ref().and_then(|components| components.schemas.get(&name));
                if let Some(schema) = found.filter(|_| names.insert(name.clone())) {
                    open.push(schema.clone());
                }
            }
            RefOr::T(Schema::Object(object)) => {
                open.extend(object.properties.into_values());
                if let Some(AdditionalProperties::RefOr(inner)) = object.additional_properties.map(|inner| *inner) {
                    open.push(inner);
                }
            }
            RefOr::T(Schema::Array(array)) => {
                if let ArrayItems::RefOrSchema(inner) = array.items {
                    open.push(*inner);
                }
            }
            RefOr::T(Schema::AllOf(all)) => open.extend(all.items),
            RefOr::T(Schema::OneOf(one)) => open.extend(one.items),
            RefOr::T(Schema::AnyOf(any)) => open.extend(any.items),
            RefOr::T(_) => {}
        }
    }
    names
}
