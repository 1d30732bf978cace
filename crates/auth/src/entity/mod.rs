//! The rows of sign-in.

pub mod api_token;
pub mod credential;
pub mod login_attempt;
pub mod login_session;
