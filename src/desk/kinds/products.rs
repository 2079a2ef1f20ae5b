//! Products on the desk, with their pictures and documents.

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::account::{Caller, Role, Upload, Work};
use crate::base::Result;
use crate::base::id::ProductId;
use crate::desk::counter::{Beside, KindOfThing, Press, Receives, Step, needs_a_file};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::passports;
use crate::desk::kinds::sources::{
    COMMUNE, CREATED, CRITERIA_SET, CUT_BOTTOM, CUT_LEFT, CUT_RIGHT, CUT_TOP, DISTRICT, OF_SET, PRODUCER,
    QUARTER_TURNS, SEARCH, UNIT, member,
};
use crate::desk::words::said;
use crate::files::{DocumentKind, FileKind, StoredFile};
use crate::http::{Answer, PathParam, Problem};
use crate::lot::document_removal::REMOVE_DOCUMENT;
use crate::page::words::number;
use crate::product::attachment_store::Document;
use crate::product::rules::DocumentForm;
use crate::product::steps::{
    ADD_DOCUMENT, ADD_PICTURE, CHANGE, MOST_ELSEWHERE, MOVE_PICTURE, REMOVE_PICTURE, REUSE_DOCUMENT, TURN_PICTURE,
};
use crate::product::{self, Product, attachment_store, picture_api};
use crate::stamp::limits;
use crate::station::{Described, NoFields, label};

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
    if work.must_see(&product.row.home()).is_ok() {
        beside.extend(passports::of_product(work, &product.row)?);
        beside.extend(trade(work, product)?);
    }
    Ok(beside)
}

/// Its lots, its stamps, and how many of these it may have.
fn trade(work: &mut Work, product: &Product) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let id = product.row.id;
    let mut goods = Beside::new(label("Lô hàng và tem", "Lots and stamps"));
    if work.actor.producer == Some(product.row.producer_id) {
        goods.links.push((format!("/desk/lots/new?product_id={id}"), say("Ghi lô hàng", "Record a lot")));
        goods.links.push((format!("/desk/stamp-orders/new?product_id={id}"), say("Đặt tem", "Order stamps")));
    }
    goods.links.push((format!("/desk/stamp-orders?product_id={id}"), say("Các đơn tem", "Orders of stamps")));
    if work.actor.is(&[Role::Inspector, Role::ProvincialOfficer]) {
        let text = say("Tạm đình chỉ sản phẩm này", "Place a hold on this product");
        goods.links.push((format!("/desk/holds/new?product_id={id}"), text));
    }
    let limits = limits::api::answers(work.connection, id, 0, 20)?;
    let row = |limit: &limits::api::LimitAnswer| {
        let told = [limit.stamps, limit.ordered, limit.left].map(|count| number(language, count));
        std::iter::once(limit.year.to_string()).chain(told).collect()
    };
    if !limits.is_empty() {
        let heads = vec![
            say("Năm", "Year"),
            say("Hạn mức tem", "Stamps at most"),
            say("Đã đặt", "Ordered"),
            say("Còn", "Left"),
        ];
        goods.table = Some((heads, limits.iter().map(row).collect()));
    }
    Ok(vec![goods])
}

/// A picture, which is made smaller before it is kept.
struct AddPicture;

impl Press<Product> for AddPicture {
    fn name(&self) -> &'static str {
        Described::name(&ADD_PICTURE)
    }

    fn press(&'static self, _: Caller, _: PathParam<ProductId>) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        needs_a_file()
    }

    fn receive(
        &'static self,
        upload: Upload,
        key: PathParam<ProductId>,
    ) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>> {
        let answer = |_: &mut Work, _| Ok(Answer::nothing());
        let check = |_: &NoFields| Ok(());
        Some(Box::pin(upload.take_prepared(&ADD_PICTURE, key, FileKind::PICTURES, check, picture_api::keep, answer)))
    }
}

/// The new picture is made before the step is taken.
struct TurnPicture;

impl Press<Product> for TurnPicture {
    fn name(&self) -> &'static str {
        Described::name(&TURN_PICTURE)
    }

    fn press(
        &'static self,
        caller: Caller,
        key: PathParam<ProductId>,
    ) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.take_prepared(&TURN_PICTURE, key, picture_api::turned))
    }
}

/// The pictures, as they stand on the page.
fn pictures(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(product) = member::<ProductId>(view, "id") else { return Ok(Vec::new()) };
    let pictures = attachment_store::list_pictures(work.connection, product, None, 20)?;
    let what = crate::desk::words::said(work.language, label("Ảnh", "Picture"));
    let told = pictures.iter().enumerate();
    Ok(told.map(|(place, picture)| Alternative::new(picture.id.to_string(), format!("{what} {}", place + 1))).collect())
}

/// The documents, each by its kind and file.
fn documents(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(product) = member::<ProductId>(view, "id") else { return Ok(Vec::new()) };
    let found = attachment_store::list_documents(work.connection, product, None, None, 100)?;
    let language = work.language;
    let told = |(document, file): &(Document, StoredFile)| {
        Alternative::new(document.id.to_string(), format!("{}: {}", language.pick(&document.kind.name()), file.name))
    };
    Ok(found.iter().map(told).collect())
}

fn document_kinds(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let language = work.language;
    let told = |kind: DocumentKind| Alternative::new(kind.as_ref(), language.pick(&kind.name()));
    Ok(<DocumentKind as strum::IntoEnumIterator>::iter().map(told).collect())
}

/// What the producer's other products have and this one lacks.
fn elsewhere(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let product = match member::<ProductId>(view, "id") {
        Some(id) => product::store::find(work.connection, id)?,
        None => None,
    };
    let Some(product) = product else { return Ok(Vec::new()) };
    let found = attachment_store::documents_elsewhere(work.connection, &product, MOST_ELSEWHERE)?;
    let language = work.language;
    let told = |(document, file): &(Document, StoredFile)| {
        Alternative::new(document.id.to_string(), format!("{}: {}", language.pick(&document.kind.name()), file.name))
    };
    Ok(found.iter().map(told).collect())
}

pub static KIND: KindOfThing<Product> = KindOfThing {
    title: label("Sản phẩm", "Products"),
    about: label(
        "Sản phẩm có từ khi phương án của nó được duyệt.",
        "A product is there from the approval of its plan on.",
    ),
    name: "/name",
    fields: &[
        field("/code", label("Mã sản phẩm", "Code"), Writing::Text),
        field("/name", label("Tên", "Name"), Writing::Text),
        PRODUCER,
        CRITERIA_SET,
        field("/description", label("Mô tả", "Description"), Writing::Long),
        field("/story", label("Câu chuyện sản phẩm", "Story"), Writing::Long),
        field("/packaging", label("Bao bì, nhãn mác", "Packaging"), Writing::Long),
        field("/gtin", label("Mã vạch (GTIN)", "GTIN"), Writing::Text),
        field("/origin", label("Xuất xứ", "Origin"), Writing::Text),
        field("/shelf_life", label("Hạn sử dụng", "Shelf life"), Writing::Text),
        field("/safety_warnings", label("Cảnh báo an toàn", "Safety warnings"), Writing::Long),
        COMMUNE,
        DISTRICT,
        CREATED,
    ],
    columns: &[field("/code", label("Mã", "Code"), Writing::Text), PRODUCER, COMMUNE, CRITERIA_SET],
    filters: &[SEARCH, UNIT, OF_SET],
    making: None,
    steps: &[
        Step {
            step: &AddPicture,
            inputs: &[Input::new(
                "file",
                label("Ảnh (JPEG hoặc PNG)", "Picture (JPEG or PNG)"),
                Asks::File("image/jpeg,image/png"),
            )
            .required()],
        },
        Step {
            step: &TurnPicture,
            inputs: &[
                Input::new("picture_id", label("Ảnh", "Picture"), Asks::From(pictures)).required(),
                QUARTER_TURNS,
                CUT_LEFT,
                CUT_TOP,
                CUT_RIGHT,
                CUT_BOTTOM,
            ],
        },
        Step {
            step: &MOVE_PICTURE,
            inputs: &[
                Input::new("picture_id", label("Ảnh", "Picture"), Asks::From(pictures)).required(),
                Input::new("place", label("Đứng thứ mấy", "Its place"), Asks::Whole)
                    .required()
                    .hint(label("Ảnh thứ nhất đại diện cho sản phẩm.", "The first picture stands for the product.")),
            ],
        },
        Step {
            step: &REMOVE_PICTURE,
            inputs: &[Input::new("picture_id", label("Ảnh", "Picture"), Asks::From(pictures)).required()],
        },
        Step {
            step: &REMOVE_DOCUMENT,
            inputs: &[Input::new("document_id", label("Tài liệu", "Document"), Asks::From(documents)).required()],
        },
        Step {
            step: &Receives { step: &ADD_DOCUMENT, kinds: FileKind::DOCUMENTS, check: DocumentForm::check },
            inputs: &[
                Input::new("kind", label("Loại giấy tờ", "Kind of document"), Asks::From(document_kinds)).required(),
                Input::new("number", label("Số", "Number"), Asks::Line),
                Input::new("issued_by", label("Nơi cấp", "Issued by"), Asks::Line),
                Input::new("issued_on", label("Ngày cấp", "Issued on"), Asks::Day),
                Input::new("valid_until", label("Có giá trị đến hết ngày", "Valid until"), Asks::Day),
                Input::new(
                    "file",
                    label("Tệp (PDF, ảnh, DOCX, XLSX)", "File (PDF, picture, DOCX, XLSX)"),
                    Asks::File(""),
                )
                .required(),
            ],
        },
        Step {
            step: &REUSE_DOCUMENT,
            inputs: &[Input::new(
                "document_id",
                label("Giấy tờ của sản phẩm khác", "A document of another product"),
                Asks::From(elsewhere),
            )
            .required()
            .hint(label(
                "Giấy tờ đã nộp cho sản phẩm khác của chủ thể thì không cần nộp lại.",
                "What was uploaded for another product of the producer need not be uploaded again.",
            ))],
        },
        Step {
            step: &limits::steps::SET,
            inputs: &[
                Input::new("year", label("Năm", "Year"), Asks::Whole).required(),
                Input::new("stamps", label("Số tem nhiều nhất trong năm", "Stamps at most in the year"), Asks::Whole)
                    .clearing()
                    .hint(label("Để trống để bỏ hạn mức của năm.", "Empty lifts the limit of the year.")),
            ],
        },
        Step {
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
        },
    ],
    beside,
};
