//! `/ideas/{id}/papers`: the signed form (phiếu đăng ký có chữ ký) of an idea that was entered on a producer's behalf.

use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Upload, Work};
use crate::base::id::{AccountId, IdeaId, PaperId};
use crate::base::{Error, Moment, Result};
use crate::files::{self, Audience, FileKind, Folder, StoredFile};
use crate::http::{Answer, ListParameters, Page, PathParam, Problem, Refusals};
use crate::idea::store::{self, Paper};
use crate::idea::{Idea, rules};
use crate::product::document::FileAnswer;
use crate::station::{By, NoFields, Taken, Uploaded, Verb, find, label};

/// A signed form, without its bytes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdeaPaperView)]
pub struct PaperView {
    id: PaperId,
    idea_id: IdeaId,
    file: FileAnswer,
    uploaded_by: AccountId,
    created_at: Moment,
}

impl From<(Paper, StoredFile)> for PaperView {
    fn from((paper, file): (Paper, StoredFile)) -> Self {
        let Paper { id, idea_id, uploaded_by, created_at, .. } = paper;
        Self { id, idea_id, file: file.into(), uploaded_by, created_at }
    }
}

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct PaperUpload {
    /// PDF, JPEG or PNG, at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// Adds the signed form of an idea that is still to be handed in.
pub static ADD_PAPER: Verb<Idea, Uploaded<NoFields>, PaperView> = Verb::new(
    "add-paper",
    label("Thêm bản đăng ký có chữ ký", "Add the signed form"),
    By::Roles(&[Role::CommuneOfficer, Role::Producer]),
    add_paper,
)
.open(|_, idea| rules::must_be_open_to_change(idea.row.state))
.at_any_version();

fn add_paper(work: &mut Work, idea: &Idea, form: Uploaded<NoFields>) -> Result<Taken<PaperView>> {
    let Uploaded { fields: NoFields {}, file: arrived } = form;
    files::store::insert(work.connection, &arrived.file, work.now)?;
    arrived.unnamed.named();
    let paper = Paper {
        id: PaperId::new(),
        idea_id: idea.row.id,
        file_id: arrived.file.id,
        uploaded_by: work.actor.id,
        created_at: work.now,
    };
    store::insert_paper(work.connection, &paper)?;
    Ok(Taken::beside().giving(PaperView::from((paper, arrived.file))))
}

/// Adds the signed form (commune officer; the producer).
#[utoipa::path(
    tag = "ideas",
    request_body(content = PaperUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = PaperView), Refusals)
)]
#[post("/ideas/{id}/papers")]
pub async fn add(upload: Upload, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    let answer = |_: &mut Work, paper: PaperView| Answer::made(format!("/api/v1/papers/{}/content", paper.id), paper);
    upload.take_for(&ADD_PAPER, id, FileKind::PAPERS, |_| Ok(()), answer).await
}

/// The signed forms of an idea, the newest first.
#[utoipa::path(tag = "ideas", params(ListParameters), responses((status = 200, body = Page<PaperView>), Refusals))]
#[get("/ideas/{id}/papers")]
pub async fn list(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let idea = find::<Idea>(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let papers = store::papers(work.connection, idea.row.id, paging.after, paging.one_more())?;
            let (papers, next) = paging.cut(papers, |paper| paper.id)?;
            let mut answers = Vec::new();
            for paper in papers {
                let file = files::store::find(work.connection, paper.file_id)?.ok_or_else(Error::unknown)?;
                answers.push(PaperView::from((paper, file)));
            }
            Ok(Answer::page(answers, next)?)
        })
        .await
}

/// The signed form itself, byte for byte.
#[utoipa::path(
    tag = "ideas",
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")
    )), Refusals)
)]
#[get("/papers/{id}/content")]
pub async fn content(caller: Caller, id: PathParam<PaperId>) -> Result<HttpResponse, Problem> {
    sent(caller, id).await
}

/// The file of a signed form, to who may read it.
pub async fn sent(caller: Caller, id: PathParam<PaperId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(|work| {
            let paper = store::paper(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            find::<Idea>(work, &paper.idea_id)?;
            files::store::find(work.connection, paper.file_id)?.ok_or_else(Error::unknown)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, Audience::Private).await?)
}
