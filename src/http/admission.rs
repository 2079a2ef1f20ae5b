//! What a request must be before anybody reads its body: addresses and headers of some length, a body that is packed in a
//! way that is understood. What is refused here is refused in words, as far as the server lets it reach us.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::middleware::Next;

use crate::base::{Error, Kind, Result, say};
use crate::http::Problem;

/// Longer searches than are carried out are refused by themselves; a letter may be nine bytes in an address.
const LONGEST_ADDRESS: usize = 60 * 1024;
const LARGEST_HEAD: usize = 32 * 1024;

/// How a body is packed (`Content-Encoding`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
}

impl Packing {
    /// None for a packing that is not understood.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut named = headers.get_all(CONTENT_ENCODING);
        let Some(packing) = named.next() else { return Some(Self::Plain) };
        if named.next().is_some() {
            return None;
        }
        match packing.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Plain),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            _ => None,
        }
    }
}

/// Middleware: 414 for an address that is too long, 431 for headers that are too large, 415 for a body that cannot be
/// unpacked.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    let Err(error) = check(address, request.headers()) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let is_packed = error.refusal().is_some_and(|refusal| refusal.kind == Kind::UnsupportedMedia);
    let mut answer = request.error_response(Problem(error));
    if is_packed {
        answer.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(answer)
}

fn check(address: usize, headers: &HeaderMap) -> Result<()> {
    if address > LONGEST_ADDRESS {
        let detail = say(
            format!("Địa chỉ dài hơn {LONGEST_ADDRESS} byte."),
            format!("The address is longer than {LONGEST_ADDRESS} bytes."),
        );
        return Err(Error::refused(Kind::AddressTooLong, "address_too_long", detail));
    }
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > LARGEST_HEAD {
        let detail = say(
            format!("Các đầu mục của yêu cầu lớn hơn {LARGEST_HEAD} byte."),
            format!("The headers of the request are larger than {LARGEST_HEAD} bytes."),
        );
        return Err(Error::refused(Kind::HeadTooLarge, "head_too_large", detail));
    }
    let is_upload = headers.get(CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"multipart/"));
    match Packing::of(headers) {
        Some(Packing::Plain) => Ok(()),
        // Pictures and papers are packed already.
        Some(Packing::Gzip) if !is_upload => Ok(()),
        _ => Err(Error::refused(
            Kind::UnsupportedMedia,
            "unsupported_encoding",
            say(
                "Content-Encoding này không nhận: gửi nội dung không nén, hoặc nén gzip (biểu mẫu kèm tệp thì không nén).",
                "This Content-Encoding is not taken: send the body as it is, or packed with gzip (forms with files as they are).",
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use super::*;
    use crate::http::problems::status;

    fn refused(request: TestRequest) -> Option<StatusCode> {
        let request = request.to_http_request();
        let address = request.uri().path_and_query().unwrap().as_str().len();
        check(address, request.headers()).err().map(|error| status(error.refusal().unwrap().kind))
    }

    #[test]
    fn what_is_too_long_or_packed_otherwise_is_refused() {
        let header = |name: &'static str, value: &str| TestRequest::get().insert_header((name, value));
        assert_eq!(refused(TestRequest::get()), None);
        assert_eq!(refused(TestRequest::with_uri(&format!("/{}", "a".repeat(LONGEST_ADDRESS - 1)))), None);
        assert_eq!(
            refused(TestRequest::with_uri(&format!("/{}", "a".repeat(LONGEST_ADDRESS)))),
            Some(StatusCode::URI_TOO_LONG)
        );
        assert_eq!(refused(header("x-a", &"a".repeat(LARGEST_HEAD - 3))), None);
        assert_eq!(
            refused(header("x-a", &"a".repeat(LARGEST_HEAD - 2))),
            Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
        );
        for (packing, is_taken) in
            [("gzip", true), ("X-GZIP", true), ("identity", true), ("br", false), ("gzip, gzip", false)]
        {
            let expected = (!is_taken).then_some(StatusCode::UNSUPPORTED_MEDIA_TYPE);
            assert_eq!(refused(header("content-encoding", packing)), expected, "{packing}");
        }
        let upload =
            header("content-encoding", "gzip").insert_header((CONTENT_TYPE, "multipart/form-data; boundary=a"));
        assert_eq!(refused(upload), Some(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
}
