//! The desk (bàn làm việc): the workplace of signed-in people, as pages over the same steps as the API.
//!
//! A [`counter::KindOfThing`] says of a kind of thing what a page shows of it and how its steps' forms are filled in. What may be
//! done, and whether it is done, is the step's own declaration: a page's form is turned into the order that a program would
//! send ([`typed`]), and goes the one path.

pub mod api;
pub mod arrival;
pub mod asked;
pub mod by_criterion;
pub mod counter;
pub mod demo_accounts;
pub mod field;
pub mod figures;
pub mod forgery;
pub mod form;
pub mod frame;
pub mod help;
pub mod home;
pub mod identity_readings;
pub mod input;
pub mod kinds;
pub mod letters;
pub mod list;
pub mod live;
pub mod new_password;
pub mod openid;
pub mod page;
pub mod password;
pub mod reassignments;
pub mod refusal;
pub mod register;
pub mod search;
pub mod second_factor;
pub mod sent;
pub mod sessions;
pub mod sets;
pub mod sheet;
pub mod sign_in;
pub mod summaries;
pub mod table;
pub mod trace_drawing;
pub mod typed;
pub mod visit;
mod waiting;
pub mod words;
