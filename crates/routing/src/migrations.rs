//! Tables of routing.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026_11_28_20_distribution",
        sql: "
create table operator_state (
    user_id {id} primary key references staff (id) on delete cascade,
    status text not null,
    chosen text not null,
    automatic boolean not null,
    since {time} not null,
    active_at {time} not null,
    seen_at {time} not null,
    last_assigned_at {time},
    open_limit bigint,
    channel_limits {json} not null,
    activity_id {id}
);
create table operator_status_log (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    status text not null,
    automatic boolean not null,
    cause text not null,
    actor_id {id},
    at {time} not null,
    until {time}
);
create index operator_status_log_user on operator_status_log (user_id, at, id);
create table operator_connection (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    session_id {id},
    seen_at {time} not null
);
create index operator_connection_user on operator_connection (user_id, seen_at);
create table queue_entry (
    conversation_id {id} primary key references conversation (id) on delete cascade,
    line_id {id} not null references line (id),
    group_id {id},
    automatic boolean not null,
    turn_at {time} not null,
    entered_at {time} not null,
    skills {json} not null,
    decision_id {id}
);
create index queue_entry_turn on queue_entry (automatic, turn_at, conversation_id);
create index queue_entry_line on queue_entry (line_id, turn_at, conversation_id);
create table offer (
    id {id} primary key,
    conversation_id {id} not null references conversation (id) on delete cascade,
    line_id {id} not null references line (id),
    group_id {id},
    decision_id {id},
    state text not null,
    offered_at {time} not null,
    expires_at {time} not null,
    ended_at {time},
    accepted_by {id}
);
create unique index offer_open on offer (conversation_id) where state = 'open';
create index offer_conversation on offer (conversation_id);
create table offer_recipient (
    offer_id {id} not null references offer (id) on delete cascade,
    user_id {id} not null references staff (id) on delete cascade,
    declined_at {time},
    primary key (offer_id, user_id)
);
create index offer_recipient_user on offer_recipient (user_id, offer_id);
create table skill (
    id {id} primary key,
    name text not null unique,
    description text not null,
    created_at {time} not null
);
create table operator_skill (
    user_id {id} not null references staff (id) on delete cascade,
    skill_id {id} not null references skill (id) on delete cascade,
    level bigint not null,
    primary key (user_id, skill_id)
);
create table line_skill (
    line_id {id} not null references line (id) on delete cascade,
    skill_id {id} not null references skill (id) on delete cascade,
    level bigint not null,
    primary key (line_id, skill_id)
);
create table absence (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    starts_at {time} not null,
    ends_at {time} not null,
    reason text not null,
    substitute_id {id} references staff (id),
    created_at {time} not null
);
create index absence_ends on absence (ends_at, id);
create table activity (
    id {id} primary key,
    name text not null unique,
    archived_at {time},
    created_at {time} not null
);
create table activity_log (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    activity_id {id} not null references activity (id),
    started_at {time} not null,
    ended_at {time}
);
create index activity_log_user on activity_log (user_id, started_at, id);
create table line_level (
    line_id {id} primary key references line (id) on delete cascade,
    first_line_id {id} not null references line (id) on delete cascade
)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
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
    },
    Migration {
        name: "2026_11_29_20_queue_counts",
        sql: "create index queue_entry_group on queue_entry (line_id, group_id, conversation_id)",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_46_version_of_rules",
        sql: "alter table line_routing add column version bigint not null default 0",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_40_shifts",
        sql: "
create table shift (
    id {id} primary key,
    name text not null,
    color text not null,
    hours {json},
    archived_at {time},
    created_at {time} not null
);
create table work_schedule (
    id {id} primary key,
    name text not null,
    rule {json} not null,
    archived_at {time},
    created_at {time} not null
);
create table shift_assignment (
    id {id} primary key,
    schedule_id {id} not null references work_schedule (id),
    user_id {id} references staff (id) on delete cascade,
    group_id {id} references staff_group (id) on delete cascade,
    starts_on text not null,
    ends_on text,
    created_at {time} not null
);
create index shift_assignment_user on shift_assignment (user_id, starts_on);
create index shift_assignment_group on shift_assignment (group_id, starts_on);
create table shift_day (
    user_id {id} not null references staff (id) on delete cascade,
    date text not null,
    shift_id {id} references shift (id),
    note text not null,
    changed_by {id},
    changed_at {time} not null,
    primary key (user_id, date)
);
create index shift_day_date on shift_day (date);
create table duty (
    user_id {id} primary key references staff (id) on delete cascade,
    planned boolean not null,
    starts_at {time},
    ends_at {time},
    then_starts_at {time},
    then_ends_at {time},
    edge_at {time} not null
);
create index duty_edge on duty (edge_at);
create table line_shift (
    line_id {id} primary key references line (id) on delete cascade,
    only_on_shift boolean not null
)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_71_considered",
        // Written before its decision, in the same transaction.
        sql: "create table routing_considered (decision_id {id} primary key, operators {json} not null)",
        sqlite: "",
        postgres: "",
    },
];
