//! The other keyboard layout: "ghbdtn" is "привет" typed with the Latin layout on, "руддщ" is "hello".
//!
//! A word is mirrored only if it looks more like a word of the other language than of its own. "Looks like" is the
//! share of its letter pairs that are common in the language (pairs that make 95 % of its vocabulary).

/// The same keys on the other layout, if that looks like what was meant. Expects folded text.
pub(crate) fn mirrored(typed: &str) -> Option<String> {
    if typed.chars().count() < 2 {
        return None;
    }
    let latin = typed.chars().any(|c| c.is_ascii_alphabetic());
    let cyrillic = typed.chars().any(|c| matches!(c, 'а'..='я'));
    let (from, to, own, other) = match (latin, cyrillic) {
        (true, false) => (LATIN, CYRILLIC, &ENGLISH_PAIRS[..], &RUSSIAN_PAIRS[..]),
        (false, true) => (CYRILLIC, LATIN, &RUSSIAN_PAIRS[..], &ENGLISH_PAIRS[..]),
        _ => return None,
    };
    let mirrored: String = typed.chars().map(|c| same_key(c, from, to)).collect::<Option<_>>()?;
    let looks_meant = mirrored.chars().all(char::is_alphabetic) && score(&mirrored, other) > score(typed, own);
    looks_meant.then(|| mirrored.replace('ё', "е"))
}

/// Keys in the order of the rows, then the keys that give other signs with Shift; `ё` is folded to `е` in a text but still has its own key.
const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`{}:<>~";
const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюёхъжбюё";

fn same_key(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().zip(to.chars()).find(|&(key, _)| key == c).map(|(_, other)| other)
}

/// Share of the pairs of neighbouring letters that are common; the word's beginning counts as a letter, its end does
/// not, as the last word of a query may be unfinished.
fn score(word: &str, pairs: &[(char, &str)]) -> f32 {
    let mut before = '^';
    let mut common = 0.0;
    let mut all = 0.0;
    for c in word.chars() {
        let known = pairs.iter().any(|&(first, seconds)| first == before && seconds.contains(c));
        common += f32::from(u8::from(known));
        all += 1.0;
        before = c;
    }
    if all > 0.0 { common / all } else { 0.0 }
}

/// Common pairs of Russian letters by the first one; '^' is the beginning of a word.
const RUSSIAN_PAIRS: [(char, &str); 30] = [
    ('^', "абвгджзиклмнопрстуфхцчшя"),
    ('а', "бвгдежзйклмнпрстхчшщюя"),
    ('б', "аеилноруы"),
    ('в', "аезилнорсушыя"),
    ('г', "аилнору"),
    ('д', "авеиклнорсуыя"),
    ('е', "бвгдежзйклмнопрстчш"),
    ('ж', "адеин"),
    ('з', "авдеилмноруы"),
    ('и', "бвгдежзийклмнпрстхцчшюя"),
    ('й', "нс"),
    ('к', "аеилнору"),
    ('л', "аеикосуыьюя"),
    ('м', "аеиноуы"),
    ('н', "аеикностуыья"),
    ('о', "бвгдежзийклмнпрстхчшюя"),
    ('п', "аеилоруы"),
    ('р', "аежикнотуыя"),
    ('с', "авеиклмнопстучыья"),
    ('т', "авеиклнорсуыья"),
    ('у', "бвгдежклмнпрстхчшщю"),
    ('х', "ао"),
    ('ц', "аеи"),
    ('ч', "аеикну"),
    ('ш', "аеиклнуь"),
    ('щ', "аеи"),
    ('ы', "вейлмстхш"),
    ('ь', "екнсюя"),
    ('ю', "тщ"),
    ('я', "дзлмнст"),
];

/// Common pairs of English letters by the first one; '^' is the beginning of a word.
const ENGLISH_PAIRS: [(char, &str); 24] = [
    ('^', "abcdefghijklmnoprstuvw"),
    ('a', "bcdgiklmnprstuvwy"),
    ('b', "aeiloru"),
    ('c', "acehiklortu"),
    ('d', "aeilorsu"),
    ('e', "acdefgilmnprstvwxy"),
    ('f', "aefiloru"),
    ('g', "aehilnorsu"),
    ('h', "aeiortu"),
    ('i', "abcdefglmnoprstv"),
    ('k', "eis"),
    ('l', "adeilostuy"),
    ('m', "abeimopu"),
    ('n', "acdefgiknostu"),
    ('o', "abcdgilmnoprstuvw"),
    ('p', "aehiloprstu"),
    ('q', "u"),
    ('r', "acdegilmnorstuy"),
    ('s', "acehiklmopstu"),
    ('t', "acehilorstuy"),
    ('u', "abcdegilmnprst"),
    ('v', "aeio"),
    ('w', "aehio"),
    ('y', "s"),
];
