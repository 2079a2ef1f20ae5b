//! How a cycle's figures follow from what happened: pure, so that every total and every unit's share are counted by the
//! same lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::id::ProductId;
use crate::base::{Day, Level, Mean, Result, Stars, UnitCode};
use crate::cycle::Edition;
use crate::inspection::rules::{InspectionResult, Kind};
use crate::plan::rules::FinanceSums;
use crate::rating::rules::Outcome;
use crate::report::facts::{Facts, Given, Inspected, Issued, Scored, Scoring, Supported};
use crate::report::figures::{
    ByStars, Cumulative, DistrictFigures, Figures, Ideas, InspectionFigures, Plans, Products, ProvinceFigures, Report,
    RewardFigures, RoundFigures, Stamps, SupportFigures, SupportSums, UnitFigures,
};
use crate::support::rules::sum;

/// The report of a cycle: its totals and the same by unit. `units` are listed also where nothing happened.
pub fn report(
    facts: Facts,
    edition: &Edition,
    year: i32,
    on: Day,
    rounds: &[i32],
    units: &[UnitCode],
) -> Result<Report> {
    let totals = figures(&facts, edition, on, rounds)?;
    let mut by_unit = facts.by_unit();
    for unit in units {
        by_unit.entry(unit.clone()).or_default();
    }
    let of_unit = |(unit_code, facts): (UnitCode, Facts)| {
        Ok(UnitFigures { unit_code, figures: figures(&facts, edition, on, rounds)? })
    };
    Ok(Report { year, on, figures: totals, by_unit: by_unit.into_iter().map(of_unit).collect::<Result<_>>()? })
}

fn figures(facts: &Facts, edition: &Edition, on: Day, rounds: &[i32]) -> Result<Figures> {
    let approved = || facts.approved.iter().map(|counted| &counted.fact);
    let in_cycle = certified(facts.issued.iter().map(|counted| &counted.fact));
    let latest = || facts.latest.iter().map(|counted| &counted.fact);
    Ok(Figures {
        ideas: Ideas {
            registered: distinct(facts.registered.iter().map(|counted| counted.fact)),
            selected: distinct(facts.selected.iter().map(|counted| counted.fact)),
            accepted: distinct(facts.accepted.iter().map(|counted| counted.fact)),
        },
        plans: Plans {
            approved: distinct(approved().map(|approved| approved.plan)),
            finance: FinanceSums::of(approved().flat_map(|approved| &approved.finance))?,
        },
        products: Products {
            scored: distinct(concluded(facts).map(|(scored, _)| scored.product)),
            forwarded: distinct(
                concluded(facts)
                    .filter(|(_, scoring)| scoring.outcome == Outcome::Forwarded)
                    .map(|(scored, _)| scored.product),
            ),
            certified: in_cycle.values().sum(),
            by_stars: in_cycle,
        },
        rounds: rounds.iter().map(|round| round_figures(facts, edition, *round)).collect::<Result<_>>()?,
        cumulative: Cumulative {
            certified: latest().count(),
            valid: latest().filter(|issued| issued.term.is_in_force(on)).count(),
            by_stars: by_stars(latest().map(|issued| issued.stars)),
        },
        stamps: Stamps {
            eligible: distinct(approved().map(|approved| approved.product)),
            with_stamps: distinct(approved().filter(|approved| approved.has_stamps).map(|approved| approved.product)),
        },
        shops: facts.shops.len(),
        inspections: inspected(facts.inspections.iter().map(|counted| &counted.fact)),
        support: supported(facts.support.iter().map(|counted| &counted.fact))?,
        rewards: rewarded(facts.rewards.iter().map(|counted| &counted.fact))?,
    })
}

fn inspected<'a>(inspections: impl Iterator<Item = &'a Inspected>) -> InspectionFigures {
    inspections.fold(InspectionFigures::default(), |sum, made| InspectionFigures {
        made: sum.made + 1,
        periodic: sum.periodic + usize::from(made.kind == Kind::Periodic),
        sudden: sum.sudden + usize::from(made.kind == Kind::Sudden),
        passed: sum.passed + usize::from(made.result == Some(InspectionResult::Passed)),
        failed: sum.failed + usize::from(made.result == Some(InspectionResult::Failed)),
        findings: sum.findings + made.broken,
        overdue: sum.overdue + usize::from(made.overdue),
    })
}

fn supported<'a>(claims: impl Iterator<Item = &'a Supported>) -> Result<SupportFigures> {
    let mut figures = SupportFigures::default();
    for claim in claims {
        for sums in [&mut figures.sums, figures.by_source.entry(claim.source.as_ref().to_owned()).or_default()] {
            *sums = SupportSums {
                claims: sums.claims + 1,
                claimed: sums.claimed.plus(claim.claimed)?,
                accepted: sums.accepted.plus(claim.accepted)?,
                decided: sums.decided.plus(claim.decided)?,
                paid: sums.paid.plus(claim.paid)?,
                taken_back: sums.taken_back.plus(claim.taken_back)?,
            };
        }
    }
    Ok(figures)
}

fn rewarded<'a>(given: impl Iterator<Item = &'a Given> + Clone) -> Result<RewardFigures> {
    let paid = given.clone().filter(|given| given.is_paid);
    Ok(RewardFigures {
        products: given.clone().count(),
        by_stars: by_stars(given.clone().map(|given| given.stars)),
        amount: sum(given.map(|given| given.amount))?,
        paid: sum(paid.map(|given| given.amount))?,
    })
}

fn round_figures(facts: &Facts, edition: &Edition, round: i32) -> Result<RoundFigures> {
    let here = || concluded(facts).filter(move |(scored, _)| scored.round == round);
    let at = |level: Level| here().filter(move |(scored, _)| scored.level == level);
    let mut forwarded = BTreeMap::new();
    for (scored, scoring) in at(Level::District).filter(|(_, scoring)| scoring.outcome == Outcome::Forwarded) {
        if let Some(mean) = Mean::new(i64::from(scoring.sum), i64::from(scoring.sheets)) {
            forwarded.insert(scored.product, edition.stars(mean)?);
        }
    }
    let certified = latest(facts.issued.iter().map(|counted| &counted.fact).filter(|issued| issued.round == round));
    let (by_districts, by_province): (Vec<&Issued>, Vec<&Issued>) =
        certified.into_iter().partition(|issued| issued.issuer == Level::District);
    let districts_certify = edition.stage(Level::District).is_some_and(|stage| !stage.recognises.is_empty());
    let admitted =
        facts.scored.iter().map(|counted| &counted.fact).filter(|scored| scored.round == round && scored.admitted);
    Ok(RoundFigures {
        round,
        district: DistrictFigures {
            scored: distinct(at(Level::District).map(|(scored, _)| scored.product)),
            forwarded: forwarded.len(),
            by_stars: by_stars(forwarded.values().copied()),
            certified: districts_certify.then_some(by_districts.len()),
        },
        province: ProvinceFigures {
            admitted: distinct(admitted.map(|scored| scored.product)),
            scored: distinct(at(Level::Province).map(|(scored, _)| scored.product)),
            certified: by_province.len(),
            by_stars: by_stars(by_province.iter().map(|issued| issued.stars)),
        },
    })
}

/// Certified products, each once at the latest of these certificates, by their stars.
pub(super) fn certified<'a>(issued: impl Iterator<Item = &'a Issued>) -> ByStars {
    by_stars(latest(issued).iter().map(|issued| issued.stars))
}

fn concluded(facts: &Facts) -> impl Iterator<Item = (&Scored, &Scoring)> {
    facts.scored.iter().filter_map(|counted| Some((&counted.fact, counted.fact.result.as_ref()?)))
}

/// Each product's latest certificate of those given.
fn latest<'a>(issued: impl Iterator<Item = &'a Issued>) -> Vec<&'a Issued> {
    let mut by_product: BTreeMap<ProductId, &Issued> = BTreeMap::new();
    for certificate in issued {
        let known = by_product.entry(certificate.product).or_insert(certificate);
        if (known.issued_on, &known.number) < (certificate.issued_on, &certificate.number) {
            *known = certificate;
        }
    }
    by_product.into_values().collect()
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    values.collect::<BTreeSet<T>>().len()
}

fn by_stars(stars: impl Iterator<Item = Stars>) -> ByStars {
    let mut counts = ByStars::new();
    for stars in stars {
        *counts.entry(stars.get().to_string()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::CycleId;
    use crate::cycle::EditionCode;
    use crate::decision::rules::Term;
    use crate::report::facts::{Counted, Spot};

    fn spot() -> Spot {
        Spot { commune: "18196".parse().unwrap(), district: Some("439".parse().unwrap()) }
    }

    fn issued(product: ProductId, stars: i32, on: &str) -> Counted<Issued> {
        let issued_on: Day = on.parse().unwrap();
        Counted {
            spot: spot(),
            fact: Issued {
                product,
                cycle: CycleId::new(),
                round: 1,
                stars: Stars::new(stars).unwrap(),
                issued_on,
                issuer: Level::Province,
                number: format!("42-{on}"),
                term: Term { valid_until: issued_on.plus_months(36).unwrap(), extended_until: None, revoked_on: None },
            },
        }
    }

    fn totals(facts: Facts, on: &str) -> Figures {
        let edition = EditionCode::Of2019.edition().unwrap();
        report(facts, &edition, 2020, on.parse().unwrap(), &[1], &[]).unwrap().figures
    }

    #[test]
    fn a_product_that_a_cycle_certified_twice_counts_once_at_the_later_certificate() {
        let product = ProductId::new();
        let issued = vec![
            issued(product, 3, "2020-06-30"),
            issued(product, 4, "2020-12-31"),
            issued(ProductId::new(), 3, "2020-12-31"),
        ];
        let products = totals(Facts { issued, ..Facts::default() }, "2020-12-31").products;
        assert_eq!((products.certified, products.by_stars), (2, ByStars::from([("3".into(), 1), ("4".into(), 1)])));
    }

    #[test]
    fn recognised_so_far_and_still_valid_are_two_counts() {
        let latest = vec![issued(ProductId::new(), 3, "2019-12-31")];
        let facts = Facts { latest, ..Facts::default() };
        assert_eq!(totals(facts.clone(), "2022-12-31").cumulative.valid, 1);
        let after = totals(facts, "2023-01-01").cumulative;
        assert_eq!((after.certified, after.valid), (1, 0));
    }

    #[test]
    fn units_are_the_districts_or_the_communes_without_one_and_sum_to_the_totals() {
        let mut merged = issued(ProductId::new(), 4, "2025-08-01");
        merged.spot.district = None;
        let latest = vec![issued(ProductId::new(), 3, "2024-03-01"), merged];
        let edition = EditionCode::Of2025.edition().unwrap();
        let facts = Facts { latest, ..Facts::default() };
        let quiet: UnitCode = "440".parse().unwrap();
        let report = report(facts, &edition, 2025, "2025-12-31".parse().unwrap(), &[1], &[quiet]).unwrap();
        let certified = |unit: &UnitFigures| (unit.unit_code.to_string(), unit.figures.cumulative.by_stars.clone());
        let told: Vec<_> = report.by_unit.iter().map(certified).collect();
        let of = |stars: &str| ByStars::from([(stars.to_owned(), 1)]);
        assert_eq!(told, [("18196".into(), of("4")), ("439".into(), of("3")), ("440".into(), ByStars::new())]);
        assert_eq!(report.figures.cumulative.certified, 2);
    }

    #[test]
    fn forwarded_products_are_counted_by_the_exact_band_of_their_mean() {
        let scored = |sum, sheets, outcome| Counted {
            spot: spot(),
            fact: Scored {
                product: ProductId::new(),
                round: 1,
                level: Level::District,
                admitted: false,
                result: Some(Scoring { outcome, sum, sheets }),
            },
        };
        let facts = Facts {
            scored: vec![
                scored(139, 2, Outcome::Forwarded),
                scored(140, 2, Outcome::Forwarded),
                scored(399, 8, Outcome::BelowThreshold),
            ],
            ..Facts::default()
        };
        let round = totals(facts, "2020-12-31").rounds.remove(0);
        assert_eq!((round.district.scored, round.district.forwarded), (3, 2));
        assert_eq!(round.district.by_stars, ByStars::from([("3".into(), 1), ("4".into(), 1)]));
    }
}
