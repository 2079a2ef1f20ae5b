//! Papers (văn bản giấy) that people print and sign: the frame that all of them stand in, the proof that each carries, and
//! its verification.
//!
//! A station says what a paper shows and who may have it ([`Subject`] and the content); [`print`] gives it a code, keeps
//! the digest of what is shown, and draws the QR. The same content again is the same paper.

pub mod api;
pub mod pen;
pub mod print;
pub mod proof;
pub mod qr;
pub mod rules;
pub mod store;
pub mod together;
pub mod words;

pub use print::{hand_out, print, proof_of, proven};
pub use proof::Proof;
pub use rules::{Kind, Subject};
