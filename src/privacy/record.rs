//! What is kept of persons: what, whose, why, for how long, who sees it, and where. `docs/privacy.md` is made from it, what is
//! forgotten is forgotten by its terms, and a test finds each column of the schema here or in [`IMPERSONAL`].
//!
//! [`IMPERSONAL`]: crate::privacy::impersonal::IMPERSONAL

use crate::account::reading_store;
use crate::account::sign_in_log;
use crate::account::throttle;
use crate::base::{Label, Message, label, say};
use crate::http::idempotency;

/// After so many days how to reach who sent a doubt is forgotten, once the doubt is closed.
pub const CONTACT_DAYS: i64 = 180;
/// After so many days what a refused registration says of persons is erased.
pub const REFUSED_DAYS: i64 = 90;
/// So long it is known which summaries were sent.
pub const SUMMARY_DAYS: i64 = 90;
/// So long it is known that a letter about an account was sent.
pub const ACCOUNT_LETTER_DAYS: i64 = 90;

/// So long after its answer it is known who asked about their own data.
pub const REQUEST_DAYS: i64 = 730;

/// How long something is kept.
#[derive(Debug, Clone, Copy)]
pub enum Term {
    /// After so many days it is forgotten by the service itself; of what, or when beyond.
    Days(i64, Label),
    Hours(i64, Label),
    /// As long as something else lasts.
    While(Label),
}

impl Term {
    pub fn told(self) -> Message {
        match self {
            Self::Days(days, more) => say(format!("{days} ngày{}", more.vi), format!("{days} days{}", more.en)),
            Self::Hours(hours, more) => say(format!("{hours} giờ{}", more.vi), format!("{hours} hours{}", more.en)),
            Self::While(told) => told.into(),
        }
    }
}

/// How much is asked of whoever keeps something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    /// Everybody may read it.
    Public,
    /// Who has to do with its thing sees it, by territory, ownership or seat.
    Personal,
    /// It could do its person harm, or the law calls it sensitive: fewer see it, it is given freely or needed by an act, and it finds
    /// nobody where others search.
    Sensitive,
    /// Nobody sees it: it is kept as a digest, or sealed under a key that the database lacks.
    Secret,
}

impl Level {
    pub fn asks_for(self) -> Label {
        match self {
            Self::Public => label("ai cũng đọc được", "everybody may read it"),
            Self::Personal => label(
                "chỉ người có việc với nó xem được, theo địa bàn, sở hữu hoặc ghế; giữ đúng thời hạn",
                "who has to do with its thing sees it, by territory, ownership or seat; kept for its term",
            ),
            Self::Sensitive => label(
                "như trên, ít người xem hơn; tự nguyện cho biết hoặc văn bản bắt buộc; số định danh chỉ hiện một phần trong danh sách, \
                 ai xem đầy đủ đều được ghi lại",
                "the same, by fewer; given freely or asked for by an act; lists show a part of an identity number, and who reads \
                 one in full is written down",
            ),
            Self::Secret => label(
                "không ai xem được: chỉ giữ bản băm, hoặc niêm bằng khóa không có trong cơ sở dữ liệu",
                "nobody sees it: kept as a digest, or sealed under a key that the database lacks",
            ),
        }
    }
}

/// Data of persons of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub what: Label,
    pub level: Level,
    pub whose: Label,
    /// The purpose, and with it the legal ground.
    pub why: Label,
    pub term: Term,
    pub seen_by: Label,
    /// Where it lies: tables with their columns, a space between them.
    pub columns: &'static [(&'static str, &'static str)],
}

/// The record of what is kept of persons.
pub const RECORD: &[Kept] = &[
    Kept {
        what: label(
            "tên, mã số định danh, địa chỉ, điện thoại, thư điện tử của chủ thể và người đại diện",
            "name, identity number, address, phone, e-mail of a producer and its representative",
        ),
        level: Level::Sensitive,
        whose: label("chủ thể, người đại diện", "producers and their representatives"),
        why: label(
            "đăng ký tham gia và đánh giá, phân hạng theo 26/2026/QĐ-TTg",
            "they are registered and rated (26/2026/QĐ-TTg)",
        ),
        term: Term::While(label("chừng nào chủ thể còn trong sổ", "as long as the producer is on record")),
        seen_by: label(
            "chủ thể, cán bộ trong địa bàn, hội đồng của hồ sơ; điện thoại công khai khi chủ thể cho phép",
            "its producer, officers of its territory, the councils of its dossiers; the phone in public where the producer says so",
        ),
        columns: &[("producers", "name folded identity_number address representative phone public_phone email")],
    },
    Kept {
        what: label(
            "giới tính, dân tộc của người đại diện (dữ liệu nhạy cảm)",
            "sex and ethnicity of the representative (sensitive)",
        ),
        level: Level::Sensitive,
        whose: label("chủ thể, tự nguyện cho biết", "producers, freely given"),
        why: label("mẫu 02, 03 và tiêu chí 3.2", "forms 02 and 03, criterion 3.2"),
        term: Term::While(label("đến khi chủ thể xóa", "until the producer clears it")),
        seen_by: label(
            "chủ thể, cán bộ xã, văn phòng tỉnh",
            "its producer, its commune, the provincial office (`reads_sensitive`)",
        ),
        columns: &[("producers", "representative_sex representative_ethnicity")],
    },
    Kept {
        what: label("tên, số căn cước của thành viên", "names and identity numbers of members"),
        level: Level::Sensitive,
        whose: label("thành viên của chủ thể", "members of producers"),
        why: label("thành viên không chấm sản phẩm của chủ thể mình", "who is one does not score its products"),
        term: Term::While(label("chừng nào chủ thể còn ghi tên họ", "as long as the producer names them")),
        seen_by: label("như chủ thể", "as the producer"),
        columns: &[("producers", "members")],
    },
    Kept {
        what: label("đăng ký tham gia cùng tài khoản đầu tiên", "a registration with its first account"),
        level: Level::Sensitive,
        whose: label("người đăng ký", "who registers"),
        why: label("để xác nhận hoặc từ chối", "to be confirmed or refused"),
        term: Term::Days(
            REFUSED_DAYS,
            label(
                " sau khi bị từ chối; đơn được xác nhận giữ như chủ thể",
                " after it was refused; one that was confirmed as long as the producer",
            ),
        ),
        seen_by: label("cán bộ trong địa bàn", "officers of its territory"),
        columns: &[("registrations", "producer identity_number username password_hash account_name note")],
    },
    Kept {
        what: label(
            "ai đã được xem đầy đủ số định danh của ai, ở địa chỉ nào",
            "who was answered whose identity number in full, by which address",
        ),
        level: Level::Sensitive,
        whose: label(
            "người làm việc với hệ thống; chủ thể, thành viên",
            "who works with the service; producers, members",
        ),
        why: label("để người có dữ liệu biết ai đã xem", "whose it is can know who read it"),
        term: Term::Days(reading_store::KEPT_DAYS, label("", "")),
        seen_by: label("chủ thể, quản trị viên, người giám sát", "its producer, the administrator, supervisors"),
        columns: &[("identity_readings", "account_id resource resource_id at address")],
    },
    Kept {
        what: label("sự đồng ý: bản nào, lúc nào", "consents: to which version, when"),
        level: Level::Personal,
        whose: label("người đăng ký, người phản ánh", "who registers, who sends a doubt"),
        why: label("để chứng minh là đã được đồng ý", "that consent was given can be shown"),
        term: Term::While(label("như đơn đăng ký, phản ánh", "as long as the registration or the doubt")),
        seen_by: label("ai xem được đơn, phản ánh", "who may see the registration or the doubt"),
        columns: &[("registrations", "consent_version"), ("doubts", "consent_version")],
    },
    Kept {
        what: label(
            "yêu cầu về dữ liệu cá nhân: ai, hỏi gì, được trả lời gì",
            "requests about one's own data: who, what was asked and answered",
        ),
        level: Level::Personal,
        whose: label("người yêu cầu", "who asks"),
        why: label("để chứng minh đã trả lời đúng hạn", "that they were answered in time can be shown"),
        term: Term::Days(REQUEST_DAYS, label(" từ khi trả lời", " after the answer")),
        seen_by: label("người yêu cầu, quản trị viên", "who asks, the administrator"),
        columns: &[("personal_data_requests", "account_id name reference text answer")],
    },
    Kept {
        what: label(
            "cách liên hệ với người yêu cầu không có tài khoản, đã nhận ra họ bằng gì và ra sao",
            "how to reach who asks without an account, by what and how they were recognised",
        ),
        level: Level::Sensitive,
        whose: label("người yêu cầu", "who asks"),
        why: label("để trả lời đúng người", "the answer goes to the right person"),
        term: Term::Days(CONTACT_DAYS, label(" từ khi trả lời", " after the answer")),
        seen_by: label(
            "quản trị viên; số định danh chỉ còn bốn ký tự cuối",
            "the administrator; of an identity number four characters",
        ),
        columns: &[("personal_data_requests", "contact recognised_value identity_check")],
    },
    Kept {
        what: label("tên, tên đăng nhập, thư điện tử, vai trò", "name, user name, e-mail, role"),
        level: Level::Personal,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để đăng nhập và được báo việc đang chờ", "to sign in, to be told what waits"),
        term: Term::While(label(
            "chừng nào còn tài khoản; lịch sử có ghi tên",
            "as long as the account; history names it",
        )),
        seen_by: label("quản trị viên, cán bộ của đơn vị", "the administrator, officers of the unit"),
        columns: &[(
            "accounts",
            "username password_hash name folded role unit_code producer_id email language summary_off_at ended_at",
        )],
    },
    Kept {
        what: label(
            "số căn cước, nơi cư trú của người có thể vào hội đồng",
            "identity number and residence of who may sit in councils",
        ),
        level: Level::Sensitive,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label(
            "thành viên hội đồng không chấm sản phẩm của mình hay của xã mình",
            "who is a member of a producer, or lives there, does not score its products",
        ),
        term: Term::While(label("chừng nào còn tài khoản", "as long as the account")),
        seen_by: label("quản trị viên", "the administrator"),
        columns: &[("accounts", "identity_number residence_code residence")],
    },
    Kept {
        what: label(
            "ứng dụng xác thực và mã dự phòng, được niêm hoặc băm",
            "what an authenticator app shares, sealed, and digests of recovery codes",
        ),
        level: Level::Secret,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để đăng nhập an toàn", "to sign in safely"),
        term: Term::While(label("đến khi tắt", "until it is taken off")),
        seen_by: label("không ai", "nobody"),
        columns: &[
            ("second_factors", "sealed confirmed_at last_step reset_asked_by account_id"),
            ("recovery_codes", "digest account_id"),
        ],
    },
    Kept {
        what: label(
            "tài khoản định danh mà chủ tài khoản đã liên kết",
            "with which subject of another authority an account is linked",
        ),
        level: Level::Personal,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để đăng nhập bằng tài khoản đó", "to sign in by it"),
        term: Term::While(label(
            "đến khi bỏ liên kết, lập liên kết đặt mật khẩu hoặc chấm dứt tài khoản",
            "until the link is taken away, the password is reset, or the account ends",
        )),
        seen_by: label("chủ tài khoản thấy đã liên kết từ lúc nào", "the account itself sees since when it is linked"),
        columns: &[("openid_links", "account_id issuer subject linked_at")],
    },
    Kept {
        what: label("nơi và thiết bị đang đăng nhập", "address and device of open sign-ins"),
        level: Level::Personal,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để chủ tài khoản thấy và kết thúc", "their account sees and ends them"),
        term: Term::While(label("đến khi phiên hết hạn hoặc kết thúc", "until the sign-in ends or expires")),
        seen_by: label("chủ tài khoản", "the account itself"),
        columns: &[
            ("refresh_tokens", "account_id issued_at used_at begun_at address device"),
            ("desk_sessions", "account_id made_at seen_at address device"),
            ("password_links", "account_id secret_digest expires_at"),
        ],
    },
    Kept {
        what: label(
            "lần đăng nhập, mật khẩu và mã xác nhận sai, theo mạng",
            "sign-ins, wrong passwords and wrong codes, by network",
        ),
        level: Level::Personal,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để chủ tài khoản biết ai đã thử", "their account is told who tried"),
        term: Term::Days(sign_in_log::store::DAYS, label("", "")),
        seen_by: label("chủ tài khoản", "the account itself"),
        columns: &[("sign_ins", "account_id at network succeeded with_code")],
    },
    Kept {
        what: label(
            "bản băm của mạng mà tài khoản từng đăng nhập",
            "digests of networks from which an account signed in",
        ),
        level: Level::Secret,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để lỗi của người khác không làm chậm họ", "others' failures do not slow it"),
        term: Term::Days(throttle::rules::OWN_DAYS, label("", "")),
        seen_by: label("không ai", "nobody"),
        columns: &[("sign_in_networks", "account_id digest signed_in_at")],
    },
    Kept {
        what: label("bản băm của tên và mạng có mật khẩu sai", "digests of names and networks of wrong passwords"),
        level: Level::Secret,
        whose: label("người thử đăng nhập", "who tries to sign in"),
        why: label("chống đoán mật khẩu", "guessing"),
        term: Term::Hours(throttle::rules::KEPT_HOURS, label("; tối đa 100.000", ", at most 100,000")),
        seen_by: label("không ai", "nobody"),
        columns: &[("sign_in_failures", "digest level failed_at")],
    },
    Kept {
        what: label("câu trả lời được giữ để gửi lại", "answers that are kept to be given again"),
        level: Level::Personal,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("để một lệnh gửi hai lần chỉ làm một lần", "an order that is sent twice is done once"),
        term: Term::Hours(idempotency::KEPT_HOURS, label("", "")),
        seen_by: label("tài khoản đã hỏi", "the account that asked"),
        columns: &[("idempotency_keys", "account_id answer")],
    },
    Kept {
        what: label(
            "ai đã làm bước nào, cùng lời ghi; tên người ký, người giao nhận",
            "who took which step, with the note; who signed, handed over or received",
        ),
        level: Level::Personal,
        whose: label("người làm việc với hệ thống", "who works with the service"),
        why: label("việc công phải có người chịu trách nhiệm", "what an office does must be accountable"),
        term: Term::While(label(
            "chừng nào còn vật mà bước ấy thuộc về",
            "as long as the thing that the step belongs to",
        )),
        seen_by: label("ai được xem vật ấy", "who may see the thing"),
        columns: &[
            ("history", "account_id note"),
            ("documents", "uploaded_by"),
            ("idea_papers", "uploaded_by"),
            ("dispatches", "account_id"),
            ("dossiers", "responsible_account_id"),
            ("dossier_submissions", "account_id"),
            ("commune_reports", "account_id"),
            ("dossier_samples", "received_by given_back_to given_back_by"),
            ("visits", "account_id"),
            ("agenda_items", "short_notice_accepted_by"),
            ("results", "concluded_by"),
            ("survey_files", "account_id"),
            ("absences", "recorded_by"),
            ("appeals", "filed_by answered_by"),
            ("rescores", "account_id"),
            ("decisions", "drafted_by promulgated_by"),
            ("decision_originals", "uploaded_by judgement"),
            ("lot_events", "account_id"),
            ("holds", "placed_by"),
            ("inspection_plans", "account_id"),
            ("inspections", "account_id concluded_by"),
            ("inspection_files", "account_id"),
            ("support_policies", "account_id"),
            ("support_claims", "account_id"),
            ("support_claim_files", "account_id"),
            ("rewards", "account_id"),
            ("activations", "account_id"),
            ("voids", "account_id"),
            ("stamp_limits", "account_id"),
            ("stamp_export_links", "account_id printer"),
            ("stamp_exports", "account_id"),
            ("stamp_displays", "account_id"),
            ("stamp_suspicions", "decided_by"),
            ("legacy_codes", "account_id"),
            ("personal_data_requests", "recorded_by"),
            ("notices", "account_id"),
            ("demands", "account_id"),
            ("result_notices", "account_id"),
            ("papers", "made_by"),
            ("sheet_reminders", "account_id reminded_by"),
            ("reminder_letters", "reminder_id failure"),
        ],
    },
    Kept {
        what: label(
            "ghế, điểm, nhận xét, việc từ chối chấm của thành viên hội đồng và tổ giúp việc",
            "seats, marks, remarks and recusals of councils and working groups",
        ),
        level: Level::Personal,
        whose: label("thành viên", "members"),
        why: label("kết quả phải giải trình được", "the result must be accountable"),
        term: Term::While(label("chừng nào còn kết quả", "as long as the result")),
        seen_by: label(
            "hội đồng và văn phòng; người khác theo security.md",
            "the council and its office; others as [security.md](security.md) says",
        ),
        columns: &[
            ("seats", "account_id seat position organisation"),
            ("working_groups", "account_id position"),
            ("recusals", "account_id reason"),
            ("absences", "account_id reason"),
            ("sheets", "account_id marks gate total gate_kind"),
            ("remarks", "account_id text"),
            ("surveys", "team findings account_id"),
            ("group_reports", "leader content account_id"),
        ],
    },
    Kept {
        what: label(
            "tên thành viên đoàn kiểm tra, người ký biên bản và chữ ký, nơi ký; điều chủ thể giải trình, trả lời; nhận xét của đoàn",
            "names of an inspection's team and of who signed its minutes with their signatures and the place; what the producer \
             explained and replied; what the team found",
        ),
        level: Level::Personal,
        whose: label("thành viên đoàn, người đại diện, người chứng kiến", "the team, representatives, witnesses"),
        why: label(
            "kiểm tra sau công nhận (26/2026/QĐ-TTg, điều 8 và 9)",
            "inspections after recognition (26/2026/QĐ-TTg, articles 8 and 9)",
        ),
        term: Term::While(label("chừng nào còn cuộc kiểm tra", "as long as the inspection")),
        seen_by: label(
            "chủ thể, cán bộ trong địa bàn, văn phòng và đoàn kiểm tra",
            "the producer, officers of its territory, the office and inspectors",
        ),
        columns: &[("inspections", "reason members answers minutes latitude longitude corrections conclusion")],
    },
    Kept {
        what: label(
            "bản đã nộp, đã quyết định hay đã in, có tên và mã số của chủ thể",
            "what was handed in, decided or demanded, with names and numbers of the producer",
        ),
        level: Level::Sensitive,
        whose: label("chủ thể, người đại diện", "producers and their representatives"),
        why: label(
            "hồ sơ đã nộp không đổi được; sổ của cơ quan",
            "what was handed in must not change; the office's records",
        ),
        term: Term::While(label("như hồ sơ, quyết định", "as the dossier or decision")),
        seen_by: label("ai được xem hồ sơ, quyết định", "who may see the dossier or decision"),
        columns: &[
            ("dossier_submissions", "content"),
            ("decisions", "original_content original_verdict"),
            ("demands", "content"),
        ],
    },
    Kept {
        what: label(
            "giấy tờ, ảnh đã tải lên và tên tệp",
            "papers and photographs that were uploaded, and names of files",
        ),
        level: Level::Sensitive,
        whose: label("chủ thể, người nộp", "producers, who uploads"),
        why: label("minh chứng của hồ sơ", "evidence of dossiers"),
        term: Term::While(label(
            "chừng nào có vật còn dùng tệp; sau đó 30 ngày",
            "as long as something names the file, and 30 days",
        )),
        seen_by: label("ai được xem vật ấy", "who may see the thing"),
        columns: &[
            ("files", "name sha256"),
            ("documents", "number issued_by"),
            ("survey_files", "caption"),
            ("inspection_files", "caption"),
            ("support_claim_files", "caption"),
        ],
    },
    Kept {
        what: label(
            "điều chủ thể viết để đề nghị hỗ trợ, ý kiến thẩm định, lý do thu hồi tiền",
            "what producers write to claim support, what its appraisal says, why money is taken back",
        ),
        level: Level::Personal,
        whose: label("chủ thể, cán bộ", "producers, officers"),
        why: label("chi hỗ trợ từ ngân sách (123/2018/NQ-HĐND)", "support from the budget (123/2018/NQ-HĐND)"),
        term: Term::While(label("chừng nào còn hồ sơ hỗ trợ", "as long as the claim")),
        seen_by: label(
            "chủ thể, cán bộ trong địa bàn, văn phòng tỉnh",
            "the producer, officers of its territory, the provincial office",
        ),
        columns: &[("support_claims", "text appraisal returns")],
    },
    Kept {
        what: label(
            "lời viết tự do trong biểu mẫu: khiếu nại, nhận xét chuyến thăm, ý kiến",
            "free texts in forms: appeals, findings of visits, opinions",
        ),
        level: Level::Personal,
        whose: label("người được nhắc đến", "who is named there"),
        why: label("nội dung của việc", "what the matter is about"),
        term: Term::While(label("như vật mang nó", "as the thing that holds it")),
        seen_by: label("ai được xem vật ấy", "who may see the thing"),
        columns: &[
            ("appeals", "grounds answer"),
            ("visits", "findings advice"),
            ("ideas", "opinion"),
            ("dossiers", "report changes updates"),
            ("agenda_items", "note"),
            ("products", "story"),
        ],
    },
    Kept {
        what: label("tên, địa chỉ, điện thoại của điểm bán", "name, address and phone of points of sale"),
        level: Level::Public,
        whose: label("chủ điểm bán", "who keeps the shop"),
        why: label("danh bạ công khai của chương trình", "the programme's public directory"),
        term: Term::While(label("chừng nào còn điểm bán trong sổ", "as long as the shop is on record")),
        seen_by: label("mọi người", "everybody"),
        columns: &[("shops", "name folded address phone")],
    },
    Kept {
        what: label("tên, địa chỉ của người mua một lô", "name and address of who bought of a lot"),
        level: Level::Personal,
        whose: label("bên mua hàng", "buyers"),
        why: label("truy xuất nguồn gốc một bước sau", "traceability one step on"),
        term: Term::While(label("chừng nào còn lô", "as long as the lot")),
        seen_by: label("chủ thể và cán bộ trong địa bàn", "its producer and officers of its territory"),
        columns: &[("lot_events", "buyer_name buyer_address note")],
    },
    Kept {
        what: label("cách liên hệ trong phản ánh", "contact in a doubt"),
        level: Level::Personal,
        whose: label("người mua, tự nguyện cho biết", "shoppers, freely given"),
        why: label("để hỏi lại", "the office may ask back"),
        term: Term::Days(
            CONTACT_DAYS,
            label(" từ khi gửi, khi phản ánh đã khép", " after it came, once the doubt is closed"),
        ),
        seen_by: label("văn phòng tỉnh, thanh tra", "the office and the inspectors"),
        columns: &[("doubts", "contact")],
    },
    Kept {
        what: label(
            "ảnh và lời của phản ánh, nơi thấy tem",
            "photograph and text of a doubt, where the stamp was seen",
        ),
        level: Level::Sensitive,
        whose: label("người mua", "shoppers"),
        why: label("để xác minh", "to look into it"),
        term: Term::While(label(
            "chừng nào còn phản ánh; ảnh không còn dữ liệu của máy ảnh",
            "as long as the doubt; a photograph without what the camera wrote",
        )),
        seen_by: label("văn phòng tỉnh, thanh tra", "the office and the inspectors"),
        columns: &[("doubts", "text file_id latitude longitude note")],
    },
    Kept {
        what: label("nơi quét tem, làm tròn một phần trăm độ", "place of a scan, a hundredth of a degree"),
        level: Level::Sensitive,
        whose: label("người mua, tự nguyện cho biết", "shoppers, freely given"),
        why: label("phát hiện tem sao chép", "copies of stamps"),
        term: Term::While(label("chừng nào còn lượt quét", "as long as the scan")),
        seen_by: label("văn phòng tỉnh, dưới dạng số đếm", "the office, as a count"),
        columns: &[("scans", "latitude longitude language"), ("stamps", "evidence")],
    },
    Kept {
        what: label(
            "bản băm của địa chỉ mạng, theo khóa bí mật của ngày",
            "hash of an address, under a secret of the day",
        ),
        level: Level::Secret,
        whose: label("người mua", "shoppers"),
        why: label("mỗi người xem đếm một lần", "a visitor counts once"),
        term: Term::While(label(
            "qua ngày thì không ai biết là ai, vì khóa đã xóa",
            "unknown to anybody once the day is over, for the secret is gone",
        )),
        seen_by: label("không ai", "nobody"),
        columns: &[
            ("scans", "visitor"),
            ("stamps", "visitors"),
            ("doubts", "visitor network"),
            ("doubt_uploads", "visitor"),
            ("stamp_tries", "network"),
            ("producer_networks", "network"),
            ("visitor_salts", "salt"),
        ],
    },
    Kept {
        what: label("địa chỉ của người hỏi quá nhiều", "addresses of who asks too often"),
        level: Level::Personal,
        whose: label("mọi người", "everybody"),
        why: label("hạn mức, số kết nối", "allowances, connections"),
        term: Term::While(label("vài phút, chỉ trong bộ nhớ", "minutes, in memory only")),
        seen_by: label("không ai", "nobody"),
        columns: &[],
    },
    Kept {
        what: label("thư tóm tắt đã gửi, không có nội dung", "summaries that were sent, without their text"),
        level: Level::Personal,
        whose: label("người có địa chỉ thư", "who has an e-mail address"),
        why: label("không gửi hai lần", "two are not sent"),
        term: Term::Days(SUMMARY_DAYS, label("", "")),
        seen_by: label("quản trị viên", "the administrator"),
        columns: &[("task_summaries", "account_id day state failure")],
    },
    Kept {
        what: label(
            "thư về tài khoản đã gửi, không có nội dung",
            "letters about accounts that were sent, without their text",
        ),
        level: Level::Personal,
        whose: label("chủ tài khoản, quản trị viên", "whose account it is, administrators"),
        why: label("không gửi hai lần", "two are not sent"),
        term: Term::Days(ACCOUNT_LETTER_DAYS, label("", "")),
        seen_by: label("không ai", "nobody"),
        columns: &[("account_letters", "account_id recipient_id state failure")],
    },
];
