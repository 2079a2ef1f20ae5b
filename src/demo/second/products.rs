//! A product of the second example on its way, and what its dossier holds.

use std::collections::BTreeMap;

use strum::IntoEnumIterator;

use crate::base::id::{CycleId, DocumentId, DossierId, ProductId};
use crate::base::{Day, Error, Moment, Result, Stars, Vnd};
use crate::criteria;
use crate::cycle::{Cycle, DossierKind};
use crate::demo::councils;
use crate::demo::road::{self, millions};
use crate::demo::scoring::{self, Least};
use crate::demo::second::cast::{Cast, Producer};
use crate::demo::stage::{Stage, on};
use crate::demo::stamps::Goods;
use crate::dossier::commune_steps::{CommuneReportForm, FORWARD};
use crate::dossier::sample_steps::{RECEIVE_SAMPLES, SamplesForm};
use crate::dossier::statements::{Section, SelfReport, Statement, Statements, YearlyFigure};
use crate::dossier::steps::DossierChange;
use crate::dossier::{self, Dossier, DossierRow};
use crate::files::{Arrived, DocumentKind, FileKind, Folder};
use crate::idea::IdeaRow;
use crate::idea::rules::{IdeaVerb, Kind};
use crate::idea::steps::IdeaForm;
use crate::product;
use crate::product::rules::DocumentForm;
use crate::station::{Order, Uploaded, apply, find};

/// What a product is, before it is one.
#[derive(Clone, Copy)]
pub struct Kindred {
    /// The place of its producer in the cast.
    pub producer: usize,
    pub name: &'static str,
    pub criteria_set: &'static str,
}

/// A [`Kindred`] as the tables write it.
pub const fn kindred(producer: usize, name: &'static str, criteria_set: &'static str) -> Kindred {
    Kindred { producer, name, criteria_set }
}

/// A product with its dossier of a year.
#[derive(Clone)]
pub struct Entrant {
    pub kindred: Kindred,
    pub producer: Producer,
    pub product: ProductId,
    pub dossier: DossierId,
}

impl Entrant {
    fn of(kindred: Kindred, producer: &Producer, dossier: &DossierRow) -> Self {
        Self { kindred, producer: producer.clone(), product: dossier.product_id, dossier: dossier.id }
    }

    pub fn goods(&self) -> Goods<'_> {
        Goods { producer: &self.producer.actor, product: self.product }
    }
}

/// The form of an idea; of a product that is to be raised or rated again, where one is named.
pub fn idea_form(cycle: CycleId, producer: &Producer, of: Kindred, product: Option<ProductId>) -> Result<IdeaForm> {
    let Kindred { name, criteria_set, .. } = of;
    Ok(IdeaForm {
        cycle_id: cycle,
        producer_id: None,
        kind: if product.is_some() { Kind::Upgrade } else { Kind::New },
        product_id: product,
        product_name: format!("{name} {}", producer.brand),
        criteria_set: criteria_set.to_owned(),
        description: format!("{name} của {}, làm từ nguyên liệu tại chỗ.", producer.commune_name),
        target_value: millions(450)?,
        packaging: "Túi và hộp giấy có nhãn.".into(),
    })
}

/// Hands an idea in and takes it through the steps that its edition has.
pub fn accepted_idea(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    of: Kindred,
    product: Option<ProductId>,
    registered: Moment,
) -> Result<IdeaRow> {
    let producer = cast.producer(of.producer)?;
    let form = idea_form(cycle.id, producer, of, product)?;
    let idea = road::registered_idea(stage, &producer.actor, form, registered)?;
    let has_select = has_districts(cycle)?;
    let verbs: &[IdeaVerb] = if has_select {
        &[IdeaVerb::Forward, IdeaVerb::Select, IdeaVerb::Accept]
    } else {
        &[IdeaVerb::Forward, IdeaVerb::Accept]
    };
    road::go(stage, cast.way(producer, has_select)?, idea, verbs, registered)
}

/// Whether districts had a part in the edition of a cycle.
fn has_districts(cycle: &Cycle) -> Result<bool> {
    Ok(cycle.edition.edition()?.stages.len() > 1)
}

/// A product whose plan was approved on a day, three weeks after its idea: its dossier is open.
pub fn entered(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    of: Kindred,
    product: Option<ProductId>,
    approved: Day,
) -> Result<Entrant> {
    let idea = accepted_idea(stage, cast, cycle, of, product, on(approved.plus_days(-16), 0))?;
    let producer = cast.producer(of.producer)?;
    let money = road::finance(stage, cycle.year, [900, 200, 30, 250])?;
    let way = cast.way(producer, has_districts(cycle)?)?;
    let dossier = road::plan_approved(stage, way, &idea, money, approved)?;
    stage.done();
    Ok(Entrant::of(of, producer, &dossier))
}

/// Fills a dossier as its kind asks for it, and hands it in.
pub fn handed_in(stage: &mut Stage, entrant: &Entrant, at: Moment) -> Result<()> {
    fill(stage, entrant, at)?;
    councils::hand_in(stage, &entrant.producer.actor, entrant.dossier, at)
}

fn fill(stage: &mut Stage, entrant: &Entrant, at: Moment) -> Result<()> {
    let dossier: Dossier = find(&mut stage.work(&entrant.producer.actor, at), &entrant.dossier)?;
    let set = criteria::store::latest(stage.connection, entrant.kindred.criteria_set, dossier.cycle.edition)?;
    let set = set.ok_or_else(|| Error::internal("a product of the demo without its criteria set"))?.tree.0;
    let least = Stars::new(3).map_or(Least::Any, Least::MetThrough);
    let total = i32::try_from(stage.chance.between(66, 78)).map_err(Error::internal)?;
    let marks = scoring::sheet(&set, set.case_of(entrant.producer.kind), total, least, &mut stage.chance)?;
    let mut change =
        DossierChange { self_marks: Some(Some(marks)), report: Some(Some(report())), ..DossierChange::default() };
    let registration = document(stage, entrant, DocumentKind::BusinessRegistration, at)?;
    let mut documents = vec![registration];
    let kind = dossier.kind(at.day());
    if matches!(kind, Some(DossierKind::Upgrade | DossierKind::Again)) {
        let test = document(stage, entrant, DocumentKind::FoodSafetyTest, at)?;
        documents.push(test);
        if kind == Some(DossierKind::Upgrade) {
            change.changes = Some(Some(changes(test)));
        } else {
            change.updates = Some(Some(updates(registration, test)));
            change.yearly_figures = Some(Some(yearly(at.day().year())?));
        }
    }
    change.documents = Some(Some(documents));
    let work = &mut stage.work(&entrant.producer.actor, at);
    apply(work, &dossier::steps::CHANGE, &entrant.dossier, Order::given(change))
}

fn report() -> SelfReport {
    SelfReport {
        history: Some("Nghề của làng từ nhiều đời, thành lập cơ sở để làm theo nhóm.".into()),
        organisation: Some("Một người đại diện, ba tổ sản xuất, lao động tại chỗ.".into()),
        results: Some("Sản lượng tăng đều, bán tại tỉnh và trên mạng.".into()),
        plans: Some("Mở rộng vùng nguyên liệu, hoàn thiện bao bì.".into()),
    }
}

fn changes(test: DocumentId) -> Statements {
    let told = |text: &str| Statement { text: text.to_owned(), evidence: vec![test] };
    BTreeMap::from([
        (Section::Technology, told("Thêm máy sấy lạnh, kiểm nghiệm lại sau khi đổi công nghệ.")),
        (Section::Market, told("Có thêm hợp đồng với hai chuỗi cửa hàng ngoài tỉnh.")),
    ])
}

/// What is new in every section, also that nothing is.
fn updates(registration: DocumentId, test: DocumentId) -> Statements {
    let told = |section| {
        let (text, evidence) = match section {
            Section::Tests => ("Kiểm nghiệm định kỳ đạt các chỉ tiêu.", vec![test]),
            Section::Papers => ("Giấy đăng ký kinh doanh còn hiệu lực.", vec![registration]),
            Section::Market => ("Có thêm hai điểm bán ngoài tỉnh.", Vec::new()),
            _ => ("Không thay đổi.", Vec::new()),
        };
        (section, Statement { text: text.to_owned(), evidence })
    };
    Section::iter().map(told).collect()
}

/// The whole years since a certificate of three years ago.
fn yearly(year: i32) -> Result<Vec<YearlyFigure>> {
    let figure = |(back, output): (i32, i64)| {
        let revenue: Vnd = millions(output / 10)?;
        Ok(YearlyFigure { year: year.saturating_sub(back), output, unit: "hộp".into(), revenue })
    };
    [(2, 5200), (1, 6100)].into_iter().map(figure).collect()
}

/// A document of a product: one page that says that it stands for one.
fn document(stage: &mut Stage, entrant: &Entrant, kind: DocumentKind, at: Moment) -> Result<DocumentId> {
    let folder = Folder::of(&stage.app().data_dir);
    let file = Arrived::kept(&folder, &page(), FileKind::Pdf, format!("{}.pdf", kind.as_ref()))?;
    let fields = DocumentForm {
        kind,
        number: Some("01/MH".into()),
        issued_by: Some("Cơ quan cấp (minh họa)".into()),
        issued_on: Some(at.day().plus_days(-30)),
        valid_until: None,
    };
    let form = Uploaded { fields, file };
    let work = &mut stage.work(&entrant.producer.actor, at);
    apply(work, &product::steps::ADD_DOCUMENT, &entrant.product, Order::given(form))
}

/// A PDF of one page.
fn page() -> Vec<u8> {
    let text = "BT /F 18 Tf 72 720 Td (Minh hoa: giay to cua ban trinh dien / a paper of the demo) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut written = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push_str(&format!("{:010} 00000 n \n", written.len()));
        written.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = written.len();
    written.push_str(&format!(
        "xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    ));
    written.into_bytes()
}

/// The commune reports on a dossier (form 03) and sends it on.
pub fn forwarded(stage: &mut Stage, cast: &Cast, entrant: &Entrant, at: Moment) -> Result<()> {
    let form = CommuneReportForm {
        local_material: "Nguyên liệu mua của các hộ trong xã, có hợp đồng.".into(),
        local_labour: "Lao động của xã chiếm phần lớn.".into(),
        origin_of_idea: "Ý tưởng từ nghề sẵn có của địa phương.".into(),
        local_identity: "Gắn với nếp làm và tên đất của xã.".into(),
        completeness: "Hồ sơ đủ thành phần.".into(),
        letter_number: "45/UBND-KT".into(),
        letter_date: at.day(),
    };
    let commune = cast.commune(&entrant.producer.commune)?;
    apply(&mut stage.work(commune, at), &FORWARD, &entrant.dossier, Order::given(form))
}

/// The office receives the sample units of a dossier.
pub fn samples_received(stage: &mut Stage, cast: &Cast, entrant: &Entrant, at: Moment) -> Result<()> {
    let form =
        SamplesForm { units: 5, received_on: at.day(), kept_at: "Kho mẫu của Văn phòng điều phối".into() };
    apply(&mut stage.work(&cast.office, at), &RECEIVE_SAMPLES, &entrant.dossier, Order::given(form))
}
