//! Which conversation a message belongs to: a pure decision over facts, with its reason in words.
//!
//! Order: an address or Message-ID that we signed; then a reference to a known message, from somebody who takes part in
//! its conversation; else a new conversation. A conversation of another line is never joined, nor by a group's own mailbox
//! one that others see, and quoting proves nothing: a stranger's or a forwarded thread begins a conversation of its own.

use base::ConversationId;
use desk::conversation::{Threading, ThreadingRule};

/// What points from a message to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// The message came to an address that we signed for the conversation.
    ReplyAddress,
    /// It answers a Message-ID that we signed.
    OurMessageId,
    /// It refers to a message that we know.
    Reference,
}

/// A conversation that something points to.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub conversation: ConversationId,
    pub number: i64,
    pub evidence: Evidence,
    /// It is on the line the message came in on.
    pub same_line: bool,
    /// The message may join it: a mailbox that is pinned to a group brings mail for that group only.
    pub same_group: bool,
    /// The sender is one of those who write in it, by address or as the same client.
    pub sender_belongs: bool,
    /// A group conversation: only who takes part writes in it, and staff say who does.
    pub closed: bool,
}

/// What the message itself says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub sender: &'a str,
    /// Its subject says that somebody passes it on.
    pub forwarded: bool,
    /// Something in it looks like our signature but is not.
    pub forged_token: bool,
    /// It refers to messages at all.
    pub refers: bool,
}

/// Chooses among the candidates, best evidence first in the order given. None: a new conversation.
pub(crate) fn choose(candidates: &[Candidate], facts: Facts) -> (Option<ConversationId>, Threading) {
    let signed = |candidate: &&Candidate| candidate.evidence != Evidence::Reference;
    let open = |candidate: &Candidate| candidate.sender_belongs || !candidate.closed;
    let here = || candidates.iter().filter(|one| one.same_line && one.same_group && open(one));
    let chosen = here()
        .filter(signed)
        .find(|candidate| candidate.sender_belongs)
        .or_else(|| here().filter(signed).find(|_| !facts.forwarded))
        .or_else(|| here().find(|candidate| candidate.sender_belongs));
    match chosen {
        Some(candidate) => (Some(candidate.conversation), joined(candidate, facts.sender)),
        None => (None, began(candidates, facts)),
    }
}

fn joined(candidate: &Candidate, sender: &str) -> Threading {
    let number = candidate.number;
    let (rule, mut ru, mut en) = match candidate.evidence {
        Evidence::ReplyAddress => (
            ThreadingRule::ReplyToken,
            format!("Письмо пришло на адрес для ответа, который мы подписали для диалога №{number}"),
            format!("The message came to the reply address that we signed for conversation #{number}"),
        ),
        Evidence::OurMessageId => (
            ThreadingRule::ReplyToken,
            format!("Это ответ на наше письмо: в его заголовках — наша подписанная метка диалога №{number}"),
            format!("This answers our letter: its headers carry our signed mark of conversation #{number}"),
        ),
        Evidence::Reference => (
            ThreadingRule::References,
            format!("Письмо ссылается на сообщение диалога №{number}, а {sender} в нём участвует"),
            format!("The message refers to one of conversation #{number}, and {sender} takes part in it"),
        ),
    };
    if candidate.evidence != Evidence::Reference {
        if candidate.sender_belongs {
            ru.push_str(&format!("; {sender} в нём участвует"));
            en.push_str(&format!("; {sender} takes part in it"));
        } else {
            ru.push_str(&format!("; {sender} раньше в нём не участвовал и добавлен в копию"));
            en.push_str(&format!("; {sender} did not take part in it before and is now in copy"));
        }
    }
    Threading { rule, ru: ru + ".", en: en + "." }
}

fn began(candidates: &[Candidate], facts: Facts) -> Threading {
    let sender = facts.sender;
    let (ru, en) = if let Some(other) = candidates.iter().find(|candidate| candidate.same_line) {
        let number = other.number;
        if !other.same_group {
            (
                format!(
                    "Письмо ссылается на диалог №{number}, но пришло в ящик, закреплённый за группой: для неё начат новый."
                ),
                format!(
                    "The message refers to conversation #{number} but came to a mailbox that is a group's own: a new one began for that group."
                ),
            )
        } else if other.closed {
            (
                format!(
                    "Письмо отвечает на групповой разговор №{number}, но {sender} в нём не участвует: начат новый диалог."
                ),
                format!(
                    "The message answers group conversation #{number}, in which {sender} takes no part: a new conversation began."
                ),
            )
        } else if facts.forwarded {
            (
                format!(
                    "Переписку из диалога №{number} переслал {sender}, который в нём не участвует: это новый диалог."
                ),
                format!(
                    "{sender}, who takes no part in conversation #{number}, forwarded its messages: this is a new conversation."
                ),
            )
        } else {
            (
                format!(
                    "Письмо ссылается на диалог №{number}, но {sender} в нём не участвует: чужое письмо к диалогу не присоединяется."
                ),
                format!(
                    "The message refers to conversation #{number}, but {sender} takes no part in it: a stranger's mail does not join it."
                ),
            )
        }
    } else if let Some(other) = candidates.first() {
        let number = other.number;
        (
            format!("Письмо ссылается на диалог №{number} другой линии: на этой линии начат новый."),
            format!("The message refers to conversation #{number} of another line: a new one began on this line."),
        )
    } else if facts.forged_token {
        (
            "Метка в письме похожа на нашу, но подпись не сошлась: начат новый диалог.".to_owned(),
            "A mark in the message looks like ours but its signature is wrong: a new conversation began.".to_owned(),
        )
    } else if facts.refers {
        (
            "Письмо отвечает на сообщения, которых мы не видели: начат новый диалог.".to_owned(),
            "The message answers messages that we have never seen: a new conversation began.".to_owned(),
        )
    } else {
        (
            "Письмо ни на что не отвечает: начат новый диалог.".to_owned(),
            "The message answers nothing: a new conversation began.".to_owned(),
        )
    };
    Threading { rule: ThreadingRule::NewConversation, ru, en }
}

/// Whether a subject says that the mail was passed on, as mail programs of several languages write it.
pub(crate) fn is_forwarded(subject: &str) -> bool {
    let marks = ["fwd", "fw", "wg", "tr", "rv", "пересл", "пер", "переслано", "пд"];
    let Some((mark, _)) = subject.trim_start().trim_start_matches('[').split_once(':') else { return false };
    let mark = mark.trim().to_lowercase();
    marks.contains(&mark.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: bool = true;
    const ELSEWHERE: bool = false;
    const MEMBER: bool = true;
    const STRANGER: bool = false;

    fn candidate(number: i64, evidence: Evidence, same_line: bool, sender_belongs: bool) -> Candidate {
        let id = uuid::Uuid::from_u128(u128::try_from(number).unwrap());
        Candidate {
            conversation: ConversationId(id),
            number,
            evidence,
            same_line,
            same_group: true,
            sender_belongs,
            closed: false,
        }
    }

    fn facts(subject: &str) -> Facts<'_> {
        Facts { sender: "ivan@client.ru", forwarded: is_forwarded(subject), forged_token: false, refers: true }
    }

    fn check(subject: &str, candidates: &[Candidate], expected: Option<i64>, rule: ThreadingRule) {
        let (chosen, why) = choose(candidates, facts(subject));
        let chosen = chosen.map(|id| i64::try_from(id.0.as_u128()).unwrap());
        assert_eq!((chosen, why.rule), (expected, rule), "{subject}: {candidates:?}");
        assert!(why.ru.ends_with('.') && why.en.ends_with('.') && !why.ru.is_empty());
    }

    #[test]
    fn the_table_of_threading() {
        use Evidence::*;
        use ThreadingRule::*;
        check("Re: Счёт", &[candidate(1, OurMessageId, HERE, MEMBER)], Some(1), ReplyToken);
        check("Совсем другая тема", &[candidate(1, OurMessageId, HERE, MEMBER)], Some(1), ReplyToken);
        check("Re: Счёт", &[candidate(1, ReplyAddress, HERE, STRANGER)], Some(1), ReplyToken);
        check("Re: Счёт", &[candidate(1, OurMessageId, HERE, STRANGER)], Some(1), ReplyToken);
        check("Fwd: Счёт", &[candidate(1, OurMessageId, HERE, STRANGER)], None, NewConversation);
        check("Fwd: Счёт", &[candidate(1, OurMessageId, HERE, MEMBER)], Some(1), ReplyToken);
        check("Re: Счёт", &[candidate(1, Reference, HERE, MEMBER)], Some(1), References);
        check("Re: Счёт", &[candidate(1, Reference, HERE, STRANGER)], None, NewConversation);
        check("FW: Счёт", &[candidate(1, Reference, HERE, STRANGER)], None, NewConversation);
        check("Re: Счёт", &[candidate(1, OurMessageId, ELSEWHERE, MEMBER)], None, NewConversation);
        check("Re: Счёт", &[candidate(1, Reference, ELSEWHERE, MEMBER)], None, NewConversation);
        check("Привет", &[], None, NewConversation);
    }

    #[test]
    fn a_signature_beats_a_reference_and_a_member_beats_a_stranger() {
        use Evidence::*;
        let both = [candidate(1, Reference, HERE, MEMBER), candidate(2, OurMessageId, HERE, MEMBER)];
        check("Re: x", &both, Some(2), ThreadingRule::ReplyToken);
        let two_signed = [candidate(1, OurMessageId, HERE, STRANGER), candidate(2, OurMessageId, HERE, MEMBER)];
        check("Re: x", &two_signed, Some(2), ThreadingRule::ReplyToken);
        let forwarded = [candidate(1, OurMessageId, HERE, STRANGER), candidate(2, Reference, HERE, MEMBER)];
        check("Fwd: x", &forwarded, Some(2), ThreadingRule::References);
    }

    #[test]
    fn only_who_takes_part_writes_in_a_group_conversation() {
        let group = |belongs| Candidate { closed: true, ..candidate(4, Evidence::OurMessageId, HERE, belongs) };
        check("Re: x", &[group(MEMBER)], Some(4), ThreadingRule::ReplyToken);
        check("Re: x", &[group(STRANGER)], None, ThreadingRule::NewConversation);
        let (_, why) = choose(&[group(STRANGER)], facts("Re: x"));
        assert!(why.ru.contains("групповой разговор №4"), "{}", why.ru);
    }

    #[test]
    fn the_reason_names_the_facts() {
        let stranger = [candidate(17, Evidence::Reference, HERE, STRANGER)];
        let (_, why) = choose(&stranger, facts("Re: x"));
        assert!(why.ru.contains("№17") && why.ru.contains("ivan@client.ru"), "{}", why.ru);
        let (_, why) = choose(&[], Facts { forged_token: true, ..facts("Re: x") });
        assert!(why.en.contains("signature"), "{}", why.en);
    }

    #[test]
    fn forwarding_is_seen_in_the_subject() {
        for subject in ["Fwd: Счёт", "FW: x", " fw : x", "WG: Rechnung", "Пересл: договор", "[Fwd: x]"]
        {
            assert!(is_forwarded(subject), "{subject}");
        }
        for subject in ["Re: Fwd: x", "Счёт: за май", "Forward", "", "Re: x", "Перевод: срочно"] {
            assert!(!is_forwarded(subject), "{subject}");
        }
    }
}
