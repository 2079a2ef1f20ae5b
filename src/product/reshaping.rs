//! How a photograph is set right once somebody looked at it: turned, and cut at its sides.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Fault, Faults, Result, say};
use crate::product::Extent;

/// Quarter turns to the right, and what is cut off of the picture as it stands then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reshaping {
    #[schema(minimum = 0, maximum = 3)]
    pub quarter_turns: u8,
    pub cut: CutOff,
}

/// What is cut off at each side, in hundredths of the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CutOff {
    #[schema(minimum = 0, maximum = 90)]
    pub left: u8,
    #[schema(minimum = 0, maximum = 90)]
    pub top: u8,
    #[schema(minimum = 0, maximum = 90)]
    pub right: u8,
    #[schema(minimum = 0, maximum = 90)]
    pub bottom: u8,
}

/// A tenth of the picture is left at least.
const MOST_CUT: u32 = 90;

impl Reshaping {
    /// 422 with what cannot be done, and where nothing would be.
    pub fn check(self) -> Result<()> {
        let mut faults = Vec::new();
        if self.quarter_turns > 3 {
            let text = say("Xoay từ 0 đến 3 lần 90 độ.", "From 0 to 3 quarter turns.");
            faults.push(Fault::new("/quarter_turns", "out_of_range", text));
        }
        let CutOff { left, top, right, bottom } = self.cut;
        for (pointer, one, other) in [("/cut/right", left, right), ("/cut/bottom", top, bottom)] {
            if u32::from(one) + u32::from(other) > MOST_CUT {
                let text = say(
                    format!("Cắt hai phía tối đa {MOST_CUT} phần trăm."),
                    format!("At most {MOST_CUT} hundredths are cut off at both sides together."),
                );
                faults.push(Fault::new(pointer, "out_of_range", text));
            }
        }
        if faults.is_empty() && self == Self::default() {
            let text = say("Chọn xoay hoặc cắt ảnh.", "Choose how the picture is turned or cut.");
            faults.push(Fault::new("/quarter_turns", "required", text));
        }
        faults.into_result()
    }
}

impl CutOff {
    /// Where what is left of a picture begins, and how large it is; never nothing.
    pub fn left_of(self, whole: Extent) -> (u32, u32, Extent) {
        let part = |side: u32, hundredths: u8| {
            u32::try_from(u64::from(side) * u64::from(hundredths) / 100).unwrap_or(0).min(side.saturating_sub(1))
        };
        let (x, y) = (part(whole.width, self.left), part(whole.height, self.top));
        let rest = |side: u32, begin: u32, end: u8| side.saturating_sub(begin).saturating_sub(part(side, end)).max(1);
        let left = Extent { width: rest(whole.width, x, self.right), height: rest(whole.height, y, self.bottom) };
        (x, y, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(quarter_turns: u8, cut: CutOff) -> Vec<String> {
        match (Reshaping { quarter_turns, cut }).check() {
            Ok(()) => Vec::new(),
            Err(error) => error.refusal().unwrap().faults.iter().map(|fault| fault.pointer.clone()).collect(),
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(codes(0, CutOff::default()), ["/quarter_turns"]);
        assert_eq!(codes(4, CutOff { left: 50, right: 41, ..CutOff::default() }), ["/quarter_turns", "/cut/right"]);
        assert_eq!(codes(0, CutOff { top: 91, ..CutOff::default() }), ["/cut/bottom"]);
        assert_eq!(codes(1, CutOff { top: 45, bottom: 45, ..CutOff::default() }), [""; 0]);
    }

    proptest! {
        #[test]
        fn what_is_left_lies_within_the_picture(
            width in 1..12_000u32, height in 1..12_000u32, left in 0..=90u8, top in 0..=90u8, share in 0..=100u8,
        ) {
            let other = |one: u8| u8::try_from(u32::from(90 - one) * u32::from(share) / 100).unwrap();
            let cut = CutOff { left, top, right: other(left), bottom: other(top) };
            let (x, y, rest) = cut.left_of(Extent { width, height });
            prop_assert!(rest.width >= 1 && rest.height >= 1);
            prop_assert!(x + rest.width <= width && y + rest.height <= height);
        }
    }
}
