//! What is told of a session once its council concluded, to whom: the result, the sheets, what a producer learns, and all of
//! it for another program.

pub mod api;
pub mod export;
pub mod feedback;
