//! The words every other crate speaks: ids, time, errors, pages, actors, permissions and conditions. No IO.

mod actor;
mod clock;
pub mod condition;
mod error;
mod id;
mod page;
mod permission;
mod words;

pub use actor::{Actor, ActorKind, LineScope};
pub use clock::Clock;
pub use condition::Condition;
pub use error::{Error, FieldError, Result, is_unique_violation};
pub use id::*;
pub use page::{Cursor, Page, PageRequest};
pub use permission::{Needs, Permission, PermissionSet, can};
pub use words::{Language, Words};

/// A point in time, always UTC, never finer than a microsecond (what PostgreSQL keeps).
pub type Timestamp = chrono::DateTime<chrono::Utc>;
