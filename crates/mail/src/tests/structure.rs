//! Headers, addresses, parts: whole and broken.

use super::{mail, mail_with_body, names};
use crate::{Address, ParseError, parse};

#[track_caller]
fn to(header: &str, want: &[(&str, &str)]) {
    let got: Vec<(String, String)> = mail(&format!("From: a@b.ru\nTo: {header}\n\n"))
        .to
        .into_iter()
        .map(|entry| (entry.name.unwrap_or_default(), entry.address))
        .collect();
    let want: Vec<(String, String)> =
        want.iter().map(|(name, address)| ((*name).to_owned(), (*address).to_owned())).collect();
    assert_eq!(got, want, "{header}");
}

#[test]
fn addresses() {
    to("ivan@x.ru", &[("", "ivan@x.ru")]);
    to("Ivan <ivan@x.ru>, \"Petrov, P.\" <p@x.ru>", &[("Ivan", "ivan@x.ru"), ("Petrov, P.", "p@x.ru")]);
    to("Петров, Иван <i@x.ru>, b@x.ru", &[("Петров, Иван", "i@x.ru"), ("", "b@x.ru")]);
    to("\"=?utf-8?B?0JjQstCw0L0=?=\" <i@x.ru>", &[("Иван", "i@x.ru")]);
    to("=?utf-8?Q?=D0=98=D0=B2=D0=B0=D0=BD,_=D0=9F?= <i@x.ru>", &[("Иван, П", "i@x.ru")]);
    to("ivan@x.ru (Ivan (The) Petrov)", &[("Ivan (The) Petrov", "ivan@x.ru")]);
    to("undisclosed-recipients:;", &[]);
    to("Team: a@x.ru, \"B, C\" <b@x.ru>;, d@x.ru", &[("", "a@x.ru"), ("B, C", "b@x.ru"), ("", "d@x.ru")]);
    to("Ivan ivan@x.ru", &[("Ivan", "ivan@x.ru")]);
    to("a@x.ru; b@x.ru;", &[("", "a@x.ru"), ("", "b@x.ru")]);
    to("\"Ivan \\\"The\\\" P\" <i@x.ru>", &[("Ivan \"The\" P", "i@x.ru")]);
    to("'Ivan' <i@x.ru>", &[("Ivan", "i@x.ru")]);
    to("<<i@x.ru>>, <mailto:b@x.ru>, <@relay.ru:c@x.ru>", &[("", "i@x.ru"), ("", "b@x.ru"), ("", "c@x.ru")]);
    to("Ivan <i@x.ru, Petr <p@x.ru>", &[("Ivan", "i@x.ru"), ("Petr", "p@x.ru")]);
    to("<>", &[]);
    to("Иван Кузнецов", &[("Иван Кузнецов", "")]);
    to("\"broken <i@x.ru>", &[("broken", "i@x.ru")]);
}

#[test]
fn message_ids() {
    let message = mail(
        "From: a@b.ru\nMessage-ID:\n <abc@x>\nIn-Reply-To: Your message of Monday <a@b>\nReferences: <a@b>,<c@d>\n\t<e@f> <a b@c>\n\n",
    );
    assert_eq!(message.message_id.as_deref(), Some("abc@x"));
    assert_eq!(message.in_reply_to.as_deref(), Some("a@b"));
    assert_eq!(message.references, ["a@b", "c@d", "e@f", "ab@c"]);
    assert_eq!(mail("From: a@b.ru\nMessage-ID: bare@x\n\n").message_id.as_deref(), Some("bare@x"));
}

#[test]
fn damaged_header_blocks() {
    let check = |raw: &str, subject: &str, text: &str| {
        let message = parse(raw.as_bytes()).unwrap();
        assert_eq!((message.subject.as_str(), message.text.as_str()), (subject, text), "{raw:?}");
    };
    check("From: a@b.ru\r\nSubject: x\r\nThis is the body\r\nmore", "x", "This is the body\nmore");
    check("From: a@b.ru\r\ngarbage here\r\nSubject: x\r\n\r\nbody", "x", "body");
    check("From: a@b.ru\rSubject: x\r\rbody\rline", "x", "body\nline");
    check("From: a@b.ru\nSubject: x\n\nbody\nline", "x", "body\nline");
    check("From a@b.ru Sat Nov 21 10:00:00 2026\nFrom: a@b.ru\nSubject: x\n\nbody", "x", "body");
    check("\r\n\r\n\u{feff}Subject: x\r\n\r\nbody", "x", "body");
    check("Subject : x\r\n\r\nbo\0dy", "x", "body");
    check("Subject: x\rBcc: y\nFrom: a@b.ru\n\nbody", "x Bcc: y", "body");
    check("Subject: x", "x", "");
    check("Subject:\r\nSubject: second\r\n\r\n", "second", "");
    let many = format!("From: a@b.ru\r\n{}Subject: x\r\n\r\nbody", "X-Header: value\r\n".repeat(3000));
    check(&many, "x", "body");
}

#[test]
fn what_is_no_mail() {
    assert_eq!(parse(b""), Err(ParseError::Empty));
    assert_eq!(parse(b" \r\n\r\n"), Err(ParseError::Empty));
    for raw in
        ["hello world".as_bytes(), b"key: value\n\nhello", b"{\"a\": 1}", b"\x89PNG\r\n\x1a\n\0\0", b"http://x.ru/"]
    {
        assert_eq!(parse(raw), Err(ParseError::NoHeader), "{raw:?}");
    }
    assert!(ParseError::NoHeader.to_string().starts_with("this is not a mail"));
}

const ALTERNATIVE: &str = "From: a@b.ru
Content-Type: multipart/alternative; boundary=\"aa\"

--aa
Content-Type: text/plain; charset=utf-8

Простой
--aa
Content-Type: text/html; charset=utf-8

<p>Простой <b>текст</b></p>
--aa--
";

#[test]
fn alternative_whole_and_broken() {
    let broken = [
        ALTERNATIVE.to_owned(),
        ALTERNATIVE.replace("--aa--\n", ""),
        ALTERNATIVE.replace("boundary=\"aa\"", "boundary=\"zz\"").replace("--aa", "--aabbccdd"),
        ALTERNATIVE.replace("; boundary=\"aa\"", "").replace("--aa", "--aabbccdd"),
        ALTERNATIVE.replace("\n--aa\nContent-Type: text/html", "\n--aa  \nContent-Type: text/html"),
        ALTERNATIVE.replace("multipart/alternative", "MULTIPART/Alternative"),
    ];
    for text in broken {
        let message = mail(&text);
        assert_eq!(message.text, "Простой", "{text}");
        assert_eq!(message.html.as_deref(), Some("<p>Простой <b>текст</b></p>"), "{text}");
        assert!(message.attachments.is_empty());
    }
    let lost = mail("From: a@b.ru\nContent-Type: multipart/mixed; boundary=zz\n\nJust a text");
    assert_eq!(lost.text, "Just a text");
}

#[test]
fn a_plain_part_that_says_nothing() {
    for stub in ["   ", "Your mail program does not support HTML."] {
        let message = mail(
            &ALTERNATIVE
                .replace("Простой\n--", &format!("{stub}\n--"))
                .replace("<b>текст</b>", "текст, длинный и настоящий, его и надо показать"),
        );
        assert!(message.text.contains("длинный и настоящий"), "{}", message.text);
    }
}

#[test]
fn several_texts_in_a_row() {
    let message = mail(
        "From: a@b.ru\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\none\n--m\nContent-Type: image/png; name=a.png\n\nx\n--m\nContent-Type: text/html\n\n<p>two &amp; <i>three</i></p>\n--m--\n",
    );
    assert_eq!(message.text, "one\n\ntwo & three");
    assert_eq!(message.html.as_deref(), Some("one<br>\n<p>two &amp; <i>three</i></p>"));
    assert_eq!(names(&message), ["a.png"]);
}

#[test]
fn transfer_encodings() {
    let body = |encoding: &str, body: &str| {
        mail_with_body(
            &format!("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}"),
            body.as_bytes(),
        )
        .text
    };
    assert_eq!(body("base64", "SGVs bG8g\r\n\r\nd29ybGQ"), "Hello world");
    assert_eq!(body("BASE64", "SGVsbG8=IHdvcmxk"), "Hello world");
    assert_eq!(body("base64", "This is no base64 at all, it is a text."), "This is no base64 at all, it is a text.");
    assert_eq!(body("quoted-printable", "=D0=9F=D1=80=\r\n=D0=B8 =3D= \r\n=zz  \r\nend="), "При ==zz\nend");
    assert_eq!(body("foo", "Hi"), "Hi");
}

#[test]
fn flowed_text() {
    let flowed = |delsp: &str, body: &str| {
        mail_with_body(&format!("Content-Type: text/plain; format=flowed{delsp}"), body.as_bytes()).text
    };
    assert_eq!(
        flowed("", "A long \r\nline.\r\n> quoted \r\n> more\r\n-- \r\nsig"),
        "A long line.\n> quoted more\n-- \nsig"
    );
    assert_eq!(flowed("; delsp=yes", "lo \r\nng"), "long");
}

#[test]
fn deep_nesting_is_bounded() {
    let mut body = "Content-Type: text/plain\n\ndeep".to_owned();
    for level in 0..3000 {
        body = format!("Content-Type: multipart/mixed; boundary=b{level}x\n\n--b{level}x\n{body}\n");
        if level == 40 {
            assert_eq!(mail(&format!("From: a@b.ru\n{body}")).text, "deep");
        }
    }
    assert!(parse(format!("From: a@b.ru\n{body}").as_bytes()).is_ok());
}

#[test]
fn headers_built_to_be_slow() {
    for evil in [
        "=?utf-8?Q?".repeat(8_000),
        "<,".repeat(30_000),
        "\"\\".repeat(30_000),
        "(".repeat(50_000),
        "a,".repeat(30_000),
        "a;".repeat(30_000),
    ] {
        let start = std::time::Instant::now();
        let raw = format!(
            "From: {evil}\nTo: {evil}\nSubject: {evil}\nReferences: {evil}\nDate: {evil}\nContent-Type: multipart/mixed; {evil}\n\nx"
        );
        assert!(parse(raw.as_bytes()).is_ok());
        assert!(start.elapsed().as_secs() < 10, "{} took {:?}", &evil[..8], start.elapsed());
    }
}

#[test]
fn a_page_sent_without_a_content_type() {
    assert_eq!(mail("From: a@b.ru\n\n<!DOCTYPE html><html><p>Привет</p></html>").text, "Привет");
}

#[test]
fn delivery_headers() {
    let message = mail(
        "From: a@b.ru\nSender: s@b.ru\nReply-To: R <r@b.ru>\nDelivered-To: support+abc@x.ru\nX-Original-To: support@x.ru\nReturn-Path: <bounce@b.ru>\n\n",
    );
    let address = |list: &[Address]| list.iter().map(|entry| entry.address.clone()).collect::<Vec<_>>();
    assert_eq!(address(&message.delivered_to), ["support+abc@x.ru", "support@x.ru"]);
    assert_eq!(address(&message.reply_to), ["r@b.ru"]);
    assert_eq!(message.sender.unwrap().address, "s@b.ru");
    assert_eq!(message.return_path.as_deref(), Some("bounce@b.ru"));
}

#[test]
fn the_printed_form() {
    let message = mail(
        "From: =?utf-8?B?0JjQstCw0L0=?= <i@x.ru>\nTo: b@x.ru\nSubject: Hi\nDate: Sat, 21 Nov 2026 10:00:00 +0300\nMessage-ID: <m@x>\n\nHello",
    );
    let printed = crate::to_json(&message);
    let want = serde_json::json!({
        "message_id": "m@x", "in_reply_to": null, "references": [], "from": {"name": "Иван", "address": "i@x.ru"},
        "to": [{"name": null, "address": "b@x.ru"}], "cc": [], "reply_to": [], "subject": "Hi", "date": "2026-11-21T07:00:00Z",
        "text": "Hello", "html": null, "new_text": "Hello", "attachments": [], "auto_reply": false, "bounce": null,
    });
    assert_eq!(printed, want);
}
