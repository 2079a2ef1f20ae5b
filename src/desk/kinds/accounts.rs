//! Accounts on the desk.

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

use crate::account::sign_in_log::{self, SignInTry};
use crate::account::{Asker, Caller, Work};
use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::desk::counter::{Beside, KindOfThing, Make, Making, Press, Step, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, CREATED, SEARCH, UNIT, all_producers, units};
use crate::desk::words::{ROLES, Wording, said};
use crate::http::{Answer, App, Language, PathParam, Problem};
use crate::page::words::moment;
use crate::people::Person;
use crate::people::forms::{AccountForm, Hashed};
use crate::people::steps::{
    ASK_SECOND_FACTOR_RESET, CHANGE, CHANGE_ROLE, CREATE, END, REASSIGN, RESET_PASSWORD, RESET_SECOND_FACTOR,
    SET_CONTACT, UNLINK_OPENID,
};
use crate::station::{By, Described, Label, label};

/// An account is made with its password hashed.
struct Creation;

impl Make for Creation {
    fn label(&self) -> Label {
        CREATE.label
    }

    fn by(&self) -> By {
        CREATE.by
    }

    fn may(&self, asker: Asker) -> Result<()> {
        CREATE.may(asker)
    }

    fn make(&'static self, caller: Caller) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        let hash = async |app: &App, form: AccountForm| Hashed::new(app, form).await;
        Box::pin(caller.make_prepared(&CREATE, hash))
    }
}

/// The link by which an account's owner chooses a password, told once.
struct Reset;

impl Press<Person> for Reset {
    fn name(&self) -> &'static str {
        Described::name(&RESET_PASSWORD)
    }

    fn press(
        &'static self,
        caller: Caller,
        key: PathParam<AccountId>,
    ) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.take_for(&RESET_PASSWORD, key, |work, link| {
            let (until, url) = (moment(work.language, link.expires_at), link.url(&work.app.public_url));
            Answer::ok(json!(match work.language {
                Language::Vietnamese => format!("Gửi cho chủ tài khoản (dùng một lần, đến {until}): {url}"),
                Language::English => format!("For the account's owner (works once, until {until}): {url}"),
            }))
        }))
    }

    fn tells(&self) -> bool {
        true
    }
}

const LANGUAGES: &[Wording] = &[("vi", label("Tiếng Việt", "Vietnamese")), ("en", label("Tiếng Anh", "English"))];

const ENDED: &[Wording] = &[("false", label("Đang dùng", "In use")), ("true", label("Đã chấm dứt", "Ended"))];

fn ended(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, ENDED))
}

fn roles(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, ROLES))
}

const PASSWORD: Input = Input::new("password", label("Mật khẩu", "Password"), Asks::Password).hint(label(
    "Nên để trống: sau đó lập liên kết để chủ tài khoản tự đặt, không ai khác biết. Nếu ghi: từ 10 ký tự, khó đoán.",
    "Better left empty: then make a link by which the owner chooses it, and nobody else knows it. Else: at least 10 \
     characters, hard to guess.",
));

pub static KIND: KindOfThing<Person> = KindOfThing {
    title: label("Tài khoản", "Accounts"),
    about: label(
        "Mỗi người làm việc với hệ thống có một tài khoản.",
        "Everybody who works with the service has an account.",
    ),
    name: "/name",
    fields: &[
        field("/name", label("Họ và tên", "Name"), Writing::Text),
        field("/username", label("Tên đăng nhập", "User name"), Writing::Text),
        field("/role", label("Vai trò", "Role"), Writing::Wording(ROLES)),
        field("/unit_name", label("Đơn vị", "Unit"), Writing::Text),
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Link("producers", "/producer_id")),
        field("/identity_number", label("Số căn cước", "Identity number"), Writing::Text),
        field("/residence_name", label("Xã thường trú", "Commune of residence"), Writing::Text),
        field("/residence", label("Địa chỉ thường trú", "Residence"), Writing::Text),
        field("/email", label("Thư điện tử", "E-mail"), Writing::Text),
        field("/language", label("Ngôn ngữ của thư", "Language of letters"), Writing::Wording(LANGUAGES)),
        field(
            "/daily_summary",
            label("Nhận bản tin việc chờ mỗi ngày làm việc", "Gets the daily summary"),
            Writing::YesNo,
        ),
        CREATED,
        field("/ended_at", label("Chấm dứt lúc", "Ended"), Writing::Moment),
    ],
    columns: &[
        field("/username", label("Tên đăng nhập", "User name"), Writing::Text),
        field("/role", label("Vai trò", "Role"), Writing::Wording(ROLES)),
        field("/unit_name", label("Đơn vị", "Unit"), Writing::Text),
        field("/ended_at", label("Chấm dứt", "Ended"), Writing::Moment),
    ],
    filters: &[
        SEARCH,
        Input::new("role", label("Vai trò", "Role"), Asks::From(roles)),
        UNIT,
        Input::new("ended", label("Còn dùng", "In use"), Asks::From(ended)),
    ],
    making: Some(Making {
        step: &Creation,
        first: &[],
        inputs: &[
            Input::new("username", label("Tên đăng nhập", "User name"), Asks::Line).required(),
            PASSWORD,
            Input::new("name", label("Họ và tên", "Name"), Asks::Line).required(),
            Input::new("role", label("Vai trò", "Role"), Asks::From(roles)).required(),
            Input::new("unit_code", label("Đơn vị", "Unit"), Asks::From(units)),
            Input::new("producer_id", label("Chủ thể", "Producer"), Asks::From(all_producers))
                .hint(label(
                    "Chỉ cho tài khoản chủ thể. Danh sách có tối đa 50 chủ thể: tìm ở trên nếu chưa thấy.",
                    "Only for producers' accounts. Fifty producers at most stand here: search above for others.",
                ))
                .searched(label("Tìm chủ thể trước khi lập tài khoản", "Search for a producer first")),
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step {
            step: &CHANGE,
            inputs: &[
                Input::new("name", label("Họ và tên", "Name"), Asks::Line).required(),
                Input::new("identity_number", label("Số căn cước", "Identity number"), Asks::Line).clearing(),
                Input::new("residence_code", label("Xã thường trú", "Commune of residence"), Asks::Commune).clearing(),
                Input::new("residence", label("Địa chỉ thường trú", "Residence"), Asks::Line).clearing(),
            ],
        },
        Step {
            step: &SET_CONTACT,
            inputs: &[
                Input::new("email", label("Thư điện tử", "E-mail"), Asks::Line).clearing().hint(label(
                    "Để nhận mỗi ngày làm việc một thư cho biết có bao nhiêu việc đang chờ. Để trống nếu không dùng.",
                    "To get one letter each working day that says how much waits. Leave it empty to get none.",
                )),
                Input::new("language", label("Ngôn ngữ của thư", "Language of letters"), Asks::OneOf(LANGUAGES)),
                Input::new(
                    "daily_summary",
                    label("Nhận bản tin việc chờ mỗi ngày làm việc", "Get the daily summary"),
                    Asks::Check,
                ),
            ],
        },
        Step { step: &Reset, inputs: &[NOTE] },
        Step { step: &ASK_SECOND_FACTOR_RESET, inputs: &[NOTE] },
        Step { step: &RESET_SECOND_FACTOR, inputs: &[NOTE] },
        Step { step: &UNLINK_OPENID, inputs: &[NOTE] },
        Step {
            step: &REASSIGN,
            inputs: &[Input::new("unit_code", label("Đơn vị mới", "The new unit"), Asks::From(units)).required(), NOTE],
        },
        Step {
            step: &CHANGE_ROLE,
            inputs: &[
                Input::new("role", label("Vai trò mới", "The new role"), Asks::From(roles)).required(),
                Input::new("unit_code", label("Đơn vị", "Unit"), Asks::From(units)),
                Input::new("producer_id", label("Chủ thể", "Producer"), Asks::From(all_producers)),
                NOTE,
            ],
        },
        Step { step: &END, inputs: &[REASON] },
    ],
    beside: |work, person, _| Ok(vec![sign_ins(work, person.account.id)?]),
};

/// When and from where somebody signed in to an account, or tried.
fn sign_ins(work: &mut Work, account: AccountId) -> Result<Beside> {
    let tries = sign_in_log::store::of_account(work.connection, account, Moment::real_now())?;
    let mut beside =
        Beside::new(label("Đăng nhập và nhập sai mật khẩu gần đây", "Sign-ins and wrong passwords of late"));
    beside.table = Some(tried(work.language, &tries, MOST_SHOWN));
    Ok(beside)
}

/// Heads and rows of the last tries.
pub fn tried(language: Language, tries: &[SignInTry], most: usize) -> (Vec<String>, Vec<Vec<String>>) {
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let row = |one: &SignInTry| {
        let what = match (one.succeeded, one.with_code) {
            (true, false) => say("đăng nhập", "signed in"),
            (true, true) => say("đăng nhập có mã xác nhận", "signed in with a code"),
            (false, false) => say("sai mật khẩu", "wrong password"),
            (false, true) => say("đúng mật khẩu, sai mã xác nhận", "right password, wrong code"),
        };
        vec![moment(language, one.at), what, one.network.clone()]
    };
    let heads = vec![say("Lúc", "When"), say("Việc", "What"), say("Mạng", "Network")];
    (heads, tries.iter().take(most).map(row).collect())
}

/// So many are shown on a page.
const MOST_SHOWN: usize = 20;
