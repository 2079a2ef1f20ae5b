//! Whether a signed file is a file of ours with nothing but signatures added. It begins, byte for byte, with the file that
//! was handed out, and each update behind it (ISO 32000-2, 7.5.6) may only add what a signature needs: no page shows
//! anything else than before, but for the mark of the signature. An update in any other form is not followed: such a file
//! is to be compared by eye.

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::signature::syntax::{Object, Reference, Section, Value, sections};

/// A mark of a signature covers a quarter of a page at most, in square points.
const LARGEST_MARK: f64 = 595.0 * 842.0 / 4.0;
/// What of the catalogue belongs to signatures.
const OF_SIGNATURES: &[&[u8]] = &[b"AcroForm", b"DSS", b"Extensions", b"Perms", b"Version", b"Metadata"];
/// What could show something else, or do something.
const NEVER: &[&[u8]] =
    &[b"XFA", b"JS", b"JavaScript", b"AA", b"OpenAction", b"OC", b"OCProperties", b"XRefStm", b"Encrypt"];

/// Whether `file`, which begins with the `length` bytes of a file of ours, only adds signatures to it.
pub fn only_signs(file: &[u8], length: usize) -> bool {
    judged(file, length).is_some()
}

fn judged(file: &[u8], length: usize) -> Option<()> {
    let (ours, _) = file.split_at_checked(length)?;
    let [ours] = sections(ours, 0)?.try_into().ok()?;
    let updates = sections(file, length)?;
    if updates.is_empty() {
        return None;
    }
    let mut known = Known::of(&ours)?;
    for update in &updates {
        known.take(update)?;
    }
    known.shows_the_same()
}

/// The objects as they stand after some updates.
struct Known<'a> {
    root: Reference,
    information: Option<Reference>,
    metadata: Option<Reference>,
    ours: BTreeMap<u32, &'a Object<'a>>,
    now: BTreeMap<u32, &'a Object<'a>>,
    table: usize,
}

impl<'a> Known<'a> {
    fn of(section: &'a Section<'a>) -> Option<Self> {
        let root = section.trailer.get(b"Root")?.reference()?;
        let ours: BTreeMap<u32, &Object<'_>> = section.objects.iter().map(|object| (object.number, object)).collect();
        let metadata = ours.get(&root.number)?.value.get(b"Metadata").and_then(Value::reference);
        let information = section.trailer.get(b"Info").and_then(Value::reference);
        Some(Self { root, information, metadata, now: ours.clone(), ours, table: section.table })
    }

    /// An update whose table names each of its objects where it stands and nothing else, and which only replaces what may be.
    fn take(&mut self, update: &'a Section<'a>) -> Option<()> {
        let trailer = &update.trailer;
        let follows = trailer.get(b"Prev")?.whole()? == self.table;
        if !follows || trailer.get(b"Root")?.reference()? != self.root || has_any(trailer, NEVER) {
            return None;
        }
        self.table = update.table;
        let mut named = BTreeMap::new();
        for entry in &update.entries {
            if entry.is_free {
                // Nothing that was there may be taken away.
                if entry.number != 0 && self.now.contains_key(&entry.number) {
                    return None;
                }
                continue;
            }
            if entry.generation != 0 || named.insert(entry.number, entry.offset).is_some() {
                return None;
            }
        }
        let standing: BTreeMap<u32, usize> =
            update.objects.iter().map(|object| (object.number, object.offset)).collect();
        if standing != named || standing.len() != update.objects.len() {
            return None;
        }
        for object in &update.objects {
            if has_any(&object.value, NEVER) {
                return None;
            }
            if self.ours.get(&object.number).is_some_and(|before| !self.may_replace(before, object)) {
                return None;
            }
            self.now.insert(object.number, object);
        }
        Some(())
    }

    fn may_replace(&self, before: &Object<'_>, after: &Object<'_>) -> bool {
        let is = |reference: Option<Reference>| reference.is_some_and(|reference| reference.number == before.number);
        if is(self.information) || is(self.metadata) {
            return true;
        }
        let without: &[&[u8]] = if is(Some(self.root)) {
            OF_SIGNATURES
        } else if before.value.get(b"Type").and_then(Value::name) == Some(b"Page") {
            &[b"Annots"]
        } else {
            &[]
        };
        before.stream == after.stream && before.value.without(without) == after.value.without(without)
    }

    /// Each page has the marks of signatures only, and the form nothing but signatures.
    fn shows_the_same(&self) -> Option<()> {
        let pages =
            self.ours.values().filter(|object| object.value.get(b"Type").and_then(Value::name) == Some(b"Page"));
        for page in pages {
            // What a page of ours had of notes, if any, is not told apart from what was added.
            if page.value.get(b"Annots").is_some() {
                return None;
            }
            let Some(marks) = self.now.get(&page.number)?.value.get(b"Annots") else { continue };
            for mark in self.seen(marks)?.items()? {
                self.is_a_mark(self.seen(mark)?).then_some(())?;
            }
        }
        let form = self.now.get(&self.root.number)?.value.get(b"AcroForm");
        if let Some(form) = form {
            for field in self.seen(self.seen(form)?.get(b"Fields")?)?.items()? {
                (self.kind(self.seen(field)?) == Some(b"Sig")).then_some(())?;
            }
        }
        Some(())
    }

    /// A value, or what it refers to.
    fn seen<'v>(&'v self, value: &'v Value<'a>) -> Option<&'v Value<'a>> {
        match value.reference() {
            Some(reference) => self.now.get(&reference.number).map(|object| &object.value),
            None => Some(value),
        }
    }

    /// What kind of field it is, by itself or by the field above it.
    fn kind<'v>(&'v self, field: &'v Value<'a>) -> Option<&'v [u8]> {
        let above = || self.seen(field.get(b"Parent")?)?.get(b"FT");
        field.get(b"FT").or_else(above)?.name()
    }

    fn is_a_mark(&self, mark: &Value<'a>) -> bool {
        let is_small = || {
            let [left, bottom, right, top] = mark.get(b"Rect")?.items()? else { return None };
            let extent = |from: &Value<'_>, to: &Value<'_>| Some((to.number()? - from.number()?).abs());
            Some(extent(left, right)? * extent(bottom, top)? <= LARGEST_MARK)
        };
        mark.get(b"Subtype").and_then(Value::name) == Some(b"Widget")
            && self.kind(mark) == Some(b"Sig")
            && is_small() == Some(true)
    }
}

/// Whether one of these names stands anywhere within.
fn has_any(value: &Value<'_>, names: &[&[u8]]) -> bool {
    let names: BTreeSet<&[u8]> = names.iter().copied().collect();
    value.any(&|name| names.contains(name))
}
