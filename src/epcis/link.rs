//! GS1 Digital Link: `/01/{gtin}` with variant, lot and serial leads on: a serial is judged as a stamp's code is, a lot is told
//! how it stands on the product's page; a linkset (RFC 9264) says what there is.

use actix_web::http::header::{Accept, CONTENT_TYPE, Header, LINK, LOCATION, Quality, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::base::{Error, Kind, Result, say};
use crate::epcis::names::{Names, digital_link, escaped};
use crate::http::request::{PathParts, names_html};
use crate::http::{App, Problem, Query, Refusals};
use crate::product::ProductRow;
use crate::product::rules::Gtin;
use crate::product::store as products;
use crate::stamp::{Scanner, scan};

const LINKSET: &str = "application/linkset+json";
/// By which programs read a linkset as JSON-LD (GS1-Conformant resolver standard 1.2).
const CONTEXT: &str = "<https://ref.gs1.org/standards/resolver/linkset-context>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
const VOCABULARY: &str = "https://ref.gs1.org/voc/";
/// How types of links are written: short, and by GS1's addresses of today and of earlier years.
const SPELLINGS: [&str; 6] = [
    "gs1:",
    VOCABULARY,
    "http://ref.gs1.org/voc/",
    "https://gs1.org/voc/",
    "http://gs1.org/voc/",
    "https://www.gs1.org/voc/",
];
/// Parameters of this resolver; all others are passed on.
const OWN: &str = "linkType";

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
    /// The consumer product variant (AI 22); a product here has none, so it is the product's.
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    lot: Option<String>,
    #[serde(default)]
    serial: Option<String>,
}

/// What a request names.
struct Named {
    gtin: Gtin,
    product: ProductRow,
    variant: Option<String>,
    lot: Option<String>,
    /// In its proper spelling where it is a stamp's code.
    serial: Option<String>,
}

impl Named {
    /// The address by which it was named, in its proper spelling.
    fn anchor(&self, names: &Names) -> String {
        let qualifiers = [("22", &self.variant), ("10", &self.lot), ("21", &self.serial)];
        format!("{}{}", names.origin(), digital_link(&self.gtin, &qualifiers))
    }

    /// People are led to pages, programs to what they can read.
    fn target(&self, names: &Names, to: LinkType, wants_page: bool) -> Option<String> {
        let origin = names.origin();
        let code = escaped(&self.product.code);
        let lot = self.lot.as_ref().map_or_else(String::new, |lot| format!("?lot={}", escaped(lot)));
        match to {
            LinkType::Pip if wants_page => Some(format!("{origin}/products/{code}{lot}")),
            LinkType::HasRetailers if wants_page => Some(format!("{origin}/shops?product={code}")),
            LinkType::Pip => Some(format!("{origin}/api/v1/public/products/{}{lot}", self.product.id)),
            LinkType::Traceability => self.serial.as_ref().map(|serial| format!("{origin}/t/{}", escaped(serial))),
            LinkType::HasRetailers => Some(format!("{origin}/api/v1/public/shops?product_id={}", self.product.id)),
        }
    }

    /// Where those are led who ask for nothing else.
    fn default_target(&self, names: &Names, wants_page: bool) -> Option<String> {
        self.target(names, LinkType::Traceability, wants_page).or_else(|| self.target(names, LinkType::Pip, wants_page))
    }
}

async fn named(app: &App, scanner: &Scanner, parts: PathParts<Spelled>) -> Result<Named> {
    let Spelled { gtin, variant, lot, serial } = parts.get()?;
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
    let minted = serial.as_deref().and_then(|serial| scanner.mint().read(serial));
    let serial = minted.map(|(code, _)| code.to_string()).or(serial);
    let (asked, now) = (gtin.clone(), app.clock.now());
    let found = app.database.read(move |connection| {
        let Some(product) = products::of_any_gtin(connection, &asked)? else { return Ok::<_, Error>(None) };
        let stamp = minted.map(|(_, stamp)| scan::look(connection, stamp, now)).transpose()?.flatten();
        Ok(Some((product, stamp)))
    });
    let (product, stamp) = found.await?.ok_or_else(|| {
        let detail = say("Không có sản phẩm nào mang GTIN này.", "No product here has this GTIN.");
        Error::refused(Kind::Unknown, "unknown_gtin", detail)
    })?;
    if stamp.is_some_and(|stamp| stamp.passport.product.code != product.code) {
        let detail = say(
            "Số sê-ri này là tem của sản phẩm khác: mã này không do tỉnh in.",
            "This serial is a stamp of another product: nobody here printed such a code.",
        );
        return Err(Error::refused(Kind::Unknown, "serial_of_another_product", detail));
    }
    Ok(Named { gtin, product, variant, lot, serial })
}

/// Whether a linkset is what somebody would rather have than a page or data.
fn wants_linkset(request: &HttpRequest) -> bool {
    let Ok(accepted) = Accept::parse(request) else { return false };
    let quality = |media: &str| {
        let of_media = accepted.iter().filter(|range| range.item.essence_str() == media);
        of_media.map(|range| range.quality).max().unwrap_or(Quality::ZERO)
    };
    let wanted = quality(LINKSET);
    wanted > Quality::ZERO && wanted >= quality("text/html") && wanted >= quality("application/json")
}

/// The type of link that is asked for, without GS1's address before it; none where it is empty.
fn asked_type(query: &str) -> Option<String> {
    let asked: String = Query::parse(query).take(OWN)?;
    let short = SPELLINGS.iter().find_map(|spelling| asked.strip_prefix(spelling));
    Some(short.map(str::to_owned).unwrap_or(asked)).filter(|asked| !asked.is_empty())
}

/// The target with what else was asked, as the resolver standard has it: parameters that it does not have itself.
fn passed_on(target: String, query: &str) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let own = target.split_once('?').map_or("", |(_, query)| query);
    let own: Vec<(String, String)> = serde_urlencoded::from_str(own).unwrap_or_default();
    let is_own = |name: &str| name == OWN || own.iter().any(|(own, _)| own == name);
    let passed: Vec<_> = pairs.into_iter().filter(|(name, _)| !is_own(name)).collect();
    if passed.is_empty() {
        return target;
    }
    let passed = serde_urlencoded::to_string(passed).unwrap_or_default();
    format!("{target}{}{passed}", if own.is_empty() { '?' } else { '&' })
}

async fn lead(
    request: HttpRequest,
    parts: PathParts<Spelled>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let named = named(&app, &scanner, parts).await?;
    let names = Names::new(&app.public_url);
    let asked = asked_type(request.query_string());
    if wants_linkset(&request) || matches!(asked.as_deref(), Some("linkset" | "all")) {
        return Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, LINKSET))
            .insert_header((LINK, CONTEXT))
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
    // A list of data refuses what it does not know.
    let is_list = !wants_page && asked.as_deref() == Some(LinkType::HasRetailers.as_ref());
    let target = if is_list { target } else { passed_on(target, request.query_string()) };
    let set = format!("<{}?{OWN}=linkset>; rel=\"linkset\"; type=\"{LINKSET}\"", named.anchor(&names));
    Ok(HttpResponse::TemporaryRedirect()
        .insert_header((LOCATION, target))
        .insert_header((LINK, set))
        .insert_header((VARY, "Accept"))
        .finish())
}

/// What there is of a product, by the kinds of GS1's vocabulary.
fn linkset(named: &Named, names: &Names) -> Value {
    use strum::IntoEnumIterator;
    let mut links = Map::new();
    links.insert("anchor".into(), json!(named.anchor(names)));
    links.insert("description".into(), json!(named.product.name));
    // The older name of the same.
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
led!(of_lot, "/01/{gtin}/10/{lot}", "A lot of a product; how it stands is told with the product (GS1 Digital Link).");
led!(of_serial, "/01/{gtin}/21/{serial}", "One thing by its serial, judged as a stamp's code (GS1 Digital Link).");
led!(
    of_lot_and_serial,
    "/01/{gtin}/10/{lot}/21/{serial}",
    "One thing of a lot by its serial, judged as a stamp's code (GS1 Digital Link)."
);

led!(of_variant, "/01/{gtin}/22/{variant}", "A product by its GTIN, in a variant (GS1 Digital Link).");
led!(of_variants_lot, "/01/{gtin}/22/{variant}/10/{lot}", "A lot of a product in a variant (GS1 Digital Link).");
led!(
    of_variants_serial,
    "/01/{gtin}/22/{variant}/21/{serial}",
    "One thing in a variant by its serial, judged as a stamp's code (GS1 Digital Link)."
);
led!(
    of_variants_lot_and_serial,
    "/01/{gtin}/22/{variant}/10/{lot}/21/{serial}",
    "One thing of a lot in a variant by its serial, judged as a stamp's code (GS1 Digital Link)."
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
