//! Decisions on the desk: drafted by ticking what waits for one, promulgated by another account.

use serde_json::{Value, json};

use crate::account::{Role, Work};
use crate::base::id::{AgendaItemId, CertificateId, DecisionId, ProductId};
use crate::base::{Mean, Result, Stars};
use crate::cycle::{DecisionKind, EditionCode};
use crate::decision::rules::State;
use crate::decision::steps::{CREATE, PROMULGATE, WITHDRAW};
use crate::decision::{Decision, candidate_store, candidates, certificate_store};
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, REASON};
use crate::desk::kinds::originals;
use crate::desk::kinds::result_words::{DECISIONS, GROUNDS, STARS, mean, stars};
use crate::desk::kinds::sources::{self, CREATED, UNIT, cycles, member};
use crate::desk::words::{Wording, said, word};
use crate::http::Language;
use crate::rating::item::store::Names;
use crate::station::label;
use crate::{product, rating};

fn all_kinds(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, DECISIONS))
}

/// What decisions of one's own unit do.
fn own_kinds(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let kinds = candidates::kinds(work)?;
    let told = |kind: &DecisionKind| Alternative::new(kind.as_ref(), word(DECISIONS, kind.as_ref(), work.language));
    Ok(kinds.iter().map(told).collect())
}

fn kind_in(view: Option<&Value>) -> Option<DecisionKind> {
    member(view, "kind")
}

fn revokes(view: &Value) -> bool {
    kind_in(Some(view)).is_some_and(DecisionKind::revokes)
}

fn rates(view: &Value) -> bool {
    !revokes(view)
}

const DEMANDS: &str = "demands_paper";

/// Whether the act in force demands a ground and the paper that a revocation rests on.
fn demands(view: &Value) -> bool {
    revokes(view) && view.get(DEMANDS) == Some(&Value::Bool(true))
}

fn names_stars(view: &Value) -> bool {
    matches!(kind_in(Some(view)), Some(DecisionKind::CentreResult | DecisionKind::Recognise))
}

/// A result in one line: product, producer, mean, stars.
fn told_result(names: &Names, (points, given): (Option<Mean>, Option<Stars>), language: Language) -> String {
    let points = points.map(|points| mean(language, &points.to_string()));
    let given = given.map(|given| stars(language, given));
    let told = [Some(names.product_name.clone()), Some(names.producer_name.clone()), points, given];
    told.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A certificate in one line: number, product, stars.
fn told_certificate(certificate: &certificate_store::Certificate, product: &str, language: Language) -> String {
    format!("{} · {product} · {}", certificate.number, stars(language, certificate.stars))
}

/// The results that wait for a decision of this kind.
fn results(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(kind) = kind_in(view) else { return Ok(Vec::new()) };
    let language = work.language;
    let told = |result: candidates::FitResult| {
        Alternative::new(result.item.to_string(), told_result(&result.names, (result.mean, result.stars), language))
    };
    Ok(candidates::results(work, kind, member(view, "cycle_id"))?.into_iter().map(told).collect())
}

/// The certificates that may be taken back.
fn certificates(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(kind) = kind_in(view).filter(|kind| kind.revokes()) else { return Ok(Vec::new()) };
    let named: Option<CertificateId> = member(view, "certificate_ids");
    let product = match named {
        Some(id) => certificate_store::find(work.connection, id)?.map(|certificate| certificate.product_id),
        None => None,
    };
    let (found, names) = candidates::certificates(work, kind, (member(view, "cycle_id"), product))?;
    let told = |certificate: &certificate_store::Certificate| {
        let name = names.get(&certificate.product_id).cloned().unwrap_or_default();
        Alternative::new(certificate.id.to_string(), told_certificate(certificate, &name, work.language))
    };
    Ok(found.iter().map(told).collect())
}

fn grounds(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known = EditionCode::in_force_on(work.now.day())?.edition()?.revocation.grounds;
    let told = |(value, _): &&Wording| known.iter().any(|ground| ground.as_ref() == *value);
    let known: Vec<Wording> = GROUNDS.iter().filter(told).copied().collect();
    Ok(sources::states(work, &known))
}

/// A draft is one's own unit's; what a revocation demands is the act's in force.
fn begin(work: &mut Work, view: &mut Value) -> Result<()> {
    let demanded = EditionCode::in_force_on(work.now.day())?.edition()?.revocation.demanded.is_some();
    if let (Some(members), Some(unit)) = (view.as_object_mut(), &work.actor.unit) {
        members.insert("unit_code".to_owned(), json!(unit));
        members.insert(DEMANDS.to_owned(), json!(demanded));
    }
    Ok(())
}

/// So many things of a decision stand on its page; its paper has them all.
const MOST_SHOWN: usize = 100;

/// The list as it is printed, what it is about, and the certificates that it made.
fn beside(work: &mut Work, decision: &Decision, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut papers = Beside::new(label("In", "Print"));
    papers.links.push((
        format!("/desk/decisions/{}/paper", decision.id),
        say("Quyết định kèm danh sách sản phẩm", "The decision with its list of products"),
    ));
    let pdf = match decision.state {
        State::Promulgated => say("Quyết định (tệp PDF)", "The decision as a PDF"),
        _ => say("Bản PDF để ký số", "The PDF to be signed"),
    };
    papers.links.push((format!("/desk/decisions/{}/decision.pdf", decision.id), pdf));
    if decision.kind == DecisionKind::ApproveResult
        && decision.state == State::Promulgated
        && work.actor.is(&[Role::ProvincialOfficer])
    {
        papers.links.push((
            format!("/desk/decisions/{}/package.zip", decision.id),
            say("Bộ hồ sơ gửi Bộ (tệp nén)", "The package for the ministry, as an archive"),
        ));
    }
    let mut beside = vec![papers];
    beside.extend(originals::beside(work, decision.id)?);
    let ids = |name: &str| {
        let ids = view.get(name).and_then(Value::as_array).into_iter().flatten();
        ids.filter_map(Value::as_str).take(MOST_SHOWN).map(str::to_owned).collect::<Vec<String>>()
    };
    let items: Vec<AgendaItemId> = ids("agenda_item_ids").iter().filter_map(|id| id.parse().ok()).collect();
    if !items.is_empty() {
        beside.push(about_results(work, &items)?);
    }
    let named: Vec<CertificateId> = ids("certificate_ids").iter().filter_map(|id| id.parse().ok()).collect();
    let keys: Vec<_> = named.iter().map(|id| id.any()).collect();
    let ended = certificate_store::of_ids(work.connection, &keys)?;
    beside.extend(certified(work, label("Giấy chứng nhận bị thu hồi", "Certificates taken back"), ended)?);
    let made = made_by(work, decision.id)?;
    beside.extend(certified(work, label("Giấy chứng nhận đã cấp", "Certificates that it made"), made)?);
    Ok(beside)
}

fn made_by(work: &mut Work, id: DecisionId) -> Result<Vec<certificate_store::Certificate>> {
    let mut made = candidate_store::made_by(work.connection, id)?;
    made.truncate(MOST_SHOWN);
    Ok(made)
}

fn about_results(work: &mut Work, items: &[AgendaItemId]) -> Result<Beside> {
    let language = work.language;
    let names = rating::item::store::names(work.connection, items)?;
    let concluded = rating::result::store::last_of_items(work.connection, items)?;
    let mut about = Beside::new(label("Kết quả trong quyết định", "Results in the decision"));
    for item in items {
        let Some(named) = names.get(item) else { continue };
        let result = concluded.get(item);
        let mean = result.and_then(|result| rating::rules::mean(result.sum, result.sheets));
        let text = told_result(named, (mean, result.and_then(|result| result.stars)), language);
        about.links.push((format!("/desk/agenda-items/{item}"), text));
    }
    Ok(about)
}

fn certified(
    work: &mut Work,
    title: crate::station::Label,
    found: Vec<certificate_store::Certificate>,
) -> Result<Option<Beside>> {
    if found.is_empty() {
        return Ok(None);
    }
    let products: Vec<ProductId> = found.iter().map(|certificate| certificate.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let mut beside = Beside::new(title);
    let link = |certificate: &certificate_store::Certificate| {
        let name = names.get(&certificate.product_id).cloned().unwrap_or_default();
        (format!("/desk/certificates/{}", certificate.id), told_certificate(certificate, &name, work.language))
    };
    beside.links = found.iter().map(link).collect();
    Ok(Some(beside))
}

const KIND_OF: Input =
    Input::new("kind", label("Quyết định về việc", "What it does"), Asks::From(own_kinds)).required();

const NAMED_STARS: &[Wording] = &[
    ("", label("Không ghi", "None")),
    ("3", label("3 sao", "3 stars")),
    ("4", label("4 sao", "4 stars")),
    ("5", label("5 sao", "5 stars")),
];

const GROUND: Input = Input::new("ground", label("Căn cứ thu hồi", "Ground"), Asks::From(grounds));
const WHY: Input = Input::new("reason", label("Lý do", "Reason"), Asks::Lines);

pub static KIND: KindOfThing<Decision> = KindOfThing {
    title: label("Quyết định", "Decisions"),
    about: label(
        "Quyết định được soạn từ các kết quả hội đồng đã kết luận; người ký ban hành bằng tài khoản khác.",
        "Decisions are drafted from what councils concluded; another account promulgates them.",
    ),
    name: "/number|/kind",
    fields: &[
        STATE,
        field("/kind", label("Về việc", "What it does"), Writing::Wording(DECISIONS)),
        field("/number", label("Số quyết định", "Number"), Writing::Text),
        field("/signed_on", label("Ngày ký", "Signed on"), Writing::Day),
        field("/unit_name", label("Đơn vị ban hành", "Unit that decides"), Writing::Text),
        STARS,
        field("/reason", label("Lý do", "Reason"), Writing::Long),
        field("/ground", label("Căn cứ thu hồi", "Ground"), Writing::Wording(GROUNDS)),
        field("/rests_on/number", label("Theo văn bản số", "Rests on"), Writing::Text),
        field("/rests_on/authority", label("Cơ quan ban hành văn bản", "Issued by"), Writing::Text),
        field("/rests_on/dated", label("Ngày văn bản", "Dated"), Writing::Day),
        field("/due_on", label("Hạn thu hồi", "To be taken back until"), Writing::Day),
        field("/overdue", label("Quá hạn", "Overdue"), Writing::YesNo),
        field("/drafted_by_name", label("Người soạn", "Drafted by"), Writing::Text),
        CREATED,
        field("/promulgated_by_name", label("Người ban hành", "Promulgated by"), Writing::Text),
        field("/promulgated_at", label("Ban hành lúc", "Promulgated"), Writing::Moment),
        field("/original_verdict", label("Bản gốc đã ký số", "Signed original"), Writing::Wording(originals::VERDICTS)),
        field("/original_content", label("Nội dung bản gốc", "Content of the original"), Writing::Wording(originals::CONTENTS)),
    ],
    columns: &[
        STATE,
        field("/kind", label("Về việc", "What it does"), Writing::Wording(DECISIONS)),
        field("/signed_on", label("Ngày ký", "Signed on"), Writing::Day),
        field("/unit_name", label("Đơn vị", "Unit"), Writing::Text),
        field("/drafted_by_name", label("Người soạn", "Drafted by"), Writing::Text),
        CREATED,
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        Input::new("kind", label("Về việc", "What it does"), Asks::From(all_kinds)),
        UNIT,
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[
            KIND_OF,
            Input::new("cycle_id", label("Chu trình", "Cycle"), Asks::From(cycles))
                .hint(label("Để chỉ xem kết quả của một chu trình.", "To see what one cycle led to only.")),
        ],
        inputs: &[
            Input::new("kind", label("Quyết định về việc", "What it does"), Asks::Said),
            Input::new("unit_code", label("Đơn vị", "Unit"), Asks::Said),
            Input::new("agenda_item_ids", label("Kết quả đưa vào quyết định", "Results"), Asks::AnyOf(results))
                .asked_if(rates)
                .needed()
                .hint(label(
                    "Chỉ các kết quả đang chờ loại quyết định này; nhiều nhất 150, chọn chu trình ở trên để thu hẹp.",
                    "Only results that wait for this kind of decision; 150 at most, choose a cycle above to narrow.",
                )),
            Input::new(
                "stars",
                label("Hạng sao theo kết quả của Trung ương", "Stars by the centre's result"),
                Asks::OneOfNumbers(NAMED_STARS),
            )
            .asked_if(names_stars)
            .hint(label(
                "Chỉ ghi cho sản phẩm đã đề nghị Trung ương. Kết quả hội đồng đã có hạng sao thì không ghi.",
                "Only for products that were proposed to the centre. What a council gave stars to needs none.",
            )),
            Input::new(
                "certificate_ids",
                label("Giấy chứng nhận bị thu hồi", "Certificates to be taken back"),
                Asks::AnyOf(certificates),
            )
            .asked_if(revokes)
            .needed()
            .hint(label(
                "Nhiều nhất 150: chọn chu trình ở trên, hoặc bắt đầu từ trang của giấy chứng nhận.",
                "150 at most: choose a cycle above, or begin at the certificate's own page.",
            )),
            GROUND.asked_if(demands).needed(),
            GROUND.asked_if(|view| revokes(view) && !demands(view)),
            Input::new(
                "rests_on.number",
                label("Theo kết luận, văn bản số", "Number of the paper that it rests on"),
                Asks::Line,
            )
            .asked_if(demands)
            .required(),
            Input::new("rests_on.authority", label("Cơ quan ban hành văn bản", "Who issued it"), Asks::Line)
                .asked_if(demands)
                .required(),
            Input::new("rests_on.dated", label("Ngày văn bản", "Dated"), Asks::Day).asked_if(demands).required(),
            WHY.asked_if(revokes).needed(),
            WHY.asked_if(rates),
        ],
        beside: no_sides,
        begin,
    }),
    steps: &[
        Step {
            step: &originals::AddOriginal,
            inputs: &[Input::new("file", label("Bản PDF đã ký số", "The signed PDF"), Asks::File("application/pdf"))
                .required()
                .hint(label(
                    "Tải bản PDF để ký số ở mục In, ký bằng dịch vụ chữ ký số của Chính phủ rồi nộp lại đúng tệp đó.",
                    "Take the PDF to be signed under Print, sign it with the government's service, and hand that very file in.",
                ))],
        },
        Step {
            step: &PROMULGATE,
            inputs: &[
                Input::new("number", label("Số quyết định", "Number"), Asks::Line)
                    .required()
                    .hint(label("ví dụ 3955/QĐ-UBND", "such as 3955/QĐ-UBND")),
                Input::new("signed_on", label("Ngày ký", "Signed on"), Asks::Day).required(),
                Input::new(
                    "original_compared",
                    label("Đã đối chiếu bản gốc với dự thảo", "The original was compared with the draft"),
                    Asks::Check,
                )
                .asked_if(originals::is_to_be_compared),
            ],
        },
        Step { step: &WITHDRAW, inputs: &[REASON] },
    ],
    beside,
};
