//! Accounts on the desk.

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::account::{Asker, Caller, Work, password};
use crate::base::Result;
use crate::base::id::AccountId;
use crate::desk::counter::{KindOfThing, Make, Making, Press, Step, alone, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, CREATED, SEARCH, UNIT, all_producers, units};
use crate::desk::words::{ROLES, Wording};
use crate::http::{Answer, App, PathParam, Problem};
use crate::people::Person;
use crate::people::steps::{
    AccountForm, CHANGE, CREATE, END, Hashed, NewPassword, REASSIGN, RESET_PASSWORD, SET_CONTACT,
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
        let hash = async |app: &App, form: AccountForm| -> Result<_> {
            let password_hash = password::hashed(&app.password_turns, form.password.clone()).await?;
            Ok(Hashed { form, password_hash })
        };
        Box::pin(caller.make_prepared(&CREATE, hash))
    }
}

/// Another password, hashed.
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
        let hash = async |app: &App, form: NewPassword| -> Result<_> {
            let password_hash = password::hashed(&app.password_turns, form.password.clone()).await?;
            Ok(Hashed { form, password_hash })
        };
        Box::pin(caller.take_prepared(&RESET_PASSWORD, key, hash))
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

const PASSWORD: Input = Input::new("password", label("Mật khẩu", "Password"), Asks::Password)
    .required()
    .hint(label("Từ 10 ký tự.", "At least 10 characters."));

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
        Step { step: &Reset, inputs: &[PASSWORD] },
        Step {
            step: &REASSIGN,
            inputs: &[Input::new("unit_code", label("Đơn vị mới", "The new unit"), Asks::From(units)).required(), NOTE],
        },
        Step { step: &END, inputs: &[REASON] },
    ],
    beside: alone,
};
