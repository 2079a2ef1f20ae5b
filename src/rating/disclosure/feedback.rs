//! `/agenda-items/{id}/feedback`: what a producer learns from a result: the mean of each criterion beside the own marks,
//! and what the next star would take. Nothing in it belongs to one member.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::AgendaItemId;
use crate::base::{Error, Mean, Points, Result, Stars};
use crate::criteria::{LeastOption, Mark, Set, mark};
use crate::cycle::Edition;
use crate::dossier;
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::agenda::Session;
use crate::rating::result::{Concluded, Outcome};
use crate::rating::sheet;
use crate::station::find;

/// What came out of each criterion, and how far the next star is.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Feedback {
    /// The exact mean, truncated to two decimals; null where a gate ended the evaluation.
    mean: Option<String>,
    /// What the producer gave itself, where it did and the asker may see it.
    self_total: Option<Points>,
    criteria: Vec<CriterionFeedback>,
    next_star: Option<NextStar>,
}

#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CriterionFeedback {
    criterion: String,
    title: String,
    title_en: String,
    max: Points,
    /// The members' mean, truncated to two decimals.
    #[schema(examples("2.33"))]
    mean: String,
    /// What could be gained here at most, rounded up.
    #[schema(examples("0.67"))]
    headroom: String,
    self_points: Option<Points>,
}

/// The next stars above those of the result.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextStar {
    stars: Stars,
    /// The mean at which it begins.
    from: Points,
    /// What the mean lacks, rounded up to two decimals so that it is enough; 0.00 where only least options or conditions lack.
    #[schema(examples("3.13"))]
    lacking: String,
    /// The least options that these stars and those below them need and that the sheets did not meet.
    unmet_options: Vec<LeastOption>,
}

/// The mean of each criterion over all sheets; a dependent criterion without a mark counts 0, so that the means add up to
/// the whole.
fn of_criteria(set: &Set, sheets: &[Vec<Mark>], own: Option<&[Mark]>) -> Result<Vec<CriterionFeedback>> {
    let count = i64::try_from(sheets.len()).map_err(Error::internal)?;
    let mut found = Vec::new();
    for criterion in set.criteria() {
        let given = sheets.iter().filter_map(|marks| set.points(marks, &criterion.code));
        let sum: i64 = given.map(|points| i64::from(points.get())).sum();
        let Some(mean) = Mean::new(sum, count) else { continue };
        found.push(CriterionFeedback {
            criterion: criterion.code.clone(),
            title: criterion.title.clone(),
            title_en: criterion.title_en.clone(),
            max: criterion.max,
            mean: mean.to_string(),
            headroom: mean.lacking(criterion.max).unwrap_or_else(|| "0.00".into()),
            self_points: own.and_then(|own| set.points(own, &criterion.code)),
        });
    }
    Ok(found)
}

/// The band of the stars above those that the result gave, or above those of the mean where it gave none.
fn next_star(edition: &Edition, mean: Mean, result: &Concluded) -> Result<Option<NextStar>> {
    let held_at = match (result.outcome, result.stars) {
        (Outcome::Rated, Some(stars)) => stars.get(),
        (Outcome::LeastOptionsUnmet, _) => edition.lowest_recognised().map_or(0, |lowest| lowest.get() - 1),
        _ => edition.stars(mean)?.get(),
    };
    let Some(band) = edition.bands.iter().find(|band| band.stars.get() > held_at) else { return Ok(None) };
    let mut unmet_options = result.unmet_options.0.clone();
    unmet_options.retain(|least| least.stars <= band.stars);
    let lacking = mean.lacking(band.from).unwrap_or_else(|| "0.00".into());
    Ok(Some(NextStar { stars: band.stars, from: band.from, lacking, unmet_options }))
}

/// What a concluded session tells the producer.
pub fn feedback(work: &mut Work, session: &Session) -> Result<Feedback> {
    let (set, case) = session.set(work)?;
    let sheets = sheet::store::submitted(work.connection, session.item.id, session.item.attempt)?;
    let scored: Vec<Vec<Mark>> =
        sheets.into_iter().filter(|sheet| sheet.gate.is_none()).map(|sheet| sheet.marks.0).collect();
    let sees_own = dossier::store::shows_self_marks(work.connection, &session.dossier, &work.actor)?;
    let own: Option<Vec<Mark>> = match &session.dossier.self_marks {
        Some(marks) if sees_own => Some(serde_json::from_value(marks.0.clone()).map_err(Error::internal)?),
        _ => None,
    };
    let total = |marks: &[Mark]| mark(&set, case, marks, None).map(|marked| marked.total).map_err(Error::faults);
    let totals = scored.iter().map(|marks| total(marks)).collect::<Result<Vec<Points>>>()?;
    let mean = Mean::of(&totals);
    Ok(Feedback {
        mean: mean.map(|mean| mean.to_string()),
        // Marks of an earlier version of the set may not fit the one that was scored with.
        self_total: own.as_deref().and_then(|own| total(own).ok()),
        criteria: of_criteria(&set, &scored, own.as_deref())?,
        next_star: match mean {
            Some(mean) => next_star(&session.edition, mean, session.result()?)?,
            None => None,
        },
    })
}

/// What a concluded product can learn from: the mean of each criterion, the own marks, what the next star takes.
#[utoipa::path(tag = "results", responses((status = 200, body = Feedback), Refusals))]
#[get("/agenda-items/{id}/feedback")]
pub async fn read(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let session = find::<Session>(work, &id.get()?)?;
            session.result()?;
            Ok(Answer::ok(feedback(work, &session)?)?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Moment;
    use crate::base::id::AccountId;
    use crate::cycle::EditionCode;
    use crate::db::types::Json;
    use proptest::prelude::*;

    #[test]
    fn the_next_star_lacks_just_enough() {
        let edition = EditionCode::Of2019.edition().unwrap();
        let concluded = |outcome, stars, sum, sheets| Concluded {
            agenda_item_id: AgendaItemId::new(),
            attempt: 1,
            outcome,
            stars: Stars::new(stars),
            sum,
            sheets,
            gate_criterion: None,
            gate_reason: None,
            unmet: Json(Vec::new()),
            unmet_options: Json(vec![LeastOption {
                criterion: "1.3".into(),
                option: 3,
                points: Points::new(3).unwrap(),
                stars: Stars::new(5).unwrap(),
            }]),
            concluded_by: AccountId::new(),
            concluded_at: Moment::real_now(),
        };
        let next = |outcome, stars, sum, sheets: i32| {
            let mean = Mean::new(i64::from(sum), i64::from(sheets)).unwrap();
            next_star(&edition, mean, &concluded(outcome, stars, sum, sheets)).unwrap()
        };
        let star = next(Outcome::BelowThreshold, 0, 399, 8).unwrap();
        assert_eq!((star.stars.get(), star.from.get(), star.lacking.as_str()), (3, 50, "0.13"));
        assert!(star.unmet_options.is_empty());
        assert_eq!(next(Outcome::Rated, 3, 400, 8).unwrap().lacking, "20.00");
        assert_eq!(next(Outcome::ProposedToCentre, 4, 90, 1), None);
        // Held back by a least option, whatever the points.
        let star = next(Outcome::Rated, 4, 95, 1).unwrap();
        assert_eq!((star.stars.get(), star.lacking.as_str(), star.unmet_options.len()), (5, "0.00", 1));
        assert_eq!(next(Outcome::LeastOptionsUnmet, 0, 75, 1).unwrap().stars.get(), 3);
    }

    proptest! {
        #[test]
        fn means_of_criteria_add_up_to_the_whole(picks in prop::collection::vec(any::<prop::sample::Index>(), 60), sheets in 1..9usize) {
            let set = crate::criteria::shipped::shipped().unwrap().into_iter().find(|set| set.code == "mat-ong").unwrap();
            let sheet: Vec<Mark> = set.criteria().zip(picks).map(|(criterion, pick)| {
                Mark::new(&criterion.code, u16::try_from(pick.index(criterion.options.len()) + 1).unwrap())
            }).collect();
            let sum: i64 = sheet.iter().map(|mark| i64::from(set.points(&sheet, &mark.criterion).unwrap().get())).sum();
            let found = of_criteria(&set, &vec![sheet; sheets], None).unwrap();
            let hundredths = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            prop_assert_eq!(found.iter().map(|criterion| hundredths(&criterion.mean)).sum::<i64>(), sum * 100);
            for criterion in found {
                prop_assert_eq!(hundredths(&criterion.mean) + hundredths(&criterion.headroom), i64::from(criterion.max.get()) * 100);
            }
        }
    }
}
