//! GS1 Digital Link: `/01/{gtin}` with lot and serial leads on, to the stamp's page where the serial is a stamp's code,
//! else to the product; a linkset (RFC 9264) says what there is.

use actix_web::http::header::{ACCEPT, CONTENT_TYPE, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::base::{Error, Kind, Result, say};
use crate::epcis::names::{Names, escaped};
use crate::http::request::{PathParts, names_html};
use crate::http::{App, Problem, Query, Refusals};
use crate::product::ProductRow;
use crate::product::rules::Gtin;
use crate::product::store as products;
use crate::stamp::Scanner;

const LINKSET: &str = "application/linkset+json";
const VOCABULARY: &str = "https://ref.gs1.org/voc/";

/// What somebody is led to by a Digital Link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "camelCase")]
pub enum LinkType {
    /// The product's information page.
    Pip,
    /// The stamp's page, where a serial is given.
    Traceability,
    /// The points of sale that have it.
    HasRetailers,
}

/// The parts of a Digital Link.
#[derive(Debug, Deserialize)]
pub struct Spelled {
    gtin: String,
    #[serde(default)]
    lot: Option<String>,
    #[serde(default)]
    serial: Option<String>,
}

/// What a request names.
struct Named {
    gtin: Gtin,
    product: ProductRow,
    lot: Option<String>,
    /// The proper spelling of a stamp's code.
    stamp: Option<String>,
    serial: Option<String>,
}

impl Named {
    /// The address by which it was named, in its proper spelling.
    fn anchor(&self, names: &Names) -> String {
        let part = |qualifier: &str, value: &Option<String>| {
            value.as_ref().map_or_else(String::new, |value| format!("/{qualifier}/{}", escaped(value)))
        };
        format!("{}{}{}", names.product(&self.gtin), part("10", &self.lot), part("21", &self.serial))
    }

    /// People are led to pages, programs to what they can read.
    fn target(&self, names: &Names, to: LinkType, wants_page: bool) -> Option<String> {
        let origin = names.origin();
        let code = escaped(&self.product.code);
        match to {
            LinkType::Pip if wants_page => Some(format!("{origin}/products/{code}")),
            LinkType::HasRetailers if wants_page => Some(format!("{origin}/shops?product={code}")),
            LinkType::Pip => Some(format!("{origin}/api/v1/public/products/{}", self.product.id)),
            LinkType::Traceability => self.stamp.as_ref().map(|code| format!("{origin}/t/{code}")),
            LinkType::HasRetailers => Some(format!("{origin}/api/v1/public/shops?product_id={}", self.product.id)),
        }
    }

    /// Where those are led who ask for nothing else.
    fn default_target(&self, names: &Names, wants_page: bool) -> Option<String> {
        self.target(names, LinkType::Traceability, wants_page).or_else(|| self.target(names, LinkType::Pip, wants_page))
    }
}

async fn named(app: &App, scanner: &Scanner, parts: PathParts<Spelled>) -> Result<Named> {
    let Spelled { gtin, lot, serial } = parts.get()?;
    let gtin = Gtin::read(&gtin).ok_or_else(|| {
        Error::refused(
            Kind::Malformed,
            "malformed_gtin",
            say(
                "GTIN có 8, 12, 13 hoặc 14 chữ số với số kiểm tra đúng.",
                "A GTIN has 8, 12, 13 or 14 digits, and the last one checks the others.",
            ),
        )
    })?;
    let asked = gtin.clone();
    let product = app.database.read(move |connection| products::of_gtin(connection, asked)).await?;
    let product = product.ok_or_else(|| {
        let detail = say("Không có sản phẩm nào mang GTIN này.", "No product here has this GTIN.");
        Error::refused(Kind::Unknown, "unknown_gtin", detail)
    })?;
    let stamp = serial.as_deref().and_then(|serial| scanner.mint().read(serial)).map(|(code, _)| code.to_string());
    Ok(Named { gtin, product, lot, stamp, serial })
}

fn wants_linkset(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|range| range.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(LINKSET)))
}

async fn lead(
    request: HttpRequest,
    parts: PathParts<Spelled>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let named = named(&app, &scanner, parts).await?;
    let names = Names::new(&app.public_url);
    let asked: Option<String> = Query::parse(request.query_string()).take("linkType");
    let asked = asked.map(|asked| asked.trim_start_matches("gs1:").trim_start_matches(VOCABULARY).to_owned());
    if wants_linkset(&request) || matches!(asked.as_deref(), Some("linkset" | "all")) {
        return Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, LINKSET))
            .insert_header((VARY, "Accept"))
            .body(linkset(&named, &names).to_string()));
    }
    let wants_page = names_html(request.headers());
    let target = match asked.as_deref() {
        None | Some("defaultLink") => named.default_target(&names, wants_page),
        Some(asked) => asked.parse().ok().and_then(|to| named.target(&names, to, wants_page)),
    };
    let target = target.ok_or_else(|| {
        let detail = say("Không có liên kết loại này.", "There is no link of this type.");
        Error::refused(Kind::Unknown, "unknown_link_type", detail)
    })?;
    Ok(HttpResponse::TemporaryRedirect().insert_header((LOCATION, target)).insert_header((VARY, "Accept")).finish())
}

/// What there is of a product, by the kinds of GS1's vocabulary.
fn linkset(named: &Named, names: &Names) -> Value {
    use strum::IntoEnumIterator;
    let mut links = Map::new();
    links.insert("anchor".into(), json!(named.anchor(names)));
    links.insert("itemDescription".into(), json!(named.product.name));
    if let Some(target) = named.default_target(names, false) {
        links.insert(format!("{VOCABULARY}defaultLink"), json!([{"href": target, "title": named.product.name}]));
    }
    for kind in LinkType::iter() {
        let title = match kind {
            LinkType::Pip => named.product.name.as_str(),
            LinkType::Traceability => "Truy xuất nguồn gốc",
            LinkType::HasRetailers => "Điểm bán hàng",
        };
        // A stamp has one address for both.
        let readers: &[(bool, &str)] = match kind {
            LinkType::Traceability => &[(true, "text/html")],
            LinkType::Pip | LinkType::HasRetailers => &[(false, "application/json"), (true, "text/html")],
        };
        let link = |(wants_page, media): &(bool, &str)| {
            let target = named.target(names, kind, *wants_page)?;
            Some(json!({"href": target, "title": title, "type": media, "hreflang": ["vi"]}))
        };
        let of_kind: Vec<Value> = readers.iter().filter_map(link).collect();
        if !of_kind.is_empty() {
            links.insert(format!("{VOCABULARY}{}", kind.as_ref()), Value::Array(of_kind));
        }
    }
    json!({"linkset": [Value::Object(links)]})
}

macro_rules! led {
    ($name:ident, $path:literal, $what:literal) => {
        #[doc = $what]
        #[utoipa::path(
            tag = "public", security(()),
            params(("linkType" = Option<String>, Query, description = "`linkset`, `gs1:pip`, `gs1:traceability`, `gs1:hasRetailers`")),
            responses(
                (status = 200, body = Value, content_type = "application/linkset+json"),
                (status = 307, description = "Where it leads"),
                Refusals
            )
        )]
        #[get($path)]
        pub async fn $name(
            request: HttpRequest,
            parts: PathParts<Spelled>,
            app: web::Data<App>,
            scanner: web::Data<Scanner>,
        ) -> Result<HttpResponse, Problem> {
            lead(request, parts, app, scanner).await
        }
    };
}
led!(of_product, "/01/{gtin}", "A product by its GTIN (GS1 Digital Link).");
led!(of_lot, "/01/{gtin}/10/{lot}", "A lot of a product (GS1 Digital Link).");
led!(
    of_serial,
    "/01/{gtin}/21/{serial}",
    "One thing by its serial; a stamp's code leads to the stamp (GS1 Digital Link)."
);
led!(
    of_lot_and_serial,
    "/01/{gtin}/10/{lot}/21/{serial}",
    "One thing of a lot by its serial; a stamp's code leads to the stamp (GS1 Digital Link)."
);

/// What this resolver of GS1 Digital Links can do.
#[utoipa::path(tag = "public", security(()), responses((status = 200, body = Value)))]
#[get("/.well-known/gs1resolver")]
pub async fn resolver(app: web::Data<App>) -> HttpResponse {
    use strum::IntoEnumIterator;
    let types: Vec<Value> = LinkType::iter().map(|kind| json!(format!("gs1:{}", kind.as_ref()))).collect();
    HttpResponse::Ok().json(json!({
        "name": "ocop",
        "resolverRoot": app.public_url.as_ref(),
        "supportedPrimaryKeys": ["01"],
        "supportedContextValuesEnumerated": [],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:", "linkTypes": types}],
        "linkTypeDefaultCanBeLinkset": false,
        "activeLinkTypes": {"vi": types},
    }))
}
