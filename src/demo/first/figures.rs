//! The figures of the province's own reports, notices and of the press, which the demo comes to.

use crate::base::id::{CertificateId, DossierId, ProductId};
use crate::demo::first::cast::Producer;
use crate::demo::stamps::Goods;
use crate::dossier::DossierRow;

/// What a year's ideas and plans come to.
pub struct Numbers {
    pub year: i32,
    pub ideas: usize,
    pub selected: usize,
    pub accepted: usize,
    pub plans: usize,
    /// Money of the plans by source, in million VND.
    pub own: i64,
    pub loan: i64,
    pub other: i64,
    pub state_support: i64,
}

/// Of 2019 no report gives plans; 88 products were eligible for stamps (report of October 2019).
pub const IN_2019: Numbers = Numbers {
    year: 2019,
    ideas: 112,
    selected: 100,
    accepted: 92,
    plans: 88,
    own: 214_600,
    loan: 51_300,
    other: 3_900,
    state_support: 58_700,
};

/// Report of 2020: 255 ideas, 152 plans, 630,087 million VND from four sources.
pub const IN_2020: Numbers = Numbers {
    year: 2020,
    ideas: 255,
    selected: 176,
    accepted: 160,
    plans: 152,
    own: 411_439,
    loan: 98_752,
    other: 6_510,
    state_support: 113_386,
};

/// What a round's products come to: how many stay below at the district, go up in each band, are deferred, and how many
/// of those that are scored by the province reach four stars.
pub struct Scores {
    pub number: i32,
    pub district_session: &'static str,
    pub province_session: &'static str,
    pub signed_on: &'static str,
    pub decision: &'static str,
    pub below: usize,
    pub forwarded_three: usize,
    pub forwarded_four: usize,
    pub deferred: usize,
    pub four_stars: usize,
}

pub const ROUNDS_2019: [Scores; 2] = [
    // Notice of December 2019: nine certified in round 1; the press: 17 scored.
    Scores {
        number: 1,
        district_session: "2019-05-20",
        province_session: "2019-06-24",
        signed_on: "2019-07-05",
        decision: "2012/QĐ-UBND",
        below: 8,
        forwarded_three: 8,
        forwarded_four: 1,
        deferred: 0,
        four_stars: 1,
    },
    // The same notice: 76 scored, 63 reached 50, 61 of them between 50 and 69 and two at 71.
    Scores {
        number: 2,
        district_session: "2019-11-12",
        province_session: "2019-12-09",
        signed_on: "2019-12-31",
        decision: "4321/QĐ-UBND",
        below: 13,
        forwarded_three: 61,
        forwarded_four: 2,
        deferred: 0,
        four_stars: 2,
    },
];

pub const ROUNDS_2020: [Scores; 2] = [
    Scores {
        number: 1,
        district_session: "2020-06-15",
        province_session: "2020-07-13",
        signed_on: "2020-08-05",
        decision: "2566/QĐ-UBND",
        below: 4,
        forwarded_three: 16,
        forwarded_four: 1,
        deferred: 0,
        four_stars: 1,
    },
    // The press: 82 sent up, 12 not admitted after a look on site, 70 scored.
    Scores {
        number: 2,
        district_session: "2020-10-19",
        province_session: "2020-12-07",
        signed_on: "2020-12-28",
        decision: "4588/QĐ-UBND",
        below: 18,
        forwarded_three: 79,
        forwarded_four: 3,
        deferred: 12,
        four_stars: 3,
    },
];

impl Scores {
    pub fn scored(&self) -> usize {
        self.below + self.forwarded_three + self.forwarded_four
    }
}

/// A product on its way through a year.
#[derive(Clone)]
pub struct Entrant {
    pub producer: Producer,
    pub product: ProductId,
    pub dossier: DossierId,
}

impl Entrant {
    pub fn of(producer: Producer, dossier: &DossierRow) -> Self {
        Self { producer, product: dossier.product_id, dossier: dossier.id }
    }

    pub fn goods(&self) -> Goods<'_> {
        Goods { producer: &self.producer.actor, product: self.product }
    }
}

/// What a year leaves behind.
pub struct Year {
    pub certified: Vec<(Entrant, CertificateId)>,
}
