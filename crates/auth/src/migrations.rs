//! The tables of sign-in.

use db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_21_20_auth",
    sql: "
create table credential (
    user_id {id} primary key references staff (id) on delete cascade,
    hash text not null,
    changed_at {time} not null
);
create table login_session (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    token_hash {bytes} not null unique,
    ip text not null,
    user_agent text not null,
    created_at {time} not null,
    last_seen_at {time} not null,
    expires_at {time} not null
);
create index login_session_user on login_session (user_id, last_seen_at);
create index login_session_expiry on login_session (expires_at);
create table api_token (
    id {id} primary key,
    user_id {id} not null references staff (id) on delete cascade,
    name text not null,
    token_hash {bytes} not null unique,
    prefix text not null,
    scopes {json} not null,
    created_at {time} not null,
    expires_at {time},
    last_used_at {time}
);
create index api_token_user on api_token (user_id, created_at);
create table login_attempt (
    id {id} primary key,
    account {bytes} not null,
    ip text not null,
    at {time} not null
);
create index login_attempt_account on login_attempt (account, at);
create index login_attempt_ip on login_attempt (ip, at);
create index login_attempt_at on login_attempt (at)
",
    sqlite: "",
    postgres: "",
}];
