//! Everything a person can be told of: one list. A new kind is a variant, its traits, its words, and the event it comes from.

use base::{Permission, Words};
use bus::Notice;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::preference::{Sound, Ways};

desk::text_enum! {
    /// What a notification tells.
    Kind as "NotificationKind" {
        /// A conversation is offered to you.
        Offered = "offered",
        /// A conversation was given to you, by a colleague or by itself.
        Assigned = "assigned",
        /// A colleague handed a conversation over to you.
        Transferred = "transferred",
        /// A client wrote in a conversation of yours.
        ClientWrote = "client_wrote",
        /// Somebody wrote in a group conversation in which you take part.
        GroupWrote = "group_wrote",
        /// A colleague added you to a group conversation.
        GroupJoined = "group_joined",
        /// A colleague mentioned you in a note.
        Mentioned = "mentioned",
        /// The time a conversation of yours was put off until has come.
        Woken = "woken",
        /// An answer of yours could not be sent.
        SendFailed = "send_failed",
        /// A promised time is near, and its policy names you.
        SlaReminded = "sla_reminded",
        /// A promised time has passed, and its policy names you.
        SlaEscalated = "sla_escalated",
        /// Fewer promises are kept than a policy wants, and it names you.
        SlaShareLow = "sla_share_low",
        /// A task was given to you.
        TaskAssigned = "task_assigned",
        /// A stage of a route waits for you or for your group.
        StageStarted = "stage_started",
        /// The time of a stage that waits for you has passed.
        StageMissed = "stage_missed",
        /// Your ticket waited for a planned time, which has come.
        TicketReturned = "ticket_returned",
        /// A ticket is beyond the plan of its client, whose category names you.
        TariffExceeded = "tariff_exceeded",
        /// A mailbox cannot be read.
        MailboxBroken = "mailbox_broken",
        /// A channel has lost its connection.
        ChannelBroken = "channel_broken",
    }
}

/// What is the same for every notification of a kind.
pub(crate) struct Traits {
    /// What its settings are called.
    pub title: Words,
    /// How it is told unless the person chooses otherwise.
    pub usual: Ways,
    /// A phone is woken for it.
    pub urgent: bool,
    /// Meant for this very person: told also when he does not want to hear of the conversation.
    pub personal: bool,
    /// What is needed to be told.
    pub needs: Permission,
}

const QUIET: Ways = Ways { feed: true, sound: None, desktop: true, push: false, mail: false };

const fn loud(sound: Sound) -> Ways {
    Ways { feed: true, sound: Some(sound), desktop: true, push: true, mail: false }
}

impl Kind {
    pub const ALL: [Kind; 19] = [
        Kind::Offered,
        Kind::Assigned,
        Kind::Transferred,
        Kind::ClientWrote,
        Kind::GroupWrote,
        Kind::GroupJoined,
        Kind::Mentioned,
        Kind::Woken,
        Kind::SendFailed,
        Kind::SlaReminded,
        Kind::SlaEscalated,
        Kind::SlaShareLow,
        Kind::TaskAssigned,
        Kind::StageStarted,
        Kind::StageMissed,
        Kind::TicketReturned,
        Kind::TariffExceeded,
        Kind::MailboxBroken,
        Kind::ChannelBroken,
    ];

    /// Those that may tell of a ticket and of no conversation.
    pub const OF_TICKETS: [Kind; 6] = [
        Kind::SlaReminded,
        Kind::SlaEscalated,
        Kind::StageStarted,
        Kind::StageMissed,
        Kind::TicketReturned,
        Kind::TariffExceeded,
    ];

    pub(crate) fn traits(self) -> Traits {
        let words = Words::new;
        let of = |title, usual, urgent, personal| Traits {
            title,
            usual,
            urgent,
            personal,
            needs: Permission::ConversationsView,
        };
        let managed = |title| Traits { needs: Permission::ChannelsManage, ..of(title, QUIET, false, true) };
        match self {
            // It stands on the page with its time anyway; the feed would keep what is long over.
            Kind::Offered => {
                let usual = Ways { feed: false, ..loud(Sound::Call) };
                of(words("Вам предлагают обращение", "You are offered a conversation"), usual, true, true)
            }
            Kind::Assigned => of(
                words("Вам назначено обращение", "A conversation is assigned to you"),
                loud(Sound::Chime),
                true,
                true,
            ),
            Kind::Transferred => of(
                words("Коллега передал вам обращение", "A colleague transfers a conversation to you"),
                loud(Sound::Chime),
                true,
                true,
            ),
            Kind::ClientWrote => of(
                words("Клиент написал в вашем обращении", "A client writes in your conversation"),
                loud(Sound::Drop),
                false,
                false,
            ),
            Kind::GroupWrote => of(
                words("Написали в групповом разговоре с вами", "Somebody writes in a group conversation of yours"),
                loud(Sound::Drop),
                false,
                false,
            ),
            Kind::GroupJoined => of(
                words("Вас добавили в групповой разговор", "You are added to a group conversation"),
                loud(Sound::Chime),
                false,
                true,
            ),
            Kind::Mentioned => {
                of(words("Вас упомянули в заметке", "You are mentioned in a note"), loud(Sound::Bell), true, true)
            }
            Kind::Woken => of(
                words("Отложенное обращение пора продолжить", "A snoozed conversation of yours is due"),
                QUIET,
                false,
                false,
            ),
            Kind::SendFailed => of(
                words("Ваш ответ не отправлен", "Your answer could not be sent"),
                Ways { sound: Some(Sound::Pulse), ..QUIET },
                false,
                true,
            ),
            Kind::SlaReminded => {
                of(words("Подходит срок по нормативу", "A promised time is near"), loud(Sound::Pulse), false, true)
            }
            Kind::SlaEscalated => {
                of(words("Срок по нормативу прошёл", "A promised time has passed"), loud(Sound::Pulse), true, true)
            }
            Kind::SlaShareLow => {
                of(words("Доля в срок меньше нужной", "Too few promises are kept"), QUIET, false, true)
            }
            Kind::TaskAssigned => {
                of(words("Вам поручена задача", "A task is given to you"), loud(Sound::Chime), false, true)
            }
            Kind::StageStarted => Traits {
                needs: Permission::TicketsView,
                ..of(
                    words("Этап обращения ждёт вас", "A stage of a ticket waits for you"),
                    loud(Sound::Chime),
                    false,
                    true,
                )
            },
            Kind::StageMissed => Traits {
                needs: Permission::TicketsView,
                ..of(
                    words("Срок вашего этапа прошёл", "The time of your stage has passed"),
                    loud(Sound::Pulse),
                    true,
                    true,
                )
            },
            Kind::TicketReturned => Traits {
                needs: Permission::TicketsView,
                ..of(
                    words("Ваше обращение дождалось своего времени", "A waiting ticket of yours is due"),
                    QUIET,
                    false,
                    true,
                )
            },
            Kind::TariffExceeded => Traits {
                needs: Permission::TicketsView,
                ..of(words("Заявка сверх тарифа клиента", "A ticket is beyond its client's plan"), QUIET, false, true)
            },
            Kind::MailboxBroken => managed(words("Почтовый ящик не работает", "A mailbox stops working")),
            Kind::ChannelBroken => managed(words("Канал не работает", "A channel stops working")),
        }
    }

    /// What an event has to tell, if anything.
    pub(crate) fn of(notice: &Notice) -> Option<Self> {
        let data = &notice.data;
        match notice.kind.as_str() {
            "offer_made" => Some(Kind::Offered),
            "message_created" | "message_queued" if is_some(&data["members"]) => Some(Kind::GroupWrote),
            "group_members_changed" if is_some(&data["invited"]) => Some(Kind::GroupJoined),
            // What a program answered by itself ("I am on holiday") asks nobody to do anything.
            "message_created" if data["kind"] == "inbound" && data["automatic"].is_null() => Some(Kind::ClientWrote),
            "message_updated" if data["delivery"] == "failed" => Some(Kind::SendFailed),
            "conversation_assigned" if !data["to"].is_null() => Some(Kind::Assigned),
            "conversation_transferred" if !data["to"].is_null() => Some(Kind::Transferred),
            // When the client wrote, that is what is told.
            "conversation_woken" if data["reason"] != "client_replied" => Some(Kind::Woken),
            "note_created" | "message_edited" if is_some(&data["mentions"]) => Some(Kind::Mentioned),
            "sla_reminded" if is_some(&data["tell"]) => Some(Kind::SlaReminded),
            "sla_escalated" if is_some(&data["tell"]) => Some(Kind::SlaEscalated),
            "ticket_returned" if is_some(&data["tell"]) => Some(Kind::TicketReturned),
            "ticket_over_tariff" if is_some(&data["tell"]) => Some(Kind::TariffExceeded),
            "sla_share_low" => Some(Kind::SlaShareLow),
            "task_created" | "task_changed" if is_some(&data["tell"]) => Some(Kind::TaskAssigned),
            "stage_started" if is_some(&data["tell"]) => Some(Kind::StageStarted),
            "stage_missed" if is_some(&data["tell"]) => Some(Kind::StageMissed),
            "mailbox_changed" if data["state"] == "broken" && data["action"].is_null() => Some(Kind::MailboxBroken),
            "channel_changed" if data["state"] == "broken" && data["action"] == "state" => Some(Kind::ChannelBroken),
            _ => None,
        }
    }

    /// What happened, by this person or thing.
    pub(crate) fn words(self, who: &str) -> Words {
        let by = |ru: &str, en: &str| Words::owned(format!("{who}{ru}"), format!("{who}{en}"));
        match self {
            Kind::Offered => Words::new("Вам предлагают обращение", "You are offered a conversation"),
            Kind::Assigned if who.is_empty() => {
                Words::new("Вам назначено обращение", "A conversation was assigned to you")
            }
            Kind::Assigned => by(" назначает вам обращение", " assigned a conversation to you"),
            Kind::Transferred if who.is_empty() => {
                Words::new("Вам передано обращение", "A conversation was transferred to you")
            }
            Kind::Transferred => by(" передаёт вам обращение", " transferred a conversation to you"),
            Kind::ClientWrote => by(": новое сообщение", ": a new message"),
            Kind::GroupWrote => by(": новое сообщение в группе", ": a new message in the group"),
            Kind::GroupJoined => by(" добавляет вас в групповой разговор", " added you to a group conversation"),
            Kind::Mentioned => by(" упоминает вас в заметке", " mentioned you in a note"),
            Kind::Woken => Words::new("Пора вернуться к отложенному обращению", "A snoozed conversation is due"),
            Kind::SendFailed => Words::new("Ваш ответ не отправлен", "Your answer could not be sent"),
            Kind::SlaReminded => Words::owned(
                format!("Подходит срок по нормативу «{who}»"),
                format!("A time promised by “{who}” is near"),
            ),
            Kind::SlaEscalated => Words::owned(
                format!("Срок по нормативу «{who}» прошёл"),
                format!("A time promised by “{who}” has passed"),
            ),
            Kind::SlaShareLow => Words::owned(
                format!("По нормативу «{who}» в срок выполнено меньше нужного"),
                format!("Fewer promises of “{who}” are kept than wanted"),
            ),
            Kind::TaskAssigned if who.is_empty() => Words::new("Вам поручена задача", "A task was given to you"),
            Kind::TaskAssigned => by(" поручает вам задачу", " gave you a task"),
            Kind::StageStarted => {
                Words::owned(format!("Вас ждёт этап «{who}»"), format!("The stage “{who}” waits for you"))
            }
            Kind::StageMissed => {
                Words::owned(format!("Срок этапа «{who}» прошёл"), format!("The time of the stage “{who}” has passed"))
            }
            Kind::TicketReturned => Words::new(
                "Обращение снова в работе: время ожидания вышло",
                "A ticket is back in work: its wait is over",
            ),
            Kind::TariffExceeded => {
                Words::owned(format!("Заявка сверх тарифа «{who}»"), format!("A ticket is beyond the plan “{who}”"))
            }
            Kind::MailboxBroken => {
                Words::owned(format!("Почтовый ящик «{who}» не работает"), format!("The mailbox “{who}” does not work"))
            }
            Kind::ChannelBroken => {
                Words::owned(format!("Канал «{who}» не работает"), format!("The channel “{who}” does not work"))
            }
        }
    }
}

fn is_some(list: &serde_json::Value) -> bool {
    list.as_array().is_some_and(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use base::EventId;
    use sea_orm::Iterable;
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(event: &str, data: Value, told: Option<Kind>) {
        let notice = Notice {
            event_id: EventId(uuid::Uuid::nil()),
            kind: event.to_owned(),
            subject: None,
            conversation_id: None,
            line_id: None,
            actor_id: None,
            actor_name: String::new(),
            data,
        };
        assert_eq!(Kind::of(&notice), told, "{event}");
    }

    #[test]
    fn the_list_is_complete() {
        assert_eq!(Kind::iter().collect::<Vec<_>>(), Kind::ALL);
    }

    #[test]
    fn only_what_asks_for_attention_is_told() {
        check("message_created", json!({"kind": "inbound", "automatic": null}), Some(Kind::ClientWrote));
        check("message_created", json!({"kind": "inbound", "automatic": "auto_reply"}), None);
        check("message_created", json!({"kind": "outbound"}), None);
        check("message_created", json!({"kind": "inbound", "members": ["1"]}), Some(Kind::GroupWrote));
        check("message_queued", json!({"members": ["1"]}), Some(Kind::GroupWrote));
        check("message_queued", json!({}), None);
        check("group_members_changed", json!({"invited": ["1"]}), Some(Kind::GroupJoined));
        check("group_members_changed", json!({"invited": []}), None);
        check("message_updated", json!({"delivery": "sent"}), None);
        check("message_updated", json!({"delivery": "failed"}), Some(Kind::SendFailed));
        check("conversation_assigned", json!({"to": null}), None);
        check("conversation_assigned", json!({"to": {"id": "1"}}), Some(Kind::Assigned));
        check("conversation_transferred", json!({"to": {"id": "1"}}), Some(Kind::Transferred));
        check("conversation_transferred", json!({"to": null}), None);
        check("conversation_woken", json!({"reason": "client_replied"}), None);
        check("conversation_woken", json!({"reason": "time"}), Some(Kind::Woken));
        check("note_created", json!({}), None);
        check("note_created", json!({"mentions": ["1"]}), Some(Kind::Mentioned));
        check("message_edited", json!({"mentions": []}), None);
        check("sla_reminded", json!({"tell": ["1"]}), Some(Kind::SlaReminded));
        check("sla_escalated", json!({"tell": []}), None);
        check("ticket_returned", json!({"tell": ["1"]}), Some(Kind::TicketReturned));
        check("ticket_returned", json!({"tell": []}), None);
        check("ticket_over_tariff", json!({"tell": ["1"]}), Some(Kind::TariffExceeded));
        check("ticket_over_tariff", json!({"tell": []}), None);
        check("sla_share_low", json!({"tell": ["1"]}), Some(Kind::SlaShareLow));
        check("task_created", json!({"tell": ["1"]}), Some(Kind::TaskAssigned));
        check("task_changed", json!({"tell": []}), None);
        check("stage_missed", json!({"tell": ["1"]}), Some(Kind::StageMissed));
        check("mailbox_changed", json!({"state": "broken"}), Some(Kind::MailboxBroken));
        check("mailbox_changed", json!({"state": "active"}), None);
        // Somebody saved the settings of one that is broken: he knows.
        check("channel_changed", json!({"state": "broken", "action": "settings"}), None);
        check("channel_changed", json!({"state": "broken", "action": "state"}), Some(Kind::ChannelBroken));
    }
}
