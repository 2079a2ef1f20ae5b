//! What an old code is answered, as data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::stamp::answer::{CertificateAnswer, ProducerAnswer, ProductAnswer, WordsAnswer};
use crate::stamp::rules::{Verdict, Warning};

/// A product as an old code leads to it; there is no serial, and nothing is counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegacyAnswer {
    pub code: String,
    /// Always `legacy`.
    pub verdict: &'static str,
    pub words: WordsAnswer,
    /// `suspended` or `revoked` where the product is.
    pub product_verdict: Option<Verdict>,
    /// Of the product: `certificate_expired`, `not_rated`.
    pub warnings: Vec<Warning>,
    /// The verdict on the product and the warnings, in words.
    pub notes: Vec<WordsAnswer>,
    pub product: ProductAnswer,
    pub producer: ProducerAnswer,
    /// Only while it is valid.
    pub certificate: Option<CertificateAnswer>,
}
