//! The signature itself: signed data of CMS (RFC 5652), as PAdES and Adobe put it into a PDF.

use aws_lc_rs::digest::{self, Context};
use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use crate::base::Moment;
use crate::decision::signature::asn1::{self, Element, Elements, INTEGER, OBJECT, OCTETS, SEQUENCE, SET, context};

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
const TIMESTAMP_TOKEN: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e];
/// Adobe's revocation information (1.2.840.113583.1.1.8).
const REVOCATION_LISTS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 0x01, 0x01, 0x08];

const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA_2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d];
const P_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P_384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const P_521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];

/// RSA keys below this are no proof any more.
const LEAST_RSA_BITS: usize = 2048;
/// More certificates or lists than any signature carries.
const MOST_CARRIED: usize = 50;

/// Over what a signature is: the digests that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(object: &[u8]) -> Option<Self> {
        if object == SHA_1 {
            return Some(Self::Sha1);
        }
        match object.strip_prefix(SHA_2)? {
            [1] => Some(Self::Sha256),
            [2] => Some(Self::Sha384),
            [3] => Some(Self::Sha512),
            _ => None,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = Context::new(match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        parts.iter().for_each(|part| context.update(part));
        context.finish().as_ref().to_vec()
    }
}

/// Whether a signature is of what it claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Yes,
    /// Something else was signed.
    Altered,
    /// The value was not made with the key of the certificate.
    Forged,
    /// It may have been, but that proves nothing any more.
    Weak,
    /// By means that are not read here.
    Unread,
}

/// One signature, with the certificates and the revocation lists that came with it.
#[derive(Debug, Clone)]
pub struct Signed<'a> {
    pub certificates: Vec<&'a [u8]>,
    pub lists: Vec<&'a [u8]>,
    /// What was signed, where it is within.
    pub content: Option<Vec<u8>>,
    /// Whose it is; none where that certificate did not come with it.
    pub certificate: Option<&'a [u8]>,
    pub claimed_at: Option<Moment>,
    pub timestamp: Option<&'a [u8]>,
    pub value: &'a [u8],
    hash: Hash,
    algorithm: &'a [u8],
    /// What the algorithm is told beside its name.
    parameters: Option<Element<'a>>,
    signed_attributes: Vec<u8>,
    message_digest: &'a [u8],
    /// The digest of the certificate that the signer names, and by which hash.
    named: Option<(Hash, &'a [u8])>,
}

/// Reads signed data, and tells what is behind it.
pub fn read(bytes: &[u8]) -> Option<(Signed<'_>, &[u8])> {
    let (message, behind) = asn1::first(bytes)?;
    let mut message = message.of(SEQUENCE)?.inner();
    if message.take(OBJECT)?.content != SIGNED_DATA {
        return None;
    }
    let mut data = message.take(context(0))?.inner().take(SEQUENCE)?.inner();
    data.take(INTEGER)?;
    data.take(SET)?;
    let mut inside = data.take(SEQUENCE)?.inner();
    let kind = inside.take(OBJECT)?.content;
    let content = match inside.any() {
        Some(element) => Some(element.of(context(0))?.inner().any()?.octets()?),
        None => None,
    };
    let certificates = sequences(data.take(context(0)))?;
    let mut lists = sequences(data.take(context(1)))?;
    let [signer] = data.take(SET)?.inner().all()?.try_into().ok()?;
    let mut signer = signer.of(SEQUENCE)?.inner();
    signer.take(INTEGER)?;
    let identifier = signer.any()?;
    let hash = Hash::named(signer.take(SEQUENCE)?.inner().take(OBJECT)?.content)?;
    let attributes = signer.take(context(0))?;
    let mut named = signer.take(SEQUENCE)?.inner();
    let (algorithm, parameters) = (named.take(OBJECT)?.content, named.any());
    let value = signer.take(OCTETS)?.content;
    let unsigned = signer.take(context(1));

    let signed = attributes_in(attributes)?;
    // What was signed is of the kind that it is said to be.
    if value_of(&signed, CONTENT_TYPE)?.of(OBJECT)?.content != kind {
        return None;
    }
    let message_digest = value_of(&signed, MESSAGE_DIGEST)?.of(OCTETS)?.content;
    if let Some(revocation) = value_of(&signed, REVOCATION_LISTS) {
        lists.extend(archived(revocation).unwrap_or_default());
    }
    let claimed_at = value_of(&signed, SIGNING_TIME).and_then(time);
    let named = match value_of(&signed, SIGNING_CERTIFICATE_V2) {
        Some(named) => Some(named_certificate(named)?),
        None => None,
    };
    let unsigned = unsigned.and_then(attributes_in).unwrap_or_default();
    let timestamp = value_of(&unsigned, TIMESTAMP_TOKEN).map(|token| token.whole);
    // What is signed is the attributes as a set, whatever tag they have here.
    let mut signed_attributes = asn1::head(SET, attributes.content.len());
    signed_attributes.extend_from_slice(attributes.content);
    let certificate = certificates.iter().find(|certificate| is_of(certificate, identifier)).copied();
    let signed = Signed {
        certificates,
        lists,
        content,
        certificate,
        claimed_at,
        timestamp,
        value,
        hash,
        algorithm,
        parameters,
        signed_attributes,
        message_digest,
        named,
    };
    Some((signed, behind))
}

impl Signed<'_> {
    /// Holds the signature against what was signed and against its certificate.
    pub fn holds(&self, parts: &[&[u8]]) -> Holds {
        if self.hash.of(parts) != self.message_digest {
            return Holds::Altered;
        }
        let Some(certificate) = self.certificate else { return Holds::Unread };
        if self.named.is_some_and(|(hash, digest)| hash.of(&[certificate]) != digest) {
            return Holds::Forged;
        }
        self.is_made_with(certificate)
    }

    fn is_made_with(&self, certificate: &[u8]) -> Holds {
        let Ok((_, certificate)) = X509Certificate::from_der(certificate) else { return Holds::Unread };
        let key = certificate.public_key();
        let curve = key.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok());
        let algorithm: Option<&'static dyn VerificationAlgorithm> = match key.parsed() {
            _ if self.is_weak() => return Holds::Weak,
            Ok(PublicKey::RSA(rsa)) if bits(rsa.modulus) < LEAST_RSA_BITS => return Holds::Weak,
            Ok(PublicKey::RSA(_)) => self.by_rsa(),
            Ok(PublicKey::EC(_)) => curve.and_then(|curve| self.by_curve(curve.as_bytes())),
            _ => None,
        };
        let Some(algorithm) = algorithm else { return Holds::Unread };
        let key = UnparsedPublicKey::new(algorithm, key.subject_public_key.data.as_ref());
        match key.verify(&self.signed_attributes, self.value) {
            Ok(()) => Holds::Yes,
            Err(_) => Holds::Forged,
        }
    }

    /// SHA-1, whether the digest says so or the signature's own name.
    fn is_weak(&self) -> bool {
        const WITH_SHA_1: [(&[u8], &[u8]); 2] = [(RSA, &[5]), (ECDSA, &[4, 1])];
        self.hash == Hash::Sha1
            || WITH_SHA_1.iter().any(|(family, member)| self.algorithm.strip_prefix(*family) == Some(*member))
    }

    fn by_rsa(&self) -> Option<&'static dyn VerificationAlgorithm> {
        let named = match self.algorithm.strip_prefix(RSA)? {
            [1] => self.hash,
            // Salts of another length are not read, which is not to say that they are forged.
            [10] if self.salt() != Some(self.hash.length()) => return None,
            [10] => {
                return Some(match self.hash {
                    Hash::Sha256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Hash::Sha384 => &signature::RSA_PSS_2048_8192_SHA384,
                    Hash::Sha512 => &signature::RSA_PSS_2048_8192_SHA512,
                    Hash::Sha1 => return None,
                });
            }
            [11] => Hash::Sha256,
            [12] => Hash::Sha384,
            [13] => Hash::Sha512,
            _ => return None,
        };
        Some(match named {
            Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            Hash::Sha1 => return None,
        })
    }

    /// How long the salt of an RSASSA-PSS signature is (RFC 4055): 20 where that is not said.
    fn salt(&self) -> Option<usize> {
        let told = self.parameters?.of(SEQUENCE)?.inner().all()?.into_iter().find(|told| told.tag == context(2));
        let Some(told) = told else { return Some(20) };
        match told.inner().take(INTEGER)?.content {
            [length] => Some(usize::from(*length)),
            [0, length] => Some(usize::from(*length)),
            _ => None,
        }
    }

    fn by_curve(&self, curve: &[u8]) -> Option<&'static dyn VerificationAlgorithm> {
        let named = match self.algorithm.strip_prefix(ECDSA)? {
            [2, 1] => self.hash,
            [4, 3, 2] => Hash::Sha256,
            [4, 3, 3] => Hash::Sha384,
            [4, 3, 4] => Hash::Sha512,
            _ => return None,
        };
        Some(match (curve, named) {
            (P_256, Hash::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
            (P_256, Hash::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
            (P_256, Hash::Sha512) => &signature::ECDSA_P256_SHA512_ASN1,
            (P_384, Hash::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
            (P_384, Hash::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
            (P_384, Hash::Sha512) => &signature::ECDSA_P384_SHA512_ASN1,
            (P_521, Hash::Sha256) => &signature::ECDSA_P521_SHA256_ASN1,
            (P_521, Hash::Sha384) => &signature::ECDSA_P521_SHA384_ASN1,
            (P_521, Hash::Sha512) => &signature::ECDSA_P521_SHA512_ASN1,
            _ => return None,
        })
    }
}

/// How many bits a modulus has.
fn bits(modulus: &[u8]) -> usize {
    8 * modulus.iter().skip_while(|byte| **byte == 0).count()
}

/// Those of a set that are whole certificates or lists; other forms of them are not read.
fn sequences(set: Option<Element<'_>>) -> Option<Vec<&[u8]>> {
    let Some(set) = set else { return Some(Vec::new()) };
    let elements = set.inner().all()?;
    if elements.len() > MOST_CARRIED {
        return None;
    }
    Some(elements.into_iter().filter(|element| element.tag == SEQUENCE).map(|element| element.whole).collect())
}

type Attribute<'a> = (&'a [u8], Element<'a>);

/// The attributes, each with its values.
fn attributes_in(set: Element<'_>) -> Option<Vec<Attribute<'_>>> {
    let mut found = Vec::new();
    for element in set.inner().all()? {
        let mut inside = element.of(SEQUENCE)?.inner();
        found.push((inside.take(OBJECT)?.content, inside.take(SET)?));
    }
    let mut names: Vec<&[u8]> = found.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    // An attribute that is there twice could be read in two ways.
    (names.len() == found.len()).then_some(found)
}

/// The one value of an attribute.
fn value_of<'a>(attributes: &[Attribute<'a>], name: &[u8]) -> Option<Element<'a>> {
    let (_, values) = attributes.iter().find(|(known, _)| *known == name)?;
    let [value] = values.inner().all()?.try_into().ok()?;
    Some(value)
}

/// The revocation lists that Adobe's attribute carries; what else it carries is not read.
fn archived(value: Element<'_>) -> Option<Vec<&[u8]>> {
    let lists = value.of(SEQUENCE)?.inner().take(context(0))?;
    sequences(Some(lists.inner().take(SEQUENCE)?))
}

/// Which certificate the signer says is theirs (RFC 5035).
fn named_certificate(value: Element<'_>) -> Option<(Hash, &[u8])> {
    let certificates = value.of(SEQUENCE)?.inner().take(SEQUENCE)?;
    let mut named = certificates.inner().take(SEQUENCE)?.inner();
    let hash = match named.take(SEQUENCE) {
        Some(algorithm) => Hash::named(algorithm.inner().take(OBJECT)?.content)?,
        None => Hash::Sha256,
    };
    Some((hash, named.take(OCTETS)?.content))
}

/// Whether a certificate is the one that the signer is identified by.
fn is_of(certificate: &[u8], identifier: Element<'_>) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else { return false };
    if identifier.tag == SEQUENCE {
        let mut named = identifier.inner();
        let issuer = named.any().map(|issuer| issuer.whole);
        let serial = named.take(INTEGER).map(|serial| serial.content);
        return issuer == Some(certificate.issuer().as_raw()) && serial == Some(certificate.raw_serial());
    }
    let key = certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        x509_parser::extensions::ParsedExtension::SubjectKeyIdentifier(key) => Some(key.0),
        _ => None,
    });
    key.is_some_and(|key| identifier.tag & 0x1f == 0 && identifier.content == key)
}

/// A moment as certificates write it.
pub fn time(element: Element<'_>) -> Option<Moment> {
    let text = std::str::from_utf8(element.content).ok()?.strip_suffix('Z')?;
    let text = match element.tag {
        asn1::UTC_TIME => format!("{}{text}", if text.get(..2)? < "50" { "20" } else { "19" }),
        asn1::TIME => text.split('.').next()?.to_owned(),
        _ => return None,
    };
    let read = chrono::NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%S").ok()?;
    Some(Moment::new(read.and_utc()))
}

/// What a timestamp (RFC 3161) says: of which digest, by which hash, when.
pub struct Stamped {
    pub hash: Hash,
    pub digest: Vec<u8>,
    pub at: Moment,
}

pub fn stamped(content: &[u8]) -> Option<Stamped> {
    let mut said = Elements::of(content).take(SEQUENCE)?.inner();
    said.take(INTEGER)?;
    said.take(OBJECT)?;
    let mut imprint = said.take(SEQUENCE)?.inner();
    let hash = Hash::named(imprint.take(SEQUENCE)?.inner().take(OBJECT)?.content)?;
    let digest = imprint.take(OCTETS)?.content.to_vec();
    said.take(INTEGER)?;
    Some(Stamped { hash, digest, at: time(said.take(asn1::TIME)?)? })
}
