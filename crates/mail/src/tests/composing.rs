//! Messages written by us.

use chrono::{TimeZone, Utc};

use crate::Address;
use crate::compose::{File, Outgoing, compose};

fn letter() -> Outgoing {
    Outgoing {
        message_id: "<one@otklik.example>".to_owned(),
        date: Utc.with_ymd_and_hms(2026, 11, 21, 7, 0, 0).unwrap(),
        from: Address::new(Some("Служба поддержки «Отклик»"), "support@otklik.example"),
        to: vec![Address::new(Some("Кузнецов, Иван"), "ivan@vega.example")],
        subject: "Re: Не работает вход в личный кабинет на сайте компании".to_owned(),
        in_reply_to: Some("q@vega.example".to_owned()),
        references: vec!["<p@vega.example>".to_owned(), "q@vega.example".to_owned()],
        text: "Здравствуйте!\n\nПроверьте ещё раз.".to_owned(),
        ..Outgoing::default()
    }
}

fn source(mail: &Outgoing) -> String {
    String::from_utf8(compose(mail)).unwrap()
}

#[test]
fn a_plain_letter() {
    let text = source(&letter());
    assert!(text.is_ascii() && text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    assert!(text.contains("Date: Sat, 21 Nov 2026 07:00:00 +0000\r\n"), "{text}");
    assert!(text.contains("Message-ID: <one@otklik.example>\r\nIn-Reply-To: <q@vega.example>\r\nReferences: <p@vega.example>\r\n <q@vega.example>\r\n"), "{text}");
    assert!(!text.contains("Auto-Submitted"));
    let back = crate::parse(text.as_bytes()).unwrap();
    assert_eq!(back.subject, letter().subject);
    assert_eq!(back.from, Some(letter().from));
    assert_eq!(back.to, letter().to);
    assert_eq!(back.text, letter().text);
    assert_eq!(back.references, ["p@vega.example", "q@vega.example"]);
    assert_eq!(back.date, Some(letter().date));
}

#[test]
fn a_letter_with_everything() {
    let mail = Outgoing {
        html: Some("<p>Здравствуйте! <img src=\"cid:logo@otklik\"></p>".to_owned()),
        inline: vec![File {
            name: "logo.png".to_owned(),
            content_type: "image/png".to_owned(),
            content_id: Some("logo@otklik".to_owned()),
            data: vec![1; 200],
        }],
        attachments: vec![
            File {
                name: "Счёт на оплату № 5 от 21 ноября 2026 года.pdf".to_owned(),
                content_type: "application/pdf".to_owned(),
                content_id: None,
                data: vec![0, 255, 10, 13],
            },
            File {
                name: "письмо.eml".to_owned(),
                content_type: "message/rfc822".to_owned(),
                content_id: None,
                data: "Subject: Привет\r\n\r\nx".into(),
            },
        ],
        cc: vec![Address::new(None, "o@vega.example")],
        reply_to: vec![Address::new(None, "support+abc@otklik.example")],
        ..letter()
    };
    let text = source(&mail);
    assert!(text.lines().all(|line| line.len() <= 78), "{text}");
    let back = crate::parse(text.as_bytes()).unwrap();
    assert_eq!(back.text, mail.text);
    assert_eq!(back.html, mail.html);
    assert_eq!((back.cc.clone(), back.reply_to.clone()), (mail.cc.clone(), mail.reply_to.clone()));
    let files: Vec<_> = back
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.content_type.as_str(), file.inline, file.data.clone()))
        .collect();
    let want: Vec<_> = [
        (&mail.inline[0], "image/png", true),
        (&mail.attachments[0], "application/pdf", false),
        (&mail.attachments[1], "application/octet-stream", false),
    ]
    .map(|(file, kind, inline)| (file.name.as_str(), kind, inline, file.data.clone()))
    .into();
    assert_eq!(files, want);
    assert_eq!(compose(&mail), compose(&mail), "the same letter has the same bytes");
}

#[test]
fn an_automatic_letter_says_so() {
    let back = crate::parse(&compose(&Outgoing { auto_submitted: true, ..letter() })).unwrap();
    assert!(back.auto_reply);
    assert_eq!(back.header("X-Auto-Response-Suppress"), Some("All"));
}

#[test]
fn nothing_breaks_out_of_a_header() {
    let evil = "x\r\nBcc: all@vega.example\r\n\r\nbody";
    let mail = Outgoing {
        from: Address::new(Some(evil), "support@otklik.example"),
        to: vec![Address::new(Some(evil), "ivan@vega.example\r\nBcc: a@b.ru")],
        subject: evil.to_owned(),
        in_reply_to: Some(evil.to_owned()),
        ..letter()
    };
    let back = crate::parse(&compose(&mail)).unwrap();
    assert!(back.header("Bcc").is_none());
    assert_eq!(back.subject, "x Bcc: all@vega.example body");
    assert_eq!(back.text, letter().text);
}

#[test]
fn national_domains_and_missing_addresses() {
    let mail = Outgoing {
        to: vec![Address::new(None, "ivan@почта.рф"), Address::new(Some("Без адреса"), "")],
        ..letter()
    };
    assert!(source(&mail).contains("To: ivan@xn--80a1acny.xn--p1ai\r\n"));
}

#[test]
fn a_long_thread_keeps_its_ends() {
    let references: Vec<String> = (0..100).map(|n| format!("m{n}@otklik.example")).collect();
    let back = crate::parse(&compose(&Outgoing { references, ..letter() })).unwrap();
    assert_eq!(back.references.len(), 20);
    assert_eq!(
        (back.references[0].as_str(), back.references[19].as_str()),
        ("m0@otklik.example", "m99@otklik.example")
    );
}
