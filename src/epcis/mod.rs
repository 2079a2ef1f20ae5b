//! The GS1 faces of lots and stamps: EPCIS 2.0 events (truy xuất theo GS1, JSON-LD) and Digital Link addresses.
//!
//! Nothing is kept for it: events are told from what the stations keep. A lot is a class of things, named by GTIN and lot
//! where the product has a GTIN, else by this service's own address; GTINs are never invented. A stamp is one thing.

pub mod api;
pub mod events;
pub mod link;
pub mod names;
pub mod rules;
pub mod store;
