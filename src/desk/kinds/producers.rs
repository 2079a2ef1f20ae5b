//! Producers on the desk.

use serde_json::Value;

use crate::account::{Role, Work};
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, DISTRICT, SEARCH, UNIT};
use crate::desk::words::{Wording, said};
use crate::producer::Producer;
use crate::producer::steps::{CHANGE, CREATE};
use crate::product::Product;
use crate::product::store::ProductFilter;
use crate::station::{Listed, Stretch, label};

pub const KINDS: &[Wording] = &[
    ("enterprise", label("Doanh nghiệp", "Enterprise")),
    ("cooperative", label("Hợp tác xã", "Cooperative")),
    ("cooperative_group", label("Tổ hợp tác", "Cooperative group")),
    ("household", label("Hộ kinh doanh", "Household")),
    ("farm", label("Trang trại", "Farm")),
    ("association", label("Hiệp hội, hội", "Association")),
    ("operating_centre", label("Trung tâm điều hành", "Operating centre")),
];

const OFFICERS: &[Role] = &[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer];

const MEMBER: &[Input] = &[
    Input::new("name", label("Họ và tên", "Name"), Asks::Line).required(),
    Input::new("identity_number", label("Số căn cước", "Identity number"), Asks::Line),
];

pub const NAME: Input = Input::new("name", label("Tên chủ thể", "Name of the producer"), Asks::Line).required();
pub const KIND_OF_IT: Input = Input::new("kind", label("Loại hình", "Kind"), Asks::OneOf(KINDS)).required();
pub const NUMBER: Input = Input::new(
    "identity_number",
    label("Mã số doanh nghiệp hoặc số căn cước", "Business or identity number"),
    Asks::Line,
)
.required();
pub const IN_COMMUNE: Input = Input::new("commune_code", label("Xã", "Commune"), Asks::Commune).required();
pub const ADDRESS: Input = Input::new("address", label("Địa chỉ", "Address"), Asks::Line).required();
pub const REPRESENTATIVE: Input =
    Input::new("representative", label("Người đại diện", "Representative"), Asks::Line).required();
pub const PHONE: Input = Input::new("phone", label("Điện thoại", "Phone"), Asks::Phone).required();
pub const PUBLIC_PHONE: Input = Input::new(
    "public_phone",
    label("Cho hiện số điện thoại trên trang công khai", "Show the phone on public pages"),
    Asks::Check,
);
pub const EMAIL: Input = Input::new("email", label("Thư điện tử", "E-mail"), Asks::Line);
/// Who reads and writes what is sensitive of a representative, as [`crate::producer::rules::reads_sensitive`] has it.
const KEEPERS: &[Role] = &[Role::Producer, Role::CommuneOfficer, Role::ProvincialOfficer];

pub const SEXES: &[Wording] = &[("female", label("Nữ", "Female")), ("male", label("Nam", "Male"))];

fn sexes(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, SEXES))
}

pub const SEX: Input = Input::new("representative_sex", label("Giới tính của người đại diện", "Sex of the representative"), Asks::From(sexes))
    .clearing()
    .only(KEEPERS)
    .hint(label(
        "Không bắt buộc. Mẫu 02 và mẫu 03 của Quyết định 26/2026/QĐ-TTg có mục này; chỉ in vào hai mẫu đó, không công khai.",
        "Not needed. Forms 02 and 03 of 26/2026/QĐ-TTg ask for it; it is printed there and shown to nobody else.",
    ));
pub const ETHNICITY: Input = Input::new(
    "representative_ethnicity",
    label("Dân tộc của người đại diện", "Ethnicity of the representative"),
    Asks::Line,
)
.clearing()
.only(KEEPERS)
.hint(label(
    "Không bắt buộc, là dữ liệu cá nhân nhạy cảm: chỉ để in vào mẫu 02 và mẫu 03, chủ thể có thể xóa bất cứ lúc nào.",
    "Not needed; it is sensitive personal data: printed in forms 02 and 03 only, and the producer can clear it at any time.",
));
pub const MEMBERS: Input = Input::new("members", label("Thành viên", "Members"), Asks::Rows(MEMBER, 2)).or_empty();

/// Its products; and for the commune, what it may bring in on its behalf.
fn beside(work: &mut Work, producer: &Producer, _: &Value) -> Result<Vec<Beside>> {
    let mut beside = Vec::new();
    let filter = ProductFilter { producer_id: Some(producer.id), ..ProductFilter::default() };
    let products = Product::list(work, &filter, &Stretch::first(100))?;
    if !products.is_empty() {
        let mut own = Beside::new(label("Sản phẩm", "Products"));
        let link = |product: Product| (format!("/desk/products/{}", product.row.id), product.row.name);
        own.links = products.into_iter().map(link).collect();
        beside.push(own);
    }
    if work.actor.is(&[Role::CommuneOfficer]) {
        let mut on_behalf = Beside::new(label("Làm thay chủ thể", "On the producer's behalf"));
        let text = said(work.language, crate::idea::steps::CREATE.label).to_owned();
        on_behalf.links.push((format!("/desk/ideas/new?producer_id={}", producer.id), text));
        beside.push(on_behalf);
    }
    Ok(beside)
}

pub static KIND: KindOfThing<Producer> = KindOfThing {
    title: label("Chủ thể", "Producers"),
    about: label(
        "Chủ thể là doanh nghiệp, hợp tác xã, tổ hợp tác hay hộ kinh doanh tham gia OCOP.",
        "A producer is an enterprise, cooperative, group or household that takes part in OCOP.",
    ),
    name: "/name",
    fields: &[
        field("/name", label("Tên", "Name"), Writing::Text),
        field("/kind", label("Loại hình", "Kind"), Writing::Wording(KINDS)),
        field("/identity_number", label("Mã số", "Identity number"), Writing::Text),
        field("/representative", label("Người đại diện", "Representative"), Writing::Text),
        field("/representative_sex", label("Giới tính", "Sex"), Writing::Wording(SEXES)),
        field("/representative_ethnicity", label("Dân tộc", "Ethnicity"), Writing::Text),
        field("/address", label("Địa chỉ", "Address"), Writing::Text),
        COMMUNE,
        DISTRICT,
        field("/phone", label("Điện thoại", "Phone"), Writing::Text),
        field("/public_phone", label("Hiện số điện thoại", "Phone is public"), Writing::YesNo),
        field("/email", label("Thư điện tử", "E-mail"), Writing::Text),
        CREATED,
    ],
    columns: &[
        field("/kind", label("Loại hình", "Kind"), Writing::Wording(KINDS)),
        COMMUNE,
        field("/representative", label("Người đại diện", "Representative"), Writing::Text),
        field("/phone", label("Điện thoại", "Phone"), Writing::Text),
    ],
    filters: &[SEARCH, UNIT],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            NAME,
            KIND_OF_IT,
            NUMBER,
            IN_COMMUNE,
            ADDRESS,
            REPRESENTATIVE,
            PHONE,
            PUBLIC_PHONE,
            EMAIL,
            SEX,
            ETHNICITY,
            MEMBERS,
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[Step {
        step: &CHANGE,
        inputs: &[
            NAME.only(OFFICERS),
            KIND_OF_IT.only(OFFICERS),
            NUMBER.only(OFFICERS),
            IN_COMMUNE.only(OFFICERS),
            ADDRESS,
            REPRESENTATIVE,
            PHONE,
            PUBLIC_PHONE,
            EMAIL.clearing(),
            SEX,
            ETHNICITY,
            MEMBERS.only(OFFICERS),
        ],
    }],
    beside,
};
