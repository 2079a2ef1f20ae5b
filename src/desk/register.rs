//! `/register`: who has no account yet registers a producer and the account that will act for it; `/register/{code}`: what
//! became of that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use serde_json::Value;

use crate::base::id::AnyId;
use crate::base::{Day, Error, Kind, Refusal, Result, say};
use crate::desk::arrival::{DeskAnswer, fields, read, see_other};
use crate::desk::form::{Blank, Refused, Surroundings, Wrong};
use crate::desk::frame::DeskWords;
use crate::desk::input::{Alternative, Asks, Choices, Empty, Filler, Input};
use crate::desk::kinds::producers::{
    ADDRESS, EMAIL, ETHNICITY, IN_COMMUNE, KIND_OF_IT, MEMBERS, NAME, NUMBER, PHONE, PUBLIC_PHONE, REPRESENTATIVE, SEX,
    SEXES,
};
use crate::desk::kinds::sources::all_communes;
use crate::desk::typed::{Meant, Typed};
use crate::desk::words::{STATES, said, word};
use crate::http::{App, Language, PathParam, Problem, Request};
use crate::page::words::day;
use crate::page::{Frame, Section, fresh};
use crate::paper::rules::grouped;
use crate::privacy::consent::{self, ConsentKind};
use crate::producer::registration::handing_in::hand_in;
use crate::producer::registration::receipt::{Outcome, ReceiptCode, outcome};
use crate::producer::registration::rules::RegistrationState;
use crate::producer::registration::steps::{Applicant, RegistrationForm};
use crate::station::label;

/// The forms as the API has them, with the fields of each under its member.
pub const PRODUCER: &[Input] = &[
    Input { name: "producer.name", ..NAME },
    Input { name: "producer.kind", ..KIND_OF_IT },
    Input { name: "producer.identity_number", ..NUMBER },
    Input { name: "producer.commune_code", ..IN_COMMUNE },
    Input { name: "producer.address", ..ADDRESS },
    Input { name: "producer.representative", ..REPRESENTATIVE },
    Input { name: "producer.phone", ..PHONE }.hint(label("ví dụ 0912 345 678", "such as 0912 345 678")),
    Input { name: "producer.public_phone", ..PUBLIC_PHONE },
    Input { name: "producer.email", ..EMAIL },
    // Radio buttons, for nothing that was chosen is to be taken back here.
    Input { name: "producer.representative_sex", asks: Asks::OneOf(SEXES), empty: Empty::Omitted, of: None, ..SEX },
    Input { name: "producer.representative_ethnicity", empty: Empty::Omitted, of: None, ..ETHNICITY },
    Input { name: "producer.members", ..MEMBERS },
];

pub const ACCOUNT: &[Input] = &[
    Input::new("account.name", label("Họ và tên người sẽ đăng nhập", "Name of who will sign in"), Asks::Line)
        .required(),
    Input::new("account.username", label("Tên đăng nhập", "User name"), Asks::Line).required().hint(label(
        "Chữ thường không dấu, chữ số, dấu gạch; ví dụ htx-son-kim",
        "Small letters, digits, hyphens; such as htx-son-kim",
    )),
    Input::new("account.password", label("Mật khẩu", "Password"), Asks::Password).required().hint(label(
        "Từ 10 ký tự: vài từ không liên quan với nhau, không có tên đăng nhập, họ tên hay tên đơn vị.",
        "At least 10 characters: a few unrelated words, without user name, own name or unit's name.",
    )),
];

/// The box that is ticked to agree; its value is the version of the text beside it.
const CONSENT: Input = Input::new(
    "consent.version",
    label("Tôi đồng ý cho lưu và dùng dữ liệu như trên", "I agree that the data are kept and used so"),
    Asks::Whole,
)
.also_at("/consent");

/// Somebody without an account: asked everything, offered nothing that is somebody's.
struct Stranger(Vec<Alternative>);

impl Filler for Stranger {
    fn is_asked(&self, input: &Input) -> bool {
        input.of.is_none()
    }

    fn communes(&mut self) -> Result<Vec<Alternative>> {
        Ok(self.0.clone())
    }

    fn choices(&mut self, _: Choices, _: Option<&Value>) -> Result<Vec<Alternative>> {
        Ok(Vec::new())
    }
}

#[derive(Template)]
#[template(path = "desk/register.html")]
struct RegisterPage {
    frame: Frame,
    desk: Around,
    words: Words,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    key: String,
    producer: Vec<Blank>,
    account: Vec<Blank>,
    consent: Blank,
    consent_text: &'static str,
    consent_version: String,
    /// What was typed as a receipt's code, and is none.
    code: String,
    is_code_wrong: bool,
}

/// What the list on top of a form says, which pages of the desk share.
struct Around {
    words: &'static DeskWords,
}

struct Words {
    title: &'static str,
    lead: &'static str,
    privacy: &'static str,
    producer: &'static str,
    account: &'static str,
    account_lead: &'static str,
    send: &'static str,
    known: &'static str,
    code: &'static str,
    code_wrong: &'static str,
    look: &'static str,
}

fn words(language: Language) -> Words {
    let say = |vi, en| said(language, label(vi, en));
    Words {
        title: say("Đăng ký tham gia OCOP", "Register for OCOP"),
        lead: say(
            "Dành cho doanh nghiệp, hợp tác xã, tổ hợp tác, hộ kinh doanh muốn đưa sản phẩm vào chương trình OCOP. Cán bộ xã \
             hoặc huyện xem xét và xác nhận, sau đó bạn đăng nhập được.",
            "For enterprises, cooperatives, groups and households that want to bring a product into OCOP. An officer of the \
             commune or the district confirms it; then you can sign in.",
        ),
        privacy: say(
            "Thông tin chỉ dùng để xét và theo dõi việc tham gia OCOP; số điện thoại chỉ hiện công khai khi bạn đồng ý.",
            "What you give is used for taking part in OCOP only; the phone is public only where you agree.",
        ),
        producer: say("Chủ thể", "The producer"),
        account: say("Tài khoản", "The account"),
        account_lead: say(
            "Người này sẽ đăng nhập và làm việc thay mặt chủ thể.",
            "This person will sign in and act for the producer.",
        ),
        send: say("Gửi đăng ký", "Send the registration"),
        known: say("Đã gửi đăng ký?", "Registered already?"),
        code: say("Mã biên nhận", "Code of the receipt"),
        code_wrong: say(
            "Không có biên nhận nào mang mã này. Xin xem lại từng chữ.",
            "There is no receipt with this code. Please look at each letter.",
        ),
        look: say("Xem kết quả", "See what became of it"),
    }
}

/// What the page is to hold.
#[derive(Default)]
struct Asked {
    refused: Option<Refused>,
    code: String,
    is_code_wrong: bool,
}

async fn page(app: &App, asked: &Request, status: StatusCode, held: Asked) -> DeskAnswer {
    let (language, today) = (asked.language, app.clock.now().day());
    let communes = app.database.read(move |connection| all_communes(connection, today)).await?;
    let frame = Frame::new(app, asked, Section::Elsewhere);
    let frame = if status == StatusCode::OK { frame } else { frame.switched("/register") };
    let mut stranger = Stranger(communes);
    let Asked { refused, code, is_code_wrong } = held;
    let surroundings =
        Surroundings { verb: "register", language, view: None, refused: refused.as_ref(), drafted: None };
    let producer = surroundings.blanks(&mut stranger, PRODUCER)?;
    let account = surroundings.blanks(&mut stranger, ACCOUNT)?;
    let consent = surroundings.blanks(&mut stranger, &[CONSENT])?;
    let all: Vec<Blank> = producer.iter().chain(&account).chain(&consent).cloned().collect();
    let consent = consent.into_iter().next().ok_or_else(|| Error::internal("the box of consent is missing"))?;
    let text = consent::in_force(ConsentKind::Registration, today)?;
    // Sent again after something was mended, it is still the same registration.
    let key = refused.as_ref().and_then(|refused| refused.typed.value("key")).filter(|key| !key.is_empty());
    let page = RegisterPage {
        words: words(language),
        desk: Around { words: DeskWords::of(language) },
        wrong: refused.as_ref().map(|refused| refused.summary(language, &all)).unwrap_or_default(),
        meanwhile: Vec::new(),
        meanwhile_text: "",
        key: key.map_or_else(|| AnyId::random().to_string(), str::to_owned),
        producer,
        account,
        consent,
        consent_text: language.pick(&text.text),
        consent_version: text.version.to_string(),
        code,
        is_code_wrong,
        frame,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, status, html))
}

/// `GET /register`; with `code`, on to its receipt.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    let code = asked.query().take::<String>("code").filter(|code| !code.trim().is_empty());
    let Some(code) = code else { return page(&app, &asked, StatusCode::OK, Asked::default()).await };
    if let Some(known) = ReceiptCode::read(&code) {
        let sought = known.clone();
        if app.database.read(move |connection| outcome(connection, &sought)).await?.is_some() {
            return Ok(see_other(&address(&known)));
        }
    }
    let held = Asked { code: code.chars().take(100).collect(), is_code_wrong: true, ..Asked::default() };
    page(&app, &asked, StatusCode::UNPROCESSABLE_ENTITY, held).await
}

fn address(code: &ReceiptCode) -> String {
    format!("/register/{}", grouped(code.as_str()))
}

/// `POST /register`.
pub async fn take(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    let typed = fields(&app, &asked).await?;
    let inputs = [PRODUCER, ACCOUNT, &[CONSENT]].concat();
    let meant = typed.meant(&inputs);
    match handed_in(&app, &asked, &typed, &meant).await {
        Ok(code) => Ok(see_other(&address(&code))),
        Err(Error::Refused(refusal)) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let refused = Refused { verb: "register".to_owned(), typed, meant, refusal: *refusal };
            let status = Problem(Error::Refused(Box::new(refused.refusal.clone()))).status_code();
            page(&app, &asked, status, Asked { refused: Some(refused), ..Asked::default() }).await
        }
        Err(error) => Err(Problem(error)),
    }
}

async fn handed_in(app: &App, asked: &Request, typed: &Typed, meant: &Meant) -> Result<ReceiptCode> {
    let (ordered, meant_here, today) =
        (asked.clone().ordering(&meant.body, None, None)?, meant.clone(), app.clock.now().day());
    let read = move |sent: &mut Request| {
        let form = sent.body().map_err(|error| with_the_rest(error, &meant_here, today))?;
        Applicant::new(form, today)
    };
    let applicant = Applicant::read_by(app, &ordered, read).await?;
    let code = match typed.value("key").filter(|key| !key.is_empty()) {
        Some(key) => ReceiptCode::of_sending(&app.keys, key, meant.body.to_string().as_bytes())?,
        None => ReceiptCode::random()?,
    };
    hand_in(app, applicant, code.clone()).await?;
    Ok(code)
}

/// What could not be read, with all that is wrong beside: somebody without an account is told everything in one round.
fn with_the_rest(error: Error, meant: &Meant, today: Day) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    let mut body = meant.body.clone();
    for (place, input) in &meant.unread {
        let Some((parent, name)) = place.rsplit_once('/') else { continue };
        if let Some(Value::Object(members)) = body.pointer_mut(parent) {
            members.insert(name.to_owned(), readable(input));
        }
    }
    let Ok(form) = serde_json::from_value::<RegistrationForm>(body) else { return Error::Refused(refusal) };
    if let Err(Error::Refused(rest)) = Applicant::new(form, today) {
        let is_unread = |pointer: &str| meant.unread.iter().any(|(place, _)| place == pointer);
        refusal.faults.extend(rest.faults.into_iter().filter(|fault| !is_unread(&fault.pointer)));
    }
    Error::Refused(refusal)
}

/// Something that can be read where nothing could be.
fn readable(input: &Input) -> Value {
    match input.asks {
        Asks::OneOf(known) => known.first().map_or(Value::Null, |(value, _)| Value::from(*value)),
        Asks::Commune => Value::from("00000"),
        _ => Value::from("-"),
    }
}

#[derive(Template)]
#[template(path = "desk/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    title: &'static str,
    state: String,
    state_name: String,
    told: &'static str,
    code: String,
    code_label: &'static str,
    keep: &'static str,
    on: String,
    reason: Option<String>,
    reason_label: &'static str,
    way_on: Option<(&'static str, &'static str)>,
}

/// `GET /register/{code}`.
pub async fn receipt(request: HttpRequest, body: web::Payload, code: PathParam<String>) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    let code = ReceiptCode::read(&code.get()?).ok_or_else(no_receipt)?;
    let sought = code.clone();
    let found = app.database.read(move |connection| outcome(connection, &sought)).await?.ok_or_else(no_receipt)?;
    Ok(shown(&app, &asked, &code, found)?)
}

fn shown(app: &App, asked: &Request, code: &ReceiptCode, found: Outcome) -> Result<HttpResponse> {
    let language = asked.language;
    let say = |vi, en| said(language, label(vi, en));
    let Outcome { state, registered_at, reason } = found;
    let (told, way_on) = match state {
        RegistrationState::Pending => (
            say(
                "Đăng ký đã được nhận và đang chờ cán bộ nơi bạn đăng ký xác nhận. Chưa đăng nhập được; mở lại trang này bằng mã dưới \
                 đây để xem kết quả, hoặc hỏi Ủy ban nhân dân xã.",
                "The registration was received and waits for an officer of its place. You cannot sign in yet; open this page again \
                 by the code below to see what became of it, or ask the commune's office.",
            ),
            None,
        ),
        RegistrationState::Confirmed => (
            say(
                "Đăng ký đã được xác nhận. Bạn đăng nhập bằng tên đăng nhập và mật khẩu đã chọn.",
                "The registration was confirmed. Sign in with the user name and the password that you chose.",
            ),
            Some(("/desk/sign-in", say("Đăng nhập", "Sign in"))),
        ),
        RegistrationState::Refused => (
            say(
                "Đăng ký không được xác nhận. Sửa theo lý do dưới đây rồi bạn có thể đăng ký lại.",
                "The registration was refused. You may register again once the reason below is mended.",
            ),
            Some(("/register", say("Đăng ký lại", "Register again"))),
        ),
    };
    let page = ReceiptPage {
        title: say("Biên nhận đăng ký tham gia", "Receipt of a registration"),
        state: word(STATES, state.as_ref(), language),
        state_name: state.as_ref().to_owned(),
        told,
        code: grouped(code.as_str()),
        code_label: say("Mã biên nhận", "Code of the receipt"),
        keep: say(
            "Xin ghi lại hoặc chụp lại mã này: chỉ có mã này mở lại được trang này, tại mục Đăng ký tham gia OCOP.",
            "Please write this code down or take a picture of it: it alone opens this page again, under Register for OCOP.",
        ),
        on: format!("{} {}", say("Gửi ngày", "Sent on"), day(language, registered_at.day())),
        reason,
        reason_label: say("Lý do từ chối", "Why it was refused"),
        way_on,
        frame: Frame::new(app, asked, Section::Elsewhere),
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, StatusCode::OK, html))
}

fn no_receipt() -> Error {
    let detail = say("Không có biên nhận nào mang mã này.", "There is no receipt with this code.");
    Error::Refused(Box::new(Refusal { kind: Kind::Unknown, code: "not_found", detail, faults: Vec::new() }))
}
