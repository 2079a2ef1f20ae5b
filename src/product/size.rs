//! The sizes in which a picture is kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A size of a picture (cỡ ảnh), by its long side.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Size {
    /// In lists: 320 pixels at most.
    Small,
    /// On a phone: 800 pixels at most.
    Medium,
    /// 1600 pixels at most.
    Large,
}

impl Size {
    pub fn long_side(self) -> u32 {
        match self {
            Self::Small => 320,
            Self::Medium => 800,
            Self::Large => 1600,
        }
    }
}

/// How wide and how high a picture is, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub width: u32,
    pub height: u32,
}

impl Extent {
    /// What a picture of this extent has in a size: its shape is kept, and nothing is ever made larger.
    pub fn within(self, size: Size) -> Self {
        let long = self.width.max(self.height);
        let most = size.long_side();
        if long <= most {
            return self;
        }
        let shrunk = |side: u32| {
            let rounded = (u64::from(side) * u64::from(most) + u64::from(long) / 2) / u64::from(long);
            u32::try_from(rounded).unwrap_or(most).max(1)
        };
        Self { width: shrunk(self.width), height: shrunk(self.height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn within(width: u32, height: u32, size: Size) -> (u32, u32) {
        let extent = Extent { width, height }.within(size);
        (extent.width, extent.height)
    }

    #[test]
    fn sizes_are_by_the_long_side() {
        assert_eq!(within(4000, 3000, Size::Large), (1600, 1200));
        assert_eq!(within(1600, 1200, Size::Medium), (800, 600));
        assert_eq!(within(1200, 1600, Size::Small), (240, 320));
        assert_eq!(within(1600, 1067, Size::Small), (320, 213));
        assert_eq!(within(200, 100, Size::Small), (200, 100));
        assert_eq!(within(12_000, 1, Size::Small), (320, 1));
    }

    proptest! {
        #[test]
        fn nothing_grows_or_loses_its_shape(width in 1u32..12_000, height in 1u32..12_000) {
            for size in [Size::Small, Size::Medium, Size::Large] {
                let (wide, high) = within(width, height, size);
                prop_assert!(wide >= 1 && high >= 1 && wide <= width && high <= height);
                prop_assert_eq!(wide.max(high), width.max(height).min(size.long_side()));
                // No side is off by more than the rounding of one pixel.
                let off = (u64::from(wide) * u64::from(height)).abs_diff(u64::from(high) * u64::from(width));
                prop_assert!(off <= u64::from(width.max(height)));
            }
        }
    }
}
