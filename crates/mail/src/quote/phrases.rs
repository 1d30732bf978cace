//! The phrases by which mail programs introduce history, forwarded messages and their own advertisement, in Russian,
//! Ukrainian, English, German and French.

/// Verbs that close an attribution line ("Ivan wrote:").
const WROTE: &str = "wrote|writes|написал|написала|написал(а)|написав|написав(ла)|написав(-ла)|написал(-а)|пишет|пишет(а)|\
     писал|писала|писал(а)|писал(-а)|пише|писав|писав(ла)|schrieb|schrieb am|a écrit|escribió|ha scritto|\
     напісаў|жазды|сообщил|сообщает|отправлено";

/// How an attribution may begin, after quote marks and brackets.
const ATTRIBUTION_STARTS: &str = "on |am |le |el |il |вы писали|вы написали|you wrote|в письме от|пользователь|ви писали|письмо от|\
     сообщение от|во |at ";

const WEEKDAYS: &str = "mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс|нд|понедельник|вторник|среда|среду|четверг|пятница|\
     пятницу|суббота|субботу|воскресенье|понеділок|вівторок|середа|середу|четвер|п'ятниця|п’ятниця|субота|\
     суботу|неділя|неділю|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag";

/// What stands between dashes above an answered message.
const ORIGINAL: &str = "original message|исходное сообщение|оригинальное сообщение|оригинал сообщения|\
     первоначальное сообщение|ursprüngliche nachricht|originalnachricht|message d'origine|\
     message original|початкове повідомлення|оригінальне повідомлення|вихідне повідомлення|\
     исходное письмо|reply message|ответное сообщение|original appointment|предыдущее сообщение|\
     конец пересылаемого";

/// What announces a forwarded message.
const FORWARDED: &str = "forwarded message|пересылаемое сообщение|пересланное сообщение|переадресованное сообщение|\
     пересылаемое письмо|пересланное письмо|begin forwarded message|начало переадресованного сообщения|\
     начало пересылаемого сообщения|переслане повідомлення|початок переадресованого повідомлення|\
     переадресоване повідомлення|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|\
     message transféré|message transfere|forwarded by|переслано|forwarded mail";

/// Labels of an Outlook header block, by what they label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    From,
    Sent,
    To,
    Subject,
    Other,
}

const LABELS: &[(Label, &[&str])] = &[
    (
        Label::From,
        &["from", "от", "от кого", "від", "від кого", "von", "de", "отправитель", "відправник", "expéditeur"],
    ),
    (
        Label::Sent,
        &[
            "sent",
            "date",
            "отправлено",
            "дата",
            "надіслано",
            "відправлено",
            "gesendet",
            "datum",
            "envoyé",
            "дата отправки",
            "отправленные",
            "дата получения",
        ],
    ),
    (Label::To, &["to", "кому", "an", "à", "получатель", "одержувач", "destinataire", "reply-to"]),
    (Label::Subject, &["subject", "тема", "betreff", "objet"]),
    (
        Label::Other,
        &["cc", "копия", "копія", "bcc", "importance", "важность", "вложения", "attachments", "приоритет", "ск"],
    ),
];

/// Lines that phones and mail programs add below a text.
const SENT_FROM: &str = "отправлено с |отправлено со |отправлено из |отправлено через |отправлено при помощи |отправлено с помощью |послано с |\
     послано из |написано с |отправлено от mail|sent from my |sent from mail|sent from outlook|\
     sent from yahoo|sent from proton|sent from samsung|sent from a |sent from the |sent from gmail|\
     sent via |sent with |sent using |get outlook for |надіслано з |надіслано із |надіслано через |\
     відправлено з |отримати outlook|получить outlook для |скачать outlook для |загрузить outlook для |\
     von meinem |gesendet von |gesendet mit |envoyé de mon |envoyé depuis |из мобильной почты|\
     получите outlook для |yandex.mail for mobile|надіслано від |жіберілген ";

/// Words with which a letter closes; alone they are part of the text, before contact details they open a signature.
const CLOSINGS: &str = "с уважением|с наилучшими пожеланиями|с наилучшими|с благодарностью|с глубоким уважением|искренне ваш|\
     всего доброго|всего наилучшего|best regards|kind regards|regards|warm regards|sincerely|\
     yours sincerely|thanks and regards|best wishes|з повагою|з найкращими побажаннями|\
     mit freundlichen grüßen|freundliche grüße|mit freundlichen gruessen|cordialement|bien cordialement";

/// What these phrases stand in is never longer; a longer line is judged by its beginning.
const MAX_LINE: usize = 1000;

/// Lower case, blanks collapsed, without quote marks, dashes and stars at the ends.
pub fn plain(line: &str) -> String {
    let lower = line[..line.floor_char_boundary(MAX_LINE)].to_lowercase().replace('\u{a0}', " ");
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| matches!(c, '*' | '-' | '_' | '=' | '–' | '—' | ' ' | '>')).to_owned()
}

/// Whether the words before a final colon end as an attribution does.
pub fn ends_with_wrote(line: &str) -> bool {
    let Some(head) = line.trim_end().strip_suffix(':') else { return false };
    let head = head.trim_end().to_lowercase();
    WROTE.split('|').any(|verb| {
        head.strip_suffix(verb).is_some_and(|rest| rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric()))
    })
}

/// Whether a line may begin an attribution that goes on in the next line.
pub fn begins_attribution(line: &str) -> bool {
    let lower = plain(line);
    let lower = lower.trim_start_matches(['"', '«', '<', '(', '\'']);
    let word: String = lower.chars().take_while(|c| c.is_alphabetic() || matches!(c, '\'' | '’')).collect();
    lower.starts_with(|c: char| c.is_ascii_digit())
        || ATTRIBUTION_STARTS.split('|').any(|start| lower.starts_with(start))
        || WEEKDAYS.split('|').any(|day| day == word)
        || lower.starts_with("в ") && WEEKDAYS.split('|').any(|day| lower[3..].starts_with(day))
}

fn between_dashes(line: &str) -> Option<String> {
    let trimmed = line.trim();
    let dashed = trimmed.starts_with(['-', '_', '=', '—', '–', '*']);
    dashed.then(|| plain(trimmed))
}

/// "-----Original Message-----" and its kin.
pub fn is_original_mark(line: &str) -> bool {
    between_dashes(line).is_some_and(|text| {
        ORIGINAL.split('|').any(|phrase| text == *phrase || text.starts_with(phrase) && text.len() < phrase.len() + 40)
    })
}

/// "---------- Forwarded message ---------", "Begin forwarded message:".
pub fn is_forward_mark(line: &str) -> bool {
    let text = plain(line);
    let text = text.trim_end_matches(':').trim();
    let dashed = between_dashes(line).is_some();
    FORWARDED.split('|').any(|phrase| {
        let exact = text == phrase && (dashed || line.trim_end().ends_with(':') || phrase.contains(' '));
        exact || dashed && text.starts_with(phrase) && text.len() < phrase.len() + 60
    })
}

/// The label of a header line ("От: Иван") and what follows it.
pub fn label(line: &str) -> Option<(Label, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '>' | '|'));
    let (head, rest) = line.split_once(':')?;
    if head.chars().count() > 20 {
        return None;
    }
    let head = head.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|')).to_lowercase();
    let (kind, _) = LABELS.iter().find(|(_, names)| names.contains(&head.as_str()))?;
    Some((*kind, rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|'))))
}

/// How many different header labels stand in one line (a block whose lines were joined).
pub fn labels_in_line(line: &str) -> usize {
    let lower = format!(" {}", line.to_lowercase().replace('*', " "));
    LABELS
        .iter()
        .filter(|(kind, _)| *kind != Label::Other)
        .filter(|(_, names)| names.iter().any(|name| lower.contains(&format!(" {name}:"))))
        .count()
}

/// "Отправлено с iPhone" and its kin; a sentence that only begins so is longer or ends as one.
pub fn is_sent_from(line: &str) -> bool {
    let text = plain(line);
    let short = text.chars().count() <= 90;
    let known = [
        "iphone",
        "ipad",
        "android",
        "mail",
        "почт",
        "пошт",
        "outlook",
        "samsung",
        "xiaomi",
        "redmi",
        "huawei",
        "honor",
        "realme",
        "poco",
        "телефон",
        "смартфон",
        "устройств",
        "яндекс",
        "yandex",
        "gmail",
        "phone",
        "mobile",
        "мобильн",
        "мобільн",
        "galaxy",
        "mac",
        "планшет",
        "bat!",
        "приложени",
        "blackberry",
        "nokia",
        "windows",
        "protonmail",
        "proton",
        "spark",
        "viber",
        "device",
        "tablet",
        "пристро",
        "handy",
        "gerät",
        "портативн",
    ];
    short && SENT_FROM.split('|').any(|start| text.starts_with(start)) && known.iter().any(|word| text.contains(word))
}

/// Whether a line is a closing phrase, with or without a comma, alone or followed by a name.
pub fn is_closing(line: &str) -> bool {
    let text = plain(line);
    CLOSINGS.split('|').any(|closing| {
        text.strip_prefix(closing).is_some_and(|rest| {
            let rest = rest.trim_start_matches([',', '!', '.', ' ']);
            rest.chars().count() <= 40 && (rest.is_empty() || text.len() - rest.len() > closing.len())
        })
    })
}

/// Whether a line looks like contact details: a telephone, an address, a position in a company.
pub fn is_contact(line: &str) -> bool {
    let lower = line.to_lowercase();
    let digits = lower.chars().filter(char::is_ascii_digit).count();
    let phone_shape = digits >= 6
        && lower.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()., добмобтел:моб.раб".contains(c));
    phone_shape
        || [
            "тел.",
            "тел:",
            "моб.",
            "моб:",
            "т.:",
            "tel:",
            "tel.",
            "phone:",
            "mob:",
            "mobile:",
            "факс",
            "fax",
            "www.",
            "http://",
            "https://",
            "e-mail",
            "email:",
            "почта:",
        ]
        .iter()
        .any(|mark| lower.contains(mark))
        || lower.contains('@') && lower.contains('.')
        || digits >= 10 && lower.contains("+7")
}

/// Whether the text mentions a time of day and a date, or a year.
pub fn has_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    let clock = bytes
        .windows(4)
        .any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit() && w[3].is_ascii_digit());
    let year = text
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("20") || number.starts_with("19")));
    let dotted = text.split(|c: char| c.is_whitespace() || c == ',').any(|word| {
        let parts: Vec<&str> = word.trim_matches(['(', ')', ':']).split(['.', '/', '-']).collect();
        parts.len() >= 3
            && parts
                .iter()
                .take(3)
                .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    });
    dotted || year && (clock || text.split_whitespace().count() >= 3)
}
