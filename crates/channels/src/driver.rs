//! What a channel's driver is: one file that knows a vendor, behind the same words as every other.
//!
//! A driver translates. `receive` is pure: the vendor's bytes in, what happened out. The network functions do one call
//! each and say in `Trouble` or `Failure` what went wrong. Order, retries, limits of rate, splitting of long texts, files,
//! the queue and the database are the business of `intake`, `outbox` and `connection`, the same for all.
//!
//! Invariant: a driver keeps no state. What it must remember is in the channel's settings, its position, or a chat's data.

use std::time::Duration;

use app::App;
use async_trait::async_trait;
use base::{Error, Result, Timestamp, Words};
use bytes::Bytes;
use desk::channel::{self, Kind};
use desk::chat;
use desk::contact::NewIdentity;
use desk::file::Media;
use desk::message::{Extra, Template};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::settings::{Field, Settings};

/// The driver of one kind of channel.
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// What it is and what it can do.
    fn about(&self) -> About;

    /// Finds fault with settings that are complete and of the right types.
    fn check(&self, _settings: &Settings) -> Result<()> {
        Ok(())
    }

    /// Signs in, and makes the vendor call us where that is wanted. Repeated every few minutes to see that all is well.
    async fn connect(&self, link: &Link) -> Result<Account, Trouble>;

    /// Only asks who we are, for a test of settings: changes nothing at the vendor's.
    async fn probe(&self, link: &Link) -> Result<Account, Trouble>;

    /// Tells the vendor that we are leaving. Best effort.
    async fn disconnect(&self, _link: &Link) -> Result<(), Trouble> {
        Ok(())
    }

    /// Whether these settings mean that we ask the vendor for news.
    fn is_polled(&self, _settings: &Settings) -> bool {
        false
    }

    /// Asks for news after this position, and waits for them as long as the vendor lets us.
    async fn poll(&self, _link: &Link, _position: Option<&str>) -> Result<Batch, Trouble> {
        Err(Trouble::internal("this channel is not polled"))
    }

    /// The vendor calls our address: checks that it is the vendor, and takes what it brings. Pure.
    fn hook(&self, _settings: &Settings, _call: &HookCall) -> Result<Hooked, Refused> {
        Err(Refused::NotHere)
    }

    /// Answers a call of the vendor's which needs to ask the vendor first, such as the confirmation of an address; none for
    /// all others, which are for `hook`.
    async fn answer_hook(&self, _link: &Link, _call: &HookCall) -> Option<Result<HookAnswer, Trouble>> {
        None
    }

    /// What an update means. Pure. Kinds that mean nothing to us give nothing; nonsense is an error, kept with the update.
    fn receive(&self, settings: &Settings, update: &Value) -> Result<Vec<Inbound>>;

    /// Fills in what the update does not tell and only the vendor knows, such as the client's name. Called for the first
    /// message of a chat.
    async fn introduce(&self, _link: &Link, _from: &mut Profile) -> Result<(), Trouble> {
        Ok(())
    }

    /// Fetches a file that a client sent.
    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble>;

    /// Whether words can stand beside this file, where words can stand beside files at all.
    fn takes_caption(&self, _file: &OutFile) -> bool {
        true
    }

    /// Sends one part of a message.
    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure>;

    /// Changes the words of a part that was sent. `external_id` is one that `send` gave.
    async fn edit(
        &self,
        _link: &Link,
        _chat: &chat::Model,
        _external_id: &str,
        _part: &Part<'_>,
    ) -> Result<(), Failure> {
        Err(Failure::unsupported())
    }

    /// Withdraws a part that was sent.
    async fn delete(&self, _link: &Link, _chat: &chat::Model, _external_id: &str) -> Result<(), Failure> {
        Err(Failure::unsupported())
    }

    /// Shows the client that somebody is writing. Best effort.
    async fn typing(&self, _link: &Link, _chat: &chat::Model) -> Result<(), Trouble> {
        Ok(())
    }

    /// Shows the client that we have read up to this message. Best effort.
    async fn mark_read(&self, _link: &Link, _chat: &chat::Model, _external_id: &str) -> Result<(), Trouble> {
        Ok(())
    }

    /// Tells the vendor that the press of a button was noticed. Best effort.
    async fn answer_press(&self, _link: &Link, _press_id: &str) -> Result<(), Trouble> {
        Ok(())
    }

    /// The thread of somebody with this phone (E.164), and his account, where one may write first to a phone.
    fn chat_of_phone(&self, _phone: &str) -> Option<(ChatRef, NewIdentity)> {
        None
    }

    /// The approved texts of the account.
    async fn templates(&self, _link: &Link) -> Result<Vec<TemplateInfo>, Trouble> {
        Ok(Vec::new())
    }
}

/// What a driver is and what its channels can do.
#[derive(Clone, Debug)]
pub struct About {
    pub kind: Kind,
    pub title: Words,
    /// One sentence for whoever chooses.
    pub text: Words,
    /// What an administrator fills in; the form is drawn from it.
    pub fields: Vec<Field>,
    /// What he does at the vendor's, step by step.
    pub steps: Vec<Words>,
    pub capabilities: Capabilities,
}

/// What a channel of this kind can do.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// An operator may write first, to a phone number.
    pub start_by_phone: bool,
    /// Why an operator may not write first to somebody unknown; said in the page.
    pub why_not_start: Option<Words>,
    pub format: rich::Format,
    pub text_limit: rich::Limit,
    /// Of a text beside a file; none: text and files go as messages of their own.
    pub caption_limit: Option<rich::Limit>,
    pub files: bool,
    /// Bytes.
    pub max_file: u64,
    /// Several files in one message.
    pub max_files_at_once: usize,
    pub keyboard: bool,
    pub quote: bool,
    /// How long after sending the words can be changed; zero: never; none: always.
    pub edit: Window,
    pub delete: Window,
    /// We hear that a message was delivered or read.
    pub read_marks: bool,
    /// The client sees that we are typing.
    pub typing: bool,
    pub templates: bool,
    /// Sending a part again with the same `key` makes no second copy.
    pub resend_is_safe: bool,
    /// What happens with messages that come while we are away, for whoever reads about a gap.
    pub keeps_missed: Option<Duration>,
}

/// For how long something can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    Never,
    For(Duration),
    Always,
}

impl Window {
    pub fn is_open(self, since: Timestamp, now: Timestamp) -> bool {
        match self {
            Window::Never => false,
            Window::Always => true,
            Window::For(length) => (now - since).to_std().is_ok_and(|age| age < length),
        }
    }
}

/// A channel with all a driver needs to speak for it.
#[derive(Clone)]
pub struct Link {
    pub app: App,
    pub channel: channel::Model,
    pub settings: Settings,
}

impl Link {
    /// Follows no redirects to private addresses; 60 seconds at most unless the request says otherwise.
    pub fn http(&self) -> &reqwest::Client {
        self.app.http.client()
    }

    /// Where the vendor calls us.
    pub fn hook_url(&self) -> String {
        hook_url(&self.app, &self.channel)
    }
}

/// Where the vendor of this channel calls us.
pub fn hook_url(app: &App, channel: &channel::Model) -> String {
    format!("{}/hooks/{}/{}", app.config.public_url(), channel.kind.as_str(), channel.hook_key)
}

/// The vendor's account behind a channel.
#[derive(Clone, Debug)]
pub struct Account {
    /// The vendor's id of it.
    pub key: String,
    /// What people call it: `@severny_svet_bot`.
    pub name: String,
}

/// News of a polled vendor.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub updates: Vec<Update>,
    /// What to ask with next time; none: as before.
    pub position: Option<String>,
    /// Messages before these were lost, as far as the vendor tells.
    pub gap: bool,
}

/// Something a vendor sent, before anybody has looked into it.
#[derive(Clone, Debug)]
pub struct Update {
    /// The vendor's id of it: the same update comes with the same key.
    pub key: String,
    /// Updates with the same order are taken one after another; usually the vendor's id of the chat.
    pub order: String,
    pub body: Value,
}

/// A request to our address.
#[derive(Clone, Debug)]
pub struct HookCall {
    pub method: reqwest::Method,
    pub headers: reqwest::header::HeaderMap,
    pub query: Vec<(String, String)>,
    pub body: Bytes,
    pub now: Timestamp,
}

impl HookCall {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Result<Value, Refused> {
        serde_json::from_slice(&self.body).map_err(|error| Refused::Unreadable(error.to_string()))
    }
}

/// What to answer, and what came.
#[derive(Clone, Debug, Default)]
pub struct Hooked {
    pub answer: HookAnswer,
    pub updates: Vec<Update>,
}

#[derive(Clone, Debug, Default)]
pub enum HookAnswer {
    /// 200 without a body.
    #[default]
    Empty,
    Text(String),
    Json(Value),
}

/// A call that is not the vendor's.
#[derive(Clone, Debug)]
pub enum Refused {
    /// 404: nobody calls here.
    NotHere,
    /// 403: the signature or secret is wrong.
    Forged,
    /// 400
    Unreadable(String),
}

/// What happened at the vendor's.
#[derive(Clone, Debug)]
pub enum Inbound {
    Message(Box<InMessage>),
    /// The client changed his words.
    Edited {
        chat: String,
        id: String,
        html: String,
    },
    /// The client withdrew messages.
    Deleted {
        chat: String,
        ids: Vec<String>,
    },
    /// The client pressed a button of ours that says nothing by itself.
    Pressed {
        chat: ChatRef,
        from: Box<Profile>,
        press_id: String,
        payload: String,
        title: Option<String>,
        at: Timestamp,
    },
    /// Ours have reached the client.
    Delivered {
        chat: String,
        ids: Vec<String>,
    },
    /// The client has seen ours: this one and all before it, or all up to a time.
    Read {
        chat: String,
        up_to: ReadUpTo,
    },
    /// One of ours did not reach the client after all.
    Failed {
        chat: String,
        id: String,
        words: Words,
    },
    Typing {
        chat: String,
    },
    /// The client does not let us write any more, or does again.
    Blocked {
        chat: String,
        blocked: bool,
    },
    /// Somebody opened the chat without saying anything. `start` is the parameter of the link he came by.
    Started {
        chat: ChatRef,
        from: Box<Profile>,
        start: Option<String>,
    },
    /// Staff wrote in the vendor's own program.
    Echo {
        chat: String,
        id: String,
        author_name: String,
        html: String,
        files: Vec<RemoteFile>,
        at: Timestamp,
    },
}

#[derive(Clone, Debug)]
pub enum ReadUpTo {
    Message(String),
    Time(Timestamp),
}

/// A client's thread as the vendor names it.
#[derive(Clone, Debug, Default)]
pub struct ChatRef {
    /// Unique in the channel.
    pub id: String,
    pub title: String,
}

/// A client's message.
#[derive(Clone, Debug)]
pub struct InMessage {
    /// Unique in its chat.
    pub id: String,
    pub chat: ChatRef,
    pub from: Profile,
    pub at: Timestamp,
    /// By `rich`: safe.
    pub html: String,
    pub files: Vec<RemoteFile>,
    /// The message of this chat it answers, ours or the client's.
    pub reply_to: Option<String>,
    /// Messages of one album have the same; they are one message here.
    pub album: Option<String>,
    pub extra: Extra,
    /// A phone the client gave of himself, vouched for by the vendor.
    pub own_phone: Option<String>,
}

/// Who writes.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// His account at the vendor's, and other addresses the vendor vouches for. The account comes first.
    pub identities: Vec<NewIdentity>,
    /// As he calls himself; may be empty.
    pub name: String,
    /// `ru`, `en`, ...
    pub locale: Option<String>,
    /// A sentence about him for the card: `@username`.
    pub handle: Option<String>,
}

/// A file at the vendor's.
#[derive(Clone, Debug, Default)]
pub struct RemoteFile {
    /// What `download` needs to find it: an id or an address.
    pub reference: String,
    /// May be empty: then made of the kind and time.
    pub name: String,
    /// May be empty: then guessed by the name and the bytes.
    pub content_type: String,
    /// Bytes, when told.
    pub size: Option<u64>,
    pub media: Option<Media>,
    pub duration_ms: Option<i64>,
}

/// One message at the vendor's: a piece of ours that fits.
pub struct Part<'a> {
    pub chat: &'a chat::Model,
    /// Fits the limit of text, or of a caption when there are files.
    pub text: Option<rich::Document>,
    pub files: Vec<OutFile>,
    /// The vendor's id of the message it answers.
    pub reply_to: Option<String>,
    /// Buttons and templates; only on the part that carries them.
    pub extra: &'a Extra,
    pub template: Option<&'a Template>,
    /// Unique for this part, the same in every try.
    pub key: String,
}

impl Part<'_> {
    /// The text in this format; empty when there is none.
    pub fn rendered(&self, format: rich::Format) -> String {
        self.text.as_ref().map(|text| text.render(format)).unwrap_or_default()
    }
}

/// A file of ours.
#[derive(Clone, Debug)]
pub struct OutFile {
    pub id: base::FileId,
    pub name: String,
    pub content_type: String,
    pub bytes: Bytes,
    pub media: Option<Media>,
    pub duration_ms: Option<i64>,
}

impl OutFile {
    pub fn is_image(&self) -> bool {
        matches!(self.content_type.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp")
    }
}

/// The vendor has it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The vendor's ids of it; several for an album.
    pub ids: Vec<String>,
}

/// An approved text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChannelTemplate)]
pub struct TemplateInfo {
    pub name: String,
    /// As the vendor writes it: `ru`, `en_US`.
    pub language: String,
    pub category: String,
    /// With `{{1}}`, `{{2}}` for the parameters.
    pub text: String,
    /// How many parameters it has.
    pub parameters: usize,
}

/// Why the vendor could not be asked.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub words: Words,
    /// For the log and for whoever runs the server.
    pub technical: String,
    /// Asking again without other settings is useless for long.
    pub permanent: bool,
    /// The vendor asks to wait.
    pub retry_after: Option<Duration>,
}

impl Trouble {
    pub fn new(ru: impl Into<String>, en: impl Into<String>, technical: impl Into<String>) -> Self {
        Trouble {
            words: Words::owned(ru.into(), en.into()),
            technical: technical.into(),
            permanent: false,
            retry_after: None,
        }
    }

    pub fn permanent(self) -> Self {
        Trouble { permanent: true, ..self }
    }

    pub fn after(self, wait: Duration) -> Self {
        Trouble { retry_after: Some(wait), ..self }
    }

    pub fn internal(technical: impl Into<String>) -> Self {
        Trouble::new("Внутренняя ошибка, мы попробуем снова.", "An internal error; we will try again.", technical)
    }

    /// No answer: the vendor or the way to it is down.
    pub fn unreachable(host: &str, error: &impl std::fmt::Display) -> Self {
        Trouble::new(
            format!("Сервер {host} не отвечает. Проверьте связь сервера с интернетом; мы пробуем снова."),
            format!("The server {host} does not answer. Check the server's internet connection; we keep trying."),
            error.to_string(),
        )
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.words.en, self.technical)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::internal(format!("{error:#}"))
    }
}

/// Why a part was not sent.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Try again, after this long when the vendor says so; the account or the network is in trouble, not the message.
    Later(Trouble),
    /// This message will never be taken.
    Refused(Words, String),
    /// The client does not let us write.
    Blocked(Words),
    /// The account itself is refused: the channel is broken until somebody repairs it, and the message waits.
    Account(Trouble),
    /// The request left and no answer came: nobody knows.
    Unknown(String),
}

impl Failure {
    pub fn refused(ru: impl Into<String>, en: impl Into<String>, technical: impl Into<String>) -> Self {
        Failure::Refused(Words::owned(ru.into(), en.into()), technical.into())
    }

    pub fn unsupported() -> Self {
        Failure::refused("Этот канал так не умеет.", "This channel cannot do that.", "unsupported")
    }

    /// Of a request that failed on its way: before it was sent it can be tried again, after that nobody knows.
    pub fn of_request(host: &str, error: &reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() {
            Failure::Later(Trouble::unreachable(host, error))
        } else {
            Failure::Unknown(error.to_string())
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Failure::Later(trouble)
    }
}
