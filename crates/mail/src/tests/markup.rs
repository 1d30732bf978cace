//! Cleaning HTML, blocking pictures, converting to and from text.

use crate::html::{block_remote_images, html_to_text, replace_cids, sanitize, text_to_html};

#[track_caller]
fn text(html: &str, want: &str) {
    assert_eq!(html_to_text(html), want);
}

#[test]
fn hostile_markup_is_removed() {
    for (html, forbidden) in [
        ("<script>alert(1)</script>ok", "alert"),
        ("<img src=x onerror=alert(1)>ok", "onerror"),
        ("<a href=\"javascript:alert(1)\">ok</a>", "javascript"),
        ("<a href=\" java&#10;script:alert(1)\">ok</a>", "script:"),
        ("<a href=\"data:text/html,x\">ok</a>", "data:"),
        ("<iframe src=\"http://x.example\">no</iframe>ok", "iframe"),
        ("<form action=\"http://x.example\"><input name=a><button>no</button>ok</form>", "form"),
        ("<style>body{display:none}</style>ok", "display"),
        ("<svg><script>alert(1)</script></svg>ok", "svg"),
        ("<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">ok", "script"),
        ("<div style=\"position:fixed;top:0;color:red\">ok</div>", "position"),
        ("<div style=\"background:url(javascript:alert(1))\">ok</div>", "javascript"),
        ("<div style=\"width:expression(alert(1))\">ok</div>", "expression"),
        ("<base href=\"http://x.example\">ok", "base"),
        ("<meta http-equiv=refresh content=\"0;url=http://x.example\">ok", "refresh"),
        ("<img src=\"data:image/svg+xml;base64,AAAA\">ok", "svg"),
        ("<title>no</title>ok", "no"),
        ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">ok", "onerror"),
        ("<a href=\"/relative\">ok</a>", "/relative"),
        ("<p id=\"x\" class=\"y\">ok</p>", "class"),
        ("<object data=\"x\"></object><embed src=\"x\">ok", "embed"),
    ] {
        let clean = sanitize(html);
        assert!(!clean.contains(forbidden), "{html} -> {clean}");
    }
}

#[test]
fn decent_markup_stays() {
    for html in [
        "<p>a <b>b</b> <i>c</i> <u>d</u></p>",
        "<table border=\"1\" cellpadding=\"3\"><tbody><tr><td colspan=\"2\" align=\"center\">x</td></tr></tbody></table>",
        "<ul><li>a</li><li>b</li></ul>",
        "<p style=\"color:red;text-align:center\">x</p>",
        "<font color=\"#ff0000\" size=\"2\">x</font>",
        "<img src=\"cid:a@b\" alt=\"x\">",
        "<img src=\"https://x.example/a.png?b=1&amp;c=2\">",
        "<img src=\"data:image/png;base64,iVBORw0K\">",
        "<blockquote type=\"cite\">x</blockquote>",
        "<pre>a\n  b &lt;c&gt;</pre>",
    ] {
        assert_eq!(sanitize(html), html);
    }
    let link = sanitize("<a href=\"https://x.example/\">x</a>");
    assert!(link.contains("rel=\"noopener noreferrer nofollow\"") && link.contains("target=\"_blank\""), "{link}");
}

#[test]
fn remote_pictures_are_blocked() {
    let clean = sanitize(
        "<img src=\"https://t.example/a.png\" srcset=\"https://t.example/b.png 2x\"><table background=\"http://t.example/c.png\"><tr><td style=\"color:red;background-image:url('http://t.example/d.png')\">x</td></tr></table><img src=\"cid:a@b\">",
    );
    let (blocked, any) = block_remote_images(&clean);
    assert!(any);
    for gone in [" src=\"https", " srcset=", " background=\"http"] {
        assert!(!blocked.contains(gone), "{gone} in {blocked}");
    }
    assert!(
        blocked.contains("data-src=\"https://t.example/a.png\"")
            && blocked.contains(" src=\"cid:a@b\"")
            && blocked.contains(" style=\"color:red\""),
        "{blocked}"
    );
    assert!(!block_remote_images("<p>x <img src=\"cid:a@b\"> <img src=\"data:image/png;base64,AA\"></p>").1);
}

#[test]
fn content_ids_lead_to_files() {
    let clean =
        sanitize("<img src=\"cid:I%40x\"><img src=\"cid:other\"><div style=\"background:url(cid:I@x)\">x</div>");
    let page = replace_cids(&clean, |id| (id == "I@x").then(|| "/files/1/a.png".to_owned()));
    assert!(page.contains("<img src=\"/files/1/a.png\"><img src=\"cid:other\">"), "{page}");
    assert!(page.contains("url(&quot;/files/1/a.png&quot;)"), "{page}");
}

#[test]
fn html_reads_as_text() {
    text("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree");
    text("<div>a</div><div><br></div><div>b</div>", "a\n\nb");
    text("<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal>b</p>", "a\nb");
    text("<ul><li>a<li>b<ol><li>c<li>d</ol></ul>", "- a\n- b\n\n  1. c\n  2. d");
    text("<table><tr><th>Товар<th>Цена<tr><td>Стол<td>100</table>", "Товар | Цена\nСтол | 100");
    text("Смотрите <a href=\"https://x.example/a\">здесь</a>.", "Смотрите здесь (https://x.example/a).");
    text("<a href=\"https://x.example/\">x.example</a> <a href=\"mailto:a@b.ru\">a@b.ru</a>", "x.example a@b.ru");
    text("a<blockquote>b<blockquote>c</blockquote></blockquote>", "a\n\n> b\n\n> > c");
    text("<pre>a\n  b\n</pre>c", "a\n  b\nc");
    text("<img src=cid:x alt=\"Схема\"> <img src=\"http://t.example/p.gif\" width=1 height=1 alt=t>", "[Схема]");
    text("<div style=\"display:none\">preheader</div>a &amp; b&nbsp;&laquo;c&raquo;", "a & b «c»");
    text("<h1>Заголовок</h1>текст<hr>ещё", "Заголовок\n\nтекст\n---\nещё");
    text("<title>no</title><style>no</style><!-- no -->", "");
}

#[test]
fn text_becomes_html() {
    let check = |text: &str, want: &str| {
        let page = text_to_html(text).replace(" target=\"_blank\" rel=\"noopener noreferrer nofollow\"", "");
        assert_eq!(page, want);
    };
    check("a < b & c\nd", "a &lt; b &amp; c<br>\nd");
    check(
        "см. https://x.example/a?b=1&c=2, и (www.y.example).",
        "см. <a href=\"https://x.example/a?b=1&amp;c=2\">https://x.example/a?b=1&amp;c=2</a>, и (<a href=\"http://www.y.example\">www.y.example</a>).",
    );
    check("пишите на ivan@vega.example!", "пишите на <a href=\"mailto:ivan@vega.example\">ivan@vega.example</a>!");
    check("https://x.example/a_(b)", "<a href=\"https://x.example/a_(b)\">https://x.example/a_(b)</a>");
    check("> a\n>> b\nc", "<blockquote>a<blockquote>b</blockquote></blockquote>c");
    check("  два  пробела", "&nbsp;&nbsp;два &nbsp;пробела");
    check("a@ @b http:// 5>3", "a@ @b http:// 5&gt;3");
    assert_eq!(sanitize(&text_to_html("https://x.example <b>")), text_to_html("https://x.example <b>"));
}

#[test]
fn html_built_to_be_slow_is_read_as_text() {
    for evil in [
        "<div>".repeat(30_000),
        "<b><p>".repeat(20_000),
        (0..2000).map(|n| format!("<font size={n}>")).collect::<String>() + &"<p>x".repeat(20_000),
        "<table><tr><td>".repeat(20_000),
        "<!--".repeat(20_000),
        "<a ".repeat(50_000),
        "&".repeat(50_000),
        "&amp;&nbsp;".repeat(20_000),
        "<ul><li>".repeat(30_000) + "конец",
    ] {
        let start = std::time::Instant::now();
        let _ = crate::quote::split_html(&evil);
        assert!(start.elapsed().as_secs() < 5, "{} took {:?}", &evil[..20], start.elapsed());
    }
    assert_eq!(html_to_text(&("<div>".repeat(50_000) + "слова")), "слова");
}
