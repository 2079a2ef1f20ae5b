//! What can be wrong with any text that comes in.

use serde_json::Value;

use crate::base::{Error, Fault, Kind, say};

/// 413 for what is longer than is read.
pub fn too_large() -> Error {
    Error::refused(Kind::TooLarge, "too_large", say("Nội dung gửi lên quá lớn.", "The content sent is too large."))
}

/// How the reader of a body begins what it tells in English.
pub const NOT_VALID: &str = "Not a valid value:";

/// Whether the reader of a body told it: of the first place only, and in words for programs.
pub fn is_told_by_reader(fault: &Fault) -> bool {
    fault.code == "wrong_type" || fault.code == "required" && fault.detail.en.starts_with(NOT_VALID)
}

/// A NUL character in any text, with its place.
pub fn find_nul(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::String(string) if string.contains('\0') => faults.push(Fault::new(
            pointer,
            "nul_character",
            say("Chứa ký tự NUL không dùng được.", "Holds a NUL character, which is not allowed."),
        )),
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                find_nul(value, &format!("{pointer}/{index}"), faults);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                find_nul(value, &format!("{pointer}/{name}"), faults);
            }
        }
        _ => {}
    }
}
