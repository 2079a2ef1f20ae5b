//! Names of people who are made up.

pub const FAMILIES: &[&str] =
    &["Nguyễn", "Trần", "Lê", "Phạm", "Phan", "Đặng", "Hoàng", "Võ", "Bùi", "Hồ", "Dương", "Đoàn"];
pub const MIDDLES: &[&str] = &["Văn", "Thị", "Đình", "Thanh", "Quốc", "Ngọc", "Hữu", "Minh", "Thu", "Xuân"];
pub const GIVEN: &[&str] = &[
    "An", "Bình", "Châu", "Dũng", "Đức", "Giang", "Hà", "Hải", "Hạnh", "Hoa", "Hùng", "Hương", "Khánh", "Lâm", "Lan",
    "Linh", "Long", "Mai", "Nam", "Nga", "Nghĩa", "Oanh", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Thủy", "Tuấn", "Yến",
];
