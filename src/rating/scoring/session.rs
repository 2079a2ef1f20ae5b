//! `/councils/{id}/session`: all that a member needs at a session, in one answer, for a tablet without a line.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::{AgendaItemId, CouncilId, CriteriaSetId, DocumentId, DossierId, ProducerId, ProductId, SheetId};
use crate::base::{Error, Result};
use crate::criteria::{self, Set};
use crate::cycle::EditionCode;
use crate::dossier;
use crate::http::{Answer, Kept, PathParam, Problem, Refusals};
use crate::producer::{self, ProducerKind};
use crate::product::document::DocumentView;
use crate::product::picture::PictureView;
use crate::product::view::ProductView;
use crate::product::{self, Product, attachment_store};
use crate::rating::agenda::Session;
use crate::rating::agenda::scale::Scales;
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::agenda::view::AgendaItemView;
use crate::rating::council::view::CouncilView;
use crate::rating::council::{Council, State};
use crate::rating::scoring::OwnSheet;
use crate::rating::scoring::view::OwnSheetView;
use crate::rating::sheet;
use crate::station::{Listed, Offered, Shown, Stretch, find, seen, seen_all};

/// So many items one answer holds.
const MOST_ITEMS: i64 = 300;

/// A council's session as one of its people may know it. Nothing of it is of another's sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct CouncilSession {
    council: Offered<CouncilView>,
    /// The agenda in its order, as in lists; at most 300.
    items: Vec<Offered<AgendaItemView>>,
    /// One's own sheets of the items that one scores, begun or not.
    sheets: Vec<Offered<OwnSheetView>>,
    /// The versions of sets that the items are scored with.
    criteria_sets: Vec<SessionSet>,
    /// The products of the items, as far as one may see them: while the council is open, or in one's own territory.
    products: Vec<SessionProduct>,
    producers: Vec<SessionProducer>,
    /// What each dossier hands in, by the ids of `documents`.
    dossiers: Vec<SessionDossier>,
    /// The heads of the documents; their bytes are at `/documents/{id}/content`.
    documents: Vec<DocumentView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionSet {
    id: CriteriaSetId,
    code: String,
    edition: EditionCode,
    version: i32,
    set: Set,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionProduct {
    #[serde(flatten)]
    product: ProductView,
    pictures: Vec<PictureView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionProducer {
    id: ProducerId,
    name: String,
    kind: ProducerKind,
    address: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionDossier {
    id: DossierId,
    product_id: ProductId,
    document_ids: Vec<DocumentId>,
}

/// Everything for a session: the agenda, the sets by version, products with pictures, producers, the documents' heads and one's
/// own sheets. With its `ETag` a tablet asks whether anything changed.
#[utoipa::path(
    tag = "councils",
    responses(
        (
            status = 200, body = CouncilSession,
            headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))
        ),
        Refusals
    )
)]
#[get("/councils/{id}/session")]
pub async fn read(caller: Caller, id: PathParam<CouncilId>) -> std::result::Result<Answer, Problem> {
    let query = caller.request.query();
    caller
        .read(move |work| {
            let council = find::<Council>(work, &id.get()?)?;
            query.finish()?;
            Ok(Answer::ok(session(work, &council)?)?.kept(Kept::Privately(0)))
        })
        .await
}

/// The number of statements does not depend on the number of items.
fn session(work: &mut Work, council: &Council) -> Result<CouncilSession> {
    let filter = AgendaItemFilter { council_id: Some(council.row.id), ..AgendaItemFilter::default() };
    let sessions = Session::list(work, &filter, &Stretch::first(MOST_ITEMS))?;
    let sets: BTreeSet<CriteriaSetId> = sessions.iter().filter_map(|session| session.dossier.criteria_set_id).collect();
    let sets = criteria::store::of_ids(work.connection, &sets.into_iter().collect::<Vec<_>>())?;
    let producers: BTreeSet<ProducerId> = sessions.iter().map(|session| session.dossier.producer_id).collect();
    let producers = producer::store::of_ids(work.connection, &producers.into_iter().collect::<Vec<_>>())?;
    let sheets = own_sheets(work, &sessions)?;
    let (products, visible) = products(work, council, &sessions)?;
    let (dossiers, documents) = documents(work, &sessions, &visible)?;
    Ok(CouncilSession {
        council: seen(work, council)?,
        items: seen_all(work, &sessions)?,
        sheets: seen_all(work, &sheets)?,
        criteria_sets: sets
            .into_values()
            .map(|set| SessionSet {
                id: set.id,
                code: set.code,
                edition: set.edition,
                version: set.version,
                set: set.tree.0,
            })
            .collect(),
        products,
        producers: producers
            .into_iter()
            .map(|producer| SessionProducer {
                id: producer.id,
                name: producer.name,
                kind: producer.kind,
                address: producer.address,
            })
            .collect(),
        dossiers,
        documents,
    })
}

/// The asker's sheets of the items that the asker's seat scores.
fn own_sheets(work: &mut Work, sessions: &[Session]) -> Result<Vec<OwnSheet>> {
    let scored = |session: &&Session| Session::must_score(work.asker(), session).is_ok();
    let scored: Vec<&Session> = sessions.iter().filter(scored).collect();
    if scored.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<AgendaItemId> = scored.iter().map(|session| session.item.id).collect();
    let own = sheet::store::all_own(work.connection, &ids, work.actor.id)?;
    let mut own: BTreeMap<(AgendaItemId, i32), sheet::Sheet> =
        own.into_iter().map(|sheet| ((sheet.agenda_item_id, sheet.attempt), sheet)).collect();
    let scales = Scales::of(work, scored.iter().map(|session| &session.dossier))?;
    let sheets = scored.into_iter().map(|session| {
        let (set, case) = scales.get(&session.dossier)?;
        let sheet = own.remove(&(session.item.id, session.item.attempt));
        let id = sheet.as_ref().map_or_else(SheetId::random, |sheet| sheet.id);
        Ok(OwnSheet { session: session.clone(), id, sheet, set: set.clone(), case })
    });
    sheets.collect()
}

/// The products that the asker may see, as `Product::load` decides for one, and their ids.
fn products(
    work: &mut Work,
    council: &Council,
    sessions: &[Session],
) -> Result<(Vec<SessionProduct>, BTreeSet<ProductId>)> {
    let is_shown_all = council.row.state == State::Open && council.takes_part(work.actor.id);
    let ids: BTreeSet<ProductId> = sessions.iter().map(|session| session.dossier.product_id).collect();
    let mut rows = product::store::of_ids(work.connection, &ids.into_iter().collect::<Vec<_>>())?;
    rows.retain(|row| is_shown_all || work.actor.sees(&row.home()));
    rows.sort_by_key(|row| row.id);
    let visible: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
    let mut pictures = attachment_store::pictures_of(work.connection, &visible)?;
    let things = Product::around(work, rows)?;
    let views = Product::views(work, &things)?;
    if views.len() != visible.len() {
        return Err(Error::internal("a view is missing"));
    }
    let shown = visible.iter().zip(views).map(|(id, product)| {
        let pictures = pictures.remove(id).unwrap_or_default().into_iter().map(PictureView::from).collect();
        SessionProduct { product, pictures }
    });
    Ok((shown.collect(), visible.iter().copied().collect()))
}

/// What the dossiers of these products hand in.
fn documents(
    work: &mut Work,
    sessions: &[Session],
    visible: &BTreeSet<ProductId>,
) -> Result<(Vec<SessionDossier>, Vec<DocumentView>)> {
    let shown = sessions.iter().map(|session| &session.dossier).filter(|row| visible.contains(&row.product_id));
    let shown: BTreeMap<DossierId, ProductId> = shown.map(|row| (row.id, row.product_id)).collect();
    let ids: Vec<DossierId> = shown.keys().copied().collect();
    let mut named = dossier::store::documents(work.connection, &ids)?;
    let dossiers: Vec<SessionDossier> = shown
        .into_iter()
        .map(|(id, product_id)| {
            let document_ids =
                named.remove(&id).unwrap_or_default().into_iter().map(|(document, _)| document).collect();
            SessionDossier { id, product_id, document_ids }
        })
        .collect();
    let ids: BTreeSet<DocumentId> = dossiers.iter().flat_map(|dossier| dossier.document_ids.iter().copied()).collect();
    let found = attachment_store::documents_with_files(work.connection, &ids.into_iter().collect::<Vec<_>>())?;
    Ok((dossiers, DocumentView::of(work, found)?))
}
