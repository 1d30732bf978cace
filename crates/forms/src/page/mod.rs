//! A form on a page of its own, and the script that shows it anywhere.

pub(crate) mod api;
