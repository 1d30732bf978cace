//! Texts as conditions see them: folded, cut into stems, so that "цену" is found by "цена".

use std::collections::HashSet;

/// A text to look into.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysed {
    /// As it was written.
    pub text: String,
    folded: String,
    stems: Vec<String>,
    set: HashSet<String>,
}

impl Analysed {
    pub fn new(text: String) -> Self {
        let folded = text::fold(&text);
        let stems = text::stems(&text);
        let set = stems.iter().cloned().collect();
        Analysed { text, folded, stems, set }
    }

    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }
}

/// What is looked for: a word, several in a row, a beginning with `*`, or signs that are no words at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Phrase {
    Stems(Vec<String>),
    Beginning(String),
    Letters(String),
}

impl Phrase {
    pub fn new(text: &str) -> Self {
        let folded = text::fold(text);
        if let Some(beginning) = folded.strip_suffix('*').filter(|beginning| !beginning.is_empty()) {
            return Phrase::Beginning(beginning.to_owned());
        }
        let stems = text::stems(&folded);
        if stems.is_empty() { Phrase::Letters(folded) } else { Phrase::Stems(stems) }
    }

    pub fn is_in(&self, text: &Analysed) -> bool {
        match self {
            Phrase::Stems(stems) => match stems.as_slice() {
                [one] => text.set.contains(one),
                several => {
                    several.iter().all(|stem| text.set.contains(stem))
                        && text.stems.windows(several.len()).any(|window| window == several)
                }
            },
            Phrase::Beginning(beginning) => {
                let mut from = 0;
                while let Some(found) = text.folded[from..].find(beginning.as_str()) {
                    let at = from + found;
                    if !text.folded[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
                        return true;
                    }
                    from = at + beginning.len();
                }
                false
            }
            Phrase::Letters(letters) => text.folded.contains(letters),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, phrase: &str, expected: bool) {
        assert_eq!(Phrase::new(phrase).is_in(&Analysed::new(text.to_owned())), expected, "{phrase} in {text}");
    }

    #[test]
    fn a_word_is_found_in_any_of_its_forms() {
        check("Подскажите цену на чайник", "цена", true);
        check("Какие у вас ЦЕНЫ?", "цена", true);
        check("Выставьте счета, пожалуйста", "счёт", true);
        check("Это ценность", "цена", false);
        check("", "цена", false);
    }

    #[test]
    fn words_in_a_row_are_a_phrase() {
        check("Хочу вернуть товар", "вернуть товар", true);
        check("Товар хочу вернуть", "вернуть товар", false);
        check("Верните мои деньги", "верните деньги", false);
    }

    #[test]
    fn a_star_finds_beginnings_and_signs_are_found_as_they_are() {
        check("Где заказ А1045?", "а10*", true);
        check("Нет ПА1045", "а10*", false);
        check("Срочно!!!", "!!!", true);
    }
}
