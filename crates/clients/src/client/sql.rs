//! A statement about the clients of one line in the making: its text and its values.

use base::{Actor, GroupId, LineId, Timestamp};
use sea_orm::Value;
use uuid::Uuid;

/// What the statement is asked by and for.
pub(super) struct Sql {
    pub text: String,
    pub values: Vec<Value>,
    /// The place of the line.
    pub line: String,
    /// The place of the asker.
    pub me: String,
    /// Groups of this line whose own conversations the asker does not see.
    hidden: Vec<GroupId>,
}

impl Sql {
    pub fn new(actor: &Actor, line: LineId) -> Self {
        let me: Uuid = actor.user_id().map(|id| id.0).unwrap_or_default();
        let mut sql = Self::of_line(actor, line);
        sql.me = sql.place(me);
        sql
    }

    /// One that does not ask who asks: every value of a statement must be named in it.
    pub fn of_line(actor: &Actor, line: LineId) -> Self {
        let hidden = actor.hidden.iter().filter(|(on, _)| *on == line).map(|(_, group)| *group).collect();
        Sql { text: String::new(), values: vec![line.0.into()], line: "$1".to_owned(), me: String::new(), hidden }
    }

    /// Adds a value and gives the place that stands for it.
    pub fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// That `alias` is a conversation of this line which the asker sees and which is no spam.
    pub fn talk(&mut self, alias: &str) -> String {
        let line = self.line.clone();
        let mut test = format!("{alias}.line_id = {line} and {alias}.status <> 'spam'");
        let hidden: Vec<String> = self.hidden.clone().iter().map(|group| self.place(group.0)).collect();
        if !hidden.is_empty() {
            test += &format!(" and ({alias}.group_id is null or {alias}.group_id not in ({}))", hidden.join(", "));
        }
        test
    }

    /// That `p` has an open case on the asker.
    pub fn mine(&self) -> String {
        let Sql { line, me, .. } = self;
        format!(
            "exists (select 1 from conversation w where w.contact_id = p.id and w.line_id = {line} and w.status = 'open' and w.assignee_id = {me} and w.channel <> 'group')"
        )
    }

    /// That `p` has an open case, whoever has it.
    pub fn open(&mut self) -> String {
        let talk = self.talk("w");
        format!(
            "exists (select 1 from conversation w where w.contact_id = p.id and {talk} and w.status in ('open', 'snoozed') and w.channel <> 'group')"
        )
    }

    /// That `p` is in a chat of this line now.
    pub fn online(&mut self, since: Timestamp) -> String {
        let since = self.place(since);
        let line = &self.line;
        format!(
            "exists (select 1 from chat h join channel k on k.id = h.channel_id where h.contact_id = p.id and k.line_id = {line} and h.online_at > {since})"
        )
    }

    /// The people whom the asker keeps in his list.
    pub fn kept(&self) -> String {
        let Sql { line, me, .. } = self;
        format!("select contact_id from client_mark where line_id = {line} and user_id = {me} and (added or favourite)")
    }

    /// That `p` is connected to the line.
    pub fn connected(&mut self) -> String {
        let talk = self.talk("w");
        let line = self.line.clone();
        let kept = self.kept();
        format!(
            "(exists (select 1 from conversation w where w.contact_id = p.id and {talk}) \
             or exists (select 1 from line_client y where y.contact_id = p.id and y.line_id = {line}) \
             or p.company_id in (select company_id from line_company where line_id = {line}) or p.id in ({kept}))"
        )
    }

    /// The people connected to the line, up to so many from each side.
    pub fn everybody(&mut self, most: i64) -> String {
        let talk = self.talk("w");
        let line = self.line.clone();
        let kept = self.kept();
        format!(
            "select contact_id from (select distinct w.contact_id from conversation w where {talk} limit {most}) t1 \
             union select contact_id from (select contact_id from line_client where line_id = {line} limit {most}) t2 \
             union select id from (select q.id from contact q join line_company y on y.company_id = q.company_id where y.line_id = {line} limit {most}) t3 \
             union {kept}"
        )
    }

    /// Those of them who matter to the asker now.
    pub fn actual(&mut self, since: Timestamp, most: i64) -> String {
        let talk = self.talk("w");
        let kept = self.kept();
        let since = self.place(since);
        format!(
            "select contact_id from (select distinct w.contact_id from conversation w where {talk} and w.last_message_at >= {since} limit {most}) t1 \
             union {kept}"
        )
    }
}
