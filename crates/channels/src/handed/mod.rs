//! Files handed to vendors that fetch what we send by its address.

mod api;

pub(crate) use api::{address, pages};
