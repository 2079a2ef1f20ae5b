//! `/figures`: the programme's figures for everybody, drawn and as tables.
//!
//! They are those of `report`, for the whole province. What councils score and send up is left out: during a session it
//! would tell of results before they stand. There is no map, because no shapes of the units are at hand whose source could
//! be named.

pub mod page;
pub mod rules;
