//! What is new in a plain-text reply, by the mail program that wrote it.

use crate::quote::split_text;

/// Checks what stays as new.
#[track_caller]
fn check(text: &str, new: &str) {
    let split = split_text(text.trim_matches('\n'));
    assert_eq!(split.new, new.trim_matches('\n'), "whole split: {split:#?}");
}

/// Checks that nothing is cut.
#[track_caller]
fn keeps(text: &str) {
    check(text, text);
}

#[test]
fn outlook_desktop() {
    check(
        "
Добрый день!

Оплату провели сегодня, платёжка во вложении.

С уважением, Ольга

From: Служба поддержки <support@otklik.example>
Sent: Friday, November 20, 2026 6:12 PM
To: Ольга Миронова <o.mironova@vega.example>
Subject: Счёт 118

Ольга, напомните, пожалуйста, когда ждать оплату?
",
        "
Добрый день!

Оплату провели сегодня, платёжка во вложении.

С уважением, Ольга
",
    );
    check(
        "
Спасибо, помогло.

От: Служба поддержки [mailto:support@otklik.example]
Отправлено: 20 ноября 2026 г. 18:12
Кому: Ольга Миронова
Копия: Пётр Ильин
Тема: Счёт 118

Ольга, перезапустите, пожалуйста, программу.
",
        "Спасибо, помогло.",
    );
    check(
        "
Дякую!

Від: Підтримка <support@otklik.example>
Надіслано: 20 листопада 2026 р. 18:12
Кому: Оксана <oksana@lan.example>
Тема: Рахунок

Оксано, надішліть рахунок.
",
        "Дякую!",
    );
    check(
        "
Вижу, спасибо.

-----Original Message-----
From: support@otklik.example
Sent: Friday, November 20, 2026 6:12 PM
To: olga@vega.example
Subject: RE: счёт

Добрый день
",
        "Вижу, спасибо.",
    );
    check(
        "
Вижу, спасибо.

-----Исходное сообщение-----
От: support@otklik.example
Отправлено: 20 ноября 2026 г. 18:12

Добрый день
",
        "Вижу, спасибо.",
    );
    check(
        "
Passt so, danke.

________________________________
Von: Support <support@otklik.example>
Gesendet: Freitag, 20. November 2026 18:12
An: Otto Braun
Betreff: Rechnung

Guten Tag
",
        "Passt so, danke.",
    );
    check(
        "
Merci !

De : Support <support@otklik.example>
Envoyé : vendredi 20 novembre 2026 18:12
À : Claire
Objet : Facture

Bonjour
",
        "Merci !",
    );
    // Bold labels of a converted HTML mail, and a label line by itself.
    check(
        "
Готово.

*From:* Support <support@otklik.example>
*Sent:* Friday, November 20, 2026 6:12 PM
*To:* olga@vega.example
*Subject:* Счёт

Текст
",
        "Готово.",
    );
}

#[test]
fn outlook_labels_joined_in_one_line() {
    check(
        "
Принято.
От: Поддержка <s@otklik.example> Отправлено: 20 ноября 2026 г. 18:12 Кому: Ольга Тема: Счёт
Добрый день
",
        "Принято.",
    );
}

#[test]
fn gmail() {
    check(
        "
Да, теперь работает

пт, 20 нояб. 2026 г. в 18:12, Служба поддержки <support@otklik.example>:

> Здравствуйте!
>
> Проверьте, пожалуйста, ещё раз.
",
        "Да, теперь работает",
    );
    check(
        "
Works now, thanks!

On Fri, Nov 20, 2026 at 6:12 PM Support Team of a Company With a Long Name <
support@otklik.example> wrote:

> Please check again.
",
        "Works now, thanks!",
    );
    check(
        "
Works now, thanks!

On Fri, Nov 20, 2026 at 6:12 PM Support
<support@otklik.example>
wrote:
> Please check again.
",
        "Works now, thanks!",
    );
    check(
        "
Спасибо

20 ноября 2026 г., 18:12 пользователь Служба поддержки <
support@otklik.example> написал:

> Проверьте
",
        "Спасибо",
    );
    check(
        "
Дякую, все працює

пт, 20 лист. 2026 р. о 18:12 Підтримка <support@otklik.example> пише:

> Перевірте
",
        "Дякую, все працює",
    );
}

#[test]
fn apple_mail() {
    check(
        "
Спасибо, получил!

> 20 нояб. 2026 г., в 18:12, Служба поддержки <support@otklik.example> написал(а):
> 
> Отправили вам договор.
",
        "Спасибо, получил!",
    );
    check(
        "
Got it.

Sent from my iPhone

> On Nov 20, 2026, at 6:12 PM, Support <support@otklik.example> wrote:
> 
> ﻿We have sent the contract.
",
        "Got it.",
    );
    check(
        "
Отримав, дякую

Надіслано з iPhone

> 20 лист. 2026 р. о 18:12 Підтримка <support@otklik.example> написав:
>
> Договір
",
        "Отримав, дякую",
    );
}

#[test]
fn thunderbird_and_the_bat() {
    check(
        "
Проверил — всё в порядке.

20.11.2026 18:12, Служба поддержки пишет:
> Проверьте, пожалуйста.
>> раньше
",
        "Проверил — всё в порядке.",
    );
    check(
        "
All fine.

On 20.11.2026 18:12, Support wrote:
> Please check.
",
        "All fine.",
    );
    check(
        "
Здравствуйте, Служба поддержки.

Всё получилось.

Вы писали 20 ноября 2026 г., 18:12:00:

СП> Проверьте, пожалуйста,
СП> ещё раз.
",
        "Здравствуйте, Служба поддержки.\n\nВсё получилось.",
    );
    check("Alles gut.\n\nAm 20.11.2026 um 18:12 schrieb Support:\n> Bitte prüfen.", "Alles gut.");
    check("C'est bon.\n\nLe 20/11/2026 à 18:12, Support a écrit :\n> Vérifiez.", "C'est bon.");
}

#[test]
fn mail_ru() {
    check(
        "
Добрый день, вопрос решён.


--
Иван Кузнецов


Пятница, 20 ноября 2026, 18:12 +03:00 от Служба поддержки <support@otklik.example>:
>
>Здравствуйте!
>
>Проверьте, пожалуйста.
",
        "Добрый день, вопрос решён.",
    );
    check(
        "
Вопрос решён
Отправлено из Почты Mail.ru

Пятница, 20 ноября 2026, 18:12 +03:00 от Служба поддержки <support@otklik.example>:
Здравствуйте! Проверьте, пожалуйста.
",
        "Вопрос решён",
    );
    check(
        "
Вопрос решён

--
Отправлено из Mail для Android
пятница, 20 ноября 2026г., 18:12 +03:00 от support@otklik.example:
> Здравствуйте!
",
        "Вопрос решён",
    );
}

#[test]
fn yandex() {
    check(
        "
Всё пришло.

20.11.2026, 18:12, \"Служба поддержки\" <support@otklik.example>:
> Отправили документы.
",
        "Всё пришло.",
    );
    check(
        "
Всё пришло.

-- 
Отправлено из мобильной Яндекс Почты

20.11.2026, 18:12, Служба поддержки <support@otklik.example>:
Отправили документы.
",
        "Всё пришло.",
    );
    check(
        "
Всё пришло.

20.11.2026, 18:12, \"support@otklik.example\" <support@otklik.example>:
Отправили документы.

-- 
С уважением, поддержка
",
        "Всё пришло.",
    );
}

#[test]
fn phones() {
    check("Да, подходит\n\nОтправлено с iPhone", "Да, подходит");
    check("Да, подходит\n\nОтправлено с моего iPhone", "Да, подходит");
    check("Так\n\nНадіслано з iPhone", "Так");
    check("Yes\n\nSent from my Samsung Galaxy smartphone.", "Yes");
    check("Yes\n\nGet Outlook for Android<https://aka.ms/x>", "Yes");
    check("Да\n\nОтправлено с телефона Xiaomi", "Да");
    check("Да\nОтправлено с устройства Samsung.", "Да");
    check("Ja\n\nVon meinem iPhone gesendet", "Ja");
    check("Oui\n\nEnvoyé de mon iPhone", "Oui");
    check(
        "
Беру

-------- Исходное сообщение --------
От: Служба поддержки <support@otklik.example>
Дата: 20.11.2026 18:12 (GMT+03:00)
Кому: ivan@vega.example
Тема: Предложение

Здравствуйте
",
        "Беру",
    );
}

#[test]
fn quoted_below_an_answer() {
    check("Да.\n\n> Вы придёте?", "Да.");
    // Answer below.
    check(
        "
20.11.2026 18:12, Служба поддержки пишет:
> Какой у вас номер договора?

Номер 118.
",
        "Номер 118.",
    );
    check("> Какой у вас номер договора?\n\nНомер 118.\n\n-- \nИван", "Номер 118.");
}

#[test]
fn interleaved_answers_keep_the_quotation() {
    keeps(
        "
Добрый день, отвечаю по пунктам.

20.11.2026 18:12, Служба поддержки пишет:
> 1. Какая у вас версия?
4.2
> 2. Какая система?
Debian 12
",
    );
    // What follows the last answer is history.
    check(
        "
> 1. Какая у вас версия?

4.2

> 2. Какая система?

Debian 12

> С уважением,
> поддержка
",
        "
> 1. Какая у вас версия?

4.2

> 2. Какая система?

Debian 12
",
    );
}

#[test]
fn forwarded_messages_stay() {
    keeps(
        "
Посмотрите, пожалуйста

---------- Forwarded message ---------
От: Банк <info@bank.example>
Date: пт, 20 нояб. 2026 г. в 18:12
Subject: Отказ
To: <ivan@vega.example>

Ваш платёж отклонён.
> старая цитата
",
    );
    keeps(
        "См. ниже\n\n-------- Пересылаемое сообщение --------\n20.11.2026, 18:12, \"Банк\" <info@bank.example>:\n\nВаш платёж отклонён.\n\n-------- Конец пересылаемого сообщения --------",
    );
    keeps(
        "Begin forwarded message:\n\nFrom: Bank <info@bank.example>\nSubject: No\nDate: 20 Nov 2026\nTo: ivan@vega.example\n\nRejected.",
    );
    keeps(
        "Начало переадресованного сообщения:\n\n> От: Банк <info@bank.example>\n> Тема: Отказ\n> Дата: 20 ноября 2026 г.\n> Кому: ivan@vega.example\n>\n> Отклонено",
    );
    // No word above the header: it shows that message.
    keeps(
        "От: Банк <info@bank.example>\nОтправлено: 20 ноября 2026 г. 18:12\nКому: Иван\nТема: Отказ\n\nВаш платёж отклонён.",
    );
}

#[test]
fn an_answer_to_an_answer_cuts_at_the_first_history() {
    check(
        "
И ещё вопрос: когда будет обновление?

пт, 20 нояб. 2026 г. в 18:12, Поддержка <support@otklik.example>:

> Добрый день!
>
> чт, 19 нояб. 2026 г. в 10:00, Иван <ivan@vega.example>:
>
>> Не работает
>
> --
> Поддержка
",
        "И ещё вопрос: когда будет обновление?",
    );
}

#[test]
fn signatures_are_cut_with_care() {
    check("Готово.\n\n-- \nИван Кузнецов\nООО «Вега»\n+7 495 000-00-00", "Готово.");
    check("Готово.\n\n--\nИван Кузнецов", "Готово.");
    check(
        "Прошу выставить счёт.\n\nС уважением,\nИван Кузнецов\nглавный инженер ООО «Вега»\nтел. +7 495 000-00-00\nivan@vega.example",
        "Прошу выставить счёт.",
    );
    // A closing phrase with a name is part of the letter.
    keeps("Прошу выставить счёт.\n\nС уважением,\nИван");
    keeps("Спасибо!\n\nС уважением, Иван Кузнецов");
    // Dashes that divide a text.
    keeps(
        "Список:\n--\nпервый\n--\n\nвторой\n\nА ещё хочу спросить про доставку:\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16",
    );
    // A letter that is nothing but what looks like a signature.
    keeps("-- \nИван Кузнецов\nзвоните мне");
    keeps("Отправлено с ошибкой, прошу не учитывать предыдущее письмо и заявку №118");
    keeps("Заказ отправлено с терминала 5, а в программе его нет");
}

#[test]
fn a_text_that_only_looks_like_a_quotation_stays() {
    keeps("Если сумма > 1000, скидка не считается.\nПри a>b тоже.");
    keeps("Заявка с сайта\n\nОт: Иван\nТелефон: +7 900 000-00-00\nТема: Консультация\nСообщение: перезвоните");
    keeps("В письме от 20.11.2026 вы писали, что срок до пятницы. Это ещё так?");
    keeps("Вот что мне ответили вчера:\n\nнет на складе.\n\nЧто делать?");
    keeps("Здравствуйте!\n\nВот список того, что мне написал ivan@vega.example 21.11.2026 10:00:\n- одно\n- другое");
    keeps("Когда: 21.11.2026 в 10:00\nГде: офис\nКто: все");
}

#[test]
fn a_reply_without_a_word_of_its_own_is_empty() {
    check("> Вы придёте?\n> Ждём.", "");
    check("пт, 20 нояб. 2026 г. в 18:12, Поддержка <support@otklik.example>:\n\n> Вы придёте?", "");
    check(
        "Отправлено с iPhone\n\n> 20 нояб. 2026 г., в 18:12, Поддержка <s@otklik.example> написал(а):\n> \n> Вы придёте?",
        "",
    );
    check("", "");
}

#[test]
fn list_footers_below_the_quotation_do_not_make_it_interleaved() {
    check(
        "
Да, согласны.

20.11.2026 18:12, Поддержка пишет:
> Согласны?

-- 
Это сообщение проверено на вирусы антивирусом Avast.
",
        "Да, согласны.",
    );
}

#[test]
fn other_programs() {
    // Roundcube, Evolution, KMail, Claws, Mutt, Spark, Zimbra, Windows Mail.
    for attribution in [
        "Поддержка писал 2026-11-20 18:12:",
        "On 2026-11-20 18:12, Support wrote:",
        "В Пт, 20/11/2026 в 18:12 +0300, Поддержка пишет:",
        "On Fri, 2026-11-20 at 18:12 +0300, Support wrote:",
        "В письме от пятница, 20 ноября 2026 г. 18:12:00 MSK пользователь Поддержка написал:",
        "On Fri, 20 Nov 2026 18:12:00 +0300\nSupport <support@otklik.example> wrote:",
        "On Fri, Nov 20, 2026 at 06:12:00PM +0300, Support wrote:",
        "20 нояб. 2026 г., 18:12 +0300, Поддержка <support@otklik.example>, писал:",
        "Пятница, 20 ноября 2026, 18:12 +03:00 от Поддержка support@otklik.example:",
        "пт, 20 нояб. 2026 г. в 18:12, <support@otklik.example>:",
        "El vie, 20 nov 2026 a las 18:12, Support (<support@otklik.example>) escribió:",
    ] {
        check(&format!("Всё готово.\n\n{attribution}\n\n> Проверьте.\n> Ждём."), "Всё готово.");
    }
    check(
        "Готово\n\nОтправлено из Почты для Windows\n\nОт: Поддержка\nОтправлено: 20 ноября 2026 г. 18:12\nКому: Иван\nТема: Счёт\n\nЖдём",
        "Готово",
    );
    check(
        "Готово\n\n----- Исходное сообщение -----\nОт: \"Поддержка\" <s@otklik.example>\nКому: ivan@vega.example\nОтправленные: Пятница, 20 Ноябрь 2026 г 18:12:00\nТема: Счёт\n\nЖдём",
        "Готово",
    );
    check(
        "Готово\n\nFrom: Support <s@otklik.example>\nDate: Friday, 20 November 2026 at 18:12\nTo: Ivan <ivan@vega.example>\nSubject: Invoice\n\nwaiting",
        "Готово",
    );
}

#[test]
fn a_signature_below_the_quotation() {
    check("Да, верно.\n\n20.11.2026 18:12, Поддержка пишет:\n> Верно?\n\n-- \nИван Кузнецов\nООО «Вега»", "Да, верно.");
    check("Да, верно.\n\n20.11.2026 18:12, Поддержка пишет:\n> Верно?\n\n\nОтправлено с iPhone", "Да, верно.");
}
