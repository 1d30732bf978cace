//! Properties that hold for any bytes and any text.

use proptest::prelude::*;

use super::samples;
use crate::compose::{File, Outgoing, compose};
use crate::{Address, charset, html, quote};

/// The non-blank lines of a text, sorted.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
    lines.sort_unstable();
    lines
}

/// Lines like those of replies: quoted, attributions, labels, signatures, words.
fn reply_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[а-яА-Яa-z ,.!]{0,40}",
        "> {0,2}[а-яa-z ]{0,20}",
        Just("-- ".to_owned()),
        Just("20.11.2026 18:12, Поддержка пишет:".to_owned()),
        Just("On Fri, Nov 20, 2026 at 6:12 PM S <".to_owned()),
        Just("s@otklik.example> wrote:".to_owned()),
        Just("From: S <s@otklik.example>".to_owned()),
        Just("Sent: Friday".to_owned()),
        Just("To: a@b.ru".to_owned()),
        Just("Тема: Счёт".to_owned()),
        Just("Отправлено с iPhone".to_owned()),
        Just("---------- Forwarded message ---------".to_owned()),
        Just("-----Original Message-----".to_owned()),
        Just("С уважением,".to_owned()),
        Just("тел. +7 495 000-00-00".to_owned()),
        "\\PC{0,30}",
    ]
}

fn html_soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[а-яa-z &;<>\"'=]{0,12}",
        Just("<div>".to_owned()),
        Just("</div>".to_owned()),
        Just("<blockquote type=cite>".to_owned()),
        Just("</blockquote>".to_owned()),
        Just("<p>".to_owned()),
        Just("<br>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("</table>".to_owned()),
        Just("<pre>\nа\n> б\n</pre>".to_owned()),
        Just("<a href=\"http://x.example/?a=1&b=2\">".to_owned()),
        Just("</a>".to_owned()),
        Just("<img src=\"http://x.example/a.png\" srcset=\"http://x.example/b.png 2x\">".to_owned()),
        Just("<td background='//x.example/a.png' style=\"background: URL(http://x.example/a)\">".to_owned()),
        Just("<script>alert(1)</script>".to_owned()),
        Just("<svg><style><img src=x onerror=alert(1)>".to_owned()),
        Just("<b style='color:red;background-image:url(\"http://x.example/(a);b.png\")'>".to_owned()),
        Just("<div id=divRplyFwdMsg><b>От:</b> а<br>".to_owned()),
        Just("<li>а".to_owned()),
        Just("<ol start=5><li>".to_owned()),
        Just("<!-- x --".to_owned()),
        Just("&#0;&#x26;&nbsp;&laquo;".to_owned()),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// Cases a property; PROPTEST_CASES asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn any_bytes_parse(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = crate::parse(&bytes);
        let mut mail = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".to_vec();
        mail.extend_from_slice(&bytes);
        prop_assert!(crate::parse(&mail).is_ok());
    }

    #[test]
    fn damaged_mails_parse(
        sample in 0..samples::all().len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 0..12),
        end in any::<prop::sample::Index>(),
    ) {
        let mut raw = samples::all().swap_remove(sample);
        for (index, byte, kind) in cuts {
            let at = index.index(raw.len());
            match kind {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => { raw.remove(at); }
                _ => { let from = end.index(raw.len()).min(at); let piece = raw[from..at].to_vec(); raw.extend(piece); }
            }
            if raw.len() < 8 { break; }
        }
        if let Ok(message) = crate::parse(&raw) {
            let printed = crate::to_json(&message).to_string();
            // PostgreSQL stores no NUL.
            prop_assert!(!printed.contains("\\u0000"), "{printed}");
            prop_assert!(!message.text.contains('\0') && !message.subject.contains(['\r', '\n', '\0']));
            prop_assert!(message.attachments.iter().all(|file| !file.name.is_empty() && !file.name.contains(['/', '\\', '\n', '\0'])));
        }
    }

    #[test]
    fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..200), label in "[a-zA-Z0-9_-]{0,14}") {
        let _ = charset::decode(&bytes, Some(&label));
        for label in ["utf-7", "utf-16", "koi8-r", "iso-2022-jp", "gb2312"] {
            let _ = charset::decode(&bytes, Some(label));
        }
    }

    #[test]
    fn russian_text_is_recognised_under_a_wrong_label(words in prop::collection::vec("(привет|договор|оплата|не работает|кабинет|спасибо|ошибка|сегодня|пожалуйста|прошу выслать)", 2..6)) {
        let text = words.join(" ");
        for encoding in [encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R, encoding_rs::ISO_8859_5, encoding_rs::IBM866] {
            let bytes = encoding.encode(&text).0;
            for label in [None, Some("us-ascii"), Some("iso-8859-1"), Some("utf-8"), Some("x-unknown")] {
                prop_assert_eq!(&charset::decode(&bytes, label), &text, "{} as {:?}", encoding.name(), label);
            }
        }
    }

    #[test]
    fn splitting_text_loses_no_line(lines_in in prop::collection::vec(reply_line(), 0..25)) {
        let text = lines_in.join("\n");
        let split = quote::split_text(&text);
        let joined = [split.new.as_str(), &split.quoted, &split.signature].join("\n");
        prop_assert_eq!(lines(&joined), lines(&text));
    }

    #[test]
    fn splitting_html_loses_no_word(soup in html_soup()) {
        let whole = html::html_to_text(&soup);
        let (new, rest) = quote::split_html(&soup);
        let count = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        let rest = rest.map(|rest| html::html_to_text(&rest)).unwrap_or_default();
        // A line that two parts share may be told twice, never zero times.
        prop_assert!(count(&html::html_to_text(&new)) + count(&rest) >= count(&whole), "{new}\n---\n{rest}");
    }

    #[test]
    fn cleaned_html_stays_as_it_is(soup in html_soup()) {
        let once = html::sanitize(&soup);
        prop_assert_eq!(&html::sanitize(&once), &once);
        prop_assert!(!once.contains("<script") && !once.contains("onerror"));
        let (blocked, _) = html::block_remote_images(&once);
        let loads = blocked.match_indices("http").filter(|(at, _)| {
            [" src=\"", "\" srcset=\"", " background=\""].iter().any(|name| blocked[..*at].ends_with(name))
        });
        prop_assert_eq!(loads.count(), 0, "{}", blocked);
        let (again, more) = html::block_remote_images(&blocked);
        prop_assert!(!more);
        prop_assert_eq!(again, blocked);
    }

    #[test]
    fn text_becomes_html_and_comes_back(text in "[а-яА-Яa-z0-9<>&\"' .,:/@\n-]{0,200}") {
        let page = html::text_to_html(&text);
        let words = |text: &str| text.split_whitespace().map(|word| word.trim_start_matches('>')).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let tail = html::html_to_text(&page);
        prop_assert_eq!(words(&tail).replace("> ", ""), words(&text).replace("> ", ""));
    }

    #[test]
    fn composing_and_parsing_agree(
        subject in "[а-яА-Яa-zA-Z0-9 .,:!?«»№=_-]{0,120}",
        name in "[а-яА-Яa-zA-Z\"\\\\(),.<>@ -]{0,60}",
        text in "[а-яА-Яa-zA-Z0-9 .,:=\t\n-]{0,400}",
        file in "[а-яА-Яa-z][а-яА-Яa-zA-Z0-9 _;='()-]{0,90}",
        data in prop::collection::vec(any::<u8>(), 0..300),
        html in prop::option::of("[а-яa-z ]{1,80}"),
    ) {
        let mail = Outgoing {
            message_id: "one@otklik.example".to_owned(),
            from: Address::new(Some(&name), "support@otklik.example"),
            to: vec![Address::new(Some(&name), "ivan@vega.example"), Address::new(None, "o@vega.example")],
            subject: subject.clone(),
            text: text.clone(),
            html: html.clone().map(|text| format!("<p>{text}</p>")),
            attachments: vec![File { name: file.clone(), content_type: "application/pdf".to_owned(), data: data.clone(), ..File::default() }],
            ..Outgoing::default()
        };
        let bytes = compose(&mail);
        prop_assert!(bytes.is_ascii());
        prop_assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 79 || line.starts_with(b"Content-Type")), "{}", String::from_utf8_lossy(&bytes));
        let parsed = crate::parse(&bytes).unwrap();
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(squeeze(&parsed.subject), squeeze(&subject));
        prop_assert_eq!(parsed.to.len(), 2);
        prop_assert_eq!(&parsed.to[0].address, "ivan@vega.example");
        let bare = |name: &str| squeeze(name.trim_matches(['"', ' ', '\'']));
        prop_assert_eq!(bare(parsed.from.unwrap().name.as_deref().unwrap_or_default()), bare(&name));
        prop_assert_eq!(squeeze(&parsed.text), squeeze(&text).to_owned() + if squeeze(&text).is_empty() { html.as_deref().map(squeeze).unwrap_or_default() } else { String::new() }.as_str());
        prop_assert_eq!(&parsed.attachments[0].data, &data);
        prop_assert_eq!(squeeze(&parsed.attachments[0].name), squeeze(&file));
    }

    #[test]
    fn nothing_typed_starts_a_header(text in "(\r\n|\n|\r|\u{2028}|\0|Bcc: x@y.ru|[a-zа-я :<>,\"@]){0,8}") {
        let address = Address::new(Some(&text), &format!("{text}@vega.example"));
        let mail = Outgoing {
            message_id: text.clone(),
            from: address.clone(),
            to: vec![address],
            subject: text.clone(),
            in_reply_to: Some(text.clone()),
            references: vec![text.clone()],
            attachments: vec![File { name: text.clone(), content_type: text.clone(), content_id: Some(text.clone()), data: Vec::new() }],
            text: "body".to_owned(),
            ..Outgoing::default()
        };
        let parsed = crate::parse(&compose(&mail)).unwrap();
        let known = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type"];
        for (name, _) in &parsed.headers {
            prop_assert!(known.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn tokens_verify_with_their_key_only(key in prop::collection::vec(any::<u8>(), 1..100), conversation: [u8; 16], message: [u8; 16], flip in 0usize..68) {
        let token = crate::token::sign(&key, conversation, message);
        prop_assert_eq!(crate::token::verify(&key, &token), Some((conversation, message)));
        prop_assert_eq!(crate::token::verify_conversation(&key, &token), Some(conversation));
        let mut other = key.clone();
        other[0] ^= 1;
        prop_assert_eq!(crate::token::verify(&other, &token), None);
        let mut damaged = token.clone().into_bytes();
        damaged[flip] = if damaged[flip] == b'a' { b'b' } else { b'a' };
        prop_assert_eq!(crate::token::verify(&key, std::str::from_utf8(&damaged).unwrap()), None);
    }
}
