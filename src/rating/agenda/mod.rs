//! Agendas (chương trình họp): a product's way through a council's session.
//!
//! `making` puts dossiers on an agenda; a `Session` is an item as its steps find it, with all that is around it. `steps` has
//! its verbs, with `attendance`, `conclusion`, `remark`, `reminding` and `lodging`; `count` is what who leads learns of the sheets before
//! the conclusion, `scale` what they are marked with, `involvement` who had a hand in a product and `recusal` who is recused for it, `calendar` the working days,
//! `preparation` what the working group makes ready.

pub mod api;
pub mod attendance;
pub mod calendar;
pub mod conclusion;
pub mod count;
pub mod involvement;
pub mod lodging;
pub mod making;
pub mod preparation;
pub mod preparation_store;
pub mod recusal;
pub mod remark;
pub mod reminding;
pub mod rules;
pub mod scale;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use thing::Session;
