//! The tables of notifications.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[NOTIFICATIONS, LETTERS, WITHOUT_LINE];

const NOTIFICATIONS: Migration = Migration {
    name: "2026_11_29_40_notifications",
    sql: "
create table notification (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    event_id {id} not null,
    kind text not null,
    conversation_id {id} references conversation (id) on delete cascade,
    line_id {id} not null references line (id) on delete cascade,
    subject_id {id},
    who text not null,
    comment text not null,
    in_feed boolean not null,
    created_at {time} not null,
    read_at {time}
);
create unique index notification_once on notification (user_id, event_id);
create index notification_feed on notification (user_id, id);
create index notification_unread on notification (user_id, read_at);
create index notification_age on notification (created_at);
create index notification_conversation on notification (conversation_id, user_id);
create table notification_preference (
    user_id {id} primary key references staff (id) on delete cascade,
    ways {json} not null,
    quiet_from bigint,
    quiet_until bigint
);
create table notification_mute (
    user_id {id} not null references staff (id) on delete cascade,
    conversation_id {id} not null references conversation (id) on delete cascade,
    created_at {time} not null,
    primary key (user_id, conversation_id)
);
create table push_device (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    session_id {id},
    endpoint text not null unique,
    public_key text not null,
    auth text not null,
    name text not null,
    created_at {time} not null
);
create index push_device_user on push_device (user_id);
create index push_device_session on push_device (session_id)
",
    sqlite: "",
    postgres: "",
};

const LETTERS: Migration = Migration {
    name: "2026_11_30_40_notification_letters",
    sql: "alter table notification add column mailed_at {time}",
    sqlite: "",
    postgres: "",
};

/// A task may hang on no line. SQLite cannot let a column be empty later on, so the column is made anew.
const WITHOUT_LINE: Migration = Migration {
    name: "2026_12_01_40_notifications_without_line",
    sql: "",
    sqlite: "
alter table notification rename column line_id to line_id_was;
alter table notification add column line_id blob references line (id) on delete cascade;
update notification set line_id = line_id_was;
alter table notification drop column line_id_was
",
    postgres: "alter table notification alter column line_id drop not null",
};
