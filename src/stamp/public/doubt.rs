//! `POST /t/{code}/doubts`: anybody's, as JSON, as a page's form, or as an upload with a photo.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, post, web};
use askama::Template;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::audit::{self, CREATE, Resource, StepTaken};
use crate::base::id::{DoubtId, of};
use crate::base::{Day, Error, Fault, Faults, Kind, Moment, Result, say, text};
use crate::db::AnyConnection;
use crate::files::{self, Arrived, Fields, FileKind, Folder};
use crate::http::answer::REPLAYED;
use crate::http::fetch::refuse_from_elsewhere;
use crate::http::held::Credence;
use crate::http::pace;
use crate::http::{App, ClientAddress, PathParam, Problem, Refusals, Request};
use crate::page::{Frame, fresh};
use crate::privacy::consent::{self, Consent, ConsentKind};
use crate::product::{shape, turn};
use crate::stamp::Scanner;
use crate::stamp::asked::{Asked, unknown_stamp};
use crate::stamp::code::{Code, Minted};
use crate::stamp::doubts::page::{DoubtFields, given_back};
use crate::stamp::doubts::receipt::DoubtReceipt;
use crate::stamp::doubts::rules::{Limits, State};
use crate::stamp::doubts::store::{self, NewDoubt, Sender};
use crate::stamp::place::{Place, coarse};
use crate::stamp::rules::Key;
use crate::stamp::visitor::Salt;
use crate::stamp::{scan, scan_store};

/// The largest photo, in bytes.
const LARGEST_PHOTO: u64 = 5 * 1024 * 1024;

/// What a shopper found wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoubtForm {
    text: String,
    /// How the office may ask back.
    #[serde(default)]
    contact: Option<String>,
    /// Where, kept to a hundredth of a degree.
    #[serde(default, deserialize_with = "number")]
    lat: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    lon: Option<f64>,
    /// To the text of `/public/consents` for doubts; needed with a contact or a photo.
    #[serde(default, deserialize_with = "agreed")]
    consent: Option<Consent>,
}

/// The same with a photo.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct DoubtUpload {
    text: String,
    contact: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    /// The version of the text that is agreed to.
    consent: Option<i32>,
    /// JPEG or PNG, at most 5 MiB, 24 megapixels and 12,000 pixels a side; kept as JPEG without what the camera wrote.
    /// Best sent last, so that the other fields are judged before it is read.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DoubtAnswer {
    code: String,
    /// By which `/d/{receipt}` tells what became of it.
    receipt: String,
}

#[derive(Template)]
#[template(path = "doubt_thanks.html")]
struct ThanksPage {
    frame: Frame,
    receipt: DoubtReceipt,
    back: String,
}

/// A number, also as the text that forms send; an empty text is none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Sent {
        Number(f64),
        Text(String),
    }
    match Option::<Sent>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Sent::Number(number)) => Ok(Some(number)),
        Some(Sent::Text(text)) if text.is_empty() => Ok(None),
        Some(Sent::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// A consent, also as the version alone that forms send; an empty text is none.
fn agreed<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Consent>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Sent {
        Consent(Consent),
        Text(String),
    }
    match Option::<Sent>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Sent::Consent(consent)) => Ok(Some(consent)),
        Some(Sent::Text(text)) if text.is_empty() => Ok(None),
        Some(Sent::Text(text)) => {
            let version = text.parse().map_err(serde::de::Error::custom)?;
            Ok(Some(Consent { version }))
        }
    }
}

/// Reports a doubt about a stamp to the office and the inspectors, as JSON, as the page's form, or with a photo. Doubts
/// alone never change a verdict. So many an hour and a day from one address and one network, then 429; once many came about a
/// stamp, those are heard at once who had its page open today. An upload that is refused counts for its address. A form on a page of another origin is refused (403).
#[utoipa::path(
    tag = "public", security(()),
    request_body(content(
        (DoubtForm = "application/json"),
        (DoubtForm = "application/x-www-form-urlencoded"),
        (DoubtUpload = "multipart/form-data")
    )),
    responses((status = 201, content((DoubtAnswer = "application/json"), (String = "text/html"))), Refusals)
)]
#[post("/t/{code}/doubts")]
pub async fn doubt(
    request: HttpRequest,
    body: web::Payload,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> std::result::Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &app, &scanner)?;
    let (code, stamp) = asked.stamp(&code.get()?)?;
    refuse_from_elsewhere(request.headers(), &app.public_url)?;
    let mut written = Written::default();
    match take(&asked, stamp, &request, body, &mut written).await {
        Ok(kept) => Ok(thanks(&asked, code, stamp, &kept)?),
        Err(error) => refuse(&asked, code, stamp, &written, error),
    }
}

fn thanks(asked: &Asked, code: Code, stamp: Minted, kept: &Kept) -> Result<HttpResponse> {
    let receipt = DoubtReceipt::of(kept.id);
    if asked.request.wants_page {
        let page = ThanksPage { frame: asked.frame(), receipt, back: asked.again(code, stamp)? };
        let html = page.render().map_err(Error::internal)?;
        return Ok(fresh(&page.frame, StatusCode::CREATED, html));
    }
    let receipt = receipt.to_string();
    let address = HeaderValue::from_str(&format!("/d/{receipt}")).map_err(Error::internal)?;
    let mut answer = asked.data(StatusCode::CREATED, DoubtAnswer { code: code.to_string(), receipt });
    answer.headers_mut().insert(LOCATION, address);
    if kept.is_repeated {
        answer.headers_mut().insert(REPLAYED.clone(), HeaderValue::from_static("true"));
    }
    Ok(answer)
}

/// A shopper gets the form back with what was written in it; nothing is lost but the photo, which no page can keep.
fn refuse(
    asked: &Asked,
    code: Code,
    stamp: Minted,
    written: &Written,
    error: Error,
) -> std::result::Result<HttpResponse, Problem> {
    let problem = Problem(error);
    let status = problem.status_code();
    let refusal = problem.0.refusal().filter(|refusal| {
        asked.request.wants_page && matches!(refusal.kind, Kind::Invalid | Kind::TooLarge | Kind::UnsupportedMedia)
    });
    if let Some(refusal) = refusal {
        let (back, code) = (asked.again(code, stamp)?, code.to_string());
        let text = consent::in_force(ConsentKind::Doubt, asked.app.clock.now().day())?;
        let Written { text: told, contact, is_agreed } = written;
        let empty = DoubtFields::empty(&code, text, asked.request.language);
        let fields = DoubtFields { text: told, contact, is_agreed: *is_agreed, ..empty };
        return Ok(given_back(asked.frame(), status, refusal, fields, &back)?);
    }
    Err(problem)
}

/// What a shopper wrote, as far as it could be read.
#[derive(Default)]
struct Written {
    text: String,
    contact: String,
    is_agreed: bool,
}

async fn take(
    asked: &Asked,
    stamp: Minted,
    request: &HttpRequest,
    body: web::Payload,
    written: &mut Written,
) -> Result<Kept> {
    let sent = if asked.request.is_upload() {
        begin(asked, stamp).await?;
        uploaded(asked, request, body, written).await?
    } else {
        let mut payload = body.into_inner();
        let body = Request::from_request(request, &mut payload)
            .await
            .map_err(|error| Error::internal(format!("a body: {error}")))?;
        let form: DoubtForm = body.in_turn(asked.app.reading_turns(Credence::Stranger), Request::body_or_form).await?;
        *written = Written {
            text: form.text.clone(),
            contact: form.contact.clone().unwrap_or_default(),
            is_agreed: form.consent.is_some(),
        };
        Sent { form, photo: None, digest: Vec::new(), is_upload: false }
    };
    keep(asked, stamp, sent).await
}

/// A doubt as it came.
struct Sent {
    form: DoubtForm,
    photo: Option<Arrived>,
    /// Of the photo as it was sent.
    digest: Vec<u8>,
    is_upload: bool,
}

/// A doubt that is kept.
struct Kept {
    id: DoubtId,
    /// It was kept before, under the same key.
    is_repeated: bool,
}

/// Nobody sends megabytes to be told that they are too many: an upload is counted, and may be sent, before any of it is
/// read.
async fn begin(asked: &Asked, stamp: Minted) -> Result<()> {
    let (now, client, capacity) = (asked.app.clock.now(), asked.request.client, asked.app.capacity);
    capacity.must_have_disk(Folder::of(&asked.app.data_dir).root(), LARGEST_PHOTO)?;
    let begun = asked.app.database.write(move |connection| {
        let key = issued(connection, stamp, now)?;
        let sender = sender(connection, client, now)?;
        allow(connection, (key, stamp), &sender, now)?;
        capacity.must_take_of_public(store::bytes_of_photos(connection)?)?;
        store::begin_upload(connection, &sender, now.day())
    });
    begun.await
}

/// Takes an upload in and makes its photo one that says nothing of the camera.
async fn uploaded(asked: &Asked, request: &HttpRequest, body: web::Payload, written: &mut Written) -> Result<Sent> {
    let folder = Folder::of(&asked.app.data_dir);
    let upload = pace::strangers_parts(request, body.into_inner());
    let read = |fields: &Fields| {
        let mut head = Request::without_body(request);
        head.form(fields, &[])?;
        head.body::<DoubtForm>()
    };
    let judge = |fields: &Fields| read(fields)?.judge();
    let mut fields = Fields::new();
    let received = files::receive_form(&folder, upload, FileKind::PICTURES, LARGEST_PHOTO, &mut fields, judge).await;
    // Fields that came before a photo that is refused are not lost with it.
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    *written = Written { text: field("text"), contact: field("contact"), is_agreed: !field("consent").is_empty() };
    let received = received?;
    let form = read(&fields)?;
    let Some(sent) = received else { return Ok(Sent { form, photo: None, digest: Vec::new(), is_upload: true }) };
    // Nothing is made of a photograph that may not be kept.
    form.settle(true, asked.app.clock.now().day())?;
    let digest = sent.file.sha256.to_vec();
    // The file as it came is removed when the picture is made.
    let made = turn::take(move |turn| {
        let Arrived { file, unnamed: _until_here } = sent;
        let picture = shape::opened(turn, folder.open(file.id)?)?.jpeg()?;
        Arrived::kept(&folder, &picture, FileKind::Jpeg, "doubt.jpg".to_owned())
    });
    Ok(Sent { form, photo: Some(made.await??), digest, is_upload: true })
}

impl DoubtForm {
    /// 422 where anything is wrong with what comes before a photograph; that may be followed by the consent.
    fn judge(&self) -> Result<()> {
        let mut faults = Vec::new();
        self.place(&mut faults);
        faults.into_result()
    }

    /// Where it was seen, where that is said; 422 where anything of the form is wrong. Who says nothing of how to be reached and
    /// shows nothing gives no data of a person, and needs not agree to anything.
    fn settle(&self, has_photo: bool, today: Day) -> Result<Option<Place>> {
        let mut faults = Vec::new();
        let place = self.place(&mut faults);
        let is_personal = has_photo || self.contact().is_some();
        consent::check(self.consent, is_personal, ConsentKind::Doubt, today, &mut faults)?;
        faults.into_result()?;
        Ok(place)
    }

    /// Where it was seen; what is wrong is collected.
    fn place(&self, faults: &mut Vec<Fault>) -> Option<Place> {
        text::check(&self.text, "/text", 2000, faults);
        if let Some(contact) = self.contact() {
            text::check_length(contact, "/contact", 200, faults);
        }
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => Some(coarse(lat, lon, faults)),
            (None, None) => None,
            (lat, _) => {
                let missing = if lat.is_some() { "/lon" } else { "/lat" };
                let detail = say("Cần cả vĩ độ và kinh độ.", "Both latitude and longitude are needed.");
                faults.push(Fault::new(missing, "required", detail));
                None
            }
        }
    }

    fn contact(&self) -> Option<&String> {
        self.contact.as_ref().filter(|contact| !text::is_blank(contact))
    }
}

/// Under which id a doubt is kept: that of its key, where it has one.
fn id_of(asked: &Asked, stamp: Minted, form: &DoubtForm, digest: &[u8]) -> Result<DoubtId> {
    let Some(key) = asked.request.idempotency_key()? else { return Ok(DoubtId::random()) };
    let told =
        format!("{}/{}\n{}\n{:?}\n{:?}\n", stamp.order, stamp.serial, form.text, form.contact, (form.lat, form.lon));
    Ok(DoubtReceipt::of_sending(&asked.app.keys, &key, &[told.as_bytes(), digest].concat())?.doubt())
}

async fn keep(asked: &Asked, stamp: Minted, sent: Sent) -> Result<Kept> {
    let Sent { form, photo, digest, is_upload } = sent;
    let (now, client) = (asked.app.clock.now(), asked.request.client);
    let place = form.settle(photo.is_some(), now.day())?;
    let id = id_of(asked, stamp, &form, &digest)?;
    let kept = asked.app.database.write(move |connection| {
        let key = issued(connection, stamp, now)?;
        let sender = sender(connection, client, now)?;
        if is_upload {
            store::end_upload(connection, &sender, now.day())?;
        }
        if store::is_kept(connection, id)? {
            return Ok(Kept { id, is_repeated: true });
        }
        allow(connection, (key, stamp), &sender, now)?;
        let mut file = None;
        if let Some(photo) = photo {
            files::store::insert(connection, &photo.file, now)?;
            photo.unnamed.named();
            file = Some(photo.file.id);
        }
        let contact = form.contact().cloned();
        let consent_version = form.consent.map(|consent| consent.version);
        let sent = NewDoubt { id, text: form.text, contact, place, file, consent_version, sender };
        store::insert(connection, key, &sent, now)?;
        let entry: StepTaken<'_, of::Doubt> = StepTaken {
            resource: Resource::Doubt,
            id,
            version: 1,
            account: None,
            verb: CREATE,
            from: None,
            to: Some(State::Open.as_ref()),
            note: None,
        };
        audit::record(connection, now, entry)?;
        Ok(Kept { id, is_repeated: false })
    });
    kept.await
}

/// The stamp, if it was issued.
fn issued(connection: &mut AnyConnection, stamp: Minted, now: Moment) -> Result<Key> {
    let scanned = scan::look(connection, stamp, now)?.ok_or_else(unknown_stamp)?;
    Ok((scanned.passport.order, scanned.serial))
}

fn sender(connection: &mut AnyConnection, client: ClientAddress, now: Moment) -> Result<Sender> {
    let salt = Salt::of(connection, now.day())?;
    Ok(Sender { visitor: salt.hash(client)?.to_vec(), network: salt.hash_of_network(client)?.to_vec() })
}

fn allow(connection: &mut AnyConnection, (key, stamp): (Key, Minted), sender: &Sender, now: Moment) -> Result<()> {
    let limits = Limits::in_force()?;
    let mut before = store::before(connection, key, sender, now)?;
    if limits.is_crowded(before.about_stamp) {
        before.has_page = scan_store::has_scanned(connection, stamp.number(), &sender.visitor, now.day())?;
    }
    limits.allow(&before, now)
}
