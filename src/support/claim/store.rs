//! Claims in the database, and their papers. A claim keeps the home of its producer, so that territory is asked of one table.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{
    AccountId, FileId, PlanId, ProducerId, ProductId, SupportClaimFileId, SupportClaimId, SupportPolicyId,
};
use crate::base::{Day, Moment, Result, UnitCode, Vnd};
use crate::cycle::EditionCode;
use crate::db::AnyConnection;
use crate::db::schema::{files as files_table, support_claim_files, support_claims};
use crate::db::types::{Json, Multi, text_column};
use crate::files::StoredFile;
use crate::station::{Stretch, filters};
use crate::support::claim::rules::{Amounts, Payment, State, TakenBack};

text_column!(State, FilePurpose);

/// What a paper of a claim is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
    strum::AsRefStr,
    strum::EnumString,
)]
#[schema(as = SupportClaimFilePurpose)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FilePurpose {
    /// An invoice, or another paper of the producer's (hóa đơn, chứng từ).
    Invoice,
    /// The minutes of the acceptance (biên bản nghiệm thu).
    AcceptanceMinutes,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = support_claims)]
pub struct ClaimRow {
    pub id: SupportClaimId,
    pub version: i32,
    pub policy_id: SupportPolicyId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub product_id: Option<ProductId>,
    pub plan_id: Option<PlanId>,
    /// Of which budget year.
    pub year: i32,
    /// The edition in force when it was written or handed in: it says who accepts.
    pub edition: EditionCode,
    pub text: String,
    pub costs: Vnd,
    /// What the policy pays of the costs.
    pub claimed: Vnd,
    pub state: State,
    /// The last time.
    pub handed_in_on: Option<Day>,
    pub accepted: Option<Vnd>,
    pub accepted_on: Option<Day>,
    pub minutes_number: Option<String>,
    pub sent_on: Option<Day>,
    pub appraised: Option<Vnd>,
    pub appraised_on: Option<Day>,
    pub appraisal: Option<String>,
    pub decided: Option<Vnd>,
    pub decision_number: Option<String>,
    pub decision_signed_on: Option<Day>,
    pub payments: Json<Vec<Payment>>,
    pub paid: Vnd,
    pub returns: Json<Vec<TakenBack>>,
    pub taken_back: Vnd,
    pub account_id: AccountId,
    pub created_at: Moment,
}

impl ClaimRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn amounts(&self) -> Amounts {
        let Self { claimed, accepted, appraised, decided, .. } = *self;
        Amounts { claimed, accepted, appraised, decided }
    }
}

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub policy_id: SupportPolicyId,
    pub product_id: Option<ProductId>,
    pub plan_id: Option<PlanId>,
    pub year: i32,
    pub text: String,
    pub costs: Vnd,
    pub claimed: Vnd,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = support_claim_files)]
pub struct ClaimFile {
    pub id: SupportClaimFileId,
    pub claim_id: SupportClaimId,
    pub file_id: FileId,
    pub purpose: FilePurpose,
    pub caption: Option<String>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

pub fn find(connection: &mut AnyConnection, id: SupportClaimId) -> Result<Option<ClaimRow>> {
    Ok(support_claims::table.find(id).select(ClaimRow::as_select()).first(connection).optional()?)
}

/// Finds a claim and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: SupportClaimId) -> Result<Option<ClaimRow>> {
    diesel::update(support_claims::table.find(id))
        .set(support_claims::version.eq(support_claims::version))
        .execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    home: Home,
    edition: EditionCode,
    claimed: Claimed,
    by: AccountId,
    now: Moment,
) -> Result<SupportClaimId> {
    let id = SupportClaimId::new();
    diesel::insert_into(support_claims::table)
        .values((
            support_claims::id.eq(id),
            support_claims::version.eq(1),
            support_claims::policy_id.eq(claimed.policy_id),
            support_claims::producer_id.eq(home.producer),
            support_claims::commune_code.eq(home.commune),
            support_claims::district_code.eq(home.district),
            support_claims::product_id.eq(claimed.product_id),
            support_claims::plan_id.eq(claimed.plan_id),
            support_claims::year.eq(claimed.year),
            support_claims::edition.eq(edition),
            support_claims::text.eq(claimed.text),
            support_claims::costs.eq(claimed.costs),
            support_claims::claimed.eq(claimed.claimed),
            support_claims::state.eq(State::Draft),
            support_claims::payments.eq(Json(Vec::<Payment>::new())),
            support_claims::paid.eq(Vnd::ZERO),
            support_claims::returns.eq(Json(Vec::<TakenBack>::new())),
            support_claims::taken_back.eq(Vnd::ZERO),
            support_claims::account_id.eq(by),
            support_claims::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Writes columns of a claim, which is another version from then on.
macro_rules! written {
    ($connection:expr, $id:expr, $($column:ident = $value:expr),+ $(,)?) => {{
        diesel::update(support_claims::table.find($id))
            .set((support_claims::version.eq(support_claims::version + 1), $(support_claims::$column.eq($value)),+))
            .execute($connection)?;
        Ok(())
    }};
}

pub fn rewrite(connection: &mut AnyConnection, id: SupportClaimId, claimed: Claimed) -> Result<()> {
    written!(
        connection,
        id,
        policy_id = claimed.policy_id,
        product_id = claimed.product_id,
        plan_id = claimed.plan_id,
        year = claimed.year,
        text = claimed.text,
        costs = claimed.costs,
        claimed = claimed.claimed,
    )
}

pub fn set_state(connection: &mut AnyConnection, id: SupportClaimId, state: State) -> Result<()> {
    written!(connection, id, state = state)
}

/// Hands a claim in, where the producer is at home now.
pub fn hand_in(
    connection: &mut AnyConnection,
    id: SupportClaimId,
    state: State,
    home: Home,
    edition: EditionCode,
    on: Day,
) -> Result<()> {
    written!(
        connection,
        id,
        state = state,
        commune_code = home.commune,
        district_code = home.district,
        edition = edition,
        handed_in_on = Some(on),
    )
}

pub fn accept(
    connection: &mut AnyConnection,
    id: SupportClaimId,
    state: State,
    (amount, on, minutes): (Vnd, Day, String),
) -> Result<()> {
    written!(
        connection,
        id,
        state = state,
        accepted = Some(amount),
        accepted_on = Some(on),
        minutes_number = Some(minutes),
    )
}

pub fn send(connection: &mut AnyConnection, id: SupportClaimId, state: State, on: Day) -> Result<()> {
    written!(connection, id, state = state, sent_on = Some(on))
}

pub fn appraise(
    connection: &mut AnyConnection,
    id: SupportClaimId,
    state: State,
    (amount, on, text): (Vnd, Day, String),
) -> Result<()> {
    written!(connection, id, state = state, appraised = Some(amount), appraised_on = Some(on), appraisal = Some(text),)
}

pub fn decide(
    connection: &mut AnyConnection,
    id: SupportClaimId,
    state: State,
    (amount, signed_on, number): (Vnd, Day, String),
) -> Result<()> {
    written!(
        connection,
        id,
        state = state,
        decided = Some(amount),
        decision_signed_on = Some(signed_on),
        decision_number = Some(number),
    )
}

pub fn pay(
    connection: &mut AnyConnection,
    id: SupportClaimId,
    state: State,
    payments: Vec<Payment>,
    paid: Vnd,
) -> Result<()> {
    written!(connection, id, state = state, payments = Json(payments), paid = paid)
}

pub fn take_back(
    connection: &mut AnyConnection,
    id: SupportClaimId,
    state: State,
    returns: Vec<TakenBack>,
    taken_back: Vnd,
) -> Result<()> {
    written!(connection, id, state = state, returns = Json(returns), taken_back = taken_back)
}

/// Returns a claim: what was accepted and appraised of it is found anew.
pub fn give_back(connection: &mut AnyConnection, id: SupportClaimId, state: State) -> Result<()> {
    written!(
        connection,
        id,
        state = state,
        accepted = None::<Vnd>,
        accepted_on = None::<Day>,
        minutes_number = None::<String>,
        sent_on = None::<Day>,
        appraised = None::<Vnd>,
        appraised_on = None::<Day>,
        appraisal = None::<String>,
    )
}

/// Writes a paper's row; the claim is another one than before.
pub fn insert_file(connection: &mut AnyConnection, file: &ClaimFile) -> Result<()> {
    diesel::insert_into(support_claim_files::table)
        .values((
            support_claim_files::id.eq(file.id),
            support_claim_files::claim_id.eq(file.claim_id),
            support_claim_files::file_id.eq(file.file_id),
            support_claim_files::purpose.eq(file.purpose),
            support_claim_files::caption.eq(&file.caption),
            support_claim_files::account_id.eq(file.account_id),
            support_claim_files::created_at.eq(file.created_at),
        ))
        .execute(connection)?;
    diesel::update(support_claims::table.find(file.claim_id))
        .set(support_claims::version.eq(support_claims::version + 1))
        .execute(connection)?;
    Ok(())
}

pub fn file(connection: &mut AnyConnection, id: SupportClaimFileId) -> Result<Option<(ClaimFile, StoredFile)>> {
    Ok(support_claim_files::table
        .inner_join(files_table::table.on(files_table::id.eq(support_claim_files::file_id)))
        .filter(support_claim_files::id.eq(id))
        .select((ClaimFile::as_select(), StoredFile::as_select()))
        .first(connection)
        .optional()?)
}

/// The papers of each of these claims, the oldest first.
pub fn files(
    connection: &mut AnyConnection,
    ids: &[SupportClaimId],
) -> Result<BTreeMap<SupportClaimId, Vec<(ClaimFile, StoredFile)>>> {
    let rows: Vec<(ClaimFile, StoredFile)> = support_claim_files::table
        .inner_join(files_table::table.on(files_table::id.eq(support_claim_files::file_id)))
        .filter(support_claim_files::claim_id.eq_any(ids.to_vec()))
        .order(support_claim_files::id)
        .select((ClaimFile::as_select(), StoredFile::as_select()))
        .load(connection)?;
    let mut found: BTreeMap<SupportClaimId, Vec<(ClaimFile, StoredFile)>> = BTreeMap::new();
    for row in rows {
        found.entry(row.0.claim_id).or_default().push(row);
    }
    Ok(found)
}

/// What stands of all claims under each of these plans that were handed in and are neither returned nor over.
pub fn of_plans(connection: &mut AnyConnection, plans: &[PlanId]) -> Result<BTreeMap<PlanId, Vnd>> {
    type Row = (Option<PlanId>, (Vnd, Option<Vnd>, Option<Vnd>, Option<Vnd>));
    let not_counted = [State::Draft, State::Returned, State::Refused, State::Withdrawn];
    let rows: Vec<Row> = support_claims::table
        .filter(support_claims::plan_id.assume_not_null().eq_any(plans.to_vec()))
        .filter(support_claims::state.ne_all(not_counted))
        .select((
            support_claims::plan_id,
            (support_claims::claimed, support_claims::accepted, support_claims::appraised, support_claims::decided),
        ))
        .load(connection)?;
    let mut sums: BTreeMap<PlanId, Vnd> = BTreeMap::new();
    for (plan, (claimed, accepted, appraised, decided)) in rows {
        let Some(plan) = plan else { continue };
        let sum = sums.entry(plan).or_default();
        *sum = sum.plus(Amounts { claimed, accepted, appraised, decided }.standing())?;
    }
    Ok(sums)
}

filters! {
    /// What claims can be listed by.
    pub struct SupportClaimFilter {
        state: State,
        /// The budget year.
        year: i32,
        /// The policy that it is claimed by.
        policy_id: SupportPolicyId,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        /// The plan under which the money was spent.
        plan_id: PlanId,
    }
}

/// The claims of a territory that a filter lets through; what was never handed in is its producer's alone.
fn matching<'a>(territory: &'a Territory, filter: &'a SupportClaimFilter) -> support_claims::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(support_claims::table.into_boxed(), support_claims, territory);
    if !matches!(territory, Territory::Producer(_)) {
        query = query.filter(support_claims::handed_in_on.is_not_null());
    }
    if let Some(state) = filter.state {
        query = query.filter(support_claims::state.eq(state));
    }
    if let Some(year) = filter.year {
        query = query.filter(support_claims::year.eq(year));
    }
    if let Some(policy) = filter.policy_id {
        query = query.filter(support_claims::policy_id.eq(policy));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(support_claims::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(support_claims::product_id.eq(product));
    }
    if let Some(plan) = filter.plan_id {
        query = query.filter(support_claims::plan_id.eq(plan));
    }
    if let Some(unit) = &filter.unit_code {
        query =
            query.filter(support_claims::district_code.eq(unit).or(support_claims::commune_code.nullable().eq(unit)));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(support_claims::id.eq_any(changed_since(Resource::SupportClaim, since)));
    }
    query
}

/// Claims of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &SupportClaimFilter,
    stretch: &Stretch<SupportClaimId>,
) -> Result<Vec<ClaimRow>> {
    let mut query = matching(territory, filter);
    if let Some(before) = stretch.after {
        query = query.filter(support_claims::id.lt(before));
    }
    let rows = query.order(support_claims::id.desc()).limit(stretch.limit);
    Ok(rows.select(ClaimRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &SupportClaimFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}

/// Claims of a territory in one of these states, the oldest first.
pub fn waiting(
    connection: &mut AnyConnection,
    territory: &Territory,
    states: &[State],
    most: i64,
) -> Result<Vec<ClaimRow>> {
    let filter = SupportClaimFilter::default();
    let open = matching(territory, &filter).filter(support_claims::state.eq_any(states.to_vec()));
    Ok(open.order(support_claims::id).limit(most).select(ClaimRow::as_select()).load(connection)?)
}
