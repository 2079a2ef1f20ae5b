//! The seals: each after the one before, signed, over the steps that it covers.

use crate::audit::Head;
use crate::audit::seal::Seal;
use crate::audit::seal_store;
use crate::base::keys::Keyring;
use crate::base::{Digest, Result};
use crate::db::AnyConnection;
use crate::verify::Findings;

const PAGE: i64 = 200;

pub fn verify(connection: &mut AnyConnection, keys: &Keyring, kept: &[Head], findings: &mut Findings) -> Result<()> {
    let mut before: Option<Seal> = None;
    for head in kept {
        let found = seal_store::numbered(connection, head.number)?;
        let what = match found {
            None => "the seal is gone, but its head was kept outside",
            Some(digest) if digest != head.digest => "its head is not the one that was kept outside",
            Some(_) => continue,
        };
        findings.broken(format!("seal {}", head.number), None, what)?;
    }
    loop {
        let page = seal_store::after(connection, before.as_ref().map_or(i64::MIN, |seal| seal.number), PAGE)?;
        if page.is_empty() {
            break;
        }
        for seal in page {
            findings.count.seals += 1;
            let digests = seal_store::covered(connection, seal.number)?;
            for what in wrong(&seal, before.as_ref(), keys, &digests)? {
                findings.broken(format!("seal {}", seal.number), None, what)?;
            }
            before = Some(seal);
        }
    }
    for number in seal_store::missing(connection)? {
        findings.broken(format!("seal {number}"), None, "the seal is gone, but there are steps that it covers")?;
    }
    Ok(())
}

fn wrong(seal: &Seal, before: Option<&Seal>, keys: &Keyring, covered: &[Option<Digest>]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let expected = before.map_or(1, |before| before.number + 1);
    if seal.number != expected {
        wrong.push(format!("the seal {expected} is missing before it"));
    } else if seal.previous != before.map_or(Digest::ZERO, |before| before.head) {
        wrong.push("it does not follow from the seal before".into());
    }
    if !seal.is_signed(keys)? {
        wrong.push("its signature is not of this service's keys".into());
    }
    let digests: Vec<Digest> = covered.iter().copied().flatten().collect();
    if i64::try_from(covered.len()) != Ok(seal.entries) {
        wrong.push(format!("it covers {} steps, {} are there", seal.entries, covered.len()));
    } else if !seal.covers(&digests)? {
        wrong.push("its head is not of the steps that it covers".into());
    }
    Ok(wrong)
}
