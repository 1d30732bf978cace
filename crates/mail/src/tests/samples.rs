//! Whole mails of many kinds, the seeds of the property tests.

/// Every kind of structure the parser knows, in one list.
pub fn all() -> Vec<Vec<u8>> {
    let mut samples: Vec<Vec<u8>> = TEXTS.iter().map(|text| text.replace('\n', "\r\n").into_bytes()).collect();
    for encoding in [encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R] {
        let text = "From: Иван Кузнецов <ivan@vega.example>\r\nSubject: Не работает вход\r\n\r\nДобрый день! Не могу войти.\r\n";
        samples.push(encoding.encode(text).0.into_owned());
    }
    samples.push(super::winmail::mail_with_winmail());
    samples
}

const TEXTS: &[&str] = &[
    ALTERNATIVE,
    FILES,
    REPORT,
    INVITATION,
    "From: a@vega.example\nSubject: =?utf-8?B?0J/RgNC40LLQtdGC?= =?koi8-r?Q?=F0=D2=C9?=\nTo: \"A, B\" <b@x.ru>, Group: c@x.ru;\nDate: Sat, 21 Nov 2026 10:00:00 +0300\nReferences: <a@b> <c@d>\n\nДа\n\n-- \nИван\n\n> 20.11.2026 18:12, Поддержка пишет:\n> Нет\n",
    "From: a@vega.example\nSubject: uu\n\nbegin 644 a.txt\n#0V%T\n`\nend\n",
    "From: MAILER-DAEMON@x.ru\nReturn-Path: <>\nSubject: failure notice\n\n<b@vega.example>:\nRemote host said: 550 5.1.1 User unknown\n",
    "From: a@vega.example\nContent-Type: text/plain; charset=utf-7\n\n+BB8EQAQ4BDIENQRC-\n",
    "From: a@vega.example\nContent-Type: text/plain; format=flowed; delsp=yes\n\nдлинная \nстрока\n>> и \n>> цитата\n",
];

const ALTERNATIVE: &str = r#"From: =?utf-8?B?0JjQstCw0L0=?= <ivan@vega.example>
To: support@otklik.example
Subject: Re: Счёт
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="a1"

--a1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

=D0=94=D0=B0

=D0=BF=D1=82, 20 =D0=BD=D0=BE=D1=8F=D0=B1. 2026 =D0=B3. =D0=B2 18:12, S <s@=
otklik.example>:

> text
--a1
Content-Type: text/html; charset=utf-8

<div dir="ltr">Да <img src="http://t.example/x.png" width=1></div><div class="gmail_quote"><div class="gmail_attr">пт, 20 нояб. 2026 г. в 18:12, S &lt;s@otklik.example&gt;:</div><blockquote class="gmail_quote">text<table><tr><td>1<td>2</table></blockquote></div>
--a1--
"#;

const FILES: &str = r#"From: ivan@vega.example
Subject: files
Content-Type: multipart/mixed; boundary=m1

preamble
--m1
Content-Type: multipart/related; boundary=r1

--r1
Content-Type: text/html; charset=windows-1251

<p style="background:url('http://x.example/a.png')">See <img src="cid:i1@x"></p>
--r1
Content-Type: image/png; name="=?utf-8?Q?=D0=90.png?="
Content-ID: <i1@x>
Content-Disposition: inline
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--r1--
--m1
Content-Type: application/pdf;
 name*0*=utf-8''%D0%A1%D1%87;
 name*1*=%D1%91%D1%82;
 name*2=.pdf
Content-Disposition: attachment

%PDF-1.4
--m1
Content-Type: message/rfc822

From: x@y.example
Subject: =?utf-8?B?0J/RgNC40LLQtdGC?=

inside
--m1
Content-Type: application/pkcs7-signature

xx
--m1--
epilogue
"#;

const REPORT: &str = r#"Return-Path: <>
From: MAILER-DAEMON@mail.otklik.example
Subject: Undelivered Mail Returned to Sender
To: support@otklik.example
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r

This is the mail system.
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.otklik.example

Final-Recipient: rfc822; nobody@vega.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--r
Content-Type: message/rfc822

Message-ID: <original@otklik.example>
From: support@otklik.example

Hello
--r--
"#;

const INVITATION: &str = r#"From: ivan@vega.example
Subject: meeting
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY;LANGUAGE=ru:Встреча
DTSTART;TZID="Europe/Moscow":20261121T100000
DTEND:20261121T080000Z
LOCATION:Офис\, второй эт
 аж
DESCRIPTION:Обсудим\nпланы
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"#;
