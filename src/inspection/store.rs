//! Inspections in the database, and their files. An inspection keeps the home of its product, so that territory is asked of one
//! table.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, FileId, InspectionFileId, InspectionId, InspectionPlanId, ProducerId, ProductId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::cycle::RevocationGround;
use crate::db::AnyConnection;
use crate::db::schema::{files as files_table, inspection_files, inspections};
use crate::db::types::{Json, Multi, text_column};
use crate::files::StoredFile;
use crate::inspection::checklist::Answer;
use crate::inspection::record::{Correction, Member, Minutes, Sample};
use crate::inspection::rules::{InspectionResult, Kind, State};
use crate::station::{Stretch, filters};

text_column!(State, Kind, InspectionResult, FilePurpose);

/// What a file of an inspection is.
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
#[schema(as = InspectionFilePurpose)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FilePurpose {
    Photograph,
    /// A laboratory's paper.
    TestPaper,
    /// The minutes as they were signed on paper.
    SignedMinutes,
    /// What the producer shows of a correction.
    ReplyPaper,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = inspections)]
pub struct InspectionRow {
    pub id: InspectionId,
    pub version: i32,
    pub product_id: ProductId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub kind: Kind,
    pub inspection_plan_id: Option<InspectionPlanId>,
    pub reason: Option<String>,
    pub decision_number: String,
    pub decision_signed_on: Day,
    pub begins_on: Day,
    pub ends_on: Day,
    pub members: Json<Vec<Member>>,
    pub state: State,
    pub visited_at: Option<Moment>,
    pub answers: Json<Vec<Answer>>,
    /// How many items of the checklist are broken.
    pub broken: i32,
    pub samples: Json<Vec<Sample>>,
    pub minutes: Option<Json<Minutes>>,
    /// Hundred thousandths of a degree.
    pub latitude: Option<i32>,
    pub longitude: Option<i32>,
    pub corrections: Json<Vec<Correction>>,
    /// The last day of the order that waits to be followed up.
    pub due_on: Option<Day>,
    pub result: Option<InspectionResult>,
    pub conclusion: Option<String>,
    /// On which ground it is proposed that the certificate is taken back.
    pub ground: Option<RevocationGround>,
    pub concluded_on: Option<Day>,
    pub concluded_by: Option<AccountId>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

impl InspectionRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn has_member(&self, account: AccountId) -> bool {
        self.members.0.iter().any(|member| member.account_id == Some(account))
    }
}

/// What is planned of an inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub inspection_plan_id: Option<InspectionPlanId>,
    pub reason: Option<String>,
    pub decision_number: String,
    pub decision_signed_on: Day,
    pub begins_on: Day,
    pub ends_on: Day,
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = inspection_files)]
pub struct InspectionFile {
    pub id: InspectionFileId,
    pub inspection_id: InspectionId,
    pub file_id: FileId,
    pub purpose: FilePurpose,
    pub caption: Option<String>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

pub fn find(connection: &mut AnyConnection, id: InspectionId) -> Result<Option<InspectionRow>> {
    Ok(inspections::table.find(id).select(InspectionRow::as_select()).first(connection).optional()?)
}

/// Finds an inspection and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: InspectionId) -> Result<Option<InspectionRow>> {
    diesel::update(inspections::table.find(id))
        .set(inspections::version.eq(inspections::version))
        .execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    product: ProductId,
    home: Home,
    kind: Kind,
    planned: Planned,
    by: AccountId,
    now: Moment,
) -> Result<InspectionId> {
    let id = InspectionId::new();
    diesel::insert_into(inspections::table)
        .values((
            inspections::id.eq(id),
            inspections::version.eq(1),
            inspections::product_id.eq(product),
            inspections::producer_id.eq(home.producer),
            inspections::commune_code.eq(home.commune),
            inspections::district_code.eq(home.district),
            inspections::kind.eq(kind),
            inspections::inspection_plan_id.eq(planned.inspection_plan_id),
            inspections::reason.eq(planned.reason),
            inspections::decision_number.eq(planned.decision_number),
            inspections::decision_signed_on.eq(planned.decision_signed_on),
            inspections::begins_on.eq(planned.begins_on),
            inspections::ends_on.eq(planned.ends_on),
            inspections::members.eq(Json(planned.members)),
            inspections::state.eq(State::Planned),
            inspections::answers.eq(Json(Vec::<Answer>::new())),
            inspections::broken.eq(0),
            inspections::samples.eq(Json(Vec::<Sample>::new())),
            inspections::corrections.eq(Json(Vec::<Correction>::new())),
            inspections::account_id.eq(by),
            inspections::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn replan(connection: &mut AnyConnection, id: InspectionId, planned: Planned) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((
            inspections::version.eq(inspections::version + 1),
            inspections::inspection_plan_id.eq(planned.inspection_plan_id),
            inspections::reason.eq(planned.reason),
            inspections::decision_number.eq(planned.decision_number),
            inspections::decision_signed_on.eq(planned.decision_signed_on),
            inspections::begins_on.eq(planned.begins_on),
            inspections::ends_on.eq(planned.ends_on),
            inspections::members.eq(Json(planned.members)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_state(connection: &mut AnyConnection, id: InspectionId, state: State) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((inspections::version.eq(inspections::version + 1), inspections::state.eq(state)))
        .execute(connection)?;
    Ok(())
}

pub fn visit(connection: &mut AnyConnection, id: InspectionId, state: State, now: Moment) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((
            inspections::version.eq(inspections::version + 1),
            inspections::state.eq(state),
            inspections::visited_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_answers(connection: &mut AnyConnection, id: InspectionId, answers: Vec<Answer>) -> Result<()> {
    let broken = answers.iter().filter(|answer| answer.is_broken()).count();
    diesel::update(inspections::table.find(id))
        .set((
            inspections::version.eq(inspections::version + 1),
            inspections::broken.eq(i32::try_from(broken).unwrap_or(i32::MAX)),
            inspections::answers.eq(Json(answers)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_samples(connection: &mut AnyConnection, id: InspectionId, samples: Vec<Sample>) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((inspections::version.eq(inspections::version + 1), inspections::samples.eq(Json(samples))))
        .execute(connection)?;
    Ok(())
}

pub fn sign(
    connection: &mut AnyConnection,
    id: InspectionId,
    state: State,
    minutes: Minutes,
    (latitude, longitude): (Option<i32>, Option<i32>),
) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((
            inspections::version.eq(inspections::version + 1),
            inspections::state.eq(state),
            inspections::minutes.eq(Some(Json(minutes))),
            inspections::latitude.eq(latitude),
            inspections::longitude.eq(longitude),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes what became of corrections; `due_on` is the last day of the one that waits.
pub fn set_corrections(
    connection: &mut AnyConnection,
    id: InspectionId,
    state: State,
    corrections: Vec<Correction>,
    due_on: Option<Day>,
) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((
            inspections::version.eq(inspections::version + 1),
            inspections::state.eq(state),
            inspections::corrections.eq(Json(corrections)),
            inspections::due_on.eq(due_on),
        ))
        .execute(connection)?;
    Ok(())
}

/// What an inspection came to.
#[derive(Debug, Clone)]
pub struct Conclusion {
    pub result: InspectionResult,
    pub text: String,
    pub ground: Option<RevocationGround>,
    pub on: Day,
    pub by: AccountId,
}

pub fn conclude(connection: &mut AnyConnection, id: InspectionId, state: State, conclusion: Conclusion) -> Result<()> {
    diesel::update(inspections::table.find(id))
        .set((
            inspections::version.eq(inspections::version + 1),
            inspections::state.eq(state),
            inspections::result.eq(Some(conclusion.result)),
            inspections::conclusion.eq(Some(conclusion.text)),
            inspections::ground.eq(conclusion.ground),
            inspections::concluded_on.eq(Some(conclusion.on)),
            inspections::concluded_by.eq(Some(conclusion.by)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes a file's row; the inspection is another one than before.
pub fn insert_file(connection: &mut AnyConnection, file: &InspectionFile) -> Result<()> {
    diesel::insert_into(inspection_files::table)
        .values((
            inspection_files::id.eq(file.id),
            inspection_files::inspection_id.eq(file.inspection_id),
            inspection_files::file_id.eq(file.file_id),
            inspection_files::purpose.eq(file.purpose),
            inspection_files::caption.eq(&file.caption),
            inspection_files::account_id.eq(file.account_id),
            inspection_files::created_at.eq(file.created_at),
        ))
        .execute(connection)?;
    diesel::update(inspections::table.find(file.inspection_id))
        .set(inspections::version.eq(inspections::version + 1))
        .execute(connection)?;
    Ok(())
}

pub fn file(connection: &mut AnyConnection, id: InspectionFileId) -> Result<Option<(InspectionFile, StoredFile)>> {
    Ok(inspection_files::table
        .inner_join(files_table::table.on(files_table::id.eq(inspection_files::file_id)))
        .filter(inspection_files::id.eq(id))
        .select((InspectionFile::as_select(), StoredFile::as_select()))
        .first(connection)
        .optional()?)
}

/// The files of each of these inspections, the oldest first.
pub fn files(
    connection: &mut AnyConnection,
    ids: &[InspectionId],
) -> Result<BTreeMap<InspectionId, Vec<(InspectionFile, StoredFile)>>> {
    let rows: Vec<(InspectionFile, StoredFile)> = inspection_files::table
        .inner_join(files_table::table.on(files_table::id.eq(inspection_files::file_id)))
        .filter(inspection_files::inspection_id.eq_any(ids.to_vec()))
        .order(inspection_files::id)
        .select((InspectionFile::as_select(), StoredFile::as_select()))
        .load(connection)?;
    let mut found: BTreeMap<InspectionId, Vec<(InspectionFile, StoredFile)>> = BTreeMap::new();
    for row in rows {
        found.entry(row.0.inspection_id).or_default().push(row);
    }
    Ok(found)
}

/// How many inspections name each of these plans, but for cancelled ones.
pub fn counts_of_plans(
    connection: &mut AnyConnection,
    plans: &[InspectionPlanId],
) -> Result<BTreeMap<InspectionPlanId, i64>> {
    let counted: Vec<(Option<InspectionPlanId>, i64)> = inspections::table
        .filter(inspections::inspection_plan_id.assume_not_null().eq_any(plans.to_vec()))
        .filter(inspections::state.ne(State::Cancelled))
        .group_by(inspections::inspection_plan_id)
        .select((inspections::inspection_plan_id, diesel::dsl::count_star()))
        .load(connection)?;
    Ok(counted.into_iter().filter_map(|(plan, count)| Some((plan?, count))).collect())
}

filters! {
    /// What inspections can be listed by.
    pub struct InspectionFilter {
        state: State,
        kind: Kind,
        /// What it came to.
        result: InspectionResult,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        /// The plan of a year that it names.
        inspection_plan_id: InspectionPlanId,
        /// Whether an order to correct is past its last day and was not followed up.
        overdue: bool,
    }
}

/// The inspections of a territory that a filter lets through, as they stand on a day. Below the province a sudden one is not
/// known of before the visit, and a producer knows of none before.
fn matching<'a>(
    territory: &'a Territory,
    filter: &'a InspectionFilter,
    today: Day,
) -> inspections::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(inspections::table.into_boxed(), inspections, territory);
    query = match territory {
        Territory::Province => query,
        Territory::District(_) | Territory::Commune(_) => {
            query.filter(inspections::visited_at.is_not_null().or(inspections::kind.eq(Kind::Periodic)))
        }
        Territory::Producer(_) | Territory::Nothing => query.filter(inspections::visited_at.is_not_null()),
    };
    if let Some(state) = filter.state {
        query = query.filter(inspections::state.eq(state));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(inspections::kind.eq(kind));
    }
    if let Some(result) = filter.result {
        query = query.filter(inspections::result.eq(result));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(inspections::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(inspections::product_id.eq(product));
    }
    if let Some(plan) = filter.inspection_plan_id {
        query = query.filter(inspections::inspection_plan_id.eq(plan));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(inspections::district_code.eq(unit).or(inspections::commune_code.nullable().eq(unit)));
    }
    match filter.overdue {
        Some(true) => query = query.filter(inspections::due_on.lt(today)),
        Some(false) => query = query.filter(inspections::due_on.is_null().nullable().or(inspections::due_on.ge(today))),
        None => {}
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(inspections::id.eq_any(changed_since(Resource::Inspection, since)));
    }
    query
}

/// Inspections of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &InspectionFilter,
    today: Day,
    stretch: &Stretch<InspectionId>,
) -> Result<Vec<InspectionRow>> {
    let mut query = matching(territory, filter, today);
    if let Some(before) = stretch.after {
        query = query.filter(inspections::id.lt(before));
    }
    Ok(query.order(inspections::id.desc()).limit(stretch.limit).select(InspectionRow::as_select()).load(connection)?)
}

/// Whose step it is that inspections are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Waiting {
    /// What the producers themselves are to do.
    ForProducers,
    /// What anybody else is.
    ForOffices,
    /// The same, of teams in which this account is.
    ForTeamsOf(AccountId),
}

/// Inspections of a territory that wait, the oldest first, `most` at most; a statement for each `most` that are looked through.
pub fn waiting(
    connection: &mut AnyConnection,
    territory: &Territory,
    whose: Waiting,
    today: Day,
    most: i64,
) -> Result<Vec<InspectionRow>> {
    let most_rows = usize::try_from(most).map_err(Error::internal)?;
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = waiting_after(connection, territory, whose, (today, after, most))?;
        after = rows.last().map(|row| row.id);
        let is_last = rows.len() < most_rows;
        found.extend(rows.into_iter().filter(|row| match whose {
            Waiting::ForTeamsOf(account) => row.has_member(account),
            Waiting::ForProducers | Waiting::ForOffices => true,
        }));
        if is_last || found.len() >= most_rows {
            found.truncate(most_rows);
            return Ok(found);
        }
    }
}

fn waiting_after(
    connection: &mut AnyConnection,
    territory: &Territory,
    whose: Waiting,
    (today, after, most): (Day, Option<InspectionId>, i64),
) -> Result<Vec<InspectionRow>> {
    let filter = InspectionFilter::default();
    let all = matching(territory, &filter, today);
    let open = match whose {
        Waiting::ForProducers => all.filter(inspections::state.eq(State::Correcting)),
        Waiting::ForOffices | Waiting::ForTeamsOf(_) => {
            let onwards = [State::Planned, State::Visiting, State::Recorded, State::Replied, State::FollowedUp];
            let is_overdue = inspections::due_on.is_not_null().and(inspections::due_on.assume_not_null().lt(today));
            all.filter(inspections::state.eq_any(onwards).or(inspections::state.eq(State::Correcting).and(is_overdue)))
        }
    };
    let open = match after {
        Some(after) => open.filter(inspections::id.gt(after)),
        None => open,
    };
    Ok(open.order(inspections::id).limit(most).select(InspectionRow::as_select()).load(connection)?)
}

/// Inspections whose conclusion proposes that a certificate is taken back, the newest first.
pub fn proposing(connection: &mut AnyConnection, most: i64) -> Result<Vec<InspectionRow>> {
    let proposing = inspections::table.filter(inspections::ground.is_not_null());
    let rows = proposing.order((inspections::concluded_on.desc(), inspections::id.desc())).limit(most);
    Ok(rows.select(InspectionRow::as_select()).load(connection)?)
}

/// The day of the visit and the result of the newest concluded inspection of each of these products.
pub fn last_concluded(
    connection: &mut AnyConnection,
    products: &[ProductId],
) -> Result<BTreeMap<ProductId, (Day, InspectionResult)>> {
    let rows: Vec<(ProductId, Option<Moment>, Option<InspectionResult>)> = inspections::table
        .filter(inspections::product_id.eq_any(products.to_vec()))
        .filter(inspections::state.eq(State::Concluded))
        .order((inspections::concluded_on, inspections::id))
        .select((inspections::product_id, inspections::visited_at, inspections::result))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(|(product, visited, result)| Some((product, (visited?.day(), result?)))).collect())
}

pub fn count(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &InspectionFilter,
    today: Day,
) -> Result<i64> {
    Ok(matching(territory, filter, today).count().get_result(connection)?)
}
