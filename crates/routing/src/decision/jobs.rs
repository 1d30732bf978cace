//! Routing in the background: after a conversation was opened, and after nobody took it.

use app::App;
use base::{ConversationId, EventId};
use jobs::{Attempt, Job, JobError};
use serde::{Deserialize, Serialize};

use super::{DecisionId, Source, overflow, route::route_ahead};

pub(crate) const ROUTE: &str = "routing.route";

/// Routes a conversation that was opened: the notice of an event, or a request with an id of its own in its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Route {
    /// Each is decided once.
    pub event_id: EventId,
    /// `conversation_created`, `conversation_reopened`, ...
    pub kind: String,
    pub conversation_id: Option<ConversationId>,
    /// Why it is routed, when that is no rule's doing.
    #[serde(default)]
    pub source: Option<Source>,
}

impl Job for Route {
    const KIND: &'static str = ROUTE;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(id) = self.conversation_id else { return Ok(()) };
        let opened_again = self.kind != "conversation_created";
        route_ahead(&app, id, self.event_id.0, opened_again, self.source).await?;
        Ok(())
    }
}

/// Looks whether somebody has taken a conversation by now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Overflow {
    pub conversation_id: ConversationId,
    pub decision_id: DecisionId,
}

impl Job for Overflow {
    const KIND: &'static str = "routing.overflow";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        overflow::overflow(&tx, self.conversation_id, self.decision_id).await?;
        tx.commit().await?;
        Ok(())
    }
}
