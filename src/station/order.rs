//! An order: which version was seen, under which key, with which body.

use crate::account::Work;
use crate::base::Result;
use crate::files::Arrived;
use crate::http::request::{Versions, stale};
use crate::http::{EarlyExit, Request};
use crate::station::Form;

/// What somebody sends to have a step taken.
pub enum Order<B> {
    /// As it came over HTTP, not read yet; what is wrong with it is said in the order of the design.
    Sent(Box<Request>, Option<Arrived>, fn(&mut Request, Option<Arrived>) -> Result<B>),
    /// As it came over HTTP, its body made ready before the transaction: a password hashed, a picture decoded.
    Prepared(Box<Request>, B),
    /// At hand already, by somebody who saw this version: a dispatch, the demo.
    Given(B, Versions),
}

impl<B: Form> Order<B> {
    pub fn sent(request: Request) -> Self {
        Self::Sent(Box::new(request), None, B::read)
    }

    pub fn with_file(request: Request, file: Arrived) -> Self {
        Self::Sent(Box::new(request), Some(file), B::read)
    }
}

impl<B> Order<B> {
    pub fn prepared(request: Request, body: B) -> Self {
        Self::Prepared(Box::new(request), body)
    }

    /// Whatever the version is.
    pub fn given(body: B) -> Self {
        Self::Given(body, Versions::Any)
    }

    /// By somebody who saw this version.
    pub fn at(version: i32, body: B) -> Self {
        Self::Given(body, Versions::OneOf(vec![version]))
    }

    /// 415, 400 and 413; the first answer where the order was carried out before and is replayed.
    pub(super) fn begin(&mut self, work: &mut Work, is_replayed: bool) -> Result<(), EarlyExit> {
        match self {
            Self::Sent(request, ..) | Self::Prepared(request, _) => {
                request.parse_body()?;
                if is_replayed { work.claim(request) } else { Ok(()) }
            }
            Self::Given(..) => Ok(()),
        }
    }

    /// 428 where no version was named, 412 where it is not the present one.
    pub(super) fn must_have_seen(&self, present: i32) -> Result<()> {
        match self {
            Self::Sent(request, ..) | Self::Prepared(request, _) => request.expect(present),
            Self::Given(_, seen) if seen.hold(present) => Ok(()),
            Self::Given(..) => Err(stale(present)),
        }
    }

    /// 422 where the body is not what the step reads.
    pub(super) fn body(self) -> Result<B> {
        match self {
            Self::Sent(mut request, file, read) => read(&mut request, file),
            Self::Prepared(_, body) | Self::Given(body, _) => Ok(body),
        }
    }

    /// The form of an order that is for many things at once: 415, 400 and 413, the replay of its key, 422.
    pub fn form(mut self, work: &mut Work) -> Result<B, EarlyExit> {
        self.begin(work, true)?;
        Ok(self.body()?)
    }
}
