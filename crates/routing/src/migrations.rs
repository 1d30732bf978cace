//! The tables of routing.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_28_21_routing_rules",
    sql: "
create table line_routing (
    line_id {id} primary key references line (id) on delete cascade,
    hours {json},
    default_target {json} not null,
    default_overflow {json},
    manager_first boolean not null
);
create table routing_rule (
    id {id} primary key,
    line_id {id} not null references line (id) on delete cascade,
    position bigint not null,
    name text not null,
    enabled boolean not null,
    condition {json} not null,
    target {json} not null,
    actions {json} not null,
    created_at {time} not null,
    updated_at {time} not null
);
create index routing_rule_line on routing_rule (line_id, position);
create table routing_decision (
    id {id} primary key,
    conversation_id {id} not null references conversation (id) on delete cascade,
    line_id {id} not null,
    opening {id} not null,
    attempt bigint not null,
    source text not null,
    rule_id {id},
    target {json} not null,
    assigned_id {id},
    why {json} not null,
    verdicts {json} not null,
    circumstances {json} not null,
    overflow {json},
    created_at {time} not null,
    unique (opening, attempt)
);
create index routing_decision_conversation on routing_decision (conversation_id, created_at)
",
    sqlite: "",
    postgres: "",
}];
