//! Sign-in by another authority (đăng nhập bằng tài khoản định danh) with OpenID Connect, on the desk alone.
//!
//! The authority, an OpenID provider, vouches for a person's identity number. No account comes about by that: who has one here
//! confirms it once by its password, and from then on the provider's subject leads to it, for as long as the identity numbers
//! are the same.

pub mod attempt;
pub mod claims;
pub mod provider;
pub mod settings;
pub mod sign_in;

use std::sync::Arc;

use actix_web::{HttpRequest, web};

use crate::audit::StepName;
use crate::base::{Label, label};

pub use provider::Provider;
pub use settings::OpenIdSettings;

/// What the history says of who linked their account.
pub const LINK: StepName = StepName::new("link-openid");

/// What that is called.
pub const LINKED: Label = label("Liên kết tài khoản định danh", "Link the account with another authority");

/// The provider that the settings name; none where sign-in by another authority is off.
pub type Configured = Option<Arc<Provider>>;

/// The one of this service.
pub fn configured(request: &HttpRequest) -> Configured {
    request.app_data::<web::Data<Configured>>().and_then(|configured| configured.get_ref().clone())
}
