//! `/decisions/{id}/package.zip`: what the province sends to the ministry with an approved result, as one archive
//! (26/2026/QĐ-TTg, article 6.3).

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::account::caller::authenticate;
use crate::account::{Caller, Role, Work};
use crate::base::id::{CouncilId, DecisionId, DossierId, SurveyId};
use crate::base::keys::hexadecimal;
use crate::base::{Day, Error, Result, Stars, UnitCode, say};
use crate::decision::rules::{Kind, State};
use crate::decision::store::{self, Decision};
use crate::decision::{paper, paper_store};
use crate::files::{self, Folder, StoredFile};
use crate::http::{PathParam, Problem, Refusals};
use crate::product::attachment_store;
use crate::rating::item::Readiness;
use crate::rating::papers::{api as rating_papers, minutes};
use crate::rating::{GroupReport, group_report, survey};
use crate::station::find;
use crate::{dossier, place, product, rating};

/// One file of the archive: small ones are written out, documents are read from the disk as they are packed.
enum Content {
    Text(String),
    Stored(StoredFile),
}

struct Part {
    path: String,
    /// What it is, for the list of contents.
    title: String,
    content: Content,
}

/// What the letter to the ministry says, for whoever writes it.
#[derive(Debug, Serialize)]
struct LetterData {
    unit_code: UnitCode,
    unit_name: String,
    decision_number: Option<String>,
    signed_on: Option<Day>,
    products: Vec<ProductData>,
}

#[derive(Debug, Serialize)]
struct ProductData {
    code: String,
    name: String,
    producer: String,
    mean: Option<String>,
    stars_asked: Option<Stars>,
}

/// The package of an approved result: the letter's data, the decision, the councils' minutes, the working groups' reports, the
/// tests that they asked for with the laboratories' papers, the dossiers' documents, and a list of all of it with the SHA-256
/// of each (provincial office). Samples go with it.
#[utoipa::path(
    tag = "decisions",
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Refusals)
)]
#[get("/decisions/{id}/package.zip")]
pub async fn package(caller: Caller, id: PathParam<DecisionId>) -> Result<HttpResponse, Problem> {
    packed(caller, id).await
}

/// The package of a decision, for whoever may have it.
pub async fn packed(caller: Caller, id: PathParam<DecisionId>) -> Result<HttpResponse, Problem> {
    let Caller { app, request } = caller;
    let account = authenticate(&app, &request)?;
    let folder = Folder::of(&app.data_dir);
    let database = app.database.clone();
    let gathered = database.write(move |connection| {
        let mut work = Work::new(connection, app, request.language, account)?;
        gather(&mut work, id.get()?)
    });
    let (name, parts) = gathered.await?;
    let packed = web::block(move || pack(&folder, parts)).await.map_err(Error::internal)?;
    let (file, size) = packed?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/zip"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(SizedStream::new(size, files::chunks(tokio::fs::File::from_std(file)))))
}

/// Everything that goes into the package. Its papers are entered as printed.
fn gather(work: &mut Work, id: DecisionId) -> Result<(String, Vec<Part>)> {
    let decision: Decision = find(work, &id)?;
    work.actor.must_be(&[Role::ProvincialOfficer])?;
    if decision.kind != Kind::ApproveResult || decision.state != State::Promulgated {
        return Err(Error::conflict(
            "not_promulgated",
            say(
                "Chỉ quyết định phê duyệt kết quả đã ban hành mới có bộ hồ sơ gửi Bộ.",
                "Only a promulgated approval of results has a package for the ministry.",
            ),
        ));
    }
    let name = format!("ho-so-gui-bo-{}.zip", decision.id);
    let mut letter = LetterData {
        unit_code: decision.unit_code.clone(),
        unit_name: place::store::name(work.connection, &decision.unit_code, decision.created_at.day())?,
        decision_number: decision.number.clone(),
        signed_on: decision.signed_on,
        products: Vec::new(),
    };
    let (mut councils, mut documents): (BTreeSet<CouncilId>, Vec<Part>) = (BTreeSet::new(), Vec::new());
    let mut reports = Vec::new();
    for item in store::items(work.connection, decision.id)?.into_iter().filter_map(|item| item.agenda_item_id) {
        let gone = || Error::internal("a decision's item is gone");
        let agenda_item = rating::item::store::find(work.connection, item)?.ok_or_else(gone)?;
        councils.insert(agenda_item.council_id);
        let row = dossier::store::find(work.connection, agenda_item.dossier_id)?.ok_or_else(gone)?;
        let product = product::store::find(work.connection, row.product_id)?.ok_or_else(gone)?;
        let named = paper_store::named(work.connection, item)?.ok_or_else(gone)?;
        let result = rating::result::store::find(work.connection, item)?.ok_or_else(gone)?;
        let mean = rating::rules::mean(result.sum, result.sheets).map(crate::paper::words::mean);
        for (number, document) in (1..).zip(dossier::store::document_ids(work.connection, row.id)?) {
            let (known, file) = attachment_store::find_document(work.connection, document)?.ok_or_else(gone)?;
            documents.push(Part {
                path: format!("ho-so/{}/{number:02}-{}", plain(&product.code), plain(&file.name)),
                title: format!("{}: {}", named.product_name, known.kind.as_ref()),
                content: Content::Stored(file),
            });
        }
        reports.extend(group_report::store::finished_of_item(work.connection, item)?);
        documents.extend(tests(work, row.id, &product.code, &named.product_name)?);
        let edition = crate::cycle::store::find(work.connection, row.cycle_id)?.ok_or_else(gone)?.edition.edition()?;
        letter.products.push(ProductData {
            code: product.code,
            name: named.product_name,
            producer: named.producer_name,
            mean,
            stars_asked: edition.bands.last().map(|band| band.stars),
        });
    }
    let mut parts = vec![Part {
        path: "cong-van.json".to_owned(),
        title: "Dữ liệu công văn đề nghị đánh giá, phân hạng".to_owned(),
        content: Content::Text(serde_json::to_string_pretty(&letter).map_err(Error::internal)?),
    }];
    let (subject, content) = paper::of(work, decision)?;
    let proof = crate::paper::proof_of(work, subject, &content)?;
    parts.push(Part {
        path: "quyet-dinh-phe-duyet.html".to_owned(),
        title: "Quyết định phê duyệt kết quả đánh giá".to_owned(),
        content: Content::Text(paper::render(content, proof)?),
    });
    for (number, council) in (1..).zip(councils) {
        let (subject, content) = rating_papers::minutes_for(work, council)?;
        let proof = crate::paper::proof_of(work, subject, &content)?;
        parts.push(Part {
            path: format!("bien-ban-hoi-dong-{number}.html"),
            title: "Biên bản họp Hội đồng".to_owned(),
            content: Content::Text(minutes::render(content, proof)?),
        });
    }
    for (number, report) in (1..).zip(reports) {
        let report: GroupReport = find(work, &report)?;
        let (subject, content) = group_report::paper::of(work, report)?;
        let proof = crate::paper::proof_of(work, subject, &content)?;
        let product = content.content.product.clone();
        parts.push(Part {
            path: format!("bao-cao-to-tu-van-{number}.html"),
            title: format!("{product}: Báo cáo đánh giá của Tổ tư vấn"),
            content: Content::Text(group_report::paper::render(content, proof)?),
        });
    }
    parts.extend(documents);
    Ok((name, parts))
}

/// The tests that surveys of a dossier asked for: a table of their results, and the laboratories' papers.
fn tests(work: &mut Work, dossier: DossierId, code: &str, product: &str) -> Result<Vec<Part>> {
    let surveys = survey::store::of_dossier(work.connection, dossier)?;
    let ids: Vec<SurveyId> = surveys.iter().map(|survey| survey.id).collect();
    let mut files = survey::store::files(work.connection, &ids)?;
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record(["chi_tieu", "don_vi_kiem_nghiem", "ngay_de_nghi", "ket_qua", "gioi_han", "dat"])
        .map_err(Error::internal)?;
    let (mut parts, mut results) = (Vec::new(), 0);
    for survey in surveys.into_iter().filter(|survey| survey.state == Readiness::Finished) {
        for test in survey.tests.0 {
            let Some(result) = test.result else { continue };
            let conforms = if result.conforms { "x" } else { "" };
            let limit = result.limit.unwrap_or_default();
            table
                .write_record([
                    &test.what,
                    &test.laboratory,
                    &test.asked_on.to_string(),
                    &result.value,
                    &limit,
                    conforms,
                ])
                .map_err(Error::internal)?;
            results += 1;
        }
        let papers = files.remove(&survey.id).into_iter().flatten().filter(|(file, _)| file.test_id.is_some());
        for (_, file) in papers {
            parts.push(Part {
                path: format!("kiem-nghiem/{}/{:02}-{}", plain(code), parts.len() + 1, plain(&file.name)),
                title: format!("{product}: phiếu kiểm nghiệm bổ sung"),
                content: Content::Stored(file),
            });
        }
    }
    if results == 0 {
        return Ok(parts);
    }
    let table = String::from_utf8(table.into_inner().map_err(Error::internal)?).map_err(Error::internal)?;
    let path = format!("kiem-nghiem/{}/ket-qua.csv", plain(code));
    let title = format!("{product}: kết quả kiểm nghiệm bổ sung");
    parts.insert(0, Part { path, title, content: Content::Text(table) });
    Ok(parts)
}

/// A name that leads nowhere else in an archive.
fn plain(name: &str) -> String {
    let safe = |letter: char| if letter.is_control() || "/\\:".contains(letter) { '-' } else { letter };
    name.trim_start_matches('.').chars().map(safe).collect()
}

/// Packs the parts and their list into a file that has no name any more, so that it is gone with its reader. Memory holds one
/// block at a time.
fn pack(folder: &Folder, parts: Vec<Part>) -> Result<(File, u64)> {
    let mut archive = ZipWriter::new(folder.nameless()?);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut list = csv::Writer::from_writer(Vec::new());
    list.write_record(["path", "title", "bytes", "sha256"]).map_err(Error::internal)?;
    for Part { path, title, content } in parts {
        archive.start_file(path.as_str(), options).map_err(Error::internal)?;
        let (size, digest) = match content {
            Content::Text(text) => copy(&mut text.as_bytes(), &mut archive)?,
            Content::Stored(file) => copy(&mut folder.open(file.id)?, &mut archive)?,
        };
        list.write_record([path, title, size.to_string(), digest]).map_err(Error::internal)?;
    }
    archive.start_file("muc-luc.csv", options).map_err(Error::internal)?;
    let list = list.into_inner().map_err(Error::internal)?;
    archive.write_all(&list).map_err(Error::internal)?;
    let mut file = archive.finish().map_err(Error::internal)?;
    let size = file.seek(SeekFrom::End(0)).map_err(Error::internal)?;
    file.rewind().map_err(Error::internal)?;
    Ok((file, size))
}

/// Copies a part, and tells how long it is and what its SHA-256 is.
fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<(u64, String)> {
    let mut digest = Sha256::new();
    let mut block = vec![0; 64 * 1024];
    let mut size = 0_u64;
    loop {
        let read = from.read(&mut block).map_err(Error::internal)?;
        let Some(bytes) = block.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        digest.update(bytes);
        to.write_all(bytes).map_err(Error::internal)?;
        size = size.saturating_add(u64::try_from(read).map_err(Error::internal)?);
    }
    Ok((size, hexadecimal(&digest.finalize())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_archive_leads_nowhere_else() {
        assert_eq!(plain("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(plain("Giấy đăng ký.pdf"), "Giấy đăng ký.pdf");
        assert_eq!(plain("C:\\x\n.pdf"), "C--x-.pdf");
    }
}
