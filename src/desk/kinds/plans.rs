//! Business plans on the desk.

use serde_json::{Value, json};

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, CYCLE, DISTRICT, PRODUCER, UNIT, YEAR};
use crate::desk::words::{STATES, Wording, said};
use crate::dossier::approval::APPROVE;
use crate::idea::Idea;
use crate::idea::store::IdeaFilter;
use crate::page::words::number;
use crate::plan::Plan;
use crate::plan::steps::{CHANGE, CREATE, DISCARD, REJECT, RETURN, SUBMIT};
use crate::plan::store::planned;
use crate::station::{Listed, Stretch, label};

const YEARS: &[Input] = &[
    Input::new("year", label("Năm", "Year"), Asks::Whole).required().incidental(),
    Input::new("own", label("Vốn tự có", "Own capital"), Asks::Money).or_zero(),
    Input::new("loan", label("Vốn vay", "Loans"), Asks::Money).or_zero(),
    Input::new("other", label("Nguồn khác", "Other sources"), Asks::Money).or_zero(),
    Input::new("state_support", label("Nhà nước hỗ trợ", "State support"), Asks::Money).or_zero(),
];
const FINANCE: Input =
    Input::new("finance", label("Kinh phí theo năm", "Money by year"), Asks::Sums(YEARS)).or_empty().hint(label(
        "Bằng đồng, ví dụ 100.000.000. Ô trống là 0; dòng không có số nào thì không tính.",
        "In VND, such as 100.000.000. An empty cell is 0; a line without a sum does not count.",
    ));
const CAPACITY: Input = Input::new("capacity", label("Năng lực sản xuất", "Capacity"), Asks::Lines)
    .required()
    .hint(label("Làm được gì, bao nhiêu mỗi năm.", "What can be made, and how much a year."));
const MARKET: Input = Input::new("market", label("Thị trường", "Market"), Asks::Lines).required();
const MATERIALS: Input = Input::new("materials", label("Nguyên liệu", "Materials"), Asks::Lines).required();
const TECHNOLOGY: Input = Input::new("technology", label("Công nghệ", "Technology"), Asks::Lines).required();

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let of_plans = ["draft", "submitted", "approved", "returned", "rejected", "discarded"];
    let known: Vec<Wording> = STATES.iter().filter(|(value, _)| of_plans.contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

/// Accepted ideas that have no plan yet.
fn ideas(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let filter = IdeaFilter { state: Some(crate::idea::rules::State::Accepted), ..IdeaFilter::default() };
    let ideas = Idea::list(work, &filter, &Stretch::first(300))?;
    let ids: Vec<_> = ideas.iter().map(|idea| idea.row.id).collect();
    let planned = planned(work.connection, &ids)?;
    let open = ideas.into_iter().filter(|idea| !planned.contains(&idea.row.id));
    Ok(open.map(|idea| Alternative::new(idea.row.id.to_string(), idea.row.product_name)).collect())
}

/// A plan begins with the year of the idea's cycle.
fn begin(work: &mut Work, view: &mut Value) -> Result<()> {
    let year = work.now.day().year();
    if let Some(members) = view.as_object_mut() {
        members.insert("finance".to_owned(), json!([{"year": year}, {"year": year + 1}, {"year": year + 2}]));
    }
    Ok(())
}

/// The money by year and source, with its sums, and the dossier that the approval opened.
fn beside(work: &mut Work, plan: &Plan, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let sources = ["own", "loan", "other", "state_support"];
    let sum = |of: &Value, name: &str| of.get(name).and_then(Value::as_i64).unwrap_or(0);
    let cells = |first: String, of: &Value| {
        let sums = sources.map(|name| sum(of, name));
        let total = sums.iter().sum();
        std::iter::once(first).chain(sums.iter().chain([&total]).map(|sum| number(language, *sum))).collect()
    };
    let heads = YEARS.iter().map(|column| said(language, column.label).to_owned());
    let heads = heads.chain([said(language, label("Cộng", "Sum")).to_owned()]).collect();
    let years = view.get("finance").and_then(Value::as_array).into_iter().flatten();
    let mut rows: Vec<Vec<String>> = years.map(|year| cells(sum(year, "year").to_string(), year)).collect();
    if let Some(sums) = view.get("sums") {
        rows.push(cells(said(language, label("Tổng", "Total")).to_owned(), sums));
    }
    let mut money = Beside::new(FINANCE.label);
    money.table = Some((heads, rows));
    let mut beside = vec![money];
    if let Some(product) = plan.row.product_id {
        let filter = crate::dossier::store::DossierFilter { product_id: Some(product), ..Default::default() };
        let dossiers = crate::dossier::Dossier::list(work, &filter, &Stretch::first(10))?;
        let mut opened = Beside::new(label("Hồ sơ sản phẩm", "Dossier"));
        let name = view.get("product_name").and_then(Value::as_str).unwrap_or_default();
        let of_plan = dossiers.iter().filter(|dossier| dossier.row.plan_id == plan.row.id);
        opened.links = of_plan.map(|dossier| (format!("/desk/dossiers/{}", dossier.row.id), name.to_owned())).collect();
        if !opened.links.is_empty() {
            beside.push(opened);
        }
    }
    Ok(beside)
}

pub static KIND: KindOfThing<Plan> = KindOfThing {
    title: label("Phương án", "Plans"),
    about: label(
        "Phương án sản xuất kinh doanh được lập khi ý tưởng đã được chấp nhận; khi được duyệt, hồ sơ sản phẩm được mở.",
        "A business plan is written once an idea is accepted; its approval opens the product's dossier.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Text),
        PRODUCER,
        field("/capacity", label("Năng lực sản xuất", "Capacity"), Writing::Long),
        field("/market", label("Thị trường", "Market"), Writing::Long),
        field("/materials", label("Nguyên liệu", "Materials"), Writing::Long),
        field("/technology", label("Công nghệ", "Technology"), Writing::Long),
        field("/sums/total", label("Tổng kinh phí", "Altogether"), Writing::Money),
        field("/sums/state_support", label("Nhà nước hỗ trợ", "State support"), Writing::Money),
        YEAR,
        COMMUNE,
        DISTRICT,
        CREATED,
    ],
    columns: &[
        STATE,
        PRODUCER,
        COMMUNE,
        field("/sums/total", label("Tổng kinh phí", "Altogether"), Writing::Money),
        field("/sums/state_support", label("Nhà nước hỗ trợ", "State support"), Writing::Money),
        YEAR,
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT, CYCLE],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("idea_id", label("Cho ý tưởng", "For the idea"), Asks::From(ideas)).required(),
            FINANCE,
            CAPACITY,
            MARKET,
            MATERIALS,
            TECHNOLOGY,
        ],
        beside: no_sides,
        begin,
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[FINANCE, CAPACITY, MARKET, MATERIALS, TECHNOLOGY] },
        Step { step: &SUBMIT, inputs: &[NOTE] },
        Step { step: &DISCARD, inputs: &[NOTE] },
        Step { step: &APPROVE, inputs: &[NOTE] },
        Step { step: &RETURN, inputs: &[REASON] },
        Step { step: &REJECT, inputs: &[REASON] },
    ],
    beside,
};
