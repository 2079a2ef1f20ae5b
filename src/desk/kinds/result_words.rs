//! What results, decisions and certificates are called on the desk.

use crate::base::Stars;
use crate::desk::field::{ShownField, Writing, field};
use crate::desk::input::Input;
use crate::desk::words::{Wording, said};
use crate::http::Language;
use crate::station::label;

/// What a council came to.
pub const OUTCOMES: &[Wording] = &[
    ("disqualified", label("Bị loại", "Disqualified")),
    ("stopped", label("Dừng đánh giá", "Stopped")),
    ("below_threshold", label("Chưa đạt", "Below the threshold")),
    (
        "least_options_unmet",
        label("Đủ điểm nhưng chưa đạt mức tối thiểu bắt buộc", "Points enough, least options not met"),
    ),
    ("forwarded", label("Chuyển hội đồng cấp trên", "Goes to the council above")),
    ("rated", label("Đạt hạng", "Rated")),
    ("proposed_to_centre", label("Đề nghị Trung ương đánh giá", "Proposed to the centre")),
];

/// What a decision does.
pub const DECISIONS: &[Wording] = &[
    ("recognise", label("Công nhận và cấp giấy chứng nhận", "Recognises and gives certificates")),
    ("approve_result", label("Phê duyệt kết quả, đề nghị Trung ương", "Approves results for the centre")),
    ("centre_result", label("Ghi nhận kết quả của Trung ương", "Records the centre's result")),
    ("revoke", label("Thu hồi giấy chứng nhận", "Takes certificates back")),
    ("centre_revoke", label("Ghi nhận Trung ương thu hồi", "Records what the centre took back")),
];

/// Why certificates are taken back.
pub const GROUNDS: &[Wording] = &[
    ("untrue_dossier", label("Thông tin, tài liệu không trung thực hoặc giả mạo hồ sơ", "Untrue or forged papers")),
    (
        "criteria_not_met",
        label(
            "Không còn đáp ứng tiêu chí theo kết luận kiểm tra",
            "Criteria no longer met, by an inspection's conclusion",
        ),
    ),
    ("law_broken", label("Vi phạm pháp luật theo kết luận của cơ quan có thẩm quyền", "The law is broken")),
    ("mark_misused", label("Sử dụng nhãn hiệu OCOP gây nhầm lẫn", "The OCOP mark is misused")),
    ("production_ended", label("Không còn sản xuất, xã đã xác nhận", "Made no more, as the commune confirms")),
    ("other_conclusion", label("Kết luận và đề nghị của cơ quan có thẩm quyền", "Another authority asks for it")),
    ("not_rated_again", label("Hết hạn mà không được đánh giá lại", "Not rated again in time")),
    (
        "mandatory_criterion_failed",
        label("Không còn đáp ứng tiêu chí bắt buộc", "A mandatory criterion is no longer met"),
    ),
];

pub const STARS: ShownField = field("/stars", label("Hạng sao", "Stars"), Writing::Whole);

/// The number and the day of a paper.
pub const LETTER_NUMBER: Input =
    Input::new("letter_number", label("Số công văn", "Number of the letter"), crate::desk::input::Asks::Line)
        .required();
pub const LETTER_DATE: Input =
    Input::new("letter_date", label("Ngày công văn", "Day of the letter"), crate::desk::input::Asks::Day).required();

/// `4 sao`.
pub fn stars(language: Language, stars: Stars) -> String {
    let stars = stars.get();
    match language {
        Language::Vietnamese => format!("{stars} sao"),
        Language::English if stars == 1 => "1 star".to_owned(),
        Language::English => format!("{stars} stars"),
    }
}

/// A mean as people write it.
pub fn mean(language: Language, mean: &str) -> String {
    let mean = match language {
        Language::Vietnamese => mean.replace('.', ","),
        Language::English => mean.to_owned(),
    };
    format!("{mean} {}", said(language, label("điểm", "points")))
}
