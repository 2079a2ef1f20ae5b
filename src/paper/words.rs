//! Days, numbers and units as an official paper writes them in Vietnamese.

use chrono::Datelike;

use crate::base::{Day, Level, Mean, UnitCode, text};
pub use crate::page::words::lower_first;

/// `ngày 05 tháng 02 năm 2021`: days below 10 and the first two months have two digits, so that nothing can be written
/// before them.
pub fn long_day(day: &Day) -> String {
    let date = day.date();
    let month = if date.month() < 3 { format!("{:02}", date.month()) } else { date.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// `05/02/2021`.
pub fn short_day(day: &Day) -> String {
    day.date().format("%d/%m/%Y").to_string()
}

/// `49,87`: with a comma, truncated.
pub fn mean(mean: Mean) -> String {
    mean.to_string().replace('.', ",")
}

/// `ỦY BAN NHÂN DÂN TỈNH HÀ TĨNH`.
pub fn committee(unit_name: &str) -> String {
    committee_in_text(unit_name).to_uppercase()
}

/// `Ủy ban nhân dân tỉnh Hà Tĩnh`.
pub fn committee_in_text(unit_name: &str) -> String {
    format!("Ủy ban nhân dân {}", lower_first(unit_name))
}

/// `Thôn Công Đẳng, xã Sơn Kim 1`: with the commune, unless whoever wrote the address named it already.
pub fn address_in(address: &str, commune: &str) -> String {
    if text::fold(address).contains(&text::fold(commune)) {
        return address.to_owned();
    }
    format!("{address}, {}", lower_first(commune))
}

/// `TỈNH HÀ TĨNH`.
pub fn upper(unit_name: &str) -> String {
    unit_name.to_uppercase()
}

/// A unit's name without what kind of unit it is: `Hà Tĩnh`.
pub fn bare(unit_name: &str) -> &str {
    let kinds = ["Tỉnh ", "Thành phố ", "Thị xã ", "Thị trấn ", "Huyện ", "Phường ", "Xã "];
    kinds.iter().find_map(|kind| unit_name.strip_prefix(kind)).unwrap_or(unit_name)
}

/// `cấp tỉnh`.
pub fn level(unit: &UnitCode) -> &'static str {
    match unit.level() {
        Level::Province => "cấp tỉnh",
        Level::District => "cấp huyện",
        Level::Commune => "cấp xã",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_units_are_written_as_officials_write_them() {
        let day = |text: &str| long_day(&text.parse().unwrap());
        assert_eq!(day("2021-02-05"), "ngày 05 tháng 02 năm 2021");
        assert_eq!(day("2021-11-22"), "ngày 22 tháng 11 năm 2021");
        assert_eq!(day("2021-03-09"), "ngày 09 tháng 3 năm 2021");
        assert_eq!(committee("Thị xã Kỳ Anh"), "ỦY BAN NHÂN DÂN THỊ XÃ KỲ ANH");
        assert_eq!((bare("Tỉnh Hà Tĩnh"), bare("Thành phố Hà Tĩnh")), ("Hà Tĩnh", "Hà Tĩnh"));
        assert_eq!(mean(Mean::new(399, 8).unwrap()), "49,87");
    }

    #[test]
    fn an_address_names_its_commune_once() {
        let whole = "Thôn Công Đẳng, xã Sơn Kim 1";
        assert_eq!(address_in("Thôn Công Đẳng", "Xã Sơn Kim 1"), whole);
        assert_eq!(address_in(whole, "Xã Sơn Kim 1"), whole);
        assert_eq!(address_in("Thôn 2, huyện Kỳ Anh", "Xã Kỳ Anh"), "Thôn 2, huyện Kỳ Anh, xã Kỳ Anh");
    }
}
