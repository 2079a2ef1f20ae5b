//! The step that makes a link for a printer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{StampExportLinkId, StampOrderId};
use crate::base::{Error, Fault, Faults, Moment, Result, say, text};
use crate::stamp::exports::store;
use crate::stamp::orders::StampOrder;
use crate::stamp::orders::steps::LINK;
use crate::station::{Taken, Verb, plain_forms};

/// How long a printer has for its link, in hours, where nothing else is said; and at most.
const USUAL_HOURS: i64 = 48;
const MOST_HOURS: i64 = 24 * 30;

/// A link for a printer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkForm {
    /// Who prints.
    printer: String,
    /// 48 if not given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 720)]
    hours: Option<i64>,
}

plain_forms!(LinkForm);

/// A link that was made, with the secret that is told once.
#[derive(Debug)]
pub struct Link {
    pub id: StampExportLinkId,
    pub order: StampOrderId,
    pub printer: String,
    pub secret: String,
    pub expires_at: Moment,
}

/// Makes a link by which a printer fetches the codes of an issued order, once. The order itself stays as it is.
pub static MAKE_LINK: Verb<StampOrder, LinkForm, Link> = LINK.taken(make_link).at_any_version().never_replayed();

fn make_link(work: &mut Work, order: &StampOrder, LinkForm { printer, hours }: LinkForm) -> Result<Taken<Link>> {
    let hours = hours.unwrap_or(USUAL_HOURS);
    let mut faults = Vec::new();
    text::check(&printer, "/printer", 200, &mut faults);
    if !(1..=MOST_HOURS).contains(&hours) {
        let detail = say(format!("Từ 1 đến {MOST_HOURS} giờ."), format!("1 to {MOST_HOURS} hours."));
        faults.push(Fault::new("/hours", "out_of_range", detail));
    }
    faults.into_result()?;
    let mut secret = [0u8; 32];
    aws_lc_rs::rand::fill(&mut secret).map_err(|_| Error::internal("no random numbers for a link"))?;
    let secret = URL_SAFE_NO_PAD.encode(secret);
    let expires_at = work.now.plus(chrono::Duration::hours(hours));
    let (account, now, order) = (work.actor.id, work.now, order.row.id);
    let id = store::insert_link(work.connection, order, &secret, &printer, expires_at, account, now)?;
    Ok(Taken::beside().giving(Link { id, order, printer, secret, expires_at }))
}
