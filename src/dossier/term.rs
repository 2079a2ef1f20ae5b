//! Until when dossiers are rated (26/2026/QĐ-TTg, articles 7.6 g and 12.2), and what is said of it.

use std::collections::BTreeMap;

use crate::base::id::{DossierId, ProductId};
use crate::base::{Day, Error, Moment, Result, say};
use crate::cycle::transition::HandIn;
use crate::cycle::{DossierKind, Edition, EditionCode, RatingTerm};
use crate::db::AnyConnection;
use crate::dossier::rules::State;
use crate::dossier::store::{self, DossierRow};
use crate::station::Warning;

/// The terms of those of these dossiers whose edition a newer act has followed. Asks nothing while there are none.
pub fn terms(
    connection: &mut AnyConnection,
    dossiers: &[(&DossierRow, EditionCode)],
    today: Day,
) -> Result<BTreeMap<DossierId, RatingTerm>> {
    let mut followed = Vec::new();
    for (row, edition) in dossiers {
        if edition.successor(today)?.is_some() {
            followed.push((*row, *edition));
        }
    }
    if followed.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<DossierId> = followed.iter().map(|(row, _)| row.id).collect();
    let products: Vec<ProductId> = followed.iter().map(|(row, _)| row.product_id).collect();
    let submissions = store::submissions(connection, &ids)?;
    let certificates = store::latest_certificates(connection, &products)?;
    let mut terms = BTreeMap::new();
    for (row, edition) in followed {
        let hand_in = HandIn {
            on: submissions.get(&row.id).and_then(|all| all.first().copied()).or(row.submitted_at).map(Moment::day),
            kind: row.kind,
            latest: certificates.get(&row.product_id).copied(),
        };
        terms.extend(edition.rating_term(hand_in, today)?.map(|term| (row.id, term)));
    }
    Ok(terms)
}

/// 409 where a dossier may be rated no more under its edition.
pub fn must_run(term: Option<RatingTerm>, today: Day) -> Result<()> {
    let Some(term) = term.filter(|term| term.is_over(today)) else { return Ok(()) };
    let act = term.successor.edition()?.act;
    Err(Error::conflict(
        "rating_term_over",
        match term.last_day {
            Some(last_day) => say(
                format!(
                    "Hồ sơ nộp trước ngày {act} có hiệu lực phải được đánh giá xong trước hết ngày {last_day}; nay chuyển hồ sơ \
                     sang quy trình mới."
                ),
                format!(
                    "A dossier of before {act} had to be rated by {last_day}; carry it over to the procedure in force."
                ),
            ),
            None => say(
                format!("Hồ sơ chưa nộp khi {act} có hiệu lực: chuyển hồ sơ sang quy trình mới."),
                format!(
                    "The dossier was not handed in before {act} entered into force: carry it over to the procedure in force."
                ),
            ),
        },
    ))
}

/// 409 while a dossier goes on under its own edition.
pub fn must_be_over(term: Option<RatingTerm>, today: Day) -> Result<()> {
    match term {
        Some(term) if term.is_over(today) => Ok(()),
        _ => Err(Error::conflict(
            "rating_term_runs",
            say(
                "Hồ sơ vẫn được đánh giá theo quy trình của chu trình này.",
                "The dossier is still rated by the procedure of its own cycle.",
            ),
        )),
    }
}

/// The last day for a dossier's rating: by the act that followed its edition, or of a rating again, from the day on which
/// the commune sent it on.
pub fn rated_until(edition: &Edition, row: &DossierRow, term: Option<RatingTerm>) -> Option<Day> {
    if let Some(term) = term {
        return term.last_day;
    }
    let again = edition.again.filter(|_| row.kind == Some(DossierKind::Again))?;
    row.forwarded_at.filter(|_| row.state == State::Forwarded).map(|at| again.rated_until(at.day()))
}

/// What somebody who has to do with a dossier is to know of its term.
pub fn warning(edition: &Edition, row: &DossierRow, term: Option<RatingTerm>, today: Day) -> Result<Option<Warning>> {
    let Some(term) = term else {
        let over = rated_until(edition, row, None).filter(|until| *until < today);
        return Ok(over.map(|until| {
            let detail = say(
                format!("Quá hạn đánh giá, phân hạng lại: {until}."),
                format!("The rating again was due by {until}."),
            );
            Warning::new("rating_overdue", detail)
        }));
    };
    if let Err(error) = must_run(Some(term), today) {
        let detail = error.refusal().map(|refusal| refusal.detail.clone());
        return Ok(detail.map(|detail| Warning::new("rating_term_over", detail)));
    }
    let act = term.successor.edition()?.act;
    let warned = term.last_day.map(|last_day| {
        let detail = say(
            format!("Theo {act}, hồ sơ này phải được đánh giá, phân hạng xong trước hết ngày {last_day}."),
            format!("By {act}, this dossier must be rated by {last_day}."),
        );
        Warning::new("rating_term", detail)
    });
    Ok(warned)
}
