//! A request's body: JSON, or the fields of a page's form.

use std::io::Read;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use actix_web::web::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Kind, Result, say, text};
use crate::db::busy;
use crate::http::admission::Packing;
use crate::http::faults::{find_nul, too_large};
use crate::http::held::{Credence, Held, SHORT};
use crate::http::pace::{too_slow, was_too_slow};
use crate::http::request::{json, shape};
use crate::http::turns::{Heavy, Turns};
use crate::http::{App, Request};

/// Long bodies are taken apart one after the other, away from the threads that answer.
pub const READING: Heavy =
    Heavy { name: "reading", at_once: 1, waiting: 256, longest_wait: Duration::from_secs(5), busy };

/// Whether what comes is short, as its head says; what is packed can be anything.
pub fn is_surely_short(headers: &HeaderMap) -> bool {
    let is_none = !headers.contains_key(TRANSFER_ENCODING);
    !headers.contains_key(CONTENT_ENCODING) && declared(headers).map_or(is_none, |length| length <= SHORT)
}

/// How long a body is by its head; what is no length the server refused.
fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body that is to come.
pub(super) struct Coming {
    pub credence: Credence,
    packing: Packing,
    declared: Option<usize>,
}

impl Coming {
    pub fn of(headers: &HeaderMap, credence: Credence) -> Self {
        // Another packing did not come as far as here.
        let packing = Packing::of(headers).unwrap_or(Packing::Plain);
        Self { credence, packing, declared: declared(headers) }
    }

    /// Reads the bytes, and unpacks them: 413 where they are too many, before any is read where the head says so, 408 where they
    /// come too slowly, 400 where they break off, 503 where there is no room for them.
    pub async fn read(
        self,
        mut body: impl Stream<Item = std::result::Result<Bytes, PayloadError>> + Unpin,
        app: &App,
    ) -> Result<(Bytes, Held)> {
        let (longest, mut held, mut bytes) = (self.credence.longest(), Held::default(), BytesMut::new());
        if self.declared.is_some_and(|length| length > longest) {
            return Err(too_large());
        }
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| if was_too_slow(&error) { too_slow() } else { broken_off() })?;
            let length = bytes.len() + chunk.len();
            if length > longest {
                return Err(too_large());
            }
            app.bodies.extend(self.credence, &mut held, length)?;
            bytes.extend_from_slice(&chunk);
        }
        if self.packing == Packing::Plain {
            return Ok((bytes.freeze(), held));
        }
        let (_turn, unpacked) =
            app.reading_turns(self.credence).take().await?.work(move || unpacked(&bytes, longest)).await?;
        let unpacked = unpacked?;
        app.bodies.extend(self.credence, &mut held, unpacked.len())?;
        Ok((unpacked, held))
    }
}

/// No more is unpacked than a body may have: a few bytes can stand for gigabytes.
fn unpacked(packed: &[u8], longest: usize) -> Result<Bytes> {
    let most = u64::try_from(longest).map_err(Error::internal)?;
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed).take(most + 1).read_to_end(&mut bytes).map_err(|_| broken_off())?;
    if bytes.len() > longest { Err(too_large()) } else { Ok(bytes.into()) }
}

/// Where a reader of JSON could not go on; lines and columns are counted from one.
fn malformed(line: usize, column: usize) -> Error {
    Error::refused(
        Kind::Malformed,
        "malformed_json",
        say(
            format!("Nội dung JSON không đọc được ở dòng {line}, cột {column}."),
            format!("The JSON body cannot be read at line {line}, column {column}."),
        ),
    )
}

/// A body that ends too early, or is not encoded as it says.
fn broken_off() -> Error {
    Error::refused(
        Kind::Malformed,
        "malformed",
        say("Nội dung gửi lên bị đứt hoặc sai mã hóa.", "The body breaks off, or is not encoded as it says."),
    )
}

impl Request {
    /// Takes the body apart by `read`, which nobody waits for who asks something else meanwhile: what is long is read in its turn,
    /// away from the threads that answer. 503 where too many wait.
    pub async fn in_turn<T: Send + 'static>(
        &self,
        turns: &Turns,
        read: impl FnOnce(&mut Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut sent = self.clone();
        if self.body.as_ref().map_or(0, Bytes::len) <= SHORT {
            return read(&mut sent);
        }
        let (_turn, read) = turns.take().await?.work(move || read(&mut sent)).await?;
        read
    }

    /// Reads the body as JSON without asking what it means: 413, 415 and 400 come from here. Texts become NFC; a NUL
    /// in any of them is refused with its place.
    pub fn parse_body(&mut self) -> Result<()> {
        let bytes = self.body.clone()?;
        if bytes.is_empty() {
            self.parsed = Some(Value::Object(serde_json::Map::new()));
            return Ok(());
        }
        if !self.is_json {
            return Err(Error::refused(
                Kind::UnsupportedMedia,
                "not_json",
                say("Cần gửi Content-Type: application/json.", "Content-Type: application/json is needed."),
            ));
        }
        let json::Read { value, repeated } =
            json::read(&bytes).map_err(|error| malformed(error.line(), error.column()))?;
        let twice = |place| {
            let detail = say("Mục này được ghi hai lần; chỉ giữ một.", "This is given twice; leave one of them out.");
            Fault::new(place, "repeated", detail)
        };
        self.repeated = repeated.into_iter().map(twice).collect();
        self.parsed = Some(value);
        Ok(())
    }

    /// The body as a `T`: 422 with every place that does not fit.
    pub fn body<T: DeserializeOwned + ToSchema>(&mut self) -> Result<T> {
        let value = self.object()?;
        match serde_path_to_error::deserialize(value.clone()) {
            Ok(read) => Ok(read),
            Err(error) => {
                let mut faults = shape::faults::<T>(&value)?;
                if faults.is_empty() {
                    faults.push(Fault::new(pointer(error.path()), "wrong_type", shape::unfit()));
                }
                Err(Error::faults(faults))
            }
        }
    }

    /// The body as a `T` of which a part is sent; an empty text stands for null. 422 for null where something must stand.
    pub fn patch<T: DeserializeOwned + ToSchema>(&mut self) -> Result<T> {
        let mut value = self.object()?;
        let faults = shape::clear::<T>(&mut value)?;
        self.parsed = Some(value);
        // What cannot be read is told with every fault of its shape, these among them.
        let read = self.body()?;
        faults.into_result()?;
        Ok(read)
    }

    /// The body as a JSON object, whatever stands in it.
    pub fn object(&mut self) -> Result<Value> {
        if self.parsed.is_none() {
            self.parse_body()?;
        }
        let value = self.parsed.clone().unwrap_or(Value::Null);
        let mut faults = self.repeated.clone();
        find_nul(&value, "", &mut faults);
        faults.into_result()?;
        if !value.is_object() {
            // A list could be read as a form whose members come in their order.
            let detail = say("Cần một đối tượng JSON.", "A JSON object is expected.");
            return Err(Error::invalid("", "wrong_type", detail));
        }
        Ok(value)
    }

    /// As [`Request::body`], also from a page's form.
    pub fn body_or_form<T: DeserializeOwned + ToSchema>(&mut self) -> Result<T> {
        if self.is_form && self.parsed.is_none() {
            let fields = self.form_fields()?.into_iter().map(|(name, value)| (name, Value::String(value)));
            self.parsed = Some(Value::Object(fields.collect()));
        }
        self.body()
    }

    /// The fields of a page's form, in their order; none where the body is something else.
    pub fn form_fields(&self) -> Result<Vec<(String, String)>> {
        if !self.is_form {
            return Ok(Vec::new());
        }
        let fields: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&self.body.clone()?).map_err(|_| broken_off())?;
        Ok(fields.into_iter().map(|(name, value)| (name, text::compose(&value))).collect())
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{key}")),
            Segment::Enum { variant } => pointer.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    pointer
}
