//! Prints conversations of a demonstration world to read, or measures how fast they are made:
//! `cargo run -p demo --example dialogues -- [SEED] [COUNT]`, `... -- speed 200000`.

use std::time::Instant;

use demo::{Author, MessageKind, Scale, World};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |place: usize, otherwise: usize| arguments.get(place).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let now = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
    if arguments.first().is_some_and(|first| first == "speed") {
        speed(&World::new(1, now, Scale::of(number(1, 100_000))));
        return;
    }
    let world = World::new(number(0, 1) as u64, now, Scale::default());
    let every = (world.scale.conversations / number(1, 10).max(1)).max(1);
    for conversation in world.conversations().step_by(every) {
        let client = &world.clients[conversation.client];
        println!(
            "\n=== {} {} | {} | {:?} {:?} | {} <{}>",
            conversation.number,
            world.lines[conversation.line].key,
            conversation.subject,
            conversation.status,
            conversation.priority,
            client.name.full(),
            client.email
        );
        for event in &conversation.events {
            println!("  * {} {:?} {:?}", event.at.format("%d.%m %H:%M"), event.actor, event.kind);
        }
        for message in &conversation.messages {
            let author = match message.author {
                Author::Client => "client".to_owned(),
                Author::Operator(place) => world.operators[place].name.short(),
                Author::System => "system".to_owned(),
            };
            let arrow = match message.kind {
                MessageKind::Inbound => ">",
                MessageKind::Outbound => "<",
                MessageKind::Note => "#",
            };
            let files: Vec<&str> = message.attachments.iter().map(|file| file.name.as_str()).collect();
            println!("{arrow} {} {author} {files:?}\n{}\n", message.at.format("%a %d.%m %H:%M"), message.text);
        }
    }
}

fn speed(world: &World) {
    let start = Instant::now();
    let (mut messages, mut bytes) = (0, 0);
    for conversation in world.conversations() {
        messages += conversation.messages.len();
        bytes += conversation.messages.iter().map(|message| message.text.len() + message.html.len()).sum::<usize>();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{messages} messages, {bytes} bytes in {seconds:.2} s: {:.0} messages a second",
        messages as f64 / seconds
    );
}
