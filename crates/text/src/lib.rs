//! Text engine: everything the product knows about words, without a database, a clock or any input/output.
//!
//! - [`fold`] makes the comparable form kept in folded columns.
//! - [`stem_text`] makes the full-text form of a document, [`query`] the full-text form of what a person typed.
//! - [`snippet`] shows where a document matched.
//! - [`phone`], [`email`], [`preview`] and [`initials`] treat the small texts of contacts and lists.
//!
//! Invariant: a document and a query are cut and stemmed by the same code ([`words`] and [`stem`]), and every term that
//! leaves this crate for a full-text index consists of letters, digits and combining marks only. Both databases
//! therefore see the same terms, and nothing a person types can become an operator of their query languages.

mod display;
pub mod email;
mod fold;
mod layout;
pub mod phone;
mod query;
mod snippet;
mod stem;
mod table;
mod words;

pub use display::{initials, preview};
pub use fold::fold;
pub use query::{Query, query};
pub use snippet::snippet;
pub use stem::{Analyzer, stem_text, stems};
pub use table::{harmless_cell, table_line};

#[cfg(test)]
mod tests;
