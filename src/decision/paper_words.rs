//! What a decision says, for its page and for its PDF alike.

use crate::decision::paper::DecisionPaper;
use crate::decision::rules::Kind;
use crate::paper::words;

/// An article (điều) of a decision, or a remark between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub heading: Option<&'static str>,
    pub text: String,
}

impl Clause {
    fn new(heading: &'static str, text: impl Into<String>) -> Self {
        Self { heading: Some(heading), text: text.into() }
    }
}

impl DecisionPaper {
    /// What it is about, as it stands below the title.
    pub fn about(&self) -> String {
        let about = match self.kind {
            Kind::Recognise => "Về việc phê duyệt kết quả đánh giá, phân hạng và công nhận sản phẩm OCOP",
            Kind::Revoke => "Về việc thu hồi Giấy chứng nhận sản phẩm OCOP",
            Kind::ApproveResult => {
                "Về việc phê duyệt kết quả đánh giá sản phẩm có tiềm năng đạt 5 sao, đề nghị Trung ương đánh giá, phân hạng"
            }
            Kind::CentreRevoke => {
                "Về việc ghi nhận quyết định của Trung ương thu hồi Giấy chứng nhận sản phẩm OCOP 5 sao"
            }
            Kind::CentreResult => "Về việc ghi nhận kết quả đánh giá, phân hạng sản phẩm OCOP của Trung ương",
        };
        match self.year {
            Some(year) if !self.kind.revokes() => format!("{about} năm {year}"),
            _ => about.to_owned(),
        }
    }

    /// What it rests on.
    pub fn bases(&self) -> Vec<String> {
        let mut bases = vec!["Căn cứ quy định của pháp luật về tổ chức chính quyền địa phương;".to_owned()];
        bases.extend(self.acts.iter().map(|act| {
            format!(
                "Căn cứ quy trình đánh giá, phân hạng sản phẩm của Chương trình Mỗi xã một sản phẩm tại Quyết định số {act} của \
                 Thủ tướng Chính phủ;"
            )
        }));
        bases.extend(self.councils.iter().map(|council| {
            format!(
                "Căn cứ kết quả đánh giá của Hội đồng thành lập theo Quyết định số {} (đợt {} năm {});",
                council.decision_number, council.round, council.year
            )
        }));
        bases.extend(self.rests_on.iter().map(|basis| {
            format!(
                "Căn cứ văn bản số {} ngày {} của {};",
                basis.number,
                words::short_day(&basis.dated),
                basis.authority
            )
        }));
        bases.push(format!("Theo đề nghị của cơ quan thường trực Chương trình {}.", self.level));
        bases
    }

    pub fn clauses(&self) -> Vec<Clause> {
        let (first, second) = self.decided();
        let mut clauses = vec![Clause::new("Điều 1.", first), Clause::new("Điều 2.", second)];
        if let Some(reason) = self.reason.as_ref().filter(|_| !self.kind.revokes()) {
            clauses.push(Clause { heading: None, text: format!("Ghi chú: {reason}") });
        }
        clauses.push(Clause::new(
            "Điều 3.",
            format!(
                "Quyết định này có hiệu lực kể từ ngày ký. Cơ quan thường trực Chương trình {}, Ủy ban nhân dân các đơn vị có sản \
                 phẩm và các chủ thể có tên trong danh sách chịu trách nhiệm thi hành Quyết định này.",
                self.level
            ),
        ));
        clauses
    }

    /// The first two articles.
    fn decided(&self) -> (String, String) {
        let (count, months) = (self.rows.len(), self.months());
        match self.kind {
            Kind::Recognise => (
                format!(
                    "Phê duyệt kết quả đánh giá, phân hạng và công nhận {count} sản phẩm OCOP trong danh sách kèm theo{}.",
                    self.counted()
                ),
                format!(
                    "Cấp Giấy chứng nhận cho chủ thể của các sản phẩm nêu tại Điều 1. Giấy chứng nhận có giá trị {months} tháng \
                     kể từ ngày ký Quyết định này. Trong thời hạn đó, chủ thể được sử dụng nhãn hiệu OCOP theo đúng hạng sao đã \
                     công nhận và có trách nhiệm giữ vững chất lượng sản phẩm."
                ),
            ),
            Kind::ApproveResult => (
                format!(
                    "Phê duyệt kết quả đánh giá của {count} sản phẩm có tiềm năng đạt 5 sao trong danh sách kèm theo."
                ),
                "Đề nghị Bộ Nông nghiệp và Môi trường đánh giá, phân hạng các sản phẩm nêu tại Điều 1. Quyết định này không cấp \
                 Giấy chứng nhận."
                    .to_owned(),
            ),
            Kind::CentreResult => (
                format!(
                    "Ghi nhận kết quả đánh giá, phân hạng của Trung ương đối với {count} sản phẩm trong danh sách kèm theo{}.",
                    self.counted()
                ),
                if self.counts.is_empty() {
                    "Các sản phẩm nêu tại Điều 1 chưa đạt 90 điểm ở cấp trung ương; Quyết định này không cấp Giấy chứng nhận."
                        .to_owned()
                } else {
                    format!(
                        "Cấp Giấy chứng nhận theo hạng sao nêu tại Điều 1, có giá trị {months} tháng kể từ ngày ký Quyết định này."
                    )
                },
            ),
            Kind::Revoke | Kind::CentreRevoke => (
                self.revoked(),
                "Kể từ ngày ký Quyết định này, chủ thể không được sử dụng nhãn hiệu OCOP và hạng sao trên sản phẩm, bao bì, tài \
                 liệu quảng bá của các sản phẩm nêu tại Điều 1."
                    .to_owned(),
            ),
        }
    }

    fn revoked(&self) -> String {
        let does = if self.kind == Kind::CentreRevoke {
            "Ghi nhận Bộ trưởng Bộ Nông nghiệp và Môi trường thu hồi"
        } else {
            "Thu hồi"
        };
        let ground = self.ground.map(|ground| format!(", do {ground}")).unwrap_or_default();
        let reason = self.reason.as_ref().map_or_else(|| ".".to_owned(), |reason| format!(". Lý do: {reason}"));
        format!("{does} Giấy chứng nhận của {} sản phẩm trong danh sách kèm theo{ground}{reason}", self.rows.len())
    }

    /// `, gồm 3 sản phẩm 4 sao, 2 sản phẩm 3 sao`.
    fn counted(&self) -> String {
        let counts: Vec<String> =
            self.counts.iter().map(|(stars, count)| format!("{count} sản phẩm {stars} sao")).collect();
        if counts.is_empty() { String::new() } else { format!(", gồm {}", counts.join(", ")) }
    }

    fn months(&self) -> String {
        self.months.iter().map(ToString::to_string).collect::<Vec<_>>().join(" hoặc ")
    }

    /// What its list belongs to.
    pub fn accompanies(&self, as_draft: bool) -> String {
        let draft = if as_draft { "dự thảo " } else { "" };
        let number = self.number.as_ref().map(|number| format!(" số {number}")).unwrap_or_default();
        let day = self.signed_on.as_ref().map(|day| format!(" {}", words::long_day(day))).unwrap_or_default();
        format!("(Kèm theo {draft}Quyết định{number}{day} của {})", words::committee_in_text(&self.unit))
    }
}
