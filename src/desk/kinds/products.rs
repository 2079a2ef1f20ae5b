//! Products on the desk, with their pictures and documents.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, Kind, Step};
use crate::desk::field::{Shape, field};
use crate::desk::input::{Asks, Input};
use crate::desk::kinds::sources::{COMMUNE, CREATED, DISTRICT, PRODUCER, SEARCH, UNIT};
use crate::product::steps::CHANGE;
use crate::product::{Product, attachment_store};
use crate::station::label;

/// Its pictures, and its documents.
fn beside(work: &mut Work, product: &Product, view: &Value) -> Result<Vec<Beside>> {
    let name = view.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut beside = Vec::new();
    let pictures = attachment_store::list_pictures(work.connection, product.row.id, None, 20)?;
    if !pictures.is_empty() {
        let mut shown = Beside::new(label("Ảnh", "Pictures"));
        let picture = |(place, picture): (usize, &attachment_store::Picture)| {
            (format!("{}?size=medium", crate::product::picture::address(picture.id)), format!("{name} ({})", place + 1))
        };
        shown.pictures = pictures.iter().enumerate().map(picture).collect();
        beside.push(shown);
    }
    let documents = attachment_store::list_documents(work.connection, product.row.id, None, None, 100)?;
    if !documents.is_empty() {
        let language = work.language;
        let mut papers = Beside::new(label("Giấy tờ", "Documents"));
        papers.links = documents
            .iter()
            .map(|(document, file)| {
                let what = document.kind.name();
                (format!("/desk/documents/{}/content", document.id), format!("{}: {}", language.pick(&what), file.name))
            })
            .collect();
        beside.push(papers);
    }
    Ok(beside)
}

pub static KIND: Kind<Product> = Kind {
    title: label("Sản phẩm", "Products"),
    about: label(
        "Sản phẩm có từ khi phương án của nó được duyệt.",
        "A product is there from the approval of its plan on.",
    ),
    name: "/name",
    fields: &[
        field("/code", label("Mã sản phẩm", "Code"), Shape::Text),
        field("/name", label("Tên", "Name"), Shape::Text),
        PRODUCER,
        field("/criteria_set", label("Bộ tiêu chí", "Criteria set"), Shape::Text),
        field("/description", label("Mô tả", "Description"), Shape::Long),
        field("/story", label("Câu chuyện sản phẩm", "Story"), Shape::Long),
        field("/packaging", label("Bao bì, nhãn mác", "Packaging"), Shape::Long),
        field("/gtin", label("Mã vạch (GTIN)", "GTIN"), Shape::Text),
        field("/origin", label("Xuất xứ", "Origin"), Shape::Text),
        field("/shelf_life", label("Hạn sử dụng", "Shelf life"), Shape::Text),
        field("/safety_warnings", label("Cảnh báo an toàn", "Safety warnings"), Shape::Long),
        COMMUNE,
        DISTRICT,
        CREATED,
    ],
    columns: &[field("/code", label("Mã", "Code"), Shape::Text), PRODUCER, COMMUNE],
    filters: &[SEARCH, UNIT],
    making: None,
    steps: &[Step {
        step: &CHANGE,
        inputs: &[
            Input::new("description", label("Mô tả", "Description"), Asks::Lines).or_empty(),
            Input::new("story", label("Câu chuyện sản phẩm", "Story"), Asks::Lines).or_empty(),
            Input::new("packaging", label("Bao bì, nhãn mác", "Packaging"), Asks::Lines).or_empty(),
            Input::new("gtin", label("Mã vạch (GTIN)", "GTIN"), Asks::Line).clearing(),
            Input::new("origin", label("Xuất xứ", "Origin"), Asks::Line).clearing(),
            Input::new("shelf_life", label("Hạn sử dụng", "Shelf life"), Asks::Line).clearing(),
            Input::new("safety_warnings", label("Cảnh báo an toàn", "Safety warnings"), Asks::Lines).clearing(),
        ],
    }],
    beside,
};
