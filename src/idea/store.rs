//! Ideas in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::refold_store::refolds;
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, CycleId, FileId, IdeaId, PaperId, ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode, Vnd, text};
use crate::cycle;
use crate::db::AnyConnection;
use crate::db::schema::{cycles, idea_papers, ideas};
use crate::db::types::{Multi, text_column};
use crate::idea::rules::{Kind, Position, State};
use crate::station::{Sorting, Stretch, filters};

text_column!(State, Kind);

refolds!(ideas, product_name, Resource::Idea);

/// An idea as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ideas)]
pub struct IdeaRow {
    pub id: IdeaId,
    pub version: i32,
    pub cycle_id: CycleId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub state: State,
    pub kind: Kind,
    pub product_id: Option<ProductId>,
    pub product_name: String,
    pub criteria_set: String,
    pub description: String,
    pub target_value: Vnd,
    pub packaging: String,
    /// The number of the registration sheet, given at its first submission.
    pub number: Option<String>,
    pub opinion: Option<String>,
    pub returned_from: Option<State>,
    pub submitted_at: Option<Moment>,
    pub late: bool,
    pub created_at: Moment,
}

impl IdeaRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    /// What is written of it.
    pub fn fields(&self) -> IdeaFields {
        IdeaFields {
            kind: self.kind,
            product_id: self.product_id,
            product_name: self.product_name.clone(),
            criteria_set: self.criteria_set.clone(),
            description: self.description.clone(),
            target_value: self.target_value,
            packaging: self.packaging.clone(),
        }
    }

    pub fn position(&self) -> Position {
        Position { state: self.state, returned_from: self.returned_from, submitted_at: self.submitted_at }
    }
}

/// What is written of an idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeaFields {
    pub kind: Kind,
    pub product_id: Option<ProductId>,
    pub product_name: String,
    pub criteria_set: String,
    pub description: String,
    pub target_value: Vnd,
    pub packaging: String,
}

pub fn find(connection: &mut AnyConnection, id: IdeaId) -> Result<Option<IdeaRow>> {
    Ok(ideas::table.find(id).select(IdeaRow::as_select()).first(connection).optional()?)
}

/// What the products of these ideas are to be called.
pub fn product_names(connection: &mut AnyConnection, ids: &[IdeaId]) -> Result<BTreeMap<IdeaId, String>> {
    let named: Vec<(IdeaId, String)> = ideas::table
        .filter(ideas::id.eq_any(ids.to_vec()))
        .select((ideas::id, ideas::product_name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

/// The codes of the criteria sets that ideas name.
pub fn criteria_sets(connection: &mut AnyConnection, ids: &[IdeaId]) -> Result<BTreeMap<IdeaId, String>> {
    let rows = ideas::table.filter(ideas::id.eq_any(ids.to_vec())).select((ideas::id, ideas::criteria_set));
    Ok(rows.load::<(IdeaId, String)>(connection)?.into_iter().collect())
}

/// Finds an idea and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: IdeaId) -> Result<Option<IdeaRow>> {
    diesel::update(ideas::table.find(id)).set(ideas::version.eq(ideas::version)).execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    cycle: CycleId,
    home: Home,
    content: IdeaFields,
    now: Moment,
) -> Result<IdeaId> {
    let id = IdeaId::new();
    diesel::insert_into(ideas::table)
        .values((
            (
                ideas::id.eq(id),
                ideas::version.eq(1),
                ideas::cycle_id.eq(cycle),
                ideas::producer_id.eq(home.producer),
                ideas::commune_code.eq(home.commune),
                ideas::district_code.eq(home.district),
                ideas::state.eq(State::Draft),
                ideas::late.eq(false),
                ideas::created_at.eq(now),
            ),
            columns(content),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Rewrites an idea's content.
pub fn rewrite(connection: &mut AnyConnection, id: IdeaId, content: IdeaFields) -> Result<()> {
    diesel::update(ideas::table.find(id))
        .set((ideas::version.eq(ideas::version + 1), columns(content)))
        .execute(connection)?;
    Ok(())
}

type Columns = (
    diesel::dsl::Eq<ideas::kind, Kind>,
    diesel::dsl::Eq<ideas::product_id, Option<ProductId>>,
    diesel::dsl::Eq<ideas::folded, String>,
    diesel::dsl::Eq<ideas::product_name, String>,
    diesel::dsl::Eq<ideas::criteria_set, String>,
    diesel::dsl::Eq<ideas::description, String>,
    diesel::dsl::Eq<ideas::target_value, Vnd>,
    diesel::dsl::Eq<ideas::packaging, String>,
);

fn columns(content: IdeaFields) -> Columns {
    (
        ideas::kind.eq(content.kind),
        ideas::product_id.eq(content.product_id),
        ideas::folded.eq(text::fold(&content.product_name)),
        ideas::product_name.eq(content.product_name),
        ideas::criteria_set.eq(content.criteria_set),
        ideas::description.eq(content.description),
        ideas::target_value.eq(content.target_value),
        ideas::packaging.eq(content.packaging),
    )
}

/// What a step changes beside the version.
#[derive(Debug, Clone)]
pub struct Change {
    pub state: State,
    pub returned_from: Option<State>,
    pub submitted_at: Option<Moment>,
    pub late: bool,
    pub number: Option<String>,
    pub opinion: Option<String>,
}

pub fn apply(connection: &mut AnyConnection, id: IdeaId, change: Change) -> Result<()> {
    diesel::update(ideas::table.find(id))
        .set((
            ideas::version.eq(ideas::version + 1),
            ideas::state.eq(change.state),
            ideas::returned_from.eq(change.returned_from),
            ideas::submitted_at.eq(change.submitted_at),
            ideas::late.eq(change.late),
            ideas::number.eq(change.number),
            ideas::opinion.eq(change.opinion),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whether another idea of the cycle, neither rejected nor discarded, is of this product.
pub fn stands_for(
    connection: &mut AnyConnection,
    cycle: CycleId,
    product: ProductId,
    own: Option<IdeaId>,
) -> Result<bool> {
    let mut query = ideas::table
        .filter(ideas::cycle_id.eq(cycle))
        .filter(ideas::product_id.eq(product))
        .filter(ideas::state.ne_all([State::Rejected, State::Discarded]))
        .into_boxed();
    if let Some(own) = own {
        query = query.filter(ideas::id.ne(own));
    }
    let others: i64 = query.count().get_result(connection)?;
    Ok(others > 0)
}

/// Of these products, those that an idea of an open cycle stands for, unless it was rejected or discarded.
pub fn in_open_cycles(connection: &mut AnyConnection, products: &[ProductId]) -> Result<BTreeSet<ProductId>> {
    let open = cycles::table.filter(cycles::state.eq(cycle::rules::State::Open)).select(cycles::id);
    let found: Vec<Option<ProductId>> = ideas::table
        .filter(ideas::product_id.eq_any(products.iter().copied().map(Some).collect::<Vec<_>>()))
        .filter(ideas::cycle_id.eq_any(open))
        .filter(ideas::state.ne_all([State::Rejected, State::Discarded]))
        .select(ideas::product_id)
        .distinct()
        .load(connection)?;
    Ok(found.into_iter().flatten().collect())
}

/// Of these ideas, those for which a signed paper form was handed in.
pub fn with_paper(connection: &mut AnyConnection, ids: &[IdeaId]) -> Result<BTreeSet<IdeaId>> {
    let found: Vec<IdeaId> = idea_papers::table
        .filter(idea_papers::idea_id.eq_any(ids.to_vec()))
        .select(idea_papers::idea_id)
        .distinct()
        .load(connection)?;
    Ok(found.into_iter().collect())
}

filters! {
    /// What ideas can be listed by.
    pub struct IdeaFilter {
        state: State,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        cycle_id: CycleId,
        /// The year of the cycle.
        year: i32,
        /// The code of the criteria set.
        criteria_set: String,
        /// Whether it was handed in after the cycle's deadline.
        late: bool,
        /// The newest first unless another order is asked for.
        #[param(inline)]
        sort: Sorting,
    }
    search q
}

/// The ideas of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a IdeaFilter) -> ideas::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(ideas::table.into_boxed(), ideas, territory);
    if let Some(state) = filter.state {
        query = query.filter(ideas::state.eq(state));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(ideas::district_code.eq(unit).or(ideas::commune_code.nullable().eq(unit)));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(ideas::producer_id.eq(producer));
    }
    if let Some(cycle) = filter.cycle_id {
        query = query.filter(ideas::cycle_id.eq(cycle));
    }
    if let Some(year) = filter.year {
        query = query.filter(ideas::cycle_id.eq_any(cycles::table.filter(cycles::year.eq(year)).select(cycles::id)));
    }
    if let Some(code) = &filter.criteria_set {
        query = query.filter(ideas::criteria_set.eq(code));
    }
    if let Some(late) = filter.late {
        query = query.filter(ideas::late.eq(late));
    }
    if let Some(search) = &filter.q {
        query = query.filter(ideas::folded.like(text::within(search)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(ideas::id.eq_any(changed_since(Resource::Idea, since)));
    }
    query
}

/// Ideas of a territory, the newest first unless another order is asked for.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &IdeaFilter,
    stretch: &Stretch<(String, IdeaId)>,
) -> Result<Vec<IdeaRow>> {
    let mut query = matching(territory, filter);
    let sorting = filter.sort.unwrap_or(Sorting::Newest);
    query = match (sorting, &stretch.after) {
        (Sorting::Name, Some((folded, id))) => {
            query.filter(ideas::folded.gt(folded).or(ideas::folded.eq(folded).and(ideas::id.gt(id))))
        }
        (Sorting::Newest, Some((_, id))) => query.filter(ideas::id.lt(id)),
        (Sorting::Oldest, Some((_, id))) => query.filter(ideas::id.gt(id)),
        (_, None) => query,
    };
    query = match sorting {
        Sorting::Name => query.order((ideas::folded, ideas::id)),
        Sorting::Newest => query.order(ideas::id.desc()),
        Sorting::Oldest => query.order(ideas::id),
    };
    Ok(query.limit(stretch.limit).select(IdeaRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &IdeaFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}

/// A signed form of an idea.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = idea_papers)]
pub struct Paper {
    pub id: PaperId,
    pub idea_id: IdeaId,
    pub file_id: FileId,
    pub uploaded_by: AccountId,
    pub created_at: Moment,
}

pub fn insert_paper(connection: &mut AnyConnection, paper: &Paper) -> Result<()> {
    diesel::insert_into(idea_papers::table)
        .values((
            idea_papers::id.eq(paper.id),
            idea_papers::idea_id.eq(paper.idea_id),
            idea_papers::file_id.eq(paper.file_id),
            idea_papers::uploaded_by.eq(paper.uploaded_by),
            idea_papers::created_at.eq(paper.created_at),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn paper(connection: &mut AnyConnection, id: PaperId) -> Result<Option<Paper>> {
    Ok(idea_papers::table.find(id).select(Paper::as_select()).first(connection).optional()?)
}

/// The signed forms of an idea, the newest first.
pub fn papers(connection: &mut AnyConnection, idea: IdeaId, after: Option<PaperId>, limit: i64) -> Result<Vec<Paper>> {
    let mut query = idea_papers::table.filter(idea_papers::idea_id.eq(idea)).select(Paper::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(idea_papers::id.lt(after));
    }
    Ok(query.order(idea_papers::id.desc()).limit(limit).load(connection)?)
}
