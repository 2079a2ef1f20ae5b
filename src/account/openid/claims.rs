//! What a provider's ID token is worth: who it is of, once its signature, issuer, audience, term and nonce were found right.

use std::collections::BTreeMap;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, Client, ClientId, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenClaims, IdTokenFields, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::account::rules::check_identity_number;
use crate::base::canonical;

/// Only what is signed with a key that the provider alone has: never `none`, and nothing that a shared secret signs.
pub const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The claims that no standard names, the identity number among them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OtherClaims {
    #[serde(flatten)]
    named: BTreeMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

/// What a provider answers for a code.
pub type Answered = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// This service as a client of a provider whose metadata are known.
pub type ProviderClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answered,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Whom a provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VouchedFor {
    /// Never given to another person by that provider.
    pub subject: String,
    /// As accounts have it; none where the provider tells none that could be one.
    pub identity_number: Option<String>,
}

/// A subject has so many characters at most (OpenID Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

/// Whom claims are of that were verified. `aud` names this client alone then, so that `azp`, where it is there, names it too.
pub fn vouched_for(
    claims: &IdTokenClaims<OtherClaims, CoreGenderClaim>,
    id: &ClientId,
    claim: &str,
) -> Result<VouchedFor, &'static str> {
    if claims.authorized_party().is_some_and(|party| party != id) {
        return Err("azp names another client");
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
        return Err("sub is no subject");
    }
    let told = claims.additional_claims().named.get(claim).and_then(Value::as_str);
    Ok(VouchedFor { subject: subject.to_owned(), identity_number: told.and_then(identity_number) })
}

/// An identity number as accounts have it.
fn identity_number(told: &str) -> Option<String> {
    let (number, mut faults) = (canonical::identity_number(told), Vec::new());
    check_identity_number(&number, "", &mut faults);
    faults.is_empty().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(more: Value) -> Result<VouchedFor, &'static str> {
        let mut claims = json!({"iss": "https://id.example.vn", "aud": ["ocop"], "sub": "7", "exp": 2, "iat": 1});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        vouched_for(&serde_json::from_value(claims).unwrap(), &ClientId::new("ocop".into()), "so_dinh_danh")
    }

    #[test]
    fn the_identity_number_is_read_as_accounts_have_it_or_is_none() {
        for (told, number) in [
            (json!("042085000123"), Some("042085000123")),
            (json!(" b1234567 "), Some("B1234567")),
            (json!("12345"), None),
            (json!(""), None),
            (json!("042 085 000 123"), Some("042085000123")),
            (json!("------"), None),
            (json!(42_085_000_123_i64), None),
            (json!(["042085000123"]), None),
            (json!(null), None),
        ] {
            assert_eq!(read(json!({"so_dinh_danh": told})).unwrap().identity_number.as_deref(), number, "{told}");
        }
        assert_eq!(read(json!({"identity_number": "042085000123"})).unwrap().identity_number, None);
    }

    #[test]
    fn claims_are_for_this_client_and_of_somebody() {
        assert_eq!(read(json!({"azp": "ocop"})).unwrap().subject, "7");
        for wrong in [json!({"azp": "another"}), json!({"sub": ""}), json!({"sub": "7".repeat(256)})] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
