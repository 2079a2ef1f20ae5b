//! Cookies: the name that each goes by, and how it is sent. Where the public address is https, a prefix of the name makes browsers
//! take it by https alone and, where it is of the whole site, from this very host alone.

use std::borrow::Cow;

use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use actix_web::{HttpRequest, web};

/// Whether the public reaches the service by https, for who reads a cookie.
#[derive(Debug, Clone, Copy)]
pub struct ByHttps(pub bool);

/// A cookie of ours.
#[derive(Debug, Clone, Copy)]
pub struct OwnCookie {
    name: &'static str,
    path: &'static str,
}

impl OwnCookie {
    pub const fn new(name: &'static str, path: &'static str) -> Self {
        Self { name, path }
    }

    fn name(self, is_https: bool) -> Cow<'static, str> {
        match (is_https, self.path) {
            (false, _) => self.name.into(),
            (true, "/") => format!("__Host-{}", self.name).into(),
            (true, _) => format!("__Secure-{}", self.name).into(),
        }
    }

    /// What a request shows of it.
    pub fn read(self, request: &HttpRequest) -> Option<String> {
        let is_https = request.app_data::<web::Data<ByHttps>>().is_some_and(|by_https| by_https.0);
        request.cookie(&self.name(is_https)).map(|cookie| cookie.value().to_owned())
    }

    /// One that scripts do not see, and that goes along where somebody follows a link to here and nothing else from elsewhere.
    pub fn build(self, is_https: bool, value: String) -> CookieBuilder<'static> {
        Cookie::build(self.name(is_https), value)
            .path(self.path)
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(is_https)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_https_no_other_host_or_way_sets_a_cookie() {
        let told = |path, is_https| OwnCookie::new("a", path).build(is_https, "b".to_owned()).finish().to_string();
        assert_eq!(told("/", false), "a=b; HttpOnly; SameSite=Lax; Path=/");
        assert_eq!(told("/", true), "__Host-a=b; HttpOnly; SameSite=Lax; Secure; Path=/");
        assert_eq!(told("/desk", true), "__Secure-a=b; HttpOnly; SameSite=Lax; Secure; Path=/desk");
    }
}
