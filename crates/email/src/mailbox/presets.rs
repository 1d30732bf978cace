//! What is known of the large providers: servers, ports, and what people forget to switch on.

use base::{Language, Words};
use serde::Serialize;

use super::{Auth, Preset, Security};

/// Where a server of a provider is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PresetServer {
    pub host: String,
    pub port: i64,
    pub security: Security,
}

/// The settings of a provider.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PresetSettings {
    pub key: Preset,
    pub name: String,
    pub imap: PresetServer,
    pub smtp: PresetServer,
    /// Ways of signing in that the provider still allows; the best one first.
    pub auth: Vec<Auth>,
    /// Where to ask for OAuth2 tokens.
    pub token_url: Option<String>,
    /// What to ask them for.
    pub scope: Option<String>,
    /// The provider delivers `name+anything@` to `name@`.
    pub sub_addressing: bool,
    /// The provider keeps a copy of sent mail by itself.
    pub saves_sent: bool,
    /// What to do at the provider first, in the reader's language.
    pub hint: String,
}

/// Every preset, in the order of the form.
pub(super) fn all(language: Language) -> Vec<PresetSettings> {
    [Preset::Yandex, Preset::Mailru, Preset::Gmail, Preset::Microsoft365, Preset::Custom]
        .map(|key| one(key, language))
        .into()
}

fn one(key: Preset, language: Language) -> PresetSettings {
    let server = |host: &str, port, security| PresetServer { host: host.to_owned(), port, security };
    let (name, imap, smtp) = match key {
        Preset::Yandex => {
            ("Яндекс Почта", server("imap.yandex.ru", 993, Security::Tls), server("smtp.yandex.ru", 465, Security::Tls))
        }
        Preset::Mailru => {
            ("Почта Mail", server("imap.mail.ru", 993, Security::Tls), server("smtp.mail.ru", 465, Security::Tls))
        }
        Preset::Gmail => {
            ("Gmail", server("imap.gmail.com", 993, Security::Tls), server("smtp.gmail.com", 465, Security::Tls))
        }
        Preset::Microsoft365 => (
            "Microsoft 365",
            server("outlook.office365.com", 993, Security::Tls),
            server("smtp.office365.com", 587, Security::Starttls),
        ),
        Preset::Custom => ("IMAP / SMTP", server("", 993, Security::Tls), server("", 465, Security::Tls)),
    };
    let (token_url, scope) = match key {
        Preset::Yandex => (Some("https://oauth.yandex.ru/token"), Some("mail:imap_full mail:smtp")),
        Preset::Mailru => (Some("https://oauth.mail.ru/token"), Some("mail.imap")),
        Preset::Gmail => (Some("https://oauth2.googleapis.com/token"), Some("https://mail.google.com/")),
        Preset::Microsoft365 => (
            Some("https://login.microsoftonline.com/common/oauth2/v2.0/token"),
            Some(
                "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
            ),
        ),
        Preset::Custom => (None, None),
    };
    PresetSettings {
        key,
        name: name.to_owned(),
        imap,
        smtp,
        auth: if key == Preset::Microsoft365 { vec![Auth::Oauth2] } else { vec![Auth::Password, Auth::Oauth2] },
        token_url: token_url.map(str::to_owned),
        scope: scope.map(str::to_owned),
        sub_addressing: matches!(key, Preset::Yandex | Preset::Gmail | Preset::Microsoft365),
        saves_sent: matches!(key, Preset::Gmail | Preset::Microsoft365),
        hint: hint(key).get(language).to_owned(),
    }
}

/// What people forget with this provider; also said when it refuses a password.
pub(crate) fn hint(key: Preset) -> Words {
    match key {
        Preset::Yandex => Words::new(
            "Нужен пароль приложения, а не пароль от Яндекса: id.yandex.ru → Безопасность → Пароли приложений → Почта. Ещё включите IMAP: Почта → Все настройки → Почтовые программы → «С сервера imap.yandex.ru».",
            "Yandex needs an app password, not the account's own: id.yandex.ru → Security → App passwords → Mail. Also switch IMAP on: Mail → All settings → Email clients → “From the imap.yandex.ru server”.",
        ),
        Preset::Mailru => Words::new(
            "Нужен пароль для внешнего приложения: account.mail.ru → Безопасность → Пароли для внешних приложений. Обычный пароль от почты не подойдёт. В почте для бизнеса доступ по IMAP должен разрешить администратор домена.",
            "Mail.ru needs a password for an external application: account.mail.ru → Security → Passwords for external applications. The usual password does not work. In business mail the domain's administrator has to allow IMAP.",
        ),
        Preset::Gmail => Words::new(
            "Включите двухэтапную аутентификацию и создайте пароль приложения: myaccount.google.com → Безопасность → Пароли приложений. В Google Workspace администратор должен разрешить IMAP.",
            "Switch on two-step verification and create an app password: myaccount.google.com → Security → App passwords. In Google Workspace an administrator has to allow IMAP.",
        ),
        Preset::Microsoft365 => Words::new(
            "Microsoft больше не принимает пароли: нужен OAuth2. Зарегистрируйте приложение в Microsoft Entra с правами IMAP.AccessAsUser.All и SMTP.Send и включите для ящика IMAP и «Аутентифицированный SMTP» в центре администрирования.",
            "Microsoft no longer accepts passwords: use OAuth2. Register an application in Microsoft Entra with IMAP.AccessAsUser.All and SMTP.Send, and enable IMAP and “Authenticated SMTP” for the mailbox in the admin center.",
        ),
        Preset::Custom => Words::new(
            "Проверьте логин (обычно это адрес целиком) и пароль; у некоторых серверов для программ нужен отдельный пароль, а IMAP надо разрешить в настройках ящика.",
            "Check the login (usually the whole address) and the password; some servers need a separate password for programs, and IMAP must be allowed in the mailbox's settings.",
        ),
    }
}
