//! Every step of a claim, in the order in which they are taken.

use crate::station::Offer;
use crate::support::SupportClaim;
use crate::support::claim::making::{ADD_PAPER, CHANGE, HAND_IN, WITHDRAW};
use crate::support::claim::office::{ACCEPT, ADD_MINUTES, APPRAISE, DECIDE, PAY, REFUSE, RETURN, SEND, TAKE_BACK};

pub static VERBS: &[&dyn Offer<SupportClaim>] = &[
    &CHANGE,
    &ADD_PAPER,
    &HAND_IN,
    &ADD_MINUTES,
    &ACCEPT,
    &SEND,
    &APPRAISE,
    &DECIDE,
    &PAY,
    &TAKE_BACK,
    &RETURN,
    &REFUSE,
    &WITHDRAW,
];
