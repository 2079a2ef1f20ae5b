//! Certificates that are kept on while their product is rated again (26/2026/QĐ-TTg, article 12.3).
//!
//! Nothing is written for it: what was handed in and concluded says on which days a certificate is extended, so it begins
//! and ends by itself, and says the same of a day that is over.

use std::collections::{BTreeMap, BTreeSet};

use strum::IntoEnumIterator;

use crate::base::id::{AgendaItemId, CertificateId, DossierId, ProductId};
use crate::base::{Day, Moment, Result};
use crate::cycle::{Again, DossierKind, EditionCode};
use crate::db::AnyConnection;
use crate::decision::extension_store::{self, Lasting};
use crate::dossier::store::HandedIn;
use crate::{dossier, rating};

/// A dossier by which a product is rated again.
#[derive(Debug, Clone, Copy)]
struct Request {
    received_on: Day,
    /// The day of what ended it without a new certificate: a refusal, or its withdrawal.
    ended_on: Option<Day>,
}

/// The last day on which a certificate is kept on; none where it ends with its last day. `followed_on` is the day of the
/// product's next certificate.
fn last_day(again: &Again, valid_until: Day, followed_on: Option<Day>, requests: &[Request]) -> Option<Day> {
    if valid_until > again.transitional_until {
        return None;
    }
    let longest = valid_until.plus_days(i64::from(again.extended_days));
    let until = |request: &Request| {
        let ends = [Some(longest), request.ended_on, followed_on.map(|day| day.plus_days(-1))];
        ends.into_iter().flatten().min()
    };
    let in_time = requests.iter().filter(|request| request.received_on <= valid_until);
    in_time.filter_map(until).max().filter(|last| *last > valid_until)
}

/// Whether a dossier that was handed in is to have the certificate's product rated again: it is of that kind, and the product
/// had the certificate when it came.
fn is_for(dossier: &HandedIn, certificate: &Lasting) -> bool {
    let is_again = dossier.kind.is_none_or(|kind| kind == DossierKind::Again);
    is_again && dossier.product == certificate.product && certificate.issued_on <= dossier.received_at.day()
}

/// What an edition says of rating again, and the day from which it is in force.
fn all_agains() -> Result<Vec<(EditionCode, Day, Again)>> {
    let mut found = Vec::new();
    for code in EditionCode::iter() {
        let edition = code.edition()?;
        found.extend(edition.again.map(|again| (code, edition.in_force_from, again)));
    }
    Ok(found)
}

/// The last extended day of each of these certificates; those that are not kept on are left out.
pub fn last_days(connection: &mut AnyConnection, certificates: &[Lasting]) -> Result<BTreeMap<CertificateId, Day>> {
    let mut last_days = BTreeMap::new();
    for (edition, from, again) in all_agains()? {
        let transitional = from..=again.transitional_until;
        let open: Vec<&Lasting> =
            certificates.iter().filter(|certificate| transitional.contains(&certificate.valid_until)).collect();
        if open.is_empty() {
            continue;
        }
        let products: BTreeSet<ProductId> = open.iter().map(|certificate| certificate.product).collect();
        let products: Vec<ProductId> = products.into_iter().collect();
        let mut dossiers = dossier::store::handed_in(connection, &products)?;
        dossiers.retain(|dossier| dossier.edition == edition);
        let refused = refusals(connection, &dossiers)?;
        let siblings = extension_store::of_products(connection, &products)?;
        for certificate in open {
            let requests: Vec<Request> = dossiers
                .iter()
                .filter(|dossier| is_for(dossier, certificate))
                .map(|dossier| Request {
                    received_on: dossier.received_at.day(),
                    ended_on: [refused.get(&dossier.id).copied(), dossier.ended_at.map(Moment::day)]
                        .into_iter()
                        .flatten()
                        .min(),
                })
                .collect();
            let age = |lasting: &Lasting| (lasting.issued_on, lasting.id);
            let next = siblings
                .iter()
                .find(|other| other.product == certificate.product && age(other) > age(certificate))
                .map(|next| next.issued_on);
            if let Some(last) = last_day(&again, certificate.valid_until, next, &requests) {
                last_days.insert(certificate.id, last);
            }
        }
    }
    Ok(last_days)
}

/// On which day each of these dossiers was first refused, where it was and the refusal stands.
fn refusals(connection: &mut AnyConnection, dossiers: &[HandedIn]) -> Result<BTreeMap<DossierId, Day>> {
    let ids: Vec<DossierId> = dossiers.iter().map(|dossier| dossier.id).collect();
    let items = rating::item::store::of_dossiers(connection, &ids)?;
    let item_ids: Vec<AgendaItemId> = items.iter().map(|item| item.id).collect();
    let results = rating::result::store::last_of_items(connection, &item_ids)?;
    let appeals = rating::appeal::store::of_items(connection, &item_ids)?;
    let mut refusals: BTreeMap<DossierId, Day> = BTreeMap::new();
    for item in items {
        let Some(result) = results.get(&item.id).filter(|result| result.outcome.may_stand_again()) else { continue };
        if appeals.get(&item.id) == Some(&rating::appeal::State::Upheld) {
            continue;
        }
        let day = result.concluded_at.day();
        let first = refusals.entry(item.dossier_id).or_insert(day);
        *first = day.min(*first);
    }
    Ok(refusals)
}

/// The certificates that are extended on a day, revoked ones among them.
pub fn on(connection: &mut AnyConnection, day: Day) -> Result<Vec<CertificateId>> {
    let mut extended = Vec::new();
    for (_, from, again) in all_agains()? {
        let from = from.max(day.plus_days(-i64::from(again.extended_days)));
        let to = again.transitional_until.min(day.plus_days(-1));
        if from > to {
            continue;
        }
        let ended = extension_store::ended_between(connection, from, to)?;
        let last_days = last_days(connection, &ended)?;
        extended.extend(last_days.into_iter().filter_map(|(id, last)| (day <= last).then_some(id)));
    }
    Ok(extended)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn again() -> Again {
        EditionCode::Of2026.edition().unwrap().again.unwrap()
    }

    fn last(valid_until: &str, received_on: &str, ended_on: Option<&str>, followed_on: Option<&str>) -> Option<Day> {
        let request = Request { received_on: day(received_on), ended_on: ended_on.map(day) };
        last_day(&again(), day(valid_until), followed_on.map(day), &[request])
    }

    #[test]
    fn a_certificate_is_kept_on_for_180_days_at_most() {
        assert_eq!(last("2026-09-18", "2026-09-18", None, None), Some(day("2027-03-17")));
        assert_eq!(last("2026-06-01", "2026-05-22", None, None), Some(day("2026-11-28")));
    }

    #[test]
    fn who_comes_late_or_is_served_by_the_window_gets_none() {
        assert_eq!(last("2026-09-18", "2026-09-19", None, None), None);
        assert_eq!(last("2026-09-19", "2026-09-01", None, None), None);
        assert_eq!(last("2027-09-18", "2027-09-01", None, None), None);
        assert_eq!(last_day(&again(), day("2026-09-18"), None, &[]), None);
    }

    #[test]
    fn the_result_ends_it_a_refusal_with_its_day_a_certificate_with_the_day_before() {
        assert_eq!(last("2026-09-18", "2026-09-01", Some("2026-10-30"), None), Some(day("2026-10-30")));
        assert_eq!(last("2026-09-18", "2026-09-01", Some("2026-09-18"), None), None);
        assert_eq!(last("2026-09-18", "2026-09-01", Some("2027-06-01"), None), Some(day("2027-03-17")));
        assert_eq!(last("2026-09-18", "2026-09-01", None, Some("2026-10-30")), Some(day("2026-10-29")));
        assert_eq!(last("2026-09-18", "2026-09-01", None, Some("2026-09-10")), None);
    }

    #[test]
    fn another_dossier_in_time_carries_a_certificate_whose_first_was_refused() {
        let refused = Request { received_on: day("2026-06-01"), ended_on: Some(day("2026-10-01")) };
        let second = Request { received_on: day("2026-09-01"), ended_on: None };
        assert_eq!(last_day(&again(), day("2026-09-18"), None, &[refused, second]), Some(day("2027-03-17")));
        let late = Request { received_on: day("2026-10-02"), ended_on: None };
        assert_eq!(last_day(&again(), day("2026-09-18"), None, &[refused, late]), Some(day("2026-10-01")));
    }

    #[test]
    fn a_certificate_of_36_months_from_29_february_ends_with_february() {
        assert_eq!(day("2024-02-29").plus_months(36), Some(day("2027-02-28")));
    }
}
