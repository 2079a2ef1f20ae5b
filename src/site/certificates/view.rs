//! What everybody may see of a certificate.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::ProductId;
use crate::base::{Day, Error, Kind, Stars, say};
use crate::decision::rules::Standing;
use crate::site::store::Verified;

/// A certificate, as everybody may verify it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicCertificate {
    pub number: String,
    /// As of today.
    pub state: Standing,
    /// Null unless it is in force today.
    pub stars: Option<Stars>,
    pub issued_on: Day,
    /// The last day.
    pub valid_until: Day,
    /// The last day on which it is kept on while the product is rated again, where it is.
    pub extended_until: Option<Day>,
    pub revoked_on: Option<Day>,
    pub product: CertifiedProduct,
    pub producer: CertifiedProducer,
}

/// What a certificate was given for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertifiedProduct {
    pub id: ProductId,
    pub code: String,
    pub name: String,
}

/// Whom a certificate was given to.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertifiedProducer {
    pub name: String,
    pub address: String,
}

impl PublicCertificate {
    pub fn new(verified: Verified, today: Day) -> Self {
        let certificate = verified.certificate;
        Self {
            state: certificate.standing(today),
            stars: certificate.stars(today),
            number: certificate.number,
            issued_on: certificate.issued_on,
            valid_until: certificate.term.valid_until,
            extended_until: certificate.term.extended_until,
            revoked_on: certificate.term.revoked_on,
            product: CertifiedProduct {
                id: verified.product_id,
                code: verified.product_code,
                name: verified.product_name,
            },
            producer: CertifiedProducer { name: verified.producer_name, address: verified.producer_address },
        }
    }
}

pub fn unknown_certificate() -> Error {
    Error::refused(
        Kind::Unknown,
        "unknown_certificate",
        say(
            "Tỉnh không cấp giấy chứng nhận nào có số này.",
            "The province has issued no certificate with this number.",
        ),
    )
}
