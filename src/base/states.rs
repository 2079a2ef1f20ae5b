//! What states are called: wherever people read of one, on pages and in refusals.

use crate::base::message::{Label, Message, label, say};

/// Every state of every thing, and what it is called.
pub const STATES: &[(&str, Label)] = &[
    ("draft", label("Bản nháp", "Draft")),
    ("submitted", label("Đã nộp", "Handed in")),
    ("forwarded", label("Xã đã chuyển", "Forwarded by the commune")),
    ("selected", label("Huyện đã chọn", "Selected by the district")),
    ("accepted", label("Được chấp nhận", "Accepted")),
    ("returned", label("Trả lại để sửa", "Returned for correction")),
    ("rejected", label("Bị từ chối", "Rejected")),
    ("approved", label("Đã duyệt", "Approved")),
    ("open", label("Đang mở", "Open")),
    ("closed", label("Đã đóng", "Closed")),
    ("pending", label("Chờ xác nhận", "Waiting to be confirmed")),
    ("confirmed", label("Đã xác nhận", "Confirmed")),
    ("refused", label("Đã từ chối", "Refused")),
    ("waiting", label("Đang chờ", "Waiting")),
    ("admitted", label("Đã đưa vào chương trình", "Admitted")),
    ("scoring", label("Đang chấm điểm", "Being scored")),
    ("scored", label("Đã chấm xong", "Scored")),
    ("concluded", label("Đã kết luận", "Concluded")),
    ("rated", label("Đã phân hạng", "Rated")),
    ("deferred", label("Hoãn", "Deferred")),
    ("sent_up", label("Đã chuyển cấp trên", "Sent up")),
    ("promulgated", label("Đã ban hành", "Promulgated")),
    ("withdrawn", label("Đã rút", "Withdrawn")),
    ("discarded", label("Đã bỏ", "Discarded")),
    ("carried_over", label("Đã chuyển sang quy trình mới", "Carried over")),
    ("filed", label("Đã gửi khiếu nại", "Filed")),
    ("extended", label("Được kéo dài trong khi đánh giá lại", "Kept on while it is rated again")),
    ("valid", label("Còn hiệu lực", "Valid")),
    ("expired", label("Hết hiệu lực", "Expired")),
    ("revoked", label("Đã thu hồi", "Revoked")),
    ("superseded", label("Đã thay thế", "Superseded")),
    ("active", label("Đang có hiệu lực", "In force")),
    ("delivered", label("Đã giao", "Handed over")),
    ("ordered", label("Đã đặt", "Ordered")),
    ("issued", label("Đã cấp", "Issued")),
    ("recalled", label("Đã thu hồi", "Recalled")),
    ("lifted", label("Đã gỡ", "Lifted")),
    ("upheld", label("Chấp nhận khiếu nại", "Upheld")),
    ("dismissed", label("Bác", "Dismissed")),
    ("received", label("Đã nhận, chờ trả lời", "Received")),
    ("answered", label("Đã trả lời", "Answered")),
    ("finished", label("Đã hoàn thành", "Finished")),
    ("unstarted", label("Chưa bắt đầu", "Not begun")),
    ("ended", label("Đã chấm dứt", "Ended")),
    ("adopted", label("Đã ký ban hành", "Adopted")),
    ("planned", label("Đã lên kế hoạch", "Planned")),
    ("visiting", label("Đang kiểm tra", "Being visited")),
    ("recorded", label("Đã lập biên bản", "Minutes signed")),
    ("correcting", label("Chờ khắc phục", "To be corrected")),
    ("replied", label("Chủ thể đã trả lời", "The producer replied")),
    ("followed_up", label("Đã kiểm tra lại", "Followed up")),
    ("cancelled", label("Đã hủy", "Cancelled")),
];

/// What a state is called; as it is spelled where nobody named it.
pub fn called(state: &str) -> Message {
    let found = STATES.iter().find(|(known, _)| *known == state);
    found.map_or_else(|| say(state.replace('_', " "), state.replace('_', " ")), |(_, label)| (*label).into())
}
