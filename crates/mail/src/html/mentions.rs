//! Colleagues named in a note: `<span data-mention="ID">@Name</span>`, where the id is a UUID.
//!
//! Invariant: the mark says nothing by itself. Whoever stores a note keeps the marks of those who may read it, and the
//! pages show marks in notes only: in a client's letter they are plain text.

use super::dom::Dom;

pub(super) const MENTION: &str = "data-mention";

/// 36 characters as a UUID is written: nothing that could mean something else somewhere.
pub(super) fn is_id(value: &str) -> bool {
    value.len() == 36
        && value.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// Who is named, each once, in order. Takes cleaned HTML.
pub fn mentions(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    if html.contains(MENTION) {
        for element in Dom::parse(html).elements_mut() {
            if let Some(id) = element.attribute(MENTION)
                && !found.iter().any(|known| known == id)
            {
                found.push(id.to_owned());
            }
        }
    }
    found
}

/// Takes the marks off those whom `keep` refuses; their names stay as text. Takes cleaned HTML.
pub fn keep_mentions(html: &str, keep: impl Fn(&str) -> bool) -> String {
    if !html.contains(MENTION) {
        return html.to_owned();
    }
    let mut dom = Dom::parse(html);
    for element in dom.elements_mut() {
        element.attributes.retain(|(name, value)| name != MENTION || keep(value));
    }
    dom.to_html(&|_| true)
}

#[cfg(test)]
mod tests {
    use super::super::sanitize;
    use super::*;

    const ANNA: &str = "01920000-0000-7000-8000-00000000000a";
    const BORIS: &str = "01920000-0000-7000-8000-00000000000b";

    #[test]
    fn a_mention_is_kept_by_the_sanitiser_and_nothing_else_is_taken_for_one() {
        let html = format!("<p><span data-mention=\"{ANNA}\" onclick=\"x()\" data-x=\"1\">@Анна</span>, взгляни</p>");
        let clean = sanitize(&html);
        assert_eq!(clean, format!("<p><span data-mention=\"{ANNA}\">@Анна</span>, взгляни</p>"));
        assert_eq!(mentions(&clean), [ANNA]);
        for wrong in [
            "<p data-mention=\"01920000-0000-7000-8000-00000000000a\">x</p>",
            "<span data-mention=\"javascript:x\">x</span>",
        ] {
            assert_eq!(mentions(&sanitize(wrong)), [""; 0], "{wrong}");
        }
    }

    #[test]
    fn a_refused_mention_is_a_name_in_the_text() {
        let html =
            format!("<p><span data-mention=\"{ANNA}\">@Анна</span> и <span data-mention=\"{BORIS}\">@Борис</span></p>");
        assert_eq!(mentions(&html), [ANNA, BORIS]);
        let kept = keep_mentions(&html, |id| id == ANNA);
        assert_eq!(kept, format!("<p><span data-mention=\"{ANNA}\">@Анна</span> и <span>@Борис</span></p>"));
    }
}
