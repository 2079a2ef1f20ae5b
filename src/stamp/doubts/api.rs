//! `/doubts`: read and answered by the provincial office and the inspectors.

use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{DoubtId, ProducerId, ProductId, StampOrderId, of};
use crate::base::{Error, Moment, Result};
use crate::files::{self, Audience, Folder};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::stamp::Scanner;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::doubts::rules::State;
use crate::stamp::doubts::store::{self, Case, Filter};

const READERS: [Role; 3] = [Role::ProvincialOfficer, Role::Inspector, Role::Supervisor];
const KEEPERS: [Role; 2] = [Role::ProvincialOfficer, Role::Inspector];

/// A doubt as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Doubt)]
pub struct CaseAnswer {
    id: DoubtId,
    version: i32,
    state: State,
    code: String,
    order_id: StampOrderId,
    serial: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    text: String,
    contact: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    /// The address of the photo.
    photo: Option<String>,
    at: Moment,
    note: Option<String>,
}

impl CaseAnswer {
    fn new(case: Case, mint: &Mint) -> Result<Self> {
        let Case { doubt, number, key_id, product, product_name, producer, .. } = case;
        let key_id = key_id.chars().next().ok_or_else(|| Error::internal("an order without a key"))?;
        let degrees = |hundredths: i32| f64::from(hundredths) / 100.0;
        Ok(Self {
            id: doubt.id,
            version: doubt.version,
            state: doubt.state,
            code: mint.code(Minted { order: number, serial: doubt.serial, key_id })?.to_string(),
            order_id: doubt.order_id,
            serial: doubt.serial,
            product_id: product,
            product_name,
            producer_id: producer,
            text: doubt.text,
            contact: doubt.contact,
            lat: doubt.latitude.map(degrees),
            lon: doubt.longitude.map(degrees),
            photo: doubt.file_id.map(|_| format!("/api/v1/doubts/{}/photo", doubt.id)),
            at: doubt.at,
            note: doubt.note,
        })
    }
}

fn seen(work: &mut Work, id: DoubtId) -> Result<Case> {
    let case = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&case.home())?;
    work.must_be(&READERS)?;
    Ok(case)
}

fn shown(work: &mut Work, mint: &Mint, id: DoubtId) -> Result<Answer, Stop> {
    let case = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    Ok(Answer::resource(case.doubt.version, CaseAnswer::new(case, mint)?)?)
}

/// Doubts that shoppers reported, the newest first (provincial office, inspectors, supervisors).
#[utoipa::path(tag = "stamps", params(ListParameters), responses((status = 200, body = Page<CaseAnswer>), Refusals))]
#[get("/doubts")]
pub async fn list(caller: Caller, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .read(move |work| {
            work.must_be(&READERS)?;
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                state: query.take("state"),
                producer: query.take("producer_id"),
                product: query.take("product_id"),
                unit: query.take("unit_code"),
                before: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (cases, next) = paging.cut(found, |case| (case.doubt.at, case.doubt.id))?;
            let items: Result<Vec<CaseAnswer>> = cases.into_iter().map(|case| CaseAnswer::new(case, &mint)).collect();
            Ok(Answer::page(items?, next)?)
        })
        .await
}

/// One doubt.
#[utoipa::path(tag = "stamps", responses((status = 200, body = CaseAnswer), Refusals))]
#[get("/doubts/{id}")]
pub async fn read(caller: Caller, id: At<DoubtId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .read(move |work| {
            let case = seen(work, id.get()?)?;
            shown(work, &mint, case.doubt.id)
        })
        .await
}

/// The photo that came with a doubt.
#[utoipa::path(
    tag = "stamps", responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
#[get("/doubts/{id}/photo")]
pub async fn photo(caller: Caller, id: At<DoubtId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(move |work| {
            let case = seen(work, id.get()?)?;
            let file = case.doubt.file_id.ok_or_else(Error::unknown)?;
            files::store::find(work.connection, file)?.ok_or_else(Error::unknown)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.house.data_dir), file, &caller.request, Audience::Private).await?)
}

/// What became of a doubt.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Page<History>), Refusals))]
#[get("/doubts/{id}/history")]
pub async fn history(caller: Caller, id: At<DoubtId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let case = seen(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Doubt, case.doubt.id)?)
        })
        .await
}

fn taken(work: &mut Work, id: DoubtId) -> Result<Case, Stop> {
    let case = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&case.home())?;
    work.must_be(&KEEPERS)?;
    work.begin_at(case.doubt.version)?;
    Ok(case)
}

fn moved(work: &mut Work, case: &Case, verb: &str, state: State, note: Option<&str>) -> Result<()> {
    store::set_state(work.connection, case.doubt.id, state, note)?;
    work.record(Entry::<of::Doubt> {
        resource: Resource::Doubt,
        id: case.doubt.id,
        version: case.doubt.version + 1,
        account: None,
        verb,
        from: Some(case.doubt.state.as_ref()),
        to: Some(state.as_ref()),
        note,
    })
}

/// Says that somebody looks into a doubt (provincial office, inspectors).
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = CaseAnswer), Refusals))]
#[post("/doubts/{id}/see")]
pub async fn see(caller: Caller, id: At<DoubtId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .write(move |work| {
            let case = taken(work, id.get()?)?;
            let state = case.doubt.state.see()?;
            let note = work.body::<Note>()?.optional()?;
            moved(work, &case, "see", state, note.as_deref())?;
            shown(work, &mint, case.doubt.id)
        })
        .await
}

/// Closes a doubt, saying what was found (provincial office, inspectors).
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = CaseAnswer), Refusals))]
#[post("/doubts/{id}/close")]
pub async fn close(caller: Caller, id: At<DoubtId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .write(move |work| {
            let case = taken(work, id.get()?)?;
            let state = case.doubt.state.close()?;
            let note = work.body::<Note>()?.demanded()?;
            moved(work, &case, "close", state, Some(&note))?;
            shown(work, &mint, case.doubt.id)
        })
        .await
}
