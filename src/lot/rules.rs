//! What makes a lot right, what may go into it, and when it may be recalled.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{LotId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Result, say, text};

/// What a lot can hold: more than any roll of stamps can cover.
const MOST_QUANTITY: i64 = 1_000_000_000;
const MOST_INPUTS: usize = 100;
/// How long a lot's code can be.
const LONGEST_CODE: usize = 50;

/// A part of a lot's code, by which lots are searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePart(pub String);

impl FromStr for CodePart {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        if text.chars().count() > LONGEST_CODE {
            return Err("no code is as long");
        }
        Ok(Self(text.to_owned()))
    }
}

/// `active` > `recall` `recalled`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = LotState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Active,
    Recalled,
}

impl State {
    pub fn recall(self) -> Result<Self> {
        match self {
            Self::Active => Ok(Self::Recalled),
            Self::Recalled => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// A new lot.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotForm {
    pub product_id: ProductId,
    /// The number printed on the goods, unique for the product.
    pub code: String,
    pub produced_on: Day,
    #[serde(default)]
    pub expires_on: Option<Day>,
    pub quantity: i64,
    /// What is counted: jars, bottles, kilograms.
    pub unit: String,
    /// The lots that it was made of, of this or another producer.
    #[serde(default)]
    pub inputs: Vec<LotId>,
}

impl LotForm {
    /// Everything that can be said of it without looking anything up.
    pub fn check(&self, today: Day) -> Result<()> {
        let mut faults = Vec::new();
        text::check_code(&self.code, "/code", LONGEST_CODE, &mut faults);
        text::check(&self.unit, "/unit", 40, &mut faults);
        if self.produced_on > today {
            faults.push(in_the_future("/produced_on"));
        }
        if self.expires_on.is_some_and(|day| day < self.produced_on) {
            faults.push(Fault::new(
                "/expires_on",
                "before_production",
                say("Hạn dùng không thể trước ngày sản xuất.", "The expiry cannot be before the production."),
            ));
        }
        if !(1..=MOST_QUANTITY).contains(&self.quantity) {
            faults.push(Fault::new(
                "/quantity",
                "out_of_range",
                say(format!("Số lượng từ 1 đến {MOST_QUANTITY}."), format!("The quantity is 1 to {MOST_QUANTITY}.")),
            ));
        }
        check_inputs(&self.inputs, &mut faults);
        faults.into_result()
    }
}

/// Lots that went into a lot and were not named when it was recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InputsForm {
    pub inputs: Vec<LotId>,
    #[serde(default)]
    pub note: Option<String>,
}

impl InputsForm {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if self.inputs.is_empty() {
            let detail = say("Cần ít nhất một lô đầu vào.", "At least one input is needed.");
            faults.push(Fault::new("/inputs", "required", detail));
        }
        check_inputs(&self.inputs, &mut faults);
        if let Some(note) = &self.note {
            text::check_length(note, "/note", 2000, &mut faults);
        }
        faults.into_result()
    }
}

fn check_inputs(inputs: &[LotId], faults: &mut Vec<Fault>) {
    if inputs.len() > MOST_INPUTS {
        faults.push(Fault::new(
            "/inputs",
            "too_many",
            say(format!("Tối đa {MOST_INPUTS} lô đầu vào."), format!("At most {MOST_INPUTS} inputs.")),
        ));
    }
    for (index, input) in inputs.iter().enumerate() {
        if inputs.iter().take(index).any(|earlier| earlier == input) {
            faults.push(Fault::new(
                format!("/inputs/{index}"),
                "repeated",
                say("Lô đầu vào bị lặp.", "The input is named twice."),
            ));
        }
    }
}

/// What is known of a lot that somebody wants to use.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    /// It is the user's own, or its owner shipped or sold it to the user.
    pub may_be_used: bool,
    pub produced_on: Day,
    /// The lot that it should go into went into it.
    pub is_made_of_it: bool,
}

/// What is wrong with an input at this place of the list; `made_on` is the day of the lot that it went into.
pub fn input_fault(index: usize, offered: Option<Offered>, made_on: Day) -> Option<Fault> {
    let (code, detail) = match offered {
        None => ("unknown_lot", say("Không có lô này.", "There is no such lot.")),
        Some(offered) if !offered.may_be_used => (
            "not_yours",
            say(
                "Lô này của chủ thể khác và chưa được giao hoặc bán cho bạn.",
                "This lot is another producer's, who has not shipped or sold it to you.",
            ),
        ),
        Some(offered) if offered.is_made_of_it => (
            "cyclic_input",
            say(
                "Lô này được làm từ chính lô đang ghi, không thể là đầu vào của nó.",
                "This lot was made of the very lot, and cannot be its input.",
            ),
        ),
        Some(offered) if offered.produced_on > made_on => (
            "made_later",
            say("Lô này được làm sau, không thể là đầu vào.", "This lot was made later, and cannot be an input."),
        ),
        Some(_) => return None,
    };
    Some(Fault::new(format!("/inputs/{index}"), code, detail))
}

pub fn in_the_future(pointer: &str) -> Fault {
    Fault::new(pointer, "in_future", say("Không thể ở trong tương lai.", "Cannot lie in the future."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn form() -> LotForm {
        LotForm {
            product_id: ProductId::new(),
            code: "L-01".into(),
            produced_on: day("2020-05-01"),
            expires_on: Some(day("2021-05-01")),
            quantity: 1000,
            unit: "hũ".into(),
            inputs: vec![LotId::new(), LotId::new()],
        }
    }

    fn fault(form: &LotForm) -> Option<&'static str> {
        let error = form.check(day("2020-05-01")).err()?;
        Some(error.refusal().unwrap().faults[0].code)
    }

    #[test]
    fn a_lot_is_made_before_it_expires_and_not_tomorrow() {
        assert_eq!(fault(&form()), None);
        let same_day = LotForm { expires_on: Some(day("2020-05-01")), ..form() };
        assert_eq!(fault(&same_day), None);
        let tomorrow = LotForm { produced_on: day("2020-05-02"), ..form() };
        assert_eq!(fault(&tomorrow), Some("in_future"));
        let expired = LotForm { expires_on: Some(day("2020-04-30")), ..form() };
        assert_eq!(fault(&expired), Some("before_production"));
        assert_eq!(fault(&LotForm { quantity: 0, ..form() }), Some("out_of_range"));
        let input = LotId::new();
        assert_eq!(fault(&LotForm { inputs: vec![input, input], ..form() }), Some("repeated"));
    }

    #[test]
    fn an_input_is_released_older_and_no_descendant() {
        let good = Offered { may_be_used: true, produced_on: day("2020-05-01"), is_made_of_it: false };
        let fault = |offered| input_fault(1, offered, day("2020-05-01")).map(|fault| (fault.pointer, fault.code));
        let is = |code| Some(("/inputs/1".to_owned(), code));
        assert_eq!(fault(Some(good)), None);
        assert_eq!(fault(None), is("unknown_lot"));
        assert_eq!(fault(Some(Offered { may_be_used: false, ..good })), is("not_yours"));
        assert_eq!(fault(Some(Offered { is_made_of_it: true, ..good })), is("cyclic_input"));
        assert_eq!(fault(Some(Offered { produced_on: day("2020-05-02"), ..good })), is("made_later"));
    }

    #[test]
    fn a_lot_is_recalled_once() {
        assert_eq!(State::Active.recall().ok(), Some(State::Recalled));
        assert!(State::Recalled.recall().is_err());
    }
}
