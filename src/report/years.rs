//! The figures of several years beside each other.

use crate::base::Day;
use crate::base::id::CycleId;
use crate::report::facts::Issued;
use crate::report::figures::ByStars;
use crate::report::rules::certified;

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
pub fn by_year(issued: &[Issued], cycles: &[(CycleId, i32)], today: Day) -> Vec<YearFigures> {
    let of = |cycle: CycleId| issued.iter().filter(move |issued| issued.cycle == cycle);
    let figures = |(cycle, year): &(CycleId, i32)| {
        let until = usual_day(*year, today);
        let by_stars = certified(of(*cycle).filter(|issued| issued.issued_on <= until));
        let later = certified(of(*cycle)).values().sum::<usize>().saturating_sub(by_stars.values().sum());
        YearFigures { year: *year, by_stars, later }
    };
    cycles.iter().map(figures).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::ProductId;
    use crate::base::{Level, Stars};
    use crate::decision::rules::Term;

    #[test]
    fn a_year_counts_what_its_report_counts_and_says_what_came_later() {
        let (cycle, next) = (CycleId::new(), CycleId::new());
        let of = |cycle, stars, on: &str| Issued {
            product: ProductId::new(),
            cycle,
            round: 1,
            stars: Stars::new(stars).unwrap(),
            issued_on: on.parse().unwrap(),
            issuer: Level::Province,
            number: format!("42-{on}"),
            term: Term {
                valid_until: on.parse::<Day>().unwrap().plus_months(36).unwrap(),
                extended_until: None,
                revoked_on: None,
            },
        };
        let first = of(cycle, 3, "2020-06-01");
        let twice = Issued { product: first.product, ..of(cycle, 4, "2020-12-31") };
        let all = [first, twice, of(cycle, 3, "2020-12-31"), of(cycle, 5, "2021-01-15"), of(next, 3, "2021-02-01")];
        let told = by_year(&all, &[(next, 2021), (cycle, 2020)], "2021-03-01".parse().unwrap());
        let figures = |year, by_stars: &[(&str, usize)], later| YearFigures {
            year,
            by_stars: by_stars.iter().map(|(stars, count)| ((*stars).to_owned(), *count)).collect(),
            later,
        };
        assert_eq!(told, [figures(2021, &[("3", 1)], 0), figures(2020, &[("3", 1), ("4", 1)], 1)]);
    }
}
