//! What a resource holds: the rows of its tables, whole, as they are in the database. Each step is recorded with a digest of
//! them, so that whoever changes a column behind the service's back is found.
//!
//! Every table of the schema stands here: with the resource whose steps write it, or among [`UNVOUCHED`] with the reason.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types;
use serde_json::Value;

use crate::audit::resource::Resource;
use crate::base::digest::canonical;
use crate::base::id::AnyId;
use crate::base::{Digest, Error, Result};
use crate::db::AnyConnection;
use crate::db::column::{self, Column, Form, quoted};
use crate::db::types::{Guid, Multi, placeholders};

/// Rows that belong to a resource.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    pub table: &'static str,
    /// What is joined to the table `t`, where its rows do not name their resource themselves.
    pub through: &'static str,
    /// The column that is the resource's id.
    pub of: &'static str,
    /// Columns that change without a step of the resource, each with the reason.
    pub but: &'static [(&'static str, &'static str)],
    /// Under which key steps vouch for the rows, where it is another one than they have.
    pub under: Option<Under>,
}

/// A key that rows had when steps began to vouch for them, and that of their rows told the same ever since.
#[derive(Debug, Clone, Copy)]
pub struct Under {
    /// The column that took its place.
    column: &'static str,
    /// An identifier, and where it is read.
    was: &'static str,
    value: &'static str,
    through: &'static str,
}

const fn rows(table: &'static str, of: &'static str) -> Rows {
    joined(table, "", of)
}

const fn joined(table: &'static str, through: &'static str, of: &'static str) -> Rows {
    Rows { table, through, of, but: &[], under: None }
}

impl Rows {
    const fn but(self, but: &'static [(&'static str, &'static str)]) -> Self {
        Self { but, ..self }
    }

    const fn under(self, under: Under) -> Self {
        Self { under: Some(under), ..self }
    }

    /// The columns that steps vouch for, by their names.
    fn columns(&self, connection: &mut AnyConnection) -> Result<Vec<Column>> {
        let mut columns = column::columns(connection, self.table)?;
        if let Some(Under { column, was, .. }) = self.under {
            columns.retain(|other| other.name != column);
            columns.push(Column { name: was.to_owned(), form: Form::Identifier });
            columns.sort_by(|one, other| one.name.cmp(&other.name));
        }
        columns.retain(|column| self.but.iter().all(|(but, _)| *but != column.name));
        Ok(columns)
    }

    /// What rows are read from, to be called `t`.
    fn source(&self, connection: &mut AnyConnection) -> Result<String> {
        let Some(Under { was, value, through, .. }) = self.under else { return Ok(self.table.to_owned()) };
        let columns = self.columns(connection)?.into_iter().map(|column| column.name);
        let told: Vec<String> = columns
            .map(|name| if name == was { format!("{value} AS {was}") } else { format!("k.{}", quoted(&name)) })
            .collect();
        Ok(format!("(SELECT {} FROM {} k {through})", told.join(", "), self.table))
    }
}

/// The rows that a resource's steps write.
pub const fn of(resource: Resource) -> &'static [Rows] {
    match resource {
        Resource::Account => {
            const {
                &[
                    rows("accounts", "t.id"),
                    // One that is not confirmed yet counts for nothing.
                    joined(
                        "second_factors",
                        "JOIN accounts o ON o.id = t.account_id AND t.confirmed_at IS NOT NULL",
                        "o.id",
                    )
                    .but(USED),
                    rows("openid_links", "t.account_id"),
                ]
            }
        }
        Resource::AgendaItem => {
            const {
                &[
                    rows("agenda_items", "t.id").but(DECLINED),
                    rows("recusals", "t.agenda_item_id"),
                    rows("absences", "t.agenda_item_id"),
                    rows("results", "t.agenda_item_id"),
                    rows("rescores", "t.agenda_item_id"),
                ]
            }
        }
        Resource::Appeal => const { &[rows("appeals", "t.id")] },
        Resource::Certificate => {
            const {
                &[
                    rows("certificates", "t.id"),
                    rows("notices", "t.certificate_id"),
                    rows("demands", "t.certificate_id"),
                ]
            }
        }
        Resource::Council => {
            const { &[rows("councils", "t.id"), rows("seats", "t.council_id"), rows("working_groups", "t.council_id")] }
        }
        Resource::CriteriaSet => const { &[rows("criteria_sets", "t.id")] },
        Resource::Cycle => const { &[rows("cycles", "t.id")] },
        Resource::Decision => {
            const {
                &[
                    rows("decisions", "t.id"),
                    rows("decision_items", "t.decision_id"),
                    rows("decision_originals", "t.decision_id"),
                    joined("files", "JOIN decision_originals o ON o.file_id = t.id", "o.decision_id"),
                ]
            }
        }
        Resource::Dossier => {
            const {
                &[
                    rows("dossiers", "t.id").but(MARKED_BY),
                    rows("dossier_documents", "t.dossier_id"),
                    rows("dossier_submissions", "t.dossier_id"),
                    rows("dossier_samples", "t.dossier_id"),
                    rows("commune_reports", "t.dossier_id"),
                ]
            }
        }
        Resource::Doubt => {
            const { &[rows("doubts", "t.id").but(FORGOTTEN), joined("files", "JOIN doubts o ON o.file_id = t.id", "o.id")] }
        }
        Resource::GroupReport => const { &[rows("group_reports", "t.id")] },
        Resource::Hold => const { &[rows("holds", "t.id")] },
        Resource::Idea => const { &[rows("ideas", "t.id")] },
        Resource::Inspection => {
            const {
                &[
                    rows("inspections", "t.id"),
                    rows("inspection_files", "t.inspection_id"),
                    joined("files", "JOIN inspection_files o ON o.file_id = t.id", "o.inspection_id"),
                ]
            }
        }
        Resource::InspectionPlan => const { &[rows("inspection_plans", "t.id")] },
        Resource::Lot => {
            const {
                &[
                    rows("lots", "t.id").but(DERIVED),
                    rows("lot_inputs", "t.lot_id"),
                    rows("lot_events", "t.lot_id"),
                    joined("lot_event_documents", "JOIN lot_events o ON o.id = t.event_id", "o.lot_id"),
                ]
            }
        }
        Resource::PersonalDataRequest => const { &[rows("personal_data_requests", "t.id")] },
        Resource::Plan => const { &[rows("plans", "t.id"), rows("plan_finance", "t.plan_id")] },
        Resource::Producer => const { &[rows("producers", "t.id")] },
        Resource::Product => {
            const {
                &[
                    rows("products", "t.id"),
                    rows("documents", "t.product_id"),
                    joined("files", "JOIN documents o ON o.file_id = t.id", "o.product_id"),
                    rows("pictures", "t.product_id").but(RESIZED),
                    joined("files", "JOIN pictures o ON o.file_id = t.id", "o.product_id"),
                    rows("stamp_limits", "t.product_id"),
                    rows("former_gtins", "t.product_id"),
                ]
            }
        }
        Resource::Registration => const { &[rows("registrations", "t.id")] },
        Resource::ResultNotice => const { &[rows("result_notices", "t.id")] },
        Resource::Reward => const { &[rows("rewards", "t.id"), rows("reward_items", "t.reward_id")] },
        Resource::Sheet => const { &[rows("sheets", "t.id")] },
        Resource::Shop => const { &[rows("shops", "t.id"), rows("shop_products", "t.shop_id")] },
        Resource::StampOrder => {
            const {
                &[
                    rows("stamp_orders", "t.id"),
                    rows("activations", "t.order_id"),
                    rows("voids", "t.order_id"),
                    rows("stamp_displays", "t.order_id"),
                ]
            }
        }
        Resource::SupportClaim => {
            const {
                &[
                    rows("support_claims", "t.id"),
                    rows("support_claim_files", "t.claim_id"),
                    joined("files", "JOIN support_claim_files o ON o.file_id = t.id", "o.claim_id"),
                ]
            }
        }
        Resource::SupportPolicy => const { &[rows("support_policies", "t.id")] },
        Resource::Survey => {
            const {
                &[
                    rows("surveys", "t.id"),
                    rows("survey_files", "t.survey_id"),
                    joined("files", "JOIN survey_files o ON o.file_id = t.id", "o.survey_id"),
                ]
            }
        }
        Resource::Suspicion => {
            const {
                &[
                rows("stamp_suspicions", "t.id"),
                // A stamp has one case that is not dismissed at most.
                joined(
                    "stamps",
                    "JOIN stamp_suspicions o ON o.order_id = t.order_id AND o.serial = t.serial AND o.state <> 'dismissed'",
                    "o.id",
                )
                .under(BY_ORDER)
                .but(COUNTED),
            ]
            }
        }
    }
}

const USED: &[(&str, &str)] = &[("last_step", "when a code was used last, so that it is good once")];

const DECLINED: &[(&str, &str)] =
    &[("declined_by_centre_at", "set by the decision that records the centre's result, which vouches for it")];

const DERIVED: &[(&str, &str)] = &[("folded", "made of the code, for which the steps vouch")];

const FORGOTTEN: &[(&str, &str)] = &[("contact", "forgotten half a year after the doubt was closed")];

const RESIZED: &[(&str, &str)] = &[
    ("width", "read from the file where it was not known"),
    ("height", "read from the file where it was not known"),
    ("medium_file_id", "made from the file when it is asked for"),
    ("small_file_id", "made from the file when it is asked for"),
];

const MARKED_BY: &[(&str, &str)] = &[
    ("criteria_set_id", "set where a council marks it; the result vouches for what came of it"),
    ("scored_as", "set where a council marks it; the result vouches for what came of it"),
];

/// Steps vouched for stamps by the id of their order before rows were kept by its number.
const BY_ORDER: Under = Under {
    column: "order_number",
    was: "order_id",
    value: "n.id",
    through: "JOIN stamp_orders n ON n.number = k.order_number",
};

const COUNTED: &[(&str, &str)] = &[
    ("visitors", "who came, with each scan"),
    ("evidence", "counts that each scan raises"),
    ("scans", "a count that each scan raises"),
    ("first_at", "the moment of a scan"),
    ("last_at", "the moment of a scan"),
];

/// Tables of which no step vouches, and why.
pub const UNVOUCHED: &[(&str, &str)] = &[
    ("account_letters", "letters on their way"),
    ("counters", "running numbers, which only decide what comes next"),
    ("decision_prints", "which files were given out to be signed: what is handed in is judged by its own bytes"),
    ("desk_sessions", "who is signed in now; no more than a week"),
    ("dispatches", "each item's own step names the letter"),
    ("doubt_uploads", "a count of a day"),
    ("history", "the steps themselves, chained and sealed"),
    ("idempotency_keys", "answers of the last day"),
    ("idea_papers", "added beside an idea, whose steps say nothing of it; its bytes are held against its file"),
    ("identity_readings", "who read what, which changes nothing of it"),
    ("legacy_codes", "names of products for codes of earlier software, of which a page says that they prove nothing"),
    ("openid_used", "sign-ins of the last hour that were used"),
    ("papers", "which papers were printed: what stands on one is held against its thing when it is printed again"),
    ("password_links", "secrets for a day"),
    ("producer_networks", "a count of a day"),
    ("recovery_codes", "each is gone once it is used"),
    ("refresh_tokens", "who is signed in now"),
    ("remarks", "added beside an item, whose steps say nothing of it"),
    ("reminder_letters", "letters on their way"),
    ("scans", "counted, and no proof of anything"),
    ("seals", "signed, each over the one before"),
    ("settings", "the service's own notes on the database"),
    ("sheet_reminders", "no history tells of reminders, so that it tells nothing of who has not handed in"),
    ("sign_in_failures", "counts of a day"),
    ("sign_in_networks", "what slows strangers down"),
    ("sign_ins", "what an account is told of its last 90 days"),
    ("stamp_confirmations", "counted by the shopper's own try"),
    ("stamp_export_links", "secrets for a day"),
    ("stamp_exports", "written when codes leave, which is no step of the order"),
    ("stamp_tries", "a count of a day"),
    ("task_summaries", "letters on their way"),
    ("units", "held against the service's own list"),
    ("visits", "added beside a dossier, whose steps say nothing of it"),
    ("visitor_salts", "gone when the day is over"),
];

/// The rows of so many resources are read at once.
const AT_ONCE: usize = 1000;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Guid)]
    resource: AnyId,
    #[diesel(sql_type = sql_types::Text)]
    held: String,
}

/// The digests of what these resources of one kind hold now, the same on either database. A column without a value adds
/// nothing, so that columns that a later version adds leave earlier digests true.
pub fn digests(connection: &mut AnyConnection, resource: Resource, ids: &[AnyId]) -> Result<BTreeMap<AnyId, Digest>> {
    digests_by(connection, resource, ids, |connection, rows| {
        let columns = rows.columns(connection)?;
        let texts = column::texts(connection, &columns, "t");
        Ok((texts, Box::new(move |row: String| told(&columns, &row))))
    })
}

/// A row as one text, which says of each column what it is called and holds.
fn told(columns: &[Column], row: &str) -> Result<String> {
    let values: Vec<Option<String>> = serde_json::from_str(row).map_err(Error::internal)?;
    let mut told = Vec::with_capacity(columns.len());
    for (column, value) in columns.iter().zip(values) {
        if let Some(value) = value {
            told.push((column.name.as_str(), json_in_its_one_form(column.form, value)?));
        }
    }
    serde_json::to_string(&told).map_err(Error::internal)
}

/// PostgreSQL keeps what JSON says, SQLite how this service wrote it; written in any other way it is another text.
fn json_in_its_one_form(form: Form, text: String) -> Result<String> {
    let may_be_json = form == Form::Json || (form == Form::Text && text.starts_with(['{', '[']));
    let value = if may_be_json { serde_json::from_str::<Value>(&text).ok() } else { None };
    match value {
        Some(value) if form == Form::Json || serde_json::to_string(&value).is_ok_and(|written| written == text) => {
            canonical(&value)
        }
        _ => Ok(text),
    }
}

/// The digests as they were until they were the same on either database; steps of that time vouch for rows by them.
pub fn earlier_digests(
    connection: &mut AnyConnection,
    resource: Resource,
    ids: &[AnyId],
) -> Result<BTreeMap<AnyId, Digest>> {
    digests_by(connection, resource, ids, |connection, rows| Ok((earlier_text_of(connection, rows)?, Box::new(Ok))))
}

/// An expression for the whole of a row, and what its text is made of it.
type RowText = (String, Box<dyn Fn(String) -> Result<String>>);

fn digests_by(
    connection: &mut AnyConnection,
    resource: Resource,
    ids: &[AnyId],
    text_of: impl Fn(&mut AnyConnection, &Rows) -> Result<RowText>,
) -> Result<BTreeMap<AnyId, Digest>> {
    let mut found: BTreeMap<AnyId, Vec<(&str, String)>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for rows in of(resource) {
        let (expression, told) = text_of(connection, rows)?;
        let source = rows.source(connection)?;
        for some in ids.chunks(AT_ONCE) {
            let statement = format!(
                "SELECT {of} AS resource, {expression} AS held FROM {source} t {through} WHERE {of} IN {ids}",
                of = rows.of,
                through = rows.through,
                ids = placeholders(connection, 1, some.len()),
            );
            let mut query = diesel::sql_query(statement).into_boxed::<Multi>();
            for id in some {
                query = query.bind::<Guid, _>(*id);
            }
            for Row { resource, held } in query.load::<Row>(connection)? {
                found.entry(resource).or_default().push((rows.table, told(held)?));
            }
        }
    }
    let digest = |(id, mut held): (AnyId, Vec<(&str, String)>)| {
        held.sort();
        Ok((id, Digest::of("ocop-rows", &held)?))
    };
    found.into_iter().map(digest).collect()
}

/// What the texts of rows were, each database in its own way.
fn earlier_text_of(connection: &mut AnyConnection, rows: &Rows) -> Result<String> {
    let but: Vec<&str> = rows.but.iter().map(|(column, _)| *column).collect();
    match connection {
        AnyConnection::Postgresql(_) => {
            let but: String = but.iter().map(|column| format!(" AND key <> '{column}'")).collect();
            Ok(format!(
                "(SELECT jsonb_object_agg(key, value)::text FROM jsonb_each(to_jsonb(t)) WHERE value <> 'null'::jsonb{but})"
            ))
        }
        AnyConnection::Sqlite(_) => {
            let columns = rows.columns(connection)?;
            let texts: Vec<String> = columns
                .iter()
                .map(|Column { name, .. }| {
                    format!("iif(t.\"{name}\" IS NULL, '', '{name}=' || quote(t.\"{name}\") || ';')")
                })
                .collect();
            Ok(texts.join(" || "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_same_text_on_either_database() {
        let columns = |forms: [Form; 3]| {
            let named = ["a", "b", "c"].into_iter().zip(forms);
            named.map(|(name, form)| Column { name: name.to_owned(), form }).collect::<Vec<_>>()
        };
        let (sqlite, postgresql) =
            (columns([Form::Bytes, Form::Text, Form::Text]), columns([Form::Identifier, Form::Json, Form::Text]));
        let text = |columns: &[Column], row: &str| told(columns, row).unwrap();
        let there = text(&postgresql, r#"["0a","{\"a\": [1, 2], \"bb\": null}","[x"]"#);
        assert_eq!(text(&sqlite, r#"["0a","{\"bb\":null,\"a\":[1,2]}","[x"]"#), there);
        for other in [
            r#"["0b","{\"bb\":null,\"a\":[1,2]}","[x"]"#,
            r#"["0a","{\"bb\":null,\"a\":[1,3]}","[x"]"#,
            r#"["0a","{\"bb\":null,\"a\":[1,2]} ","[x"]"#,
            r#"["0a","{\"bb\":null,\"a\":[1,2]}",null]"#,
        ] {
            assert_ne!(text(&sqlite, other), there, "{other}");
        }
    }
}
