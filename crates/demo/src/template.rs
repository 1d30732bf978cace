//! Templates of texts: `[one|another]` is a choice (may be nested), `{slot}` a value, `{o:сделал|сделала}` a form that
//! agrees with the gender of the operator (`o`), the client (`c`), the colleague (`k`) or the product (`p`, four forms),
//! `¶` a new paragraph, `↵` a new line.

use crate::names::{Case, Gender};
use crate::rng::Rng;

/// A parsed template.
#[derive(Debug)]
pub struct Template(Vec<Node>);

#[derive(Debug)]
enum Node {
    Text(&'static str),
    Paragraph,
    Line,
    Slot(Slot),
    Agree(Who, Vec<&'static str>),
    Choice(Vec<Vec<Node>>),
}

/// Whose gender a form agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Operator,
    Client,
    Colleague,
    Product,
}

/// A value from the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Order,
    Invoice,
    Contract,
    Sum,
    Sum2,
    Discount,
    Product,
    ProductGenitive,
    ProductAccusative,
    Quantity,
    /// 2 to 4, anew each time: the forms around it fit these numbers only.
    Few,
    Count,
    Area,
    Term,
    /// "12 ноября", some days before the conversation.
    PastDate,
    /// The same as "12.11.2026".
    PastDateNumeric,
    /// "18 ноября", some days after it began.
    FutureDate,
    Weekday,
    Time,
    Hours,
    Days,
    Daytime,
    Quarter,
    Month,
    NextMonthGenitive,
    City,
    CityIn,
    CityTo,
    Address,
    Company,
    Inn,
    Domain,
    Mail,
    Phone,
    Client,
    ClientFull,
    ClientPosition,
    Operator,
    OperatorFull,
    Colleague,
    ColleagueIn(Case),
    Carrier,
    Track,
    Serial,
    Fiscal,
    Error,
    Version,
    Number,
}

impl Slot {
    fn parse(name: &str) -> Option<Slot> {
        Some(match name {
            "order" => Slot::Order,
            "invoice" => Slot::Invoice,
            "contract" => Slot::Contract,
            "sum" => Slot::Sum,
            "sum2" => Slot::Sum2,
            "discount" => Slot::Discount,
            "product" => Slot::Product,
            "product.gen" => Slot::ProductGenitive,
            "product.acc" => Slot::ProductAccusative,
            "qty" => Slot::Quantity,
            "n" => Slot::Few,
            "count" => Slot::Count,
            "area" => Slot::Area,
            "term" => Slot::Term,
            "date" => Slot::PastDate,
            "ndate" => Slot::PastDateNumeric,
            "fdate" => Slot::FutureDate,
            "weekday" => Slot::Weekday,
            "time" => Slot::Time,
            "hours" => Slot::Hours,
            "days" => Slot::Days,
            "daytime" => Slot::Daytime,
            "quarter" => Slot::Quarter,
            "month" => Slot::Month,
            "month.gen" => Slot::NextMonthGenitive,
            "city" => Slot::City,
            "city.in" => Slot::CityIn,
            "city.to" => Slot::CityTo,
            "address" => Slot::Address,
            "company" => Slot::Company,
            "inn" => Slot::Inn,
            "domain" => Slot::Domain,
            "mail" => Slot::Mail,
            "phone" => Slot::Phone,
            "client" => Slot::Client,
            "client.full" => Slot::ClientFull,
            "client.position" => Slot::ClientPosition,
            "op" => Slot::Operator,
            "op.full" => Slot::OperatorFull,
            "col" => Slot::Colleague,
            "col.gen" => Slot::ColleagueIn(Case::Genitive),
            "col.dat" => Slot::ColleagueIn(Case::Dative),
            "col.acc" => Slot::ColleagueIn(Case::Accusative),
            "col.ins" => Slot::ColleagueIn(Case::Instrumental),
            "tk" => Slot::Carrier,
            "track" => Slot::Track,
            "serial" => Slot::Serial,
            "fn" => Slot::Fiscal,
            "error" => Slot::Error,
            "version" => Slot::Version,
            "number" => Slot::Number,
            _ => return None,
        })
    }
}

/// Where slots get their values from.
pub trait Values {
    /// Appends the value of a slot.
    fn write(&mut self, slot: Slot, text: &mut String);
    fn gender(&self, who: Who) -> Gender;
    fn rng(&mut self) -> &mut Rng;
}

impl Template {
    /// Parses a template; the error names what is wrong in it.
    pub fn parse(source: &'static str) -> Result<Template, String> {
        let mut rest = source;
        let nodes = parse_nodes(&mut rest, false).map_err(|error| format!("{error} in {source:?}"))?;
        Ok(Template(nodes))
    }

    /// Appends the template's text with its choices made and slots filled; what begins a sentence is capitalised.
    pub fn write(&self, values: &mut impl Values, text: &mut String) {
        let start = text.len();
        write_nodes(&self.0, values, text);
        capitalise(text, start);
        text.truncate(text.trim_end().len());
    }
}

fn parse_nodes(rest: &mut &'static str, inside_choice: bool) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    loop {
        let special = if inside_choice { ['[', ']', '{', '¶', '↵', '|'] } else { ['[', ']', '{', '¶', '↵', '}'] };
        let text = &rest[..rest.find(special).unwrap_or(rest.len())];
        if !text.is_empty() {
            nodes.push(Node::Text(text));
        }
        *rest = &rest[text.len()..];
        let Some(sign) = rest.chars().next() else {
            return if inside_choice { Err("unclosed [".into()) } else { Ok(nodes) };
        };
        match sign {
            ']' | '|' if inside_choice => return Ok(nodes),
            '¶' => nodes.push(Node::Paragraph),
            '↵' => nodes.push(Node::Line),
            '{' => {
                let end = rest.find('}').ok_or("unclosed {")?;
                nodes.push(parse_braces(&rest[1..end])?);
                *rest = &rest[end..];
            }
            '[' => {
                let mut choices = Vec::new();
                while !rest.starts_with(']') {
                    *rest = &rest[1..];
                    choices.push(parse_nodes(rest, true)?);
                }
                nodes.push(Node::Choice(choices));
            }
            other => return Err(format!("stray {other}")),
        }
        let length = rest.chars().next().map_or(0, char::len_utf8);
        *rest = &rest[length..];
    }
}

fn parse_braces(inside: &'static str) -> Result<Node, String> {
    let Some((who, forms)) = inside.split_once(':') else {
        return Slot::parse(inside).map(Node::Slot).ok_or_else(|| format!("unknown slot {inside:?}"));
    };
    let (who, count) = match who {
        "o" => (Who::Operator, 2),
        "c" => (Who::Client, 2),
        "k" => (Who::Colleague, 2),
        "p" => (Who::Product, 4),
        _ => return Err(format!("unknown person {who:?}")),
    };
    let forms: Vec<&str> = forms.split('|').collect();
    if forms.len() != count {
        return Err(format!("{inside:?} needs {count} forms"));
    }
    Ok(Node::Agree(who, forms))
}

fn write_nodes(nodes: &[Node], values: &mut impl Values, text: &mut String) {
    for node in nodes {
        match node {
            Node::Text(literal) => push_text(literal, text),
            Node::Paragraph => push_break("\n\n", text),
            Node::Line => push_break("\n", text),
            Node::Slot(slot) => values.write(*slot, text),
            Node::Agree(who, forms) => {
                let form = match values.gender(*who) {
                    Gender::Masculine => 0,
                    Gender::Feminine => 1,
                    Gender::Neuter => 2,
                    Gender::Plural => 3,
                };
                text.push_str(forms.get(form).copied().unwrap_or_default());
            }
            Node::Choice(choices) => {
                let choice = values.rng().below(choices.len());
                write_nodes(&choices[choice], values, text);
            }
        }
    }
}

/// Empty choices leave two spaces side by side, or one in front of a full stop: only one is kept.
fn push_text(literal: &str, text: &mut String) {
    if literal.starts_with(['.', ',', '!', '?', ':', ';']) {
        text.truncate(text.trim_end_matches(' ').len());
    }
    let after_space = text.is_empty() || text.ends_with([' ', '\n']);
    text.push_str(if after_space { literal.trim_start_matches(' ') } else { literal });
}

fn push_break(lines: &str, text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    text.push_str(lines);
}

/// Makes the first letter after `from`, and after each full stop, a capital one.
fn capitalise(text: &mut String, from: usize) {
    let mut sentence_start = true;
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        let length = c.len_utf8();
        if sentence_start && c.is_alphabetic() {
            if let 'а'..='я' | 'ё' = c {
                // Upper and lower case Russian letters have the same length in UTF-8.
                let upper: String = c.to_uppercase().collect();
                text.replace_range(at..at + length, &upper);
            }
            sentence_start = false;
        } else if sentence_start && (c.is_numeric() || matches!(c, '«' | '-' | '—')) {
            sentence_start = c != '-' && !c.is_numeric();
        }
        if matches!(c, '!' | '?') || c == '.' && ends_sentence(text, at) {
            sentence_start = text[at + length..].starts_with([' ', '\n']);
        }
        at += length;
    }
}

/// Whether the full stop at this place ends a sentence: not in "ул. Мира", "тел. 8" or "А. С.".
fn ends_sentence(text: &str, at: usize) -> bool {
    const SHORT: [&str; 12] = ["ул", "пр", "тел", "см", "шт", "мес", "п", "г", "руб", "тыс", "кв", "доб"];
    let before = &text[text.floor_char_boundary(at.saturating_sub(24))..at];
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    word.chars().count() > 1 && !SHORT.contains(&word) || word.is_empty()
}
