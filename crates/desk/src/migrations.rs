//! The tables of the nouns.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026_11_21_10_desk",
        sql: "
create table setting (
    name text primary key,
    value {json} not null
);
create table role (
    id {id} primary key,
    key text not null unique,
    name text not null,
    preset boolean not null,
    permissions {json} not null,
    created_at {time} not null
);
create table staff (
    id {id} primary key,
    email text not null unique,
    name text not null,
    name_folded text not null,
    role_id {id} not null references role (id),
    locale text not null,
    theme text not null,
    time_zone text not null,
    avatar_color bigint not null,
    blocked boolean not null,
    last_seen_at {time},
    created_at {time} not null
);
create table staff_group (
    id {id} primary key,
    name text not null unique,
    description text not null,
    created_at {time} not null
);
create table group_member (
    group_id {id} not null references staff_group (id) on delete cascade,
    user_id {id} not null references staff (id) on delete cascade,
    primary key (group_id, user_id)
);
create index group_member_user on group_member (user_id);
create table line (
    id {id} primary key,
    key text not null unique,
    name text not null,
    public_name text not null,
    description text not null,
    kind text not null,
    signature_html text not null,
    auto_reply_enabled boolean not null,
    auto_reply_subject text not null,
    auto_reply_text text not null,
    archived_at {time},
    created_at {time} not null
);
create table line_group (
    line_id {id} not null references line (id) on delete cascade,
    group_id {id} not null references staff_group (id),
    part text not null,
    primary key (line_id, group_id, part)
);
create index line_group_group on line_group (group_id);
create table company (
    id {id} primary key,
    name text not null,
    name_folded text not null,
    inn text,
    domain text,
    created_at {time} not null
);
create index company_inn on company (inn);
create index company_domain on company (domain);
create index company_name on company (name_folded);
create table contact (
    id {id} primary key,
    name text not null,
    name_folded text not null,
    company_id {id} references company (id),
    position text not null,
    note text not null,
    locale text,
    time_zone text,
    avatar_color bigint not null,
    created_at {time} not null
);
create index contact_company on contact (company_id);
create index contact_name on contact (name_folded);
create table identity (
    id {id} primary key,
    contact_id {id} not null references contact (id) on delete cascade,
    kind text not null,
    value text not null,
    value_key text not null,
    created_at {time} not null,
    unique (kind, value_key)
);
create index identity_contact on identity (contact_id);
create table conversation (
    id {id} primary key,
    number bigint not null unique,
    line_id {id} not null references line (id),
    contact_id {id} not null references contact (id),
    mailbox_id {id},
    group_id {id} references staff_group (id),
    channel text not null,
    subject text not null,
    status text not null,
    priority text not null,
    assignee_id {id} references staff (id),
    preview text not null,
    last_from text not null,
    last_message_at {time} not null,
    message_count bigint not null,
    unread boolean not null,
    delivery text,
    snoozed_until {time},
    first_reply_at {time},
    closed_at {time},
    created_at {time} not null,
    updated_at {time} not null
);
create index conversation_list on conversation (status, last_message_at, id);
create index conversation_mine on conversation (assignee_id, status, last_message_at, id);
create index conversation_line on conversation (line_id, status, last_message_at, id);
create index conversation_contact on conversation (contact_id, last_message_at, id);
create index conversation_snoozed on conversation (status, snoozed_until);
create table participant (
    conversation_id {id} not null references conversation (id) on delete cascade,
    address text not null,
    name text not null,
    part text not null,
    identity_id {id},
    primary key (conversation_id, address)
);
create index participant_address on participant (address);
create table message (
    id {id} primary key,
    conversation_id {id} not null references conversation (id) on delete cascade,
    kind text not null,
    author_kind text not null,
    author_id {id},
    author_name text not null,
    author_address text,
    subject text,
    html text not null,
    text text not null,
    has_quote boolean not null,
    automatic text,
    remote_images boolean not null,
    recipients {json} not null,
    attachment_count bigint not null,
    threading {json},
    delivery text,
    delivery_error text,
    delivery_attempts bigint not null,
    delivery_at {time},
    undo_until {time},
    sent_at {time} not null,
    created_at {time} not null
);
create index message_conversation on message (conversation_id, created_at, id);
create table message_source (
    message_id {id} primary key references message (id) on delete cascade,
    html text not null,
    text text not null,
    headers {json} not null,
    raw_key text
);
create table file (
    id {id} primary key,
    storage_key text not null,
    name text not null,
    content_type text not null,
    size bigint not null,
    content_id text,
    inline boolean not null,
    message_id {id} references message (id) on delete cascade,
    conversation_id {id},
    uploaded_by {id},
    created_at {time} not null
);
create index file_message on file (message_id);
create index file_unused on file (conversation_id, created_at);
create table draft (
    conversation_id {id} not null references conversation (id) on delete cascade,
    user_id {id} not null references staff (id) on delete cascade,
    kind text not null,
    html text not null,
    recipients {json} not null,
    file_ids {json} not null,
    updated_at {time} not null,
    primary key (conversation_id, user_id, kind)
);
create table ticket (
    id {id} primary key,
    number bigint not null unique,
    line_id {id} not null references line (id),
    contact_id {id} references contact (id),
    subject text not null,
    kind text not null,
    status text not null,
    priority text not null,
    owner_id {id} references staff (id),
    created_at {time} not null,
    updated_at {time} not null
);
create index ticket_list on ticket (created_at, id);
create index ticket_line on ticket (line_id, created_at, id);
create table conversation_ticket (
    conversation_id {id} not null references conversation (id) on delete cascade,
    ticket_id {id} not null references ticket (id) on delete cascade,
    primary key (conversation_id, ticket_id)
);
create index conversation_ticket_ticket on conversation_ticket (ticket_id)
",
        sqlite: "
insert into number_series (name, last) values ('conversation', 1000), ('ticket', 100)
",
        postgres: "
create sequence conversation_number start 1001;
create sequence ticket_number start 101
",
    },
    Migration {
        name: "2026_11_22_10_channels",
        sql: "
create table channel (
    id {id} primary key,
    line_id {id} not null references line (id),
    group_id {id} references staff_group (id),
    kind text not null,
    name text not null,
    account_key text,
    account_name text not null,
    settings {json} not null,
    secrets text not null,
    enabled boolean not null,
    state text not null,
    state_reason {json},
    state_since {time} not null,
    failures bigint not null,
    next_try_at {time},
    last_inbound_at {time},
    last_check_at {time},
    position text,
    gap_since {time},
    hook_key text not null unique,
    revision bigint not null,
    lease_owner text,
    lease_until {time},
    deleted_at {time},
    created_at {time} not null
);
create unique index channel_account on channel (kind, account_key) where deleted_at is null and account_key is not null;
create index channel_line on channel (line_id);
create table chat (
    id {id} primary key,
    channel_id {id} not null references channel (id),
    external_id text not null,
    contact_id {id} not null references contact (id),
    identity_id {id},
    title text not null,
    last_inbound_at {time},
    seen_at {time},
    blocked boolean not null,
    data {json} not null,
    created_at {time} not null,
    unique (channel_id, external_id)
);
create index chat_contact on chat (contact_id);
create table source (
    id {id} primary key,
    name text not null unique,
    archived_at {time},
    created_at {time} not null
);
create table rating (
    conversation_id {id} primary key references conversation (id) on delete cascade,
    stars bigint not null,
    comment text not null,
    staff_comment text not null,
    staff_id {id} references staff (id),
    rated_at {time} not null
);
create table visit (
    conversation_id {id} primary key references conversation (id) on delete cascade,
    page_url text not null,
    page_title text not null,
    referrer text not null,
    utm {json} not null,
    user_agent text not null,
    address text not null,
    locale text not null,
    time_zone text not null,
    fields {json} not null
);
create table block_rule (
    id {id} primary key,
    kind text not null,
    pattern text not null,
    allow boolean not null,
    note text not null,
    hits bigint not null,
    last_hit_at {time},
    created_by {id},
    created_at {time} not null,
    unique (kind, pattern, allow)
);
alter table line add column after_close text not null default 'reopen';
alter table line add column reopen_hours bigint not null default 72;
alter table line add column idle_close_minutes bigint;
alter table line add column farewell_text text not null default '';
alter table line add column ask_rating boolean not null default false;
alter table identity add column verified boolean not null default true;
alter table conversation add column chat_id {id};
alter table conversation add column source_id {id};
alter table message add column channel text not null default 'email';
alter table message add column chat_id {id};
alter table message add column reply_to_id {id};
alter table message add column edited_at {time};
alter table message add column deleted_at {time};
alter table message add column extra {json};
create index message_chat on message (chat_id, created_at) where chat_id is not null;
alter table file add column media text;
alter table file add column duration_ms bigint
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_22_30_site_chat",
        sql: "
alter table chat add column online_at {time}
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_28_10_routing_desk",
        sql: "
alter table contact add column manager_id {id};
alter table contact add column category text not null default '';
alter table company add column manager_id {id};
alter table company add column category text not null default ''
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_28_30_clients",
        sql: "
create table contact_detail (
    contact_id {id} primary key references contact (id) on delete cascade,
    department text not null,
    birthday text,
    login text,
    login_key text,
    region text not null
);
create index contact_detail_login on contact_detail (login_key);
create table line_client (
    line_id {id} not null references line (id) on delete cascade,
    contact_id {id} not null references contact (id) on delete cascade,
    added_by {id},
    created_at {time} not null,
    primary key (line_id, contact_id)
);
create index line_client_contact on line_client (contact_id);
create table line_company (
    line_id {id} not null references line (id) on delete cascade,
    company_id {id} not null references company (id) on delete cascade,
    created_at {time} not null,
    primary key (line_id, company_id)
);
create index line_company_company on line_company (company_id);
create table client_mark (
    line_id {id} not null references line (id) on delete cascade,
    user_id {id} not null references staff (id) on delete cascade,
    contact_id {id} not null references contact (id) on delete cascade,
    added boolean not null,
    favourite boolean not null,
    updated_at {time} not null,
    primary key (line_id, user_id, contact_id)
);
create index client_mark_contact on client_mark (contact_id, line_id);
create table property (
    id {id} primary key,
    subject text not null,
    key text not null,
    name text not null,
    kind text not null,
    options {json} not null,
    position bigint not null,
    created_at {time} not null,
    unique (subject, key)
);
create table property_value (
    property_id {id} not null references property (id) on delete cascade,
    record_id {id} not null,
    value text not null,
    primary key (property_id, record_id)
);
create index property_value_record on property_value (record_id);
create index conversation_talked on conversation (line_id, last_message_at, id) where status <> 'spam';
create index conversation_client on conversation (line_id, contact_id) where status <> 'spam';
alter table line add column hide_operators boolean not null default false;
alter table block_rule add column until {time};
alter table block_rule add column line_ids {json}
",
        sqlite: "",
        postgres: "",
    },
    Migration {
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
    },
    Migration {
        name: "2026_11_29_10_client_at_hand",
        sql: "
drop index conversation_client;
create index conversation_client on conversation (line_id, contact_id, last_message_at, id) where status <> 'spam';
create index conversation_load on conversation (assignee_id, channel) where status = 'open' and assignee_id is not null
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_11_deadlines",
        sql: "
alter table conversation add column due_at {time};
alter table conversation add column due_warn_at {time};
alter table conversation add column due_norm text;
alter table conversation add column due_order {time} not null default '9999-12-31T00:00:00+00:00';
create index conversation_due on conversation (status, due_order, id)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_44_conversation_title",
        sql: "alter table line add column conversation_title text not null default ''",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_60_services",
        sql: "
create table service_catalogue (
    id {id} primary key,
    name text not null unique,
    position bigint not null,
    archived_at {time},
    created_at {time} not null
);
create table service (
    id {id} primary key,
    catalogue_id {id} not null references service_catalogue (id),
    name text not null,
    description text not null,
    position bigint not null,
    archived_at {time},
    created_at {time} not null,
    unique (catalogue_id, name)
);
alter table ticket add column service_id {id} references service (id);
alter table ticket add column due_at {time};
alter table ticket add column due_warn_at {time};
alter table ticket add column due_norm text;
alter table ticket add column due_order {time} not null default '9999-12-31T00:00:00+00:00';
create index ticket_due on ticket (due_order, id);
create index ticket_status on ticket (status, due_order, id);
create index ticket_owner on ticket (owner_id, due_order, id);
create index ticket_service on ticket (service_id)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_30_60_ticket_returns",
        sql: "
alter table ticket add column resolved_at {time};
alter table ticket add column returns bigint not null default 0;
update ticket set resolved_at = updated_at where status in ('resolved', 'closed');
create index ticket_resolved on ticket (resolved_at) where resolved_at is not null;
create index ticket_created on ticket (created_at, id)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_45_usage",
        sql: "
create table usage (
    kind text not null,
    owner_id {id} not null,
    used_id {id} not null,
    name text not null,
    primary key (owner_id, kind, used_id)
);
create index usage_used on usage (used_id);
alter table line add column schedule_id {id} references schedule (id);
alter table line add column publish_hours boolean not null default false
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_29_70_group_chats",
        sql: "
create table group_chat_member (
    id {id} primary key,
    conversation_id {id} not null references conversation (id) on delete cascade,
    contact_id {id} references contact (id) on delete cascade,
    user_id {id} references staff (id) on delete cascade,
    chat_id {id},
    address text,
    joined_at {time} not null,
    left_at {time},
    unique (conversation_id, contact_id),
    unique (conversation_id, user_id)
);
create index group_chat_member_contact on group_chat_member (contact_id) where contact_id is not null;
create index group_chat_member_user on group_chat_member (user_id) where user_id is not null;
alter table message add column copy_of_id {id};
alter table message add column copy_for_id {id};
alter table message add column copies bigint not null default 0;
create index message_copy on message (copy_of_id) where copy_of_id is not null;
create index conversation_group_chats on conversation (last_message_at, id) where channel = 'group'
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_12_01_10_tasks",
        sql: "
create table task (
    id {id} primary key,
    title text not null,
    description text not null,
    state text not null,
    ticket_id {id} references ticket (id) on delete cascade,
    conversation_id {id} references conversation (id) on delete cascade,
    assignee_id {id} references staff (id),
    group_id {id} references staff_group (id) on delete set null,
    due_at {time},
    due_order {time} not null,
    why {json},
    stage_id {id},
    result text not null,
    created_by {id} references staff (id),
    created_at {time} not null,
    updated_at {time} not null,
    ended_at {time},
    ended_by {id} references staff (id),
    check (ticket_id is null or conversation_id is null)
);
create index task_assignee on task (assignee_id, state, due_order, id);
create index task_group on task (group_id, state, due_order, id) where group_id is not null;
create index task_due on task (state, due_order, id);
create index task_ended on task (state, updated_at, id);
create index task_author on task (created_by) where created_by is not null;
create index task_ticket on task (ticket_id) where ticket_id is not null;
create index task_conversation on task (conversation_id) where conversation_id is not null;
create index task_stage on task (stage_id) where stage_id is not null
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_12_01_11_ticket_holds",
        sql: "
create table ticket_hold (
    ticket_id {id} not null references ticket (id) on delete cascade,
    cause_id {id} not null,
    position bigint not null,
    words {json} not null,
    primary key (ticket_id, cause_id)
)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_12_01_40_client_terms",
        sql: "
create table tariff_plan (
    id {id} primary key,
    name text not null,
    name_key text not null unique,
    description text not null,
    services {json} not null,
    schedule_id {id} references schedule (id),
    per_day bigint,
    per_week bigint,
    per_month bigint,
    valid_from text,
    valid_to text,
    created_at {time} not null,
    updated_at {time} not null
);
create table client_category (
    id {id} primary key,
    name text not null,
    name_key text not null unique,
    tier bigint not null,
    owner_id {id} references staff (id),
    weight bigint not null,
    policy_id {id},
    tariff_plan_id {id} references tariff_plan (id),
    allowed {json} not null,
    created_at {time} not null,
    updated_at {time} not null
);
create index client_category_name on client_category (name);
create table company_tariff (
    company_id {id} primary key references company (id) on delete cascade,
    tariff_plan_id {id} not null references tariff_plan (id)
);
create index company_tariff_plan on company_tariff (tariff_plan_id);
create index contact_category on contact (category) where category <> '';
create index company_category on company (category) where category <> '';
alter table ticket add column tariff_faults {json};
create index ticket_contact on ticket (contact_id, created_at) where contact_id is not null;
create index ticket_over_tariff on ticket (created_at, id) where tariff_faults is not null
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_12_01_41_outages",
        sql: "
alter table service add column owner_id {id} references staff (id);
alter table service add column schedule_id {id} references schedule (id);
alter table service add column downtime_minutes bigint;
create table outage (
    id {id} primary key,
    service_id {id} references service (id),
    catalogue_id {id} references service_catalogue (id),
    started_at {time} not null,
    restored_at {time},
    kind text not null,
    extent text not null,
    pauses_sla boolean not null,
    note text not null,
    registered_by {id},
    created_at {time} not null,
    updated_at {time} not null,
    check ((service_id is null) <> (catalogue_id is null))
);
create index outage_started on outage (started_at, id);
create index outage_restored on outage (restored_at)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_12_02_10_ticket_steps",
        sql: "
alter table ticket add column waiting_reason text;
alter table ticket add column waiting_until {time};
alter table ticket add column solution text;
alter table ticket add column solution_by {id} references staff (id);
alter table ticket add column solution_at {time};
alter table ticket add column solution_earlier boolean not null default false;
create index ticket_waiting on ticket (waiting_until) where waiting_until is not null
",
        sqlite: "",
        postgres: "",
    },
];
