//! What a step is called in the history.

/// The name of a step (tên bước): small letters and hyphens, in one spelling in history, actions and forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepName(&'static str);

impl StepName {
    /// A name that is spelled otherwise does not compile where it stands in a constant, as all of them do.
    pub const fn new(name: &'static str) -> Self {
        assert!(is_spelled_with_hyphens(name), "a step is spelled with small letters and hyphens");
        Self(name)
    }

    pub const fn text(self) -> &'static str {
        self.0
    }
}

/// The step that makes a thing.
pub const CREATE: StepName = StepName::new("create");
/// The step that the service makes of something that it finds without one.
pub const ADOPT: StepName = StepName::new("adopt");
/// The step by which the service makes anew what it searches a thing by.
pub const REFOLD: StepName = StepName::new("refold");

/// The step by which the service vouches for a thing by a text that is the same on either database.
pub const VOUCH_ANEW: StepName = StepName::new("vouch-anew");

const fn is_spelled_with_hyphens(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut place = 0;
    while place < bytes.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated while compiling, within the length")]
        let letter = bytes[place];
        if !(letter.is_ascii_lowercase() || letter == b'-') {
            return false;
        }
        place += 1;
    }
    !bytes.is_empty()
}
