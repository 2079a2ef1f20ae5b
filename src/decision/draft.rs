//! Drafting a decision over many products: every item must be fit for it, and all that are not are named.

use std::collections::BTreeSet;

use crate::account::Work;
use crate::base::id::DecisionId;
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::cycle::EditionCode;
use crate::decision::form::DecisionForm;
use crate::decision::rules::Kind;
use crate::decision::store::{self, Draft, Item};
use crate::decision::{certificate_store, fitness};
use crate::rating;

/// Drafts a decision. Every item must be fit for it; all that are not are named.
pub(super) fn draft(work: &mut Work, form: DecisionForm) -> Result<DecisionId> {
    let today = work.now.day();
    check_shape(&form, today)?;
    take_all(work, &form)?;
    let mut faults = Vec::new();
    let mut items = Vec::new();
    let mut products = BTreeSet::new();
    for (index, id) in form.agenda_item_ids.iter().enumerate() {
        let fault = match fitness::to_decide(work, &form, *id)? {
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
        if let Err((code, detail)) = fitness::to_revoke(work, form.kind, &form.unit_code, *id)? {
            faults.push(Fault::new(format!("/certificate_ids/{index}"), code, detail));
        }
        items.push(Item { position: position(index)?, agenda_item_id: None, certificate_id: Some(*id), stars: None });
    }
    faults.into_result()?;
    let DecisionForm { kind, unit_code: unit, reason, ground, rests_on, .. } = form;
    let draft = Draft { kind, unit, reason, ground, rests_on, items };
    store::insert(work.connection, draft, work.actor.id, work.now)
}

/// Takes the rows of everything that the draft names, in one order: of two drafts at once the later sees the first.
fn take_all(work: &mut Work, form: &DecisionForm) -> Result<()> {
    for id in form.agenda_item_ids.iter().copied().collect::<BTreeSet<_>>() {
        rating::item::store::take(work.connection, id)?;
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
fn check_shape(form: &DecisionForm, today: Day) -> Result<()> {
    let mut faults = Vec::new();
    let revokes = form.kind.revokes();
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
    if form.stars.is_some() && !matches!(form.kind, Kind::CentreResult | Kind::Recognise) {
        faults.push(not_taken("/stars"));
    }
    check_ground(form, today, &mut faults)?;
    faults.into_result()
}

fn not_taken(pointer: &'static str) -> Fault {
    let text = say("Loại quyết định này không dùng mục này.", "This kind of decision does not take this.");
    Fault::new(pointer, "not_allowed", text)
}

/// A revocation names a ground of the act in force, and its paper where the act demands them; nothing else does.
fn check_ground(form: &DecisionForm, today: Day, faults: &mut Vec<Fault>) -> Result<()> {
    let revocation = EditionCode::in_force_on(today)?.edition()?.revocation;
    if !form.kind.revokes() {
        faults.extend(form.ground.is_some().then(|| not_taken("/ground")));
        faults.extend(form.rests_on.is_some().then(|| not_taken("/rests_on")));
        return Ok(());
    }
    if form.kind == Kind::CentreRevoke && revocation.demanded.is_none() {
        faults.push(not_taken("/kind"));
    }
    match form.ground {
        Some(ground) if revocation.grounds.contains(&ground) => {}
        None if revocation.demanded.is_none() => {}
        Some(_) => {
            let text = say(
                "Văn bản đang có hiệu lực không nêu căn cứ thu hồi này.",
                "The act in force does not know this ground.",
            );
            faults.push(Fault::new("/ground", "not_allowed", text));
        }
        None => {
            let text = say(
                "Thu hồi phải nêu căn cứ theo văn bản đang có hiệu lực.",
                "A revocation names its ground by the act in force.",
            );
            faults.push(Fault::new("/ground", "required", text));
        }
    }
    match &form.rests_on {
        Some(paper) => {
            text::check_code(&paper.number, "/rests_on/number", 100, faults);
            text::check(&paper.authority, "/rests_on/authority", 300, faults);
            if paper.dated > today {
                let text = say("Ngày văn bản ở tương lai.", "The paper's day lies in the future.");
                faults.push(Fault::new("/rests_on/dated", "in_future", text));
            }
        }
        // The ministry's own decision has what it rests on.
        None if form.kind == Kind::CentreRevoke || revocation.demanded.is_none() => {}
        None => {
            let text = say(
                "Cần kết luận của cơ quan có thẩm quyền, hoặc xác nhận của xã về việc không còn sản xuất.",
                "The conclusion that it rests on is needed, or the commune's confirmation that production ended.",
            );
            faults.push(Fault::new("/rests_on", "required", text));
        }
    }
    Ok(())
}
