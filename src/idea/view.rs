//! What is shown of an idea.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{CycleId, IdeaId, ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode, Vnd};
use crate::criteria::store::SetTitles;
use crate::criteria::view::NamedSet;
use crate::idea::Idea;
use crate::idea::rules::{Kind, State};
use crate::station::Shown;
use crate::{place, producer};

/// An idea, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdeaView {
    pub id: IdeaId,
    pub version: i32,
    pub state: State,
    pub cycle_id: CycleId,
    /// The year of its cycle.
    pub year: i32,
    pub producer_id: ProducerId,
    pub producer_name: String,
    pub commune_code: UnitCode,
    pub commune_name: String,
    pub district_code: Option<UnitCode>,
    pub district_name: Option<String>,
    pub kind: Kind,
    pub product_id: Option<ProductId>,
    pub product_name: String,
    pub criteria_set: String,
    #[serde(flatten)]
    pub named_set: NamedSet,
    pub description: String,
    pub target_value: Vnd,
    pub packaging: String,
    /// The number of the registration sheet, from its first submission on.
    pub number: Option<String>,
    /// The commune's opinion.
    pub opinion: Option<String>,
    pub submitted_at: Option<Moment>,
    /// Handed in after the cycle's deadline.
    pub late: bool,
    pub created_at: Moment,
}

impl Shown for Idea {
    type View = IdeaView;

    fn views(work: &mut Work, ideas: &[Self]) -> Result<Vec<IdeaView>> {
        let producers: Vec<ProducerId> = ideas.iter().map(|idea| idea.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let places = place::store::places(work.connection)?;
        let titles = SetTitles::of(work.connection, ideas.iter().map(|idea| idea.row.criteria_set.as_str()))?;
        let today = work.now.day();
        let view = |Idea { row, cycle, .. }: &Idea| IdeaView {
            id: row.id,
            version: row.version,
            state: row.state,
            cycle_id: row.cycle_id,
            year: cycle.year,
            producer_id: row.producer_id,
            producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
            commune_code: row.commune_code.clone(),
            commune_name: places.name(&row.commune_code, today),
            district_code: row.district_code.clone(),
            district_name: row.district_code.as_ref().map(|code| places.name(code, today)),
            kind: row.kind,
            product_id: row.product_id,
            product_name: row.product_name.clone(),
            criteria_set: row.criteria_set.clone(),
            named_set: NamedSet::of(&titles, &row.criteria_set, Some(cycle.edition)),
            description: row.description.clone(),
            target_value: row.target_value,
            packaging: row.packaging.clone(),
            number: row.number.clone(),
            opinion: row.opinion.clone(),
            submitted_at: row.submitted_at,
            late: row.late,
            created_at: row.created_at,
        };
        Ok(ideas.iter().map(view).collect())
    }
}
