//! Commands and queries on offers.

use std::collections::HashMap;

use app::{App, Attempt, Job, JobError};
use base::{Actor, ConversationId, Error, Result, UserId, Words};
use bus::Event;
use chrono::{DateTime, Duration, Utc};
use db::{Fetch, Tx, dialect};
use desk::conversation::{self, ConversationRow, rows_by_ids};
use desk::people::StaffRef;
use desk::user;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Column, Entity, Model, OfferId, State, entity, recipient};
use crate::crew::{self, Crew};
use crate::decision::{self, DecisionId, Source};
use crate::engine::{Refusal, refusal};
use crate::queue::{self, Demand, case_of};

/// An offer to you.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Offer {
    pub id: OfferId,
    pub conversation: ConversationRow,
    pub offered_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Everybody who is invited and has not declined.
    pub invited: Vec<StaffRef>,
}

/// The conversations that are on offer.
pub(crate) fn open_ones() -> SelectStatement {
    Query::select().column(Column::ConversationId).from(Entity).and_where(Column::State.eq(State::Open)).to_owned()
}

/// Invites these operators to a conversation.
pub(crate) async fn make(
    tx: &Tx,
    conversation: &conversation::Model,
    crew: &Crew,
    invited: &[UserId],
    decision_id: Option<DecisionId>,
) -> Result<OfferId> {
    withdraw(tx, conversation.id).await?;
    let row = Model {
        id: OfferId(tx.new_id()),
        conversation_id: conversation.id,
        line_id: conversation.line_id,
        group_id: conversation.group_id,
        decision_id,
        state: State::Open,
        offered_at: tx.now(),
        expires_at: tx.now() + Duration::seconds(crew.settings.offer_seconds),
        ended_at: None,
        accepted_by: None,
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    let recipients = invited
        .iter()
        .map(|user_id| recipient::Model { offer_id: row.id, user_id: *user_id, declined_at: None }.into_active_model());
    recipient::Entity::insert_many(recipients).exec_without_returning(tx).await?;
    jobs::enqueue_at(tx, &Expire { offer_id: row.id }, row.expires_at).await?;
    let data = json!({"offer_id": row.id, "user_ids": invited, "expires_at": row.expires_at});
    tell(tx, &Actor::system(), &row, "offer_made", data).await?;
    Ok(row.id)
}

/// Ends the offer of a conversation that went another way.
pub(crate) async fn withdraw(tx: &Tx, id: ConversationId) -> Result<()> {
    let open = Entity::find().filter(Column::ConversationId.eq(id)).filter(Column::State.eq(State::Open));
    match open.lock(db::HOLD).one(tx).await? {
        Some(offer) => end(tx, &Actor::system(), &offer, State::Withdrawn, None).await,
        None => Ok(()),
    }
}

/// What is offered to somebody now, the first to expire first.
pub(super) async fn to_user(connection: &impl Fetch, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Offer>> {
    let Some(me) = actor.user_id() else { return Ok(Vec::new()) };
    let own = Query::select()
        .column(recipient::Column::OfferId)
        .from(recipient::Entity)
        .and_where(recipient::Column::UserId.eq(me))
        .and_where(recipient::Column::DeclinedAt.is_null())
        .to_owned();
    let offers = Entity::find()
        .filter(Column::State.eq(State::Open))
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::Id.in_subquery(own))
        .order_by_asc(Column::ExpiresAt)
        .limit(50)
        .all(connection)
        .await?;
    let ids: Vec<OfferId> = offers.iter().map(|offer| offer.id).collect();
    let invited = recipient::Entity::find()
        .filter(recipient::Column::OfferId.is_in(ids))
        .filter(recipient::Column::DeclinedAt.is_null())
        .all(connection)
        .await?;
    let people = user::people(connection, invited.iter().map(|one| one.user_id).collect::<Vec<_>>()).await?;
    let conversations: Vec<ConversationId> = offers.iter().map(|offer| offer.conversation_id).collect();
    let rows = rows_by_ids(connection, actor, &conversations).await?;
    let mut rows: HashMap<ConversationId, ConversationRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let offer = |offer: Model| {
        let of_it = invited.iter().filter(|one| one.offer_id == offer.id);
        Some(Offer {
            id: offer.id,
            conversation: rows.remove(&offer.conversation_id)?,
            offered_at: offer.offered_at,
            expires_at: offer.expires_at,
            invited: of_it.filter_map(|one| people.get(&one.user_id).cloned()).collect(),
        })
    };
    Ok(offers.into_iter().filter_map(offer).collect())
}

/// An offer to the actor, whatever has become of it, and his invitation.
async fn invitation(tx: &Tx, actor: &Actor, id: OfferId) -> Result<(Model, recipient::Model)> {
    let missing = || Error::NotFound("offer");
    let me = actor.user_id().ok_or_else(missing)?;
    let invited = recipient::Entity::find_by_id((id, me)).one(tx).await?.ok_or_else(missing)?;
    let offer = Entity::find_by_id(id).lock(db::HOLD).one(tx).await?.ok_or_else(missing)?;
    Ok((offer, invited))
}

/// Takes an offered conversation. The first has it; who comes later learns who that was.
pub(super) async fn accept(tx: &Tx, actor: &Actor, id: OfferId) -> Result<ConversationId> {
    let me = actor.user_id().ok_or(Error::NotFound("offer"))?;
    dialect::lock(tx, queue::LOCK).await?;
    let (offer, _) = invitation(tx, actor, id).await?;
    if offer.state != State::Open || offer.expires_at <= tx.now() {
        return Err(over(tx, &offer).await?);
    }
    let conversation = conversation::find_to_change(tx, actor, offer.conversation_id).await?;
    if conversation.assignee_id.is_some() {
        return Err(over(tx, &Model { accepted_by: conversation.assignee_id, ..offer }).await?);
    }
    // His row is held so that nothing else is given to him meanwhile.
    queue::hold(tx, &[me]).await?;
    let crew = crew::load(tx, tx.now()).await?;
    let waiting = crew.waiting(&case_of(&conversation, None, &Demand::default()));
    let refused = crew.operator(me).and_then(|operator| refusal(operator, &waiting));
    if let Some(why @ (Refusal::Limit | Refusal::ChannelLimit)) = refused {
        let (_, words) = crew.refusal_words(me, why);
        let words = Words::owned(format!("Не получилось взять: {}", words.ru), format!("Not taken: {}", words.en));
        return Err(Error::Conflict { code: "limit_reached", words });
    }
    let (conversation_id, why) = (conversation.id, Words::new("принял(а) приглашение", "accepted the offer"));
    let name = crew.name_of(me);
    let told = Words::owned(format!("Приглашение принято: {name}."), format!("{name} accepted the offer."));
    decision::record_given(tx, DecisionId(tx.new_id()), &conversation, Source::Rule, me, told).await?;
    queue::assign(tx, actor, &crew, conversation, me, Source::Rule, &why).await?;
    end(tx, actor, &offer, State::Accepted, Some(me)).await?;
    Ok(conversation_id)
}

/// Does not want it. When nobody is left the conversation goes on at once.
pub(super) async fn decline(tx: &Tx, actor: &Actor, id: OfferId) -> Result<()> {
    let (offer, invited) = invitation(tx, actor, id).await?;
    if offer.state != State::Open || invited.declined_at.is_some() {
        return Ok(());
    }
    let row =
        recipient::ActiveModel { offer_id: Set(id), user_id: Set(invited.user_id), declined_at: Set(Some(tx.now())) };
    recipient::Entity::update(row).exec_without_returning(tx).await?;
    let left = recipient::Entity::find()
        .filter(recipient::Column::OfferId.eq(id))
        .filter(recipient::Column::DeclinedAt.is_null())
        .one(tx)
        .await?;
    if left.is_some() {
        let data = json!({"offer_id": id, "user_ids": [invited.user_id]});
        return tell(tx, actor, &offer, "offer_declined", data).await;
    }
    end(tx, actor, &offer, State::Declined, None).await?;
    let reason = Words::new("Все приглашённые отказались", "Everybody invited has declined");
    decision::route_again(tx, offer.conversation_id, reason).await.map(drop)
}

/// Ends an offer whose time is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expire {
    pub offer_id: OfferId,
}

impl Job for Expire {
    const KIND: &'static str = "routing.expire_offer";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        let offer = Entity::find_by_id(self.offer_id).lock(db::HOLD).one(&tx).await?;
        let Some(offer) = offer.filter(|offer| offer.state == State::Open) else { return Ok(()) };
        end(&tx, &Actor::system(), &offer, State::Expired, None).await?;
        let reason = Words::new("Приглашение никто не принял вовремя", "Nobody accepted the offer in time");
        decision::route_again(&tx, offer.conversation_id, reason).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn end(tx: &Tx, actor: &Actor, offer: &Model, state: State, accepted_by: Option<UserId>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::EndedAt, Expr::value(tx.now()))
        .col_expr(Column::AcceptedBy, Expr::value(accepted_by))
        .filter(Column::Id.eq(offer.id))
        .exec(tx)
        .await?;
    let invited = recipient::Entity::find().filter(recipient::Column::OfferId.eq(offer.id)).all(tx).await?;
    let users: Vec<UserId> = invited.into_iter().map(|one| one.user_id).collect();
    let accepted_by = match accepted_by {
        Some(id) => user::people(tx, [id]).await?.remove(&id),
        None => None,
    };
    let data = json!({"offer_id": offer.id, "user_ids": users, "accepted_by": accepted_by, "state": state});
    tell(tx, actor, offer, "offer_ended", data).await
}

async fn tell(tx: &Tx, actor: &Actor, offer: &Model, kind: &'static str, data: serde_json::Value) -> Result<()> {
    let entity::Model { id, conversation_id, line_id, group_id, .. } = offer;
    let event = Event::new(kind).subject(id.0).conversation(*conversation_id, *line_id, *group_id);
    bus::emit(tx, actor, event.data(data)).await.map(drop)
}

async fn over(connection: &impl ConnectionTrait, offer: &Model) -> Result<Error> {
    let taken_by = match offer.accepted_by {
        Some(id) => user::people(connection, [id]).await?.remove(&id),
        None => None,
    };
    Ok(match taken_by {
        Some(person) => {
            let name = person.name;
            let words = Words::owned(
                format!("Это обращение уже взял(а) {name}"),
                format!("{name} has taken this conversation"),
            );
            Error::Conflict { code: "already_taken", words }
        }
        None => Error::conflict("offer_over", "Приглашение больше не действует", "The offer is over"),
    })
}
