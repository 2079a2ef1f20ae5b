//! How slowly a body may come: who sends a byte now and then would else hold a connection, and a file that is being
//! written, for ever.

use std::io::ErrorKind;
use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap};
use actix_web::mime::{self, Mime};
use actix_web::web::Bytes;
use futures_util::stream::{self, LocalBoxStream, Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use crate::base::{Error, Kind, say};
use crate::http::App;
use crate::http::cadence::Beat;
use crate::http::held::Credence;

/// What a phone on the worst line brings in a second; at this rate a body may take as long as it needs.
const LEAST_BYTES_A_SECOND: u64 = 4 * 1024;
const KIBIBYTE: usize = 1024;

/// Photographs of who shows no sign-in, by kibibytes: 8 MiB a second, and as many at once.
pub const PHOTOGRAPHS: Beat = Beat { one_each: Duration::from_nanos(1_000_000_000 / 8192), at_once: 8192 };

/// The bytes of a body, as they come.
trait Chunks: Stream<Item = Result<Bytes, PayloadError>> + 'static {}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + 'static> Chunks for S {}

/// The body of a request, broken off where it comes slower than the service waits.
pub fn paced(request: &HttpRequest, body: Payload) -> LocalBoxStream<'static, Result<Bytes, PayloadError>> {
    let patience = App::of(request).map_or(Duration::ZERO, |app| app.body_patience);
    // Readers of uploads ask again after the end.
    within(body, patience).fuse().boxed_local()
}

/// The parts of an upload, broken off likewise, and where so many are read at once that there is no place for it.
pub fn parts(request: &HttpRequest, body: Payload) -> Multipart {
    parted(request, in_place(request, Credence::Proven, paced(request, body)))
}

/// As [`parts`], of who shows no sign-in: all of them together are read at a beat, so that many who send photographs at once keep
/// nobody from a stamp's page.
pub fn strangers_parts(request: &HttpRequest, body: Payload) -> Multipart {
    let cadence = App::of(request).ok().map(|app| app.photographs);
    let chunks = in_place(request, Credence::Stranger, paced(request, body)).then(move |chunk| {
        let cadence = cadence.clone();
        async move {
            if let (Some(cadence), Ok(chunk)) = (&cadence, &chunk) {
                cadence.wait(u32::try_from(chunk.len().div_ceil(KIBIBYTE)).unwrap_or(u32::MAX)).await;
            }
            chunk
        }
    });
    parted(request, chunks)
}

/// A form's parts. The library is told that it is no form: it would refuse one whose files have names that are not UTF-8.
fn parted(request: &HttpRequest, chunks: impl Chunks) -> Multipart {
    let mut headers = HeaderMap::new();
    if let Some(media) = request.headers().get(CONTENT_TYPE) {
        let told = media.to_str().ok().and_then(|media| media.parse::<Mime>().ok());
        let boundary = told.as_ref().filter(|media| media.essence_str() == mime::MULTIPART_FORM_DATA.essence_str());
        let boundary = boundary.and_then(|media| media.get_param(mime::BOUNDARY));
        let parts = boundary.and_then(|boundary| format!("multipart/mixed; boundary=\"{boundary}\"").parse().ok());
        headers.insert(CONTENT_TYPE, parts.unwrap_or_else(|| media.clone()));
    }
    Multipart::new(&headers, chunks.fuse().boxed_local())
}

/// What comes of an upload while it has its place among those that are read.
fn in_place(request: &HttpRequest, credence: Credence, chunks: impl Chunks) -> impl Chunks {
    let uploads = App::of(request).ok().map(|app| app.uploads);
    let (mut asker, mut place) = (Some(asker(request, credence)), None);
    chunks.map(move |chunk| {
        let chunk = chunk?;
        // Where the first bytes are asked for it is known already that who sends them may.
        if let (Some(uploads), Some(asker)) = (&uploads, asker.take()) {
            let begun = uploads.begin(credence, asker);
            place = Some(begun.map_err(|_| PayloadError::Io(ErrorKind::ResourceBusy.into()))?);
        }
        // It goes with the last of what comes.
        let _held = &place;
        Ok(chunk)
    })
}

/// Whose upload it is among others': that of a sign-in, by what shows it, or of a stranger's network.
fn asker(request: &HttpRequest, credence: Credence) -> String {
    let shown = [AUTHORIZATION, COOKIE].into_iter().find_map(|name| request.headers().get(name)?.to_str().ok());
    match shown {
        Some(shown) if credence != Credence::Stranger => shown.to_owned(),
        _ => App::client_of(request).network().to_string(),
    }
}

/// What comes of a stream within `patience`, and as much longer as what came is worth at the least rate. Only what is waited for
/// the sender counts, not how long the service takes with what came.
fn within<S>(body: S, patience: Duration) -> impl Stream<Item = Result<Bytes, PayloadError>>
where
    S: Stream<Item = Result<Bytes, PayloadError>> + Unpin,
{
    stream::unfold(Some((body, 0_u64, Duration::ZERO)), move |body| async move {
        let (mut body, received, waited) = body?;
        let earned = Duration::from_millis(received.saturating_mul(1000) / LEAST_BYTES_A_SECOND);
        let asked = Instant::now();
        match timeout_at(asked + (patience + earned).saturating_sub(waited), body.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(chunk))) => {
                let received = received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
                Some((Ok(chunk), Some((body, received, waited + asked.elapsed()))))
            }
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Err(_) => Some((Err(PayloadError::Io(ErrorKind::TimedOut.into())), None)),
        }
    })
}

/// Whether an upload found no place.
pub fn found_no_place(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == ErrorKind::ResourceBusy)
}

/// Whether a body was broken off because it came too slowly.
pub fn was_too_slow(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == ErrorKind::TimedOut)
}

/// 408 for what comes too slowly.
pub fn too_slow() -> Error {
    Error::refused(
        Kind::TooSlow,
        "too_slow",
        say(
            "Nội dung gửi lên đến quá chậm nên đã ngắt; chưa có gì được ghi lại.",
            "The body came too slowly and was broken off; nothing was written.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What becomes of chunks that come one a second: how many got through, and whether the rest was too slow.
    async fn became(chunks: usize, length: usize) -> (usize, bool) {
        let body = stream::unfold(0, move |sent| async move {
            tokio::time::sleep(SECOND).await;
            (sent < chunks).then(|| (Ok(Bytes::from(vec![0; length])), sent + 1))
        });
        let came: Vec<_> = within(body.boxed_local(), 3 * SECOND + SECOND / 4).collect().await;
        let slow = came.iter().filter(|chunk| chunk.as_ref().is_err_and(was_too_slow)).count();
        (came.len() - slow, slow == 1)
    }

    #[actix_web::test]
    async fn how_long_the_service_takes_is_not_held_against_the_sender() {
        tokio::time::pause();
        let body = stream::repeat_with(|| Ok(Bytes::from_static(b"a"))).take(10);
        let mut came = std::pin::pin!(within(body.boxed_local(), SECOND));
        while let Some(chunk) = came.next().await {
            chunk.unwrap();
            tokio::time::sleep(10 * SECOND).await;
        }
    }

    #[actix_web::test]
    async fn bytes_now_and_then_are_broken_off_and_the_least_rate_is_enough() {
        tokio::time::pause();
        let rate = usize::try_from(LEAST_BYTES_A_SECOND).unwrap();
        assert_eq!(became(2, 1).await, (2, false), "in time");
        assert_eq!(became(100, 1).await, (3, true), "a byte now and then");
        assert_eq!(became(100, rate).await, (100, false), "at the least rate");
        // Each chunk takes a second and earns half a one: the sixth would end at 6 s and may end at 3.25 s + 5 / 2 s.
        assert_eq!(became(100, rate / 2).await, (5, true), "at half the least rate");
    }
}
