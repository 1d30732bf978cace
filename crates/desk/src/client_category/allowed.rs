//! What clients of a category may choose.

use base::{Actor, ContactId, Error, FieldError, Permission, Result, Words};
use db::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Model;
use super::terms::of_contact;
use crate::conversation::Priority;
use crate::service::ServiceId;
use crate::ticket::Kind;

/// What clients may choose; an empty list: everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ClientCategoryAllowed)]
#[serde(default)]
pub struct Allowed {
    pub priorities: Vec<Priority>,
    pub types: Vec<Kind>,
    pub services: Vec<ServiceId>,
    /// Marks of a rating, 1 to 5.
    pub marks: Vec<i64>,
}

/// What is chosen for a ticket; none: not chosen now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub priority: Option<Priority>,
    pub kind: Option<Kind>,
    pub service_id: Option<ServiceId>,
}

/// Refuses what the category of the client does not allow, each by its field. Whoever may override is not refused, nor is
/// Otklik itself.
pub async fn check(tx: &Tx, actor: &Actor, contact: Option<ContactId>, wanted: Wanted) -> Result<()> {
    let Some(contact) = contact else { return Ok(()) };
    if actor.has(Permission::TicketsOverride) {
        return Ok(());
    }
    let terms = of_contact(tx, contact, tx.now()).await?;
    let Some(category) = terms.category() else { return Ok(()) };
    let faults = category.allowed()?.faults(category, wanted);
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

impl Allowed {
    fn faults(&self, category: &Model, wanted: Wanted) -> Vec<FieldError> {
        let Wanted { priority, kind, service_id } = wanted;
        let refused = [
            ("priority", !may(&self.priorities, priority), "этот приоритет", "this priority"),
            ("type", !may(&self.types, kind), "этот тип", "this type"),
            ("service_id", !may(&self.services, service_id), "эту услугу", "this service"),
        ];
        let fault = |(field, _, ru, en): (&str, bool, &str, &str)| {
            let words = Words::owned(
                format!("Клиентам категории «{}» нельзя выбрать {ru}", category.name),
                format!("Clients of the category “{}” cannot choose {en}", category.name),
            );
            FieldError { field: field.to_owned(), code: "not_allowed", words }
        };
        refused.into_iter().filter(|(_, refused, ..)| *refused).map(fault).collect()
    }
}

fn may<T: PartialEq>(list: &[T], wanted: Option<T>) -> bool {
    list.is_empty() || wanted.is_none_or(|wanted| list.contains(&wanted))
}

/// From the least to the most urgent.
const LEVELS: [Priority; 4] = [Priority::Low, Priority::None, Priority::Medium, Priority::High];

/// The priority that a rule of the desk gives the client's ticket: the one it names, or the most urgent that is allowed below
/// it, and then why.
pub async fn fitting(tx: &Tx, contact: ContactId, wanted: Priority) -> Result<(Priority, Option<Words>)> {
    let terms = of_contact(tx, contact, tx.now()).await?;
    let Some(category) = terms.category() else { return Ok((wanted, None)) };
    let Some(lower) = category.allowed()?.fitting(wanted) else { return Ok((wanted, None)) };
    let why = Words::owned(
        format!("Категория клиента «{}» не допускает такого приоритета, поэтому поставлен меньший.", category.name),
        format!("The client's category “{}” does not allow such a priority, so a lower one is set.", category.name),
    );
    Ok((lower, Some(why)))
}

impl Allowed {
    /// None: what is wanted is allowed.
    fn fitting(&self, wanted: Priority) -> Option<Priority> {
        if may(&self.priorities, Some(wanted)) {
            return None;
        }
        let place = LEVELS.iter().position(|level| *level == wanted)?;
        let (below, above) = LEVELS.split_at(place);
        let allowed = |level: &&Priority| self.priorities.contains(level);
        below.iter().rev().find(allowed).or_else(|| above.iter().find(allowed)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_allowed_becomes_the_nearest_that_is() {
        let allowed = |priorities: &[Priority]| Allowed { priorities: priorities.to_vec(), ..Allowed::default() };
        assert_eq!(allowed(&[]).fitting(Priority::High), None, "an empty list allows everything");
        assert_eq!(allowed(&[Priority::High]).fitting(Priority::High), None);
        let two = allowed(&[Priority::Low, Priority::Medium]);
        assert_eq!(two.fitting(Priority::High), Some(Priority::Medium));
        assert_eq!(two.fitting(Priority::None), Some(Priority::Low));
        assert_eq!(allowed(&[Priority::High]).fitting(Priority::Low), Some(Priority::High), "nothing below is allowed");
    }
}
