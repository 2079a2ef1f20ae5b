//! What a product's passport lacks, each with the page where it is filled in.

use crate::account::Work;
use crate::base::id::{ProducerId, ProductId};
use crate::base::{Error, Result};
use crate::desk::counter::Beside;
use crate::desk::words::said;
use crate::http::Language;
use crate::product::store::ProductRow;
use crate::stamp::completeness::{self, Field, Known};
use crate::stamp::completeness_store;
use crate::station::label;

/// The gaps of what is known of a product; none where nothing lacks.
pub fn gaps(known: &Known, product: ProductId, producer: ProducerId, language: Language) -> Option<Beside> {
    let missing = completeness::missing(known);
    if missing.is_empty() {
        return None;
    }
    let of_product = |step: &str| format!("/desk/products/{product}#step-{step}");
    let mut beside = Beside::new(label(
        "Hộ chiếu số còn thiếu, bấm để điền",
        "What the passport lacks; each leads to where it is filled in",
    ));
    let link = |missing: &completeness::Missing| {
        let address = match missing.field {
            Field::ProducerName | Field::ProducerAddress | Field::IdentityNumber => {
                format!("/desk/producers/{producer}#steps")
            }
            Field::Certificates => of_product("add-document"),
            Field::Picture => of_product("add-picture"),
            Field::ProductName | Field::Origin | Field::Gtin | Field::ShelfLife | Field::SafetyWarnings => {
                of_product("change")
            }
        };
        let weight = if missing.is_required {
            label("Bắt buộc trước khi cấp tem", "Needed before stamps are issued")
        } else {
            label("Nên có", "Advised")
        };
        (address, format!("{}: {}", said(language, weight), language.pick(&missing.why)))
    };
    beside.links = missing.iter().map(link).collect();
    Some(beside)
}

/// The same of a product as it is today.
pub fn of_product(work: &mut Work, product: &ProductRow) -> Result<Vec<Beside>> {
    let mut known = completeness_store::known(work.connection, &[product.id], work.now.day())?;
    let known = known.remove(&product.id).ok_or_else(Error::unknown)?;
    Ok(gaps(&known, product.id, product.producer_id, work.language).into_iter().collect())
}
