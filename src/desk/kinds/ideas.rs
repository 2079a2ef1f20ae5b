//! Ideas on the desk.

use serde_json::Value;

use crate::account::{Role, Work};
use crate::base::Result;
use crate::base::id::{IdeaId, ProductId};
use crate::desk::counter::{Beside, KindOfThing, Making, Receives, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{
    self, COMMUNE, CREATED, CRITERIA_SET, CYCLE, DISTRICT, LATE, OF_SET, PRODUCER, SEARCH, UNIT, YEAR, criteria_sets,
    member, open_cycles, producers, products,
};
use crate::desk::words::{STATES, Wording};
use crate::files::FileKind;
use crate::idea::paper::ADD_PAPER;
use crate::idea::steps::{ACCEPT, CHANGE, CREATE, DISCARD, FORWARD, REJECT, RETURN, SELECT, SUBMIT};
use crate::idea::{Idea, store};
use crate::product::Product;
use crate::station::{Access, Thing, label};

const KINDS: &[Wording] = &[
    ("new", label("Sản phẩm mới", "New product")),
    ("existing", label("Sản phẩm đã có", "Product already on the market")),
    ("upgrade", label("Nâng hạng sản phẩm đã có sao", "To raise a product that has stars")),
];

const NAME: Input = Input::new("product_name", label("Tên sản phẩm", "Name of the product"), Asks::Line).required();
const OF_KIND: Input = Input::new("kind", label("Loại ý tưởng", "Kind of idea"), Asks::OneOf(KINDS)).required();
const PRODUCT: Input =
    Input::new("product_id", label("Sản phẩm được nâng hạng", "Product to be raised"), Asks::From(products))
        .hint(label("Chỉ chọn khi nâng hạng.", "Only where a product is to be raised."));
const SET: Input = Input::new(
    "criteria_set",
    label("Bộ tiêu chí (nhóm sản phẩm)", "Criteria set (group of products)"),
    Asks::From(criteria_sets),
)
.required();
const DESCRIPTION: Input =
    Input::new("description", label("Mô tả sản phẩm", "Description of the product"), Asks::Lines).required().hint(
        label(
            "Nguyên liệu lấy ở đâu, làm thế nào, khác gì sản phẩm khác.",
            "Where the material comes from, how it is made, what sets it apart.",
        ),
    );
const VALUE: Input =
    Input::new("target_value", label("Giá trị hướng tới mỗi năm", "Yearly value aimed at"), Asks::Money)
        .required()
        .hint(label("Bằng đồng, ví dụ 600.000.000", "In VND, such as 600.000.000"));
const PACKAGING: Input =
    Input::new("packaging", label("Bao bì, nhãn mác", "Packaging and label"), Asks::Lines).required();

const CYCLE_OF_IT: Input = Input::new("cycle_id", label("Chu trình", "Cycle"), Asks::From(open_cycles)).required();
const PRODUCER_OF_IT: Input =
    Input::new("producer_id", label("Nhập thay chủ thể", "Entered on behalf of"), Asks::From(producers))
        .required()
        .only(&[Role::CommuneOfficer]);

const FORM: &[Input] = &[CYCLE_OF_IT, PRODUCER_OF_IT, NAME, OF_KIND, PRODUCT, SET, DESCRIPTION, VALUE, PACKAGING];
const CHANGED: &[Input] = &[NAME, OF_KIND, PRODUCT, SET, DESCRIPTION, VALUE, PACKAGING];
const OPINION: Input = Input { label: label("Ý kiến của xã", "The commune's opinion"), ..REASON };

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let of_ideas = ["draft", "submitted", "forwarded", "selected", "accepted", "returned", "rejected", "discarded"];
    let known: Vec<Wording> = STATES.iter().filter(|(value, _)| of_ideas.contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

/// The signed forms that were handed in with it, and the plan that follows from it.
fn beside(work: &mut Work, idea: &Idea, view: &Value) -> Result<Vec<Beside>> {
    let mut beside = Vec::new();
    let papers = store::papers(work.connection, idea.row.id, None, 20)?;
    if !papers.is_empty() {
        let mut signed = Beside::new(label("Bản đăng ký có chữ ký", "Signed forms"));
        let files: Vec<_> = papers.iter().map(|paper| paper.file_id).collect();
        for (paper, file) in papers.iter().zip(files) {
            let name = crate::files::store::find(work.connection, file)?.map(|file| file.name);
            signed.links.push((format!("/desk/papers/{}/content", paper.id), name.unwrap_or_default()));
        }
        beside.push(signed);
    }
    if view.get("state").and_then(Value::as_str) == Some("accepted") {
        let mut plan = Beside::new(label("Phương án sản xuất kinh doanh", "Business plan"));
        let id: IdeaId = idea.row.id;
        match crate::plan::store::of_idea(work.connection, id)? {
            Some(found) => plan.links.push((format!("/desk/plans/{found}"), idea.row.product_name.clone())),
            None if work.actor.is(&[Role::Producer, Role::CommuneOfficer]) => {
                let text = crate::desk::words::said(work.language, crate::plan::steps::CREATE.label);
                plan.links.push((format!("/desk/plans/new?idea_id={id}"), text.to_owned()));
            }
            None => return Ok(beside),
        }
        beside.push(plan);
    }
    Ok(beside)
}

/// An idea that is to raise a product is begun with what is known of the product, where one may see it.
fn begin(work: &mut Work, view: &mut Value) -> Result<()> {
    let Some(id) = member::<ProductId>(Some(view), "product_id") else { return Ok(()) };
    let Some(product) = Product::load(work, &id, Access::Seen)? else { return Ok(()) };
    if let Some(members) = view.as_object_mut() {
        members.entry("product_name").or_insert_with(|| Value::from(product.row.name.clone()));
        members.entry("criteria_set").or_insert_with(|| Value::from(product.row.criteria_set.clone()));
        members.entry("description").or_insert_with(|| Value::from(product.row.description.clone()));
        members.entry("packaging").or_insert_with(|| Value::from(product.row.packaging.clone()));
    }
    Ok(())
}

pub static KIND: KindOfThing<Idea> = KindOfThing {
    title: label("Ý tưởng", "Ideas"),
    about: label(
        "Ý tưởng là bước đầu tiên: chủ thể đăng ký sản phẩm muốn đưa vào OCOP, xã xem xét và chuyển lên trên.",
        "An idea is the first step: a producer registers a product for OCOP, the commune considers it and sends it on.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/number", label("Số phiếu đăng ký", "Number of the sheet"), Writing::Text),
        field("/product_name", label("Tên sản phẩm", "Product"), Writing::Text),
        PRODUCER,
        field("/kind", label("Loại ý tưởng", "Kind"), Writing::Wording(KINDS)),
        CRITERIA_SET,
        field("/description", label("Mô tả", "Description"), Writing::Long),
        field("/target_value", label("Giá trị hướng tới mỗi năm", "Yearly value aimed at"), Writing::Money),
        field("/packaging", label("Bao bì, nhãn mác", "Packaging"), Writing::Long),
        field("/opinion", label("Ý kiến của xã", "The commune's opinion"), Writing::Long),
        YEAR,
        COMMUNE,
        DISTRICT,
        field("/submitted_at", label("Nộp lúc", "Handed in"), Writing::Moment),
        field("/late", label("Nộp muộn", "Late"), Writing::YesNo),
        CREATED,
    ],
    columns: &[STATE, PRODUCER, COMMUNE, field("/target_value", label("Giá trị", "Value"), Writing::Money), YEAR],
    filters: &[
        SEARCH,
        Input::new("state", label("Trạng thái", "State"), Asks::From(states)),
        UNIT,
        CYCLE,
        OF_SET,
        LATE,
    ],
    making: Some(Making { step: &CREATE, first: &[], inputs: FORM, beside: no_sides, begin }),
    steps: &[
        Step { step: &CHANGE, inputs: CHANGED },
        Step {
            step: &Receives { step: &ADD_PAPER, kinds: FileKind::PAPERS, check: |_| Ok(()) },
            inputs: &[Input::new(
                "file",
                label("Bản có chữ ký (PDF hoặc ảnh)", "Signed form (PDF or picture)"),
                Asks::File("application/pdf,image/jpeg,image/png"),
            )
            .required()],
        },
        Step { step: &SUBMIT, inputs: &[NOTE] },
        Step { step: &DISCARD, inputs: &[NOTE] },
        Step { step: &FORWARD, inputs: &[OPINION] },
        Step { step: &SELECT, inputs: &[NOTE] },
        Step { step: &ACCEPT, inputs: &[NOTE] },
        Step { step: &RETURN, inputs: &[REASON] },
        Step { step: &REJECT, inputs: &[REASON] },
    ],
    beside,
};
