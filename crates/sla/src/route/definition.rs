//! The stages of a route, as administrators write them down, and everything that can be wrong with them.

use base::{Error, FieldError, GroupId, Result, UserId, Words};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ola::OlaId;

desk::text_enum! {
    /// How a ticket goes by a route.
    Mode as "RouteMode" {
        /// The ticket itself goes from one person to the next.
        Ticket = "ticket",
        /// Each stage is a task; the ticket stays with its owner.
        Task = "task",
    }
}

desk::text_enum! {
    /// What is done at a stage: which time of its OLA counts.
    Kind as "RouteStageKind" {
        Work = "work",
        Approval = "approval",
        Gathering = "gathering",
    }
}

/// The stages of a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RouteDefinition)]
pub struct Definition {
    pub mode: Mode,
    /// In their order, 1 to 50.
    pub stages: Vec<StageDefinition>,
}

/// A stage. It is either a person's or a group's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RouteStageDefinition)]
pub struct StageDefinition {
    /// 1 to 200 characters.
    pub name: String,
    pub kind: Kind,
    pub user_id: Option<UserId>,
    /// Somebody of this group takes it.
    pub group_id: Option<GroupId>,
    /// Null: it has no time.
    pub ola_id: Option<OlaId>,
    /// It cannot be skipped, and the ticket is not resolved before it is done.
    #[serde(default)]
    #[schema(required = true)]
    pub must_complete: bool,
    /// It runs together with the stage before it. In the mode `task` only.
    #[serde(default)]
    #[schema(required = true)]
    pub parallel: bool,
}

impl Definition {
    /// Every fault that can be told without the database.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut fault =
            |field: String, code, ru, en| faults.push(FieldError { field, code, words: Words::new(ru, en) });
        if self.stages.is_empty() {
            fault("definition.stages".to_owned(), "required", "Добавьте хотя бы один этап", "Add at least one stage");
        }
        if self.stages.len() > 50 {
            fault("definition.stages".to_owned(), "too_many", "Не больше 50", "At most 50");
        }
        for (index, stage) in self.stages.iter().enumerate() {
            let at = |name: &str| format!("definition.stages[{index}].{name}");
            if stage.name.trim().is_empty() || stage.name.chars().count() > 200 {
                fault(
                    at("name"),
                    "bad_name",
                    "Назовите этап, не больше 200 знаков",
                    "Name the stage, at most 200 characters",
                );
            }
            match (stage.user_id, stage.group_id) {
                (None, None) => {
                    fault(at("user_id"), "required", "Выберите сотрудника или группу", "Choose a person or a group")
                }
                (Some(_), Some(_)) => fault(
                    at("group_id"),
                    "one_target",
                    "Укажите одно: сотрудника или группу",
                    "Say one: a person or a group",
                ),
                _ => {}
            }
            if stage.parallel && index == 0 {
                fault(at("parallel"), "first", "Перед первым этапом ничего нет", "Nothing is before the first stage");
            } else if stage.parallel && self.mode == Mode::Ticket {
                fault(
                    at("parallel"),
                    "one_owner",
                    "У обращения один ответственный: вместе идут только этапы-задачи",
                    "A ticket has one owner: only stages that are tasks run together",
                );
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    /// The stages with the numbers of their waves: those of a wave run together.
    pub fn waves(&self) -> impl Iterator<Item = (i64, &StageDefinition)> {
        let mut wave = -1;
        self.stages.iter().map(move |stage| {
            wave += i64::from(!stage.parallel || wave < 0);
            (wave, stage)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(parallel: bool) -> StageDefinition {
        StageDefinition {
            name: "Этап".to_owned(),
            kind: Kind::Work,
            user_id: Some(UserId(uuid::Uuid::nil())),
            group_id: None,
            ola_id: None,
            must_complete: false,
            parallel,
        }
    }

    #[test]
    fn parallel_stages_are_of_one_wave() {
        let route = Definition { mode: Mode::Task, stages: [false, true, false, true, true].map(stage).into() };
        assert_eq!(route.waves().map(|(wave, _)| wave).collect::<Vec<_>>(), [0, 0, 1, 1, 1]);
        assert!(route.check().is_ok());
    }

    #[test]
    fn every_fault_is_named() {
        let mut route = Definition { mode: Mode::Ticket, stages: vec![stage(true), stage(true)] };
        route.stages[1].name = " ".to_owned();
        route.stages[1].user_id = None;
        let Err(Error::Invalid(faults)) = route.check() else { panic!("it has faults") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        let expected = [
            "definition.stages[0].parallel",
            "definition.stages[1].name",
            "definition.stages[1].user_id",
            "definition.stages[1].parallel",
        ];
        assert_eq!(fields, expected);
    }
}
