//! What ships with the service and has no history: units and criteria sets are held against what this program ships.

use std::collections::BTreeMap;

use crate::base::Result;
use crate::db::AnyConnection;
use crate::place::rules::official;
use crate::verify::Findings;
use crate::{criteria, place};

pub fn verify(connection: &mut AnyConnection, findings: &mut Findings) -> Result<()> {
    let mut ours: BTreeMap<_, _> =
        official()?.into_iter().map(|unit| ((unit.code.clone(), unit.valid_from), unit)).collect();
    for unit in place::store::all(connection)? {
        if ours.remove(&(unit.code.clone(), unit.valid_from)).as_ref() != Some(&unit) {
            findings.broken(format!("unit {}", unit.code), None, "it is not the one that this program ships")?;
        }
    }
    for (code, valid_from) in ours.into_keys() {
        findings.broken(format!("unit {code}"), None, format!("the one of {valid_from} is gone"))?;
    }
    for (code, edition) in criteria::store::unlike_shipped(connection)? {
        let place = format!("criteria_set {code} of {}", edition.as_ref());
        findings.broken(place, None, "it is not the one that this program ships")?;
    }
    Ok(())
}
