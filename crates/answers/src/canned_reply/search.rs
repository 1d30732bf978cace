//! Which replies fit what somebody types, the best first.

use super::Model;

/// Those that fit, by how well: the short name begins with it, it stands in a name, it stands in the text. Equals go by
/// how often they are used.
pub(super) fn matching(rows: Vec<Model>, typed: &str) -> Vec<Model> {
    let typed = text::fold(typed);
    let mut found: Vec<(u8, Model)> =
        rows.into_iter().filter_map(|row| rank(&row, &typed).map(|rank| (rank, row))).collect();
    found.sort_by(|(a, one), (b, other)| {
        a.cmp(b)
            .then(other.use_count.cmp(&one.use_count))
            .then_with(|| one.short_name_folded.cmp(&other.short_name_folded))
    });
    found.into_iter().map(|(_, row)| row).collect()
}

/// Less is better; none: it does not fit.
fn rank(row: &Model, typed: &str) -> Option<u8> {
    if row.short_name_folded.starts_with(typed) {
        return Some(0);
    }
    if row.short_name_folded.contains(typed) || text::fold(&row.name).contains(typed) {
        return Some(1);
    }
    text::fold(&row.text).contains(typed).then_some(2)
}

#[cfg(test)]
mod tests {
    use base::Timestamp;

    use super::*;
    use crate::canned_reply::CannedReplyId;

    fn reply(short_name: &str, name: &str, words: &str, use_count: i64) -> Model {
        Model {
            id: CannedReplyId(uuid::Uuid::nil()),
            owner_id: None,
            name: name.to_owned(),
            short_name: short_name.to_owned(),
            short_name_folded: text::fold(short_name),
            folder: String::new(),
            html: String::new(),
            text: words.to_owned(),
            use_count,
            last_used_at: None,
            last_used_by: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
            updated_by: None,
        }
    }

    #[test]
    fn short_names_come_first_and_then_what_is_used_more() {
        let check = |typed: &str, expected: &[&str]| {
            let rows = vec![
                reply("Счёт", "Счёт выслан", "Отправили на почту", 1),
                reply("доставка", "Сроки доставки", "Привезём завтра", 2),
                reply("доставка-сегодня", "Сегодня", "Привезём сегодня", 9),
                reply("адрес", "Адрес доставки", "Пришлите адрес", 40),
            ];
            let found = matching(rows, typed);
            assert_eq!(found.iter().map(|row| row.short_name.as_str()).collect::<Vec<_>>(), expected, "{typed}");
        };
        check("дост", &["доставка-сегодня", "доставка", "адрес"]);
        check("счет", &["Счёт"]);
        check("ПРИВЕЗЕМ", &["доставка-сегодня", "доставка"]);
        check("", &["адрес", "доставка-сегодня", "доставка", "Счёт"]);
        check("нет такого", &[]);
    }
}
