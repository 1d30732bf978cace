//! The distribution board (RT-11): what nobody has, and what each operator of a line has.

mod api;

pub(crate) use api::routes;
