//! Cycles on the desk.

use serde_json::{Value, json};

use crate::account::Work;
use crate::base::Result;
use crate::cycle::Cycle;
use crate::cycle::steps::{CHANGE, CLOSE, CREATE, OPEN};
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::sources;
use crate::desk::words::{STATES, Wording, said};
use crate::page::words::day;
use crate::report::api::READERS;
use crate::report::figures::Figures;
use crate::station::{Label, label};
use crate::{place, report};

pub const EDITIONS: &[Wording] = &[
    ("1048-2019", label("QĐ 1048/QĐ-TTg (2019)", "Decision 1048 (2019)")),
    ("148-2023", label("QĐ 148/QĐ-TTg (2023)", "Decision 148 (2023)")),
    ("1489-2025", label("QĐ 1489/QĐ-TTg (2025)", "Decision 1489 (2025)")),
    ("26-2026", label("QĐ 26/2026/QĐ-TTg", "Decision 26 (2026)")),
];
const STAMPS: &[Wording] = &[
    ("plan_approved", label("Từ khi phương án được duyệt", "From the plan's approval on")),
    ("certified", label("Từ khi được chứng nhận", "From the certificate on")),
];

/// The acts that the service knows.
pub fn editions(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known = <crate::cycle::EditionCode as strum::IntoEnumIterator>::iter();
    let language = work.language;
    Ok(known
        .map(|code| Alternative::new(code.as_ref(), crate::desk::words::word(EDITIONS, code.as_ref(), language)))
        .collect())
}

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known: Vec<Wording> =
        STATES.iter().filter(|(value, _)| ["draft", "open", "closed"].contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

const ROUND: &[Input] = &[
    Input::new("number", label("Đợt", "Round"), Asks::Whole).required().incidental(),
    Input::new("district_deadline", label("Hạn cấp huyện", "District's deadline"), Asks::Day).required(),
    Input::new("province_deadline", label("Hạn cấp tỉnh", "Province's deadline"), Asks::Day).required(),
];

const FORM: &[Input] = &[
    Input::new("year", label("Năm", "Year"), Asks::Whole).required(),
    Input::new("edition", label("Theo quyết định", "Under which act"), Asks::From(editions))
        .hint(label("Để trống: quyết định đang có hiệu lực.", "Empty: the act in force.")),
    Input::new("idea_deadline", label("Hạn nộp ý tưởng", "Deadline of ideas"), Asks::Day).required(),
    Input::new("rounds", label("Các đợt đánh giá", "Rounds"), Asks::Rows(ROUND, 1)),
    Input::new(
        "targets.certified",
        label("Chỉ tiêu: sản phẩm được chứng nhận", "Target: products certified"),
        Asks::Whole,
    ),
    Input::new(
        "targets.four_stars_or_more",
        label("Chỉ tiêu: từ 4 sao trở lên", "Target: of four stars or more"),
        Asks::Whole,
    ),
    Input::new(
        "targets.organisations_strengthened",
        label("Chỉ tiêu: tổ chức được củng cố", "Target: organisations strengthened"),
        Asks::Whole,
    ),
    Input::new(
        "targets.organisations_new",
        label("Chỉ tiêu: tổ chức thành lập mới", "Target: new organisations"),
        Asks::Whole,
    ),
    Input::new("targets.shops", label("Chỉ tiêu: điểm bán hàng mới", "Target: new points of sale"), Asks::Whole),
    Input::new("stamps_from", label("Được đặt tem", "Stamps may be ordered"), Asks::OneOf(STAMPS)),
    Input::new("conditions", label("Điều kiện theo hạng sao", "Conditions per star"), Asks::Kept),
];

/// A new cycle begins with the year after the last one, and one round.
fn begin(work: &mut Work, view: &mut Value) -> Result<()> {
    let year = work.now.day().year();
    if let Some(members) = view.as_object_mut() {
        members.entry("year").or_insert(json!(year));
        members.insert("rounds".to_owned(), json!([{"number": 1}, {"number": 2}]));
        members.insert("stamps_from".to_owned(), json!("plan_approved"));
    }
    Ok(())
}

/// The rounds with their deadlines, and the targets.
fn beside(work: &mut Work, cycle: &Cycle, _: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let mut rounds = Beside::new(label("Các đợt đánh giá", "Rounds"));
    let heads = ROUND.iter().map(|column| said(language, column.label).to_owned()).collect();
    let row = |round: &crate::cycle::rules::Round| {
        vec![round.number.to_string(), day(language, round.district_deadline), day(language, round.province_deadline)]
    };
    rounds.table = Some((heads, cycle.rounds.0.iter().map(row).collect()));
    let mut beside = vec![rounds];
    if work.actor.is(READERS) {
        beside.extend(progress(work, cycle)?);
    }
    Ok(beside)
}

/// The targets with what was reached of them, and how far the units of one's territory are. What councils score is left out: it
/// would tell results before they are decided.
fn progress(work: &mut Work, cycle: &Cycle) -> Result<Vec<Beside>> {
    let (language, today, territory) = (work.language, work.now.day(), work.actor.territory());
    let report = report::made(work.connection, cycle.id, None, today, &territory)?;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let products = &report.figures.products;
    let of_four: usize =
        products.by_stars.iter().filter(|(stars, _)| matches!(stars.as_str(), "4" | "5")).map(|(_, count)| count).sum();
    let targets = &cycle.targets.0;
    let reached = [
        (label("Sản phẩm được chứng nhận", "Products certified"), targets.certified, products.certified),
        (label("Từ 4 sao trở lên", "Of four stars or more"), targets.four_stars_or_more, of_four),
        (label("Điểm bán hàng đang mở", "Points of sale that are open"), targets.shops, report.figures.shops),
    ];
    let mut of_targets = Beside::new(label("Chỉ tiêu và kết quả", "Targets and what was reached"));
    let heads = vec![
        say("Chỉ tiêu", "Target"),
        say("Cả tỉnh cần đạt", "For the province"),
        format!(
            "{} {}",
            say("Đã đạt trên địa bàn của bạn đến", "Reached in your territory until"),
            day(language, report.on)
        ),
    ];
    let row = |(what, target, count): &(Label, Option<i32>, usize)| {
        vec![
            said(language, *what).to_owned(),
            target.map_or_else(|| "—".to_owned(), |target| target.to_string()),
            count.to_string(),
        ]
    };
    of_targets.table = Some((heads, reached.iter().map(row).collect()));
    let places = place::store::places(work.connection)?;
    let row = |name: String, figures: &Figures| {
        let mut cells = vec![name];
        let ideas = &figures.ideas;
        let counts =
            [ideas.registered, ideas.selected, ideas.accepted, figures.plans.approved, figures.products.certified];
        cells.extend(counts.map(|count| count.to_string()));
        cells
    };
    let mut rows: Vec<Vec<String>> =
        report.by_unit.iter().map(|unit| row(places.name(&unit.unit_code, report.on), &unit.figures)).collect();
    rows.push(row(say("Cộng", "Altogether"), &report.figures));
    let mut of_units = Beside::new(label("Tiến độ theo đơn vị", "How far the units are"));
    let heads = vec![
        say("Đơn vị", "Unit"),
        say("Ý tưởng", "Ideas"),
        say("Huyện chọn", "Selected"),
        say("Chấp nhận", "Accepted"),
        say("Phương án duyệt", "Plans approved"),
        say("Chứng nhận", "Certified"),
    ];
    of_units.table = Some((heads, rows));
    Ok(vec![of_targets, of_units])
}

pub static KIND: KindOfThing<Cycle> = KindOfThing {
    title: label("Chu trình", "Cycles"),
    about: label(
        "Mỗi năm có một chu trình OCOP, với hạn nộp và các đợt đánh giá.",
        "Each year has its cycle, with its deadlines and rounds.",
    ),
    name: "/year",
    fields: &[
        STATE,
        field("/year", label("Năm", "Year"), Writing::Whole),
        field("/edition", label("Theo quyết định", "Under"), Writing::Wording(EDITIONS)),
        field("/idea_deadline", label("Hạn nộp ý tưởng", "Deadline of ideas"), Writing::Day),
        field("/stamps_from", label("Được đặt tem", "Stamps"), Writing::Wording(STAMPS)),
        field("/targets/certified", label("Chỉ tiêu sản phẩm", "Target of products"), Writing::Whole),
        field(
            "/targets/four_stars_or_more",
            label("Chỉ tiêu từ 4 sao", "Target of four stars or more"),
            Writing::Whole,
        ),
        field(
            "/targets/organisations_strengthened",
            label("Chỉ tiêu tổ chức củng cố", "Target of organisations strengthened"),
            Writing::Whole,
        ),
        field(
            "/targets/organisations_new",
            label("Chỉ tiêu tổ chức mới", "Target of new organisations"),
            Writing::Whole,
        ),
        field("/targets/shops", label("Chỉ tiêu điểm bán hàng", "Target of points of sale"), Writing::Whole),
    ],
    columns: &[
        STATE,
        field("/edition", label("Theo quyết định", "Under"), Writing::Wording(EDITIONS)),
        field("/idea_deadline", label("Hạn nộp ý tưởng", "Deadline of ideas"), Writing::Day),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(states)),
        Input::new("year", label("Năm", "Year"), Asks::Line),
    ],
    making: Some(Making { step: &CREATE, first: &[], inputs: FORM, beside: no_sides, begin }),
    steps: &[
        Step { step: &CHANGE, inputs: FORM },
        Step { step: &OPEN, inputs: &[NOTE] },
        Step { step: &CLOSE, inputs: &[NOTE] },
    ],
    beside,
};
