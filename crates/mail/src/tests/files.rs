//! Attachments: their names in every form, their kinds, inline pictures.

use super::{mail, names};

#[track_caller]
fn name(headers: &str, want: &str) {
    let headers = if headers.contains("Content-Type") {
        headers.to_owned()
    } else {
        format!("Content-Type: application/pdf\n{headers}")
    };
    let message = mail(&format!(
        "From: a@b.ru\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nhi\n--m\n{headers}\n\n%PDF\n--m--\n"
    ));
    assert_eq!(names(&message), [want], "{headers}");
}

#[test]
fn file_names() {
    let disposition = |value: &str, want: &str| name(&format!("Content-Disposition: attachment; {value}"), want);
    disposition("filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82%20%E2%84%965.pdf", "Счёт №5.pdf");
    disposition("filename*0*=utf-8''%D0%A1%D1%87%D1%91%D1;\n filename*1*=%82%20;\n filename*2=5.pdf", "Счёт 5.pdf");
    disposition("filename*1*=%82.pdf;\n filename*0*=utf-8''%D0%A1%D1%87%D1%91%D1", "Счёт.pdf");
    disposition("filename*=koi8-r'ru'%F3%DE%C5%D4.pdf", "Счет.pdf");
    disposition("filename*=\"UTF-8''%D0%A1.pdf\"", "С.pdf");
    disposition("filename*=''%D0%A1.pdf", "С.pdf");
    disposition("filename=\"=?utf-8?Q?=D0=A1=D1=87=D1=91?=\n =?utf-8?Q?=D1=82.pdf?=\"", "Счёт.pdf");
    disposition("filename==?windows-1251?Q?=D1=F7=E5=F2.pdf?=; size=5", "Счет.pdf");
    disposition("filename*0=\"=?utf-8?B?0KHRh9GR0YIu\"; filename*1=\"cGRm?=\"", "Счёт.pdf");
    disposition("filename*0=\"very long \"; filename*1=\"name.pdf\"", "very long name.pdf");
    disposition("filename=\"Schet.pdf\"; filename*=UTF-8''%D0%A1.pdf", "С.pdf");
    disposition("filename=\"Счёт.pdf\"", "Счёт.pdf");
    disposition("filename=My file.pdf", "My file.pdf");
    disposition("filename=\"%D0%A1%D1%87%D1%91%D1%82.pdf\"", "Счёт.pdf");
    disposition("filename=\"100%.pdf\"", "100%.pdf");
    disposition("filename=\"C:\\Docs\\a.pdf\"", "a.pdf");
    disposition("filename=\"../../etc/passwd\"", "passwd");
    disposition("filename=\"a;b.pdf\"", "a;b.pdf");
    disposition("filename=\"a\n b.pdf\"", "a b.pdf");
    disposition("filename=\"abc.pdf", "abc.pdf");
    disposition("filename=\"cod\u{202e}fdp.exe\"", "codfdp.exe");
    disposition("filename=\"\"", "attachment.pdf");
    disposition("filename=\"..\"", "attachment.pdf");
    name("Content-Type: application/pdf; name=\"=?koi8-r?B?89DFxC5wZGY=?=\"", "Спед.pdf");
    let mut raw =
        b"From: a@b.ru\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"".to_vec();
    raw.extend_from_slice(&encoding_rs::WINDOWS_1251.encode("Счет за ноябрь.pdf").0);
    raw.extend_from_slice(b"\"\r\n\r\nx");
    assert_eq!(names(&crate::parse(&raw).unwrap()), ["Счет за ноябрь.pdf"]);
    let long = format!("{}.docx", "д".repeat(400));
    disposition(&format!("filename=\"{long}\""), &format!("{}.docx", "д".repeat(195)));
}

#[test]
fn names_by_type() {
    for (kind, want) in [
        ("image/jpeg", "image.jpg"),
        ("audio/ogg", "audio.ogg"),
        ("text/csv", "attachment.csv"),
        ("application/octet-stream", "attachment.pdf"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment.docx"),
        ("application/pkcs7-signature", "smime.p7s"),
        ("application/pkcs7-mime", "smime.p7m"),
        ("application/x-something-new", "attachment.bin"),
        ("text/calendar", "invite.ics"),
        ("text/x-vcard", "contact.vcf"),
    ] {
        name(&format!("Content-Type: {kind}"), want);
    }
}

#[test]
fn forwarded_messages_are_files() {
    let inner = "From: Пётр <p@x.ru>\nSubject: =?utf-8?B?0J/RgNC40LLQtdGCLyDQstGB0LXQvA==?=\n\nвнутри\n";
    let message = mail(&format!(
        "From: a@b.ru\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=utf-8\n\nсмотри\n--m\nContent-Type: message/rfc822\n\n{inner}\n--m--\n"
    ));
    assert_eq!(message.text, "смотри");
    assert_eq!(names(&message), ["Привет  всем.eml"]);
    assert_eq!(message.attachments[0].content_type, "message/rfc822");
    let again = crate::parse(&message.attachments[0].data).unwrap();
    assert_eq!((again.subject.as_str(), again.text.as_str()), ("Привет/ всем", "внутри"));
    let digest = mail(&format!(
        "From: a@b.ru\nContent-Type: multipart/digest; boundary=m\n\n--m\n\n{inner}\n--m\n\n{inner}\n--m--\n"
    ));
    assert_eq!(digest.attachments.len(), 2);
    let only = mail(&format!("From: a@b.ru\nContent-Type: message/rfc822\n\n{inner}"));
    assert_eq!((only.text.as_str(), only.attachments.len()), ("", 1));
}

#[test]
fn signed_and_encrypted_mail_is_left_intact() {
    let part = |kind: &str, body: &str| format!("--m\nContent-Type: {kind}\n\n{body}\n");
    let whole = |kind: &str, parts: &[String]| {
        mail(&format!("From: a@b.ru\nContent-Type: multipart/{kind}; boundary=m\n\n{}--m--\n", parts.concat()))
    };
    let signed = whole(
        "signed",
        &[
            part("text/plain", "text"),
            part("application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----"),
        ],
    );
    assert_eq!((signed.text.as_str(), names(&signed)), ("text", vec!["signature.asc"]));
    let encrypted = whole(
        "encrypted",
        &[
            part("application/pgp-encrypted", "Version: 1"),
            part("application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----"),
        ],
    );
    assert_eq!(names(&encrypted), ["pgp-version.txt", "encrypted.asc"]);
    assert_eq!(encrypted.attachments[1].data, b"-----BEGIN PGP MESSAGE-----");
    let smime = mail(
        "From: a@b.ru\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\neHg=\n",
    );
    assert_eq!((names(&smime), smime.attachments[0].data.as_slice()), (vec!["smime.p7m"], b"xx".as_slice()));
}

#[test]
fn pictures_in_the_text() {
    let message = mail(
        "From: a@b.ru\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p><img src=\"cid:I%40x\"><td background=\"cid:bg\"></p>\n--r\nContent-Type: image/png\nContent-ID: <i@x>\nContent-Transfer-Encoding: base64\n\niVBORw0K\n--r\nContent-Type: image/gif; name=logo.gif\nContent-Disposition: attachment; filename=logo.gif\nContent-ID: <unused>\n\nGIF\n--r\nContent-Type: image/gif; name=shown.gif\nContent-Disposition: inline; filename=shown.gif\n\nGIF\n--r--\n",
    );
    let inline: Vec<_> =
        message.attachments.iter().map(|file| (file.name.as_str(), file.content_id.as_deref(), file.inline)).collect();
    assert_eq!(
        inline,
        [("image.png", Some("i@x"), true), ("logo.gif", Some("unused"), false), ("shown.gif", None, true)]
    );
}

#[test]
fn invitations() {
    let ics = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY;LANGUAGE=ru:Встреча по\n  проекту\nDTSTART;TZID=\"Europe/Moscow\":20261121T100000\nLOCATION:Офис\\, этаж 2\nBEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
    let message = mail(&format!("From: a@b.ru\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n{ics}"));
    assert_eq!(message.text, "Встреча по проекту\n21.11.2026 10:00 (Europe/Moscow)\nОфис, этаж 2");
    assert_eq!(names(&message), ["invite.ics"]);
}

#[test]
fn control_characters_of_an_invitation_are_dropped() {
    let message = mail(
        "From: a@b.ru\nContent-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY:a\0b\nDTSTART:20261121T10000<\0\0\nEND:VEVENT\n",
    );
    assert_eq!(message.text, "ab\n21.11.2026 10:00");
}

#[test]
fn files_inside_old_texts() {
    let message = mail("From: a@b.ru\n\nhello\nbegin 644 test.txt\n#0V%T\n`\nend\nbye");
    assert_eq!(message.text, "hello\n\nbye");
    assert_eq!((names(&message), message.attachments[0].data.as_slice()), (vec!["test.txt"], b"Cat".as_slice()));
}

#[test]
fn a_text_file_is_a_file_unless_it_is_all_there_is() {
    let log = mail(
        "From: a@b.ru\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nbody\n--m\nContent-Type: text/plain; name=app.log\nContent-Disposition: inline; filename=app.log\n\nlog\n--m--\n",
    );
    assert_eq!((log.text.as_str(), names(&log)), ("body", vec!["app.log"]));
    let alone = mail("From: a@b.ru\nContent-Type: text/plain; name=message.txt\n\nbody");
    assert_eq!(alone.text, "body");
}
