//! Why a letter did not arrive, in words for people who run no mail server.

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    NoSuchAddress,
    NoSuchDomain,
    MailboxFull,
    MailboxDisabled,
    TooBig,
    Spam,
    SenderBlocked,
    SenderNotProven,
    TooMany,
    Greylisted,
    NotAllowed,
    Loop,
    NoAnswer,
    Encryption,
    BadContent,
    Login,
    Temporary,
    Unknown,
}

/// Words of servers (divided by bars) and what they mean, most telling first.
const WORDS: &[(Cause, &str)] = &[
    (
        Cause::MailboxFull,
        "mailbox full|mailbox is full|quota|over limit|exceeded storage|insufficient storage|\
         not enough space|переполнен|mailbox size limit|out of storage|inbox is full|disk full",
    ),
    (
        Cause::TooBig,
        "message too large|message size exceeds|size limit|too big|message is too large|exceeds size|\
         maximum size|слишком большой|message length exceeds",
    ),
    (Cause::Greylisted, "greylist|graylist|grey list|try again in a few|try later|grey-list"),
    (
        Cause::TooMany,
        "too many messages|rate limit|too many connections|sending limit|too fast|ratelimit|sending rate|\
         unusual rate|too many recipients|limit exceeded for sender|per hour|too many emails",
    ),
    (Cause::Loop, "mail loop|too many hops|routing loop|hop count"),
    (
        Cause::SenderNotProven,
        "spf|dkim|dmarc|unauthenticated|sender not authenticated|not pass authentication|\
         does not have authentication|domain not verified",
    ),
    (
        Cause::SenderBlocked,
        "blacklist|blocklist|block list|spamhaus|spamcop|rbl|dnsbl|reputation|blocked using|\
         client host rejected|your ip|ip address is blocked|denied by policy|banned|sender is blocked|\
         sender blocked",
    ),
    (
        Cause::Spam,
        "spam|спам|junk mail|content rejected|message content|suspicious|bulk mail|unsolicited|\
         message looks like|virus|phishing|message rejected under suspicion",
    ),
    (
        Cause::Login,
        "authentication failed|authentication required|invalid credentials|username and password|\
         login failed|auth failed|application-specific password|must be logged in|\
         authentication credentials",
    ),
    (
        Cause::NotAllowed,
        "relay denied|relaying denied|relay access denied|not permitted to relay|unable to relay|\
         relay not permitted|not local",
    ),
    (
        Cause::MailboxDisabled,
        "disabled|inactive|suspended|account is locked|mailbox unavailable due to|\
         blocked due to inactivity|заблокирован|user is terminated|account has been|неактив|\
         closed account|no longer valid|no longer in use",
    ),
    (
        Cause::NoSuchDomain,
        "host not found|domain not found|unrouteable|unroutable|name service error|no such domain|\
         nxdomain|domain does not exist|host or domain name not found|bad destination system|null mx|\
         does not accept mail|domain doesn't exist|no mx|dns error|dns lookup",
    ),
    (
        Cause::NoSuchAddress,
        "user unknown|unknown user|no such user|no such recipient|does not exist|doesn't exist|\
         recipient not found|address not found|mailbox not found|invalid recipient|invalid mailbox|\
         no mailbox here|recipnotfound|user not found|unknown recipient|mailbox unavailable|\
         recipient address rejected|unknown address|no such address|account not found|not exist|\
         account that you tried to reach|нет такого|не существует|не найден|recipient unknown|\
         invalid user|undeliverable address|bad address|unknown mailbox|address rejected|non existing",
    ),
    (Cause::Encryption, "starttls|tls required|must issue a starttls|certificate|encryption required"),
    (
        Cause::NoAnswer,
        "timed out|timeout|connection refused|no route to host|network is unreachable|connection reset|\
         lost connection|could not connect|unable to connect|connection dropped|did not respond|\
         no answer from host",
    ),
    (Cause::BadContent, "attachment|file type|not allowed extension|executable|8bitmime|bad header|syntax error"),
];

/// Explains a delivery error. `status` is an enhanced status code or an SMTP reply code, `diagnostic` the server's
/// words, `lang` "ru" or anything else for English.
pub fn plain_reason(status: Option<&str>, diagnostic: Option<&str>, lang: &str) -> String {
    let cause = find_cause(status.unwrap_or_default().trim(), diagnostic.unwrap_or_default());
    let (russian, english) = words(cause);
    if lang.starts_with("ru") { russian } else { english }.to_owned()
}

fn find_cause(status: &str, diagnostic: &str) -> Cause {
    let lower = diagnostic.to_lowercase();
    let status = match super::find_status(status) {
        Some(enhanced) => enhanced,
        None => super::find_status(diagnostic).unwrap_or(status),
    };
    let by_words = WORDS
        .iter()
        .find(|(_, phrases)| phrases.split('|').any(|phrase| contains_words(&lower, phrase)))
        .map(|(cause, _)| *cause);
    let by_status = cause_of_status(status);
    let by_code = cause_of_code(if status.len() == 3 { status } else { lower.get(..3).unwrap_or_default() });
    match (by_status, by_words) {
        // These codes mean one thing; the general ones (5.0.0, 5.7.1, 5.2.1) leave it to the words.
        (Some(sure), _) if is_precise(status) => sure,
        (_, Some(words)) => words,
        (Some(status), None) => status,
        (None, None) => by_code.unwrap_or(Cause::Unknown),
    }
}

/// Whether a line names a reason in the words servers use.
pub fn explains(line: &str) -> bool {
    let lower = line.to_lowercase();
    WORDS.iter().any(|(_, phrases)| phrases.split('|').any(|phrase| phrase.len() > 8 && contains_words(&lower, phrase)))
}

/// Short phrases ("rbl", "spf") count only as whole words.
fn contains_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + phrase.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        phrase.len() > 5 || before && after || before && phrase == "спам" || before && phrase == "spam"
    })
}

fn is_precise(status: &str) -> bool {
    let detail = status.get(2..).unwrap_or_default();
    matches!(detail, "1.1" | "1.2" | "1.10" | "2.2" | "2.3" | "3.4" | "4.6" | "4.1" | "7.26" | "7.25" | "7.23")
}

fn cause_of_status(status: &str) -> Option<Cause> {
    let (class, detail) = status.split_once('.')?;
    let cause = match detail {
        "1.1" | "1.0" | "1.3" | "1.6" => Cause::NoSuchAddress,
        "1.2" | "1.10" | "4.4" | "4.3" => Cause::NoSuchDomain,
        "2.1" => Cause::MailboxDisabled,
        "2.2" => Cause::MailboxFull,
        "2.3" | "3.4" => Cause::TooBig,
        "4.1" | "4.2" | "4.7" => Cause::NoAnswer,
        "4.5" => Cause::TooMany,
        "4.6" => Cause::Loop,
        "6.0" | "6.1" | "6.2" | "6.3" => Cause::BadContent,
        "7.8" | "7.9" | "7.0" if class == "5" && detail != "7.0" => Cause::Login,
        "7.20" | "7.21" | "7.22" | "7.23" | "7.24" | "7.25" | "7.26" | "7.27" | "7.5" => Cause::SenderNotProven,
        "7.10" | "7.11" => Cause::Encryption,
        "7.1" => Cause::NotAllowed,
        _ if class == "4" => Cause::Temporary,
        _ if detail.starts_with("7.") => Cause::SenderBlocked,
        _ => return None,
    };
    Some(cause)
}

fn cause_of_code(code: &str) -> Option<Cause> {
    Some(match code {
        "421" | "450" | "451" => Cause::Temporary,
        "452" => Cause::MailboxFull,
        "530" | "534" | "535" => Cause::Login,
        "552" => Cause::MailboxFull,
        "550" | "551" | "553" => Cause::NoSuchAddress,
        "554" => Cause::SenderBlocked,
        "556" => Cause::NoSuchDomain,
        _ => return None,
    })
}

/// Russian and English.
fn words(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::NoSuchAddress => ("Такого адреса не существует", "There is no such address"),
        Cause::NoSuchDomain => (
            "Такого почтового домена не существует или он не принимает почту",
            "There is no such mail domain, or it does not accept mail",
        ),
        Cause::MailboxFull => ("Ящик получателя переполнен", "The recipient's mailbox is full"),
        Cause::MailboxDisabled => ("Ящик получателя отключён", "The recipient's mailbox is disabled"),
        Cause::TooBig => ("Письмо слишком большое для получателя", "The message is too big for the recipient"),
        Cause::Spam => (
            "Почтовый сервер получателя отклонил письмо как спам",
            "The recipient's mail server rejected the message as spam",
        ),
        Cause::SenderBlocked => (
            "Почтовый сервер получателя не принимает почту с нашего сервера",
            "The recipient's mail server does not accept mail from our server",
        ),
        Cause::SenderNotProven => (
            "Почтовый сервер получателя не смог проверить отправителя: настройте SPF, DKIM и DMARC для своего домена",
            "The recipient's mail server could not verify the sender: set up SPF, DKIM and DMARC for your domain",
        ),
        Cause::TooMany => ("Слишком много писем за короткое время", "Too many messages in a short time"),
        Cause::Greylisted => (
            "Почтовый сервер получателя просит повторить попытку позже",
            "The recipient's mail server asks to try again later",
        ),
        Cause::NotAllowed => (
            "Почтовый сервер получателя не разрешает отправлять письма на этот адрес",
            "The recipient's mail server does not allow mail to this address",
        ),
        Cause::Loop => (
            "Письмо ходит по кругу между почтовыми серверами",
            "The message goes round in circles between mail servers",
        ),
        Cause::NoAnswer => ("Почтовый сервер получателя не отвечает", "The recipient's mail server does not answer"),
        Cause::Encryption => (
            "Не удалось установить защищённое соединение с почтовым сервером",
            "A secure connection to the mail server failed",
        ),
        Cause::BadContent => (
            "Почтовый сервер получателя не принял содержимое письма или вложение",
            "The recipient's mail server did not accept the content or an attachment",
        ),
        Cause::Login => (
            "Почтовый сервер не принял имя или пароль нашего ящика",
            "The mail server did not accept our mailbox's name or password",
        ),
        Cause::Temporary => {
            ("Временная неполадка на почтовом сервере получателя", "A temporary problem at the recipient's mail server")
        }
        Cause::Unknown => ("Почтовый сервер не смог доставить письмо", "The mail server could not deliver the message"),
    }
}
