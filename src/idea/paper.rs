//! `/ideas/{id}/papers`: the signed form (phiếu đăng ký có chữ ký) of an idea that was entered on a producer's behalf.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Upload, Work};
use crate::base::id::{AccountId, IdeaId, PaperId};
use crate::base::{Error, Moment, Result};
use crate::files::{self, Audience, Content, Folder, StoredFile};
use crate::http::{Answer, At, ListParameters, Page, Problem, Refusals};
use crate::idea::api::visible;
use crate::idea::rules;
use crate::idea::store::{self, Idea, Paper};
use crate::product::document::FileAnswer;

/// A signed form, without its bytes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdeaPaperAnswer)]
pub struct PaperAnswer {
    id: PaperId,
    idea_id: IdeaId,
    file: FileAnswer,
    uploaded_by: AccountId,
    created_at: Moment,
}

impl From<(Paper, StoredFile)> for PaperAnswer {
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

/// No other field belongs to the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

fn writable(work: &mut Work, id: IdeaId) -> Result<Idea> {
    let idea = visible(work, id)?;
    work.must_be(&[Role::CommuneOfficer, Role::Producer])?;
    Ok(idea)
}

/// Adds the signed form (commune officer; the producer).
#[utoipa::path(
    tag = "ideas",
    request_body(content = PaperUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = PaperAnswer), Refusals)
)]
#[post("/ideas/{id}/papers")]
pub async fn add(upload: Upload, id: At<IdeaId>) -> Result<Answer, Problem> {
    let asked = id.clone();
    let stands = |_: &mut Work, idea: &Idea| rules::must_be_open_to_change(idea.state);
    let check = |_: &NoFields| Ok(());
    let (caller, arrived) =
        upload.receive(Content::PAPERS, move |work| writable(work, asked.get()?), stands, check).await?;
    caller
        .write(move |work| {
            let idea = writable(work, id.get()?)?;
            work.begin()?;
            rules::must_be_open_to_change(idea.state)?;
            let NoFields {} = work.body()?;
            files::store::insert(work.connection, &arrived.file, work.now)?;
            arrived.unnamed.named();
            let paper = Paper {
                id: PaperId::new(),
                idea_id: idea.id,
                file_id: arrived.file.id,
                uploaded_by: work.actor.id,
                created_at: work.now,
            };
            store::insert_paper(work.connection, &paper)?;
            Ok(Answer::made(format!("/api/v1/ideas/{}/papers", idea.id), PaperAnswer::from((paper, arrived.file)))?)
        })
        .await
}

/// The signed forms of an idea, the newest first.
#[utoipa::path(tag = "ideas", params(ListParameters), responses((status = 200, body = Page<PaperAnswer>), Refusals))]
#[get("/ideas/{id}/papers")]
pub async fn list(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let idea = visible(work, id.get()?)?;
            let mut query = work.request.query();
            let paging = query.paging();
            query.finish()?;
            let papers = store::papers(work.connection, idea.id, paging.after, paging.one_more())?;
            let (papers, next) = paging.cut(papers, |paper| paper.id)?;
            let mut answers = Vec::new();
            for paper in papers {
                let file = files::store::find(work.connection, paper.file_id)?.ok_or_else(Error::unknown)?;
                answers.push(PaperAnswer::from((paper, file)));
            }
            Ok(Answer::page(answers, next)?)
        })
        .await
}

/// The signed form itself, byte for byte.
#[utoipa::path(
    tag = "ideas",
    responses((status = 200, description = "The file", content_type = "application/octet-stream"), Refusals)
)]
#[get("/papers/{id}/content")]
pub async fn content(caller: Caller, id: At<PaperId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(|work| {
            let paper = store::paper(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            visible(work, paper.idea_id)?;
            files::store::find(work.connection, paper.file_id)?.ok_or_else(Error::unknown)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.house.data_dir), file, &caller.request, Audience::Private).await?)
}
