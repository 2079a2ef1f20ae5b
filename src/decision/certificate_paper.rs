//! The certificate to be handed out: as a PDF, and as a signed document that an app verifies off line.

use actix_web::{HttpResponse, get, web};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Caller;
use crate::audit::{self, Resource};
use crate::base::id::CertificateId;
use crate::base::keys::Keyring;
use crate::base::{Day, Error, Result, Stars, say, text};
use crate::db::AnyConnection;
use crate::decision::certificate_pdf::{self, Sheet};
use crate::decision::certificate_thing::IssuedCertificate;
use crate::decision::paper_store::{self, Certified};
use crate::decision::rules::{Standing, address_to_verify};
use crate::http::{PathParam, Problem, Refusals};
use crate::paper::{hand_out, proof, words};
use crate::place;
use crate::producer::ProducerKind;
use crate::station::find;

/// The type of a signed certificate, which no check of access tokens takes for one.
pub const SIGNED_TYPE: &str = "ocop-certificate+jws";

/// What stands on the certificate with this number today.
pub fn sheet(connection: &mut AnyConnection, number: &str, public_url: &str, today: Day) -> Result<Sheet> {
    let certified = paper_store::certified(connection, number)?.ok_or_else(Error::unknown)?;
    let seal = audit::seal_store::of(connection, Resource::Certificate, certified.id.any())?;
    let address = address(connection, &certified)?;
    Ok(Sheet {
        qr: format!("{}/C/{}", public_url.to_ascii_uppercase(), certified.number.to_ascii_uppercase()),
        address_to_verify: address_to_verify(public_url, &certified.number),
        standing: certified.term.standing(today),
        term: certified.term,
        unit: place::store::name(connection, &certified.unit, certified.issued_on)?,
        number: certified.number,
        product: certified.product_name,
        product_code: certified.product_code,
        producer: certified.producer.name,
        address,
        stars: certified.stars.get(),
        decision_number: certified.decision_number.unwrap_or_default(),
        issued_on: certified.issued_on,
        signatory: certified.signatory,
        seal: proof::seal_line(seal.as_ref()),
    })
}

/// The producer's address with commune and district as they were called on the day of issue.
fn address(connection: &mut AnyConnection, certified: &Certified) -> Result<String> {
    let day = certified.issued_on;
    let mut address = certified.producer.address.clone();
    for unit in [Some(&certified.commune), certified.district.as_ref()].into_iter().flatten() {
        let name = place::store::name(connection, unit, day)?;
        // Many write them into the address already.
        if !text::fold(&address).contains(&text::fold(&name)) {
            address = format!("{address}, {}", words::lower_first(&name));
        }
    }
    Ok(address)
}

/// The sheet as a PDF; drawn off the async threads, and without a connection to the database.
pub async fn pdf(sheet: Sheet) -> Result<HttpResponse, Problem> {
    let drawn = web::block(move || certificate_pdf::draw(&sheet)).await.map_err(Error::internal)?;
    Ok(hand_out("application/pdf", drawn?))
}

/// A certificate as a PDF to be printed.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), Refusals)
)]
#[get("/certificates/{id}/certificate.pdf")]
pub async fn print(caller: Caller, id: PathParam<CertificateId>) -> Result<HttpResponse, Problem> {
    printed(caller, id).await
}

/// The sheet of a certificate, for whoever may have it.
pub async fn printed(caller: Caller, id: PathParam<CertificateId>) -> Result<HttpResponse, Problem> {
    let public_url = caller.app.public_url.clone();
    let found = caller.look(move |work| {
        let certificate = find::<IssuedCertificate>(work, &id.get()?)?;
        sheet(work.connection, &certificate.row.number, &public_url, work.now.day())
    });
    pdf(found.await?).await
}

/// What a signed certificate says. It has no term of its own: `valid_until` is the certificate's, and whether it was
/// revoked since is asked on line.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedCertificate {
    /// The public address of the service that signed it.
    pub issuer: String,
    pub number: String,
    pub product: SignedProduct,
    pub producer: SignedProducer,
    pub stars: Stars,
    pub decision_number: Option<String>,
    pub issued_on: Day,
    /// The last day.
    pub valid_until: Day,
    /// The last day on which it is kept on while the product is rated again, as far as is known on `as_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_until: Option<Day>,
    /// The day on which this was signed; the certificate was not revoked then.
    pub as_of: Day,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedProduct {
    pub name: String,
    pub code: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedProducer {
    pub name: String,
    pub kind: ProducerKind,
    pub address: String,
}

/// Signs the certificate with this number, as it is today; a revoked one is not signed any more.
pub fn signed(
    connection: &mut AnyConnection,
    keys: &Keyring,
    number: &str,
    public_url: &str,
    today: Day,
) -> Result<String> {
    let certified = paper_store::certified(connection, number)?.ok_or_else(Error::unknown)?;
    if certified.term.standing(today) == Standing::Revoked {
        return Err(Error::conflict(
            "certificate_revoked",
            say("Giấy chứng nhận đã bị thu hồi.", "The certificate was revoked."),
        ));
    }
    let address = address(connection, &certified)?;
    let payload = SignedCertificate {
        issuer: public_url.to_owned(),
        number: certified.number,
        product: SignedProduct { name: certified.product_name, code: certified.product_code },
        producer: SignedProducer { name: certified.producer.name, kind: certified.producer.kind, address },
        stars: certified.stars,
        decision_number: certified.decision_number,
        issued_on: certified.issued_on,
        valid_until: certified.term.valid_until,
        extended_until: certified.term.extended_until,
        as_of: today,
    };
    sign(keys, &payload)
}

/// A compact JWS (RFC 7515) with the key in use.
fn sign(keys: &Keyring, payload: &SignedCertificate) -> Result<String> {
    let key = keys.token_key()?;
    let header =
        Header { typ: Some(SIGNED_TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, payload, &EncodingKey::from_ed_der(&key.pkcs8()?)).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::token;
    use crate::base::id::AccountId;
    use jsonwebtoken::{DecodingKey, Validation};

    fn payload() -> SignedCertificate {
        SignedCertificate {
            issuer: "https://ocop.example.vn".into(),
            number: "42-2021-0001".into(),
            product: SignedProduct { name: "Mật ong rừng".into(), code: "42-1".into() },
            producer: SignedProducer {
                name: "Hợp tác xã".into(),
                kind: ProducerKind::Cooperative,
                address: "Thôn Kim Cương".into(),
            },
            stars: Stars::new(4).unwrap(),
            decision_number: Some("12/QĐ-UBND".into()),
            issued_on: "2021-02-22".parse().unwrap(),
            valid_until: "2024-02-22".parse().unwrap(),
            extended_until: None,
            as_of: "2021-02-23".parse().unwrap(),
        }
    }

    #[test]
    fn a_signed_certificate_is_no_token_and_a_token_no_certificate() {
        let keys = Keyring::generate().unwrap();
        let certificate = sign(&keys, &payload()).unwrap();
        assert!(token::verify(&keys, &certificate).is_err());
        // Neither is one whose payload has the claims of a token: the type alone tells them apart.
        #[derive(Serialize)]
        struct Claims {
            sub: AccountId,
            iat: i64,
            exp: i64,
            aud: &'static str,
        }
        let key = keys.token_key().unwrap();
        let claims = Claims { sub: AccountId::new(), iat: 0, exp: i64::from(u32::MAX), aud: token::AUDIENCE };
        let encoding = EncodingKey::from_ed_der(&key.pkcs8().unwrap());
        let forge = |typ: &str| {
            let header = Header { typ: Some(typ.into()), kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
            jsonwebtoken::encode(&header, &claims, &encoding).unwrap()
        };
        assert!(token::verify(&keys, &forge(SIGNED_TYPE)).is_err());
        assert!(token::verify(&keys, &forge("JWT")).is_ok());
        let token = token::sign(&keys, AccountId::new()).unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_ne!(header.typ.as_deref(), Some(SIGNED_TYPE));
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        let public = DecodingKey::from_ed_der(key.public_key().unwrap());
        assert!(jsonwebtoken::decode::<SignedCertificate>(&token, &public, &validation).is_err());
        let read = jsonwebtoken::decode::<SignedCertificate>(&certificate, &public, &validation).unwrap();
        assert_eq!(read.header.typ.as_deref(), Some(SIGNED_TYPE));
        assert_eq!(read.claims.product.name, "Mật ong rừng");
    }
}
