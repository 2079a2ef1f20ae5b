//! How a cycle's figures follow from what happened: pure, so that every total and every unit's share are counted by the
//! same lines.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::{AgendaItemId, CycleId, IdeaId, PlanId, ProductId};
use crate::base::{Day, Level, Mean, Result, Stars, UnitCode};
use crate::cycle::Edition;
use crate::plan::rules::{Finance, FinanceSums};
use crate::rating::rules::Outcome;

/// Where a thing is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

impl Spot {
    /// The unit of `by_unit`: the district, or the commune where there is none.
    pub fn unit(&self) -> &UnitCode {
        self.district.as_ref().unwrap_or(&self.commune)
    }
}

/// A thing and where it is counted.
#[derive(Debug, Clone)]
pub struct At<T> {
    pub spot: Spot,
    pub fact: T,
}

/// What a council of the cycle had concluded of an item by the day, and whether the item was admitted.
#[derive(Debug, Clone)]
pub struct Scored {
    pub item: AgendaItemId,
    pub product: ProductId,
    pub round: i32,
    pub level: Level,
    pub admitted: bool,
    pub result: Option<Scoring>,
}

#[derive(Debug, Clone)]
pub struct Scoring {
    pub outcome: Outcome,
    pub sum: i32,
    pub sheets: i32,
}

/// A certificate issued by the day.
#[derive(Debug, Clone)]
pub struct Issued {
    pub product: ProductId,
    pub item: AgendaItemId,
    pub cycle: CycleId,
    pub in_cycle: bool,
    pub round: i32,
    pub stars: Stars,
    pub issued_on: Day,
    /// The level of the unit that issued it.
    pub issuer: Level,
    pub number: String,
    pub valid_until: Day,
    pub revoked_on: Option<Day>,
}

/// Everything that had happened by a day, as far as it counts for a cycle.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub registered: Vec<At<IdeaId>>,
    pub selected: Vec<At<IdeaId>>,
    pub accepted: Vec<At<IdeaId>>,
    /// Approved plans of the cycle with their products.
    pub approved: Vec<At<(PlanId, ProductId)>>,
    /// Money of the approved plans.
    pub finance: Vec<At<Finance>>,
    pub scored: Vec<At<Scored>>,
    /// Of all cycles.
    pub issued: Vec<At<Issued>>,
    /// Products with stamps that were issued.
    pub stamped: Vec<At<ProductId>>,
    pub shops: Vec<At<()>>,
}

impl Facts {
    /// The facts of one unit of `by_unit`.
    fn of(&self, unit: &UnitCode) -> Self {
        fn keep<T: Clone>(facts: &[At<T>], unit: &UnitCode) -> Vec<At<T>> {
            facts.iter().filter(|fact| fact.spot.unit() == unit).cloned().collect()
        }
        Self {
            registered: keep(&self.registered, unit),
            selected: keep(&self.selected, unit),
            accepted: keep(&self.accepted, unit),
            approved: keep(&self.approved, unit),
            finance: keep(&self.finance, unit),
            scored: keep(&self.scored, unit),
            issued: keep(&self.issued, unit),
            // Counted only with a plan of the unit; a product may have been moved since.
            stamped: self.stamped.clone(),
            shops: keep(&self.shops, unit),
        }
    }

    /// The facts that `covers` says may be known.
    pub fn retain(&mut self, covers: impl Fn(&Spot) -> bool) {
        fn keep<T>(facts: &mut Vec<At<T>>, covers: &impl Fn(&Spot) -> bool) {
            facts.retain(|fact| covers(&fact.spot));
        }
        keep(&mut self.registered, &covers);
        keep(&mut self.selected, &covers);
        keep(&mut self.accepted, &covers);
        keep(&mut self.approved, &covers);
        keep(&mut self.finance, &covers);
        keep(&mut self.scored, &covers);
        keep(&mut self.issued, &covers);
        keep(&mut self.shops, &covers);
    }
}

/// Products by their stars; only stars that occur are listed.
pub type ByStars = BTreeMap<String, usize>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    pub year: i32,
    /// The last day that counts.
    pub on: Day,
    #[serde(flatten)]
    pub figures: Figures,
    /// The same figures by district, or by commune where there is none; they sum to the totals.
    pub by_unit: Vec<UnitFigures>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitFigures {
    pub unit_code: UnitCode,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    pub ideas: Ideas,
    pub plans: Plans,
    pub products: Products,
    pub rounds: Vec<RoundFigures>,
    /// Over all cycles, each product at its latest certificate.
    pub cumulative: Cumulative,
    pub stamps: Stamps,
    /// Points of sale that are open.
    pub shops: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ideas {
    pub registered: usize,
    pub selected: usize,
    pub accepted: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plans {
    pub approved: usize,
    /// In VND, over all years of the plans.
    pub finance: FinanceSums,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Products {
    pub scored: usize,
    pub forwarded: usize,
    pub certified: usize,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoundFigures {
    pub round: i32,
    pub district: DistrictFigures,
    pub province: ProvinceFigures,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DistrictFigures {
    pub scored: usize,
    pub forwarded: usize,
    /// Forwarded products by the band of their mean.
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
    /// Certified by districts, where the edition lets them recognise stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProvinceFigures {
    pub admitted: usize,
    pub scored: usize,
    pub certified: usize,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cumulative {
    pub certified: usize,
    /// Of them still valid on the day.
    pub valid: usize,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stamps {
    /// Products with an approved plan in the cycle.
    pub eligible: usize,
    /// Of them with stamps that were issued.
    pub with_stamps: usize,
}

/// The report of a cycle: its totals and the same by unit. `units` are listed also where nothing happened.
pub fn report(
    facts: &Facts,
    edition: &Edition,
    year: i32,
    on: Day,
    rounds: &[i32],
    units: &[UnitCode],
) -> Result<Report> {
    let mut codes: BTreeSet<UnitCode> = units.iter().cloned().collect();
    codes.extend(facts.registered.iter().map(|fact| fact.spot.unit().clone()));
    codes.extend(facts.approved.iter().map(|fact| fact.spot.unit().clone()));
    codes.extend(facts.scored.iter().map(|fact| fact.spot.unit().clone()));
    codes.extend(facts.issued.iter().map(|fact| fact.spot.unit().clone()));
    codes.extend(facts.shops.iter().map(|fact| fact.spot.unit().clone()));
    // A product that was certified again after its commune was merged counts where its latest certificate does.
    let current = latest(facts.issued.iter().map(|at| &at.fact));
    let current: Current = current.into_iter().map(|issued| (issued.product, issued.number.as_str())).collect();
    let by_unit = codes.into_iter().map(|unit_code| {
        let figures = figures(&facts.of(&unit_code), edition, on, rounds, &current)?;
        Ok(UnitFigures { unit_code, figures })
    });
    let by_unit = by_unit.collect::<Result<_>>()?;
    Ok(Report { year, on, figures: figures(facts, edition, on, rounds, &current)?, by_unit })
}

/// The latest certificate of each product, by its number.
type Current<'a> = BTreeSet<(ProductId, &'a str)>;

fn figures(facts: &Facts, edition: &Edition, on: Day, rounds: &[i32], current: &Current) -> Result<Figures> {
    let eligible: BTreeSet<ProductId> = facts.approved.iter().map(|at| at.fact.1).collect();
    let stamped: BTreeSet<ProductId> = facts.stamped.iter().map(|at| at.fact).collect();
    let in_cycle = certified(facts.issued.iter().map(|at| &at.fact).filter(|issued| issued.in_cycle));
    let is_current = |issued: &&Issued| current.contains(&(issued.product, issued.number.as_str()));
    let ever: Vec<&Issued> = facts.issued.iter().map(|at| &at.fact).filter(is_current).collect();
    let valid = |issued: &&&Issued| issued.valid_until >= on && issued.revoked_on.is_none_or(|revoked| revoked > on);
    Ok(Figures {
        ideas: Ideas {
            registered: distinct(facts.registered.iter().map(|at| at.fact)),
            selected: distinct(facts.selected.iter().map(|at| at.fact)),
            accepted: distinct(facts.accepted.iter().map(|at| at.fact)),
        },
        plans: Plans {
            approved: distinct(facts.approved.iter().map(|at| at.fact.0)),
            finance: FinanceSums::of(facts.finance.iter().map(|at| &at.fact))?,
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
            certified: ever.len(),
            valid: ever.iter().filter(valid).count(),
            by_stars: by_stars(ever.iter().map(|issued| issued.stars)),
        },
        stamps: Stamps { eligible: eligible.len(), with_stamps: eligible.intersection(&stamped).count() },
        shops: facts.shops.len(),
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
    let certified =
        latest(facts.issued.iter().map(|at| &at.fact).filter(|issued| issued.in_cycle && issued.round == round));
    let (by_districts, by_province): (Vec<&Issued>, Vec<&Issued>) =
        certified.into_iter().partition(|issued| issued.issuer == Level::District);
    let districts_certify = edition.stage(Level::District).is_some_and(|stage| !stage.recognises.is_empty());
    let admitted = facts.scored.iter().map(|at| &at.fact).filter(|scored| scored.round == round && scored.admitted);
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

/// The last day that counts for a year unless another is asked for: its end once past, else today.
pub fn usual_day(year: i32, today: Day) -> Day {
    Day::end_of(year).unwrap_or(today).min(today)
}

/// What a cycle certified, as its report has it on the usual day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearFigures {
    pub year: i32,
    pub by_stars: ByStars,
    /// Products that it certified only after that day.
    pub later: usize,
}

/// Each cycle's certified products, of everything that was issued by today.
pub fn by_year(issued: &[At<Issued>], cycles: &[(CycleId, i32)], today: Day) -> Vec<YearFigures> {
    let of = |cycle: CycleId| issued.iter().map(|at| &at.fact).filter(move |issued| issued.cycle == cycle);
    let figures = |(cycle, year): &(CycleId, i32)| {
        let until = usual_day(*year, today);
        let by_stars = certified(of(*cycle).filter(|issued| issued.issued_on <= until));
        let later = certified(of(*cycle)).values().sum::<usize>().saturating_sub(by_stars.values().sum());
        YearFigures { year: *year, by_stars, later }
    };
    cycles.iter().map(figures).collect()
}

/// Certified products, each once at the latest of these certificates, by their stars.
fn certified<'a>(issued: impl Iterator<Item = &'a Issued>) -> ByStars {
    by_stars(latest(issued).iter().map(|issued| issued.stars))
}

fn concluded(facts: &Facts) -> impl Iterator<Item = (&Scored, &Scoring)> {
    facts.scored.iter().filter_map(|at| Some((&at.fact, at.fact.result.as_ref()?)))
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
    use crate::cycle::EditionCode;

    fn spot() -> Spot {
        Spot { commune: "18196".parse().unwrap(), district: Some("439".parse().unwrap()) }
    }

    fn issued(product: ProductId, stars: i32, on: &str, in_cycle: bool) -> At<Issued> {
        let issued_on: Day = on.parse().unwrap();
        At {
            spot: spot(),
            fact: Issued {
                product,
                item: AgendaItemId::new(),
                cycle: CycleId::new(),
                in_cycle,
                round: 1,
                stars: Stars::new(stars).unwrap(),
                issued_on,
                issuer: Level::Province,
                number: format!("42-{on}"),
                valid_until: issued_on.plus_months(36).unwrap(),
                revoked_on: None,
            },
        }
    }

    fn totals(facts: &Facts, on: &str) -> Figures {
        let edition = EditionCode::Of2019.edition().unwrap();
        report(facts, &edition, 2020, on.parse().unwrap(), &[1], &[]).unwrap().figures
    }

    #[test]
    fn a_product_counts_once_at_its_latest_certificate() {
        let product = ProductId::new();
        let issued = vec![
            issued(product, 3, "2019-12-31", false),
            issued(product, 4, "2020-12-31", true),
            issued(ProductId::new(), 3, "2020-12-31", true),
        ];
        let figures = totals(&Facts { issued, ..Facts::default() }, "2020-12-31");
        assert_eq!(figures.cumulative.certified, 2);
        assert_eq!(figures.cumulative.by_stars, ByStars::from([("3".into(), 1), ("4".into(), 1)]));
        assert_eq!(figures.products.certified, 2);
    }

    #[test]
    fn a_product_certified_again_elsewhere_counts_where_its_latest_certificate_does() {
        let product = ProductId::new();
        let mut again = issued(product, 4, "2025-08-01", true);
        again.spot = Spot { commune: "18196".parse().unwrap(), district: None };
        let issued = vec![issued(product, 3, "2024-03-01", false), again];
        let edition = EditionCode::Of2025.edition().unwrap();
        let facts = Facts { issued, ..Facts::default() };
        let report = report(&facts, &edition, 2025, "2025-12-31".parse().unwrap(), &[1], &[]).unwrap();
        let certified = |unit: &str| {
            let found = report.by_unit.iter().find(|figures| figures.unit_code.as_str() == unit).unwrap();
            (found.figures.cumulative.certified, found.figures.cumulative.by_stars.clone())
        };
        assert_eq!(certified("439"), (0, ByStars::new()));
        assert_eq!(certified("18196"), (1, ByStars::from([("4".into(), 1)])));
        assert_eq!(report.figures.cumulative.certified, 1);
    }

    #[test]
    fn recognised_so_far_and_still_valid_are_two_counts() {
        let issued = vec![issued(ProductId::new(), 3, "2019-12-31", false)];
        let facts = Facts { issued, ..Facts::default() };
        assert_eq!(totals(&facts, "2022-12-31").cumulative.valid, 1);
        let after = totals(&facts, "2023-01-01").cumulative;
        assert_eq!((after.certified, after.valid), (1, 0));
    }

    #[test]
    fn a_year_counts_what_its_report_counts_and_says_what_came_later() {
        let (cycle, next) = (CycleId::new(), CycleId::new());
        let of = |cycle, stars, on: &str| {
            let mut at = issued(ProductId::new(), stars, on, true);
            at.fact.cycle = cycle;
            at
        };
        let mut twice = of(cycle, 4, "2020-12-31");
        let first = of(cycle, 3, "2020-06-01");
        twice.fact.product = first.fact.product;
        let all = [first, twice, of(cycle, 3, "2020-12-31"), of(cycle, 5, "2021-01-15"), of(next, 3, "2021-02-01")];
        let told = by_year(&all, &[(next, 2021), (cycle, 2020)], "2021-03-01".parse().unwrap());
        let figures = |year, by_stars: &[(&str, usize)], later| YearFigures {
            year,
            by_stars: by_stars.iter().map(|(stars, count)| ((*stars).to_owned(), *count)).collect(),
            later,
        };
        assert_eq!(told, [figures(2021, &[("3", 1)], 0), figures(2020, &[("3", 1), ("4", 1)], 1)]);
    }

    #[test]
    fn forwarded_products_are_counted_by_the_exact_band_of_their_mean() {
        let scored = |sum, sheets, outcome| At {
            spot: spot(),
            fact: Scored {
                item: AgendaItemId::new(),
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
        let round = totals(&facts, "2020-12-31").rounds.remove(0);
        assert_eq!((round.district.scored, round.district.forwarded), (3, 2));
        assert_eq!(round.district.by_stars, ByStars::from([("3".into(), 1), ("4".into(), 1)]));
    }
}
