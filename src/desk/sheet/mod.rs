//! A member's own sheet (phiếu chấm điểm): all criteria of the set on one page, each a group of radio buttons, with what shows them
//! beside it. What is saved while one marks, also without a connection, is the small script's work (`templates/sheet.js`).

pub mod api;
pub mod page;
mod sent;
mod shown;
mod texts;
mod turned;
