//! How each column of the record is found of one person, or why it cannot be told whose it is. What is given out to a person,
//! and what is said to be left of one who was erased, is read by this table and by no other; a test finds each column of the
//! record here.

use Whose::{Account, Application, Doer, Doubt, Joined, Producer, Registration, Represented, Request, Shop};

use crate::base::{Label, label};

/// What a column names: rows of a person are those in which it names one of the person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The person's account, of what is kept for the account's own sake.
    Account,
    /// The person's account, of what it did in the procedure: the office's records name it.
    Doer,
    /// A producer for whom the person signs in, or who is the person.
    Producer,
    /// A producer whose representative the person is.
    Represented,
    /// A producer that names the person among its members; only that member is given.
    Joined,
    /// A registration that names the person's number, phone or e-mail.
    Registration,
    /// A registration by which the person's account was made.
    Application,
    /// A doubt with a contact of the person's.
    Doubt,
    /// A point of sale with the person's phone.
    Shop,
    /// A request about one's own data.
    Request,
}

/// How rows are found.
#[derive(Debug, Clone, Copy)]
pub struct Finder {
    pub whose: Whose,
    /// The column that names whose the row is.
    pub by: &'static str,
    /// Where that column lies, if not in the table itself: another table, and the column here that is its id.
    pub via: Option<(&'static str, &'static str)>,
    /// Columns without data of persons that say which row it is, a space between them.
    pub tells: &'static str,
}

/// What becomes of a column when a person asks for what is kept.
#[derive(Debug, Clone, Copy)]
pub enum Found {
    Given(Finder),
    /// It is known whose it is, and not given out nevertheless.
    Withheld(Finder, Label),
    /// It cannot be told whose it is.
    NotAttributable(Label),
}

/// Columns of a table, a space between them, and how they are found.
#[derive(Debug, Clone, Copy)]
pub struct Attribution {
    pub table: &'static str,
    pub columns: &'static str,
    pub found: Found,
}

const fn given(
    table: &'static str,
    columns: &'static str,
    whose: Whose,
    by: &'static str,
    tells: &'static str,
) -> Attribution {
    Attribution { table, columns, found: Found::Given(Finder { whose, by, via: None, tells }) }
}

/// What an account did: the column that names it is all of the row that is the person's.
const fn did(table: &'static str, by: &'static str, tells: &'static str) -> Attribution {
    given(table, by, Whose::Doer, by, tells)
}

const fn withheld(
    table: &'static str,
    columns: &'static str,
    whose: Whose,
    by: &'static str,
    via: Option<(&'static str, &'static str)>,
    why: Label,
) -> Attribution {
    Attribution { table, columns, found: Found::Withheld(Finder { whose, by, via, tells: "" }, why) }
}

const fn nobodys(table: &'static str, columns: &'static str, why: Label) -> Attribution {
    Attribution { table, columns, found: Found::NotAttributable(why) }
}

const SECRET: Label =
    label("bí mật hoặc bản băm, không đưa ra ngoài", "a secret or a digest, which is given to nobody");
const FROZEN: Label = label(
    "đọc ở hồ sơ, quyết định; trong đó có cả dữ liệu của người khác",
    "it is read with the dossier or the certificate, and holds data of others too",
);
const ANSWERED: Label = label(
    "câu trả lời cũ, có thể có dữ liệu của người khác; giữ một ngày",
    "an earlier answer, which may hold data of others; kept for a day",
);
const HASHED: Label =
    label("bản băm hoặc con số không ai biết là của ai", "a digest or a count of which nobody knows whose it is");
const FREE_TEXT: Label = label(
    "lời viết tự do hoặc chỉ có tên: không biết chắc là ai",
    "a free text or a bare name: nobody can tell for certain who is meant",
);
const OF_THING: Label =
    label("đi cùng giấy tờ, sản phẩm mà nó thuộc về", "goes with the paper or the product that it belongs to");

/// The table.
pub const ATTRIBUTIONS: &[Attribution] = &[
    given(
        "producers",
        "name folded identity_number address representative phone public_phone email",
        Producer,
        "id",
        "id kind commune_code created_at",
    ),
    given("producers", "representative_sex representative_ethnicity", Represented, "id", "id"),
    given("producers", "members", Joined, "id", "id"),
    given(
        "registrations",
        "producer identity_number note consent_version",
        Registration,
        "id",
        "id state commune_code created_at",
    ),
    given("registrations", "username account_name", Application, "id", "id state created_at"),
    withheld("registrations", "password_hash", Application, "id", None, SECRET),
    given("identity_readings", "account_id resource resource_id at address", Doer, "account_id", "id"),
    given("identity_readings", "resource resource_id at", Producer, "resource_id", "id"),
    given("identity_readings", "resource resource_id at", Account, "resource_id", "id"),
    given("doubts", "contact text file_id latitude longitude note consent_version", Doubt, "id", "id state at"),
    nobodys("doubts", "visitor network", HASHED),
    given(
        "accounts",
        "username name folded role unit_code producer_id email language summary_off_at ended_at identity_number \
         residence_code residence",
        Account,
        "id",
        "id created_at",
    ),
    withheld("accounts", "password_hash", Account, "id", None, SECRET),
    given("second_factors", "account_id confirmed_at last_step", Account, "account_id", ""),
    withheld("second_factors", "sealed", Account, "account_id", None, SECRET),
    did("second_factors", "reset_asked_by", ""),
    given("recovery_codes", "account_id", Account, "account_id", ""),
    withheld("recovery_codes", "digest", Account, "account_id", None, SECRET),
    given(
        "refresh_tokens",
        "account_id issued_at used_at begun_at address device",
        Account,
        "account_id",
        "id expires_at revoked_at",
    ),
    given("desk_sessions", "account_id made_at seen_at address device", Account, "account_id", "id"),
    given("password_links", "account_id expires_at", Account, "account_id", ""),
    withheld("password_links", "secret_digest", Account, "account_id", None, SECRET),
    given("sign_ins", "account_id at network succeeded with_code", Account, "account_id", "id"),
    given("sign_in_networks", "account_id signed_in_at", Account, "account_id", ""),
    withheld("sign_in_networks", "digest", Account, "account_id", None, SECRET),
    nobodys("sign_in_failures", "digest level failed_at", HASHED),
    given("idempotency_keys", "account_id", Account, "account_id", "path created_at"),
    nobodys("idempotency_keys", "answer", ANSWERED),
    given("history", "account_id note", Doer, "account_id", "resource resource_id at verb"),
    did("documents", "uploaded_by", "id kind created_at"),
    did("idea_papers", "uploaded_by", "id idea_id created_at"),
    did("dispatches", "account_id", "id verb letter_number letter_date"),
    did("dossiers", "responsible_account_id", "id"),
    did("dossier_submissions", "account_id", "dossier_id number submitted_at"),
    did("commune_reports", "account_id", "dossier_id number created_at"),
    did("dossier_samples", "received_by", "dossier_id number received_on"),
    did("dossier_samples", "given_back_by", "dossier_id number given_back_on"),
    nobodys("dossier_samples", "given_back_to", FREE_TEXT),
    given("visits", "account_id findings advice", Doer, "account_id", "id dossier_id visited_on"),
    did("agenda_items", "short_notice_accepted_by", "id"),
    did("results", "concluded_by", "agenda_item_id attempt concluded_at"),
    did("survey_files", "account_id", "id survey_id created_at"),
    did("absences", "recorded_by", "agenda_item_id at"),
    given("appeals", "filed_by grounds", Doer, "filed_by", "id filed_at"),
    given("appeals", "answered_by answer", Doer, "answered_by", "id answered_at"),
    did("rescores", "account_id", "agenda_item_id attempt at"),
    did("decisions", "drafted_by", "id kind number"),
    did("decisions", "promulgated_by", "id kind number promulgated_at"),
    did("decision_originals", "uploaded_by", "id decision_id created_at"),
    nobodys("decision_originals", "judgement", FREE_TEXT),
    did("lot_events", "account_id", "id lot_id kind at"),
    did("holds", "placed_by", "id placed_at"),
    did("inspection_plans", "account_id", "id year created_at"),
    did("inspections", "account_id", "id product_id created_at"),
    did("inspections", "concluded_by", "id product_id concluded_on"),
    did("inspection_files", "account_id", "id inspection_id created_at"),
    nobodys("inspections", "reason members answers minutes latitude longitude corrections conclusion", FREE_TEXT),
    did("support_policies", "account_id", "id item created_at"),
    did("support_claims", "account_id", "id year created_at"),
    did("support_claim_files", "account_id", "id claim_id created_at"),
    did("rewards", "account_id", "id decision_id created_at"),
    nobodys("support_claims", "text appraisal returns", FREE_TEXT),
    did("activations", "account_id", "id order_id at"),
    did("voids", "account_id", "id order_id at"),
    did("stamp_limits", "account_id", "product_id year at"),
    did("stamp_export_links", "account_id", "id order_id created_at"),
    nobodys("stamp_export_links", "printer", FREE_TEXT),
    did("stamp_exports", "account_id", "id order_id kind at"),
    did("stamp_displays", "account_id", "id order_id at"),
    did("stamp_suspicions", "decided_by", "id decided_at"),
    did("legacy_codes", "account_id", "code at"),
    given(
        "personal_data_requests",
        "account_id name reference text answer contact recognised_value identity_check",
        Request,
        "id",
        "id number kind state received_at closed_at",
    ),
    did("personal_data_requests", "recorded_by", "id number received_at"),
    did("notices", "account_id", "certificate_id created_at"),
    did("demands", "account_id", "id certificate_id created_at"),
    did("result_notices", "account_id", "id created_at"),
    did("papers", "made_by", "code kind made_at"),
    did("sheet_reminders", "account_id", "id agenda_item_id reminded_at"),
    did("sheet_reminders", "reminded_by", "id agenda_item_id reminded_at"),
    Attribution {
        table: "reminder_letters",
        columns: "reminder_id failure",
        found: Found::Given(Finder {
            whose: Doer,
            by: "account_id",
            via: Some(("sheet_reminders", "reminder_id")),
            tells: "state changed_at",
        }),
    },
    given("seats", "account_id seat position organisation", Doer, "account_id", "id council_id"),
    given("working_groups", "account_id position", Doer, "account_id", "council_id"),
    given("recusals", "account_id reason", Doer, "account_id", "agenda_item_id at"),
    given("absences", "account_id reason", Doer, "account_id", "agenda_item_id at"),
    given(
        "sheets",
        "account_id marks gate total gate_kind",
        Doer,
        "account_id",
        "id agenda_item_id attempt state submitted_at",
    ),
    given("remarks", "account_id text", Doer, "account_id", "id agenda_item_id criterion at"),
    given("surveys", "account_id findings", Doer, "account_id", "id agenda_item_id surveyed_on"),
    nobodys("surveys", "team", FREE_TEXT),
    did("group_reports", "account_id", "id agenda_item_id created_at"),
    nobodys("group_reports", "leader content", FREE_TEXT),
    withheld("dossier_submissions", "content", Producer, "producer_id", Some(("dossiers", "dossier_id")), FROZEN),
    withheld("demands", "content", Producer, "producer_id", Some(("certificates", "certificate_id")), FROZEN),
    nobodys("decisions", "original_content original_verdict", OF_THING),
    nobodys("files", "name sha256", OF_THING),
    nobodys("documents", "number issued_by", OF_THING),
    nobodys("survey_files", "caption", OF_THING),
    nobodys("inspection_files", "caption", OF_THING),
    nobodys("support_claim_files", "caption", OF_THING),
    nobodys("ideas", "opinion", FREE_TEXT),
    nobodys("dossiers", "report changes updates", FREE_TEXT),
    nobodys("agenda_items", "note", FREE_TEXT),
    nobodys("products", "story", FREE_TEXT),
    given("shops", "name folded address phone", Shop, "id", "id commune_code created_at"),
    nobodys("lot_events", "buyer_name buyer_address note", FREE_TEXT),
    nobodys("scans", "latitude longitude language visitor", HASHED),
    nobodys("stamps", "visitors evidence", HASHED),
    nobodys("doubt_uploads", "visitor", HASHED),
    nobodys("stamp_tries", "network", HASHED),
    nobodys("producer_networks", "network", HASHED),
    nobodys("visitor_salts", "salt", HASHED),
    given("openid_links", "account_id issuer subject linked_at", Account, "account_id", ""),
    given("task_summaries", "account_id day state failure", Account, "account_id", "changed_at"),
    given("account_letters", "account_id", Account, "account_id", "version changed_at"),
    given("account_letters", "recipient_id state failure", Account, "recipient_id", "version changed_at"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::privacy::record::RECORD;

    fn columns<'a>(tables: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeSet<(&'a str, &'a str)> {
        tables.into_iter().flat_map(|(table, columns)| columns.split(' ').map(move |column| (table, column))).collect()
    }

    #[test]
    fn each_column_of_the_record_says_how_it_is_found_of_a_person_or_that_it_is_not() {
        let recorded = columns(RECORD.iter().flat_map(|kept| kept.columns.iter().copied()));
        let answered = columns(ATTRIBUTIONS.iter().map(|attribution| (attribution.table, attribution.columns)));
        let unanswered: Vec<_> = recorded.difference(&answered).collect();
        let unrecorded: Vec<_> = answered.difference(&recorded).collect();
        assert!(unanswered.is_empty(), "nothing says whose these are: {unanswered:?}");
        assert!(unrecorded.is_empty(), "these do not stand in the record: {unrecorded:?}");
    }

    /// What is no data of a person says which row it is, and nothing else goes out beside what the record names.
    #[test]
    fn only_columns_of_nobody_tell_which_row_it_is() {
        let impersonal = columns(crate::privacy::impersonal::IMPERSONAL.iter().copied());
        for Attribution { table, found, .. } in ATTRIBUTIONS {
            let (Found::Given(finder) | Found::Withheld(finder, _)) = found else { continue };
            let personal: Vec<_> =
                finder.tells.split_whitespace().filter(|tells| !impersonal.contains(&(table, tells))).collect();
            assert!(personal.is_empty(), "{table}: {personal:?}");
        }
    }

    #[test]
    fn no_secret_is_given() {
        for Attribution { columns, found, .. } in ATTRIBUTIONS {
            if matches!(found, Found::Given(_)) {
                for secret in ["digest", "hash", "sealed", "salt", "visitor"] {
                    assert!(!columns.contains(secret), "{columns}");
                }
            }
        }
    }
}
