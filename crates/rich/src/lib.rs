//! Message text between our HTML and the formats of messengers.
//!
//! - [`Document::from_html`] reads the HTML of our editor; [`Document::split`] cuts it at a vendor's limit;
//!   [`Document::render`] writes a piece in the vendor's [`Format`]; [`Document::render_vk`] writes text and ranges for VK.
//! - [`from_telegram`], [`from_max`], [`from_vk`], [`from_marks`] and [`from_plain`] make our HTML of what clients write.
//!
//! Everything is pure: no input or output, no clock. Any input gives a result, in time linear in its size but for the
//! splitting, which costs a logarithmic factor of one piece.
//!
//! Invariants: the HTML that leaves this crate consists of `p`, `br`, `strong`, `em`, `u`, `s`, `code`, `pre`,
//! `blockquote` and `a` with a web, mail or phone address, everything else escaped. Splitting loses nothing but blanks at
//! the cuts, no piece is over its limit, and each piece's markup is complete in itself.

mod document;
mod html;
mod link;
mod marks;
mod ranges;
mod render;
mod split;

#[cfg(test)]
mod tests;

pub use document::Document;
pub use marks::from_marks;
pub use ranges::{MaxMarkup, TelegramEntity, VkFormatData, VkFormatItem, from_max, from_telegram, from_vk};
pub use render::{Format, Vk};
pub use split::{Counts, Limit, Unit};

/// Plain text as HTML: lines kept, bare addresses made into links.
pub fn from_plain(text: &str) -> String {
    Document::from_plain(text).to_html()
}
