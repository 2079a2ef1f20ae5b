//! What is done with decisions, below HTTP: drafting over many products, and promulgation, which makes or ends
//! certificates.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::{Entry, Resource};
use crate::base::id::{AgendaItemId, CertificateId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Level, Message, Result, Stars, UnitCode, say, text};
use crate::db::settings::next_number;
use crate::decision::certificate_store::{self, Certificate, NewCertificate};
use crate::decision::content;
use crate::decision::rules::{self, Kind, Standing, State};
use crate::decision::store::{self, Decision, Draft, Item};
use crate::rating::rules::Outcome;
use crate::{cycle, dossier, product, rating};

/// A decision as it is drafted: agenda items for `recognise` and `centre_result`, certificates for `revoke`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    pub kind: Kind,
    pub unit_code: UnitCode,
    #[serde(default)]
    pub agenda_item_ids: Vec<AgendaItemId>,
    #[serde(default)]
    pub certificate_ids: Vec<CertificateId>,
    /// Why, which a revocation must say.
    #[serde(default)]
    pub reason: Option<String>,
    /// What the centre gave (`centre_result`).
    #[serde(default)]
    pub stars: Option<Stars>,
}

/// A result that a decision may be about.
struct Rated {
    outcome: Outcome,
    stars: Option<Stars>,
    /// The unit whose council it was.
    unit: UnitCode,
    /// The unit that recognises its stars.
    recogniser: Option<UnitCode>,
    concluded_on: Day,
    dossier: dossier::DossierRow,
}

impl Rated {
    fn is_for(&self, unit: &UnitCode) -> bool {
        self.recogniser.as_ref() == Some(unit)
    }
}

/// Drafts a decision. Every item must be fit for it; all that are not are named.
pub fn draft(work: &mut Work, form: DecisionForm) -> Result<Decision> {
    check_shape(&form)?;
    take_all(work, &form)?;
    let mut faults = Vec::new();
    let mut items = Vec::new();
    let mut products = BTreeSet::new();
    for (index, id) in form.agenda_item_ids.iter().enumerate() {
        let fault = match fit_to_decide(work, &form, *id)? {
            Ok(product) if products.insert(product) => None,
            Ok(_) => Some((
                "repeated_product",
                say("Sản phẩm có hai kết quả trong quyết định.", "The decision names two results of one product."),
            )),
            Err(unfit) => Some(unfit),
        };
        faults.extend(fault.map(|(code, detail)| Fault::new(format!("/agenda_item_ids/{index}"), code, detail)));
        items.push(Item {
            position: position(index)?,
            agenda_item_id: Some(*id),
            certificate_id: None,
            stars: form.stars,
        });
    }
    for (index, id) in form.certificate_ids.iter().enumerate() {
        if let Err((code, detail)) = fit_to_revoke(work, &form.unit_code, *id)? {
            faults.push(Fault::new(format!("/certificate_ids/{index}"), code, detail));
        }
        items.push(Item { position: position(index)?, agenda_item_id: None, certificate_id: Some(*id), stars: None });
    }
    faults.into_result()?;
    let draft = Draft { kind: form.kind, unit: form.unit_code, reason: form.reason, items };
    let id = store::insert(work.connection, draft, work.actor.id, work.now)?;
    let decision = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let to = Some(decision.state.as_ref());
    content::record_decision(
        work,
        Entry {
            resource: Resource::Decision,
            id,
            version: 1,
            account: None,
            verb: "create",
            from: None,
            to,
            note: None,
        },
    )?;
    Ok(decision)
}

/// Takes the rows of everything that the draft names, in one order: of two drafts at once the later sees the first.
fn take_all(work: &mut Work, form: &DecisionForm) -> Result<()> {
    for id in form.agenda_item_ids.iter().copied().collect::<BTreeSet<_>>() {
        rating::agenda::store::take(work.connection, id)?;
    }
    for id in form.certificate_ids.iter().copied().collect::<BTreeSet<_>>() {
        certificate_store::take(work.connection, id)?;
    }
    Ok(())
}

fn position(index: usize) -> Result<i32> {
    i32::try_from(index + 1).map_err(Error::internal)
}

/// The form says what its kind needs, and nothing else.
fn check_shape(form: &DecisionForm) -> Result<()> {
    let mut faults = Vec::new();
    let revokes = form.kind == Kind::Revoke;
    let mut ids: Vec<String> = form.agenda_item_ids.iter().map(ToString::to_string).collect();
    ids.extend(form.certificate_ids.iter().map(ToString::to_string));
    let named = ids.len();
    ids.sort_unstable();
    ids.dedup();
    let (wanted, unwanted) = if revokes {
        ("/certificate_ids", ("/agenda_item_ids", !form.agenda_item_ids.is_empty()))
    } else {
        ("/agenda_item_ids", ("/certificate_ids", !form.certificate_ids.is_empty()))
    };
    if unwanted.1 {
        faults.push(Fault::new(
            unwanted.0,
            "not_allowed",
            say("Loại quyết định này không dùng mục này.", "This kind of decision does not take this."),
        ));
    }
    if named == 0 {
        faults.push(Fault::new(
            wanted,
            "required",
            say("Quyết định chưa nêu sản phẩm nào.", "The decision names no product."),
        ));
    }
    if ids.len() != named {
        faults.push(Fault::new(wanted, "repeated", say("Có mục bị lặp.", "Something is named twice.")));
    }
    if named > 1000 {
        faults.push(Fault::new(wanted, "too_many", say("Tối đa 1000 mục.", "At most 1000 items.")));
    }
    match &form.reason {
        Some(reason) => text::check(reason, "/reason", 2000, &mut faults),
        None if revokes => {
            faults.push(Fault::new("/reason", "required", say("Thu hồi phải nêu lý do.", "A revocation must say why.")))
        }
        None => {}
    }
    if form.stars.is_some() != (form.kind == Kind::CentreResult) {
        let text = say(
            "Chỉ và luôn kết quả của Trung ương ghi số sao.",
            "The centre's result, and only that, names its stars.",
        );
        faults.push(Fault::new("/stars", if form.stars.is_some() { "not_allowed" } else { "required" }, text));
    }
    faults.into_result()
}

/// What is fit, or why it is not.
type Fitness<T = ()> = std::result::Result<T, (&'static str, Message)>;

/// Whether a result is fit for the decision, and of which product it is.
fn fit_to_decide(work: &mut Work, form: &DecisionForm, id: AgendaItemId) -> Result<Fitness<ProductId>> {
    let Some(rated) = rated(work, id)?.filter(|rated| rated.unit == form.unit_code || rated.is_for(&form.unit_code))
    else {
        return Ok(Err((
            "unknown_agenda_item",
            say("Không có kết quả này của đơn vị.", "The unit has no such result."),
        )));
    };
    if form.kind == Kind::Recognise && rated.stars.is_some() && !rated.is_for(&form.unit_code) {
        return Ok(Err((
            "another_recognises",
            say(
                "Hạng sao này do đơn vị khác công nhận theo quy trình của năm.",
                "By the year's procedure another unit recognises these stars.",
            ),
        )));
    }
    let fits = match form.kind {
        Kind::Recognise => matches!(rated.outcome, Outcome::Rated | Outcome::ProposedToCentre) && rated.stars.is_some(),
        Kind::CentreResult => rated.outcome == Outcome::ProposedToCentre,
        Kind::Revoke => false,
    };
    if !fits {
        return Ok(Err((
            "unfit_outcome",
            say("Kết quả này không thuộc loại quyết định.", "This result is not one for this kind of decision."),
        )));
    }
    if let Some(against) = against(work, form.kind, id)? {
        return Ok(Err(against));
    }
    let lowest = cycle_of(work, &rated.dossier)?.edition.edition()?.lowest_recognised();
    if form.stars.is_some_and(|stars| lowest.is_some_and(|lowest| stars < lowest)) {
        return Ok(Err((
            "too_few_stars",
            say("Không cấp giấy chứng nhận cho hạng sao này.", "No certificate is given for so few stars."),
        )));
    }
    if store::is_decided(work.connection, form.kind, id)? {
        return Ok(Err((
            "already_decided",
            say("Kết quả này đã có trong một quyết định.", "Another decision is about this result already."),
        )));
    }
    Ok(Ok(rated.dossier.product_id))
}

/// What stands against deciding on a result today, which may have come between draft and signature: an appeal, or for the
/// centre's result that the product's certificate is not in force.
fn against(work: &mut Work, kind: Kind, id: AgendaItemId) -> Result<Option<(&'static str, Message)>> {
    if kind == Kind::CentreResult {
        let Some(certificate) = certificate_store::of_agenda_item(work.connection, id)? else {
            return Ok(Some((
                "not_recognised",
                say("Sản phẩm chưa được tỉnh công nhận.", "The province has not recognised the product yet."),
            )));
        };
        let standing = rules::standing(certificate.valid_until, certificate.revoked_on, work.now.day());
        if standing != Standing::Valid || certificate.superseded_by.is_some() {
            return Ok(Some((
                "certificate_ended",
                say(
                    "Giấy chứng nhận của sản phẩm không còn hiệu lực.",
                    "The product's certificate is no longer valid.",
                ),
            )));
        }
    }
    Ok(match rating::appeal::store::of_item(work.connection, id)? {
        Some(rating::appeal::State::Filed) => Some((
            "under_appeal",
            say("Kết quả đang được khiếu nại.", "An appeal against the result is not answered yet."),
        )),
        Some(rating::appeal::State::Upheld) => Some((
            "appeal_upheld",
            say(
                "Khiếu nại được chấp nhận: sản phẩm được đánh giá lại.",
                "The appeal was upheld: the product is to be rated again.",
            ),
        )),
        Some(rating::appeal::State::Dismissed) | None => None,
    })
}

fn fit_to_revoke(work: &mut Work, unit: &UnitCode, id: CertificateId) -> Result<Fitness> {
    let found = certificate_store::find(work.connection, id)?;
    let Some(certificate) = found.filter(|certificate| work.must_see(&certificate.home()).is_ok()) else {
        return Ok(Err(("unknown_certificate", say("Không có giấy chứng nhận này.", "There is no such certificate."))));
    };
    let issuer = store::find(work.connection, certificate.decision_id)?.map(|decision| decision.unit_code);
    if issuer.as_ref() != Some(unit) {
        return Ok(Err(("another_issuer", say("Giấy do đơn vị khác cấp.", "Another unit issued the certificate."))));
    }
    if rules::standing(certificate.valid_until, certificate.revoked_on, work.now.day()) == Standing::Revoked {
        return Ok(Err(("already_revoked", say("Giấy đã bị thu hồi.", "The certificate is revoked already."))));
    }
    if store::is_to_be_revoked(work.connection, id)? {
        return Ok(Err((
            "already_decided",
            say("Giấy đã có trong một dự thảo thu hồi.", "A draft names the certificate already."),
        )));
    }
    Ok(Ok(()))
}

/// What a council concluded of an item, where it did.
fn rated(work: &mut Work, id: AgendaItemId) -> Result<Option<Rated>> {
    let Some(concluded) = rating::concluded(work.connection, id)? else { return Ok(None) };
    let dossier = dossier::store::find(work.connection, concluded.dossier_id)?
        .ok_or_else(|| Error::internal("an agenda item without its dossier"))?;
    let edition = cycle_of(work, &dossier)?.edition.edition()?;
    let level = concluded.stars.and_then(|stars| edition.recogniser(concluded.unit_code.level(), stars));
    let recogniser = match level {
        Some(level) if level == concluded.unit_code.level() => Some(concluded.unit_code.clone()),
        Some(Level::District) => dossier.district_code.clone(),
        Some(Level::Commune | Level::Province) | None => None,
    };
    Ok(Some(Rated {
        outcome: concluded.outcome,
        stars: concluded.stars,
        recogniser,
        unit: concluded.unit_code,
        concluded_on: concluded.concluded_at.day(),
        dossier,
    }))
}

/// Number and day of a signature.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// As on the paper, `3955/QĐ-UBND`.
    pub number: String,
    pub signed_on: Day,
}

/// Takes a draft back; what it named is free for another.
pub fn withdraw(work: &mut Work, decision: &Decision, state: State, note: &str) -> Result<()> {
    store::withdraw(work.connection, decision.id)?;
    content::record_decision(
        work,
        Entry {
            resource: Resource::Decision,
            id: decision.id,
            version: decision.version + 1,
            account: None,
            verb: "withdraw",
            from: Some(decision.state.as_ref()),
            to: Some(state.as_ref()),
            note: Some(note),
        },
    )
}

/// Promulgates a draft: recognition makes certificates, a revocation ends them, the centre's result changes stars.
pub fn promulgate(work: &mut Work, decision: &Decision, signature: Signature) -> Result<()> {
    let mut faults = Vec::new();
    text::check_code(&signature.number, "/number", 100, &mut faults);
    if signature.signed_on > work.now.day() {
        faults.push(Fault::new("/signed_on", "in_future", say("Ngày ký ở tương lai.", "The day lies in the future.")));
    }
    faults.into_result()?;
    if store::number_taken(work.connection, &decision.unit_code, &signature.number)? {
        return Err(Error::conflict("number_taken", say("Số quyết định đã dùng.", "The number is taken.")));
    }
    store::promulgate(work.connection, decision.id, &signature.number, signature.signed_on, work.actor.id, work.now)?;
    let items = store::items(work.connection, decision.id)?;
    take_results(work, &items)?;
    take_products(work, &items)?;
    for item in items {
        match (decision.kind, item.agenda_item_id, item.certificate_id) {
            (Kind::Recognise, Some(id), _) => issue(work, decision, id, None, signature.signed_on)?,
            (Kind::CentreResult, Some(id), _) => issue(work, decision, id, item.stars, signature.signed_on)?,
            (Kind::Revoke, _, Some(id)) => revoke(work, decision, id, signature.signed_on)?,
            _ => return Err(Error::internal("a decision's item fits its kind no longer")),
        }
    }
    content::record_decision(
        work,
        Entry {
            resource: Resource::Decision,
            id: decision.id,
            version: decision.version + 1,
            account: None,
            verb: "promulgate",
            from: Some(decision.state.as_ref()),
            to: Some(State::Promulgated.as_ref()),
            note: Some(&signature.number),
        },
    )
}

/// Takes the rows of results and certificates, each in one order: an appeal or a revocation of the same moment comes before
/// or after.
fn take_results(work: &mut Work, items: &[Item]) -> Result<()> {
    for id in items.iter().filter_map(|item| item.agenda_item_id).collect::<BTreeSet<_>>() {
        rating::agenda::store::take(work.connection, id)?;
    }
    for id in items.iter().filter_map(|item| item.certificate_id).collect::<BTreeSet<_>>() {
        certificate_store::take(work.connection, id)?;
    }
    Ok(())
}

/// Takes the products' rows in one order, so that two decisions over the same product follow one another and it never has
/// two valid certificates.
fn take_products(work: &mut Work, items: &[Item]) -> Result<()> {
    let mut products = BTreeSet::new();
    for id in items.iter().filter_map(|item| item.agenda_item_id) {
        products.extend(rated(work, id)?.map(|rated| rated.dossier.product_id));
    }
    for product in products {
        product::store::take(work.connection, product)?;
    }
    Ok(())
}

fn cycle_of(work: &mut Work, dossier: &dossier::DossierRow) -> Result<cycle::Cycle> {
    cycle::store::find(work.connection, dossier.cycle_id)?.ok_or_else(|| Error::internal("a dossier without its cycle"))
}

/// Issues the certificate of a result; `centre` are the stars that the centre gave instead of the council's.
fn issue(
    work: &mut Work,
    decision: &Decision,
    item: AgendaItemId,
    centre: Option<Stars>,
    signed_on: Day,
) -> Result<()> {
    if let Some((code, detail)) = against(work, decision.kind, item)? {
        return Err(Error::conflict(code, detail));
    }
    let rated = rated(work, item)?.ok_or_else(|| Error::internal("a drafted result is gone"))?;
    if signed_on < rated.concluded_on {
        return Err(Error::invalid(
            "/signed_on",
            "before_conclusion",
            say("Ngày ký trước ngày hội đồng kết luận.", "The day lies before the council's conclusion."),
        ));
    }
    let stars = centre.or(rated.stars).ok_or_else(|| Error::internal("a result without stars"))?;
    let cycle = cycle_of(work, &rated.dossier)?;
    let earlier = earlier(work, rated.dossier.product_id, signed_on)?;
    let valid_until = signed_on
        .plus_months(cycle.edition.edition()?.certificate_months)
        .ok_or_else(|| Error::internal("a certificate beyond the calendar"))?;
    let year = signed_on.year();
    let running = next_number(work.connection, &format!("certificate:{}:{year}", decision.unit_code))?;
    let certificate = NewCertificate {
        number: rules::number(&decision.unit_code, year, running),
        home: rated.dossier.home(),
        product: rated.dossier.product_id,
        cycle: cycle.id,
        agenda_item: item,
        decision: decision.id,
        stars,
        issued_on: signed_on,
        valid_until,
    };
    let note = certificate.number.clone();
    let id = certificate_store::insert(work.connection, certificate, work.now)?;
    for old in earlier {
        certificate_store::supersede(work.connection, old.id, signed_on.plus_days(-1), id)?;
        let entry = Entry {
            resource: Resource::Certificate,
            id: old.id,
            version: old.version + 1,
            account: None,
            verb: "supersede",
            from: Some(Standing::Valid.as_ref()),
            to: Some(Standing::Expired.as_ref()),
            note: Some(&note),
        };
        content::record_certificate(work, entry)?;
    }
    let to = Some(Standing::Valid.as_ref());
    content::record_certificate(
        work,
        Entry {
            resource: Resource::Certificate,
            id,
            version: 1,
            account: None,
            verb: "issue",
            from: None,
            to,
            note: None,
        },
    )
}

/// The product's certificates that would still be valid on the day of a new one: they end the day before it. One that was
/// issued after that day stands against the new one, whose day is then wrong.
fn earlier(work: &mut Work, product: ProductId, signed_on: Day) -> Result<Vec<Certificate>> {
    let standing = |certificate: &Certificate| {
        rules::standing(certificate.valid_until, certificate.revoked_on, signed_on) == Standing::Valid
    };
    let mut earlier = certificate_store::of_product(work.connection, product)?;
    earlier.retain(standing);
    if earlier.iter().any(|certificate| certificate.issued_on > signed_on) {
        return Err(Error::invalid(
            "/signed_on",
            "before_earlier_certificate",
            say(
                "Ngày ký trước ngày cấp giấy chứng nhận hiện có của sản phẩm.",
                "The day lies before the issue of the certificate that the product has.",
            ),
        ));
    }
    Ok(earlier)
}

fn revoke(work: &mut Work, decision: &Decision, id: CertificateId, signed_on: Day) -> Result<()> {
    let certificate: Certificate = certificate_store::find(work.connection, id)?
        .ok_or_else(|| Error::internal("a drafted certificate is gone"))?;
    if signed_on < certificate.issued_on {
        return Err(Error::invalid(
            "/signed_on",
            "before_issue",
            say("Ngày ký trước ngày cấp giấy.", "The day lies before the certificate's issue."),
        ));
    }
    certificate_store::revoke(work.connection, id, signed_on, decision.id)?;
    content::record_certificate(
        work,
        Entry {
            resource: Resource::Certificate,
            id,
            version: certificate.version + 1,
            account: None,
            verb: "revoke",
            from: Some(Standing::Valid.as_ref()),
            to: Some(Standing::Revoked.as_ref()),
            note: decision.reason.as_deref(),
        },
    )
}
