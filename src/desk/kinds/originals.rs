//! The signed originals of a decision on its page: what each is worth, who signed it, and the file.

use futures_util::future::LocalBoxFuture;

use crate::account::{Caller, Upload, Work};
use crate::base::Result;
use crate::base::id::DecisionId;
use crate::decision::Decision;
use crate::decision::original_steps::{ADD_ORIGINAL, judged};
use crate::decision::signature::rules::{Content, JudgedSignature, Judgement, Revocation, TimeFrom};
use crate::decision::signature::store::{self, Original};
use crate::desk::counter::{Beside, Press, needs_a_file};
use crate::desk::words::{Wording, said};
use crate::files::{self, Arrived, FileKind};
use crate::http::{Answer, App, Language, PathParam, Problem};
use crate::page::words::moment;
use crate::station::{Described, Label, NoFields, label};
use crate::{account, decision};

/// How a signed original was judged, in short.
pub const VERDICTS: &[Wording] = &[
    ("valid", label("Chữ ký hợp lệ", "The signature is valid")),
    ("unreadable", label("Không đọc được", "Cannot be read")),
    ("unsigned", label("Chưa ký số", "Not signed")),
    ("altered", label("Bị sửa sau khi ký", "Changed after signing")),
    ("forged", label("Chữ ký giả", "Forged signature")),
    ("updated_after_signing", label("Được thêm nội dung sau khi ký", "Added to after signing")),
    ("weak_algorithm", label("Thuật toán ký đã lỗi thời", "Outdated algorithm")),
    ("wrong_key_usage", label("Chứng thư không dùng để ký văn bản", "Certificate not for signing")),
    ("untrusted", label("Cơ quan chứng thực không được khai báo", "Unknown authority")),
    ("not_yet_valid", label("Chứng thư chưa có hiệu lực", "Certificate not valid yet")),
    ("expired", label("Chứng thư hết hạn", "Certificate expired")),
    ("revoked", label("Chứng thư bị thu hồi", "Certificate revoked")),
    ("not_judged", label("Chưa thể kết luận", "Cannot be judged")),
    ("signed_more_than_once", label("Có nhiều chữ ký, đều hợp lệ", "Signed more than once, each valid")),
];

pub const CONTENTS: &[Wording] = &[
    ("draft", label("Đúng là bản PDF của dự thảo", "The draft's own PDF")),
    ("other", label("Tệp khác, cần đối chiếu bằng mắt", "Another file, to be compared by eye")),
];

/// So many originals stand on the page of a decision.
const MOST_SHOWN: i64 = 20;

/// The originals: the newest one in words, and all of them as files.
pub fn beside(work: &mut Work, id: DecisionId) -> Result<Vec<Beside>> {
    let originals = store::list(work.connection, id, None, MOST_SHOWN)?;
    let Some(newest) = originals.first() else { return Ok(Vec::new()) };
    let mut judged = Beside::new(label("Bản gốc nộp gần nhất", "The original that was handed in last"));
    judged.table = Some(in_words(work.language, newest));
    let mut files = Beside::new(label("Tệp bản gốc đã ký", "Files of signed originals"));
    let accounts: Vec<_> = originals.iter().map(|original| original.uploaded_by).collect();
    let names = account::store::names(work.connection, &accounts)?;
    for original in &originals {
        let file = files::store::find(work.connection, original.file_id)?;
        let parts = [
            file.map(|file| file.name),
            Some(moment(work.language, original.created_at)),
            names.get(&original.uploaded_by).cloned(),
        ];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        files.links.push((format!("/desk/decision-originals/{}/content", original.id), text));
    }
    Ok(vec![judged, files])
}

/// Heads and rows of a table.
type Table = (Vec<String>, Vec<Vec<String>>);

fn in_words(language: Language, original: &Original) -> Table {
    let say = |title: Label| said(language, title).to_owned();
    let Judgement { verdict, content, signatures } = &original.judgement.0;
    let mut rows = vec![vec![say(label("Kết luận", "Verdict")), language.pick(&verdict.told()).to_owned()]];
    if !signatures.is_empty() {
        rows.push(vec![say(label("Nội dung", "Content")), language.pick(&content.told()).to_owned()]);
    }
    for (place, signature) in signatures.iter().enumerate() {
        if signatures.len() > 1 {
            let title = format!("{} {}", say(label("Chữ ký", "Signature")), place + 1);
            rows.push(vec![title, language.pick(&signature.verdict.told()).to_owned()]);
        }
        rows.extend(signature_rows(language, signature));
    }
    rows.push(vec![
        say(label("Mã nội dung tệp (SHA-256)", "Digest of the file (SHA-256)")),
        original.sha256.to_string(),
    ]);
    (vec![say(label("Mục", "Item")), say(label("Kết quả kiểm tra", "What was found"))], rows)
}

fn signature_rows(language: Language, signature: &JudgedSignature) -> Vec<Vec<String>> {
    let say = |title: Label| said(language, title).to_owned();
    let time = match signature.time_from {
        TimeFrom::Claimed => {
            label("Thời điểm ký (theo máy của người ký, chưa được xác nhận)", "Signed (time as claimed by the signer)")
        }
        TimeFrom::Timestamp => label("Thời điểm ký (có dấu thời gian)", "Signed (time confirmed by a timestamp)"),
    };
    let revocation = match signature.revocation {
        Revocation::NotListed => label("Không có trong danh sách thu hồi", "Not on the revocation list"),
        Revocation::Unknown => label("Chưa tra được danh sách thu hồi", "No revocation list is at hand"),
    };
    let facts = [
        (label("Người ký", "Signer"), signature.signer.clone()),
        (label("Cơ quan, tổ chức", "Organisation"), signature.organisation.clone()),
        (label("Nơi cấp chứng thư", "Certificate issued by"), signature.issuer.clone()),
        (label("Số chứng thư", "Serial number"), signature.serial.clone()),
        (time, signature.signed_at.map(|at| moment(language, at))),
        (label("Thu hồi chứng thư", "Revocation"), signature.serial.as_ref().map(|_| say(revocation))),
    ];
    facts.into_iter().filter_map(|(title, value)| Some(vec![say(title), value?])).collect()
}

/// Whether the form of promulgation asks if the original was compared.
pub fn is_to_be_compared(view: &serde_json::Value) -> bool {
    let of = |name: &str| view.get(name).and_then(serde_json::Value::as_str);
    let judged = of("original_verdict").and_then(|verdict| verdict.parse().ok());
    let content: Option<Content> = of("original_content").and_then(|content| content.parse().ok());
    judged
        .zip(content)
        .is_some_and(|(verdict, content)| decision::signature::rules::is_to_be_compared(verdict, content))
}

/// The signed file is judged before the step is taken.
pub struct AddOriginal;

impl Press<Decision> for AddOriginal {
    fn name(&self) -> &'static str {
        Described::name(&ADD_ORIGINAL)
    }

    fn press(&'static self, _: Caller, _: PathParam<DecisionId>) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        needs_a_file()
    }

    fn receive(
        &'static self,
        upload: Upload,
        key: PathParam<DecisionId>,
    ) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>> {
        let answer = |_: &mut Work, _| Ok(Answer::nothing());
        let check = |_: &NoFields| Ok(());
        let decision = key.clone();
        let prepare = async move |app: &App, arrived: Arrived| judged(app, decision.get()?, arrived).await;
        const KINDS: &[FileKind] = decision::original_api::KINDS;
        Some(Box::pin(upload.take_prepared(&ADD_ORIGINAL, key, KINDS, check, prepare, answer)))
    }
}
