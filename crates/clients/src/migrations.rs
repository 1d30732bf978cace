//! The tables of client lists.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_28_31_client_lists",
    sql: "
create table client_period (
    line_id {id} not null references line (id) on delete cascade,
    user_id {id} not null references staff (id) on delete cascade,
    days bigint not null,
    primary key (line_id, user_id)
);
create table line_panel (
    line_id {id} primary key references line (id) on delete cascade,
    blocks {json} not null,
    updated_at {time} not null
)
",
    sqlite: "",
    postgres: "",
}];
