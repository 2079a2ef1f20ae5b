//! What stands around every page of the desk: who one is, for which unit, and where one can go.

use crate::account::{Role, Territory, Work};
use crate::base::{Moment, Result};
use crate::decision::dispatch::READERS;
use crate::desk::help;
use crate::desk::kinds;
use crate::desk::words::{ROLES, said, word};
use crate::http::Language;
use crate::page::style;
use crate::page::words::day;
use crate::station::{Label, label};
use crate::{place, producer, report};

/// What a page says of who reads it.
#[derive(Debug, Clone)]
pub struct Desk {
    pub name: String,
    pub role: String,
    /// The unit or the producer that one acts for.
    pub place: Option<String>,
    pub csrf: String,
    /// What the guides say of this page.
    pub help: String,
    /// Where one's own account is.
    pub own: String,
    /// Address, text, whether this page is in it.
    pub navigation: Vec<(String, &'static str, bool)>,
    /// The day of the service, where it is another one than the calendar's.
    pub business_day: Option<String>,
    pub words: &'static DeskWords,
    /// Where the script of the desk is.
    pub script: &'static str,
}

/// What the frame says.
#[derive(Debug)]
pub struct DeskWords {
    pub title: &'static str,
    pub navigation: &'static str,
    /// Where there is no room for the parts, what leads to them.
    pub menu: &'static str,
    pub close_menu: &'static str,
    pub sign_out: &'static str,
    pub sessions: &'static str,
    pub password: &'static str,
    pub own: &'static str,
    pub help: &'static str,
    pub public: &'static str,
    pub business_day: &'static str,
    pub wrong: &'static str,
    pub search: &'static str,
    pub find: &'static str,
    pub next: &'static str,
    pub history: &'static str,
    pub when: &'static str,
    pub who: &'static str,
    pub what: &'static str,
    pub steps: &'static str,
    pub new: &'static str,
    pub none: &'static str,
    pub all: &'static str,
    pub count: &'static str,
    pub csv: &'static str,
    pub xlsx: &'static str,
    pub name: &'static str,
}

static VIETNAMESE: DeskWords = DeskWords {
    title: "Bàn làm việc",
    navigation: "Các phần của bàn làm việc",
    menu: "Mở danh mục",
    close_menu: "Đóng danh mục",
    sign_out: "Đăng xuất",
    sessions: "Phiên đăng nhập",
    password: "Đổi mật khẩu",
    own: "Tài khoản của tôi",
    help: "Hướng dẫn trang này",
    public: "Trang công khai",
    business_day: "Ngày làm việc của hệ thống:",
    wrong: "Chưa thực hiện được",
    search: "Tìm kiếm",
    find: "Lọc",
    next: "Trang sau",
    history: "Lịch sử",
    when: "Lúc",
    who: "Ai",
    what: "Việc",
    steps: "Việc có thể làm",
    new: "Thêm mới",
    none: "Không có mục nào phù hợp.",
    all: "Tất cả",
    count: "Tổng số:",
    csv: "CSV",
    xlsx: "Tải về bảng tính (XLSX)",
    name: "Tên",
};

static ENGLISH: DeskWords = DeskWords {
    title: "Desk",
    navigation: "Parts of the desk",
    menu: "Open the menu",
    close_menu: "Close the menu",
    sign_out: "Sign out",
    sessions: "Sign-ins",
    password: "Change password",
    own: "My account",
    help: "Help on this page",
    public: "Public pages",
    business_day: "The service's day:",
    wrong: "This could not be done",
    search: "Search",
    find: "Filter",
    next: "Next page",
    history: "History",
    when: "When",
    who: "Who",
    what: "What",
    steps: "What can be done",
    new: "New",
    none: "There is nothing that fits.",
    all: "All",
    count: "Altogether:",
    csv: "CSV",
    xlsx: "As a spreadsheet (XLSX)",
    name: "Name",
};

impl DeskWords {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Vietnamese => &VIETNAMESE,
            Language::English => &ENGLISH,
        }
    }
}

/// The first page of the desk.
pub const MINE: Label = label("Việc của tôi", "My work");

/// What cycles came to, compared.
pub const FIGURES: Label = label("Số liệu", "Figures");
/// What became of the daily summaries.
pub const SUMMARIES: Label = label("Bản tin việc chờ", "Daily summaries");
/// Who was answered identity numbers in full.
pub const IDENTITY_READINGS: Label = label("Ai đã xem số định danh", "Who read identity numbers");
/// Lists in which a producer finds nothing: it has no seat, and reports of working groups are for councils.
const EMPTY_FOR_PRODUCERS: &[&str] = &["councils", "group-reports", "decisions"];

/// Lists in which a commune finds nothing: decisions are the districts' and the province's.
const EMPTY_FOR_COMMUNES: &[&str] = &["decisions"];

/// Lists in which who acts for no place finds nothing: they follow territories alone.
const EMPTY_WITHOUT_TERRITORY: &[&str] = &[
    "decisions",
    "certificates",
    "result-notices",
    "appeals",
    "lots",
    "stamp-orders",
    "holds",
    "inspections",
    "support-policies",
    "support-claims",
    "rewards",
];

/// What a reform of the units left behind: where it goes on, and what that is called.
pub const PRODUCERS_TO_MOVE: (&str, Label) =
    ("reassignments", label("Chủ thể sau sáp nhập", "Producers after a reform"));
pub const ACCOUNTS_TO_MOVE: (&str, Label) =
    ("account-reassignments", label("Tài khoản sau sáp nhập", "Accounts after a reform"));

/// Letters that send several things at once.
pub const LETTERS: Label = label("Công văn", "Letters");

impl Desk {
    /// For who asks; `part` is the part of the desk that the page is in.
    pub fn of(work: &mut Work, csrf: String, part: &str) -> Result<Self> {
        let language = work.language;
        let today = work.now.day();
        let place = match (&work.actor.unit, work.actor.producer) {
            (_, Some(id)) => producer::store::names(work.connection, &[id])?.remove(&id),
            (Some(code), None) => Some(place::store::places(work.connection)?.name(code, today)),
            (None, None) => None,
        };
        let mut navigation = vec![("/desk".to_owned(), said(language, MINE), part.is_empty())];
        for counter in kinds::ALL.iter().filter(|counter| counter.may_list(work.asker())) {
            let path = counter.path();
            let empty = match (work.actor.role, work.actor.territory()) {
                (_, Territory::Nothing) => EMPTY_WITHOUT_TERRITORY,
                (Role::Producer, _) => EMPTY_FOR_PRODUCERS,
                (Role::CommuneOfficer, _) => EMPTY_FOR_COMMUNES,
                _ => &[],
            };
            if empty.contains(&path) {
                continue;
            }
            navigation.push((format!("/desk/{path}"), said(language, counter.title()), part == path));
        }
        if work.actor.is(report::api::READERS) {
            navigation.push(("/desk/figures".to_owned(), said(language, FIGURES), part == "figures"));
        }
        if work.actor.is(&[Role::Administrator]) {
            navigation.push(("/desk/summaries".to_owned(), said(language, SUMMARIES), part == "summaries"));
        }
        if work.actor.is(producer::readings::READERS) {
            let (address, part_of_it) = ("/desk/identity-readings".to_owned(), "identity-readings");
            navigation.push((address, said(language, IDENTITY_READINGS), part == part_of_it));
        }
        if work.actor.is(READERS) {
            navigation.push(("/desk/dispatches".to_owned(), said(language, LETTERS), part == "dispatches"));
        }
        let to_move = match work.actor.role {
            Role::ProvincialOfficer => Some(PRODUCERS_TO_MOVE),
            Role::Administrator => Some(ACCOUNTS_TO_MOVE),
            _ => None,
        };
        if let Some((path, title)) = to_move {
            navigation.push((format!("/desk/{path}"), said(language, title), part == path));
        }
        let differs = Moment::real_now().day() != today;
        Ok(Self {
            name: work.actor.name.clone(),
            role: word(ROLES, work.actor.role.as_ref(), language),
            place,
            csrf,
            help: help::address(work.actor.role, part),
            own: format!("/desk/accounts/{}", work.actor.id),
            navigation,
            business_day: differs.then(|| day(language, today)),
            words: DeskWords::of(language),
            script: style::script_address(),
        })
    }
}
