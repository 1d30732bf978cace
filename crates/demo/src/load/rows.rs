//! Rows of any table, as the values that a load takes.

use std::marker::PhantomData;

use db::bulk::{self, Form};
use sea_orm::{
    ActiveModelTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, PrimaryKeyToColumn, PrimaryKeyTrait, Value,
};

/// Rows of one table, waiting to be written.
pub(super) struct Rows<E: EntityTrait> {
    values: Vec<Value>,
    entity: PhantomData<E>,
}

impl<E: EntityTrait> Default for Rows<E> {
    fn default() -> Self {
        Rows { values: Vec::new(), entity: PhantomData }
    }
}

impl<E: EntityTrait> Rows<E>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    pub(super) fn push(&mut self, form: Form, row: E::Model) {
        let mut row = row.into_active_model();
        for column in columns::<E>() {
            // A model has a value for each of its columns.
            self.values.extend(row.take(column).into_value().map(|value| form.value(value)));
        }
    }

    /// Takes the rows out.
    pub(super) fn take(&mut self) -> bulk::Rows {
        bulk::Rows {
            table: E::default().as_str().to_owned(),
            columns: columns::<E>().map(|column| column.as_str().to_owned()).collect(),
            values: std::mem::take(&mut self.values),
        }
    }
}

/// All columns but a key that the database makes itself.
fn columns<E: EntityTrait>() -> impl Iterator<Item = E::Column> {
    let made = E::PrimaryKey::auto_increment();
    E::Column::iter().filter(move |column| !made || E::PrimaryKey::from_column(*column).is_none())
}
