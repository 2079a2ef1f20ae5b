//! Pages for people: what all of them share. The frame that they stand in, their texts in each language, their one
//! stylesheet, and the headers that they are sent with. A page is a template that extends `templates/frame.html`.

pub mod answer;
pub mod chart;
pub mod frame;
pub mod mood;
pub mod problem;
pub mod style;
pub mod tag;
pub mod texts;
pub mod words;

pub use answer::{data, data_as_text, fresh, fresh_saving, fresh_with_script, json_for_script, kept, kept_data};
pub use frame::{Frame, Section};
pub use mood::Mood;
pub use texts::Texts;
