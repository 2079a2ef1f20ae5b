//! How a page says first whether something is well: by a word, a sign and a colour, which always go together.

/// What a page's first lines are (mức độ).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Good,
    /// Something to look at twice.
    Doubt,
    Bad,
}

impl Mood {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubt => "doubt",
            Self::Bad => "bad",
        }
    }

    /// For those who cannot tell colours apart.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Doubt => "!",
            Self::Bad => "✕",
        }
    }
}
