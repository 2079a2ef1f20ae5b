//! `/.well-known/assetlinks.json` and `/.well-known/apple-app-site-association`: which apps may open what a stamp, a paper or
//! a certificate leads to.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Error;
use crate::base::app_links::AndroidApp;
use crate::http::{Answer, Kept, Problem, Refusals, Visitor};

/// So long stores and phones may keep it.
const KEPT: Kept = Kept::Publicly(3600);

/// What an Android app may do (Digital Asset Links).
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetLink {
    #[schema(value_type = Vec<String>)]
    relation: [&'static str; 1],
    target: AssetTarget,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AssetTarget {
    #[schema(value_type = String)]
    namespace: &'static str,
    package_name: String,
    sha256_cert_fingerprints: Vec<String>,
}

/// What apps of Apple's store may open.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteAssociation {
    applinks: SiteLinks,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SiteLinks {
    details: Vec<SiteDetail>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SiteDetail {
    #[serde(rename = "appIDs")]
    app_ids: Vec<String>,
    components: Vec<SiteComponent>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SiteComponent {
    #[serde(rename = "/")]
    #[schema(value_type = String)]
    path: &'static str,
}

/// What printed codes lead to; the desk and the rest of the site stay in the browser.
const OPENED: [&str; 8] = ["/t/*", "/T/*", "/p/*", "/P/*", "/c/*", "/C/*", "/01/*", "/products/*"];

/// The Android apps that may open this service's addresses; 404 where the settings name none.
#[utoipa::path(tag = "public", security(()), responses((status = 200, body = Vec<AssetLink>, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals))]
#[get("/.well-known/assetlinks.json")]
pub async fn android(visitor: Visitor) -> Result<Answer, Problem> {
    let link = |app: &AndroidApp| AssetLink {
        relation: ["delegate_permission/common.handle_all_urls"],
        target: AssetTarget {
            namespace: "android_app",
            package_name: app.package.clone(),
            sha256_cert_fingerprints: app.fingerprints.clone(),
        },
    };
    let links: Vec<AssetLink> = visitor.app.app_links.android.0.iter().map(link).collect();
    if links.is_empty() {
        return Err(Problem(Error::unknown()));
    }
    Ok(Answer::ok(links)?.kept(KEPT))
}

/// The apps of Apple's store that may open this service's addresses; 404 where the settings name none.
#[utoipa::path(tag = "public", security(()), responses((status = 200, body = SiteAssociation, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals))]
#[get("/.well-known/apple-app-site-association")]
pub async fn apple(visitor: Visitor) -> Result<Answer, Problem> {
    let app_ids: Vec<String> = visitor.app.app_links.apple.0.iter().map(|app| app.id().to_owned()).collect();
    if app_ids.is_empty() {
        return Err(Problem(Error::unknown()));
    }
    let components = OPENED.into_iter().map(|path| SiteComponent { path }).collect();
    let applinks = SiteLinks { details: vec![SiteDetail { app_ids, components }] };
    Ok(Answer::ok(SiteAssociation { applinks })?.kept(KEPT))
}
