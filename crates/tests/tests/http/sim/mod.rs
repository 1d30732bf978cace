//! Simulators of the messengers' servers, written from the vendors' published API descriptions. Each speaks real HTTP on a
//! port of this machine, refuses what the vendor refuses, keeps what it was sent, and lets a test play the client.

pub mod max;
pub mod outside;
pub mod telegram;
pub mod viber;
pub mod vk;
pub mod whatsapp;
pub mod wire;
