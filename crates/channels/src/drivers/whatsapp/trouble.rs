//! What Meta's error codes mean: <https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes>
//!
//! Meta asks to go by the code, not by the HTTP status or the words.

use std::time::Duration;

use base::Words;
use reqwest::StatusCode;
use serde_json::Value;

use crate::driver::{Failure, Trouble};

/// An error of the Graph API, or of what stands before it.
#[derive(Debug)]
pub struct GraphError {
    pub status: StatusCode,
    /// 0: there was no JSON of the Graph API.
    pub code: i64,
    pub details: String,
}

impl GraphError {
    pub fn read(status: StatusCode, body: &[u8]) -> Self {
        let parsed: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = &parsed["error"];
        let details = error["error_data"]["details"].as_str().or(error["message"].as_str()).unwrap_or_default();
        GraphError { status, code: error["code"].as_i64().unwrap_or_default(), details: details.to_owned() }
    }

    fn technical(&self) -> String {
        format!("{} #{}: {}", self.status, self.code, self.details)
    }

    /// About the account or the way to it.
    pub fn trouble(&self) -> Trouble {
        let words = words(self.code, &self.details);
        let trouble = Trouble { words, technical: self.technical(), permanent: false, retry_after: None };
        match (kind(self.code), self.code) {
            (Kind::Account, _) | (_, 100) => trouble.permanent(),
            (Kind::Limit(wait), _) => trouble.after(wait),
            _ => trouble,
        }
    }

    /// About a message.
    pub fn failure(&self) -> Failure {
        // Something between us and Meta gave up: whether Meta has the message nobody knows.
        if self.code == 0 && matches!(self.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT) {
            return Failure::Unknown(self.technical());
        }
        match kind(self.code) {
            Kind::Account => Failure::Account(self.trouble()),
            Kind::Limit(_) | Kind::Passing => Failure::Later(self.trouble()),
            Kind::Message if self.code == 0 && self.status.is_server_error() => Failure::Later(self.trouble()),
            Kind::Message => Failure::Refused(words(self.code, &self.details), self.technical()),
        }
    }
}

enum Kind {
    /// Somebody must repair the account.
    Account,
    /// Too many at once.
    Limit(Duration),
    /// Meta's own trouble.
    Passing,
    /// This message is not taken.
    Message,
}

fn kind(code: i64) -> Kind {
    match code {
        3 | 10 | 190 | 200..=299 | 368 | 130497 | 131005 | 131031 | 131042 | 131045 | 133010 => Kind::Account,
        // To the same client: one message in 6 seconds in the long run.
        131056 => Kind::Limit(Duration::from_secs(6)),
        130429 => Kind::Limit(Duration::from_secs(2)),
        4 | 80007 | 131048 => Kind::Limit(Duration::from_secs(60)),
        1 | 2 | 131000 | 131016 | 131057 | 133004 => Kind::Passing,
        _ => Kind::Message,
    }
}

/// A code in plain words; Meta's own for what is rare.
pub fn words(code: i64, details: &str) -> Words {
    match code {
        190 => Words::new(
            "WhatsApp не принимает токен доступа: он истёк или отозван. Введите новый в настройках канала.",
            "WhatsApp does not accept the access token: it has expired or was revoked. Enter a new one in the channel's settings.",
        ),
        3 | 10 | 131005 | 200..=299 => Words::new(
            "У токена доступа нет прав на этот аккаунт WhatsApp.",
            "The access token has no rights to this WhatsApp account.",
        ),
        368 | 130497 | 131031 => Words::new(
            "Аккаунт WhatsApp заблокирован или ограничен компанией Meta.",
            "The WhatsApp account is blocked or restricted by Meta.",
        ),
        131042 => Words::new(
            "В аккаунте WhatsApp не настроена или не прошла оплата.",
            "The WhatsApp account has a problem with its payment method.",
        ),
        131045 | 133010 => {
            Words::new("Номер не зарегистрирован в Cloud API.", "The number is not registered with the Cloud API.")
        }
        4 | 80007 | 130429 | 131048 | 131056 => Words::new(
            "WhatsApp просит отправлять реже; сообщение уйдёт чуть позже.",
            "WhatsApp asks to send less often; the message leaves a little later.",
        ),
        131047 => Words::new(
            "Прошло больше 24 часов после сообщения клиента: WhatsApp принимает только шаблон.",
            "More than 24 hours have passed since the client's message: WhatsApp takes only a template.",
        ),
        131021 => Words::new("Нельзя написать на собственный номер.", "One cannot write to one's own number."),
        131026 => Words::new(
            "WhatsApp не доставил сообщение: у этого номера нет WhatsApp, или клиент не принимает сообщения.",
            "WhatsApp could not deliver the message: the number has no WhatsApp, or the client takes no messages.",
        ),
        131030 => Words::new(
            "Номера нет в списке получателей тестового номера.",
            "The number is not on the list of recipients of the test number.",
        ),
        130472 | 131049 => Words::new(
            "WhatsApp сам решил не показывать клиенту это рассылочное сообщение.",
            "WhatsApp has decided by itself not to show the client this marketing message.",
        ),
        131050 => Words::new(
            "Клиент отказался от рассылок в WhatsApp.",
            "The client has opted out of marketing messages in WhatsApp.",
        ),
        131052 | 131053 => Words::owned(
            format!("WhatsApp не принял файл: {details}"),
            format!("WhatsApp did not take the file: {details}"),
        ),
        132000 | 132012 => Words::owned(
            format!("Значения не подходят к шаблону: {details}"),
            format!("The values do not fit the template: {details}"),
        ),
        132001 | 132015 | 132016 => {
            Words::new("Такого одобренного шаблона больше нет.", "There is no such approved template any more.")
        }
        1 | 2 | 131000 | 131016 | 131057 | 133004 => Words::new(
            "WhatsApp временно недоступен; мы попробуем снова.",
            "WhatsApp is unavailable for a while; we will try again.",
        ),
        _ => Words::owned(
            format!("WhatsApp ответил ошибкой {code}: {details}"),
            format!("WhatsApp answered with error {code}: {details}"),
        ),
    }
}
