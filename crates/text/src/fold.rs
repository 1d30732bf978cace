//! Folding: the form in which texts are compared, whatever their case, width or the way they were typed.
//!
//! Invariant: `fold(fold(s)) == fold(s)`, so a folded column may be folded again without harm.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The comparable form of a text: NFKC, lower case, `ё` as `е`, white space trimmed and collapsed to single spaces.
///
/// The number sign `№` stays itself (NFKC would turn it into the letters "No").
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        // NFKC can make new spaces (a lone accent becomes space + accent), so pieces are split once more.
        for piece in fold_word(word).split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(piece);
        }
    }
    folded
}

/// Folds a text that holds no white space of its own.
pub(crate) fn fold_word(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    if word.chars().all(is_simple) {
        folded.extend(word.chars().map(fold_simple));
        return folded;
    }
    for (index, part) in word.split('№').enumerate() {
        if index > 0 {
            folded.push('№');
        }
        if is_nfkc_quick(part.chars()) == IsNormalized::Yes {
            fold_marks(part.chars(), &mut folded);
        } else {
            fold_marks(part.nfkc(), &mut folded);
        }
    }
    folded
}

/// ASCII and the Russian alphabet: already NFKC, one character to one character.
fn is_simple(c: char) -> bool {
    c.is_ascii() || matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

fn fold_simple(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        'А'..='Я' => char::from_u32(c as u32 + 32).unwrap_or(c),
        'ё' | 'Ё' => 'е',
        _ => c,
    }
}

/// Lower-cases normalised characters, maps `ё`, and normalises once more, as lower-casing may undo the normal form.
fn fold_marks(chars: impl Iterator<Item = char>, folded: &mut String) {
    let mut lower = String::new();
    let mut after_ye = false;
    for c in chars.flat_map(char::to_lowercase) {
        match c {
            'ё' | 'е' => {
                after_ye = true;
                lower.push('е');
            }
            // A second diaeresis after "ё" would make it "ё" again.
            '\u{308}' if after_ye => {}
            _ => {
                after_ye = after_ye && is_combining(c);
                lower.push(c);
            }
        }
    }
    folded.extend(lower.nfkc());
}

/// Marks that belong to the letter before them.
pub(crate) fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
