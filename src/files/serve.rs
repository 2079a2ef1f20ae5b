//! Gives a stored file back, byte for byte, straight from the disk.

use std::path::PathBuf;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{Bytes, BytesMut};
use futures_util::stream::{self, Stream};
use tokio::io::AsyncReadExt;

use crate::base::keys::hexadecimal;
use crate::base::{Error, Result};
use crate::files::folder::failed;
use crate::files::{Folder, StoredFile, rules};
use crate::http::Request;

const CHUNK: usize = 64 * 1024;

/// Who may be given a file, and so who may keep a copy on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: shown in the page, and never another one under the same address.
    Public,
    /// Who was found to see it: saved under its name.
    Private,
    /// The same, shown in a frame of a page of ours where browsers can show it.
    Beside,
}

/// The answer that carries a file, or 304 where the asker has it already.
pub async fn serve(folder: &Folder, file: StoredFile, request: &Request, audience: Audience) -> Result<HttpResponse> {
    let tag = format!("\"{}\"", hexadecimal(&file.sha256));
    let (way, caching) = match audience {
        Audience::Public => ("inline", "public, max-age=31536000, immutable"),
        Audience::Beside if rules::is_shown_by_browsers(&file.media_type) => ("inline", "private, no-cache"),
        Audience::Private | Audience::Beside => ("attachment", "private, no-cache"),
    };
    if request.has_tag(&tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, caching))
            .finish());
    }
    // A browser shows a PDF by what it takes for an object.
    let policy = match file.media_type.as_str() {
        "application/pdf" => "base-uri 'none'; frame-ancestors 'self'",
        _ => "base-uri 'none'; object-src 'none'; script-src 'none'; frame-ancestors 'self'",
    };
    let size = u64::try_from(file.size).map_err(Error::internal)?;
    let path = folder.path(file.id);
    let opened = open(path.clone(), size).await?;
    let chunks = chunks(opened);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.media_type))
        .insert_header((CONTENT_DISPOSITION, rules::disposition(way, &file.name)))
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        // The tag names these very bytes, so nothing on the way may compress them.
        .insert_header((CONTENT_ENCODING, "identity"))
        .body(SizedStream::new(size, chunks)))
}

/// The bytes of a file from where it stands to its end, a chunk at a time.
pub fn chunks(file: tokio::fs::File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}

/// Opens the file and holds its length against what is on record.
async fn open(path: PathBuf, size: u64) -> Result<tokio::fs::File> {
    let file = tokio::fs::File::open(&path).await.map_err(|error| failed("read", &path, error))?;
    let found = file.metadata().await.map_err(|error| failed("read", &path, error))?.len();
    if found == size {
        Ok(file)
    } else {
        Err(Error::internal(format!("{} has {found} bytes, {size} are on record", path.display())))
    }
}
