//! Delivery reports of many servers, and what is none.

use super::mail;
use crate::plain_reason;

/// Checks "recipient, action, status" and a piece of the diagnostic; gives the original message id.
#[track_caller]
fn check(text: &str, want: (&str, &str, &str), said: &str) -> Option<String> {
    let message = mail(text);
    let bounce = message.bounce.expect("a bounce");
    let got =
        (bounce.recipient.as_deref().unwrap_or("-"), bounce.action.as_str(), bounce.status.as_deref().unwrap_or("-"));
    assert_eq!(got, want);
    assert!(bounce.diagnostic.as_deref().unwrap_or_default().contains(said), "{:?}", bounce.diagnostic);
    assert!(message.auto_reply);
    bounce.original_message_id
}

#[test]
fn postfix() {
    let id = check(
        include_str!("../../tests/fixtures/bounce-postfix.eml"),
        ("nobody@vega.example", "failed", "5.1.1"),
        "550 5.1.1 <nobody@vega.example>: Recipient address rejected: User unknown",
    );
    assert_eq!(id.as_deref(), Some("original@otklik.example"));
    let id = check(
        include_str!("../../tests/fixtures/bounce-delayed.eml"),
        ("a@vega.example", "delayed", "4.4.1"),
        "Connection timed out",
    );
    assert_eq!(id, None);
}

#[test]
fn of_several_recipients_the_failed_one_counts() {
    let id = check(
        "From: postmaster@x.example\nSubject: Report\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nok\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; ok@vega.example\nAction: relayed\nStatus: 2.0.0\n\nOriginal-Recipient: rfc822; full@vega.example\nAction: Failed\nStatus: 5.0.0 (mailbox full)\nDiagnostic-Code: smtp;552 5.2.2 full\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <one@x>\n--b--\n",
        ("full@vega.example", "failed", "5.2.2"),
        "552 5.2.2 full",
    );
    assert_eq!(id.as_deref(), Some("one@x"));
}

#[test]
fn reports_in_words() {
    let id = check(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: support@otklik.example\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<nobody@vega.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <original@otklik.example>\nSubject: Hi\n",
        ("nobody@vega.example", "failed", "5.1.1"),
        "550 5.1.1 User unknown",
    );
    assert_eq!(id.as_deref(), Some("original@otklik.example"));
    check(
        "From: Mail Delivery System <Mailer-Daemon@host.example>\nX-Failed-Recipients: nobody@vega.example\nTo: support@otklik.example\nSubject: Mail delivery failed: returning message to sender\n\nA message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n  nobody@vega.example\n    SMTP error from remote mail server after RCPT TO:<nobody@vega.example>:\n    552 5.2.2 Mailbox full\n",
        ("nobody@vega.example", "failed", "5.2.2"),
        "552 5.2.2 Mailbox full",
    );
    let id = check(
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615@otklik.example>\nTo: support@otklik.example\nSubject: Не удается доставить: Счёт\nIn-Reply-To: <original@otklik.example>\n\nНе удалось доставить сообщение следующим получателям или группам:\n\nИван Кузнецов (ivan@vega.example)\nАдрес электронной почты не найден.\n\nСоздающий сервер: mx.otklik.example\nivan@vega.example\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'\n",
        ("ivan@vega.example", "failed", "5.1.10"),
        "550 5.1.10",
    );
    assert_eq!(id.as_deref(), Some("original@otklik.example"));
    check(
        "Return-Path: <>\nFrom: mailer-daemon@corp.mail.example\nTo: support@otklik.example\nSubject: Mail failure.\n\nЭто письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.\n\nК сожалению, Ваше письмо не может быть доставлено одному или нескольким\nполучателям:\n\n**********************\n\nnobody@mail.example\ninvalid mailbox. Local mailbox nobody@mail.example is unavailable: user not found\n",
        ("nobody@mail.example", "failed", "-"),
        "user not found",
    );
    check(
        "Return-Path: <>\nFrom: mailer-daemon@yandex.example\nTo: support@otklik.example\nSubject: Недоставленное сообщение\n\nК сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может\nбыть отправлено одному или нескольким адресатам.\n\n<nobody@vega.example>: host mx.vega.example[192.0.2.1] said: 550-5.7.1 spam message\n    rejected. (in reply to end of DATA command)\n",
        ("nobody@vega.example", "failed", "5.7.1"),
        "spam message rejected",
    );
    check(
        "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@gmail.example>\nTo: support@otklik.example\nSubject: Delivery Status Notification (Delay)\n\nThere was a temporary problem delivering your message to slow@vega.example. Gmail will retry for 46 more hours.\n",
        ("slow@vega.example", "delayed", "-"),
        "",
    );
}

#[test]
fn what_is_no_bounce() {
    for text in [
        // A client shows us a report.
        "From: Ivan <ivan@vega.example>\nTo: support@otklik.example\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nЧто это?\n\nThis is the mail system at host x.\n<nobody@vega.example>: host mx said: 550 5.1.1 User unknown; could not be delivered\n",
        // A read receipt.
        "From: ivan@vega.example\nSubject: Read: Hi\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\ndisplayed\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ivan@vega.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
        // An out-of-office answer.
        "Return-Path: <>\nFrom: Ivan <ivan@vega.example>\nSubject: Автоответ: Счёт\nAuto-Submitted: auto-replied\n\nЯ в отпуске, звоните 550 12 34.\n",
        "From: ivan@vega.example\nSubject: Не могу доставить товар\n\nне удалось доставить заказ 550 в Тверь\n",
    ] {
        assert_eq!(mail(text).bounce, None, "{text}");
    }
}

#[test]
fn reasons_in_plain_words() {
    for (status, said, russian) in [
        ("5.1.1", "550 5.1.1 User unknown", "Такого адреса не существует"),
        ("", "550 No such user here", "Такого адреса не существует"),
        ("5.0.0", "550 5.7.1 Message rejected as spam", "Почтовый сервер получателя отклонил письмо как спам"),
        ("5.7.1", "550 5.7.1 spam message rejected", "Почтовый сервер получателя отклонил письмо как спам"),
        ("5.2.2", "552 5.2.2 Mailbox full", "Ящик получателя переполнен"),
        ("", "452 4.2.2 The email account that you tried to reach is over quota", "Ящик получателя переполнен"),
        ("4.4.1", "connect to b.ru: Connection timed out", "Почтовый сервер получателя не отвечает"),
        (
            "5.4.4",
            "Host or domain name not found. Name service error",
            "Такого почтового домена не существует или он не принимает почту",
        ),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "Письмо слишком большое для получателя"),
        (
            "5.7.26",
            "550-5.7.26 Unauthenticated email",
            "Почтовый сервер получателя не смог проверить отправителя: настройте SPF, DKIM и DMARC для своего домена",
        ),
        ("4.7.1", "451 4.7.1 Greylisting in action", "Почтовый сервер получателя просит повторить попытку позже"),
        ("535", "535 5.7.8 Authentication failed", "Почтовый сервер не принял имя или пароль нашего ящика"),
        (
            "",
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            "Почтовый сервер получателя не принимает почту с нашего сервера",
        ),
        ("", "", "Почтовый сервер не смог доставить письмо"),
    ] {
        assert_eq!(plain_reason(Some(status), Some(said), "ru"), russian, "{status} {said}");
    }
    assert_eq!(plain_reason(Some("5.1.1"), None, "en"), "There is no such address");
    assert_eq!(plain_reason(None, None, "en"), "The mail server could not deliver the message");
}
