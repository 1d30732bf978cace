//! The tables of messengers.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026_11_22_20_messengers",
        sql: "
create table channel_update (
    id {id} primary key,
    channel_id {id} not null references channel (id) on delete cascade,
    dedup_key text not null,
    order_key text not null,
    body {json} not null,
    state text not null,
    error text,
    attempts bigint not null,
    received_at {time} not null,
    unique (channel_id, dedup_key)
);
create index channel_update_waiting on channel_update (channel_id, order_key, id) where state = 'waiting';
create index channel_update_list on channel_update (channel_id, state, id);
create index channel_update_old on channel_update (received_at);
create table message_link (
    chat_id {id} not null references chat (id) on delete cascade,
    external_id text not null,
    message_id {id} not null references message (id) on delete cascade,
    part bigint not null,
    primary key (chat_id, external_id)
);
create index message_link_message on message_link (message_id, part);
create table outgoing_message (
    message_id {id} primary key references message (id) on delete cascade,
    chat_id {id} not null,
    state text not null,
    sent_parts bigint not null,
    attempts bigint not null,
    owner text,
    created_at {time} not null
)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_22_32_site_mail",
        sql: "
create table site_mail (
    message_id {id} primary key references message (id) on delete cascade,
    mailed_at {time} not null
);
create index message_unseen_chat on message (created_at) where channel = 'chat' and delivery in ('sent', 'delivered')
",
        sqlite: "",
        postgres: "",
    },
];
