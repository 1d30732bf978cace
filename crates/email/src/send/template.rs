//! Texts with `{{variables}}`: signatures and acknowledgements.
//!
//! Invariant: a value is never searched for variables itself, and in HTML it is escaped.

/// What a text may name.
pub(crate) struct Variables<'a> {
    pub number: i64,
    pub subject: &'a str,
    pub client: &'a str,
    pub line: &'a str,
    pub company: &'a str,
    pub operator: &'a str,
}

/// Fills in plain text; `more` knows other variables.
pub(crate) fn fill_text(template: &str, variables: &Variables, more: impl Fn(&str) -> Option<String>) -> String {
    desk::template::fill(template, |name| value(name, variables).or_else(|| more(name)))
}

/// Fills in HTML.
pub(crate) fn fill_html(template: &str, variables: &Variables) -> String {
    desk::template::fill(template, |name| value(name, variables).map(|value| escape(&value)))
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn value(name: &str, variables: &Variables) -> Option<String> {
    Some(match name {
        "number" => variables.number.to_string(),
        "subject" => variables.subject.to_owned(),
        "client" => variables.client.to_owned(),
        "line" => variables.line.to_owned(),
        "company" => variables.company.to_owned(),
        "operator" => variables.operator.to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: &str) {
        let variables = Variables {
            number: 1042,
            subject: "Счёт {{number}}",
            client: "Иван",
            line: "Поддержка",
            company: "«Рога» & Ко",
            operator: "<b>Анна",
        };
        assert_eq!(fill_text(template, &variables, |_| None), expected);
    }

    #[test]
    fn variables_are_filled_in_once() {
        check("Здравствуйте, {{client}}! Номер {{ number }}.", "Здравствуйте, Иван! Номер 1042.");
        check("{{subject}}", "Счёт {{number}}");
        check("{{nubmer}} {{ {{number}} }}", "{{nubmer}} {{ 1042 }}");
        check("{{number", "{{number");
        check("", "");
    }

    #[test]
    fn html_values_are_escaped() {
        let variables =
            Variables {
                number: 1, subject: "", client: "", line: "", company: "«Рога» & Ко", operator: "<b>Анна"
            };
        assert_eq!(fill_html("<p>{{operator}}, {{company}}</p>", &variables), "<p>&lt;b&gt;Анна, «Рога» &amp; Ко</p>");
    }
}
