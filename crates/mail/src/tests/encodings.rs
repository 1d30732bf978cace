//! Charsets: declared, missing, wrong; in bodies, headers and encoded words.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, WINDOWS_1251, X_MAC_CYRILLIC};

use super::{mail, mail_with_body};

const TEXT: &str = "Добрый день! Не могу войти в личный кабинет, пишет \"ошибка 500\". Помогите, пожалуйста.";

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[test]
fn bodies_under_their_own_label() {
    for encoding in [WINDOWS_1251, KOI8_R, KOI8_U, ISO_8859_5, IBM866, X_MAC_CYRILLIC, encoding_rs::UTF_8] {
        let header = format!("Content-Type: text/plain; charset={}", encoding.name());
        assert_eq!(mail_with_body(&header, &encode(encoding, TEXT)).text, TEXT, "{}", encoding.name());
    }
    let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for label in ["utf-16", "utf-16le", "unicode"] {
        let header = format!("Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: base64");
        assert_eq!(mail_with_body(&header, STANDARD.encode(&utf16).as_bytes()).text, TEXT, "{label}");
    }
    let seven = "+BB8EQAQ4BDIENQRC- +- mail";
    assert_eq!(mail_with_body("Content-Type: text/plain; charset=utf-7", seven.as_bytes()).text, "Привет + mail");
}

#[test]
fn labels_as_they_are_written() {
    for label in [
        "cp-1251",
        "win-1251",
        "windows1251",
        "CP1251",
        "\"windows-1251\"",
        "'windows-1251'",
        "x-cp1251",
        "ansi1251",
        "windows-1251 (Cyrillic)",
    ] {
        let header = format!("Content-Type: text/plain; charset={label}");
        assert_eq!(mail_with_body(&header, &encode(WINDOWS_1251, TEXT)).text, TEXT, "{label}");
    }
    for label in ["koi8", "koi8r", "KOI-8-R"] {
        let header = format!("Content-Type: text/plain; charset={label}");
        assert_eq!(mail_with_body(&header, &encode(KOI8_R, TEXT)).text, TEXT, "{label}");
    }
}

#[test]
fn missing_and_wrong_labels() {
    for encoding in [WINDOWS_1251, KOI8_R, ISO_8859_5, IBM866, X_MAC_CYRILLIC, encoding_rs::UTF_8] {
        let body = encode(encoding, TEXT);
        assert_eq!(mail_with_body("Subject: x", &body).text, TEXT, "{} without a label", encoding.name());
        for label in ["us-ascii", "iso-8859-1", "utf-8", "x-unknown", "unknown-8bit", "windows-1252"] {
            let header = format!("Content-Type: text/plain; charset={label}");
            assert_eq!(mail_with_body(&header, &body).text, TEXT, "{} as {label}", encoding.name());
        }
    }
    for (real, label) in [
        (KOI8_R, "windows-1251"),
        (WINDOWS_1251, "koi8-r"),
        (encoding_rs::UTF_8, "windows-1251"),
        (encoding_rs::UTF_8, "koi8-r"),
    ] {
        let header = format!("Content-Type: text/plain; charset={label}");
        assert_eq!(mail_with_body(&header, &encode(real, TEXT)).text, TEXT, "{} as {label}", real.name());
    }
}

#[test]
fn western_letters_stay_western() {
    for text in ["Café crème à la carte", "Grüße aus München, schöne Tage", "El niño mañana"] {
        let body: Vec<u8> = text.chars().map(|c| c as u8).collect();
        for label in ["iso-8859-1", "us-ascii", "utf-8"] {
            assert_eq!(
                mail_with_body(&format!("Content-Type: text/plain; charset={label}"), &body).text,
                text,
                "{label}"
            );
        }
    }
}

#[test]
fn a_footer_in_another_charset() {
    let mut body = "Текст в UTF-8, как и положено.\r\n".as_bytes().to_vec();
    body.extend(encode(WINDOWS_1251, "Подпись сервера рассылки"));
    assert_eq!(
        mail_with_body("Content-Type: text/plain; charset=utf-8", &body).text,
        "Текст в UTF-8, как и положено.\nПодпись сервера рассылки"
    );
}

#[test]
fn html_names_its_charset_itself() {
    let page = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=koi8-r\"></head><body>Это письмо</body></html>";
    assert_eq!(mail_with_body("Content-Type: text/html", &encode(KOI8_R, page)).text, "Это письмо");
}

#[test]
fn raw_headers() {
    for encoding in [WINDOWS_1251, KOI8_R, ISO_8859_5, IBM866, encoding_rs::UTF_8] {
        for subject in
            ["Проблема с оплатой счёта", "Привет", "Счёт", "Re: Договор", "ЗАЯВКА", "Спасибо!", "Не работает"]
        {
            if encoding == KOI8_R && encoding.encode(subject).2 {
                continue;
            }
            let mut raw = b"Subject: ".to_vec();
            raw.extend(encode(encoding, subject));
            raw.extend_from_slice(b"\r\nFrom: ");
            raw.extend(encode(encoding, "Иван Кузнецов"));
            raw.extend_from_slice(b" <ivan@vega.example>\r\n\r\nx");
            let message = crate::parse(&raw).unwrap();
            assert_eq!(message.subject, subject, "{}", encoding.name());
            assert_eq!(message.from.unwrap().name.as_deref(), Some("Иван Кузнецов"), "{}", encoding.name());
        }
    }
}

#[test]
fn a_short_raw_header_takes_the_charset_of_the_body() {
    let mut raw = b"From: a@vega.example\r\nSubject: ".to_vec();
    raw.extend(encode(ISO_8859_5, "Ёж"));
    raw.extend_from_slice(b"\r\nContent-Type: text/plain; charset=iso-8859-5\r\n\r\nx");
    assert_eq!(crate::parse(&raw).unwrap().subject, "Ёж");
}

#[track_caller]
fn subject(header: &str, want: &str) {
    assert_eq!(mail(&format!("From: a@vega.example\nSubject: {header}\n\n")).subject, want);
}

#[test]
fn encoded_words() {
    let text = "Не работает печать: принтер «HP LaserJet» на втором этаже";
    for size in [7, 13, 21, 45] {
        let words: Vec<String> =
            text.as_bytes().chunks(size).map(|part| format!("=?utf-8?B?{}?=", STANDARD.encode(part))).collect();
        subject(&words.join("\n "), text);
        let words: Vec<String> = text
            .as_bytes()
            .chunks(size)
            .map(|part| format!("=?UTF-8?q?{}?=", part.iter().map(|b| format!("={b:02X}")).collect::<String>()))
            .collect();
        subject(&words.join("\n\t"), text);
    }
    let whole = STANDARD.encode(text);
    let pieces: Vec<String> =
        whole.as_bytes().chunks(17).map(|part| format!("=?utf-8?B?{}?=", std::str::from_utf8(part).unwrap())).collect();
    subject(&pieces.join("\n "), text);
    subject("=?utf-8?B?0J/RgNC4?==?utf-8?B?0LLQtdGC?=", "Привет");
    subject("Re: =?utf-8?B?0J/RgNC40LLQtdGC?= world =?koi8-r?B?8NLJ18XU?=", "Re: Привет world Привет");
    subject("=?utf-8*ru?B?0J/RgNC40LLQtdGC?=", "Привет");
    subject("=?utf-8?Q?=D0=9F=D1=80 =D0=B8?=", "Пр и");
    subject("=?utf-8?Q?a_b=5Fc?=", "a b_c");
    subject("=?utf-8?B?0J/RgNC40LLQtdGC", "Привет");
    subject(&format!("=?foo-bar?B?{}?=", STANDARD.encode(encode(WINDOWS_1251, "Привет всем"))), "Привет всем");
    subject(
        &format!("=?iso-8859-1?B?{}?=", STANDARD.encode(encode(KOI8_R, "Вопрос по договору"))),
        "Вопрос по договору",
    );
    subject("=?utf-8?X?abc?=", "=?utf-8?X?abc?=");
    subject("=?utf-8?Q?=3D=3Futf-8=3FB=3F0J/RgNC40LLQtdGC=3F=3D?=", "Привет");
    subject("2 =? 3 and ?= too", "2 =? 3 and ?= too");
    subject("aaa\n bbb\n\tccc", "aaa bbb ccc");
    subject(&format!("=?utf-8?B?{}?=", STANDARD.encode("Тест\r\nBcc: x@y.ru")), "Тест  Bcc: x@y.ru");
}
