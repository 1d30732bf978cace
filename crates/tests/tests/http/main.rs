//! Behaviour of the product as its HTTP API shows it, one module for each area.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lines;
