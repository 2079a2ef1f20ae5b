//! Whether a certificate is one that signs documents, and which authority stands for it.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, KeyUsage,
    OwnedCertRevocationList, RequiredEkuNotFoundContext, RevocationCheckDepth, RevocationOptionsBuilder,
    UnknownStatusPolicy,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;
use x509_parser::x509::X509Name;

use crate::base::{Authorities, Moment};
use crate::decision::signature::rules::{Revocation, Verdict};

/// What certificates of people who sign documents are for, by their issuers: signed mail, documents, Adobe's and
/// Microsoft's own names, sign-in of the person, anything.
const SIGNING: &[&[usize]] = &[
    &[1, 3, 6, 1, 5, 5, 7, 3, 4],
    &[1, 3, 6, 1, 5, 5, 7, 3, 36],
    &[1, 2, 840, 113583, 1, 1, 5],
    &[1, 3, 6, 1, 4, 1, 311, 10, 3, 12],
    &[1, 3, 6, 1, 5, 5, 7, 3, 2],
    &[2, 5, 29, 37, 0],
];
const TIMESTAMPING: &[&[usize]] = &[&[1, 3, 6, 1, 5, 5, 7, 3, 8]];

/// What a certificate must be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Documents,
    Timestamps,
}

impl ExtendedKeyUsageValidator for Use {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        let (known, mut is_named) = (if *self == Self::Documents { SIGNING } else { TIMESTAMPING }, false);
        let mut fits = false;
        for purpose in purposes {
            let purpose = purpose?.to_decoded_oid();
            is_named = true;
            fits |= known.contains(&purpose.as_slice());
        }
        // A certificate that names no use is for any, as those of authorities mostly are.
        if fits || !is_named { Ok(()) } else { Err(unfit()) }
    }
}

/// Whether the certificate itself says that it is for signatures.
pub fn is_for_signatures(certificate: &X509Certificate<'_>) -> bool {
    let signs = match certificate.key_usage() {
        Ok(Some(usage)) => usage.value.digital_signature() || usage.value.non_repudiation(),
        Ok(None) => true,
        Err(_) => false,
    };
    signs && !certificate.is_ca()
}

/// Whether the certificate itself says that it is for timestamps, as each of those must (RFC 3161, 2.3).
pub fn is_for_timestamps(certificate: &X509Certificate<'_>) -> bool {
    certificate.extended_key_usage().is_ok_and(|usage| usage.is_some_and(|usage| usage.value.time_stamping))
}

/// Looks for an authority that stands for a certificate at a moment.
pub fn judge(
    authorities: &Authorities,
    certificate: &[u8],
    carried: (&[&[u8]], &[&[u8]]),
    at: Moment,
    purpose: Use,
) -> Result<Revocation, Verdict> {
    let (certificates, lists) = carried;
    let certificate = CertificateDer::from(certificate);
    let certificate = EndEntityCert::try_from(&certificate).map_err(verdict)?;
    let known: Vec<CertificateDer<'_>> =
        authorities.certificates.iter().map(|known| CertificateDer::from(known.as_slice())).collect();
    let anchors: Vec<_> = known.iter().filter_map(|known| webpki::anchor_from_trusted_cert(known).ok()).collect();
    let between: Vec<CertificateDer<'_>> = certificates.iter().map(|der| CertificateDer::from(*der)).collect();
    let at = u64::try_from(at.utc().timestamp()).map_err(|_| Verdict::NotYetValid)?;
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at));
    let lists = authorities.revocations.iter().map(Vec::as_slice).chain(lists.iter().copied());
    // Of several lists of one issuer the newest counts, wherever it comes from.
    let mut lists: Vec<&[u8]> = lists.collect();
    lists.sort_by_key(|list| std::cmp::Reverse(issued_at(list)));
    let read = lists.into_iter().filter_map(|list| OwnedCertRevocationList::from_der(list).ok());
    let lists: Vec<CertRevocationList<'_>> = read.map(CertRevocationList::Owned).collect();
    let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
    let ask = |depth: RevocationCheckDepth, unknown: UnknownStatusPolicy| {
        let revocation = RevocationOptionsBuilder::new(&lists)
            .ok()
            .map(|options| options.with_depth(depth).with_status_policy(unknown).build());
        let algorithms = webpki::ALL_VERIFICATION_ALGS;
        certificate.verify_for_usage(algorithms, &anchors, &between, at, purpose, revocation, None).map(drop)
    };
    ask(RevocationCheckDepth::Chain, UnknownStatusPolicy::Allow).map_err(verdict)?;
    // Of the signer's own certificate it is told whether a list that is at hand covers it.
    let is_covered = !lists.is_empty() && ask(RevocationCheckDepth::EndEntity, UnknownStatusPolicy::Deny).is_ok();
    Ok(if is_covered { Revocation::NotListed } else { Revocation::Unknown })
}

/// When a revocation list was issued, in seconds.
fn issued_at(list: &[u8]) -> Option<i64> {
    let (_, list) = CertificateRevocationList::from_der(list).ok()?;
    Some(list.last_update().timestamp())
}

fn unfit() -> Error {
    Error::RequiredEkuNotFoundContext(RequiredEkuNotFoundContext {
        required: KeyUsage::required(&[]),
        present: Vec::new(),
    })
}

fn verdict(error: Error) -> Verdict {
    match error {
        Error::CertExpired { .. } => Verdict::Expired,
        Error::CertNotValidYet { .. } => Verdict::NotYetValid,
        Error::CertRevoked => Verdict::Revoked,
        Error::RequiredEkuNotFoundContext(_) | Error::CaUsedAsEndEntity => Verdict::WrongKeyUsage,
        Error::UnsupportedSignatureAlgorithmContext(_) => Verdict::WeakAlgorithm,
        _ => Verdict::Untrusted,
    }
}

/// A name as people know it: the common name, or all of it.
pub fn name(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|common| common.as_str().ok());
    shown(&common.map_or_else(|| name.to_string(), str::to_owned))
}

/// The organisation within a name.
pub fn organisation(name: &X509Name<'_>) -> Option<String> {
    name.iter_organization().next().and_then(|organisation| organisation.as_str().ok()).map(shown)
}

/// What somebody else wrote, as it may stand on a page.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.filter(|letter| !is_direction(*letter)).take(LONGEST).collect()
}

/// Marks that turn the direction of writing could make one name look like another.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
