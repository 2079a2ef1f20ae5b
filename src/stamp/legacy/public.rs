//! What an old code is answered: the product, and that it says nothing of the goods in hand.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{Message, Result, say};
use crate::http::{House, Problem, Refusals, Request};
use crate::product::attachment_store;
use crate::stamp::answer::{CertificateAnswer, ProducerAnswer, ProductAnswer, WordsAnswer};
use crate::stamp::legacy::known::spelled;
use crate::stamp::legacy::store::{self, Found};
use crate::stamp::public::{Asked, unknown_stamp};
use crate::stamp::rules::Certificate;
use crate::stamp::{Scanner, page, passport};

/// A product as an old code leads to it; there is no serial, and nothing is counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegacyAnswer {
    pub code: String,
    /// Always `legacy`.
    pub verdict: &'static str,
    pub words: WordsAnswer,
    pub product: ProductAnswer,
    pub producer: ProducerAnswer,
    /// Only while it is valid.
    pub certificate: Option<CertificateAnswer>,
}

fn title() -> Message {
    say("Mã của phần mềm cũ", "A code of earlier software")
}

fn rule() -> Message {
    say(
        "Mã nằm trong danh sách mã cũ do Văn phòng Điều phối tỉnh nhập; nó chỉ tới một sản phẩm, không tới một con tem.",
        "The code is on the list of old codes of the provincial office; it leads to a product, not to one stamp.",
    )
}

fn advice() -> Message {
    say(
        "Mã này in giống nhau trên mọi hàng nên không chứng minh được hàng thật. Hãy so bao bì với thông tin dưới đây và tìm tem \
         mới của tỉnh trên sản phẩm.",
        "This code is the same on all goods, so it does not prove that these are real. Compare the package with what is said \
         below, and look for the province's new stamp on it.",
    )
}

/// Answers a text that has not the shape of our codes: an old code, or 404 without a question to the database.
pub async fn answer(asked: &Asked, text: &str) -> Result<HttpResponse> {
    let code = spelled(text);
    if !asked.scanner.legacy().may_hold(&code) {
        return Err(unknown_stamp());
    }
    let (now, looked) = (asked.house.clock.now(), code.clone());
    let found = asked.house.database.read(move |connection| {
        let Some(found) = store::find(connection, &looked)? else { return Err(unknown_stamp()) };
        let certificate = passport::newest_certificates(connection, &[found.product])?.remove(&found.product);
        let picture = attachment_store::face(connection, found.product)?.map(|picture| picture.id);
        Ok((found, certificate.filter(|certificate| certificate.is_valid(now.day())), picture))
    });
    let (found, certificate, picture) = found.await?;
    let image = picture.map(|id| format!("{}/api/v1/pictures/{id}", asked.house.public_url));
    if asked.wants_page {
        let text = say(
            format!("{}, {}. {}", found.product_name, found.producer_name, advice().vi),
            format!("{}, {}. {}", found.product_name, found.producer_name, advice().en),
        );
        return Ok(asked.html(StatusCode::OK, page::notice(&title(), &text, asked.language)?));
    }
    Ok(asked.head(StatusCode::OK).json(shown(asked, code, found, certificate, image)))
}

fn shown(
    asked: &Asked,
    code: String,
    found: Found,
    certificate: Option<Certificate>,
    image: Option<String>,
) -> LegacyAnswer {
    let tell = |message: Message| asked.language.pick(&message).to_owned();
    LegacyAnswer {
        code,
        verdict: "legacy",
        words: WordsAnswer { title: tell(title()), rule: tell(rule()), advice: tell(advice()) },
        product: ProductAnswer {
            name: found.product_name,
            code: found.product_code,
            stars: certificate.as_ref().map(|certificate| certificate.stars),
            image,
            gtin: found.gtin,
            origin: found.origin,
            shelf_life: found.shelf_life,
            safety_warnings: found.safety_warnings,
        },
        producer: ProducerAnswer {
            name: found.producer_name,
            address: found.address,
            kind: found.kind,
            phone: found.public_phone.then_some(found.phone),
        },
        certificate: certificate.map(|certificate| CertificateAnswer {
            number: certificate.number,
            stars: certificate.stars,
            issued_on: certificate.issued_on,
            valid_until: certificate.valid_until,
        }),
    }
}

/// Looks an old address up: `?address=` with the text of the old QR.
#[utoipa::path(
    tag = "public", security(()), params(("address" = String, Query, description = "what the old QR says")),
    responses((status = 200, body = LegacyAnswer), Refusals)
)]
#[get("/public/legacy")]
pub async fn look_up(
    request: HttpRequest,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> std::result::Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &house, &scanner);
    let looked = async {
        let mut query = Request::without_body(&request).query();
        let address: Option<String> = query.take("address");
        query.finish()?;
        answer(&asked, &address.unwrap_or_default()).await
    };
    asked.settle(looked.await)
}
