//! Signs PDFs as a signature service does (PAdES, by an incremental update), with authorities of the tests' own.

use ocop::decision::decision_pdf::{self, DecisionSheet};
use ocop::decision::paper::{DecisionPaper, Row};
use ocop::decision::rules::Kind;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RevokedCertParams,
    RsaKeySize, SerialNumber, SigningKey, date_time_ymd,
};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
const TOKEN: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e];
const REVOCATION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 0x01, 0x01, 0x08];
const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const ECDSA_SHA_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// An authority, and whoever it gave a certificate to.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub certificate: Vec<u8>,
}

/// Somebody with a key and a certificate.
pub struct Signer {
    key: KeyPair,
    is_rsa: bool,
    pub certificate: Vec<u8>,
    pub serial: u64,
    /// The certificates between theirs and the root's.
    between: Vec<Vec<u8>>,
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, "UBND tỉnh Hà Tĩnh");
    params.not_before = date_time_ymd(2015, 1, 1);
    params.not_after = date_time_ymd(2060, 1, 1);
    params
}

impl Authority {
    pub fn root(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = Self::params(name);
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// An authority below this one.
    pub fn below(&self, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = Self::params(name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn params(name: &str) -> CertificateParams {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
    }

    pub fn signer(&self, name: &str) -> Signer {
        self.issue(name, KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(), |_| ())
    }

    pub fn rsa_signer(&self, name: &str) -> Signer {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        Signer { is_rsa: true, ..self.issue(name, key, |_| ()) }
    }

    /// A certificate with something else about it.
    pub fn signer_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Signer {
        self.issue(name, KeyPair::generate().unwrap(), change)
    }

    pub fn stamper(&self) -> Signer {
        self.signer_with("Dấu thời gian", |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::TimeStamping]
        })
    }

    fn issue(&self, name: &str, key: KeyPair, change: impl FnOnce(&mut CertificateParams)) -> Signer {
        let serial = u64::from(rand::random::<u32>()) + 1;
        let mut params = named(name);
        params.serial_number = Some(SerialNumber::from(serial));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Signer { key, is_rsa: false, certificate, serial, between: vec![self.certificate.clone()] }
    }

    /// The list of those whose certificates this authority took back, as of a year.
    pub fn revoking(&self, signers: &[&Signer], year: i32) -> Vec<u8> {
        let revoked = |signer: &&Signer| RevokedCertParams {
            serial_number: SerialNumber::from(signer.serial),
            revocation_time: date_time_ymd(year, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(year, 1, 1),
            next_update: date_time_ymd(2060, 1, 1),
            crl_number: SerialNumber::from(u64::try_from(year).unwrap()),
            issuing_distribution_point: None,
            revoked_certs: signers.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().der().to_vec()
    }
}

pub fn pem(kind: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", lines.join("\n"))
}

// ---- ASN.1, as it is written ----

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let head = match length {
        0..0x80 => vec![tag, u8::try_from(length).unwrap()],
        0x80..0x100 => vec![tag, 0x81, u8::try_from(length).unwrap()],
        _ => vec![tag, 0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 0xff).unwrap()],
    };
    [head, content].concat()
}

fn object(name: &[u8]) -> Vec<u8> {
    der(0x06, &[name])
}

fn attribute(name: &[u8], value: &[u8]) -> Vec<u8> {
    der(0x30, &[&object(name), &der(0x31, &[value])])
}

/// How somebody signs.
#[derive(Default)]
pub struct How<'a> {
    /// Adobe's form instead of ETSI's.
    pub adobe: bool,
    pub sha_1: bool,
    /// Who stamps the time, and which.
    pub stamped: Option<(&'a Signer, &'a str)>,
    /// A revocation list that goes with it.
    pub list: Option<&'a [u8]>,
    /// Another's certificate in the place of one's own.
    pub as_if: Option<&'a Signer>,
    /// What else the update brings: an object's number and text.
    pub beside: Vec<(usize, String)>,
    /// Of what extent the mark is.
    pub mark: Option<[u32; 4]>,
    /// When the file says that it was signed, else in March 2021.
    pub at: Option<&'a str>,
}

impl Signer {
    /// Signed data over something, kept within where `inside` says of which type.
    fn cms(&self, content: &[u8], inside: Option<&[u8]>, how: &How) -> Vec<u8> {
        let (algorithm, digest) = if how.sha_1 {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, content);
            (SHA_1, digest.as_ref().to_vec())
        } else {
            (SHA_256, Sha256::digest(content).to_vec())
        };
        let whose = how.as_if.unwrap_or(self);
        let named = der(0x30, &[&der(0x04, &[&Sha256::digest(&whose.certificate)])]);
        let mut attributes = vec![
            attribute(CONTENT_TYPE, &object(inside.unwrap_or(DATA))),
            attribute(MESSAGE_DIGEST, &der(0x04, &[&digest])),
            attribute(CERTIFICATE_V2, &der(0x30, &[&der(0x30, &[&named])])),
        ];
        if let Some(list) = how.list {
            attributes.push(attribute(REVOCATION, &der(0x30, &[&der(0xa0, &[&der(0x30, &[list])])])));
        }
        attributes.sort();
        let attributes = attributes.concat();
        let value = self.key.sign(&der(0x31, &[&attributes])).unwrap();
        let (_, certificate) = X509Certificate::from_der(&whose.certificate).unwrap();
        let identifier = der(0x30, &[certificate.issuer().as_raw(), &der(0x02, &[certificate.raw_serial()])]);
        let signature_algorithm = if self.is_rsa { RSA } else { ECDSA_SHA_256 };
        let hash = der(0x30, &[&object(algorithm)]);
        let token = how.stamped.map(|(stamper, at)| attribute(TOKEN, &stamper.token(&value, at)));
        let signer = der(
            0x30,
            &[
                &der(0x02, &[&[1]]),
                &identifier,
                &hash,
                &der(0xa0, &[&attributes]),
                &der(0x30, &[&object(signature_algorithm)]),
                &der(0x04, &[&value]),
                &token.map(|token| der(0xa1, &[&token])).unwrap_or_default(),
            ],
        );
        let kept = inside.map(|_| der(0xa0, &[&der(0x04, &[content])])).unwrap_or_default();
        let certificates: Vec<&[u8]> =
            std::iter::once(&whose.certificate).chain(&whose.between).map(Vec::as_slice).collect();
        let version = if inside.is_some() { 3 } else { 1 };
        let data = der(
            0x30,
            &[
                &der(0x02, &[&[version]]),
                &der(0x31, &[&hash]),
                &der(0x30, &[&object(inside.unwrap_or(DATA)), &kept]),
                &der(0xa0, &certificates),
                &der(0x31, &[&signer]),
            ],
        );
        der(0x30, &[&object(SIGNED_DATA), &der(0xa0, &[&data])])
    }

    /// A timestamp (RFC 3161) over a signature's value, at `20210301080000Z`.
    fn token(&self, value: &[u8], at: &str) -> Vec<u8> {
        let imprint = der(0x30, &[&der(0x30, &[&object(SHA_256)]), &der(0x04, &[&Sha256::digest(value)])]);
        let stamp = der(
            0x30,
            &[
                &der(0x02, &[&[1]]),
                &object(&[0x2a, 0x03, 0x04]),
                &imprint,
                &der(0x02, &[&[7]]),
                &der(0x18, &[at.as_bytes()]),
            ],
        );
        self.cms(&stamp, Some(STAMP), &How::default())
    }

    pub fn signed(&self, pdf: &[u8]) -> Vec<u8> {
        self.signed_as(pdf, &How::default())
    }

    /// Adds a signature to a PDF by an update.
    pub fn signed_as(&self, pdf: &[u8], how: &How) -> Vec<u8> {
        const PLACE: usize = 16_384;
        let size = number_behind(pdf, "/Size ");
        let (field, value) = (size, size + 1);
        let (root, catalogue) = catalogue(pdf);
        let (page, page_text) = object_with(pdf, "/Type/Page/");
        let catalogue = with_entry(&catalogue, "/Fields [", &format!("{field} 0 R "), || {
            format!("/AcroForm <</Fields [{field} 0 R ] /SigFlags 3>>")
        });
        let page_text =
            with_entry(&page_text, "/Annots [", &format!("{field} 0 R "), || format!("/Annots [{field} 0 R ]"));
        let filter = if how.adobe { "adbe.pkcs7.detached" } else { "ETSI.CAdES.detached" };
        let at = how.at.unwrap_or("20210301150000+07'00'");
        let [left, bottom, right, top] = how.mark.unwrap_or([350, 300, 550, 380]);
        let mut objects = vec![
            (root, catalogue),
            (page, page_text),
            (
                field,
                format!(
                    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Ký {field}) /F 132 /Rect [{left} {bottom} {right} {top}] \
                     /P {page} 0 R /V {value} 0 R>>"
                ),
            ),
            (
                value,
                format!(
                    "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /{filter} /M (D:{at}) /ByteRange [0 @@@@@@@@@@ ########## \
                     $$$$$$$$$$] /Contents <{}>>>",
                    "0".repeat(PLACE)
                ),
            ),
        ];
        objects.extend(how.beside.iter().cloned());
        let mut file = updated(pdf, &objects);
        let before = find(&file, b"/Contents <0000").unwrap() + b"/Contents ".len();
        let behind = before + PLACE + 2;
        for (mark, number) in [("@@@@@@@@@@", before), ("##########", behind), ("$$$$$$$$$$", file.len() - behind)] {
            let at = find(&file, mark.as_bytes()).unwrap();
            file[at..at + mark.len()].copy_from_slice(format!("{number:010}").as_bytes());
        }
        let signed = [&file[..before], &file[behind..]].concat();
        let value: String = self.cms(&signed, None, how).iter().map(|byte| format!("{byte:02x}")).collect();
        file[before + 1..before + 1 + value.len()].copy_from_slice(value.as_bytes());
        file
    }
}

/// A PDF with an update behind it that brings these objects.
pub fn updated(pdf: &[u8], objects: &[(usize, String)]) -> Vec<u8> {
    let mut file = pdf.to_vec();
    if !file.ends_with(b"\n") {
        file.push(b'\n');
    }
    let size = objects.iter().map(|(number, _)| number + 1).chain([number_behind(pdf, "/Size ")]).max().unwrap();
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for (number, text) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", file.len()));
        file.extend(format!("{number} 0 obj\n{text}\nendobj\n").bytes());
    }
    let at = file.len();
    let (previous, root) = (number_behind(pdf, "startxref\n"), catalogue(pdf).0);
    file.extend(table.bytes());
    let trailer = format!("trailer\n<</Size {size} /Root {root} 0 R /Prev {previous}>>\nstartxref\n{at}\n%%EOF\n");
    file.extend(trailer.bytes());
    file
}

pub fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text)
}

fn find_last(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).rposition(|window| window == text)
}

/// The number that stands behind the last of these texts.
fn number_behind(pdf: &[u8], text: &str) -> usize {
    let at = find_last(pdf, text.as_bytes()).unwrap() + text.len();
    let digits: Vec<u8> = pdf[at..].iter().copied().take_while(u8::is_ascii_digit).collect();
    String::from_utf8(digits).unwrap().parse().unwrap()
}

fn catalogue(pdf: &[u8]) -> (usize, String) {
    let root = number_behind(pdf, "/Root ");
    (root, text_of(pdf, root))
}

/// An object as it was written last.
pub fn text_of(pdf: &[u8], number: usize) -> String {
    let head = format!("\n{number} 0 obj\n");
    let start = find_last(pdf, head.as_bytes()).unwrap() + head.len();
    let end = start + find(&pdf[start..], b"\nendobj").unwrap();
    String::from_utf8(pdf[start..end].to_vec()).unwrap()
}

/// The first object of a file in which a text stands, as it was written last.
pub fn object_with(pdf: &[u8], text: &str) -> (usize, String) {
    let at = find(pdf, text.as_bytes()).unwrap();
    let end = find_last(&pdf[..at], b" 0 obj").unwrap();
    let start = find_last(&pdf[..end], b"\n").unwrap() + 1;
    let number = std::str::from_utf8(&pdf[start..end]).unwrap().parse().unwrap();
    (number, text_of(pdf, number))
}

/// An object with one more thing in a list of it, or with that list.
fn with_entry(text: &str, list: &str, more: &str, new: impl FnOnce() -> String) -> String {
    match text.find(list) {
        Some(at) => {
            let (head, tail) = text.split_at(at + list.len());
            format!("{head}{more}{tail}")
        }
        None => {
            let (head, tail) = text.split_at(text.rfind(">>").unwrap());
            format!("{head} {}{tail}", new())
        }
    }
}

/// The PDF of a draft.
pub fn draft(product: &str) -> Vec<u8> {
    let row = Row {
        number: 1,
        product: product.into(),
        producer: "Hợp tác xã Mật ong".into(),
        place: "Xã Sơn Kim 1".into(),
        mean: Some("72,00".into()),
        stars: Some(4),
        certificate: None,
        issued_on: None,
    };
    let paper = DecisionPaper {
        kind: Kind::Recognise,
        is_draft: true,
        unit: "Tỉnh Hà Tĩnh".into(),
        level: "cấp tỉnh",
        number: None,
        signed_on: None,
        reason: None,
        ground: None,
        rests_on: None,
        signatory: None,
        acts: vec!["1048/QĐ-TTg".into()],
        councils: Vec::new(),
        months: vec![36],
        year: Some(2021),
        rows: vec![row],
        counts: vec![(4, 1)],
    };
    let sheet = DecisionSheet {
        paper,
        code: "ABCD-EFGH-JKMN-PQRS".into(),
        address: "https://ocop.vn/p/ABCDEFGHJKMNPQRS".into(),
        digest: "0123456789abcdef".into(),
        made_on: "22/02/2021".into(),
        qr: "HTTPS://OCOP.VN/P/ABCDEFGHJKMNPQRS".into(),
    };
    decision_pdf::draw(&sheet).unwrap()
}
