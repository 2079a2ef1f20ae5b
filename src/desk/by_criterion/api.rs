//! `/desk/dossiers/{id}/criteria`: a dossier by criterion.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use crate::account::{Asker, Work};
use crate::base::id::{DocumentId, DossierId};
use crate::base::{Error, Fault, Faults, Result, say};
use crate::criteria::Mark;
use crate::desk::api::{is_told_beside_a_file, refused_with_a_form, typed};
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::by_criterion::criterion::{self, Asked};
use crate::desk::by_criterion::filled::{Filled, MARKS};
use crate::desk::by_criterion::texts::Texts;
use crate::desk::by_criterion::{overview, sent};
use crate::desk::forgery::{self, Reader};
use crate::desk::form::Refused;
use crate::desk::page::{AroundPage, Said};
use crate::desk::typed::day;
use crate::desk::visit::{DeskVisit, enter, enter_with_file};
use crate::dossier::Dossier;
use crate::dossier::steps::CHANGE;
use crate::files::rules::LARGEST;
use crate::files::{Arrived, Fields, FileKind, Folder, receive_form};
use crate::http::pace;
use crate::http::{PathParam, PathParts, Problem};
use crate::station::{Described, Offer, find};

/// A criterion of a dossier.
#[derive(Debug, Deserialize)]
pub struct CriterionPath {
    id: DossierId,
    criterion: String,
}

/// `GET /desk/dossiers/{id}/criteria`.
pub async fn list(request: HttpRequest, body: web::Payload, id: PathParam<DossierId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let done = visit.caller.request.query().take::<String>("done");
        listed(&visit, id.get()?, Said { done, ..Said::default() }).await
    })
    .await
}

async fn listed(visit: &DeskVisit, id: DossierId, said: Said) -> DeskAnswer {
    let frame = visit.frame(&format!("/desk/dossiers/{id}/criteria"));
    let page = visit.look("dossiers", move |work, desk| overview::page(work, AroundPage { frame, desk }, id, said));
    Ok(page.await?.response())
}

/// `POST /desk/dossiers/{id}/criteria`: the options of all criteria, whatever button was pressed; `then` says where one is led to.
pub async fn save(request: HttpRequest, body: web::Payload, id: PathParam<DossierId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let id = id.get()?;
        let kept = visit.look("dossiers", move |work, _| Ok(Filled::find(work, id)?.marks)).await?;
        let meant = visit.meant(&[MARKS]);
        match sent::change(&visit, id, &sent::of_all(&meant.body, &kept)).await {
            Ok(_) => Ok(see_other(&after_all(id, visit.typed.value("then")))),
            Err(Problem(error)) => {
                let refusal = refused_with_a_form(error)?;
                let (verb, typed) = (CHANGE.name().to_owned(), visit.typed.clone());
                listed(&visit, id, Said { refused: Some(Refused { verb, typed, meant, refusal }), ..Said::default() })
                    .await
            }
        }
    })
    .await
}

fn after_all(id: DossierId, then: Option<&str>) -> String {
    let all = format!("/desk/dossiers/{id}/criteria");
    match then.filter(|then| !then.is_empty()).map(|then| (then, is_plain(then))) {
        Some((part, true)) if part.starts_with("part-") => format!("{all}?done=change#{part}"),
        Some((code, true)) => format!("{all}/{code}?done=change"),
        _ => format!("{all}?done=change"),
    }
}

/// What may stand in an address of ours as it is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-'))
}

/// `GET /desk/dossiers/{id}/criteria/{criterion}`.
pub async fn read(request: HttpRequest, body: web::Payload, path: PathParts<CriterionPath>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let CriterionPath { id, criterion: code } = path.get()?;
        let done = visit.caller.request.query().take::<String>("done");
        let asked = Asked { id, code, ticked: None, reused: Vec::new() };
        shown(&visit, asked, Said { done, ..Said::default() }).await
    })
    .await
}

async fn shown(visit: &DeskVisit, asked: Asked, said: Said) -> DeskAnswer {
    let frame = visit.frame(&format!("/desk/dossiers/{}/criteria/{}", asked.id, asked.code));
    let page = visit.look("dossiers", move |work, desk| criterion::page(work, AroundPage { frame, desk }, asked, said));
    Ok(page.await?.response())
}

/// `POST /desk/dossiers/{id}/criteria/{criterion}`: its option, what shows it, and a new photograph or paper where one was
/// chosen. A paper is kept also where the mark is refused.
pub async fn fill(request: HttpRequest, body: web::Payload, path: PathParts<CriterionPath>) -> DeskAnswer {
    enter_with_file(&request, async |mut visit| {
        let CriterionPath { id, criterion: code } = path.get()?;
        let asked = code.clone();
        let look = visit.look("dossiers", move |work, _| {
            let filled = Filled::find(work, id)?;
            filled.criterion(&asked)?;
            Ok(filled.dossier)
        });
        let dossier = look.await?;
        let multipart = pace::parts(&request, body.into_inner());
        let mut fields = Fields::new();
        let received = receive(&visit, multipart, &mut fields).await;
        visit.typed = typed(&fields);
        let (evidence, reused) = (sent::ticked(&visit.typed, "evidence")?, sent::ticked(&visit.typed, "reuse")?);
        let mut form = Sent { id, code, evidence, reused };
        let taken = match received {
            Ok(arrived) => taken(&visit, &dossier, &mut form, arrived).await,
            Err(error) => Err(Problem(error)),
        };
        match taken {
            Ok(()) => Ok(see_other(&after_one(&form, visit.typed.value("then")))),
            Err(Problem(Error::Refused(refusal))) if is_told_beside_a_file(refusal.kind) => {
                let refused = Refused {
                    verb: CHANGE.name().to_owned(),
                    typed: visit.typed.clone(),
                    meant: sent::as_sent(),
                    refusal: *refusal,
                };
                let Sent { id, code, evidence, reused } = form;
                let asked = Asked { id, code, ticked: Some(evidence), reused };
                shown(&visit, asked, Said { refused: Some(refused), ..Said::default() }).await
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

fn after_one(form: &Sent, then: Option<&str>) -> String {
    let all = format!("/desk/dossiers/{}/criteria", form.id);
    match then.filter(|then| !then.is_empty() && is_plain(then)) {
        Some("list") => format!("{all}?done=change#criterion-{}", form.code),
        Some(next) => format!("{all}/{next}"),
        None => format!("{all}/{}?done=change", form.code),
    }
}

/// What was sent for a criterion.
struct Sent {
    id: DossierId,
    code: String,
    /// What shows it, with what was added by this form.
    evidence: Vec<DocumentId>,
    /// What is to be used again and is not yet.
    reused: Vec<DocumentId>,
}

/// The file, where one was chosen, and the fields as far as they came.
async fn receive(visit: &DeskVisit, body: Multipart, fields: &mut Fields) -> Result<Option<Arrived>> {
    let (reader, keys) = (Reader::Account(visit.signed_in.account), &visit.caller.app.keys);
    let judge = |fields: &Fields| reader.must_have_sent(keys, fields.get(forgery::FIELD).map(String::as_str));
    let folder = Folder::of(&visit.caller.app.data_dir);
    receive_form(&folder, body, FileKind::DOCUMENTS, LARGEST, fields, judge).await
}

/// Takes the steps that the form orders: papers first, then the mark that rests on them.
async fn taken(visit: &DeskVisit, dossier: &Dossier, form: &mut Sent, arrived: Option<Arrived>) -> Result<(), Problem> {
    let typed = &visit.typed;
    let (id, product) = (dossier.row.id, dossier.row.product_id);
    let open = visit.look("dossiers", move |work: &mut Work, _| {
        let dossier = find::<Dossier>(work, &id)?;
        must_be_open(work.asker(), &dossier)
    });
    open.await?;
    if let Some(arrived) = arrived {
        form.evidence.push(sent::add(visit, product, &described(visit)?, arrived).await?);
    }
    while let Some(document) = form.reused.first().copied() {
        form.evidence.push(sent::reuse(visit, product, document).await?);
        form.reused.retain(|known| *known != document);
    }
    let option = typed.value("self_marks.0.option").unwrap_or_default().trim();
    let kept = visit.look("dossiers", move |work, _| Ok(Filled::find(work, id)?.marks)).await?;
    let remark = typed.value("remark").map(|remark| remark.trim().replace("\r\n", "\n"));
    let remark = remark.filter(|remark| !remark.is_empty());
    let (body, place) = if option.is_empty() {
        if !form.evidence.is_empty() || remark.is_some() {
            let texts = crate::base::say(
                Texts::of(crate::http::Language::Vietnamese).choose_first,
                Texts::of(crate::http::Language::English).choose_first,
            );
            return Err(Problem(Error::Refused(Box::new(sent::without_option(texts)))));
        }
        (sent::without(&kept, &form.code), usize::MAX)
    } else {
        let option = option.parse().map_err(|_| Error::unknown())?;
        let mark = Mark::new(&form.code, option).resting_on(form.evidence.iter().copied());
        sent::of_one(&kept, Mark { remark, ..mark })
    };
    match sent::change(visit, id, &body).await {
        Ok(_) => Ok(()),
        Err(Problem(Error::Refused(refusal))) => {
            Err(Problem(Error::Refused(Box::new(sent::seen_alone(*refusal, place)))))
        }
        Err(problem) => Err(problem),
    }
}

fn must_be_open(asker: Asker, dossier: &Dossier) -> Result<()> {
    CHANGE.is_open(asker, dossier)?;
    dossier.row.state.must_be_open_to_change()
}

/// What is said of a new paper, as the step reads it; what is no day is told beside its field.
fn described(visit: &DeskVisit) -> Result<Fields> {
    let given =
        |name: &'static str| Some((name, visit.typed.value(name)?.trim())).filter(|(_, value)| !value.is_empty());
    let texts = ["kind", "number", "issued_by"].into_iter().filter_map(given);
    let mut fields: Fields = texts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut faults = Vec::new();
    for (name, value) in ["issued_on", "valid_until"].into_iter().filter_map(given) {
        match day(value) {
            Some(day) => drop(fields.insert(name.to_owned(), day)),
            None => {
                let detail = say("Xin ghi ngày, ví dụ 22/02/2021.", "Please give a day, such as 22/02/2021.");
                faults.push(Fault::new(format!("/{name}"), "wrong_type", detail));
            }
        }
    }
    faults.into_result()?;
    Ok(fields)
}
