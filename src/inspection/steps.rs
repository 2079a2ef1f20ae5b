//! Every step of an inspection, in the order in which they are taken.

use crate::inspection::Inspection;
use crate::inspection::outcome::{ADD_REPLY_PAPER, CONCLUDE, FOLLOW_UP, ORDER_CORRECTION, REPLY};
use crate::inspection::planning::{CANCEL, CHANGE};
use crate::inspection::visit::{ADD_FILE, FILL, RECORD_RESULT, SIGN, TAKE_SAMPLE, VISIT};
use crate::station::Offer;

pub static VERBS: &[&dyn Offer<Inspection>] = &[
    &CHANGE,
    &VISIT,
    &FILL,
    &TAKE_SAMPLE,
    &RECORD_RESULT,
    &ADD_FILE,
    &SIGN,
    &ORDER_CORRECTION,
    &ADD_REPLY_PAPER,
    &REPLY,
    &FOLLOW_UP,
    &CONCLUDE,
    &CANCEL,
];
