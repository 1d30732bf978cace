//! The tables of mail: mailboxes, the ledger of everything received, threads, and what is being sent.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "2026_11_21_30_channels",
        sql: "
create table mailbox (
    id {id} primary key,
    line_id {id} not null references line (id),
    name text not null,
    address text not null,
    from_name text not null,
    preset text not null,
    enabled boolean not null,
    imap_host text not null,
    imap_port bigint not null,
    imap_security text not null,
    imap_login text not null,
    imap_folder text not null,
    smtp_host text not null,
    smtp_port bigint not null,
    smtp_security text not null,
    smtp_login text not null,
    auth text not null,
    password text,
    smtp_password text,
    oauth_client_id text not null,
    oauth_token_url text not null,
    oauth_scope text not null,
    oauth_client_secret text,
    oauth_refresh_token text,
    oauth_access_token text,
    oauth_expires_at {time},
    poll_seconds bigint not null,
    sub_addressing boolean not null,
    save_sent boolean not null,
    group_id {id} references staff_group (id),
    import_since {time} not null,
    state text not null,
    state_reason {json},
    state_since {time} not null,
    last_check_at {time},
    next_try_at {time},
    failures bigint not null,
    server_total bigint,
    left_alone bigint not null,
    accepted bigint not null,
    duplicate bigint not null,
    automatic bigint not null,
    quarantined bigint not null,
    uidvalidity bigint,
    last_uid bigint not null,
    revision bigint not null,
    lease_owner text,
    lease_until {time},
    bound_to text unique,
    created_at {time} not null,
    deleted_at {time}
);
create index mailbox_line on mailbox (line_id);
create table mail_ledger (
    id {id} primary key,
    line_id {id} not null references line (id),
    mailbox_id {id} references mailbox (id),
    uidvalidity bigint,
    uid bigint,
    seen_at {time} not null,
    outcome text not null,
    reason {json},
    error text,
    message_id_header text,
    from_address text,
    from_shown text not null,
    subject text not null,
    size bigint not null,
    raw_key text not null,
    cut boolean not null,
    content_hash text not null,
    once_key text unique,
    conversation_id {id},
    message_id {id},
    attempts bigint not null,
    acknowledged boolean not null,
    discarded_at {time},
    unique (mailbox_id, uidvalidity, uid)
);
create index mail_ledger_page on mail_ledger (mailbox_id, id);
create index mail_ledger_outcome on mail_ledger (outcome, id);
create index mail_ledger_sender on mail_ledger (from_address, seen_at);
create table mail_thread (
    rfc_message_id text not null,
    conversation_id {id} not null references conversation (id) on delete cascade,
    message_id {id},
    line_id {id} not null,
    outgoing boolean not null,
    created_at {time} not null,
    primary key (rfc_message_id, conversation_id)
);
create index mail_thread_conversation on mail_thread (conversation_id, created_at);
create index mail_thread_message on mail_thread (message_id);
create table outgoing_mail (
    message_id {id} primary key references message (id) on delete cascade,
    mailbox_id {id},
    rfc_message_id text not null,
    state text not null,
    attempts bigint not null,
    owner text,
    raw_key text,
    refused {json},
    handed_over_at {time},
    created_at {time} not null
);
create index outgoing_mail_state on outgoing_mail (state)
",
        sqlite: "",
        postgres: "",
    },
    Migration {
        name: "2026_11_22_31_blocked_mail",
        sql: "
alter table mailbox add column blocked bigint not null default 0
",
        sqlite: "",
        postgres: "",
    },
];
