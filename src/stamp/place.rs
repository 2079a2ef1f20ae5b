//! Where a scan says that it was, coarsely.

use crate::base::{Fault, say};

/// A place in hundredths of a degree, about a kilometre: nobody's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub latitude: i32,
    pub longitude: i32,
}

/// A place to a hundredth of a degree.
pub fn coarse(lat: f64, lon: f64, faults: &mut Vec<Fault>) -> Place {
    let mut coarse = |degrees: f64, most: f64, pointer: &str| {
        let hundredths = (degrees.abs() <= most).then(|| hundredths(degrees)).flatten();
        if hundredths.is_none() {
            let detail = say(format!("Từ -{most} đến {most} độ."), format!("-{most} to {most} degrees."));
            faults.push(Fault::new(pointer, "out_of_range", detail));
        }
        hundredths.unwrap_or_default()
    };
    Place { latitude: coarse(lat, 90.0, "/lat"), longitude: coarse(lon, 180.0, "/lon") }
}

/// Degrees rounded to hundredths, as a whole number of them.
fn hundredths(degrees: f64) -> Option<i32> {
    format!("{:.0}", degrees * 100.0).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_kept_to_a_hundredth_of_a_degree() {
        assert_eq!(hundredths(18.34567), Some(1835));
        assert_eq!(hundredths(-105.904), Some(-10590));
        assert_eq!(hundredths(-0.001), Some(0));
        assert_eq!(hundredths(f64::NAN), None);
    }
}
