//! What people read in the place of the values that programs use: states, kinds, roles.

pub use crate::base::states::STATES;
use crate::base::{Message, Refusal, say};
use crate::http::Language;
use crate::station::{Label, label};

/// A value and what it is called.
pub type Wording = (&'static str, Label);

/// A label in a language.
pub fn said(language: Language, label: Label) -> &'static str {
    match language {
        Language::Vietnamese => label.vi,
        Language::English => label.en,
    }
}

/// Steps by which a thing comes back or is turned down: why is told first.
pub const SENDING_BACK: &[&str] = &["return", "reject", "refuse"];

/// Steps that end something or turn it down, for which no other step makes up.
pub const GRAVE: &[&str] =
    &["reject", "refuse", "discard", "withdraw", "close", "end", "void", "recall", "carry-over", "cancel"];

/// What can happen to a lot.
pub const EVENTS: &[Wording] = &[
    ("harvest", label("Thu hoạch", "Harvested")),
    ("process", label("Chế biến", "Processed")),
    ("pack", label("Đóng gói", "Packed")),
    ("ship", label("Giao hàng", "Shipped")),
    ("sell", label("Bán", "Sold")),
    ("sold_out", label("Đã bán hết", "Sold out")),
    ("receive", label("Nhận nguyên liệu", "Received")),
    ("plant", label("Gieo trồng, thả nuôi", "Planted")),
    ("test", label("Kiểm nghiệm", "Tested")),
];

/// What the history tells by another name than its step's.
pub const TOLD: &[Wording] = &[
    ("correct", label("Đính chính", "Corrected")),
    ("erase", label("Xóa dữ liệu cá nhân", "Data of persons erased")),
    ("fetch_export", label("Tải bản sao dữ liệu", "Copy fetched")),
    ("forget_contact", label("Quên cách liên hệ", "Contact forgotten")),
    ("refold", label("Hệ thống làm mới khóa tìm kiếm", "The service renewed the key for search")),
    ("vouch_anew", label("Hệ thống xác nhận lại dữ liệu", "The service vouched for it anew")),
];

/// What who leads a session should know before its scoring.
pub const WARNINGS: &[Wording] = &[
    (
        "input_held",
        label("Nguyên liệu làm nên lô này đang bị tạm đình chỉ.", "Something that went into this lot is on hold."),
    ),
    ("dates_missing", label("Chưa ghi ngày họp hoặc ngày gửi hồ sơ.", "The dates of session or dossier are missing.")),
    (
        "short_notice",
        label(
            "Hồ sơ hoặc mẫu đến thành viên muộn hơn quy định của hội đồng.",
            "Dossier or samples reach the members later than the council's rules want.",
        ),
    ),
];

/// What may be done by an account, in the spelling of [`crate::account::Role`].
pub const ROLES: &[Wording] = &[
    ("producer", label("Chủ thể", "Producer")),
    ("commune_officer", label("Cán bộ xã", "Commune officer")),
    ("district_officer", label("Cán bộ huyện", "District officer")),
    ("provincial_officer", label("Văn phòng điều phối tỉnh", "Provincial office")),
    ("signatory", label("Người ký quyết định", "Signatory")),
    ("council_member", label("Thành viên hội đồng", "Council member")),
    ("inspector", label("Đoàn kiểm tra", "Inspector")),
    ("supervisor", label("Người giám sát", "Supervisor")),
    ("administrator", label("Quản trị viên", "Administrator")),
];

/// A refusal in words: what programs call states and versions says nothing to people.
pub fn in_words(refusal: Refusal, state: Option<&str>) -> Refusal {
    let detail = better_told(refusal.code, state);
    Refusal { detail: detail.unwrap_or(refusal.detail), ..refusal }
}

/// What is told in the place of a refusal's own text, where that is for programs.
pub fn better_told(code: &str, state: Option<&str>) -> Option<Message> {
    match (code, state) {
        ("wrong_state", Some(state)) => Some(say(
            format!("Không thể khi đang ở trạng thái “{}”.", word(STATES, state, Language::Vietnamese)),
            format!("Not possible while it is “{}”.", word(STATES, state, Language::English)),
        )),
        ("short_notice", _) => Some(say(
            "Hồ sơ hoặc mẫu đến thành viên chưa đủ số ngày làm việc trước phiên họp. Nếu vẫn mở chấm điểm, xin đánh dấu ô xác \
             nhận.",
            "Dossier or samples reached the members less than the working days before the session that the council's rules \
             want. Tick the box to acknowledge that and open the scoring.",
        )),
        ("stale_version", _) => {
            Some(say("Trong lúc bạn xem, mục này đã có thay đổi.", "This changed while you were looking at it."))
        }
        _ => None,
    }
}

/// What a value is called; itself where nobody named it.
pub fn word(words: &[Wording], value: &str, language: Language) -> String {
    let found = words.iter().find(|(known, _)| *known == value);
    found.map_or_else(|| value.replace('_', " "), |(_, label)| said(language, *label).to_owned())
}
