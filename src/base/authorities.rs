//! The authorities whose certificates are believed, and the lists of what they revoked, as the settings name them: a file or
//! a folder of certificates and revocation lists, as PEM or DER. Read once, at the start.

use std::path::{Path, PathBuf};

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{PemObject, SectionKind};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::base::{Error, Result};

/// Certificates of authorities and revocation lists, each as DER.
#[derive(Debug, Clone, Default)]
pub struct Authorities {
    pub certificates: Vec<Vec<u8>>,
    pub revocations: Vec<Vec<u8>>,
}

/// The endings of files that are read in a folder; others lie there for people.
const ENDINGS: &[&str] = &["pem", "crt", "cer", "der", "crl"];
/// More than any authority publishes in one file.
const LARGEST: u64 = 64 * 1024 * 1024;

impl Authorities {
    /// Reads a file or a folder. What cannot be read, or is no authority's, is named.
    pub fn read(path: &Path) -> Result<Self> {
        let mut found = Self::default();
        for file in files(path)? {
            found.add(&file).map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
        }
        if found.certificates.is_empty() {
            return Err(Error::internal(format!("{}: no certificate of an authority is there", path.display())));
        }
        Ok(found)
    }

    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    fn add(&mut self, file: &Path) -> std::result::Result<(), String> {
        let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
        if size > LARGEST {
            return Err(format!("it is larger than {LARGEST} bytes"));
        }
        let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
        if !bytes.windows(11).any(|window| window == b"-----BEGIN ") {
            return if is_authority(&bytes).is_ok() { self.certificate(bytes) } else { self.revocation(bytes) };
        }
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(&bytes) {
            match section.map_err(|error| error.to_string())? {
                (SectionKind::Certificate, certificate) => self.certificate(certificate)?,
                (SectionKind::Crl, list) => self.revocation(list)?,
                (SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _) => {
                    return Err("a private key is in it, which belongs nowhere near this setting".to_owned());
                }
                _ => return Err("it holds something else than certificates and revocation lists".to_owned()),
            }
        }
        Ok(())
    }

    fn certificate(&mut self, certificate: Vec<u8>) -> std::result::Result<(), String> {
        is_authority(&certificate)?;
        self.certificates.push(certificate);
        Ok(())
    }

    fn revocation(&mut self, list: Vec<u8>) -> std::result::Result<(), String> {
        webpki::BorrowedCertRevocationList::from_der(&list).map_err(|error| {
            format!("neither a certificate of an authority nor a revocation list (version 2): {error}")
        })?;
        self.revocations.push(list);
        Ok(())
    }
}

fn is_authority(certificate: &[u8]) -> std::result::Result<(), String> {
    let (rest, read) =
        X509Certificate::from_der(certificate).map_err(|error| format!("no certificate can be read: {error}"))?;
    webpki::anchor_from_trusted_cert(&CertificateDer::from(certificate))
        .map_err(|error| format!("the certificate of {} cannot be used: {error}", read.subject()))?;
    if rest.is_empty() && read.is_ca() {
        Ok(())
    } else {
        Err(format!("the certificate of {} is not an authority's", read.subject()))
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: std::io::Error| Error::internal(format!("{}: {error}", path.display()));
    if !std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if ENDINGS.contains(&ending.as_str()) && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
