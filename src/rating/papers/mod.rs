//! The papers of a session: its minutes (biên bản) and the sheets (phiếu đánh giá), printed once there is a result.
//!
//! Nothing of an item that is not concluded or deferred stands on any of them.

pub mod api;
pub mod minutes;
pub mod sheets;
