//! "How did we do?": asked with a button for each mark that the client may give in a messenger when a conversation there is closed. The chat on a site asks by
//! itself.

use app::{App, Attempt, Job, JobError};
use base::Result;
use db::Tx;
use desk::channel::Kind;
use desk::conversation::{self, Automatically, Status};
use desk::message::{self, Automatic, Button, Extra};
use desk::{chat, client_category, line, rating, setting};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::drivers;

pub(crate) const ASK_RATING: &str = "channels.ask_rating";

/// Hears that a conversation was closed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AskRating(bus::Notice);

impl Job for AskRating {
    const KIND: &'static str = ASK_RATING;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(id) = self.0.conversation_id.filter(|_| self.0.data["chat_id"].is_string()) else { return Ok(()) };
        let tx = app.write().await?;
        let conversation = conversation::find_to_change(&tx, &base::Actor::system(), id).await?;
        if conversation.status == Status::Closed && may_ask(&tx, &conversation).await? {
            ask(&tx, &conversation).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Once a conversation, where the line wishes it, the messenger has buttons and takes our words now, and somebody has answered.
async fn may_ask(tx: &Tx, conversation: &conversation::Model) -> Result<bool> {
    let has_buttons = drivers::of(conversation.channel).is_some_and(|driver| driver.about().capabilities.keyboard);
    if conversation.channel == Kind::Chat || !has_buttons || conversation.first_reply_at.is_none() {
        return Ok(false);
    }
    let Some(chat_id) = conversation.chat_id else { return Ok(false) };
    if !chat::find(tx, chat_id).await?.takes_free_words(conversation.channel, tx.now()) {
        return Ok(false);
    }
    let line = line::Entity::find_by_id(conversation.line_id).one(tx).await?;
    if !line.is_some_and(|line| line.ask_rating) || rating::find(tx, conversation.id).await?.is_some() {
        return Ok(false);
    }
    let asked = message::Entity::find()
        .filter(message::Column::ConversationId.eq(conversation.id))
        .filter(message::Column::Automatic.eq(Automatic::RatingRequest));
    Ok(asked.one(tx).await?.is_none())
}

async fn ask(tx: &Tx, conversation: &conversation::Model) -> Result<()> {
    let language = setting::company(tx).await?.default_locale;
    let text = base::Words::new("Оцените, пожалуйста, как мы вам помогли.", "Please rate how we helped you.");
    let marks = client_category::marks_of(tx, conversation.id, tx.now()).await?;
    let button =
        |stars: i64| Button { title: format!("{stars} ★"), payload: Some(format!("otklik:rate:{stars}")), url: None };
    let what = Automatically {
        kind: Automatic::RatingRequest,
        subject: None,
        text: text.get(language).to_owned(),
        recipients: Default::default(),
        extra: Extra { keyboard: vec![marks.into_iter().map(button).collect()], ..Extra::default() },
    };
    conversation::say(tx, conversation, what).await.map(drop)
}
