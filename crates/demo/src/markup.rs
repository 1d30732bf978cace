//! Plain text to the HTML an editor would have made: paragraphs, line breaks, lists.

/// HTML of a text: blank lines separate paragraphs, "- " and "1. " at the beginning of lines make lists.
pub fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        let mut open = "";
        for line in paragraph.split('\n') {
            let (tag, content) = classify(line);
            if open != tag {
                close(open, &mut html);
                html.push_str(match tag {
                    "ul" => "<ul>",
                    "ol" => "<ol>",
                    _ => "<p>",
                });
            } else if tag == "p" {
                html.push_str("<br>");
            }
            open = tag;
            if tag == "p" {
                escape(content, &mut html);
            } else {
                html.push_str("<li>");
                escape(content, &mut html);
                html.push_str("</li>");
            }
        }
        close(open, &mut html);
    }
    html
}

fn classify(line: &str) -> (&'static str, &str) {
    if let Some(item) = line.strip_prefix("- ") {
        return ("ul", item);
    }
    match line.split_once(". ") {
        Some((number, item)) if number.len() == 1 && number.as_bytes()[0].is_ascii_digit() => ("ol", item),
        _ => ("p", line),
    }
}

fn close(tag: &str, html: &mut String) {
    html.push_str(match tag {
        "ul" => "</ul>",
        "ol" => "</ol>",
        "p" => "</p>",
        _ => "",
    });
}

fn escape(text: &str, html: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => continue,
        };
        html.push_str(&text[from..at]);
        html.push_str(entity);
        from = at + 1;
    }
    html.push_str(&text[from..]);
}
