//! Rewards by star (thưởng sản phẩm được công nhận): rates per star as data on a decision of recognition, and from them what
//! each of its products is given.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use thing::Reward;
