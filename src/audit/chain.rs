//! How the steps of a resource hang together: each has a digest over itself and over the one before it, so that none is
//! altered, taken out or put in between without every later digest being another.

use crate::base::id::{AccountId, AnyId};
use crate::base::{Digest, Moment, Result, Salt};

/// What of a step enters the chain. Its note does so only as a salted digest, so that a personal text can be erased later
/// together with its salt.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub resource: &'a str,
    pub id: AnyId,
    pub version: i32,
    pub at: Moment,
    pub account: Option<AccountId>,
    pub verb: &'a str,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub note: Option<Digest>,
    pub content: Option<Digest>,
    /// What the resource's rows held after the step; none of a step from before rows were vouched for.
    pub rows: Option<Digest>,
}

impl Link<'_> {
    /// The step's digest behind the one of the step before; the first of a resource stands behind [`Digest::ZERO`].
    pub fn digest(&self, previous: Digest) -> Result<Digest> {
        let Self { resource, id, version, at, account, verb, from, to, note, content, rows } = self;
        let step = (previous, resource, id, version, at.microseconds(), account, verb, from, to, note, content);
        match rows {
            None => Digest::of("ocop-history", &step),
            Some(rows) => Digest::of("ocop-history-of-rows", &(step, rows)),
        }
    }
}

/// A note's digest, which says nothing of the note once the salt is gone.
pub fn of_note(salt: Salt, note: &str) -> Result<Digest> {
    Digest::salted(salt, &note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Id;

    #[test]
    fn every_part_of_a_step_and_what_was_before_enter_its_digest() {
        let at = Moment::from_microseconds(1_600_000_000_000_000).unwrap();
        let base = Link {
            resource: "idea",
            id: Id::new(),
            version: 2,
            at,
            account: Some(Id::new()),
            verb: "submit",
            from: Some("draft"),
            to: Some("submitted"),
            note: None,
            content: None,
            rows: None,
        };
        let other = Digest::of("x", &1).unwrap();
        let changed = [
            Link { resource: "plan", ..base },
            Link { id: Id::new(), ..base },
            Link { version: 3, ..base },
            Link { at: at.plus(chrono::Duration::microseconds(1)), ..base },
            Link { account: None, ..base },
            Link { verb: "return", ..base },
            Link { from: None, ..base },
            Link { from: Some("draftsubmitted"), to: None, ..base },
            Link { to: Some("draft"), ..base },
            Link { note: Some(other), ..base },
            Link { content: Some(other), ..base },
            Link { rows: Some(other), ..base },
        ];
        let mut digests = vec![base.digest(Digest::ZERO).unwrap(), base.digest(other).unwrap()];
        digests.extend(changed.iter().map(|link| link.digest(Digest::ZERO).unwrap()));
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), changed.len() + 2);
        assert_eq!(base.digest(Digest::ZERO).unwrap(), base.digest(Digest::ZERO).unwrap());
    }
}
