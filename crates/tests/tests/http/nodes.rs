//! Two nodes on one PostgreSQL. SQLite has room for one node, so that these tests find nothing to do on it; the lease by
//! which a mailbox is read by one node only is tried with two processes, in `e2e/stories/nodes.spec.ts`.

use std::collections::HashSet;

use base::LineId;
use chrono::Duration;
use serde_json::Value;
use tests::TestApp;

use crate::conversations::{mail, receive_mail};
use crate::live::{events, listen};
use crate::mail_sending::Desk;

async fn write(node: &TestApp, line: LineId, count: usize) -> Vec<String> {
    let mut written = Vec::new();
    for number in 0..count {
        let from = format!("{}@example.com", node.app.new_id().simple());
        let received = receive_mail(node, mail(line, &from, &format!("Письмо {number}"))).await;
        written.push(received.conversation_id.to_string());
    }
    written
}

/// The conversations whose beginning is among these events.
fn begun(events: &[Value]) -> Vec<String> {
    let created = events.iter().filter(|event| event["kind"] == "conversation_created");
    created.map(|event| event["conversation_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_on_one_node_is_heard_on_the_other_once_and_in_order() {
    let here = TestApp::new().await;
    let Some(there) = here.another_node().await else { return };
    let line = here.line("SUPPORT").await;
    let anna = here.operator("anna@otklik.test", &[line]).await;
    here.app.start();
    there.app.start();
    let (mut socket, _) = listen(&there, &anna, None).await;

    // Both write at the same time; each mail is two events.
    let (ours, theirs) = tokio::join!(write(&here, line, 40), write(&there, line, 40));
    let heard = events(&mut socket, 100).await;
    drop(socket);
    // The rest is missed here, while more happens, and comes on the other node.
    let more = write(&there, line, 20).await;
    let (mut socket, hello) = listen(&here, &anna, heard[99]["cursor"].as_str()).await;
    assert_eq!(hello["type"], "hello");
    let last = write(&here, line, 1).await;
    let mut all = heard;
    while begun(&all).last() != last.last() {
        all.extend(events(&mut socket, 1).await);
    }

    let begun = begun(&all);
    let expected: HashSet<String> = [ours, theirs, more, last].concat().into_iter().collect();
    assert_eq!((begun.len(), begun.into_iter().collect::<HashSet<_>>()), (101, expected));
    let place = |event: &Value| event["cursor"].as_str().unwrap().parse::<bus::Cursor>().unwrap();
    assert!(all.windows(2).all(|pair| place(&pair[0]) < place(&pair[1])), "in order, none twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_letter_is_sent_by_one_of_two_nodes() {
    let desk = Desk::new().await;
    let Some(there) = desk.test.another_node().await else { return };
    const COUNT: usize = 60;
    for _ in 0..COUNT {
        desk.answer().await;
    }
    desk.test.advance(Duration::seconds(6));
    let (ours, theirs) = tokio::join!(desk.test.run_jobs(), there.run_jobs());
    assert!(ours > 0 && theirs > 0, "{ours} here, {theirs} there");
    let ids: HashSet<_> = desk.smtp.letters().into_iter().map(|letter| letter.message_id).collect();
    assert_eq!((desk.smtp.letters().len(), ids.len()), (COUNT, COUNT));
}
