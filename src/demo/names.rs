//! Names of people who are made up, and of producers by their kind.

use crate::producer::rules::ProducerKind;

pub const FAMILIES: &[&str] =
    &["Nguyễn", "Trần", "Lê", "Phạm", "Phan", "Đặng", "Hoàng", "Võ", "Bùi", "Hồ", "Dương", "Đoàn"];
pub const MIDDLES: &[&str] = &["Văn", "Thị", "Đình", "Thanh", "Quốc", "Ngọc", "Hữu", "Minh", "Thu", "Xuân"];
pub const GIVEN: &[&str] = &[
    "An", "Bình", "Châu", "Dũng", "Đức", "Giang", "Hà", "Hải", "Hạnh", "Hoa", "Hùng", "Hương", "Khánh", "Lâm", "Lan",
    "Linh", "Long", "Mai", "Nam", "Nga", "Nghĩa", "Oanh", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Thủy", "Tuấn", "Yến",
];

/// What stands before the name of a producer of a kind.
pub fn called(kind: ProducerKind) -> &'static str {
    match kind {
        ProducerKind::Household => "Hộ kinh doanh",
        ProducerKind::Cooperative => "Hợp tác xã",
        ProducerKind::Enterprise => "Công ty TNHH",
        ProducerKind::CooperativeGroup => "Tổ hợp tác",
        ProducerKind::Farm => "Trang trại",
        ProducerKind::Association => "Hội",
        ProducerKind::OperatingCentre => "Trung tâm",
    }
}

/// What the products of a person in a commune are called by.
pub fn branded(person: &str, commune: &str) -> String {
    format!("{} {commune}", person.split(' ').next_back().unwrap_or(person))
}
