//! How the trade's events are told in the words of EPCIS and its vocabulary (CBV 2.0), and which events are asked for.

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::base::id::{AnyId, LotId, StampOrderId};
use crate::base::{Moment, text};
use crate::lot::event_rules::EventKind;

/// The two types of event that are told here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::EnumIter)]
pub enum EventType {
    ObjectEvent,
    TransformationEvent,
}

impl EventType {
    pub fn name(self) -> &'static str {
        match self {
            Self::ObjectEvent => "ObjectEvent",
            Self::TransformationEvent => "TransformationEvent",
        }
    }
}

/// Where an event comes from; events of one moment are told in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A lot was made.
    Made,
    /// Something happened to a lot.
    Happened,
    /// A lot was recalled.
    Recalled,
    /// Stamps were bound to a lot.
    Activated,
    /// Stamps were declared lost or spoilt.
    Voided,
}

impl Source {
    /// The business step, where it is the same for all events of the source.
    pub fn step(self) -> Option<&'static str> {
        match self {
            Self::Made | Self::Activated => Some("commissioning"),
            Self::Happened => None,
            Self::Recalled => Some("holding"),
            Self::Voided => Some("decommissioning"),
        }
    }
}

/// The business step of what happened to a lot. CBV has no words for growing and making: those are `other`, and the
/// trade's own word stands beside it.
pub fn step(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Receive => "receiving",
        EventKind::Plant | EventKind::Harvest | EventKind::Process => "other",
        EventKind::Pack => "packing",
        EventKind::Test => "inspecting",
        EventKind::Ship => "shipping",
        EventKind::Sell | EventKind::SoldOut => "retail_selling",
    }
}

/// What an event leaves the goods as, where CBV has a word for it.
pub fn disposition(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::Receive | EventKind::Plant | EventKind::Harvest | EventKind::Process => Some("in_progress"),
        EventKind::Pack => Some("active"),
        EventKind::Ship => Some("in_transit"),
        EventKind::Sell | EventKind::SoldOut => Some("retail_sold"),
        EventKind::Test => None,
    }
}

/// Every business step that can stand in an event here.
pub fn steps() -> Vec<&'static str> {
    let fixed = Source::iter().filter_map(Source::step);
    let mut steps: Vec<&str> = fixed.chain(EventKind::iter().map(step)).collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// The kinds of event that have one of these business steps.
pub fn kinds(steps: &[String]) -> Vec<EventKind> {
    EventKind::iter().filter(|kind| steps.iter().any(|named| is_step(named, step(*kind)))).collect()
}

/// A step may be named bare or by its address in the vocabulary.
pub fn is_step(named: &str, step: &str) -> bool {
    let bare = ["https://ref.gs1.org/cbv/BizStep-", "urn:epcglobal:cbv:bizstep:", "cbv:BizStep-"]
        .into_iter()
        .find_map(|prefix| named.strip_prefix(prefix));
    bare.unwrap_or(named) == step
}

/// The unit in which a lot is weighed or measured (UN/CEFACT recommendation 20); None where things are counted.
pub fn unit_of_measure(unit: &str) -> Option<&'static str> {
    match text::fold(unit).as_str() {
        "kg" | "kilogam" | "kilogram" => Some("KGM"),
        "g" | "gam" | "gram" => Some("GRM"),
        "tan" | "tonne" => Some("TNE"),
        "l" | "lit" | "litre" | "liter" => Some("LTR"),
        "ml" => Some("MLT"),
        "m" | "met" | "metre" => Some("MTR"),
        _ => None,
    }
}

/// Which events are asked for; what is None is not asked.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub types: Option<Vec<EventType>>,
    pub from: Option<Moment>,
    pub before: Option<Moment>,
    pub steps: Option<Vec<String>>,
    pub things: Option<Things>,
    pub after: Option<Cursor>,
    pub limit: i64,
}

impl Wanted {
    pub fn wants_type(&self, kind: EventType) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(&kind))
    }

    /// Whether events of this source can be among those asked for, by type and step.
    pub fn wants(&self, source: Source) -> bool {
        let step = source.step();
        let by_step = match (&self.steps, step) {
            (None, _) => true,
            (Some(named), Some(step)) => named.iter().any(|named| is_step(named, step)),
            (Some(named), None) => !kinds(named).is_empty(),
        };
        by_step && (source == Source::Made || self.wants_type(EventType::ObjectEvent))
    }
}

/// Events about any of these are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Things {
    pub lots: Vec<LotId>,
    pub orders: Vec<StampOrderId>,
    /// Runs of stamps that hold a single one that is asked for.
    pub runs: Vec<AnyId>,
}

/// The last event of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor(pub Moment, pub Source, pub AnyId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_the_same_by_every_name() {
        for named in ["shipping", "https://ref.gs1.org/cbv/BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping"] {
            assert_eq!(kinds(&[named.to_owned()]), [EventKind::Ship]);
        }
        assert!(kinds(&["flying".to_owned()]).is_empty());
    }

    #[test]
    fn sources_are_asked_by_their_steps_and_types() {
        let wanting = |steps: &[&str], types: &[EventType]| {
            let steps = steps.iter().map(|step| (*step).to_owned()).collect();
            let wanted = Wanted { steps: Some(steps), types: Some(types.to_vec()), ..Default::default() };
            Source::iter().filter(|source| wanted.wants(*source)).collect::<Vec<_>>()
        };
        let object = [EventType::ObjectEvent];
        assert_eq!(wanting(&["commissioning"], &object), [Source::Made, Source::Activated]);
        assert_eq!(wanting(&["packing", "decommissioning"], &object), [Source::Happened, Source::Voided]);
        assert_eq!(wanting(&["commissioning"], &[EventType::TransformationEvent]), [Source::Made]);
        assert_eq!(wanting(&["flying"], &object), []);
    }

    #[test]
    fn weights_have_a_unit_and_jars_do_not() {
        assert_eq!(unit_of_measure("Kg"), Some("KGM"));
        assert_eq!(unit_of_measure("lít"), Some("LTR"));
        assert_eq!(unit_of_measure("hũ"), None);
    }
}
