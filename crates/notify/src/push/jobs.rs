//! Sending push messages, and forgetting devices.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Error, Language, Result, SessionId, UserId, Words};
use bus::Notice;
use desk::user;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::entity::{DeviceId, Entity, Model};
use super::ops::{self, Whose};
use super::seal::Recipient;
use super::{keys, seal, vapid};
use crate::entity::NotificationId;
use crate::kind::Kind;
use crate::view;

pub(crate) const FORGET: &str = "notify.forget_devices";

/// How long a service keeps a message for a device that is not reached: a working day.
const KEPT: chrono::Duration = chrono::Duration::hours(8);

/// Sends one message to one device.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Send {
    pub device_id: DeviceId,
    pub what: What,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Notification(NotificationId),
    /// To see whether it comes.
    Trial,
}

/// What is sent.
struct Push {
    body: Value,
    urgent: bool,
    /// A newer one takes the place of an older one that has not been delivered.
    topic: Option<String>,
    kept: chrono::Duration,
}

impl Job for Send {
    const KIND: &'static str = "notify.send_push";
    const MAX_ATTEMPTS: i64 = 6;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(device) = Entity::find_by_id(self.device_id).one(app.db.read()).await? else { return Ok(()) };
        let push = match self.what {
            What::Notification(id) => notification(&app, &device, id).await?,
            What::Trial => Some(trial(&app, &device).await?),
        };
        match push {
            Some(push) => send(&app, &device, push).await,
            None => Ok(()),
        }
    }
}

/// None: he has read it, does not see it any more, or it is long over.
async fn notification(app: &App, device: &Model, id: NotificationId) -> Result<Option<Push>> {
    let actor = user::actor_of(app.db.read(), device.user_id).await?;
    let row = match crate::ops::find(app.db.read(), &actor, id).await {
        Ok(row) => row,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    // An offer is over in minutes.
    let kept = if row.kind == Kind::Offered { chrono::Duration::minutes(1) } else { KEPT };
    if row.read_at.is_some() || app.now() - row.created_at > kept {
        return Ok(None);
    }
    let topic = row.conversation_id.filter(|_| row.kind == Kind::ClientWrote).map(|id| id.0.simple().to_string());
    let Some(told) = view::details(app.db.read(), actor.language, vec![row]).await?.pop() else { return Ok(None) };
    let lines = [told.place(), told.preview.clone()];
    let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    let body = json!({
        "id": told.id,
        "kind": told.kind,
        "title": told.text,
        "body": lines.join("\n"),
        "path": told.path(),
    });
    Ok(Some(Push { body, urgent: told.kind.traits().urgent, topic, kept }))
}

async fn trial(app: &App, device: &Model) -> Result<Push> {
    let language = Language::parse(&user::find(app.db.read(), device.user_id).await?.locale).unwrap_or_default();
    let title = Words::new("Уведомления приходят", "Notifications arrive");
    let text = Words::new(
        "Так Отклик сообщит о том, что касается вас.",
        "This is how Otklik will tell you what concerns you.",
    );
    let body = json!({
        "id": device.id,
        "kind": "trial",
        "title": title.get(language),
        "body": text.get(language),
        "path": "/settings/notifications",
    });
    Ok(Push { body, urgent: true, topic: None, kept: chrono::Duration::minutes(5) })
}

async fn send(app: &App, device: &Model, push: Push) -> Result<(), JobError> {
    let broken = |what: &str| JobError::Fail(Error::internal(format!("a push device has no usable {what}")));
    let endpoint = reqwest::Url::parse(&device.endpoint).map_err(|_| broken("address"))?;
    let auth = app.secrets.open_sealed(&device.auth)?;
    let to = Recipient::read(&device.public_key, &auth).ok_or_else(|| broken("key"))?;
    let keys::Keys { public, secret } = keys::keys(app).await?;
    let body = seal::seal(push.body.to_string().as_bytes(), &to, &keys::random_key(app)?, app.secrets.random())?;
    let contact = vapid::contact(&app.config.public_url());
    let mut request = app
        .http
        .client()
        .post(endpoint.clone())
        .header(AUTHORIZATION, vapid::authorization(&endpoint, &contact, app.now(), &secret, &public)?)
        .header(CONTENT_ENCODING, "aes128gcm")
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("ttl", push.kept.num_seconds())
        .header("urgency", if push.urgent { "high" } else { "normal" })
        .timeout(Duration::from_secs(20))
        .body(body);
    if let Some(topic) = push.topic {
        request = request.header("topic", topic);
    }
    let answer = request.send().await.map_err(|error| JobError::Retry(Error::internal(error.without_url())))?;
    let refused = || Error::internal(format!("the push service answered {}", answer.status()));
    match answer.status().as_u16() {
        200..=299 => Ok(()),
        // The browser was reset, or the permission taken back.
        404 | 410 => {
            let tx = app.write().await?;
            ops::forget(&tx, Whose::One(device.id)).await?;
            tx.commit().await?;
            Ok(())
        }
        429 | 500..=599 => {
            let pause = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            let retry = |seconds: u64| JobError::RetryAfter(Duration::from_secs(seconds.min(3600)), refused());
            Err(pause.map_or_else(|| JobError::Retry(refused()), retry))
        }
        _ => Err(JobError::Fail(refused())),
    }
}

/// Hears of logins that end, new passwords and blocked people: their devices are told nothing any more.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Forget(Notice);

impl Forget {
    fn whose(&self) -> Option<Whose> {
        let Notice { kind, subject, data, .. } = &self.0;
        match kind.as_str() {
            "session_closed" => serde_json::from_value::<SessionId>(data["session_id"].clone()).ok().map(Whose::Under),
            "password_changed" => subject.map(UserId).map(Whose::Of),
            "user_changed" if data["change"] == "blocked" => subject.map(UserId).map(Whose::Of),
            _ => None,
        }
    }
}

impl Job for Forget {
    const KIND: &'static str = FORGET;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(whose) = self.whose() else { return Ok(()) };
        let tx = app.write().await?;
        ops::forget(&tx, whose).await?;
        Ok(tx.commit().await?)
    }
}
