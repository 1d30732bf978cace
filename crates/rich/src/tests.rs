//! Behaviour in tables, and what must hold for any input in properties.

use proptest::prelude::*;

use crate::{
    Counts, Document, Format, Limit, MaxMarkup, TelegramEntity, Unit, VkFormatData, VkFormatItem, from_marks, from_max,
    from_plain, from_telegram, from_vk,
};

fn render(html: &str, format: Format) -> String {
    Document::from_html(html).render(format)
}

#[test]
fn what_the_editor_writes_reads_the_same_in_every_messenger() {
    let cases = [
        (
            "<p>Добрый день!</p><p></p><p>Заказ готов.</p>",
            "Добрый день!\n\nЗаказ готов.",
            "Добрый день!\n\nЗаказ готов.",
        ),
        ("<p>Цена <strong>1 < 2 & 3</strong></p>", "Цена <b>1 &lt; 2 &amp; 3</b>", "Цена *1 < 2 & 3*"),
        (
            "<p><em>а <strong>б</strong></em> <s>в</s> <u>г</u></p>",
            "<i>а <b>б</b></i> <s>в</s> <u>г</u>",
            "_а *б*_ ~в~ г",
        ),
        (
            "<ul><li><p>раз</p></li><li><p>два</p><ol start=\"3\"><li><p>три</p></li></ol></li></ul>",
            "• раз\n• два\n  3. три",
            "• раз\n• два\n  3. три",
        ),
        (
            "<p>а</p><blockquote><p>цитата</p><p>вторая</p></blockquote><p>б</p>",
            "а\n<blockquote>цитата\nвторая</blockquote>\nб",
            "а\n> цитата\n> вторая\nб",
        ),
        (
            "<pre><code class=\"language-rust\">fn main() {\n\n}\n</code></pre>",
            "<pre><code class=\"language-rust\">fn main() {\n\n}</code></pre>",
            "```fn main() {\n\n}```",
        ),
        ("<p>см. <code>a &lt; b</code></p>", "см. <code>a &lt; b</code>", "см. ```a < b```"),
        ("<p>а<br>б<br><br>в</p>", "а\nб\n\nв", "а\nб\n\nв"),
        ("<p>  много \n пробелов  </p>", "много пробелов", "много пробелов"),
        (
            "<p><a href=\"https://otklik.example/a?b=1&amp;c=2\">сайт</a></p>",
            "<a href=\"https://otklik.example/a?b=1&amp;c=2\">сайт</a>",
            "сайт (https://otklik.example/a?b=1&c=2)",
        ),
        (
            "<p><a href=\"https://otklik.example/\">otklik.example</a></p>",
            "<a href=\"https://otklik.example/\">otklik.example</a>",
            "otklik.example",
        ),
        ("<p><a href=\"mailto:a@b.example\">пишите</a></p>", "пишите (a@b.example)", "пишите (a@b.example)"),
        ("<p><a href=\"javascript:alert(1)\">нет</a></p>", "нет", "нет"),
        ("<h2>Тема</h2><p>текст<img src=\"/files/1/a.png\"></p>", "<b>Тема</b>\nтекст", "*Тема*\nтекст"),
        ("<p>сл<strong>ов</strong>о <strong> край </strong>.</p>", "сл<b>ов</b>о <b>край </b>.", "слово *край* ."),
        ("<table><tr><td>а</td><td>б</td></tr><tr><td>в</td></tr></table>", "а  б\nв", "а  б\nв"),
        ("<script>alert(1)</script><style>p{}</style>да", "да", "да"),
        ("<p><strong>не закрыт", "<b>не закрыт</b>", "*не закрыт*"),
        ("", "", ""),
        ("<p></p><p><br></p>", "", ""),
    ];
    for (html, telegram, marks) in cases {
        assert_eq!(render(html, Format::TelegramHtml), telegram, "{html}");
        assert_eq!(render(html, Format::Marks), marks, "{html}");
    }
}

#[test]
fn max_knows_no_quotations_and_no_languages() {
    let html = "<blockquote><p><b>ц</b></p></blockquote><pre><code class=\"language-c\">x &lt; y</code></pre>";
    assert_eq!(render(html, Format::MaxHtml), "&gt; <b>ц</b>\n<pre>x &lt; y</pre>");
    assert_eq!(render(html, Format::Plain), "> ц\nx < y");
}

#[test]
fn vk_gets_ranges_in_utf16() {
    let html = "<p>😀 <strong>жир<em>но</em></strong> <a href=\"https://vk.example/\">тут</a> <s>нет</s></p>";
    let item = |kind: &str, offset, length, url: Option<&str>| VkFormatItem {
        kind: kind.to_owned(),
        offset,
        length,
        url: url.map(str::to_owned),
    };
    let vk = Document::from_html(html).render_vk();
    assert_eq!(vk.text, "😀 жирно тут нет");
    let format = vk.format.unwrap();
    let items = [item("bold", 3, 5, None), item("italic", 6, 2, None), item("url", 9, 3, Some("https://vk.example/"))];
    assert_eq!(format.items, items);
    assert_eq!(serde_json_like(&format), "1/3");
    assert_eq!(Document::from_html("<p>просто</p>").render_vk().format, None);
    let back = "<p>😀 <strong>жир</strong><strong><em>но</em></strong> \
                <a href=\"https://vk.example/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">тут</a> нет</p>";
    assert_eq!(from_vk(&vk.text, Some(&format)), back);
}

fn serde_json_like(format: &VkFormatData) -> String {
    format!("{}/{}", format.version, format.items.len())
}

fn entity(kind: &str, offset: usize, length: usize) -> TelegramEntity {
    TelegramEntity { kind: kind.to_owned(), offset, length, url: None, language: None }
}

#[test]
fn telegram_entities_nest_overlap_and_count_in_utf16() {
    let link = |address: &str, text: &str| {
        format!("<a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{text}</a>")
    };
    let text_link = TelegramEntity { url: Some("https://a.example/?q=1&r=\"".to_owned()), ..entity("text_link", 0, 2) };
    let unsafe_link = TelegramEntity { url: Some("javascript:alert(1)".to_owned()), ..entity("text_link", 0, 2) };
    let rust = TelegramEntity { language: Some("rust".to_owned()), ..entity("pre", 2, 3) };
    let cases = [
        ("😀жир", vec![entity("bold", 2, 3)], "<p>😀<strong>жир</strong></p>".to_owned()),
        (
            "абвг",
            vec![entity("bold", 0, 3), entity("italic", 1, 3)],
            "<p><strong>а</strong><strong><em>бв</em></strong><em>г</em></p>".to_owned(),
        ),
        ("да", vec![text_link], format!("<p>{}</p>", link("https://a.example/?q=1&amp;r=&quot;", "да"))),
        ("да", vec![unsafe_link], "<p>да</p>".to_owned()),
        ("ya.ru", vec![entity("url", 0, 5)], format!("<p>{}</p>", link("http://ya.ru", "ya.ru"))),
        ("+7 (900) 1", vec![entity("phone_number", 0, 10)], format!("<p>{}</p>", link("tel:+79001", "+7 (900) 1"))),
        (
            "@otklik_bot",
            vec![entity("mention", 0, 11)],
            format!("<p>{}</p>", link("https://t.me/otklik_bot", "@otklik_bot")),
        ),
        ("а\nx<y\nб", vec![rust], "<p>а</p><pre><code>x&lt;y</code></pre><p>б</p>".to_owned()),
        (
            "а\nц1\nц2\n\nб",
            vec![entity("blockquote", 2, 5)],
            "<p>а</p><blockquote><p>ц1<br>ц2</p></blockquote><p><br>б</p>".to_owned(),
        ),
        (
            "<b>&\r\n  x",
            vec![entity("bold", 100, 5), entity("italic", 0, usize::MAX)],
            "<p><em>&lt;b&gt;&amp;</em><br><em>\u{a0}\u{a0}x</em></p>".to_owned(),
        ),
        ("😀", vec![entity("bold", 1, 1)], "<p><strong>😀</strong></p>".to_owned()),
    ];
    for (text, entities, html) in cases {
        assert_eq!(from_telegram(text, &entities), html, "{text}");
    }
}

#[test]
fn max_markup_becomes_html() {
    let markup = [MaxMarkup { kind: "strong".to_owned(), from: 3, length: 2, url: None }];
    assert_eq!(from_max("😀 да", &markup), "<p>😀 <strong>да</strong></p>");
}

#[test]
fn marks_are_read_as_whatsapp_reads_them() {
    let cases = [
        ("*жирно* и _косо_", "<p><strong>жирно</strong> и <em>косо</em></p>"),
        ("*_оба_* ~нет~", "<p><strong><em>оба</em></strong> <s>нет</s></p>"),
        ("2*2=4 и 3*3", "<p>2*2=4 и 3*3</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("* список\n* ещё", "<p>* список<br>* ещё</p>"),
        ("* не жирно *", "<p>* не жирно *</p>"),
        ("*на одной\nстроке*", "<p>*на одной<br>строке*</p>"),
        ("`x*y*` и ```a_b_```", "<p><code>x*y*</code> и <code>a_b_</code></p>"),
        ("вот:\n```\nlet x;\n*y*\n```\nвсё", "<p>вот:</p><pre><code>let x;\n*y*</code></pre><p>всё</p>"),
        ("``` не закрыто", "<p>``` не закрыто</p>"),
        ("> цитата *да*\nответ", "<blockquote><p>цитата <strong>да</strong></p></blockquote><p>ответ</p>"),
        ("**два**", "<p>*<strong>два</strong>*</p>"),
        ("(*а*)", "<p>(<strong>а</strong>)</p>"),
    ];
    for (text, html) in cases {
        assert_eq!(from_marks(text), html, "{text}");
    }
}

#[test]
fn bare_addresses_become_links() {
    let link = |address: &str, text: &str| {
        format!("<a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{text}</a>")
    };
    let cases = [
        (
            "см. https://a.example/x_y_z.",
            format!("<p>см. {}.</p>", link("https://a.example/x_y_z", "https://a.example/x_y_z")),
        ),
        ("(www.a.example)", format!("<p>({})</p>", link("http://www.a.example", "www.a.example"))),
        ("почта i@a.example, да", format!("<p>почта {}, да</p>", link("mailto:i@a.example", "i@a.example"))),
        ("https://a.example/(b)", format!("<p>{}</p>", link("https://a.example/(b)", "https://a.example/(b)"))),
        ("http:// и @ и a@b", "<p>http:// и @ и a@b</p>".to_owned()),
    ];
    for (text, html) in cases {
        assert_eq!(from_plain(text), html, "{text}");
    }
    assert_eq!(
        from_marks("https://a.example/_x_ *б*"),
        format!("<p>{} <strong>б</strong></p>", link("https://a.example/_x_", "https://a.example/_x_"))
    );
}

const TELEGRAM: Limit = Limit { max: 40, unit: Unit::Utf16, counts: Counts::Text };

fn pieces(html: &str, format: Format, limit: Limit) -> Vec<String> {
    Document::from_html(html).split(format, limit).iter().map(|piece| piece.render(format)).collect()
}

#[test]
fn a_long_text_is_cut_where_a_person_would_cut_it() {
    let html = "<p><b>Первый абзац письма, он короткий.</b></p><p></p><p>Второй абзац, который сюда не войдёт.</p>";
    assert_eq!(
        pieces(html, Format::TelegramHtml, TELEGRAM),
        ["<b>Первый абзац письма, он короткий.</b>", "Второй абзац, который сюда не войдёт."]
    );
    let html = "<p><b>Одно предложение тут есть. А второе уже не влезает никак</b></p>";
    assert_eq!(
        pieces(html, Format::TelegramHtml, TELEGRAM),
        ["<b>Одно предложение тут есть.</b>", "<b>А второе уже не влезает никак</b>"]
    );
    let html = format!("<pre><code>{}</code></pre>", "строка кода\n".repeat(5));
    let code = "<pre>строка кода\nстрока кода\nстрока кода</pre>";
    assert_eq!(pieces(&html, Format::TelegramHtml, TELEGRAM), [code, "<pre>строка кода\nстрока кода</pre>"]);
    let quoted = format!("<blockquote>{}</blockquote>", "<p>строка цитаты</p>".repeat(4));
    assert_eq!(
        pieces(&quoted, Format::Marks, Limit { counts: Counts::Markup, ..TELEGRAM }),
        ["> строка цитаты\n> строка цитаты", "> строка цитаты\n> строка цитаты"]
    );
}

#[test]
fn an_address_too_long_for_a_link_is_written_out() {
    let address = format!("https://a.example/{}", "x".repeat(100));
    let html = format!("<p><a href=\"{address}\">сюда</a></p>");
    let limit = Limit { counts: Counts::Markup, max: 64, unit: Unit::Chars };
    let pieces = pieces(&html, Format::MaxHtml, limit);
    assert_eq!(pieces.concat(), format!("сюда({address})"));
    assert!(pieces.iter().all(|piece| piece.chars().count() <= 64));
}

#[test]
fn an_accent_or_a_joined_emoji_stays_whole() {
    let family = "👨\u{200D}👩\u{200D}👧";
    let html = format!("<p>{}</p>", family.repeat(12));
    for piece in pieces(&html, Format::Plain, TELEGRAM) {
        assert_eq!(piece.replace(family, ""), "");
    }
}

fn formats() -> impl Strategy<Value = Format> {
    prop_oneof![
        Just(Format::TelegramHtml),
        Just(Format::MaxHtml),
        Just(Format::Marks),
        Just(Format::Vk),
        Just(Format::Plain)
    ]
}

fn limits() -> impl Strategy<Value = Limit> {
    let unit = prop_oneof![Just(Unit::Chars), Just(Unit::Utf16), Just(Unit::Bytes)];
    let counts = prop_oneof![Just(Counts::Text), Just(Counts::Markup)];
    (32usize..200, unit, counts).prop_map(|(max, unit, counts)| Limit { max, unit, counts })
}

fn html_soup() -> impl Strategy<Value = String> {
    let tags = [
        "<p>",
        "</p>",
        "<p></p>",
        "<br>",
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "<u>",
        "</u>",
        "<s>",
        "</s>",
        "<code>",
        "</code>",
        "<pre><code class=\"language-rust\">",
        "</code></pre>",
        "<ul>",
        "</ul>",
        "<ol start=\"9\">",
        "</ol>",
        "<li>",
        "</li>",
        "<blockquote>",
        "</blockquote>",
        "<a href=\"https://a.example/?x=1&amp;y=2\">",
        "</a>",
        "<a href=\"mailto:a@b.example\">",
        "<td>",
        "<hr>",
        "<img src=\"/files/a\">",
        "&amp;",
        "&lt;b&gt;",
        "&nbsp;",
        "\n",
        "  ",
        "*",
        "_",
        "```",
        "👨\u{200D}👩\u{200D}👧",
        "🇷🇺",
        "e\u{301}",
    ];
    let piece = prop_oneof![
        3 => proptest::sample::select(tags.to_vec()).prop_map(str::to_owned),
        3 => "[а-яa-z0-9]{1,12}[ .,!?]{0,2}",
        1 => "\\PC{0,8}",
        1 => "[а-я]{30,90}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// All that is to be read, without blanks: cuts may only take those.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Fails unless all tags are closed in order.
fn assert_balanced(markup: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in markup.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{markup}"),
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{markup}");
    for reference in markup.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| reference.starts_with(known)), "{markup}");
    }
}

fn size(text: &str, unit: Unit) -> usize {
    match unit {
        Unit::Chars => text.chars().count(),
        Unit::Utf16 => text.encode_utf16().count(),
        Unit::Bytes => text.len(),
    }
}

proptest! {
    #[test]
    fn splitting_loses_nothing_and_keeps_to_the_limit(html in html_soup(), format in formats(), limit in limits()) {
        let document = Document::from_html(&html);
        let pieces = document.split(format, limit);
        let whole = letters(&document.with_addresses(format).text());
        let parts: String = pieces.iter().map(|piece| letters(&piece.text())).collect();
        if limit.counts == Counts::Text || format != Format::MaxHtml && format != Format::TelegramHtml {
            prop_assert_eq!(whole, parts);
        } else {
            // An address that did not fit as a link is in the text as well.
            let added = parts.replace("(https://a.example/?x=1&y=2)", "");
            prop_assert!(added == whole.replace("(https://a.example/?x=1&y=2)", "") || parts.len() > whole.len());
        }
        for piece in &pieces {
            prop_assert!(!piece.is_empty());
            let markup = piece.render(format);
            if matches!(format, Format::TelegramHtml | Format::MaxHtml) {
                assert_balanced(&markup);
            }
            let counted = match limit.counts {
                Counts::Markup => markup,
                Counts::Text => piece.write(format).shown,
            };
            prop_assert!(size(&counted, limit.unit) <= limit.max, "{} of {}: {}", size(&counted, limit.unit), limit.max, counted);
        }
    }

    #[test]
    fn a_word_under_the_limit_is_never_broken(words in prop::collection::vec("[а-яa-z]{1,30}", 1..60)) {
        let html = format!("<p>{}</p>", words.join(" "));
        let limit = Limit { max: 40, unit: Unit::Chars, counts: Counts::Text };
        let pieces = Document::from_html(&html).split(Format::TelegramHtml, limit);
        let found: Vec<String> =
            pieces.iter().flat_map(|piece| piece.text().split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
        prop_assert_eq!(found, words);
    }

    #[test]
    fn a_text_that_fits_is_one_piece(html in html_soup(), format in formats()) {
        let document = Document::from_html(&html);
        let limit = Limit { max: 100_000, unit: Unit::Bytes, counts: Counts::Markup };
        let pieces = document.split(format, limit);
        prop_assert!(pieces.len() <= 1);
        if let Some(piece) = pieces.first() {
            prop_assert_eq!(piece.render(format), document.render(format));
        }
    }

    #[test]
    fn our_html_reads_back_as_it_was(html in html_soup()) {
        let once = Document::from_html(&html).to_html();
        assert_balanced(&once.replace("<br>", ""));
        prop_assert_eq!(Document::from_html(&once).to_html(), once);
    }

    #[test]
    fn whatever_clients_write_is_safe_html_with_all_their_text(
        text in "\\PC{0,40}|([*_~`> \n<&a-zа-я1]|```|https://x_y.example/|😀){0,60}",
        ranges in prop::collection::vec((0usize..9, 0usize..70, 0usize..70), 0..12),
    ) {
        let kinds = ["bold", "italic", "underline", "strikethrough", "code", "pre", "blockquote", "url", "spoiler"];
        let entities: Vec<TelegramEntity> =
            ranges.iter().map(|(kind, offset, length)| entity(kinds[*kind], *offset, *length)).collect();
        let html = from_telegram(&text, &entities);
        assert_balanced(&html.replace("<br>", ""));
        prop_assert_eq!(letters(&Document::from_html(&html).text()), letters(&text.replace(char::is_control, " ")));
        let plain = from_plain(&text);
        prop_assert_eq!(letters(&Document::from_html(&plain).text()), letters(&text.replace(char::is_control, " ")));
        assert_balanced(&from_marks(&text).replace("<br>", ""));
    }
}
