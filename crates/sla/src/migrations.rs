//! The tables of promised times.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_28_50_schedules",
    sql: "
create table schedule (
    id {id} primary key,
    name text not null,
    definition {json} not null,
    deleted_at {time},
    created_at {time} not null,
    updated_at {time} not null
)
",
    sqlite: "",
    postgres: "",
}];
