//! The chat on a site. There is no vendor: the visitor's page asks us and hears from us (`crate::site`), so sending means
//! that the message is there to be seen.

use async_trait::async_trait;
use base::{Error, Result, Words};
use bytes::Bytes;
use desk::channel::Kind;
use desk::chat;
use serde_json::{Value, json};

use crate::driver::{
    About, Account, Capabilities, Driver, Failure, Inbound, Link, Part, RemoteFile, Sent, Trouble, Window,
};
use crate::settings::{Field, FieldKind, Settings};
use crate::site::SiteSettings;

pub(super) struct Site;

#[async_trait]
impl Driver for Site {
    fn about(&self) -> About {
        About {
            kind: Kind::Chat,
            title: Words::new("Чат на сайте", "Site chat"),
            text: Words::new(
                "Окно чата на страницах вашего сайта: одна строка кода, без обновления страниц.",
                "A chat window on the pages of your site: one line of code, no reloading.",
            ),
            fields: fields(),
            steps: vec![
                Words::new(
                    "Сохраните канал и скопируйте строку кода со страницы канала.",
                    "Save the channel and copy the line of code from its page.",
                ),
                Words::new(
                    "Вставьте её на страницы сайта перед </body>.",
                    "Paste it into the pages of your site before </body>.",
                ),
                Words::new(
                    "Чтобы узнавать своих пользователей, создайте ключ подписи и подписывайте их номера на сервере сайта.",
                    "To recognise your own users, make a signing key and sign their ids on your site's server.",
                ),
            ],
            capabilities: capabilities(),
        }
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        SiteSettings::read(settings).map(drop)
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        self.probe(link).await
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        Ok(Account { key: link.channel.hook_key.clone(), name: link.settings.text("title").to_owned() })
    }

    fn receive(&self, _settings: &Settings, _update: &Value) -> Result<Vec<Inbound>> {
        Err(Error::internal("visitors write by the visitor API"))
    }

    async fn download(&self, _link: &Link, _file: &RemoteFile) -> Result<Bytes, Trouble> {
        Err(Trouble::internal("files of visitors are here already"))
    }

    async fn send(&self, _link: &Link, _part: &Part<'_>) -> Result<Sent, Failure> {
        Ok(Sent::default())
    }

    async fn edit(&self, _: &Link, _: &chat::Model, _: &str, _: &Part<'_>) -> Result<(), Failure> {
        Ok(())
    }

    async fn delete(&self, _: &Link, _: &chat::Model, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

fn capabilities() -> Capabilities {
    Capabilities {
        start_by_phone: false,
        why_not_start: Some(Words::new(
            "В чат на сайте первым пишет посетитель",
            "In a site chat the visitor writes first",
        )),
        format: rich::Format::TelegramHtml,
        text_limit: rich::Limit { max: 20_000, counts: rich::Counts::Text, unit: rich::Unit::Chars },
        caption_limit: Some(rich::Limit { max: 20_000, counts: rich::Counts::Text, unit: rich::Unit::Chars }),
        files: true,
        max_file: 100 * 1024 * 1024,
        max_files_at_once: 20,
        keyboard: true,
        quote: true,
        edit: Window::Always,
        delete: Window::Always,
        read_marks: true,
        typing: true,
        templates: false,
        resend_is_safe: true,
        keeps_missed: None,
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field::text("title", "Заголовок", "Title").default(json!("Чат с поддержкой")),
        Field::new("greeting", FieldKind::LongText, "Приветствие", "Greeting")
            .default(json!("Здравствуйте! Чем можем помочь?")),
        Field::new("logo_url", FieldKind::Url, "Адрес логотипа", "Logo address"),
        Field::new("color", FieldKind::Color, "Цвет", "Colour").default(json!("#5B5BD6")),
        Field::new(
            "corner",
            FieldKind::Select(vec![
                ("right", Words::new("Справа внизу", "Bottom right")),
                ("left", Words::new("Слева внизу", "Bottom left")),
            ]),
            "Угол",
            "Corner",
        )
        .default(json!("right")),
        Field::new("offsets", FieldKind::Json, "Отступы, пикселей", "Offsets, pixels")
            .default(json!({"desktop": {"x": 20, "y": 20}, "mobile": {"x": 12, "y": 12}})),
        Field::new("mobile_full_screen", FieldKind::Boolean, "На телефоне во весь экран", "Full screen on phones")
            .default(json!(true)),
        Field::new(
            "locale",
            FieldKind::Select(vec![
                ("auto", Words::new("Как у посетителя", "As the visitor's browser")),
                ("ru", Words::new("Русский", "Russian")),
                ("en", Words::new("Английский", "English")),
            ]),
            "Язык",
            "Language",
        )
        .default(json!("auto")),
        Field::new("texts", FieldKind::Json, "Свои тексты", "Own texts")
            .help("Слова окна по ключам, для ru и en.", "Words of the window by key, for ru and en.")
            .default(json!({})),
        Field::new("fields", FieldKind::Json, "Анкета перед чатом", "Questions before the chat").default(json!([])),
        Field::new("consent", FieldKind::Json, "Согласие", "Consent").help(
            "Текст галочки и ссылка на политику; без согласия чат не начать.",
            "The text of the tick and a link to the policy; without it no chat begins.",
        ),
        Field::new("auto_open", FieldKind::Json, "Открывать само", "Opens by itself"),
        Field::new("chooser", FieldKind::Json, "Другие каналы", "Other channels").default(json!([])),
        Field::text("hours", "Часы работы", "Working hours")
            .help(
                "line: как у линии; always: всегда на связи; либо идентификатор сохранённого графика.",
                "line: those of the line; always: always there; or the id of a saved schedule.",
            )
            .default(json!("line")),
        Field::new(
            "offline_mode",
            FieldKind::Select(vec![
                ("form", Words::new("Просить почту и принимать сообщения", "Ask for a mail address and take messages")),
                ("chat", Words::new("Принимать сообщения как обычно", "Take messages as always")),
                ("hide", Words::new("Скрывать чат", "Hide the chat")),
            ]),
            "Вне рабочих часов",
            "Outside working hours",
        )
        .default(json!("form")),
        Field::new("offline_text", FieldKind::LongText, "Текст вне рабочих часов", "Text outside working hours")
            .help(
                "{{next_open}}: когда ответим («завтра с 9:00»), {{hours}}: часы работы.",
                "{{next_open}}: when you will answer (“tomorrow from 9:00”), {{hours}}: the working hours.",
            )
            .default(json!("Сейчас мы не на связи. Оставьте сообщение и почту, и мы ответим письмом.")),
        Field::new("mail_unseen", FieldKind::Boolean, "Непрочитанные ответы слать на почту", "Mail answers not seen")
            .default(json!(true)),
        Field::new(
            "mail_after_minutes",
            FieldKind::Number { min: 1, max: 1440 },
            "Через сколько минут",
            "After how many minutes",
        )
        .default(json!(5)),
        Field::new(
            "left_after_seconds",
            FieldKind::Number { min: 30, max: 3600 },
            "Посетитель ушёл, если нет связи, секунд",
            "The visitor has left after so many seconds without a connection",
        )
        .default(json!(60)),
        Field::new("allowed_origins", FieldKind::Json, "Только с этих сайтов", "Only from these sites")
            .help(
                "Например https://shop.example или https://*.shop.example.",
                "For example https://shop.example or https://*.shop.example.",
            )
            .default(json!([])),
        Field::secret("identity_secret", "Ключ подписи пользователей", "Signing key of users")
            .help("Создаётся кнопкой и показывается один раз.", "Made by a button and shown once."),
        Field::new(
            "edit_minutes",
            FieldKind::Number { min: 0, max: 1440 },
            "Посетитель может править, минут",
            "The visitor may edit for, minutes",
        )
        .default(json!(15)),
        Field::new("ask_rating", FieldKind::Boolean, "Просить оценку в конце", "Ask for a mark at the end")
            .default(json!(true)),
        Field::new("sound", FieldKind::Boolean, "Звук новых сообщений", "Sound of new messages").default(json!(true)),
        Field::new("max_file_mb", FieldKind::Number { min: 1, max: 100 }, "Наибольший файл, МБ", "Largest file, MB")
            .default(json!(20)),
    ]
}
