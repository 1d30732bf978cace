//! The tables of forms.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_22_30_forms",
    sql: "
create table form (
    id {id} primary key,
    line_id {id} not null references line (id),
    key text not null unique,
    name text not null,
    definition {json} not null,
    enabled boolean not null,
    deleted_at {time},
    created_at {time} not null,
    updated_at {time} not null
);
create table form_submission (
    id {id} primary key,
    form_id {id} not null references form (id),
    challenge text not null unique,
    conversation_id {id} not null references conversation (id) on delete cascade,
    number bigint not null,
    answers {json} not null,
    page_url text not null,
    address text not null,
    created_at {time} not null
);
create index form_submission_list on form_submission (form_id, created_at, id)
",
    sqlite: "",
    postgres: "",
}];
