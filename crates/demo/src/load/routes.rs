//! A route by which tickets about exchange go, two of them on their way, and some tasks.

use base::{Actor, Result, UserId};
use chrono::Duration;
use db::Tx;
use desk::task::{self, NewTask};
use desk::ticket::{self, Status};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sla::ola;
use sla::route::{self, Begin, Definition, Kind, Mode, StageDefinition};

use super::people::Places;

const HOUR: i64 = 3600;

/// What is to be done, by whom, in so many hours: before now it is overdue.
const TASKS: [(&str, usize, Option<i64>); 6] = [
    ("Перезвонить клиенту и подтвердить адрес доставки", 0, Some(2)),
    ("Запросить у поставщика срок по второму терминалу", 0, Some(-3)),
    ("Проверить, что акт сверки подписан", 1, Some(26)),
    ("Обновить инструкцию по настройке кассы", 1, None),
    ("Согласовать скидку с руководителем отдела продаж", 2, Some(5)),
    ("Выслать накладную на замену", 3, Some(-20)),
];

pub(super) async fn routes(tx: &Tx, places: &Places) -> Result<()> {
    let system = Actor::system();
    let agreed = ola::Definition {
        reaction_seconds: Some(HOUR),
        resolution_seconds: Some(4 * HOUR),
        approval_seconds: Some(2 * HOUR),
        gathering_seconds: Some(3 * HOUR),
        shrink: true,
        ..ola::Definition::default()
    };
    let agreed = ola::create(tx, &system, "Отделы между собой", agreed).await?;
    let stage = |name: &str, kind, group: usize, must_complete, parallel| StageDefinition {
        name: name.to_owned(),
        kind,
        user_id: None,
        group_id: places.groups.get(group).copied(),
        ola_id: Some(agreed.id),
        must_complete,
        parallel,
    };
    let stages = vec![
        stage("Проверка неисправности", Kind::Work, 0, true, false),
        stage("Сбор документов", Kind::Gathering, 3, false, true),
        stage("Согласование замены", Kind::Approval, 4, true, false),
        stage("Выдача замены", Kind::Work, 2, true, false),
    ];
    let exchange = Definition { mode: Mode::Task, stages };
    let exchange = route::create(tx, &system, "Замена по гарантии", exchange, &[]).await?;
    let open = ticket::Entity::find()
        .filter(ticket::Column::Status.is_in([Status::Accepted, Status::InProgress]))
        .order_by_desc(ticket::Column::Id)
        .limit(8)
        .all(tx)
        .await?;
    for one in open.iter().take(2) {
        let begin = Begin { at: tx.now() - Duration::hours(3), why: None, frozen: false };
        route::start(tx, &system, one.clone(), exchange.clone(), begin).await?;
    }
    for (place, (title, operator, hours)) in TASKS.into_iter().enumerate() {
        let Some((person, _)) = places.operators.get(operator) else { continue };
        let person: UserId = *person;
        let new = NewTask {
            title: title.to_owned(),
            ticket_id: open.get(place + 2).map(|ticket| ticket.id),
            assignee_id: Some(person),
            due_at: hours.map(|hours| tx.now() + Duration::hours(hours)),
            ..NewTask::default()
        };
        task::create(tx, &system, new).await?;
    }
    Ok(())
}
