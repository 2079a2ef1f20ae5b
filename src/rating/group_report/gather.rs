//! Gathers what a report rests on: the dossier, its samples, the surveys of it and their tests, the group's remarks.

use crate::account::{self, Work};
use crate::base::keys::hexadecimal;
use crate::base::{Error, Moment, Result};
use crate::dossier::{sample_store, store as dossiers};
use crate::product::attachment_store;
use crate::rating::agenda::{self, Session};
use crate::rating::group_report::content::{
    Content, ReportedDocument, ReportedDossier, ReportedFinding, ReportedRemark, ReportedSamples, ReportedSurvey,
    ReportedTest,
};
use crate::rating::survey::store::{SurveyFile, SurveyRow};
use crate::rating::{item, survey};
use crate::station::Stretch;
use crate::{criteria, files, place, producer};

/// What a report on the session's item rests on as it stands now.
pub fn gather(work: &mut Work, session: &Session) -> Result<Content> {
    let gone = |what: &str| Error::internal(format!("an agenda item without its {what}"));
    let (row, item) = (&session.dossier, session.item.id);
    let named = item::store::names(work.connection, &[item])?.remove(&item).ok_or_else(|| gone("product"))?;
    let maker = producer::store::find(work.connection, row.producer_id)?.ok_or_else(|| gone("producer"))?;
    let names = account::store::names(work.connection, &session.working_group)?;
    let (set, _) = session.set(work)?;
    let mut documents = Vec::new();
    for id in dossiers::document_ids(work.connection, row.id)? {
        let (document, _) = attachment_store::find_document(work.connection, id)?.ok_or_else(|| gone("document"))?;
        documents.push(ReportedDocument {
            kind: document.kind,
            number: document.number,
            issued_by: document.issued_by,
            issued_on: document.issued_on,
            valid_until: document.valid_until,
        });
    }
    let samples = sample_store::of(work.connection, &[row.id])?.remove(&row.id).unwrap_or_default();
    let samples = samples.into_iter().map(|samples| ReportedSamples {
        units: samples.units,
        received_on: samples.received_on,
        kept_at: samples.kept_at,
        given_back_on: samples.given_back_on,
    });
    let remarks = agenda::store::remarks(work.connection, item, &Stretch::first(i64::MAX))?;
    let remarks = remarks.into_iter().map(|remark| ReportedRemark {
        name: remark.account_name,
        criterion: remark.criterion,
        text: remark.text,
        on: remark.at.day(),
    });
    let surveys = survey::store::of_dossier(work.connection, row.id)?;
    let ids: Vec<_> = surveys.iter().map(|survey| survey.id).collect();
    let mut of_surveys = survey::store::files(work.connection, &ids)?;
    let surveys = surveys.into_iter().map(|survey| {
        let files = of_surveys.remove(&survey.id).unwrap_or_default();
        reported(survey, &files, &set)
    });
    Ok(Content {
        year: session.cycle.year,
        round: session.council.round,
        council: session.council.decision_number.clone(),
        working_group: session.working_group.iter().filter_map(|account| names.get(account).cloned()).collect(),
        product: named.product_name,
        product_code: named.product_code,
        criteria_set: named.criteria_set_title,
        producer: maker.name,
        producer_kind: maker.kind,
        address: maker.address,
        commune: place::store::name(work.connection, &row.commune_code, work.now.day())?,
        dossier: ReportedDossier {
            kind: row.kind,
            number: row.province_number.clone().or_else(|| row.number.clone()),
            submitted_on: row.submitted_at.map(Moment::day),
            forwarded_on: row.forwarded_at.map(Moment::day),
            documents,
        },
        samples_needed: row.samples_needed,
        samples: samples.collect(),
        surveys: surveys.collect(),
        remarks: remarks.collect(),
    })
}

fn reported(survey: SurveyRow, files: &[(SurveyFile, files::StoredFile)], set: &criteria::Set) -> ReportedSurvey {
    let findings = survey.findings.0.into_iter().map(|finding| ReportedFinding {
        title: set.criterion(&finding.criterion).map(|criterion| criterion.title.clone()),
        criterion: finding.criterion,
        text: finding.text,
    });
    let tests = survey.tests.0.into_iter().map(|test| {
        let papers = files.iter().filter(|(file, _)| file.test_id == Some(test.id));
        ReportedTest {
            what: test.what,
            laboratory: test.laboratory,
            asked_on: test.asked_on,
            result: test.result,
            papers: papers.map(|(_, stored)| hexadecimal(&stored.sha256)).collect(),
        }
    });
    ReportedSurvey {
        surveyed_on: survey.surveyed_on,
        team: survey.team.0,
        findings: findings.collect(),
        photographs: files.iter().filter(|(file, _)| file.test_id.is_none()).count(),
        tests: tests.collect(),
    }
}
