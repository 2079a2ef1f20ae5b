//! `/catalogue.json`: all certified products as a data feed of schema.org, written in stretches so that neither side
//! holds it whole.

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use futures_util::stream;
use serde_json::json;

use crate::base::id::ProductId;
use crate::base::{Error, Result};
use crate::http::{App, Problem, Refusals, Request, Visitor};
use crate::page::tag::weak_tag;
use crate::paper::words;
use crate::site::feeds::answer;
use crate::site::feeds::store::{self, FeedItem, Stretch};
use crate::site::names::Names;
use crate::site::structured;

/// So many products are read and written at once.
const AT_ONCE: i64 = 100;

/// How a form of the catalogue is written.
pub trait Form: Send + Sync + 'static {
    /// What stands before the products.
    fn head(&self, catalogue: &Catalogue) -> Result<Vec<u8>>;
    fn entries(&self, catalogue: &Catalogue, entries: &[FeedItem], are_first: bool) -> Result<Vec<u8>>;
    fn foot(&self) -> &'static str;
}

/// The certified products of a day.
pub struct Catalogue {
    app: App,
    pub names: Names,
}

impl Catalogue {
    pub fn public_url(&self) -> &str {
        &self.app.public_url
    }
}

/// Where the writing has come to.
enum Next {
    /// Products behind this one.
    Behind(ProductId),
    Nothing,
}

/// Answers with the catalogue in a form. The tag is of what the database holds and of the first stretch, so that nobody
/// reads the rest to learn that nothing has changed.
pub async fn answer(app: App, request: &Request, media: &str, form: impl Form) -> Result<HttpResponse, Problem> {
    let today = app.clock.now().day();
    let reading = app.clone();
    let form = Arc::new(form);
    let writing = form.clone();
    let begun = app.database.read(move |connection| {
        let stand = store::stand(connection, today)?;
        let catalogue = Catalogue { app: reading, names: Names::read(connection, today)? };
        let entries = store::certified(connection, &catalogue.names, Stretch::Behind(None), AT_ONCE)?;
        let mut first = writing.head(&catalogue)?;
        first.extend(writing.entries(&catalogue, &entries, true)?);
        let mut tagged = first.clone();
        tagged.extend(format!("{stand} {today}").into_bytes());
        Ok::<_, Error>((catalogue, next(&entries)?, first, weak_tag(&tagged)))
    });
    let (catalogue, next, first, tag) = begun.await?;
    if let Some(known) = answer::known(request, &tag) {
        return Ok(known);
    }
    let catalogue = Arc::new(catalogue);
    let rest = stream::try_unfold(Some((Some(first), next)), move |state| {
        let (catalogue, form) = (catalogue.clone(), form.clone());
        async move {
            match state {
                None => Ok::<_, Error>(None),
                Some((Some(first), next)) => Ok(Some((Bytes::from(first), Some((None, next))))),
                Some((None, Next::Nothing)) => Ok(Some((Bytes::from_static(form.foot().as_bytes()), None))),
                Some((None, Next::Behind(last))) => {
                    let (written, next) = written_behind(catalogue, form, last).await?;
                    Ok(Some((Bytes::from(written), Some((None, next)))))
                }
            }
        }
    });
    Ok(answer::head(media, &tag).streaming(rest))
}

async fn written_behind<F: Form>(catalogue: Arc<Catalogue>, form: Arc<F>, last: ProductId) -> Result<(Vec<u8>, Next)> {
    let database = catalogue.app.database.clone();
    let written = database.read(move |connection| {
        let stretch = Stretch::Behind(Some(last));
        let entries = store::certified(connection, &catalogue.names, stretch, AT_ONCE)?;
        Ok::<_, Error>((form.entries(&catalogue, &entries, false)?, next(&entries)?))
    });
    written.await
}

/// A stretch that is not full was the last.
fn next(entries: &[FeedItem]) -> Result<Next> {
    let is_full = entries.len() >= usize::try_from(AT_ONCE).map_err(Error::internal)?;
    Ok(entries.last().filter(|_| is_full).map_or(Next::Nothing, |entry| Next::Behind(entry.product)))
}

/// JSON-LD.
struct DataFeed;

impl Form for DataFeed {
    fn head(&self, catalogue: &Catalogue) -> Result<Vec<u8>> {
        let province = words::lower_first(&catalogue.names.province());
        let head = json!({
            "@context": "https://schema.org",
            "@type": "DataFeed",
            "name": format!("Sản phẩm OCOP của {province}"),
            "url": format!("{}/catalogue.json", catalogue.public_url()),
            "inLanguage": "vi",
            "isAccessibleForFree": true,
        });
        let head = serde_json::to_string(&head).map_err(Error::internal)?;
        let open = head.strip_suffix('}').unwrap_or(&head);
        Ok(format!("{open},\"dataFeedElement\":[").into_bytes())
    }

    fn entries(&self, catalogue: &Catalogue, entries: &[FeedItem], are_first: bool) -> Result<Vec<u8>> {
        let mut written = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            written.extend_from_slice(if are_first && place == 0 { b"\n" } else { b",\n" });
            let product = structured::product(&entry.described, catalogue.public_url(), catalogue.names.today);
            let item = json!({"@type": "DataFeedItem", "dateCreated": entry.certified_at, "item": product});
            serde_json::to_writer(&mut written, &item).map_err(Error::internal)?;
        }
        Ok(written)
    }

    fn foot(&self) -> &'static str {
        "\n]}\n"
    }
}

/// All products that are certified today, as a `DataFeed` of schema.org.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = serde_json::Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/catalogue.json")]
pub async fn json_ld(visitor: Visitor) -> Result<HttpResponse, Problem> {
    answer(visitor.app, &visitor.request, "application/ld+json", DataFeed).await
}
