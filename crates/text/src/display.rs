//! Small texts of lists: one-line previews and initials.

/// One line of at most `max_chars` characters: white space collapsed, cut between words where possible, ending in "…"
/// when something was left out.
pub fn preview(text: &str, max_chars: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let gap = usize::from(length > 0);
        let word_length = word.chars().take(max_chars + 1).count();
        if length + gap + word_length <= max_chars {
            if gap > 0 {
                line.push(' ');
            }
            line.push_str(word);
            length += gap + word_length;
            continue;
        }
        // A long word would leave the line half empty, so it is cut itself.
        if length * 2 < max_chars {
            if gap > 0 {
                line.push(' ');
            }
            line.extend(word.chars().take(max_chars.saturating_sub(length + gap + 1)));
            length = max_chars;
        }
        return finish(line, length, max_chars);
    }
    line
}

fn finish(mut line: String, length: usize, max_chars: usize) -> String {
    if max_chars == 0 {
        return String::new();
    }
    if length >= max_chars && line.chars().count() >= max_chars {
        line.pop();
    }
    // Half of a joined emoji or a bare joiner at the end would look broken.
    let kept = line.trim_end_matches(['\u{200d}', '\u{fe0f}', ' ', ',', ';', ':', '-']).len();
    line.truncate(kept);
    line.push('…');
    line
}

/// Up to two initials for an avatar: first letters of the first two words, of an address its first letter.
///
/// Legal forms and quotes are passed over: `ООО «Северный Свет»` gives "СС". Empty if there is no letter or digit.
pub fn initials(name: &str) -> String {
    const LEGAL_FORMS: [&str; 10] = ["ООО", "ОАО", "ЗАО", "ПАО", "АО", "ИП", "НКО", "ГУП", "МУП", "ФГУП"];
    let name = name.trim();
    let name = match name.split_once('@') {
        Some((local, _)) if !name.contains(' ') => local.get(..).map_or("", first_word),
        _ => name,
    };
    let letters = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let words = || name.split_whitespace().filter(|word| letters(word).is_some());
    let own: Vec<&str> = words().filter(|word| !LEGAL_FORMS.contains(word)).collect();
    let chosen = if own.is_empty() { words().collect() } else { own };
    chosen.into_iter().take(2).filter_map(letters).flat_map(char::to_uppercase).collect()
}

fn first_word(local: &str) -> &str {
    local.split(|c: char| !c.is_alphanumeric()).find(|part| !part.is_empty()).unwrap_or("")
}
