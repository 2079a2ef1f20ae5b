//! What was sent of a sheet and refused: why, in words for its member, and beside which criterion.

use actix_web::ResponseError;
use actix_web::http::StatusCode;

use crate::base::{Error, Fault, Kind, Refusal, say};
use crate::criteria::Set;
use crate::desk::form::Wrong;
use crate::desk::sheet::sent::Sent;
use crate::desk::sheet::texts::Texts;
use crate::desk::words::better_told;
use crate::http::{Language, Problem};
use crate::rating::OwnSheet;
use crate::rating::item::State;
use crate::rating::sheet::rules as sheet_rules;

/// What was sent, and why it was refused.
pub struct Turned {
    pub verb: &'static str,
    pub sent: Sent,
    pub refusal: Refusal,
}

/// Why a step with a sheet is refused, in words for its member.
pub fn in_words(own: &OwnSheet, refusal: Refusal) -> Refusal {
    if refusal.code != "wrong_state" {
        let detail = better_told(refusal.code, None).unwrap_or(refusal.detail);
        return Refusal { detail, ..refusal };
    }
    let (vi, en) = match (own.session.item.state, own.sheet.as_ref().map(|sheet| sheet.state)) {
        (State::Waiting, _) => ("Sản phẩm này chưa mở chấm điểm.", "The scoring of this product is not open yet."),
        (State::Deferred, _) => ("Sản phẩm này đã chuyển sang đợt sau.", "This product was left to a later round."),
        (State::Scored | State::Concluded, _) => (
            "Việc chấm điểm sản phẩm này đã kết thúc; phiếu không thay đổi được nữa.",
            "The scoring of this product is closed; the sheet does not change any more.",
        ),
        (State::Scoring, Some(sheet_rules::State::Submitted)) => {
            ("Phiếu này đã nộp. Muốn sửa, xin rút phiếu trước.", "This sheet is handed in. Take it back to change it.")
        }
        (State::Scoring, _) => ("Phiếu này chưa nộp.", "This sheet is not handed in."),
    };
    Refusal { detail: say(vi, en), ..refusal }
}

/// What is wrong with what was sent, by its place.
pub struct Faults<'a> {
    pub turned: Option<&'a Turned>,
    pub language: Language,
}

impl Faults<'_> {
    fn all(&self) -> impl Iterator<Item = &Fault> {
        self.turned.into_iter().flat_map(|turned| &turned.refusal.faults)
    }

    /// Of the criterion whose fields stand at a place of the form.
    pub fn of_criterion(&self, code: &str) -> Vec<String> {
        let Some(turned) = self.turned else { return Vec::new() };
        let Some(row) = turned.sent.rows.iter().position(|row| row.criterion == code) else { return Vec::new() };
        let texts = Texts::of(self.language);
        let is_unchosen = turned.sent.rows.get(row).is_some_and(|row| row.option.is_empty());
        if turned.refusal.kind == Kind::Invalid && is_unchosen {
            return vec![texts.choose_first.to_owned()];
        }
        let own = format!("/marks/{row}");
        let is_here = |fault: &&Fault| fault.pointer == own || fault.pointer.starts_with(&format!("{own}/"));
        self.all().filter(is_here).map(|fault| self.language.pick(&fault.detail).to_owned()).collect()
    }

    pub fn of_gate(&self) -> Vec<String> {
        let of_gate = self.all().filter(|fault| fault.pointer.starts_with("/gate"));
        of_gate.map(|fault| self.language.pick(&fault.detail).to_owned()).collect()
    }

    /// The list on top: what is wrong, and where.
    pub fn summary(&self, set: &Set, missing: &[String]) -> Vec<Wrong> {
        let Some(turned) = self.turned else { return Vec::new() };
        let mut wrong = Vec::new();
        for (place, criterion) in set.criteria().enumerate() {
            let texts = self.of_criterion(&criterion.code).into_iter();
            let told = |text| Wrong { text: format!("{}: {text}", criterion.code), field: Some(id_of(place)) };
            wrong.extend(texts.map(told));
        }
        wrong.extend(self.of_gate().into_iter().map(|text| Wrong { text, field: Some("gate".to_owned()) }));
        // What lacks is said by criterion, in the order in which it is missing.
        let lacking = self.all().filter(|fault| fault.code == "missing_mark");
        for (fault, code) in lacking.zip(missing) {
            let place = set.criteria().position(|criterion| criterion.code == *code);
            let text = self.language.pick(&fault.detail).to_owned();
            wrong.push(Wrong { text, field: place.map(id_of) });
        }
        if wrong.is_empty() {
            let text = self.language.pick(&turned.refusal.detail).to_owned();
            wrong.push(Wrong { text, field: None });
        }
        wrong
    }
}

fn id_of(place: usize) -> String {
    format!("criterion-{place}")
}

pub fn status(refusal: &Refusal) -> StatusCode {
    Problem(Error::Refused(Box::new(refusal.clone()))).status_code()
}
