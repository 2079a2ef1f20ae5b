//! The OpenID provider: where browsers are sent, and what comes back. Whatever is asked of it has a term and a bound, follows
//! nothing elsewhere, and holds neither a connection to the database nor a worker.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{CoreAuthenticationFlow, CoreClientAuthMethod, CoreProviderMetadata};
use openidconnect::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, SignatureVerificationError, TokenResponse,
};
use reqwest::redirect::Policy;
use tokio::sync::Mutex;
use tracing::warn;
use url::Url;

use crate::account::openid::claims::{ALGORITHMS, Answered, ProviderClient, VouchedFor, vouched_for};
use crate::base::{Error, Kind, Result, say};

/// How long the provider may take to be reached, and for one answer.
const REACHED: Duration = Duration::from_secs(3);
const ANSWERED: Duration = Duration::from_secs(5);
/// An answer is no longer than this.
const LONGEST: usize = 256 << 10;
/// So long what the provider says of itself is believed without asking again.
const BELIEVED: Duration = Duration::from_secs(600);
/// Where a token is signed with a key that was not known, the keys are asked for anew, no more often than this.
const ASKED_ANEW: Duration = Duration::from_secs(30);
/// So long nobody waits for a provider that did not answer.
const LEFT_ALONE: Duration = Duration::from_secs(5);

/// As what this service is registered with a provider.
pub struct Registered {
    pub issuer: IssuerUrl,
    pub id: ClientId,
    pub secret: ClientSecret,
    pub redirect: RedirectUrl,
    /// Which claim is the identity number.
    pub claim: String,
    pub scopes: Vec<String>,
    /// What it is called on the sign-in's page.
    pub name: String,
    /// Whether it is on this machine, and so may be asked without encryption.
    pub is_near: bool,
}

/// A provider, and what is known of it.
pub struct Provider {
    registered: Registered,
    wire: Wire,
    known: Mutex<Known>,
}

/// What the provider said of itself, and when it was asked.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Instant)>,
    failed_at: Option<Instant>,
}

/// A browser's way to the provider: where it is sent, and what is to be remembered until it comes back.
pub struct Departure {
    pub url: Url,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

impl Provider {
    pub fn new(registered: Registered) -> Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(REACHED)
            .timeout(ANSWERED)
            .https_only(!registered.is_near)
            .no_proxy()
            // Each worker has a runtime of its own, and a connection is of one.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { registered, wire: Wire(client), known: Mutex::default() })
    }

    /// What it is called on the sign-in's page.
    pub fn name(&self) -> &str {
        &self.registered.name
    }

    pub fn issuer(&self) -> &str {
        self.registered.issuer.as_str()
    }

    /// Where a browser is sent. The state is answered with, the nonce stands in the token, and only who has the verifier gets
    /// that token for the code.
    pub async fn depart(&self) -> Result<Departure> {
        let metadata = self.metadata(BELIEVED).await?;
        if !self.registered.is_near && metadata.authorization_endpoint().url().scheme() != "https" {
            return Err(not_reached("its authorization endpoint is not https"));
        }
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client(&metadata);
        let asked = serde_json::json!({"id_token": {self.registered.claim.as_str(): {"essential": true}}}).to_string();
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge)
            .add_extra_param("claims", asked);
        for scope in &self.registered.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = request.url();
        Ok(Departure {
            url,
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Whom the provider vouches for with a code: 403 where it takes the code for none, or its token is not to be believed.
    pub async fn redeem(&self, code: String, nonce: String, verifier: String) -> Result<VouchedFor> {
        let metadata = self.metadata(BELIEVED).await?;
        let client = self.client(&metadata);
        let asked = client.exchange_code(AuthorizationCode::new(code)).map_err(not_reached)?;
        let asked = asked.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answered = asked.request_async(&self.wire).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => not_vouched(said),
            RequestTokenError::Request(error) => not_reached(error),
            RequestTokenError::Parse(error, _) => not_vouched(error),
            RequestTokenError::Other(error) => not_vouched(error),
        })?;
        let nonce = Nonce::new(nonce);
        let judged = match self.judged(&client, &answered, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                self.judged(&self.client(&*self.metadata(ASKED_ANEW).await?), &answered, &nonce)
            }
            judged => judged,
        };
        judged.map_err(not_vouched)
    }

    fn judged(
        &self,
        client: &ProviderClient,
        answered: &Answered,
        nonce: &Nonce,
    ) -> std::result::Result<VouchedFor, ClaimsVerificationError> {
        let other = |what: &str| ClaimsVerificationError::Other(what.to_owned());
        let token = answered.id_token().ok_or_else(|| other("no ID token"))?;
        let claims = token.claims(&client.id_token_verifier().set_allowed_algs(ALGORITHMS), nonce)?;
        vouched_for(claims, &self.registered.id, &self.registered.claim).map_err(other)
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> ProviderClient {
        let Registered { id, secret, redirect, .. } = &self.registered;
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_none_or(|methods| methods.contains(&method));
        let shows_itself_by = match takes(CoreClientAuthMethod::ClientSecretBasic) {
            true => AuthType::BasicAuth,
            false => AuthType::RequestBody,
        };
        ProviderClient::from_provider_metadata(metadata.clone(), id.clone(), Some(secret.clone()))
            .set_redirect_uri(redirect.clone())
            .set_auth_type(shows_itself_by)
    }

    /// What the provider says of itself, its keys among it, no older than `most`. Of many who ask at once one asks the provider.
    async fn metadata(&self, most: Duration) -> Result<Arc<CoreProviderMetadata>> {
        let mut known = self.known.lock().await;
        if let Some((metadata, _)) = known.metadata.as_ref().filter(|(_, at)| at.elapsed() < most) {
            return Ok(Arc::clone(metadata));
        }
        if known.failed_at.is_some_and(|at| at.elapsed() < LEFT_ALONE) {
            return Err(not_reached("it did not answer a moment ago"));
        }
        let asked = CoreProviderMetadata::discover_async(self.registered.issuer.clone(), &self.wire).await;
        match asked {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { metadata: Some((Arc::clone(&metadata), Instant::now())), failed_at: None };
                Ok(metadata)
            }
            Err(error) => {
                known.failed_at = Some(Instant::now());
                Err(not_reached(told(&error)))
            }
        }
    }
}

/// How the provider is asked.
struct Wire(reqwest::Client);

impl<'wire> AsyncHttpClient<'wire> for Wire {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + 'wire>>;

    fn call(&'wire self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(failed)?;
            let mut answered = self.0.execute(request).await.map_err(failed)?;
            let (status, headers, mut body) = (answered.status(), answered.headers().clone(), Vec::new());
            while let Some(part) = answered.chunk().await.map_err(failed)? {
                if body.len() + part.len() > LONGEST {
                    return Err(Error::internal("an answer is too long"));
                }
                body.extend_from_slice(&part);
            }
            let mut response = HttpResponse::new(body);
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        })
    }
}

/// An address may hold what nobody should read in a log.
fn failed(error: reqwest::Error) -> Error {
    Error::internal(told(&error.without_url()))
}

/// An error with what caused it.
fn told(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(": ");
        told.push_str(&error.to_string());
        cause = error.source();
    }
    told
}

/// 503: the provider cannot be asked now.
fn not_reached(why: impl std::fmt::Display) -> Error {
    warn!(%why, "the OpenID provider could not be asked");
    Error::refused(
        Kind::Unavailable,
        "openid_unreachable",
        say(
            "Hiện không liên lạc được với nơi cấp tài khoản định danh. Xin đăng nhập bằng tên và mật khẩu, hoặc thử lại sau.",
            "The other authority cannot be reached now. Please sign in by name and password, or try again later.",
        ),
    )
}

/// 403: the provider vouches for nobody, or what it says is not to be believed.
pub fn not_vouched(why: impl std::fmt::Display) -> Error {
    warn!(%why, "an OpenID provider vouched for nobody");
    Error::refused(
        Kind::Forbidden,
        "openid_refused",
        say(
            "Nơi cấp tài khoản định danh không xác nhận lần đăng nhập này. Xin làm lại từ trang đăng nhập.",
            "The other authority does not vouch for this sign-in. Please begin again at the sign-in.",
        ),
    )
}
