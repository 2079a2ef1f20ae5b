//! Headers that answers of many operations have: each described once and referred to.

use utoipa::openapi::header::Header;
use utoipa::openapi::response::Response;
use utoipa::openapi::schema::Ref;
use utoipa::openapi::{OpenApi, RefOr};

use crate::http::openapi::header;

/// A header, by the name under which answers refer to it.
pub struct Shared {
    name: &'static str,
    header: &'static str,
    meaning: &'static str,
}

pub const REQUEST_ID: Shared = Shared {
    name: "RequestId",
    header: "X-Request-Id",
    meaning: "The request's own id where it brought a well-formed one, else a new one; the log has it too.",
};

pub const REPLAYED: Shared = Shared {
    name: "Replayed",
    header: "Idempotent-Replayed",
    meaning: "`true` where this is the first answer again, to a request that repeats its `Idempotency-Key`.",
};

/// Says that an answer has such a header.
pub fn tell(answer: &mut Response, shared: &Shared) {
    let named: RefOr<Header> = RefOr::Ref(Ref::new(format!("#/components/headers/{}", shared.name)));
    answer.headers.insert(shared.header.to_owned(), named);
}

/// Describes them all.
pub fn describe(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Default::default);
    for shared in [REQUEST_ID, REPLAYED] {
        components.headers.insert(shared.name.to_owned(), header(shared.meaning).into());
    }
}
