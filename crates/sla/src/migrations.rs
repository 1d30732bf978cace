//! The tables of promised times.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[CLOCKS, SCHEDULES_IN_USE, CHOICES, TICKETS, CAUSES, ROUTES];

const CLOCKS: Migration = Migration {
    name: "2026_11_29_50_clocks",
    sql: "
create table sla_policy (
    id {id} primary key,
    name text not null,
    definition {json} not null,
    deleted_at {time},
    created_at {time} not null,
    updated_at {time} not null
);
create table sla_line (
    line_id {id} primary key references line (id) on delete cascade,
    policy_id {id} not null references sla_policy (id)
);
create table sla_clock (
    id {id} primary key,
    conversation_id {id} not null references conversation (id) on delete cascade,
    line_id {id} not null,
    policy_id {id} not null,
    norm text not null,
    state text not null,
    target_seconds bigint not null,
    consumed_micros bigint not null,
    running_since {time},
    paused_for text,
    started_at {time} not null,
    due_at {time},
    missed_at {time},
    ended_at {time},
    ended_by {id},
    next_at {time},
    snapshot {json} not null,
    log {json} not null
);
create table sla_share_check (
    policy_id {id} not null references sla_policy (id),
    day text not null,
    at {time} not null,
    primary key (policy_id, day)
);
create index sla_clock_conversation on sla_clock (conversation_id, state);
create index sla_clock_next on sla_clock (next_at) where next_at is not null;
create index sla_clock_open on sla_clock (state, policy_id);
create index sla_clock_report on sla_clock (line_id, started_at, id);
create index sla_clock_share on sla_clock (policy_id, started_at)
",
    sqlite: "",
    postgres: "",
};

/// Which schedules the policies count by: a definition names them by their ids.
const SCHEDULES_IN_USE: Migration = Migration {
    name: "2026_11_29_51_schedules_of_policies",
    sql: "",
    sqlite: "
insert into usage (kind, owner_id, used_id, name)
select 'policy', p.id, s.id, p.name from sla_policy p, schedule s
where p.deleted_at is null and instr(replace(p.definition, '-', ''), lower(hex(s.id))) > 0
",
    postgres: "
insert into usage (kind, owner_id, used_id, name)
select 'policy', p.id, s.id, p.name from sla_policy p, schedule s
where p.deleted_at is null and position(s.id::text in p.definition::text) > 0
",
};

/// Policies that rules chose.
const CHOICES: Migration = Migration {
    name: "2026_11_29_52_chosen_policies",
    sql: "
create table sla_choice (
    conversation_id {id} primary key references conversation (id) on delete cascade,
    line_id {id} not null,
    policy_id {id} not null references sla_policy (id),
    why {json} not null
)
",
    sqlite: "",
    postgres: "",
};

/// Clocks of tickets. The table is made anew, because a column cannot be allowed to be empty later on every database.
const TICKETS: Migration = Migration {
    name: "2026_11_29_61_ticket_clocks",
    sql: "
create table sla_service (
    service_id {id} primary key references service (id) on delete cascade,
    policy_id {id} not null references sla_policy (id)
);
create table sla_catalogue (
    catalogue_id {id} primary key references service_catalogue (id) on delete cascade,
    policy_id {id} not null references sla_policy (id)
);
create table sla_clock_anew (
    id {id} primary key,
    conversation_id {id} references conversation (id) on delete cascade,
    ticket_id {id} references ticket (id) on delete cascade,
    line_id {id} not null,
    policy_id {id} not null,
    norm text not null,
    state text not null,
    target_seconds bigint not null,
    consumed_micros bigint not null,
    running_since {time},
    paused_for text,
    started_at {time} not null,
    due_at {time},
    missed_at {time},
    ended_at {time},
    ended_by {id},
    next_at {time},
    snapshot {json} not null,
    log {json} not null,
    check ((conversation_id is null) <> (ticket_id is null))
);
insert into sla_clock_anew (id, conversation_id, line_id, policy_id, norm, state, target_seconds, consumed_micros,
    running_since, paused_for, started_at, due_at, missed_at, ended_at, ended_by, next_at, snapshot, log)
select id, conversation_id, line_id, policy_id, norm, state, target_seconds, consumed_micros,
    running_since, paused_for, started_at, due_at, missed_at, ended_at, ended_by, next_at, snapshot, log from sla_clock;
drop table sla_clock;
alter table sla_clock_anew rename to sla_clock;
create index sla_clock_conversation on sla_clock (conversation_id, state) where conversation_id is not null;
create index sla_clock_ticket on sla_clock (ticket_id, state) where ticket_id is not null;
create index sla_clock_next on sla_clock (next_at) where next_at is not null;
create index sla_clock_open on sla_clock (state, policy_id);
create index sla_clock_report on sla_clock (line_id, started_at, id);
create index sla_clock_share on sla_clock (policy_id, started_at)
",
    sqlite: "",
    postgres: "",
};

const CAUSES: Migration = Migration {
    name: "2026_11_30_61_causes",
    sql: "alter table sla_clock add column cause text",
    sqlite: "",
    postgres: "",
};

/// Stages that tickets go through, and the ways of tickets by them.
const ROUTES: Migration = Migration {
    name: "2026_12_01_50_routes",
    sql: "
create table ola (
    id {id} primary key,
    name text not null,
    definition {json} not null,
    deleted_at {time},
    created_at {time} not null,
    updated_at {time} not null
);
create table route (
    id {id} primary key,
    name text not null,
    definition {json} not null,
    deleted_at {time},
    created_at {time} not null,
    updated_at {time} not null
);
create table service_route (
    service_id {id} primary key references service (id) on delete cascade,
    route_id {id} not null references route (id)
);
create table route_run (
    id {id} primary key,
    ticket_id {id} not null references ticket (id) on delete cascade,
    line_id {id} not null,
    route_id {id} not null references route (id),
    name text not null,
    mode text not null,
    state text not null,
    why {json},
    started_by {id},
    started_at {time} not null,
    planned_at {time},
    ended_at {time}
);
create unique index route_run_one on route_run (ticket_id) where state = 'running';
create index route_run_ticket on route_run (ticket_id, id);
create table route_stage (
    id {id} primary key,
    run_id {id} not null references route_run (id) on delete cascade,
    ticket_id {id} not null,
    line_id {id} not null,
    position bigint not null,
    wave bigint not null,
    name text not null,
    kind text not null,
    user_id {id},
    group_id {id},
    must_complete boolean not null,
    state text not null,
    ola {json},
    own_seconds bigint,
    target_seconds bigint,
    reaction_seconds bigint,
    consumed_micros bigint not null,
    running_since {time},
    planned_at {time},
    reaction_due_at {time},
    due_at {time},
    started_at {time},
    taken_at {time},
    taken_by {id},
    ended_at {time},
    ended_by {id},
    result text not null,
    reaction_missed_at {time},
    missed_at {time},
    next_at {time},
    shrunk {json},
    notes {json} not null,
    task_id {id}
);
create index route_stage_run on route_stage (run_id, position);
create index route_stage_next on route_stage (next_at) where next_at is not null;
create index route_stage_report on route_stage (started_at) where started_at is not null
",
    sqlite: "",
    postgres: "",
};
