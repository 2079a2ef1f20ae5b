//! What makes a lot and an event right, and when a lot may be recalled.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{LotId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Message, Moment, Result, say, text};

/// What a lot can hold: more than any roll of stamps can cover.
const MOST_QUANTITY: i64 = 1_000_000_000;
const MOST_INPUTS: usize = 100;

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
    strum::EnumString,
    strum::EnumIter,
)]
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
            Self::Recalled => Err(Error::wrong_state("recall", self.as_ref())),
        }
    }
}

/// What can happen to a lot (sự kiện truy xuất).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventKind {
    Receive,
    Plant,
    Harvest,
    Process,
    Pack,
    Test,
    Ship,
    Sell,
    SoldOut,
}

impl EventKind {
    pub fn name(self) -> Message {
        match self {
            Self::Receive => say("Nhập nguyên liệu", "Received"),
            Self::Plant => say("Gieo trồng", "Planted"),
            Self::Harvest => say("Thu hoạch", "Harvested"),
            Self::Process => say("Chế biến", "Processed"),
            Self::Pack => say("Đóng gói", "Packed"),
            Self::Test => say("Kiểm nghiệm", "Tested"),
            Self::Ship => say("Vận chuyển", "Shipped"),
            Self::Sell => say("Bán ra", "Sold"),
            Self::SoldOut => say("Bán hết", "Sold out"),
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
        text::check_code(&self.code, "/code", 50, &mut faults);
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
        if self.inputs.len() > MOST_INPUTS {
            faults.push(Fault::new(
                "/inputs",
                "too_many",
                say(format!("Tối đa {MOST_INPUTS} lô đầu vào."), format!("At most {MOST_INPUTS} inputs.")),
            ));
        }
        for (index, input) in self.inputs.iter().enumerate() {
            if self.inputs.iter().take(index).any(|earlier| earlier == input) {
                faults.push(Fault::new(
                    format!("/inputs/{index}"),
                    "repeated",
                    say("Lô đầu vào bị lặp.", "The input is named twice."),
                ));
            }
        }
        faults.into_result()
    }
}

/// A new event.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventForm {
    pub kind: EventKind,
    /// When it happened.
    pub at: Moment,
    pub place: String,
    #[serde(default)]
    pub note: String,
}

impl EventForm {
    pub fn check(&self, now: Moment) -> Result<()> {
        let mut faults = Vec::new();
        if self.at > now {
            faults.push(in_the_future("/at"));
        }
        text::check(&self.place, "/place", 200, &mut faults);
        text::check_length(&self.note, "/note", 2000, &mut faults);
        faults.into_result()
    }
}

fn in_the_future(pointer: &str) -> Fault {
    Fault::new(pointer, "in_the_future", say("Không thể ở trong tương lai.", "Cannot lie in the future."))
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
        assert_eq!(fault(&tomorrow), Some("in_the_future"));
        let expired = LotForm { expires_on: Some(day("2020-04-30")), ..form() };
        assert_eq!(fault(&expired), Some("before_production"));
        assert_eq!(fault(&LotForm { quantity: 0, ..form() }), Some("out_of_range"));
        let input = LotId::new();
        assert_eq!(fault(&LotForm { inputs: vec![input, input], ..form() }), Some("repeated"));
    }

    #[test]
    fn an_event_has_happened_already() {
        let now = day("2020-05-01").starts();
        let event = |at| EventForm { kind: EventKind::Pack, at, place: "Hương Sơn".into(), note: String::new() };
        assert!(event(now).check(now).is_ok());
        assert!(event(now.plus(chrono::Duration::microseconds(1))).check(now).is_err());
    }

    #[test]
    fn a_lot_is_recalled_once() {
        assert_eq!(State::Active.recall().ok(), Some(State::Recalled));
        assert!(State::Recalled.recall().is_err());
    }
}
