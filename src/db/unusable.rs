//! What stands against using an SQLite file, in words.

use crate::base::{Error, say};

/// A file that is no whole database.
pub fn damaged(path: &str, told: &str) -> Error {
    Error::at_hand(say(
        format!(
            "{path} không phải là cơ sở dữ liệu SQLite nguyên vẹn ({told}): tệp khác, bị cắt ngắn hoặc bị ghi đè. Chưa ghi gì; \
             OCOP_DATABASE_URL có đúng không? Nếu đúng, hãy giữ tệp ấy và khôi phục bản sao lưu."
        ),
        format!(
            "{path} is no whole SQLite database ({told}): another file, cut short, or written over. Nothing was written; is \
             OCOP_DATABASE_URL right? If it is, keep that file and restore a backup."
        ),
    ))
}

/// What SQLite says against using a file, in words.
pub fn unusable(path: &str, error: &impl ToString) -> Error {
    let told = error.to_string();
    let is_damaged = ["not a database", "malformed"].iter().any(|damage| told.contains(damage));
    if is_damaged {
        return damaged(path, &told);
    }
    Error::at_hand(say(
        format!(
            "Không dùng được {path} làm cơ sở dữ liệu ({told}): đĩa đầy, chỉ đọc được, hoặc thiếu quyền đối với tệp và thư mục?"
        ),
        format!("Cannot use {path} as the database ({told}): is the disk full or read-only, are rights lacking?"),
    ))
}
