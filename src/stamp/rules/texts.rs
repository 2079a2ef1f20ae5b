//! What each verdict and each warning says: its rule, its text, its advice. The one place of these words.

use crate::base::{Message, say};
use crate::stamp::rules::{Verdict, Warning};

impl Verdict {
    pub fn title(self) -> Message {
        match self {
            Self::Genuine => say("Tem do tỉnh phát hành", "This stamp was issued by the province"),
            Self::NotActivated => say("Tem chưa được kích hoạt", "This stamp is not in use yet"),
            Self::Suspect => say("Tem có dấu hiệu bị sao chép", "This stamp may have been copied"),
            Self::Revoked => say("Sản phẩm đã bị thu hồi chứng nhận", "The product's recognition was revoked"),
            Self::Suspended => say("Sản phẩm đang bị tạm đình chỉ", "The product is suspended"),
            Self::Recalled => say("Lô hàng này đã bị thu hồi", "This lot was recalled"),
            Self::Void => say("Tem đã bị hủy", "This stamp is void"),
        }
    }

    pub fn advice(self) -> Message {
        match self {
            Self::Genuine => say(
                "Tem này do Văn phòng Điều phối nông thôn mới tỉnh phát hành. Hãy so tên sản phẩm, chủ thể, số lô và hạn dùng \
                 dưới đây với bao bì trên tay bạn: khác nhau thì đừng dùng và hãy báo cho chúng tôi.",
                "The provincial office issued this stamp. Compare the product, the producer, the lot and the expiry below with \
                 the package in your hand: if they differ, do not use it and tell us.",
            ),
            Self::NotActivated => say(
                "Tem do tỉnh phát hành nhưng chưa gắn với lô hàng nào. Nếu hàng đã bày bán, xin hỏi người bán và báo cho chúng tôi.",
                "The province issued this stamp, but it was not bound to any lot. If the goods are on sale, ask the seller and \
                 tell us.",
            ),
            Self::Suspect => say(
                "Tem này đã được quét từ nhiều người hơn mức của một sản phẩm. Có thể nó là bản sao: hãy so kỹ bao bì, mua ở điểm \
                 bán tin cậy và báo cho chúng tôi.",
                "More people scanned this stamp than one package would meet. It may be a copy: compare the package closely, buy \
                 where you trust the seller, and tell us.",
            ),
            Self::Revoked => say(
                "Quyết định công nhận sản phẩm này đã bị thu hồi. Sản phẩm không còn được mang hạng sao OCOP.",
                "The decision that recognised this product was revoked. It may no longer carry OCOP stars.",
            ),
            Self::Suspended => say(
                "Cơ quan chức năng đang tạm đình chỉ sản phẩm hoặc lô hàng này để kiểm tra. Xin chưa sử dụng.",
                "The authorities hold this product or lot for inspection. Please do not use it for now.",
            ),
            Self::Recalled => say(
                "Lô hàng này, hoặc nguyên liệu làm ra nó, đã bị thu hồi. Xin đừng sử dụng và trả lại nơi bán.",
                "This lot, or what it was made of, was recalled. Do not use it; take it back to the seller.",
            ),
            Self::Void => say(
                "Tem này đã được báo mất hoặc hỏng và không được dán lên hàng. Hàng mang tem này không đáng tin.",
                "This stamp was reported lost or spoilt and must not be on any goods. Do not trust goods that carry it.",
            ),
        }
    }
}

impl Verdict {
    /// When it is given; the first that applies, from the top of the list in `docs/architecture.md`.
    pub fn rule(self) -> Message {
        match self {
            Self::Void => {
                say("Tem nằm trong dải đã báo mất hoặc hỏng.", "The stamp is in a range reported lost or spoilt.")
            }
            Self::Recalled => say(
                "Lô của tem, hoặc lô nguyên liệu của nó, đã có lệnh thu hồi.",
                "The stamp's lot, or a lot that went into it, was recalled.",
            ),
            Self::Suspended => {
                say("Sản phẩm hoặc lô đang có lệnh tạm đình chỉ.", "There is a hold on the product or on the lot.")
            }
            Self::Revoked => say(
                "Giấy chứng nhận mới nhất của sản phẩm đã bị thu hồi.",
                "The product's latest certificate was revoked.",
            ),
            Self::Suspect => say(
                "Số người quét hoặc các nơi quét vượt quy tắc về tem bị sao chép, và cơ quan chưa bác bỏ nghi ngờ.",
                "Who scanned it and where broke a rule on copied stamps, and the office did not dismiss the suspicion.",
            ),
            Self::NotActivated => say("Tem chưa được gắn với lô nào.", "The stamp is bound to no lot."),
            Self::Genuine => say(
                "Tem do tỉnh phát hành, đã gắn với lô, không có cảnh báo nào ở trên.",
                "The province issued it, it is bound to a lot, and none of the above applies.",
            ),
        }
    }
}

impl Warning {
    pub fn text(self) -> Message {
        match self {
            Self::CertificateExpired => say(
                "Giấy chứng nhận OCOP đã hết hạn; sản phẩm hiện không mang hạng sao.",
                "The OCOP certificate has expired; the product carries no stars now.",
            ),
            Self::PastShelfLife => say("Lô hàng đã quá hạn sử dụng.", "The lot is past its shelf life."),
            Self::NotRated => say(
                "Sản phẩm đang tham gia chương trình OCOP, chưa xếp hạng.",
                "The product takes part in the OCOP programme and is not rated yet.",
            ),
            Self::Display => say(
                "Tem này dán trên hàng trưng bày, được nhiều người quét.",
                "This stamp is on a display piece, which many people scan.",
            ),
        }
    }

    pub fn rule(self) -> Message {
        match self {
            Self::CertificateExpired => {
                say("Đã qua ngày cuối của giấy chứng nhận mới nhất.", "The last day of the latest certificate is past.")
            }
            Self::PastShelfLife => say("Đã qua hạn sử dụng của lô.", "The lot's last day is past."),
            Self::NotRated => say("Sản phẩm chưa từng có giấy chứng nhận.", "The product never had a certificate."),
            Self::Display => say("Tem nằm trong dải hàng trưng bày.", "The stamp is in a range of display pieces."),
        }
    }

    pub fn advice(self) -> Message {
        match self {
            Self::CertificateExpired => say(
                "Sao OCOP in trên bao bì không còn hiệu lực; hãy hỏi người bán về lần đánh giá mới.",
                "Stars on the package no longer count; ask the seller about the new rating.",
            ),
            Self::PastShelfLife => say("Xin đừng mua, đừng dùng.", "Do not buy or use it."),
            Self::NotRated => say(
                "Bao bì chưa được in sao hay nhãn OCOP; thấy có thì hãy báo cho chúng tôi.",
                "The package may carry neither stars nor the mark yet; if it does, tell us.",
            ),
            Self::Display => say(
                "Hàng mang tem này không để bán; nếu bạn được bán nó, hãy báo cho chúng tôi.",
                "Goods with this stamp are not for sale; if you were sold them, tell us.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_verdict_says_something_of_its_own() {
        let titles: std::collections::HashSet<_> = Verdict::iter().map(|verdict| verdict.title().vi).collect();
        assert_eq!(titles.len(), Verdict::iter().count());
        let rules: std::collections::HashSet<_> = Verdict::iter().map(|verdict| verdict.rule().vi).collect();
        assert_eq!(rules.len(), Verdict::iter().count());
        let texts: std::collections::HashSet<_> =
            Warning::iter().flat_map(|warning| [warning.text().vi, warning.rule().vi, warning.advice().vi]).collect();
        assert_eq!(texts.len(), 3 * Warning::iter().count());
    }
}
