//! Takes an upload in: a `multipart/form-data` body with one `file` and text fields, as it arrives.

use std::collections::BTreeMap;
use std::path::PathBuf;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_DISPOSITION, ContentDisposition, HeaderValue};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::base::id::FileId;
use crate::base::{Error, Fault, Kind, Result, say};
use crate::db::busy;
use crate::files::folder::failed;
use crate::files::rules::{self, FileKind};
use crate::files::{Folder, StoredFile, Unnamed};
use crate::http::faults::too_large;
use crate::http::pace::{found_no_place, too_slow, was_too_slow};

/// The name of the part that is the file; all others are text.
const FILE: &str = "file";
const MOST_FIELDS: usize = 30;
/// A page asks for a photograph or for another file, each in a field of its own.
const MOST_FILE_FIELDS: usize = 4;
const LONGEST_FIELD: usize = 16 * 1024;

/// The text fields of a form, as they were sent.
pub type Fields = BTreeMap<String, String>;

/// A file that has wholly arrived. The bytes are in their place; the row is for the caller to write.
#[derive(Debug)]
pub struct Arrived {
    pub file: StoredFile,
    /// Removes the file unless its row was written.
    pub unnamed: Unnamed,
}

impl Arrived {
    /// Stores bytes of our own making.
    pub fn kept(folder: &Folder, bytes: &[u8], content: FileKind, name: String) -> Result<Self> {
        let file = folder.keep(bytes, content, name)?;
        let mut unnamed = Unnamed::new(folder);
        unnamed.add(&file);
        Ok(Self { file, unnamed })
    }
}

/// An upload that has wholly arrived.
#[derive(Debug)]
pub struct Received {
    pub arrived: Arrived,
    pub fields: Fields,
}

/// Reads an upload: 415 and 400 where it is no form, 413 where it is too large, 422 where `judge` finds a fault in the
/// fields, where the file is not of a kind in `allowed` or not what it claims to be. Fields that came before the file are
/// judged before any of it is read.
pub async fn receive(
    folder: &Folder,
    body: Multipart,
    allowed: &[FileKind],
    judge: impl Fn(&Fields) -> Result<()>,
) -> Result<Received> {
    let mut fields = Fields::new();
    let arrived = receive_form(folder, body, allowed, rules::LARGEST, &mut fields, judge).await?;
    let arrived = arrived.ok_or_else(|| refused(FILE, "required", say("Cần gửi kèm một tệp.", "A file is needed.")))?;
    Ok(Received { arrived, fields })
}

/// As [`receive`], with a file of at most `largest` bytes, or none. `fields` has those that came before what is refused.
pub async fn receive_form(
    folder: &Folder,
    mut body: Multipart,
    allowed: &[FileKind],
    largest: u64,
    fields: &mut Fields,
    judge: impl Fn(&Fields) -> Result<()>,
) -> Result<Option<Arrived>> {
    let (mut arrived, mut file_fields): (Option<Arrived>, usize) = (None, 0);
    while let Some(Part { mut field, name, file_name }) = next(&mut body).await? {
        let twice = || {
            refused(
                &name,
                "repeated",
                say("Mục này được gửi hai lần; chỉ giữ một.", "This is given twice; leave one of them out."),
            )
        };
        if name == FILE {
            judge(fields).or_else(|error| so_far(error, fields))?;
            file_fields += 1;
            if file_fields > MOST_FILE_FIELDS {
                return Err(too_large());
            }
            // Of several fields for a file those in which nobody chose one do not count.
            match take(folder, &mut field, file_name, allowed, largest).await? {
                Some(_) if arrived.is_some() => return Err(twice()),
                Some(taken) => arrived = Some(taken),
                None => {}
            }
        } else {
            if fields.contains_key(&name) {
                return Err(twice());
            }
            if fields.len() >= MOST_FIELDS {
                return Err(too_large());
            }
            let value = text(&mut field, &name, LONGEST_FIELD).await?;
            fields.insert(name, value);
        }
    }
    judge(fields)?;
    Ok(arrived)
}

/// The fields of a form all of whose parts are text, its file too, each of at most `longest` bytes: nothing is kept.
pub async fn texts(mut body: Multipart, longest: usize) -> Result<Fields> {
    let mut fields = Fields::new();
    while let Some(Part { mut field, name, .. }) = next(&mut body).await? {
        if fields.len() >= MOST_FIELDS {
            return Err(too_large());
        }
        let value = text(&mut field, &name, longest).await?;
        // Of several fields for a file those in which nobody chose one do not count.
        if fields.get(&name).is_none_or(String::is_empty) {
            fields.insert(name, value);
        } else if !value.is_empty() {
            return Err(refused(
                &name,
                "repeated",
                say("Mục này được gửi hai lần; chỉ giữ một.", "This is given twice; leave one of them out."),
            ));
        }
    }
    Ok(fields)
}

async fn text(field: &mut Field, name: &str, longest: usize) -> Result<String> {
    let bytes = field.bytes(longest).await.map_err(|_| too_large())?.map_err(unreadable)?;
    String::from_utf8(bytes.to_vec())
        .map_err(|_| refused(name, "not_text", say("Không phải văn bản UTF-8.", "This is not UTF-8 text.")))
}

/// What of a refusal is about fields that have come; the others may still come behind the file.
fn so_far(error: Error, fields: &Fields) -> Result<()> {
    let Error::Refused(mut refusal) = error else { return Err(error) };
    if refusal.faults.is_empty() {
        return Err(Error::Refused(refusal));
    }
    refusal.faults.retain(|fault| {
        let field = fault.pointer.trim_start_matches('/').split('/').next();
        field.is_some_and(|field| fields.contains_key(field))
    });
    if refusal.faults.is_empty() { Ok(()) } else { Err(Error::Refused(refusal)) }
}

/// Writes one file under a temporary name, syncs it and moves it to its place. Browsers send a file that nobody chose as
/// nothing without a name: that is none.
async fn take(
    folder: &Folder,
    field: &mut Field,
    sent_name: Option<String>,
    allowed: &[FileKind],
    largest: u64,
) -> Result<Option<Arrived>> {
    let media_type = field.content_type().map(|media| media.essence_str().to_owned());
    let id = FileId::new();
    let incoming = Incoming::new(folder, id);
    let path = incoming.path.clone();
    tokio::fs::create_dir_all(folder.incoming()).await.map_err(|error| failed("make", &folder.incoming(), error))?;
    let mut file = tokio::fs::File::create_new(&path).await.map_err(|error| failed("write", &path, error))?;

    let (mut ends, mut digest, mut size) = (rules::Ends::default(), Sha256::new(), 0u64);
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(unreadable)?;
        size += u64::try_from(chunk.len()).map_err(Error::internal)?;
        if size > largest {
            return Err(too_large());
        }
        ends.take(&chunk);
        digest.update(&chunk);
        file.write_all(&chunk).await.map_err(|error| failed("write", &path, error))?;
    }
    if size == 0 && sent_name.as_deref().is_none_or(str::is_empty) {
        return Ok(None);
    }
    let content = rules::told(&ends, sent_name.as_deref(), media_type.as_deref(), allowed)?;
    let name = rules::kept_name(sent_name.as_deref(), content)?;

    file.flush().await.map_err(|error| failed("write", &path, error))?;
    file.sync_all().await.map_err(|error| failed("write", &path, error))?;
    let settling = folder.clone();
    let settled = tokio::task::spawn_blocking(move || settling.settle(&path, id));
    settled.await.map_err(Error::internal)??;
    drop(incoming);
    let file = StoredFile {
        id,
        sha256: digest.finalize().to_vec(),
        size: i64::try_from(size).map_err(Error::internal)?,
        media_type: content.media_type().to_owned(),
        name,
    };
    let mut unnamed = Unnamed::new(folder);
    unnamed.add(&file);
    Ok(Some(Arrived { file, unnamed }))
}

/// A part of a form.
struct Part {
    field: Field,
    name: String,
    /// The name of the file that the client sent.
    file_name: Option<String>,
}

/// The next part; 400 where it is none of a form.
async fn next(body: &mut Multipart) -> Result<Option<Part>> {
    let Some(field) = body.next().await else { return Ok(None) };
    let field = field.map_err(unreadable)?;
    let sent = field.headers().get(CONTENT_DISPOSITION).ok_or_else(malformed)?.as_bytes();
    // Old programs write Latin-1, which HTTP took for granted once.
    let text = std::str::from_utf8(sent).map_or_else(|_| sent.iter().copied().map(char::from).collect(), str::to_owned);
    let head = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| malformed())?;
    let disposition = ContentDisposition::from_raw(&head).map_err(|_| malformed())?;
    if !disposition.is_form_data() {
        return Err(malformed());
    }
    let name = disposition.get_name().ok_or_else(malformed)?.to_owned();
    let file_name = file_name(&disposition)?;
    Ok(Some(Part { field, name, file_name }))
}

/// The name of a file; its extended spelling (RFC 8187) before the plain one.
fn file_name(disposition: &ContentDisposition) -> Result<Option<String>> {
    match disposition.get_filename_ext() {
        Some(extended) => String::from_utf8(extended.value.clone())
            .map(Some)
            .map_err(|_| refused(FILE, "not_text", say("Tên tệp không phải UTF-8.", "The name is not UTF-8."))),
        None => Ok(disposition.get_filename().map(str::to_owned)),
    }
}

/// A file that is arriving. Whatever stops it, its half is removed.
struct Incoming {
    path: PathBuf,
}

impl Incoming {
    fn new(folder: &Folder, id: FileId) -> Self {
        Self { path: folder.incoming().join(id.to_string()) }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.path) {
            Ok(()) => {}
            // It was moved to its place, or never made.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, path = %self.path.display(), "an upload's rest stays until the sweep"),
        }
    }
}

fn refused(name: &str, code: &'static str, detail: crate::base::Message) -> Error {
    Error::faults(vec![Fault::new(format!("/{name}"), code, detail)])
}

fn unreadable(error: MultipartError) -> Error {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Error::refused(
            Kind::UnsupportedMedia,
            "not_multipart",
            say("Cần gửi Content-Type: multipart/form-data.", "Content-Type: multipart/form-data is needed."),
        ),
        MultipartError::Payload(PayloadError::Overflow) => too_large(),
        MultipartError::Payload(error) if was_too_slow(&error) => too_slow(),
        MultipartError::Payload(error) if found_no_place(&error) => busy(),
        _ => malformed(),
    }
}

fn malformed() -> Error {
    Error::refused(
        Kind::Malformed,
        "malformed_multipart",
        say("Biểu mẫu có tệp bị đứt hoặc sai cấu trúc.", "The form with a file breaks off, or is not one."),
    )
}
