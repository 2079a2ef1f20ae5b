//! What a signed original (bản gốc đã ký số) of a decision is found to be, and what follows from it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Message, Moment, Result, say};

/// How a signature, or a file with all its signatures, was judged. Only [`Verdict::Valid`] says that it is good, and never
/// without an authority that the settings name.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = SignatureVerdict)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Valid,
    /// The file cannot be read, or its signature is in a form that is not read.
    Unreadable,
    Unsigned,
    /// What was signed was changed afterwards.
    Altered,
    /// The signature was not made with the key of the certificate.
    Forged,
    /// Something was added behind the last signature.
    UpdatedAfterSigning,
    /// SHA-1, or an RSA key below 2048 bits.
    WeakAlgorithm,
    /// The certificate is not for signing documents.
    WrongKeyUsage,
    Untrusted,
    NotYetValid,
    Expired,
    Revoked,
    /// No authority is configured, so that nobody can say whose signature it is.
    NotJudged,
    /// Each signature is good, and there is more than one.
    SignedMoreThanOnce,
}

impl Verdict {
    /// The verdict in words.
    pub fn told(self) -> Message {
        match self {
            Self::Valid => say(
                "Chữ ký số hợp lệ: nội dung không bị sửa sau khi ký và chứng thư thuộc cơ quan chứng thực đã khai báo.",
                "The signature is valid: nothing was changed after signing, and a known authority stands for the certificate.",
            ),
            Self::Unreadable => {
                say("Không đọc được tệp PDF hoặc chữ ký trong tệp.", "The PDF, or the signature in it, cannot be read.")
            }
            Self::Unsigned => say("Tệp chưa được ký số.", "The file is not signed."),
            Self::Altered => say("Nội dung đã bị sửa sau khi ký.", "What was signed was changed after it was signed."),
            Self::Forged => say(
                "Chữ ký giả: giá trị chữ ký không khớp với chứng thư.",
                "The signature is forged: its value does not match the certificate.",
            ),
            Self::UpdatedAfterSigning => say(
                "Sau khi ký, tệp đã được thêm nội dung mà chữ ký không bảo vệ.",
                "Something was added to the file after it was signed, which the signature does not cover.",
            ),
            Self::WeakAlgorithm => say(
                "Chữ ký dùng thuật toán đã lỗi thời (SHA-1, hoặc khóa RSA dưới 2048 bit) nên không có giá trị chứng minh.",
                "The signature uses an outdated algorithm (SHA-1, or an RSA key below 2048 bits) and proves nothing.",
            ),
            Self::WrongKeyUsage => {
                say("Chứng thư không được cấp để ký văn bản.", "The certificate was not issued for signing documents.")
            }
            Self::Untrusted => say(
                "Chứng thư không thuộc cơ quan chứng thực nào đã khai báo trên hệ thống.",
                "No authority that this server knows stands for the certificate.",
            ),
            Self::NotYetValid => say(
                "Chứng thư chưa có hiệu lực vào lúc ký.",
                "The certificate was not valid yet when the paper was signed.",
            ),
            Self::Expired => {
                say("Chứng thư đã hết hạn vào lúc ký.", "The certificate had expired when the paper was signed.")
            }
            Self::Revoked => say("Chứng thư đã bị thu hồi.", "The certificate was revoked."),
            Self::NotJudged => say(
                "Chưa thể kết luận: máy chủ này chưa khai báo cơ quan chứng thực nào. Nội dung không bị sửa sau khi ký, nhưng \
                 không xác nhận được ai đã ký.",
                "Cannot be judged: no authority is configured on this server. Nothing was changed after signing, but who \
                 signed cannot be confirmed.",
            ),
            Self::SignedMoreThanOnce => say(
                "Tệp có nhiều chữ ký số, từng chữ ký đều hợp lệ.",
                "The file was signed more than once, and each signature is valid.",
            ),
        }
    }

    /// Whether it speaks against the file.
    pub fn is_against(self) -> bool {
        !matches!(self, Self::Valid | Self::NotJudged | Self::SignedMoreThanOnce)
    }
}

/// Whether what was signed is the file that the service made of the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = SignedContent)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Content {
    /// It is that file, byte for byte, and only signatures were added.
    Draft,
    /// It is another file; people compare.
    Other,
}

impl Content {
    pub fn told(self) -> Message {
        match self {
            Self::Draft => say(
                "Nội dung đúng là bản PDF của dự thảo do hệ thống lập.",
                "The content is the PDF that the system made of the draft.",
            ),
            Self::Other => say(
                "Nội dung không phải tệp PDF do hệ thống lập từ dự thảo; cần đối chiếu bằng mắt.",
                "The content is not the PDF that the system made of the draft; compare the two by eye.",
            ),
        }
    }
}

/// Where the moment of a signature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureTimeFrom)]
#[serde(rename_all = "snake_case")]
pub enum TimeFrom {
    /// The signer's own clock.
    Claimed,
    /// A timestamp (RFC 3161) of an authority that the settings name.
    Timestamp,
}

/// What is known of the certificate being revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CertificateRevocation)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// A list of its issuer is at hand, and it is not on it.
    NotListed,
    /// No list of its issuer is at hand.
    Unknown,
}

/// One signature of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JudgedSignature {
    pub verdict: Verdict,
    /// Whom the certificate names.
    pub signer: Option<String>,
    pub organisation: Option<String>,
    /// Who issued the certificate.
    pub issuer: Option<String>,
    /// The certificate's number, in hexadecimal digits.
    pub serial: Option<String>,
    pub signed_at: Option<Moment>,
    pub time_from: TimeFrom,
    pub revocation: Revocation,
}

/// What was found of a file when it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureJudgement)]
pub struct Judgement {
    pub verdict: Verdict,
    pub content: Content,
    /// In the order in which they were put there.
    pub signatures: Vec<JudgedSignature>,
}

impl Judgement {
    /// The verdict over a file by those over its signatures: the first that speaks against it, of the last signature first.
    pub fn over(signatures: Vec<JudgedSignature>, content: Content) -> Self {
        let against = signatures.iter().rev().map(|signature| signature.verdict).find(|verdict| verdict.is_against());
        let verdict = match (against, signatures.as_slice()) {
            (Some(verdict), _) => verdict,
            (None, []) => Verdict::Unsigned,
            (None, all) if all.iter().any(|signature| signature.verdict == Verdict::NotJudged) => Verdict::NotJudged,
            (None, [_]) => Verdict::Valid,
            (None, _) => Verdict::SignedMoreThanOnce,
        };
        Self { verdict, content, signatures }
    }

    /// A file without a signature that can be read.
    pub fn without_signature(verdict: Verdict) -> Self {
        Self { verdict, content: Content::Other, signatures: Vec::new() }
    }
}

/// 409 where the newest original speaks against promulgation. A decision takes effect by what was signed: an original that
/// was changed, forged or not signed by whom an authority knows is none, and whoever handed it in hands the right one in, or
/// the draft is taken back. Without a configured authority nothing is known either way, which the page says.
pub fn must_not_be_against(verdict: Option<Verdict>) -> Result<()> {
    let Some(verdict) = verdict.filter(|verdict| verdict.is_against()) else { return Ok(()) };
    let Message { vi, en } = verdict.told();
    let detail = say(
        format!("Bản gốc nộp gần nhất không dùng được nên chưa thể ban hành. {vi} Hãy nộp lại bản gốc đúng."),
        format!(
            "The original that was handed in last cannot be used, so this cannot be promulgated. {en} Hand in the right one."
        ),
    );
    Err(Error::conflict("original_not_valid", detail))
}

/// Whether people must compare the original with the draft before it is promulgated: it is not the draft's own file, or
/// something was signed in between.
pub fn is_to_be_compared(verdict: Verdict, content: Content) -> bool {
    content == Content::Other || verdict == Verdict::SignedMoreThanOnce
}

/// 409 where the original is to be compared and nobody says that it was.
pub fn must_be_compared(verdict: Option<Verdict>, content: Option<Content>, was_compared: bool) -> Result<()> {
    let is_open = verdict.zip(content).is_some_and(|(verdict, content)| is_to_be_compared(verdict, content));
    if !is_open || was_compared {
        return Ok(());
    }
    Err(Error::conflict(
        "original_to_be_compared",
        say(
            "Hãy mở bản gốc, đối chiếu với dự thảo rồi đánh dấu là đã đối chiếu.",
            "Open the original, compare it with the draft, and say that it was compared.",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    fn signature(verdict: Verdict) -> JudgedSignature {
        JudgedSignature {
            verdict,
            signer: None,
            organisation: None,
            issuer: None,
            serial: None,
            signed_at: None,
            time_from: TimeFrom::Claimed,
            revocation: Revocation::Unknown,
        }
    }

    #[test]
    fn a_file_is_as_good_as_its_worst_signature() {
        use Verdict::{Altered, NotJudged, Revoked, SignedMoreThanOnce, Unsigned, Valid};
        for (signatures, verdict) in [
            (vec![], Unsigned),
            (vec![Valid], Valid),
            (vec![Valid, Valid], SignedMoreThanOnce),
            (vec![Valid, NotJudged], NotJudged),
            (vec![Revoked, Valid], Revoked),
            (vec![Altered, Revoked], Revoked),
            (vec![NotJudged, Altered], Altered),
        ] {
            let judged = Judgement::over(signatures.iter().copied().map(signature).collect(), Content::Draft);
            assert_eq!(judged.verdict, verdict, "{signatures:?}");
        }
    }

    #[test]
    fn what_speaks_against_an_original_stops_the_promulgation_and_the_rest_is_compared() {
        for verdict in Verdict::iter() {
            let code =
                must_not_be_against(Some(verdict)).err().and_then(|error| error.refusal().map(|known| known.code));
            let passes = matches!(verdict, Verdict::Valid | Verdict::NotJudged | Verdict::SignedMoreThanOnce);
            assert_eq!(code, (!passes).then_some("original_not_valid"), "{verdict:?}");
            let told = verdict.told();
            assert!(told.vi != told.en && (verdict == Verdict::Valid || !told.en.contains("is valid:")));
        }
        assert!(must_not_be_against(None).is_ok());
        assert!(must_be_compared(None, None, false).is_ok());
        for (verdict, content, free) in [
            (Verdict::Valid, Content::Draft, true),
            (Verdict::NotJudged, Content::Draft, true),
            (Verdict::Valid, Content::Other, false),
            (Verdict::SignedMoreThanOnce, Content::Draft, false),
        ] {
            assert_eq!(must_be_compared(Some(verdict), Some(content), false).is_ok(), free);
            assert!(must_be_compared(Some(verdict), Some(content), true).is_ok());
        }
    }
}
