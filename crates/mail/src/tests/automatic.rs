//! Answering machines, receipts and mailing lists.

use super::mail;

#[track_caller]
fn auto(header: &str, want: bool) {
    assert_eq!(mail(&format!("From: a@vega.example\n{header}\n\nx")).auto_reply, want, "{header}");
}

#[test]
fn answering_machines() {
    for header in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rule)",
        "X-Autoreply: yes",
        "X-Autorespond: 1",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "Subject: Автоответ: Счёт 118",
        "Subject: Автоматический ответ: Запрос",
        "Subject: Нет на рабочем месте: Счёт",
        "Subject: Automatic reply: Invoice",
        "Subject: Out of Office: Invoice",
        "Subject: Автоматична відповідь: Рахунок",
        "Subject: Automatische Antwort: Rechnung",
        "Content-Type: message/disposition-notification",
    ] {
        auto(header, true);
    }
}

#[test]
fn people() {
    for header in [
        "Auto-Submitted: no",
        "X-Autoreply: no",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "Subject: Re: Автоответ не приходит",
        "Subject: Автоответчик сломался",
        "Subject: Out of office printer is broken",
        "Subject: Auto",
        "Return-Path: <a@vega.example>",
        "List-Id: <news.vega.example>",
    ] {
        auto(header, false);
    }
}

#[test]
fn lists() {
    for (header, want) in [
        ("List-Id: <news.vega.example>", true),
        ("List-Unsubscribe: <https://x.example>", true),
        ("Precedence: bulk", true),
        ("Precedence: list", true),
        ("Precedence: normal", false),
        ("Subject: list", false),
    ] {
        assert_eq!(mail(&format!("From: a@vega.example\n{header}\n\nx")).list, want, "{header}");
    }
}
