//! What is new in an HTML reply, by the mail program that wrote it.

use crate::html::html_to_text;
use crate::quote::split_html;

/// Checks the text of what stays as new, and that something was cut exactly when `new` is not all.
#[track_caller]
fn check(html: &str, new: &str) {
    let (kept, rest) = split_html(html);
    assert_eq!(html_to_text(&kept), new, "kept: {kept}\nrest: {rest:?}");
    assert_eq!(rest.is_none(), html_to_text(html) == new, "rest: {rest:?}");
}

#[test]
fn gmail() {
    check(
        r#"<div dir="ltr">Да, <b>работает</b></div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">пт, 20 нояб. 2026&nbsp;г. в 18:12, Поддержка &lt;<a href="mailto:s@otklik.example">s@otklik.example</a>&gt;:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">Проверьте</blockquote></div>"#,
        "Да, работает",
    );
    // With a signature above the quotation.
    check(
        r#"<div dir="ltr"><div>Готово</div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature"><div>Иван Кузнецов</div></div></div><div class="gmail_quote"><div class="gmail_attr">On Fri, Nov 20, 2026 at 6:12 PM S &lt;s@otklik.example&gt; wrote:<br></div><blockquote class="gmail_quote">x</blockquote></div>"#,
        "Готово",
    );
    // The answer below the quotation.
    check(
        r#"<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Fri, Nov 20, 2026 at 6:12 PM S &lt;s@otklik.example&gt; wrote:<br></div><blockquote class="gmail_quote">Номер?</blockquote></div><div>Номер 118</div></div>"#,
        "Номер 118",
    );
}

#[test]
fn gmail_forward_stays() {
    let html = r#"<div dir="ltr">Посмотрите<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>От: <strong>Банк</strong> &lt;info@bank.example&gt;<br>Date: пт, 20 нояб. 2026 г. в 18:12<br>Subject: Отказ<br>To: &lt;ivan@vega.example&gt;<br></div><br>Платёж отклонён</div></div>"#;
    let (kept, rest) = split_html(html);
    assert!(html_to_text(&kept).contains("Платёж отклонён"), "{kept}");
    assert_eq!(rest, None);
}

#[test]
fn outlook_desktop() {
    check(
        r#"<html><head><style>p.MsoNormal{margin:0cm}</style></head><body lang="RU"><div class="WordSection1"><p class="MsoNormal">Добрый день!<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Оплатили.<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Support &lt;s@otklik.example&gt; <br><b>Sent:</b> Friday, November 20, 2026 6:12 PM<br><b>To:</b> Ольга<br><b>Subject:</b> Счёт<o:p></o:p></p></div></div><p class="MsoNormal">Когда ждать?</p></div></body></html>"#,
        "Добрый день!\n\nОплатили.",
    );
    check(
        r#"<body><p>Спасибо</p><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>От:</b> Поддержка<br><b>Отправлено:</b> 20 ноября 2026 г. 18:12<br><b>Кому:</b> Ольга<br><b>Тема:</b> Счёт</font></div><div><p>Когда ждать?</p></div></body>"#,
        "Спасибо",
    );
    // New Outlook on a phone.
    check(
        r#"<div dir="auto">Да</div><div id="ms-outlook-mobile-signature">Получить <a href="https://aka.ms/x">Outlook для iOS</a></div><hr><div id="divRplyFwdMsg"><b>От:</b> S</div><div>История</div>"#,
        "Да",
    );
}

#[test]
fn apple_mail() {
    check(
        r#"<html><body dir="auto">Спасибо<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Отправлено с iPhone</div><div dir="ltr"><br><blockquote type="cite">20 нояб. 2026 г., в 18:12, Поддержка &lt;s@otklik.example&gt; написал(а):<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">﻿Договор во вложении</div></blockquote></body></html>"#,
        "Спасибо",
    );
    check(
        r#"<html><body>Thanks<br><div><br><blockquote type="cite"><div>On Nov 20, 2026, at 6:12 PM, S &lt;s@otklik.example&gt; wrote:</div><br><div>Contract</div></blockquote></div></body></html>"#,
        "Thanks",
    );
}

#[test]
fn thunderbird() {
    check(
        r#"<html><body><p>Проверил.</p><p><br></p><div class="moz-cite-prefix">20.11.2026 18:12, Поддержка пишет:<br></div><blockquote type="cite" cite="mid:x@y"><p>Проверьте</p></blockquote><pre class="moz-signature" cols="72">-- 
Иван</pre></body></html>"#,
        "Проверил.",
    );
    // Answers between the quotations.
    check(
        r#"<p>По пунктам:</p><div class="moz-cite-prefix">20.11.2026 18:12, S пишет:<br></div><blockquote type="cite"><p>Версия?</p></blockquote><p>4.2</p><blockquote type="cite"><p>Система?</p></blockquote><p>Debian</p>"#,
        "По пунктам:\n\n20.11.2026 18:12, S пишет:\n\n> Версия?\n\n4.2\n\n> Система?\n\nDebian",
    );
}

#[test]
fn mail_ru_and_yandex() {
    check(
        r#"<html><body><div>Вопрос решён</div><div>&nbsp;</div><div data-signature-widget="container"><div>--<br>Иван Кузнецов</div></div><div>&nbsp;</div><div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">Пятница, 20 ноября 2026, 18:12 +03:00 от Поддержка &lt;s@otklik.example&gt;:<br>&nbsp;<div>Проверьте</div></blockquote></body></html>"#,
        "Вопрос решён",
    );
    check(
        r#"<div>Всё пришло.</div><div>&nbsp;</div><div>20.11.2026, 18:12, "Поддержка" &lt;s@otklik.example&gt;:</div><blockquote><div>Отправили документы</div></blockquote>"#,
        "Всё пришло.",
    );
    check(
        r#"<div>Всё пришло.</div><div><br></div><div>-- <br>Отправлено из мобильной Яндекс Почты</div><div><br></div><div>20.11.2026, 18:12, Поддержка &lt;s@otklik.example&gt;:</div><blockquote><div>Документы</div></blockquote>"#,
        "Всё пришло.",
    );
}

#[test]
fn an_indent_is_not_a_quotation() {
    let html = r#"<div>Список:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>первый</div></blockquote>"#;
    check(html, "Список:\n\nпервый");
}

#[test]
fn pictures_and_tables_of_the_new_part_survive() {
    let html = r#"<div>Вот снимок: <img src="cid:a@b" alt=""></div><table><tr><td>1</td><td>2</td></tr></table><blockquote type="cite">старое <img src="cid:old@b"></blockquote>"#;
    let (kept, rest) = split_html(html);
    assert!(kept.contains("cid:a@b") && kept.contains("<td>1</td><td>2</td>"), "{kept}");
    assert!(!kept.contains("cid:old@b"));
    assert!(rest.unwrap().contains("cid:old@b"));
}

#[test]
fn gmail_answers_between_the_quotations() {
    check(
        r#"<div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">жексенбі 18:12, S &lt;s@otklik.example&gt; деп жазды:<br></div><blockquote class="gmail_quote">Версия?</blockquote><div>4.2</div><blockquote class="gmail_quote">Система?</blockquote><div>Debian</div></div></div>"#,
        "жексенбі 18:12, S <s@otklik.example> деп жазды:\n\n> Версия?\n\n4.2\n\n> Система?\n\nDebian",
    );
    // An attribution in a language without phrases here, known by its element.
    check(
        r#"<div>Да</div><div class="gmail_quote"><div class="gmail_attr">2026 ж., 20 қар. S &lt;s@otklik.example&gt; деп жазды<br></div><blockquote class="gmail_quote">Версия?</blockquote></div>"#,
        "Да",
    );
}
