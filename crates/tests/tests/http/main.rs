//! Behaviour of the product as its HTTP API shows it, one module for each area.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod accounts;
mod blocks;
mod chat_world;
mod clients;
mod contacts;
mod conversations;
mod custom;
mod distribution;
mod forms;
mod group_mailboxes;
mod groups;
mod line_abilities;
mod lines;
mod live;
mod mail_intake;
mod mail_round_trip;
mod mail_sending;
mod mail_world;
mod mailboxes;
mod max;
mod messengers;
mod nodes;
mod permissions;
mod ratings;
mod routing_rules;
mod routing_story;
mod schedules;
mod sign_in;
mod sim;
mod simulation;
mod site_chat;
mod site_chat_live;
mod site_chat_mail;
mod site_chat_people;
mod storage;
mod telegram;
mod tokens;
mod viber;
mod vk;
mod whatsapp;
