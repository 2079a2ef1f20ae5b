//! A product's code.

use crate::base::UnitCode;
use crate::place::rules::PROVINCE;

/// The code of a product: `42-439-18196-3-2020`, province, district (left out where there is none), commune, running
/// number in the commune's year, year. The form is seen on products of other provinces; no act was found that sets it.
pub fn code(district: Option<&UnitCode>, commune: &UnitCode, number: i64, year: i32) -> String {
    match district {
        Some(district) => format!("{PROVINCE}-{district}-{commune}-{number}-{year}"),
        None => format!("{PROVINCE}-{commune}-{number}-{year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_no_district_after_the_reform() {
        let (district, commune) = ("439".parse().unwrap(), "18196".parse().unwrap());
        assert_eq!(code(Some(&district), &commune, 3, 2020), "42-439-18196-3-2020");
        assert_eq!(code(None, &commune, 1, 2026), "42-18196-1-2026");
    }
}
