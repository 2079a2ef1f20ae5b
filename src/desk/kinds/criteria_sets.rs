//! Criteria sets in the lists of the desk; one of them, and their import, are pages of their own (`desk/sets`).

use crate::criteria::SetRow;
use crate::criteria::steps::IMPORT;
use crate::desk::counter::{KindOfThing, Making, alone, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Asks, Input};
use crate::desk::kinds::cycles::{EDITIONS, editions};
use crate::desk::words::Wording;
use crate::station::label;

/// The groups of products, as the public pages call them.
const SECTORS: &[Wording] = &[
    ("food", label("Thực phẩm", "Food")),
    ("drink", label("Đồ uống", "Drinks")),
    ("herbal", label("Thảo dược", "Herbal products")),
    ("textile", label("Vải và may mặc", "Textiles and clothing")),
    ("craft", label("Lưu niệm, nội thất, trang trí", "Souvenirs, furnishings, decoration")),
    ("tourism", label("Dịch vụ du lịch", "Tourism services")),
    ("ornamental", label("Sinh vật cảnh", "Ornamental plants and animals")),
];

pub static KIND: KindOfThing<SetRow> = KindOfThing {
    title: label("Bộ tiêu chí", "Criteria sets"),
    about: label(
        "Mỗi nhóm sản phẩm có một bộ tiêu chí để tự chấm và để hội đồng chấm.",
        "Each group of products has its set, by which producers and councils score.",
    ),
    name: "/title",
    fields: &[
        field("/title", label("Tên", "Title"), Writing::Text),
        field("/code", label("Mã", "Code"), Writing::Text),
        field("/edition", label("Theo quyết định", "Under"), Writing::Wording(EDITIONS)),
        field("/version", label("Phiên bản", "Version"), Writing::Whole),
        field("/sector", label("Nhóm sản phẩm", "Group of products"), Writing::Wording(SECTORS)),
        field("/complete", label("Dùng để chấm được", "Can be scored with"), Writing::YesNo),
    ],
    columns: &[
        field("/code", label("Mã", "Code"), Writing::Text),
        field("/edition", label("Theo quyết định", "Under"), Writing::Wording(EDITIONS)),
        field("/version", label("Phiên bản", "Version"), Writing::Whole),
        field("/sector", label("Nhóm", "Group"), Writing::Wording(SECTORS)),
        field("/complete", label("Chấm được", "Can be scored with"), Writing::YesNo),
    ],
    filters: &[Input::new("edition", label("Theo quyết định", "Under"), Asks::From(editions))],
    // Its form is a page of its own: a set is a file.
    making: Some(Making { step: &IMPORT, first: &[], inputs: &[], beside: no_sides, begin: |_, _| Ok(()) }),
    steps: &[],
    beside: alone,
};
