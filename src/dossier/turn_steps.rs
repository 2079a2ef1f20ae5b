//! A photographed paper of a dossier is set right: turned, and cut at its sides. The document itself stays as it is, for what
//! was handed in rests on it; what is open takes up a new one in its place.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::DocumentId;
use crate::base::{Error, Result, say};
use crate::criteria::Mark;
use crate::dossier::Dossier;
use crate::dossier::rules::WRITERS;
use crate::dossier::statements::Statements;
use crate::dossier::store;
use crate::dossier::submission::own_marks;
use crate::files::{self, Arrived, FileKind, Folder};
use crate::http::App;
use crate::product::attachment_store::{self, Document};
use crate::product::reshaping::{CutOff, Reshaping};
use crate::product::rules::DocumentForm;
use crate::product::{shape, turn};
use crate::station::{By, Taken, Verb, label, plain_forms};

/// Which photograph is turned or cut, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentTurn {
    /// A document of the product that is a photograph (JPEG or PNG).
    document_id: DocumentId,
    /// Quarter turns to the right.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3)]
    quarter_turns: u8,
    /// What is cut off of the turned picture.
    #[serde(default)]
    cut: CutOff,
}

plain_forms!(DocumentTurn);

/// A photograph that was set right, whose file lies in the folder.
#[derive(Debug)]
pub struct TurnedDocument {
    document_id: DocumentId,
    file: Arrived,
}

/// Puts a turned or cut photograph in the place of the one that it was made of, in what the dossier names.
pub static TURN_DOCUMENT: Verb<Dossier, TurnedDocument> = Verb::new(
    "turn-document",
    label("Xoay, cắt ảnh giấy tờ", "Turn or cut a photographed document"),
    By::Roles(WRITERS),
    turn_document,
)
.right(|asker, dossier| dossier.must_be_in_territory(asker))
.open(|_, dossier| {
    dossier.cycle.state.must_be_open()?;
    dossier.row.state.must_be_open_to_change()
});

fn unknown() -> Error {
    let text =
        say("Không phải ảnh trong giấy tờ của sản phẩm này.", "This is no photograph among the product's documents.");
    Error::invalid("/document_id", "unknown_document", text)
}

/// Makes the new file. Whose the document is is asked where the step is taken.
pub async fn prepare(app: &App, form: DocumentTurn) -> Result<TurnedDocument> {
    let DocumentTurn { document_id, quarter_turns, cut } = form;
    let how = Reshaping { quarter_turns, cut };
    how.check()?;
    let found = app.database.read(move |connection| attachment_store::find_document(connection, document_id)).await?;
    let (_, file) = found.filter(|(_, file)| file.media_type.starts_with("image/")).ok_or_else(unknown)?;
    let folder = Folder::of(&app.data_dir);
    let made = turn::take(move |turn| {
        let picture = shape::reshaped(turn, folder.open(file.id)?, how)?;
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        Arrived::kept(&folder, &picture.jpeg()?, FileKind::Jpeg, format!("{stem}.jpg"))
    });
    Ok(TurnedDocument { document_id, file: made.await?? })
}

fn turn_document(work: &mut Work, dossier: &Dossier, turned: TurnedDocument) -> Result<Taken> {
    let TurnedDocument { document_id: old, file: Arrived { file, unnamed } } = turned;
    let row = &dossier.row;
    if store::documents_of(work.connection, row.product_id, &[old])?.is_empty() {
        return Err(unknown());
    }
    let (document, _) = attachment_store::find_document(work.connection, old)?.ok_or_else(unknown)?;
    let Document { kind, number, issued_by, issued_on, valid_until, .. } = document;
    let fields = DocumentForm { kind, number, issued_by, issued_on, valid_until };
    files::store::insert(work.connection, &file, work.now)?;
    unnamed.named();
    let (uploader, now) = (work.actor.id, work.now);
    let new = attachment_store::insert_document(work.connection, row.product_id, fields, &file, uploader, now)?;
    let named = store::document_ids(work.connection, row.id)?;
    if named.contains(&old) {
        let named: Vec<DocumentId> = named.into_iter().map(|id| if id == old { new } else { id }).collect();
        store::set_documents(work.connection, row.id, &named)?;
    }
    let mut content = row.fields();
    if let Some(marks) = own_marks(dossier)? {
        let marks: Vec<Mark> = marks.into_iter().map(|mark| replaced(mark, old, new)).collect();
        content.self_marks = Some(serde_json::to_value(marks).map_err(Error::internal)?);
    }
    for statements in [&mut content.changes, &mut content.updates].into_iter().flatten() {
        replace_in(&mut statements.0, old, new);
    }
    store::rewrite(work.connection, row.id, content)?;
    Ok(Taken::stayed())
}

fn replaced(mark: Mark, old: DocumentId, new: DocumentId) -> Mark {
    let documents: Vec<DocumentId> = mark.documents().map(|id| if id == old { new } else { id }).collect();
    mark.resting_on(documents)
}

fn replace_in(statements: &mut Statements, old: DocumentId, new: DocumentId) {
    let evidence = statements.values_mut().flat_map(|statement| statement.evidence.iter_mut());
    evidence.filter(|id| **id == old).for_each(|id| *id = new);
}
