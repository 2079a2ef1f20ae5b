//! Registrations: somebody asks to take part; the commune or the district confirms.

pub mod api;
pub mod handing_in;
pub mod receipt;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::RegistrationRow;
pub use thing::Registration;
