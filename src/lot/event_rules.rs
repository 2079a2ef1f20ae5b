//! What makes an event right: what each kind may carry, when it can have happened, what it may stand for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::StepName;
use crate::base::id::{DocumentId, LotEventId, ProducerId, ShopId};
use crate::base::{Day, Error, Fault, Faults, Moment, Result, say, text};
use crate::lot::rules::in_the_future;
use crate::page::texts::Events;

const MOST_DOCUMENTS: usize = 20;

/// What can happen to a lot (sự kiện truy xuất).
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
    /// How the history calls that such an event was told.
    pub fn step_name(self) -> StepName {
        match self {
            Self::Receive => const { StepName::new("receive") },
            Self::Plant => const { StepName::new("plant") },
            Self::Harvest => const { StepName::new("harvest") },
            Self::Process => const { StepName::new("process") },
            Self::Pack => const { StepName::new("pack") },
            Self::Test => const { StepName::new("test") },
            Self::Ship => const { StepName::new("ship") },
            Self::Sell => const { StepName::new("sell") },
            Self::SoldOut => const { StepName::new("sold-out") },
        }
    }

    pub fn told(self, texts: &Events) -> &str {
        match self {
            Self::Receive => texts.receive,
            Self::Plant => texts.plant,
            Self::Harvest => texts.harvest,
            Self::Process => texts.process,
            Self::Pack => texts.pack,
            Self::Test => texts.test,
            Self::Ship => texts.ship,
            Self::Sell => texts.sell,
            Self::SoldOut => texts.sold_out,
        }
    }

    /// The lot goes to somebody: one step forward.
    pub fn goes_out(self) -> bool {
        matches!(self, Self::Ship | Self::Sell)
    }

    /// A part of the lot can be counted, in the lot's unit.
    fn counts(self) -> bool {
        !matches!(self, Self::Plant | Self::Test | Self::SoldOut)
    }

    /// Only finished goods are packed and leave; materials are planted, harvested, received and tested before.
    fn needs_the_goods(self) -> bool {
        matches!(self, Self::Pack | Self::Ship | Self::Sell | Self::SoldOut)
    }
}

/// Where a lot goes: a shop, another producer, or somebody by name and address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Destination {
    pub shop_id: Option<ShopId>,
    /// Who receives it may use it as an input.
    pub producer_id: Option<ProducerId>,
    pub name: Option<String>,
    pub address: Option<String>,
}

impl Destination {
    fn check(&self, faults: &mut Vec<Fault>) {
        let given = [self.shop_id.is_some(), self.producer_id.is_some(), self.name.is_some()];
        if given.into_iter().filter(|given| *given).count() != 1 {
            faults.push(Fault::new(
                "/destination",
                "one_of_three",
                say(
                    "Nơi đến là đúng một trong ba: điểm bán, chủ thể khác, hoặc tên người mua.",
                    "A destination is exactly one of three: a shop, another producer, or a buyer's name.",
                ),
            ));
        }
        if let Some(name) = &self.name {
            text::check(name, "/destination/name", 200, faults);
        }
        match &self.address {
            Some(address) if self.name.is_some() => text::check(address, "/destination/address", 300, faults),
            Some(_) => faults.push(Fault::new(
                "/destination/address",
                "not_allowed",
                say("Địa chỉ chỉ đi cùng tên người mua.", "An address goes with a buyer's name only."),
            )),
            None => {}
        }
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
    /// How much of the lot, in its unit: for `receive`, `harvest`, `process`, `pack`, `ship` and `sell`.
    #[serde(default)]
    pub quantity: Option<i64>,
    /// Where it went: for `ship` and `sell`.
    #[serde(default)]
    pub destination: Option<Destination>,
    /// Documents of the product that show it.
    #[serde(default)]
    pub documents: Vec<DocumentId>,
    /// The event of this lot that this one stands for from now on; a note says why.
    #[serde(default)]
    pub corrects: Option<LotEventId>,
}

impl EventForm {
    /// An event of which nothing more is known.
    pub fn new(kind: EventKind, at: Moment, place: &str, note: &str) -> Self {
        let (place, note) = (place.to_owned(), note.to_owned());
        Self { kind, at, place, note, quantity: None, destination: None, documents: Vec::new(), corrects: None }
    }

    /// Everything that can be said of it without looking anything up.
    pub fn check(&self, produced_on: Day, now: Moment) -> Result<()> {
        let mut faults = Vec::new();
        if self.at > now {
            faults.push(in_the_future("/at"));
        } else if self.kind.needs_the_goods() && self.at.day() < produced_on {
            faults.push(Fault::new(
                "/at",
                "before_production",
                say(
                    format!("Lô sản xuất ngày {produced_on}, không thể có sự kiện này trước đó."),
                    format!("The lot was produced on {produced_on}; this cannot have happened before."),
                ),
            ));
        }
        text::check(&self.place, "/place", 200, &mut faults);
        if self.corrects.is_some() {
            text::check(&self.note, "/note", 2000, &mut faults);
        } else {
            text::check_length(&self.note, "/note", 2000, &mut faults);
        }
        self.check_quantity(&mut faults);
        match &self.destination {
            Some(destination) if self.kind.goes_out() => destination.check(&mut faults),
            Some(_) => faults.push(Fault::new(
                "/destination",
                "not_allowed",
                say("Chỉ khi giao hàng hoặc bán mới có nơi đến.", "Only what is shipped or sold has a destination."),
            )),
            None => {}
        }
        self.check_documents(&mut faults);
        faults.into_result()
    }

    fn check_quantity(&self, faults: &mut Vec<Fault>) {
        let Some(quantity) = self.quantity else { return };
        if !self.kind.counts() {
            let detail = say("Sự kiện này không có số lượng.", "This kind of event has no quantity.");
            faults.push(Fault::new("/quantity", "not_allowed", detail));
        } else if quantity < 1 {
            let detail = say("Số lượng phải từ 1 trở lên.", "The quantity is 1 or more.");
            faults.push(Fault::new("/quantity", "out_of_range", detail));
        }
    }

    fn check_documents(&self, faults: &mut Vec<Fault>) {
        if self.documents.len() > MOST_DOCUMENTS {
            faults.push(Fault::new(
                "/documents",
                "too_many",
                say(format!("Tối đa {MOST_DOCUMENTS} tài liệu."), format!("At most {MOST_DOCUMENTS} documents.")),
            ));
        }
        for (index, document) in self.documents.iter().enumerate() {
            if self.documents.iter().take(index).any(|earlier| earlier == document) {
                faults.push(Fault::new(
                    format!("/documents/{index}"),
                    "repeated",
                    say("Tài liệu bị lặp.", "The document is named twice."),
                ));
            }
        }
    }
}

/// More cannot leave than the lot holds; `gone` is what earlier events of the same kind took. Shipping and selling are
/// counted apart: what was shipped to a shop is sold there.
pub fn must_be_left(quantity: i64, gone: i64, of: i64, unit: &str) -> Result<()> {
    let left = of.saturating_sub(gone).max(0);
    if quantity <= left {
        return Ok(());
    }
    Err(Error::invalid(
        "/quantity",
        "beyond_what_is_left",
        say(format!("Lô chỉ còn {left} {unit}."), format!("Only {left} {unit} are left of the lot.")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn fault(form: &EventForm) -> Option<(String, &'static str)> {
        let error = form.check(day("2020-05-01"), day("2020-06-01").starts()).err()?;
        let fault = error.refusal().unwrap().faults[0].clone();
        Some((fault.pointer, fault.code))
    }

    fn event(kind: EventKind, at: &str) -> EventForm {
        EventForm::new(kind, day(at).starts(), "Hương Sơn", "")
    }

    fn is(pointer: &str, code: &'static str) -> Option<(String, &'static str)> {
        Some((pointer.to_owned(), code))
    }

    #[test]
    fn an_event_has_happened_already() {
        let now = day("2020-06-01").starts();
        assert_eq!(fault(&event(EventKind::Pack, "2020-06-01")), None);
        let next =
            EventForm { at: now.plus(chrono::Duration::microseconds(1)), ..event(EventKind::Pack, "2020-06-01") };
        assert_eq!(fault(&next), is("/at", "in_future"));
    }

    #[test]
    fn goods_are_packed_and_leave_once_they_are_made() {
        use strum::IntoEnumIterator;
        let early: Vec<EventKind> =
            EventKind::iter().filter(|kind| fault(&event(*kind, "2020-04-30")).is_none()).collect();
        use EventKind::{Harvest, Plant, Process, Receive, Test};
        assert_eq!(early, [Receive, Plant, Harvest, Process, Test]);
        assert!(EventKind::iter().all(|kind| fault(&event(kind, "2020-05-01")).is_none()));
    }

    #[test]
    fn only_what_goes_out_has_a_destination_and_only_one() {
        let to = |kind, destination| EventForm { destination: Some(destination), ..event(kind, "2020-05-02") };
        let named =
            Destination { name: Some("Chợ Gôi".into()), address: Some("Phố Châu".into()), ..Default::default() };
        assert_eq!(fault(&to(EventKind::Sell, named.clone())), None);
        assert_eq!(fault(&to(EventKind::Pack, named.clone())), is("/destination", "not_allowed"));
        let both = Destination { shop_id: Some(ShopId::new()), ..named.clone() };
        assert_eq!(fault(&to(EventKind::Ship, both)), is("/destination", "one_of_three"));
        assert_eq!(fault(&to(EventKind::Ship, Destination::default())), is("/destination", "one_of_three"));
        let nameless = Destination { shop_id: Some(ShopId::new()), name: None, ..named };
        assert_eq!(fault(&to(EventKind::Ship, nameless)), is("/destination/address", "not_allowed"));
    }

    #[test]
    fn a_correction_says_why() {
        let corrects = Some(LotEventId::new());
        let silent = EventForm { corrects, ..event(EventKind::Pack, "2020-05-02") };
        assert_eq!(fault(&silent), is("/note", "required"));
        assert_eq!(fault(&EventForm { note: "Nhầm ngày".into(), ..silent }), None);
    }

    #[test]
    fn quantities_stand_where_something_is_counted() {
        let of = |kind, quantity| fault(&EventForm { quantity: Some(quantity), ..event(kind, "2020-05-02") });
        assert_eq!(of(EventKind::Ship, 5), None);
        assert_eq!(of(EventKind::Ship, 0), is("/quantity", "out_of_range"));
        assert_eq!(of(EventKind::SoldOut, 5), is("/quantity", "not_allowed"));
        assert!(must_be_left(40, 60, 100, "hũ").is_ok());
        assert!(must_be_left(41, 60, 100, "hũ").is_err());
        assert!(must_be_left(i64::MAX, i64::MAX, 100, "hũ").is_err());
    }
}
