//! Which files are taken, told by their content; their names; how a name is sent back; what kinds of document there are.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Faults, Kind, Message, Result, say, text};

/// The largest file that is taken, in bytes.
pub const LARGEST: u64 = 20 * 1024 * 1024;

/// How much of a file's beginning, and as much of its end, is looked at to tell what it is.
const LOOKED_AT: usize = 64 * 1024;

/// So many files uploads may leave behind at any time, however few are stored.
const LEFTOVERS: usize = 20;
/// Beyond that, one in so many stored files: two per cent.
const LEFTOVER_IN: usize = 50;
/// So many days what was moved aside is kept.
const QUARANTINE_DAYS: i64 = 30;

/// How many of the stored files a sweep moves aside unasked. More than that is no leftover: the database is another, or older.
pub fn most_swept(stored: usize) -> usize {
    (stored / LEFTOVER_IN).max(LEFTOVERS)
}

/// Whether what was moved aside on a day may be removed today.
pub fn is_expired(since: NaiveDate, today: NaiveDate) -> bool {
    today.signed_duration_since(since).num_days() > QUARANTINE_DAYS
}

const LONGEST_NAME: usize = 200;

/// The beginning and the end of a file that comes in pieces: what tells what it is.
#[derive(Debug, Default)]
pub struct Ends {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Ends {
    /// Takes the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        let missing = LOOKED_AT.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(missing));
        self.tail.extend(piece);
        // Not with each piece, as what stays is moved.
        if self.tail.len() > 4 * LOOKED_AT {
            self.tail.drain(..self.tail.len() - LOOKED_AT);
        }
    }
}

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
    Docx,
    Xlsx,
}

impl FileKind {
    /// Documents of a product.
    pub const DOCUMENTS: &'static [Self] = &[Self::Pdf, Self::Jpeg, Self::Png, Self::Docx, Self::Xlsx];
    /// Signed papers: scanned or photographed.
    pub const PAPERS: &'static [Self] = &[Self::Pdf, Self::Jpeg, Self::Png];
    /// Pictures of a product.
    pub const PICTURES: &'static [Self] = &[Self::Jpeg, Self::Png];

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The endings of file names, the usual one first.
    fn endings(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Pdf => ("pdf", &["pdf"]),
            Self::Jpeg => ("jpg", &["jpg", "jpeg", "jpe", "jfif"]),
            Self::Png => ("png", &["png"]),
            Self::Docx => ("docx", &["docx"]),
            Self::Xlsx => ("xlsx", &["xlsx"]),
        }
    }

    /// What begins and ends like this; None for everything that is not taken.
    pub fn of(ends: &Ends) -> Option<Self> {
        match infer::get(&ends.head)?.mime_type() {
            "application/pdf" => Some(Self::Pdf),
            "image/jpeg" => Some(Self::Jpeg),
            "image/png" => Some(Self::Png),
            // Programs order the parts of an office document in different ways, and the first may be large: its own parts are
            // looked for by name, at its beginning and in the list of parts at its end.
            _ => office(ends),
        }
    }

    /// A file's content type, as clients claim it; some of them know of none.
    fn is_claimed_by(self, media_type: &str) -> bool {
        const UNKNOWING: [&str; 6] = [
            "",
            "*/*",
            "application/octet-stream",
            "binary/octet-stream",
            "application/force-download",
            "application/download",
        ];
        const ARCHIVES: [&str; 3] = ["application/zip", "application/x-zip", "application/x-zip-compressed"];
        let media_type = media_type.to_ascii_lowercase();
        let media_type = media_type.as_str();
        media_type == self.media_type()
            || UNKNOWING.contains(&media_type)
            || (matches!(self, Self::Docx | Self::Xlsx) && ARCHIVES.contains(&media_type))
            || (self == Self::Jpeg && matches!(media_type, "image/jpg" | "image/pjpeg"))
            || (self == Self::Pdf && media_type == "application/x-pdf")
    }
}

/// A ZIP that holds the parts of a text document or of a sheet.
fn office(ends: &Ends) -> Option<FileKind> {
    const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
    const LISTED: &[u8] = b"PK\x01\x02";
    if !ends.head.starts_with(LOCAL_HEADER) {
        return None;
    }
    part_of_office(&ends.head, LOCAL_HEADER, 30).or_else(|| part_of_office(&ends.tail, LISTED, 46))
}

/// What has a part whose name stands `name_at` bytes after the beginning of a header like this.
fn part_of_office(bytes: &[u8], header: &[u8], name_at: usize) -> Option<FileKind> {
    bytes.windows(header.len()).enumerate().filter(|(_, window)| *window == header).find_map(|(at, _)| {
        let name = bytes.get(at + name_at..)?;
        match name {
            name if name.starts_with(b"word/") => Some(FileKind::Docx),
            name if name.starts_with(b"xl/") => Some(FileKind::Xlsx),
            _ => None,
        }
    })
}

/// Whether it begins as the photographs do that phones keep as HEIC or HEIF (ISO/IEC 23008-12).
fn is_heif(head: &[u8]) -> bool {
    const BRANDS: [&[u8]; 9] = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"mif2"];
    head.get(4..8) == Some(b"ftyp") && head.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// What the file is, where its content is allowed and fits what its name and its content type claim.
pub fn told(ends: &Ends, name: Option<&str>, media_type: Option<&str>, allowed: &[FileKind]) -> Result<FileKind> {
    let content = FileKind::of(ends).filter(|content| allowed.contains(content)).ok_or_else(|| {
        let endings: Vec<&str> = allowed.iter().map(|content| content.endings().0).collect();
        let endings = endings.join(", ");
        if is_heif(&ends.head) {
            return wrong_kind(say(
                format!(
                    "Ảnh này ở dạng HEIC/HEIF (thường của iPhone), chưa nhận được; chỉ nhận tệp: {endings}. Xin chụp lại bằng nút \
                     chụp ảnh, hoặc trên điện thoại vào Cài đặt › Camera › Định dạng › Tương thích nhất rồi chụp lại, hoặc lưu \
                     ảnh thành JPEG rồi gửi."
                ),
                format!(
                    "This photograph is HEIC/HEIF (usual on iPhones), which is not taken; only these are: {endings}. Please take \
                     it again with the camera button, or set the phone to Settings › Camera › Formats › Most Compatible and take \
                     it again, or save it as JPEG and send that."
                ),
            ));
        }
        wrong_kind(say(
            format!("Chỉ nhận tệp: {endings}; nội dung của tệp này không phải."),
            format!("Only these are taken: {endings}; this file's content is none of them."),
        ))
    })?;
    let claimed_by_name = name.and_then(ending).is_none_or(|ending| content.endings().1.contains(&ending.as_str()));
    let claimed_by_type = media_type.is_none_or(|media_type| content.is_claimed_by(media_type));
    if claimed_by_name && claimed_by_type {
        return Ok(content);
    }
    Err(wrong_kind(say(
        format!("Nội dung là {}, khác với tên hoặc kiểu đã khai.", content.media_type()),
        format!("The content is {}, which is not what the name or the content type says.", content.media_type()),
    )))
}

fn wrong_kind(detail: Message) -> Error {
    let fault = Fault::new("/file", "wrong_file_kind", detail.clone());
    Error::Refused(Box::new(Refusal { kind: Kind::Invalid, code: "wrong_file_kind", detail, faults: vec![fault] }))
}

/// The ending of a file's name, in lower case. A name without one claims nothing, and neither do a year, words after a dot, or
/// what a browser adds to the name of a second download.
fn ending(name: &str) -> Option<String> {
    const LONGEST: usize = 5;
    let (stem, ending) = name.trim().rsplit_once('.')?;
    let (ending, copy) = ending.split_once(' ').unwrap_or((ending, ""));
    let is_copy = copy.is_empty() || (copy.starts_with('(') && copy.ends_with(')'));
    let is_ending = (1..=LONGEST).contains(&ending.len())
        && ending.bytes().all(|letter| letter.is_ascii_alphanumeric())
        && ending.bytes().any(|letter| letter.is_ascii_alphabetic());
    (!stem.is_empty() && is_copy && is_ending).then(|| ending.to_ascii_lowercase())
}

/// The name to keep: without folders and control characters, composed; a usual one where none was sent.
pub fn kept_name(sent: Option<&str>, content: FileKind) -> Result<String> {
    let sent = sent.unwrap_or_default();
    let mut faults = Vec::new();
    if sent.contains('\0') {
        faults.push(Fault::new(
            "/file",
            "nul_character",
            say("Tên tệp chứa ký tự NUL.", "The file's name holds a NUL character."),
        ));
    }
    let bare = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = bare.chars().filter(|letter| !letter.is_control()).collect();
    let name = text::compose(visible.trim());
    text::check_length(&name, "/file", LONGEST_NAME, &mut faults);
    faults.into_result()?;
    Ok(if name.is_empty() { format!("file.{}", content.endings().0) } else { name })
}

/// Whether browsers show files of this kind by themselves; none of them runs anything in our name.
pub fn is_shown_by_browsers(media_type: &str) -> bool {
    [FileKind::Pdf, FileKind::Jpeg, FileKind::Png].iter().any(|kind| kind.media_type() == media_type)
}

/// A file's name as `Content-Disposition` carries it (RFC 6266): plain for old readers, UTF-8 for all others.
pub fn disposition(way: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-._ ".contains(letter) { letter } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// What a document shows (loại tài liệu).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DocumentKind {
    /// Phiếu đăng ký sản phẩm (biểu 01, 02).
    RegistrationForm,
    /// Phương án sản xuất kinh doanh (biểu 03).
    BusinessPlan,
    /// Giới thiệu bộ máy tổ chức (biểu 04).
    Organisation,
    /// Giấy đăng ký kinh doanh.
    BusinessRegistration,
    /// Giấy chứng nhận đủ điều kiện sản xuất, an toàn thực phẩm.
    FoodSafetyCertificate,
    /// Công bố chất lượng sản phẩm.
    QualityPublication,
    /// Tiêu chuẩn sản phẩm.
    ProductStandard,
    /// Phiếu kết quả kiểm tra chỉ tiêu an toàn thực phẩm.
    FoodSafetyTest,
    /// Mã vạch, tem truy xuất, sở hữu trí tuệ.
    BarcodeOrProperty,
    /// Nguồn gốc nguyên liệu, liên kết chuỗi.
    MaterialOrigin,
    /// Hệ thống quản lý chất lượng.
    QualityManagement,
    /// Bảo vệ môi trường.
    Environment,
    /// Kế toán.
    Accounting,
    /// Phát triển thị trường, quảng bá.
    Market,
    /// Câu chuyện sản phẩm.
    Story,
    /// Kế hoạch kiểm soát chất lượng, hồ sơ lô.
    QualityControl,
    /// Giải thưởng.
    Award,
    /// Đồng thuận, uỷ quyền.
    Consent,
    Other,
}

impl DocumentKind {
    /// What people call it.
    pub fn name(self) -> Message {
        match self {
            Self::RegistrationForm => say("phiếu đăng ký sản phẩm", "registration form"),
            Self::BusinessPlan => say("phương án sản xuất kinh doanh", "business plan"),
            Self::Organisation => say("giới thiệu bộ máy tổ chức", "organisation"),
            Self::BusinessRegistration => say("giấy đăng ký kinh doanh", "business registration"),
            Self::FoodSafetyCertificate => say("giấy chứng nhận an toàn thực phẩm", "food-safety certificate"),
            Self::QualityPublication => say("công bố chất lượng", "publication of quality"),
            Self::ProductStandard => say("tiêu chuẩn sản phẩm", "product standard"),
            Self::FoodSafetyTest => say("phiếu kiểm nghiệm an toàn thực phẩm", "food-safety test"),
            Self::BarcodeOrProperty => say("mã vạch, tem, sở hữu trí tuệ", "barcode, stamp, intellectual property"),
            Self::MaterialOrigin => say("nguồn gốc nguyên liệu", "origin of material"),
            Self::QualityManagement => say("hệ thống quản lý chất lượng", "quality management"),
            Self::Environment => say("bảo vệ môi trường", "environment"),
            Self::Accounting => say("kế toán", "accounting"),
            Self::Market => say("phát triển thị trường", "market"),
            Self::Story => say("câu chuyện sản phẩm", "story"),
            Self::QualityControl => say("kiểm soát chất lượng, hồ sơ lô", "quality control, lot records"),
            Self::Award => say("giải thưởng", "award"),
            Self::Consent => say("đồng thuận, ủy quyền", "consent"),
            Self::Other => say("giấy tờ khác", "other document"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n%rest";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

    fn ends(whole: &[u8]) -> Ends {
        let mut ends = Ends::default();
        ends.take(whole);
        ends
    }

    /// A ZIP's beginning with empty entries of these names.
    fn zip(names: &[&str]) -> Vec<u8> {
        names
            .iter()
            .flat_map(|name| {
                let mut entry = b"PK\x03\x04".to_vec();
                entry.extend([0; 26]);
                entry.extend(name.as_bytes());
                entry
            })
            .collect()
    }

    #[test]
    fn content_decides_and_must_fit_the_claim() {
        let told = |head: &[u8], name, media| told(&ends(head), name, media, FileKind::DOCUMENTS);
        assert_eq!(told(PDF, Some("Giấy chứng nhận.PDF"), Some("application/pdf")).unwrap(), FileKind::Pdf);
        assert_eq!(told(PDF, Some("scan"), Some("application/octet-stream")).unwrap(), FileKind::Pdf);
        assert_eq!(told(PDF, None, None).unwrap(), FileKind::Pdf);
        for name in
            ["Hồ sơ số 3.2021", "hoso.pdf (1)", "hoso.pdf ", "12.5 độ. Bản cuối", "v1.2", "Giấy.phép", "hoso.", ".pdf"]
        {
            assert_eq!(told(PDF, Some(name), None).unwrap(), FileKind::Pdf, "{name}");
        }
        for media in ["*/*", "application/force-download", "binary/octet-stream", "Application/Octet-Stream"] {
            assert_eq!(told(PDF, Some("a.pdf"), Some(media)).unwrap(), FileKind::Pdf, "{media}");
        }
        let word = zip(&["word/document.xml"]);
        assert_eq!(told(&word, Some("a.docx"), Some("application/zip")).unwrap(), FileKind::Docx);
        assert!(told(PDF, Some("a.pdf"), Some("application/zip")).is_err());
        for (head, name, media) in [
            (PNG, Some("a.pdf"), Some("application/pdf")),
            (PNG, Some("a.pdf (2)"), None),
            (PDF, Some("a.mp3"), None),
            (PDF, Some("a.pdf"), Some("image/png")),
            (PDF, Some("a.exe"), None),
            (&b"MZ\x90\0"[..], Some("a.pdf"), None),
            (b"<html><script>", Some("a.html"), Some("text/html")),
            (b"", Some("a.pdf"), None),
        ] {
            let error = told(head, name, media).unwrap_err();
            assert_eq!(error.refusal().unwrap().code, "wrong_file_kind", "{name:?} {media:?}");
        }
    }

    #[test]
    fn photographs_of_phones_that_cannot_be_read_are_told_what_to_do() {
        for brand in ["heic", "mif1"] {
            let head = [&b"\0\0\0\x18ftyp"[..], brand.as_bytes(), b"\0\0\0\0"].concat();
            let error = told(&ends(&head), Some("IMG_0001.HEIC"), Some("image/heic"), FileKind::PICTURES).unwrap_err();
            let refusal = error.refusal().unwrap();
            assert_eq!((refusal.code, refusal.faults[0].pointer.as_str()), ("wrong_file_kind", "/file"));
            assert!(refusal.detail.vi.contains("Tương thích nhất") && refusal.detail.en.contains("Most Compatible"));
        }
        let film = told(&ends(b"\0\0\0\x18ftypisom"), Some("a.mp4"), None, FileKind::PICTURES).unwrap_err();
        assert!(!film.refusal().unwrap().detail.en.contains("HEIC"));
    }

    #[test]
    fn office_documents_are_told_from_other_archives_in_any_order() {
        let word = zip(&["_rels/.rels", "docProps/app.xml", "docProps/core.xml", "word/document.xml"]);
        let sheet = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
        assert_eq!(FileKind::of(&ends(&word)), Some(FileKind::Docx));
        assert_eq!(FileKind::of(&ends(&sheet)), Some(FileKind::Xlsx));
        assert_eq!(FileKind::of(&ends(&zip(&["virus.exe", "keyword/x"]))), None);
    }

    #[test]
    fn an_office_document_is_told_by_its_list_of_parts_where_its_first_part_is_large() {
        for (name, expected) in [("word/document.xml", Some(FileKind::Docx)), ("keyword/x", None)] {
            let picture = [zip(&["docProps/thumbnail.jpeg"]), vec![7; 5 * LOOKED_AT]].concat();
            let listed = [b"PK\x01\x02".as_slice(), &[0; 42], name.as_bytes()].concat();
            let whole = [picture, listed, b"PK\x05\x06".to_vec(), vec![0; 18]].concat();
            let mut pieces = Ends::default();
            whole.chunks(1000).for_each(|piece| pieces.take(piece));
            assert_eq!(FileKind::of(&pieces), expected, "{name}");
        }
    }

    #[test]
    fn pictures_are_not_documents() {
        assert!(told(&ends(PDF), Some("a.pdf"), None, FileKind::PICTURES).is_err());
        assert!(told(&ends(PNG), Some("a.png"), None, FileKind::PICTURES).is_ok());
    }

    #[test]
    fn a_name_loses_its_folders_and_keeps_its_letters() {
        assert_eq!(kept_name(Some("C:\\a\\..\\Mật ong.pdf"), FileKind::Pdf).unwrap(), "Mật ong.pdf");
        assert_eq!(kept_name(Some("../../etc/passwd"), FileKind::Pdf).unwrap(), "passwd");
        assert_eq!(kept_name(Some("a\r\nb.pdf"), FileKind::Pdf).unwrap(), "ab.pdf");
        assert_eq!(kept_name(None, FileKind::Jpeg).unwrap(), "file.jpg");
        assert!(kept_name(Some("a\0.pdf"), FileKind::Pdf).is_err());
        assert!(kept_name(Some(&"x".repeat(201)), FileKind::Pdf).is_err());
    }

    #[test]
    fn a_name_is_sent_back_in_both_spellings() {
        assert_eq!(
            disposition("attachment", "Mật \"ong\".pdf"),
            "attachment; filename=\"M_t _ong_.pdf\"; filename*=UTF-8''M%E1%BA%ADt%20%22ong%22.pdf"
        );
    }
}
