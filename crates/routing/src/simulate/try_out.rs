//! One made-up message goes through the rules of a line.

use base::{Actor, ContactId, ConversationId, Error, Language, LineId, Result, Timestamp, Words};
use db::{Fetch, Row};
use desk::conversation;
use desk::line;
use desk::schedule;
use uuid::Uuid;

use super::api::{SimulatedMessage, Simulation, SimulationResult};
use crate::decision::evaluate::{RuleSet, Spent, Step, ask};
use crate::decision::{Names, describe, id_in, ids_of, resolve, result, trace, view};
use crate::facts::{self, Client, Facts, Texts};
use crate::line as line_routing;
use crate::rule::{self, Analysed, Rule};

/// The rules a request brings, else those of the line.
pub(super) async fn rules(
    connection: &impl Fetch,
    line_id: LineId,
    given: Option<Vec<rule::GivenRule>>,
) -> Result<Vec<Rule>> {
    let Some(given) = given else { return rule::of_line(connection, line_id).await };
    if given.len() > 500 {
        return Err(Error::invalid("rules", "too_many", "Не больше 500 правил", "At most 500 rules"));
    }
    let tried = given.into_iter().enumerate();
    tried.map(|(index, one)| rule::definition(one.id, one.rule, &format!("rules[{index}]"))).collect()
}

pub(super) async fn simulate(
    connection: &impl Fetch,
    actor: &Actor,
    line_id: LineId,
    request: Simulation,
    now: Timestamp,
) -> Result<SimulationResult> {
    let line = line::find(connection, actor, line_id).await?;
    let Simulation { rules: given, default_target, manager_first, message } = request;
    let mut settings = line_routing::of(connection, line_id).await?;
    let clock = schedule::hours(connection, line.schedule_id).await?;
    settings.target = default_target.unwrap_or(settings.target);
    settings.manager_first = manager_first.unwrap_or(settings.manager_first);
    let set = RuleSet::new(settings, rules(connection, line_id, given).await?);
    let at = message.at.unwrap_or(now);
    let client = client(connection, actor, &message).await?;
    let mut facts = Facts::at(at, clock.zone);
    facts.in_service_hours = clock.is_open(at);
    client.tell(&mut facts);
    tell_message(&mut facts, &message);
    let thought_of = thought_of(&line, &client, &facts, at);
    if let Some(contact_id) = client.contact {
        tell_history(connection, &mut facts, line_id, contact_id).await?;
    }
    if line.kind == line::Kind::Internal {
        facts::tell_staff_groups(connection, std::slice::from_mut(&mut facts)).await?;
    }
    facts.volatile = facts::load_volatile(connection, &thought_of, &facts, now).await?;
    let spent = Spent::default();
    let asked = ask(&set, &facts, &spent);
    let mut abilities = resolve(connection, &thought_of, &facts, &asked, now, clock.zone).await?.into_iter();
    let decided = asked.decide(|_, _| abilities.next().unwrap_or(Err(Words::new("", ""))));
    let rule = match decided.step {
        Step::Rule(index) => set.rules.get(index),
        Step::Manager | Step::Default => None,
    };
    let actions = rule.map(|rule| rule.actions.clone()).unwrap_or_default();
    let able = decided.able.clone();
    let traced = trace(&set, &facts, decided.verdicts);
    let mut ids = ids_of(&traced);
    ids.extend(id_in(&able.target));
    let names = Names::of(connection, ids).await?;
    Ok(SimulationResult {
        note: able.note.map(|words| words.get(actor.language).to_owned()),
        result: result(able.target, &names, actor.language),
        verdicts: view(traced, &names, actor.language),
        auto_reply: actions.auto_reply,
        set: actions.set,
        overflow: actions.overflow.map(|overflow| said(&overflow, &names, actor.language)),
    })
}

fn said(overflow: &rule::Overflow, names: &Names, language: Language) -> String {
    let words = describe(&overflow.target, names);
    let words = Words::owned(
        format!("через {} мин: {}", overflow.minutes, words.ru),
        format!("after {} min: {}", overflow.minutes, words.en),
    );
    words.get(language).to_owned()
}

/// The client that was chosen, or whoever has the account that was typed, or a stranger.
async fn client(connection: &impl Fetch, actor: &Actor, message: &SimulatedMessage) -> Result<Client> {
    let account = message.account.as_deref().map(str::trim).unwrap_or_default();
    let id = match message.contact_id {
        Some(id) => Some(desk::contact::find(connection, actor, id).await?.id),
        None if account.is_empty() => None,
        None => by_account(connection, account).await?,
    };
    let known = match id {
        Some(id) => facts::client(connection, id).await?,
        None => None,
    };
    let mut client = known.unwrap_or_default();
    if !account.is_empty() && !client.accounts.iter().any(|known| known == account) {
        client.accounts.push(account.to_owned());
    }
    if let Some(name) = message.client_name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        client.name = name.to_owned();
    }
    Ok(client)
}

async fn by_account(connection: &impl Fetch, account: &str) -> Result<Option<ContactId>> {
    let email = text::email::normalize(account).unwrap_or_else(|| account.to_owned());
    let phone = text::phone::normalize(account, "RU").unwrap_or_else(|| account.to_owned());
    let sql = "select contact_id from identity where value_key in ($1, $2, $3) order by created_at, id limit 1";
    let values = vec![account.into(), email.into(), phone.into()];
    let found = connection.fetch(sql.to_owned(), values, |row: &Row<'_>| row.get::<Uuid>(0)).await?;
    Ok(found.first().map(|id| ContactId(*id)))
}

fn tell_message(facts: &mut Facts, message: &SimulatedMessage) {
    facts.text = Analysed::new(message.text.clone());
    facts.subject = Analysed::new(message.subject.clone().unwrap_or_default());
    facts.channel = message.channel;
    facts.connected = message.channel_id.iter().map(|id| id.0).collect();
    facts.page_url = Texts::new(message.page_url.clone());
    facts.referrer = Texts::new(message.referrer.clone());
    let utm = message
        .utm
        .iter()
        .map(|(key, value)| (key.strip_prefix("utm_").unwrap_or(key).to_owned(), Texts::new([value.clone()])));
    facts.utm = utm.collect();
    if let Some(language) = &message.language {
        facts.language = Texts::new([language.clone()]);
    }
}

/// The conversation as it would be.
fn thought_of(line: &line::Model, client: &Client, facts: &Facts, at: Timestamp) -> conversation::Model {
    let nobody = ContactId(Uuid::nil());
    let number = 0;
    let contact = client.contact.unwrap_or(nobody);
    conversation::Model {
        channel: facts.channel,
        ..conversation::Model::new(ConversationId(Uuid::nil()), number, line.id, contact, at)
    }
}

/// Whether he came before, and who served him on this line.
async fn tell_history(
    connection: &impl Fetch,
    facts: &mut Facts,
    line_id: LineId,
    contact_id: ContactId,
) -> Result<()> {
    let sql = "select (select count(*) from (select 1 from conversation where contact_id = $1 and status <> 'spam' \
          limit 1) earlier), \
        (select assignee_id from conversation where contact_id = $1 and line_id = $2 and assignee_id is not null \
          and status <> 'spam' order by last_message_at desc, id desc limit 1)";
    let values = vec![contact_id.0.into(), line_id.0.into()];
    let read = |row: &Row<'_>| Ok((row.get::<i64>(0)?, row.get::<Option<Uuid>>(1)?));
    if let Some((earlier, last)) = connection.fetch(sql.to_owned(), values, read).await?.pop() {
        facts.is_first = earlier == 0;
        facts.last_operator = last.into_iter().collect();
    }
    Ok(())
}
