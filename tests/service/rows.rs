//! Rows written straight into the database, where the way there does not matter.

use diesel::prelude::*;

use ocop::base::id::{CycleId, IdeaId, PlanId, ProducerId, ProductId};
use ocop::base::{Moment, Result, text};
use ocop::db::AnyConnection;
use ocop::db::schema::{ideas, plans, products};

/// A product whose plan was approved, as the whole path would leave it behind.
pub struct Planned<'a> {
    pub producer: ProducerId,
    pub cycle: CycleId,
    pub district: &'a str,
    pub commune: &'a str,
    pub code: &'a str,
    pub name: &'a str,
    pub criteria_set: &'a str,
    pub now: Moment,
}

impl Planned<'_> {
    /// Writes product, idea and plan.
    pub fn put(&self, connection: &mut AnyConnection) -> Result<ProductId> {
        let (product, idea) = (ProductId::new(), IdeaId::new());
        diesel::insert_into(products::table)
            .values((
                products::id.eq(product),
                products::version.eq(1),
                products::producer_id.eq(self.producer),
                products::code.eq(self.code),
                products::name.eq(self.name),
                products::folded.eq(text::fold(self.name)),
                products::criteria_set.eq(self.criteria_set),
                products::description.eq(""),
                products::story.eq(""),
                products::packaging.eq(""),
                products::commune_code.eq(self.commune),
                products::district_code.eq(Some(self.district)),
                products::created_at.eq(self.now),
            ))
            .execute(connection)?;
        diesel::insert_into(ideas::table)
            .values((
                ideas::id.eq(idea),
                ideas::version.eq(1),
                ideas::cycle_id.eq(self.cycle),
                ideas::producer_id.eq(self.producer),
                ideas::commune_code.eq(self.commune),
                ideas::district_code.eq(Some(self.district)),
                ideas::state.eq("accepted"),
                ideas::kind.eq("existing"),
                ideas::product_id.eq(Some(product)),
                ideas::product_name.eq(self.name),
                ideas::folded.eq(text::fold(self.name)),
                ideas::criteria_set.eq(self.criteria_set),
                ideas::description.eq(""),
                ideas::target_value.eq(0i64),
                ideas::packaging.eq(""),
                ideas::late.eq(false),
                ideas::created_at.eq(self.now),
            ))
            .execute(connection)?;
        diesel::insert_into(plans::table)
            .values((
                plans::id.eq(PlanId::new()),
                plans::version.eq(1),
                plans::idea_id.eq(idea),
                plans::cycle_id.eq(self.cycle),
                plans::producer_id.eq(self.producer),
                plans::product_id.eq(Some(product)),
                plans::commune_code.eq(self.commune),
                plans::district_code.eq(Some(self.district)),
                plans::state.eq("approved"),
                plans::capacity.eq(""),
                plans::market.eq(""),
                plans::materials.eq(""),
                plans::technology.eq(""),
                plans::created_at.eq(self.now),
            ))
            .execute(connection)?;
        Ok(product)
    }
}
