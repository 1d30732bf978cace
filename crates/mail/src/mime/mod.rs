//! The MIME structure of a message: header blocks, encodings, parts. Works on raw bytes, because a header or body
//! whose charset is wrong can only be repaired from its bytes.

pub mod address;
pub mod date;
pub mod headers;
pub mod params;
pub mod part;
pub mod transfer;
pub mod words;
