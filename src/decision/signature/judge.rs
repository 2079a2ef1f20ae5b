//! Judges a file that was signed outside: its signatures, its content, its authorities. Pure: the bytes come in.

use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::base::{Authorities, Digest, Error, Moment, Result};
use crate::decision::signature::chain::{self, Use};
use crate::decision::signature::cms::{self, Holds, Signed};
use crate::decision::signature::revision;
use crate::decision::signature::rules::{Content, JudgedSignature, Judgement, Revocation, TimeFrom, Verdict};
use crate::decision::signature::slots::{self, Found, Slot};

/// A file that the service made of a draft and gave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenOut {
    pub sha256: Digest,
    pub size: usize,
}

impl GivenOut {
    pub fn of(file: &[u8]) -> Result<Self> {
        let sha256 = Digest::try_from(Sha256::digest(file).to_vec()).map_err(Error::internal)?;
        Ok(Self { sha256, size: file.len() })
    }
}

/// Judges a file. `given_out` are the files that were made of the decision; `now` is when it is handed in, for what does
/// not say when it was signed.
pub fn judge(file: &[u8], given_out: &[GivenOut], authorities: &Authorities, now: Moment) -> Judgement {
    let slots = match slots::find(file) {
        Found::Unreadable => return Judgement::without_signature(Verdict::Unreadable),
        Found::None => return Judgement::without_signature(Verdict::Unsigned),
        Found::Some(slots) => slots,
    };
    let last = slots.len() - 1;
    let judged = slots.iter().enumerate().map(|(place, slot)| {
        let is_covered = place < last || slot.end == file.len();
        signature(slot, is_covered, authorities, now)
    });
    Judgement::over(judged.collect(), content(file, given_out))
}

fn content(file: &[u8], given_out: &[GivenOut]) -> Content {
    let is_it = |ours: &&GivenOut| {
        let begin = file.get(..ours.size).filter(|begin| begin.len() < file.len());
        begin.is_some_and(|begin| Sha256::digest(begin).as_slice() == ours.sha256.as_ref())
    };
    match given_out.iter().find(is_it) {
        Some(ours) if revision::only_signs(file, ours.size) => Content::Draft,
        _ => Content::Other,
    }
}

/// One signature; what is behind it is covered by a later one, or there is nothing.
fn signature(slot: &Slot<'_>, is_covered: bool, authorities: &Authorities, now: Moment) -> JudgedSignature {
    let mut judged = JudgedSignature {
        verdict: Verdict::Unreadable,
        signer: None,
        organisation: None,
        issuer: None,
        serial: None,
        signed_at: slot.claimed_at,
        time_from: TimeFrom::Claimed,
        revocation: Revocation::Unknown,
    };
    // Behind the signature there is only what fills its place.
    let read = cms::read(&slot.value).filter(|(_, behind)| behind.iter().all(|byte| *byte == 0));
    let Some((signed, _)) = read.filter(|(signed, _)| signed.content.is_none()) else { return judged };
    judged.signed_at = signed.claimed_at.or(slot.claimed_at);
    let certificate = signed.certificate.and_then(|der| X509Certificate::from_der(der).ok()).map(|(_, read)| read);
    if let Some(certificate) = &certificate {
        judged.signer = Some(chain::name(certificate.subject()));
        judged.organisation = chain::organisation(certificate.subject());
        judged.issuer = Some(chain::name(certificate.issuer()));
        judged.serial = Some(serial(certificate));
    }
    let wrong = match signed.holds(&slot.parts) {
        Holds::Altered => Some(Verdict::Altered),
        Holds::Forged => Some(Verdict::Forged),
        Holds::Unread => Some(Verdict::Unreadable),
        Holds::Yes | Holds::Weak if !is_covered => Some(Verdict::UpdatedAfterSigning),
        Holds::Weak => Some(Verdict::WeakAlgorithm),
        Holds::Yes => None,
    };
    judged.verdict = match (wrong, certificate) {
        (Some(verdict), _) => verdict,
        (None, Some(certificate)) if !chain::is_for_signatures(&certificate) => Verdict::WrongKeyUsage,
        (None, _) if authorities.is_empty() => Verdict::NotJudged,
        (None, _) => {
            if let Some(at) = timestamp(&signed, authorities) {
                (judged.signed_at, judged.time_from) = (Some(at), TimeFrom::Timestamp);
            }
            let carried = (signed.certificates.as_slice(), signed.lists.as_slice());
            let der = signed.certificate.unwrap_or_default();
            match chain::judge(authorities, der, carried, judged.signed_at.unwrap_or(now), Use::Documents) {
                Ok(revocation) => {
                    judged.revocation = revocation;
                    Verdict::Valid
                }
                Err(verdict) => verdict,
            }
        }
    };
    judged
}

/// When the signature was there, where an authority that the settings name says so.
fn timestamp(signed: &Signed<'_>, authorities: &Authorities) -> Option<Moment> {
    let (token, _) = cms::read(signed.timestamp?)?;
    let content = token.content.as_deref()?;
    let stamped = cms::stamped(content)?;
    let is_of_it = stamped.hash != cms::Hash::Sha1 && stamped.hash.of(&[signed.value]) == stamped.digest;
    if !is_of_it || token.holds(&[content]) != Holds::Yes {
        return None;
    }
    let (_, certificate) = X509Certificate::from_der(token.certificate?).ok()?;
    if !chain::is_for_timestamps(&certificate) {
        return None;
    }
    let carried = (token.certificates.as_slice(), token.lists.as_slice());
    chain::judge(authorities, token.certificate?, carried, stamped.at, Use::Timestamps).ok()?;
    Some(stamped.at)
}

/// The number of a certificate, in pairs of digits as viewers show it.
fn serial(certificate: &X509Certificate<'_>) -> String {
    let digits = certificate.raw_serial().iter().skip_while(|byte| **byte == 0).take(32);
    digits.map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
