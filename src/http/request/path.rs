//! What stands in the variable parts of a path.

use actix_web::web;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::base::{Error, Result};

/// What stands in a variable part of the path. What cannot be read there names nothing that exists (404), which is said
/// only after the sign-in was checked.
#[derive(Clone)]
pub struct PathParam<T>(Option<T>);

impl<T: std::str::FromStr> PathParam<T> {
    /// What a path says in one of its parts.
    pub fn of(text: &str) -> Self {
        Self(Some(text).filter(|text| !text.contains('\0')).and_then(|text| text.parse().ok()))
    }
}

impl<T> PathParam<T> {
    pub fn get(self) -> Result<T> {
        self.0.ok_or_else(Error::unknown)
    }
}

impl<T: std::str::FromStr> FromRequest for PathParam<T> {
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let value = request.match_info().iter().next().map(|(_, value)| value);
        std::future::ready(Ok(value.map_or(Self(None), Self::of)))
    }
}

/// What stands in several variable parts of the path, as a `T` with a member for each; what cannot be read names nothing
/// that exists (404).
pub struct PathParts<T>(Option<T>);

impl<T> PathParts<T> {
    pub fn get(self) -> Result<T> {
        self.0.ok_or_else(Error::unknown)
    }
}

impl<T: DeserializeOwned> FromRequest for PathParts<T> {
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let parts = web::Path::<T>::from_request(request, payload).into_inner();
        std::future::ready(Ok(Self(parts.ok().map(web::Path::into_inner))))
    }
}
