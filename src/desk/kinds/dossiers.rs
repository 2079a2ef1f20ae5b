//! Dossiers on the desk.

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::account::store::AccountSelection;
use crate::account::{Caller, Role, Work};
use crate::base::id::DossierId;
use crate::base::{Result, UnitCode};
use crate::desk::counter::{Beside, KindOfThing, Press, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{
    self, COMMUNE, CREATED, CRITERIA_SET, CUT_BOTTOM, CUT_LEFT, CUT_RIGHT, CUT_TOP, CYCLE, DISTRICT, LATE, PRODUCER,
    QUARTER_TURNS, UNIT, YEAR, member, open_cycles, yes_or_no,
};
use crate::desk::kinds::statements::{
    self, YEARLY, has_kind, is_again, is_upgrade, papers, shown_by, told, with_sections,
};
use crate::desk::words::said;
use crate::dossier::Dossier;
use crate::dossier::commune_steps::FORWARD;
use crate::dossier::ending_steps::{CARRY_OVER, WITHDRAW};
use crate::dossier::rules::{State, WRITERS};
use crate::dossier::sample_steps::{GIVE_BACK_SAMPLES, RECEIVE_SAMPLES};
use crate::dossier::set::criteria_set;
use crate::dossier::steps::{CHANGE, RECORD_VISIT, RETURN, SUBMIT, shows_own_marks};
use crate::dossier::submission::own_marks;
use crate::dossier::turn_steps::{self, TURN_DOCUMENT};
use crate::files::DocumentKind;
use crate::http::{Answer, PathParam, Problem};
use crate::product::attachment_store;
use crate::station::{Described, Label, Stretch, label};
use crate::{account, criteria, cycle};

/// Those papers that are photographs.
fn photographs(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(product) = member(view, "product_id") else { return Ok(Vec::new()) };
    let documents = attachment_store::list_documents(work.connection, product, None, None, 100)?;
    let language = work.language;
    let pictures = documents.into_iter().filter(|(_, file)| file.media_type.starts_with("image/"));
    let told = pictures.map(|(document, file)| {
        Alternative::new(document.id.to_string(), format!("{}: {}", language.pick(&document.kind.name()), file.name))
    });
    Ok(told.collect())
}

/// The new photograph is made before the step is taken.
struct TurnDocument;

impl Press<Dossier> for TurnDocument {
    fn name(&self) -> &'static str {
        Described::name(&TURN_DOCUMENT)
    }

    fn press(
        &'static self,
        caller: Caller,
        key: PathParam<DossierId>,
    ) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.take_prepared(&TURN_DOCUMENT, key, turn_steps::prepare))
    }
}

/// The sets of the open cycles, whatever the dossier's own cycle is.
fn open_sets(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    sources::criteria_sets(work, None)
}

/// The officers of the dossier's place, for who may say which of them looks after the product.
fn officers(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let cycle = match member(view, "cycle_id") {
        Some(id) => cycle::store::find(work.connection, id)?,
        None => None,
    };
    let Some(cycle) = cycle else { return Ok(Vec::new()) };
    if !work.actor.is(&[cycle.edition.edition()?.steps.looks_after]) {
        return Ok(Vec::new());
    }
    let mut choices = Vec::new();
    for unit in [member::<UnitCode>(view, "commune_code"), member(view, "district_code")].into_iter().flatten() {
        let selection = AccountSelection { unit: Some(unit), ended: Some(false), ..AccountSelection::default() };
        let found = account::store::list(work.connection, &selection, None, 50)?;
        let officers =
            found.into_iter().filter(|account| matches!(account.role, Role::CommuneOfficer | Role::DistrictOfficer));
        choices.extend(officers.map(|account| Alternative::new(account.id.to_string(), account.name)));
    }
    Ok(choices)
}

/// Who looks after some product of one's territory.
fn responsible(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let territory = work.actor.territory();
    let ids = crate::dossier::store::responsible(work.connection, &territory)?;
    let names = account::store::names(work.connection, &ids)?;
    let mut people: Vec<Alternative> =
        names.into_iter().map(|(id, name)| Alternative::new(id.to_string(), name)).collect();
    people.sort_by_cached_key(|person| crate::base::text::fold(&person.label));
    Ok(people)
}

/// The visits of officers at the producer's, the newest first.
fn visited(work: &mut Work, dossier: &Dossier) -> Result<Option<Beside>> {
    let visits = crate::dossier::store::visits(work.connection, dossier.row.id, &Stretch::first(sources::MOST))?;
    if visits.is_empty() {
        return Ok(None);
    }
    let language = work.language;
    let accounts: Vec<_> = visits.iter().map(|visit| visit.account_id).collect();
    let names = account::store::names(work.connection, &accounts)?;
    let row = |visit: &crate::dossier::store::Visit| {
        let who = names.get(&visit.account_id).cloned().unwrap_or_default();
        vec![crate::page::words::day(language, visit.visited_on), who, visit.findings.clone(), visit.advice.clone()]
    };
    let heads = [label("Ngày", "Day"), label("Ai", "Who"), label("Ghi nhận", "Findings"), label("Hướng dẫn", "Advice")];
    let mut beside = Beside::new(label("Các lần thăm cơ sở", "Visits"));
    beside.table = Some((heads.map(|head| said(language, head).to_owned()).into(), visits.iter().map(row).collect()));
    Ok(Some(beside))
}

/// The dossier's papers, as far as whoever asks may print them.
fn to_be_printed(work: &Work, dossier: &Dossier) -> Beside {
    let mut papers = vec![("registration", label("Phiếu đăng ký (mẫu 01)", "Registration (form 01)"))];
    if shows_own_marks(work.asker(), dossier) {
        let text = label("Báo cáo tự đánh giá (mẫu 02)", "Own evaluation (form 02)");
        papers.push(("self-evaluation", text));
    }
    if dossier.edition.dossiers.forms.is_some() {
        let text = label("Phiếu đánh giá của xã (mẫu 03)", "The commune's report (form 03)");
        papers.push(("commune-report", text));
    }
    let mut beside = Beside::new(label("Bản để in", "To be printed"));
    let id = dossier.row.id;
    let address = |paper: &str| format!("/desk/dossiers/{id}/{paper}-paper");
    let told = papers.into_iter().map(|(paper, text)| (address(paper), said(work.language, text).to_owned()));
    beside.links = told.collect();
    beside
}

/// What the act still asks for, and the papers that are handed in with it.
fn beside(work: &mut Work, dossier: &Dossier, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let mut beside = Vec::new();
    if shows_own_marks(work.asker(), dossier) {
        let mut criteria = Beside::new(label("Tự chấm điểm theo tiêu chí", "Own scoring by criterion"));
        let text = label(
            "Chọn mức, kèm ảnh và giấy tờ cho từng tiêu chí; xem còn thiếu gì cho 3, 4, 5 sao",
            "Options, photographs and papers for each criterion; what lacks for 3, 4, 5 stars",
        );
        let address = format!("/desk/dossiers/{}/criteria", dossier.row.id);
        criteria.links = vec![(address.clone(), said(language, text).to_owned())];
        if dossier.row.state.must_be_open_to_change().is_ok() {
            let (set, case) = criteria_set(work, dossier)?;
            let marks = own_marks(dossier)?.unwrap_or_default();
            let missing = criteria::mark(&set.tree.0, case, &marks, None).map_or(0, |marked| marked.missing.len());
            let text = label("Số tiêu chí chưa chọn mức:", "Criteria without an option:");
            criteria.links.push((address, format!("{} {missing}", said(language, text))));
        }
        beside.push(criteria);
    }
    beside.push(to_be_printed(work, dossier));
    for (pointer, title, text) in [
        (
            "carried_to",
            label("Tiếp tục theo quy trình mới", "Goes on under the act in force"),
            label("Hồ sơ mới", "The new dossier"),
        ),
        (
            "carried_from",
            label("Tiếp nối hồ sơ trước", "Goes on from an earlier one"),
            label("Hồ sơ trước", "The earlier dossier"),
        ),
    ] {
        if let Some(id) = view.get(pointer).and_then(Value::as_str) {
            let links = vec![(format!("/desk/dossiers/{id}"), said(language, text).to_owned())];
            beside.push(Beside { links, ..Beside::new(title) });
        }
    }
    let missing: Vec<&str> = view
        .get("missing_documents")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !missing.is_empty() {
        let mut lacking = Beside::new(label(
            "Giấy tờ còn thiếu theo quy định: thêm vào sản phẩm, rồi đánh dấu ở “Giấy tờ nộp kèm hồ sơ”",
            "Papers that the act asks for and that lack: add them to the product, then tick them among the papers handed in",
        ));
        let told = |kind: &&str| {
            kind.parse::<DocumentKind>()
                .map_or_else(|_| (*kind).to_owned(), |kind| language.pick(&kind.name()).to_owned())
        };
        let product = view.get("product_id").and_then(Value::as_str).unwrap_or_default();
        lacking.links =
            missing.iter().map(|kind| (format!("/desk/products/{product}#step-add-document"), told(kind))).collect();
        beside.push(lacking);
    }
    let named: Vec<&str> =
        view.get("documents").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if !named.is_empty() {
        let mut handed_in = Beside::new(label("Giấy tờ nộp kèm", "Papers handed in with it"));
        let known = papers(work, Some(view))?.into_iter().filter(|paper| named.contains(&paper.value.as_str()));
        handed_in.links =
            known.map(|paper| (format!("/desk/documents/{}/content", paper.value), paper.label)).collect();
        beside.push(handed_in);
    }
    beside.extend(statements::beside(work, view)?);
    beside.extend(visited(work, dossier)?);
    Ok(beside)
}

// What the commune reports in form 03.
const LOCAL_MATERIAL: Label = label("Sử dụng nguyên liệu địa phương", "Use of local material");
const LOCAL_LABOUR: Label = label("Sử dụng lao động địa phương", "Use of local labour");
const ORIGIN_OF_IDEA: Label = label("Nguồn gốc ý tưởng", "Where the idea comes from");
const LOCAL_IDENTITY: Label = label("Bản sắc, tri thức địa phương", "Local identity and knowledge");
const COMPLETENESS: Label = label("Nhận xét về tính đầy đủ của hồ sơ", "On the dossier's completeness");

pub static KIND: KindOfThing<Dossier> = KindOfThing {
    title: label("Hồ sơ", "Dossiers"),
    about: label(
        "Hồ sơ sản phẩm được mở khi phương án được duyệt: chủ thể tự chấm theo bộ tiêu chí và kèm giấy tờ.",
        "A dossier is opened by a plan's approval: the producer scores itself by the criteria and adds the papers.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        field("/responsible_name", label("Cán bộ phụ trách", "Who is responsible"), Writing::Text),
        CRITERIA_SET,
        YEAR,
        COMMUNE,
        DISTRICT,
        field("/submitted_at", label("Nộp lúc", "Handed in"), Writing::Moment),
        field("/late", label("Nộp muộn", "Late"), Writing::YesNo),
        field("/commune/due_on", label("Hạn của xã", "The commune's term"), Writing::Day),
        field("/commune/forwarded_at", label("Xã chuyển lúc", "Sent on by the commune"), Writing::Moment),
        field("/commune/report/letter_number", label("Văn bản đề nghị của xã", "The commune's letter"), Writing::Text),
        field("/commune/report/letter_date", label("Ngày văn bản", "Day of the letter"), Writing::Day),
        field("/commune/report/local_material", LOCAL_MATERIAL, Writing::Long),
        field("/commune/report/local_labour", LOCAL_LABOUR, Writing::Long),
        field("/commune/report/origin_of_idea", ORIGIN_OF_IDEA, Writing::Long),
        field("/commune/report/local_identity", LOCAL_IDENTITY, Writing::Long),
        field("/commune/report/completeness", COMPLETENESS, Writing::Long),
        field("/rated_until", label("Hạn đánh giá theo quy định chuyển tiếp", "To be rated until"), Writing::Day),
        CREATED,
    ],
    columns: &[
        STATE,
        PRODUCER,
        COMMUNE,
        CRITERIA_SET,
        field("/responsible_name", label("Phụ trách", "Responsible"), Writing::Text),
        YEAR,
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        UNIT,
        CYCLE,
        Input::new("responsible_account_id", label("Cán bộ phụ trách", "Who is responsible"), Asks::From(responsible)),
        LATE,
        Input::new("overdue", label("Xã giữ quá hạn", "Overdue at the commune"), Asks::From(yes_or_no)),
    ],
    making: None,
    steps: &[
        Step {
            step: &CHANGE,
            inputs: with_sections!([
                Input::new(
                    "responsible_account_id",
                    label("Cán bộ phụ trách", "Who is responsible"),
                    Asks::From(officers),
                ),
                Input::new(
                    "documents",
                    label("Giấy tờ nộp kèm hồ sơ", "Papers handed in with the dossier"),
                    Asks::AnyOf(papers),
                )
                .or_empty()
                .only(WRITERS),
                told("report.history", label("Lịch sử hình thành", "How the producer came about")).when(has_kind),
                told("report.organisation", label("Cơ cấu tổ chức", "How it is organised")).when(has_kind),
                told("report.results", label("Kết quả thực hiện phương án", "What became of the plan")).when(has_kind),
                told("report.plans", label("Kế hoạch sản xuất, kinh doanh", "What it plans")).when(has_kind),
                Input::new(
                    "yearly_figures",
                    label("Sản lượng, doanh thu từng năm từ khi công nhận", "Output and revenue since the recognition"),
                    Asks::Rows(YEARLY, 2),
                )
                .only(WRITERS)
                .when(is_again),
            ]("material", "nguyên liệu", "material")(
                "technology", "công nghệ", "technology"
            )("packaging", "bao bì", "packaging")("label", "nhãn mác", "label")(
                "publication",
                "công bố chất lượng",
                "publication of quality"
            )("tests", "kiểm nghiệm định kỳ", "periodic tests")(
                "market", "thị trường", "market"
            )("papers", "giấy tờ có thời hạn", "papers with a term")),
        },
        Step {
            step: &TurnDocument,
            inputs: &[
                Input::new("document_id", label("Ảnh giấy tờ", "Photographed document"), Asks::From(photographs))
                    .required(),
                QUARTER_TURNS,
                CUT_LEFT,
                CUT_TOP,
                CUT_RIGHT,
                CUT_BOTTOM,
            ],
        },
        Step { step: &SUBMIT, inputs: &[NOTE] },
        Step {
            step: &FORWARD,
            inputs: &[
                Input::new("local_material", LOCAL_MATERIAL, Asks::Lines).required(),
                Input::new("local_labour", LOCAL_LABOUR, Asks::Lines).required(),
                Input::new("origin_of_idea", ORIGIN_OF_IDEA, Asks::Lines).required(),
                Input::new("local_identity", LOCAL_IDENTITY, Asks::Lines).required(),
                Input::new("completeness", COMPLETENESS, Asks::Lines).required(),
                Input::new("letter_number", label("Số văn bản đề nghị", "Number of the letter"), Asks::Line).required(),
                Input::new("letter_date", label("Ngày văn bản", "Day of the letter"), Asks::Day).required(),
            ],
        },
        Step { step: &RETURN, inputs: &[REASON] },
        Step { step: &WITHDRAW, inputs: &[NOTE] },
        Step {
            step: &CARRY_OVER,
            inputs: &[
                Input::new("cycle_id", label("Chu trình", "Cycle"), Asks::From(open_cycles)).required(),
                Input::new("criteria_set", label("Bộ tiêu chí", "Criteria set"), Asks::From(open_sets)).required(),
            ],
        },
        Step {
            step: &RECEIVE_SAMPLES,
            inputs: &[
                Input::new("units", label("Số đơn vị sản phẩm", "Units"), Asks::Whole).required(),
                Input::new("received_on", label("Ngày nhận", "Received on"), Asks::Day).required(),
                Input::new("kept_at", label("Nơi lưu giữ", "Kept at"), Asks::Line).required(),
            ],
        },
        Step {
            step: &GIVE_BACK_SAMPLES,
            inputs: &[
                Input::new("given_back_on", label("Ngày trả", "Given back on"), Asks::Day).required(),
                Input::new("given_back_to", label("Người nhận lại", "Given back to"), Asks::Line).required(),
            ],
        },
        Step {
            step: &RECORD_VISIT,
            inputs: &[
                Input::new("visited_on", label("Ngày thăm", "Day of the visit"), Asks::Day).required(),
                Input::new("findings", label("Ghi nhận", "Findings"), Asks::Lines).required(),
                Input::new("advice", label("Hướng dẫn", "Advice"), Asks::Lines),
            ],
        },
    ],
    beside,
};
