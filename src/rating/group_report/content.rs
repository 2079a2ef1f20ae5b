//! What stands on a report besides the working group's own words, as it is frozen when the report is finished.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Day;
use crate::cycle::DossierKind;
use crate::files::DocumentKind;
use crate::producer::ProducerKind;
use crate::rating::survey::rules::{Member, TestResult};

/// What the report rests on. What is added later is left out while it is empty, so that older digests still hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GroupReportContent)]
pub struct Content {
    pub year: i32,
    pub round: i32,
    /// The decision that set the council up.
    pub council: String,
    pub working_group: Vec<String>,
    pub product: String,
    pub product_code: String,
    pub criteria_set: Option<String>,
    pub producer: String,
    pub producer_kind: ProducerKind,
    pub address: String,
    pub commune: String,
    pub dossier: ReportedDossier,
    /// How many sample units go with the dossier; null where none do.
    pub samples_needed: Option<i32>,
    pub samples: Vec<ReportedSamples>,
    pub surveys: Vec<ReportedSurvey>,
    pub remarks: Vec<ReportedRemark>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedDossier {
    pub kind: Option<DossierKind>,
    /// Of form 01, at the province where it has one there, else at the commune.
    pub number: Option<String>,
    pub submitted_on: Option<Day>,
    /// When the commune sent it on.
    pub forwarded_on: Option<Day>,
    pub documents: Vec<ReportedDocument>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedDocument {
    pub kind: DocumentKind,
    pub number: Option<String>,
    pub issued_by: Option<String>,
    pub issued_on: Option<Day>,
    pub valid_until: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedSamples {
    pub units: i32,
    pub received_on: Day,
    pub kept_at: String,
    pub given_back_on: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedSurvey {
    pub surveyed_on: Day,
    pub team: Vec<Member>,
    pub findings: Vec<ReportedFinding>,
    pub photographs: usize,
    pub tests: Vec<ReportedTest>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedFinding {
    pub criterion: String,
    pub title: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedTest {
    pub what: String,
    pub laboratory: String,
    pub asked_on: Day,
    pub result: Option<TestResult>,
    /// The SHA-256 of each paper of the laboratory, lower-case hexadecimal.
    pub papers: Vec<String>,
}

/// What the working group left as remarks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedRemark {
    pub name: String,
    pub criterion: Option<String>,
    pub text: String,
    pub on: Day,
}
