//! Every feature of the product, in the order their routes are documented. Adding or removing one is a line here.

use app::Feature;

pub const ALL: &[Feature] = &[
    auth::FEATURE,
    desk::FEATURE,
    email::FEATURE,
    channels::FEATURE,
    forms::FEATURE,
    clients::FEATURE,
    sla::FEATURE,
    routing::FEATURE,
    notify::FEATURE,
    answers::FEATURE,
];
