//! What we write is read by another parser as we mean it, and plain mails are read by both alike.

use mail_parser::{MessageParser, MimeHeaders};

use super::samples;
use crate::Address;
use crate::compose::{File, Outgoing, compose};

#[test]
fn another_parser_reads_what_we_write() {
    let mail = Outgoing {
        message_id: "one@otklik.example".to_owned(),
        from: Address::new(Some("Служба поддержки компании «Вектор-Сервис» в Екатеринбурге"), "support@otklik.example"),
        to: vec![Address::new(Some("Кузнецов, Иван \"Ваня\""), "ivan@vega.example")],
        subject: "Re: Очень длинная тема письма, которая не помещается в одну строку заголовка, и ещё немного — 100 %"
            .to_owned(),
        text: "Здравствуйте!\n\nПроверьте = ещё раз.".to_owned(),
        html: Some("<p>Здравствуйте!</p>".to_owned()),
        inline: vec![File {
            name: "схема.png".to_owned(),
            content_type: "image/png".to_owned(),
            content_id: Some("s@x".to_owned()),
            data: vec![7; 99],
        }],
        attachments: vec![File {
            name: "Акт сверки взаиморасчётов за четвёртый квартал 2026 года (подписанный).pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            data: vec![9; 9],
            ..File::default()
        }],
        ..Outgoing::default()
    };
    let bytes = compose(&mail);
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.subject(), Some(mail.subject.as_str()));
    let from = read.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (mail.from.name.as_deref(), Some("support@otklik.example")));
    assert_eq!(read.to().unwrap().first().unwrap().name(), mail.to[0].name.as_deref());
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), mail.text);
    assert_eq!(read.body_html(0).unwrap().trim_end(), "<p>Здравствуйте!</p>");
    let names: Vec<&str> = read.attachments().filter_map(|part| part.attachment_name()).collect();
    assert_eq!(names, ["схема.png", mail.attachments[0].name.as_str()]);
}

#[test]
fn both_parsers_agree_on_sound_mails() {
    for raw in samples::all() {
        let ours = crate::parse(&raw).unwrap();
        let theirs = MessageParser::default().parse(&raw).unwrap();
        // Raw 8-bit headers are where this crate goes further.
        if raw.split(|b| *b == b'\n').take_while(|line| line.len() > 1).all(|line| line.is_ascii()) {
            assert_eq!(ours.subject, theirs.subject().unwrap_or_default());
            let from = theirs.from().and_then(|from| from.first()).and_then(|from| from.address());
            assert_eq!(ours.from.as_ref().map(|from| from.address.as_str()), from);
        }
        assert_eq!(ours.message_id.as_deref(), theirs.message_id());
        assert_eq!(ours.date.map(|date| date.timestamp()), theirs.date().map(mail_parser::DateTime::to_timestamp));
    }
}
