//! The tables of canned replies.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_12_02_50_canned_replies",
    sql: "
create table canned_reply (
    id {id} primary key,
    owner_id {id} references staff (id) on delete cascade,
    name text not null,
    short_name text not null,
    short_name_folded text not null,
    folder text not null,
    html text not null,
    text text not null,
    use_count bigint not null,
    last_used_at {time},
    last_used_by {id},
    created_at {time} not null,
    updated_at {time} not null,
    updated_by {id}
);
create unique index canned_reply_shared on canned_reply (short_name_folded) where owner_id is null;
create unique index canned_reply_own on canned_reply (owner_id, short_name_folded) where owner_id is not null;
create table canned_reply_line (
    canned_reply_id {id} not null references canned_reply (id) on delete cascade,
    line_id {id} not null references line (id),
    primary key (canned_reply_id, line_id)
)
",
    sqlite: "",
    postgres: "",
}];
