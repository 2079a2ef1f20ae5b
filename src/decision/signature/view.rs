//! What is shown of a signed original.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, DecisionId, OriginalId};
use crate::base::{Error, Moment, Result};
use crate::decision::signature::rules::{Content, JudgedSignature, Judgement, Verdict};
use crate::decision::signature::store::Original;
use crate::files;
use crate::product::document::FileAnswer;

/// A signed original, without its bytes, as it was judged when it was handed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionOriginal)]
pub struct OriginalView {
    id: OriginalId,
    decision_id: DecisionId,
    pub file: FileAnswer,
    pub verdict: Verdict,
    /// The verdict in words.
    detail: String,
    detail_en: String,
    pub content: Content,
    content_detail: String,
    content_detail_en: String,
    pub signatures: Vec<SignatureView>,
    uploaded_by: AccountId,
    pub uploaded_by_name: Option<String>,
    pub created_at: Moment,
}

/// One signature of an original.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionSignature)]
pub struct SignatureView {
    #[serde(flatten)]
    pub judged: JudgedSignature,
    /// Its verdict in words.
    detail: String,
    detail_en: String,
}

/// Originals with who handed them in.
pub fn views(work: &mut Work, originals: Vec<Original>) -> Result<Vec<OriginalView>> {
    let accounts: Vec<AccountId> = originals.iter().map(|original| original.uploaded_by).collect();
    let accounts = account::store::names(work.connection, &accounts)?;
    let mut views = Vec::with_capacity(originals.len());
    for original in originals {
        let file = files::store::find(work.connection, original.file_id)?.ok_or_else(Error::unknown)?;
        let Judgement { verdict, content, signatures } = original.judgement.0;
        let signature = |judged: JudgedSignature| {
            let told = judged.verdict.told();
            SignatureView { judged, detail: told.vi.into_owned(), detail_en: told.en.into_owned() }
        };
        let (told, told_content) = (verdict.told(), content.told());
        views.push(OriginalView {
            id: original.id,
            decision_id: original.decision_id,
            file: file.into(),
            verdict,
            detail: told.vi.into_owned(),
            detail_en: told.en.into_owned(),
            content,
            content_detail: told_content.vi.into_owned(),
            content_detail_en: told_content.en.into_owned(),
            signatures: signatures.into_iter().map(signature).collect(),
            uploaded_by: original.uploaded_by,
            uploaded_by_name: accounts.get(&original.uploaded_by).cloned(),
            created_at: original.created_at,
        });
    }
    Ok(views)
}
