//! Several papers in one print: each begins on a page of its own and has its own code at its foot.

use askama::Template;

use crate::base::{Error, Result};
use crate::paper::Proof;

/// What stands on a paper, already drawn, and its proof.
pub type Drawn = (Proof, String);

#[derive(Template)]
#[template(path = "papers/together.html")]
struct Together<'a> {
    title: &'a str,
    papers: &'a [Drawn],
}

/// Papers as one page to be printed, in their order.
pub fn render(title: &str, papers: &[Drawn]) -> Result<String> {
    Together { title, papers }.render().map_err(Error::internal)
}
