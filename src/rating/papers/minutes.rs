//! What the minutes of a council say, in the words in which they are printed.

use askama::Template;
use serde::Serialize;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::AgendaItemId;
use crate::base::{Day, Error, Result, say};
use crate::criteria::{LeastOption, LeastOptionsRule};
use crate::paper::together::Drawn;
use crate::paper::{Kind, Proof, Subject, words};
use crate::place;
use crate::rating::agenda::Session;
use crate::rating::council::{Council, CouncilRules, SeatKind};
use crate::rating::item::store::{Names, Rescore};
use crate::rating::item::{self, Item, State};
use crate::rating::result::Outcome;
use crate::rating::result::rules::{Tally, mean};
use crate::rating::sheet::{self, Sheet};

#[derive(Debug, Serialize)]
pub struct Minutes {
    pub unit: String,
    pub level: &'static str,
    pub decision_number: String,
    pub round: i32,
    pub year: i32,
    pub acts: String,
    /// From the first conclusion to the last.
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub max_spread: i32,
    pub quorum: String,
    pub least_sheets: u16,
    /// How least options are judged; none where the edition has none. What came later is left out while it is empty: papers that
    /// were printed before keep their digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_options: Option<&'static str>,
    pub seats: Vec<Chair>,
    pub items: Vec<MinutesItem>,
    /// Products on the agenda that are not concluded yet.
    pub unfinished: usize,
    pub counts: Vec<(&'static str, usize)>,
}

/// A seat as it is printed.
#[derive(Debug, Serialize)]
pub struct Chair {
    pub name: String,
    pub seat: &'static str,
    pub scores: bool,
    /// Whom the seat speaks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// A product on the agenda.
#[derive(Debug, Serialize)]
pub struct MinutesItem {
    pub position: i32,
    pub product: String,
    pub code: String,
    pub producer: String,
    pub criteria_set: Option<String>,
    pub recused: Vec<(String, String)>,
    /// Seats that should have scored and handed in no sheet, and why where it was recorded.
    pub absent: Vec<(String, Option<String>)>,
    /// Who presided over this product.
    pub presided: Option<String>,
    pub attempts: Vec<Attempt>,
    /// The least options that the sheets did not meet: criterion, points, stars.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet_options: Vec<LeastOption>,
    pub outcome: &'static str,
    pub stars: Option<i32>,
    pub mean: Option<String>,
    pub sum: Option<i32>,
    pub sheets: Option<i32>,
    pub gate_criterion: Option<String>,
    pub gate_reasons: Vec<String>,
    pub note: Option<String>,
    pub concluded_on: Option<Day>,
}

/// One time that the council scored a product.
#[derive(Debug, Serialize)]
pub struct Attempt {
    pub number: i32,
    pub sheets: usize,
    pub needed: usize,
    /// None where no sheet was scored through.
    pub spread: Option<i32>,
    pub mean: Option<String>,
    pub gated: usize,
    /// Until when opinions were given in writing; none where the council met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_until: Option<Day>,
    /// Why the council scored again after it.
    pub scored_again: Option<Again>,
}

#[derive(Debug, Serialize)]
pub struct Again {
    pub reason: String,
    pub votes_for: Option<i32>,
    pub votes_against: Option<i32>,
    pub on: Day,
}

#[derive(Template)]
#[template(path = "papers/minutes.html", blocks = ["content"])]
struct MinutesPage {
    paper: Minutes,
    proof: Proof,
}

impl MinutesPage {
    fn seat(&self, kind: &str) -> String {
        self.paper.seats.iter().find(|seat| seat.seat == kind).map_or_else(String::new, |seat| seat.name.clone())
    }
}

pub fn render(paper: Minutes, proof: Proof) -> Result<String> {
    MinutesPage { paper, proof }.render().map_err(Error::internal)
}

/// The same for a print of several papers.
pub fn draw(paper: Minutes, proof: Proof) -> Result<Drawn> {
    let page = MinutesPage { paper, proof };
    let content = page.as_content().render().map_err(Error::internal)?;
    Ok((page.proof, content))
}

pub fn seat_name(kind: SeatKind) -> &'static str {
    match kind {
        SeatKind::Chair => "Chủ tịch",
        SeatKind::ViceChair => "Phó Chủ tịch",
        SeatKind::Member => "Ủy viên",
        SeatKind::Secretary => "Thư ký",
    }
}

pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Disqualified => "Bị loại",
        Outcome::Stopped => "Dừng đánh giá",
        Outcome::BelowThreshold => "Chưa đạt",
        Outcome::LeastOptionsUnmet => "Chưa đạt phương án tối thiểu của hạng 3 sao",
        Outcome::Forwarded => "Đủ điều kiện, chuyển hội đồng cấp trên",
        Outcome::Rated => "Đạt, đề nghị công nhận",
        Outcome::ProposedToCentre => "Đề nghị Trung ương đánh giá",
    }
}

fn least_options_name(rule: LeastOptionsRule) -> &'static str {
    match rule {
        LeastOptionsRule::Mean => "điểm trung bình của tiêu chí không thấp hơn điểm của phương án đó",
        LeastOptionsRule::Majority => "quá nửa số phiếu cho từ điểm của phương án đó trở lên",
        LeastOptionsRule::All => "mọi phiếu đều cho từ điểm của phương án đó trở lên",
    }
}

/// What the minutes show: every item that is concluded or deferred, and of the others no more than how many there are. The
/// sessions are those of the council, in the order of its agenda.
pub fn of(work: &mut Work, council: &Council, sessions: &[Session]) -> Result<(Subject, Minutes)> {
    let ids: Vec<AgendaItemId> = sessions.iter().map(|session| session.item.id).collect();
    let mut names = item::store::names(work.connection, &ids)?;
    let mut rescores = item::store::rescores(work.connection, &ids)?;
    let over: Vec<AgendaItemId> =
        sessions.iter().filter_map(|session| Some(session.concluded.as_ref()?.agenda_item_id)).collect();
    let mut sheets = sheet::store::counting(work.connection, &over)?;
    let (mut entries, mut unfinished, mut counts) = (Vec::new(), 0, Vec::<(&'static str, usize)>::new());
    for session in sessions {
        let id = session.item.id;
        let named = names.remove(&id).ok_or_else(|| Error::internal("an agenda item without a product"))?;
        let entry = match session.item.state {
            State::Concluded => {
                let again = rescores.remove(&id).unwrap_or_default();
                concluded(session, named, &again, |attempt| sheets.remove(&(id, attempt)).unwrap_or_default())?
            }
            State::Deferred => deferred(&session.item, named),
            State::Waiting | State::Scoring | State::Scored => {
                unfinished += 1;
                continue;
            }
        };
        match counts.iter_mut().find(|(outcome, _)| *outcome == entry.outcome) {
            Some((_, count)) => *count += 1,
            None => counts.push((entry.outcome, 1)),
        }
        entries.push(entry);
    }
    if entries.is_empty() {
        return Err(Error::refused(
            crate::base::Kind::Unknown,
            "not_concluded",
            say("Hội đồng chưa kết luận sản phẩm nào.", "The council has not concluded any product."),
        ));
    }
    let until = entries.iter().filter_map(|entry| entry.concluded_on).max();
    let subject = Subject {
        kind: Kind::Minutes,
        resource: Resource::Council,
        id: council.row.id.any(),
        version: council.row.version,
        unit: council.row.unit_code.clone(),
        number: Some(council.row.decision_number.clone()),
        dated: until,
    };
    let day = until.unwrap_or_else(|| council.row.created_at.day());
    let edition = council.cycle.edition.edition()?;
    let minutes = Minutes {
        unit: place::store::name(work.connection, &council.row.unit_code, day)?,
        level: words::level(&council.row.unit_code),
        decision_number: council.row.decision_number.clone(),
        round: council.row.round,
        year: council.cycle.year,
        acts: edition.act,
        from: entries.iter().filter_map(|entry| entry.concluded_on).min(),
        until,
        max_spread: council.row.rules.0.max_spread.get(),
        quorum: council.row.rules.0.quorum.to_string(),
        least_sheets: council.row.rules.0.least_sheets,
        least_options: edition.least_options.then(|| least_options_name(council.row.rules.0.least_options)),
        seats: council
            .seats
            .iter()
            .map(|seat| Chair {
                name: seat.name.clone(),
                seat: seat_name(seat.kind),
                scores: seat.scores,
                organisation: seat.organisation.map(|organisation| organisation.name().vi.into_owned()),
            })
            .collect(),
        items: entries,
        unfinished,
        counts,
    };
    Ok((subject, minutes))
}

fn deferred(item: &Item, named: Names) -> MinutesItem {
    MinutesItem {
        position: item.position,
        product: named.product_name,
        code: named.product_code,
        producer: named.producer_name,
        criteria_set: named.criteria_set_title,
        recused: Vec::new(),
        absent: Vec::new(),
        presided: None,
        attempts: Vec::new(),
        unmet_options: Vec::new(),
        outcome: "Chuyển sang đợt sau",
        stars: None,
        mean: None,
        sum: None,
        sheets: None,
        gate_criterion: None,
        gate_reasons: Vec::new(),
        note: item.note.clone(),
        concluded_on: None,
    }
}

fn concluded(
    session: &Session,
    named: Names,
    rescores: &[Rescore],
    sheets_of: impl FnMut(i32) -> Vec<Sheet>,
) -> Result<MinutesItem> {
    let result = session.concluded.as_ref().ok_or_else(|| Error::internal("a concluded item without a result"))?;
    let name_of = |account| session.seat(account).map_or_else(String::new, |seat| seat.name.clone());
    let reason_of = |account| {
        session.absences.iter().find(|absence| absence.account_id == account).map(|absence| absence.reason.clone())
    };
    let seats = session.scoring_seats().count();
    let sheets: Vec<Vec<Sheet>> = (1..=result.attempt).map(sheets_of).collect();
    let has_handed_in = |account| sheets.last().into_iter().flatten().any(|sheet| sheet.account_id == account);
    let attempt = |(sheets, number): (&Vec<Sheet>, i32)| {
        let again = rescores.iter().find(|rescore| rescore.attempt == number + 1);
        let written_until = session.item.written_until.filter(|_| number == 1);
        Attempt { written_until, ..attempt(&session.council.rules.0, seats, number, sheets, again) }
    };
    let has_mean = !matches!(result.outcome, Outcome::Disqualified | Outcome::Stopped);
    Ok(MinutesItem {
        position: session.item.position,
        product: named.product_name,
        code: named.product_code,
        producer: named.producer_name,
        criteria_set: named.criteria_set_title,
        recused: session.recusals.iter().map(|recusal| (name_of(recusal.account_id), recusal.reason.clone())).collect(),
        absent: session
            .scoring_seats()
            .filter(|seat| !has_handed_in(seat.account))
            .map(|seat| (seat.name.clone(), reason_of(seat.account)))
            .collect(),
        presided: session.presiding().map(|seat| seat.name.clone()),
        attempts: sheets.iter().zip(1..).map(attempt).collect(),
        unmet_options: result.unmet_options.0.clone(),
        outcome: outcome_name(result.outcome),
        stars: result.stars.map(|stars| stars.get()),
        mean: mean(result.sum, result.sheets).filter(|_| has_mean).map(words::mean),
        sum: has_mean.then_some(result.sum),
        sheets: Some(result.sheets),
        gate_criterion: result.gate_criterion.clone(),
        gate_reasons: result.gate_reason.iter().flat_map(|reasons| reasons.lines()).map(str::to_owned).collect(),
        note: None,
        concluded_on: Some(result.concluded_at.day()),
    })
}

fn attempt(rules: &CouncilRules, seats: usize, number: i32, sheets: &[Sheet], again: Option<&Rescore>) -> Attempt {
    let votes: Vec<_> = sheets.iter().filter_map(Sheet::vote).collect();
    let tally = Tally::of(rules, seats, true, &votes);
    let totals: Vec<_> = sheets.iter().filter_map(|sheet| sheet.total).collect();
    Attempt {
        number,
        sheets: tally.sheets,
        needed: tally.needed,
        spread: (!totals.is_empty()).then_some(tally.spread),
        mean: crate::base::Mean::of(&totals).map(words::mean),
        gated: tally.rejected + tally.stopped,
        written_until: None,
        scored_again: again.map(|again| Again {
            reason: again.reason.clone(),
            votes_for: again.votes_for,
            votes_against: again.votes_against,
            on: again.at.day(),
        }),
    }
}
