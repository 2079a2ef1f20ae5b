//! Access tokens (EdDSA JWTs of 15 minutes) and the secrets of refresh tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::base::id::{AccountId, FamilyId};
use crate::base::keys::{Keyring, TokenKey};
use crate::base::{Error, Kind, Moment, Result, say};

/// How long an access token is good for, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;

/// For whom an access token is: this service's own API.
pub const AUDIENCE: &str = "ocop";

/// How far apart the clocks of two instances may be, in seconds, for a token of one to be good at the other.
const LEEWAY_SECONDS: u64 = 5;

/// The type of an access token among all that is signed with these keys.
const TYPE: &str = "JWT";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: AccountId,
    aud: String,
    iat: i64,
    exp: i64,
    /// The sign-in that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<FamilyId>,
}

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    pub account: AccountId,
    /// The sign-in that it belongs to, with which it ends; none in tokens of before.
    pub family: Option<FamilyId>,
}

/// Signs an access token that belongs to no sign-in, so that nothing but time ends it.
pub fn sign(keys: &Keyring, account: AccountId) -> Result<String> {
    sign_for(keys, Bearer { account, family: None })
}

/// Signs an access token with the key in use. Real time counts, whatever the business clock shows.
pub fn sign_for(keys: &Keyring, bearer: Bearer) -> Result<String> {
    let key = keys.token_key()?;
    let now = Moment::real_now().utc().timestamp();
    let claims = Claims {
        sub: bearer.account,
        aud: AUDIENCE.to_owned(),
        iat: now,
        exp: now + ACCESS_SECONDS,
        sid: bearer.family,
    };
    let header = Header { typ: Some(TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.pkcs8()?)).map_err(Error::internal)
}

/// For whom a token was signed; 401 for anything else.
pub fn verify(keys: &Keyring, token: &str) -> Result<Bearer> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| unauthenticated())?;
    // The same keys sign certificates, which are of another type and no tokens.
    if header.typ.as_deref() != Some(TYPE) {
        return Err(unauthenticated());
    }
    let known = keys.token_keys.iter().find(|key| Some(&key.id) == header.kid.as_ref()).ok_or_else(unauthenticated)?;
    let key = DecodingKey::from_ed_der(known.public_key()?);
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = LEEWAY_SECONDS;
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "aud"]);
    let decoded = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| unauthenticated())?;
    // One of later would outlive its time by as much.
    let latest = Moment::real_now().utc().timestamp().saturating_add_unsigned(LEEWAY_SECONDS);
    if decoded.claims.iat > latest {
        return Err(unauthenticated());
    }
    Ok(Bearer { account: decoded.claims.sub, family: decoded.claims.sid })
}

pub fn unauthenticated() -> Error {
    Error::refused(
        Kind::Unauthenticated,
        "unauthenticated",
        say(
            "Cần đăng nhập, hoặc phiên đăng nhập đã hết hạn.",
            "Please sign in; the token is absent, unknown or expired.",
        ),
    )
}

/// The public keys (RFC 7517, RFC 8037), so that others can verify what this service signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    #[schema(value_type = String)]
    kty: &'static str,
    #[schema(value_type = String)]
    crv: &'static str,
    #[schema(value_type = String)]
    alg: &'static str,
    #[serde(rename = "use")]
    #[schema(value_type = String)]
    purpose: &'static str,
    kid: String,
    /// The public key, base64url.
    x: String,
}

pub fn key_set(keys: &Keyring) -> Result<KeySet> {
    let public = |key: &TokenKey| {
        let x = URL_SAFE_NO_PAD.encode(key.public_key()?);
        Ok(PublicKey { kty: "OKP", crv: "Ed25519", alg: "EdDSA", purpose: "sig", kid: key.id.clone(), x })
    };
    Ok(KeySet { keys: keys.token_keys.iter().map(public).collect::<Result<_>>()? })
}

/// A fresh secret for a refresh token: what the client keeps, and the digest that the database keeps.
pub fn refresh_secret() -> Result<(String, Vec<u8>)> {
    let mut bytes = [0u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no random numbers"))?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let digest = digest(&secret);
    Ok((secret, digest))
}

pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_this_service() {
        let keys = Keyring::generate().unwrap();
        let now = Moment::real_now().utc().timestamp();
        let signed = |aud: serde_json::Value| {
            let key = keys.token_key().unwrap();
            let mut claims = serde_json::json!({"sub": AccountId::new(), "iat": now, "exp": now + 60, "aud": aud});
            claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            let header =
                Header { typ: Some(TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.pkcs8().unwrap())).unwrap()
        };
        assert!(verify(&keys, &signed("ocop".into())).is_ok());
        for other in ["another".into(), serde_json::Value::Null, serde_json::json!([])] {
            assert!(verify(&keys, &signed(other.clone())).is_err(), "{other}");
        }
    }

    #[test]
    fn a_token_of_later_is_none() {
        let keys = Keyring::generate().unwrap();
        let signed = |ahead: i64| {
            let key = keys.token_key().unwrap();
            let iat = Moment::real_now().utc().timestamp() + ahead;
            let claims = serde_json::json!({"sub": AccountId::new(), "iat": iat, "exp": iat + 60, "aud": AUDIENCE});
            let header =
                Header { typ: Some(TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.pkcs8().unwrap())).unwrap()
        };
        assert!(verify(&keys, &signed(3)).is_ok() && verify(&keys, &signed(-30)).is_ok());
        assert!(verify(&keys, &signed(30)).is_err());
    }

    #[test]
    fn a_token_is_good_for_the_keys_that_signed_it_only() {
        let keys = Keyring::generate().unwrap();
        let account = AccountId::new();
        let token = sign(&keys, account).unwrap();
        assert_eq!(verify(&keys, &token).unwrap(), Bearer { account, family: None });
        let bearer = Bearer { account, family: Some(FamilyId::random()) };
        assert_eq!(verify(&keys, &sign_for(&keys, bearer).unwrap()).unwrap(), bearer);
        assert!(verify(&Keyring::generate().unwrap(), &token).is_err());
        let mut forged = token.clone();
        forged.replace_range(token.len() - 4.., "AAAA");
        assert!(verify(&keys, &forged).is_err());
        assert!(verify(&keys, "").is_err());
    }
}
