//! What stands beside an inspection on the desk: team, checklist, samples, minutes, corrections, files, and what may follow.

use serde_json::Value;

use crate::account::{Role, Work};
use crate::base::Result;
use crate::cycle::EditionCode;
use crate::cycle::dossiers::LatestCertificate;
use crate::decision::certificate_store::{self, Certificate};
use crate::desk::counter::Beside;
use crate::desk::words::{Wording, said, word};
use crate::http::Language;
use crate::inspection::record::{Correction, Minutes};
use crate::inspection::rules::{State, can_be_taken_back};
use crate::inspection::store::FilePurpose;
use crate::inspection::{Inspection, checklist, signature};
use crate::page::words::{day, moment};
use crate::station::{Label, label};

pub const KINDS: &[Wording] = &[("periodic", label("Định kỳ", "Periodic")), ("sudden", label("Đột xuất", "Sudden"))];

pub const RESULTS: &[Wording] = &[("passed", label("Đạt", "Passed")), ("failed", label("Không đạt", "Failed"))];

pub const ANSWERS: &[Wording] = &[
    ("kept", label("Đúng", "Kept")),
    ("broken", label("Vi phạm", "Broken")),
    ("not_applicable", label("Không áp dụng", "Does not apply")),
];

pub const SIDES: &[Wording] = &[
    ("team", label("Đoàn kiểm tra", "The team")),
    ("producer", label("Chủ thể", "The producer")),
    ("witness", label("Người chứng kiến", "A witness")),
];

fn table(language: Language, title: Label, heads: &[Label], rows: Vec<Vec<String>>) -> Option<Beside> {
    (!rows.is_empty()).then(|| {
        let heads = heads.iter().map(|head| said(language, *head).to_owned()).collect();
        Beside { table: Some((heads, rows)), ..Beside::new(title) }
    })
}

const YES: Label = label("Có", "Yes");
const NO: Label = label("Không", "No");

fn yes_or_no(language: Language, is_so: bool) -> String {
    said(language, if is_so { YES } else { NO }).to_owned()
}

pub fn beside(work: &mut Work, inspection: &Inspection, _: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let mut beside = Vec::new();
    beside.extend(team(language, inspection));
    beside.extend(answered(language, inspection)?);
    beside.extend(sampled(language, inspection));
    beside.extend(inspection.row.minutes.as_ref().map(|minutes| signed(language, &minutes.0)));
    beside.extend(corrected(language, &inspection.row.corrections.0));
    beside.extend(files(inspection));
    beside.extend(printed(language, inspection));
    beside.extend(follows(work, inspection)?);
    Ok(beside)
}

fn team(language: Language, inspection: &Inspection) -> Option<Beside> {
    let heads = [label("Họ và tên", "Name"), label("Đơn vị", "Organisation"), label("Trưởng đoàn", "Leads")];
    let members = inspection.row.members.0.iter();
    let rows = members.map(|member| {
        vec![
            member.name.clone(),
            member.organisation.clone(),
            if member.leads { yes_or_no(language, true) } else { String::new() },
        ]
    });
    table(language, label("Thành phần đoàn kiểm tra", "Who is in the team"), &heads, rows.collect())
}

fn answered(language: Language, inspection: &Inspection) -> Result<Option<Beside>> {
    let heads = [label("Nội dung", "Item"), label("Kết quả", "Found"), label("Ghi chú", "Note")];
    let mut rows = Vec::new();
    for item in checklist::items()? {
        let Some(found) = inspection.row.answers.0.iter().find(|answer| answer.item == item.code) else { continue };
        let name = match language {
            Language::Vietnamese => &item.vi,
            Language::English => &item.en,
        };
        let answer = match found.answer {
            checklist::Finding::Kept => "kept",
            checklist::Finding::Broken => "broken",
            checklist::Finding::NotApplicable => "not_applicable",
        };
        rows.push(vec![name.clone(), word(ANSWERS, answer, language), found.note.clone().unwrap_or_default()]);
    }
    Ok(table(language, label("Nội dung kiểm tra", "Checklist"), &heads, rows))
}

fn sampled(language: Language, inspection: &Inspection) -> Option<Beside> {
    let heads = [
        label("Mẫu", "Sample"),
        label("Cơ sở kiểm nghiệm", "Laboratory"),
        label("Chỉ tiêu", "Test"),
        label("Giới hạn", "Limit"),
        label("Kết quả", "Result"),
        label("Trong giới hạn", "Within"),
    ];
    let mut rows = Vec::new();
    for sample in &inspection.row.samples.0 {
        for test in &sample.tests {
            let (value, within) = match &test.result {
                Some(result) => (result.value.clone(), yes_or_no(language, result.within)),
                None => (said(language, label("Chưa có", "Not in yet")).to_owned(), String::new()),
            };
            rows.push(vec![
                format!("{} ({})", sample.seal_number, day(language, sample.taken_on)),
                sample.laboratory.clone(),
                test.what.clone(),
                format!("{} {}", test.limit, test.unit),
                value,
                within,
            ]);
        }
    }
    table(language, label("Mẫu kiểm nghiệm", "Samples"), &heads, rows)
}

fn signed(language: Language, minutes: &Minutes) -> Beside {
    let mut rows = vec![
        vec![said(language, label("Ký lúc", "Signed at")).to_owned(), moment(language, minutes.signed_at)],
        vec![said(language, label("Nơi lập", "Place")).to_owned(), minutes.place.clone()],
        vec![said(language, label("Đại diện chủ thể", "For the producer")).to_owned(), minutes.representative.clone()],
    ];
    for (head, text) in [
        (label("Giải trình", "Explanation"), &minutes.explanation),
        (label("Lý do không ký", "Why the producer did not sign"), &minutes.refusal),
    ] {
        rows.extend(text.as_ref().map(|text| vec![said(language, head).to_owned(), text.clone()]));
    }
    for signature in &minutes.signatures {
        rows.push(vec![word(SIDES, signature.side.as_ref(), language), signature.name.clone()]);
    }
    let drawings: Vec<String> =
        minutes.signatures.iter().filter_map(|signature| signature::drawing(&signature.strokes)).collect();
    let heads =
        vec![said(language, label("Mục", "Entry")).to_owned(), said(language, label("Nội dung", "What")).to_owned()];
    Beside {
        table: Some((heads, rows)),
        drawing: (!drawings.is_empty()).then(|| drawings.concat()),
        ..Beside::new(label("Biên bản kiểm tra", "Minutes"))
    }
}

fn corrected(language: Language, corrections: &[Correction]) -> Option<Beside> {
    let heads = [
        label("Yêu cầu", "Order"),
        label("Hạn", "By"),
        label("Chủ thể trả lời", "Reply"),
        label("Kiểm tra lại", "Follow-up"),
        label("Đã khắc phục", "Corrected"),
    ];
    let row = |correction: &Correction| {
        let found = correction.follow_up.as_ref();
        vec![
            correction.text.clone(),
            day(language, correction.due_on),
            correction.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default(),
            found.map(|found| format!("{} ({})", found.text, day(language, found.on))).unwrap_or_default(),
            found.map(|found| yes_or_no(language, found.corrected)).unwrap_or_default(),
        ]
    };
    table(language, label("Yêu cầu khắc phục", "Corrections"), &heads, corrections.iter().map(row).collect())
}

fn files(inspection: &Inspection) -> Option<Beside> {
    let mut kept = Beside::new(label("Ảnh, giấy tờ", "Photographs and papers"));
    for (file, stored) in &inspection.files {
        let told = file.caption.clone().unwrap_or_else(|| stored.name.clone());
        let link = (format!("/desk/inspection-files/{}", file.id), told);
        if file.purpose == FilePurpose::Photograph && stored.media_type.starts_with("image/") {
            kept.pictures.push(link.clone());
        }
        kept.links.push(link);
    }
    (!kept.links.is_empty()).then_some(kept)
}

/// The minutes on paper: a form to be filled in by hand until they are signed.
fn printed(language: Language, inspection: &Inspection) -> Option<Beside> {
    let row = &inspection.row;
    (row.visited_at.is_some() && row.state != State::Cancelled).then(|| {
        let text = said(language, label("Biên bản kiểm tra", "Minutes of the inspection"));
        let links = vec![(format!("/desk/inspections/{}/paper", row.id), text.to_owned())];
        Beside { links, ..Beside::new(label("Bản in", "To be printed")) }
    })
}

/// What may be done beside the inspection's own steps: hold the product, recall a lot, take the certificate back.
fn follows(work: &mut Work, inspection: &Inspection) -> Result<Option<Beside>> {
    let (row, language) = (&inspection.row, work.language);
    let mut follows = Beside::new(label("Xử lý kèm theo", "What may follow"));
    let is_visited = row.visited_at.is_some() && row.state != State::Cancelled;
    if is_visited && work.actor.is(&[Role::Inspector, Role::ProvincialOfficer]) {
        let text = label("Tạm đình chỉ sản phẩm này", "Place a hold on this product");
        follows.links.push((format!("/desk/holds/new?product_id={}", row.product_id), said(language, text).to_owned()));
        let lots = label("Các lô của sản phẩm, để tạm đình chỉ hoặc thu hồi", "Its lots, to be held or recalled");
        follows.links.push((format!("/desk/lots?product_id={}", row.product_id), said(language, lots).to_owned()));
    }
    let proposed = row.ground.zip(row.concluded_on).filter(|_| work.actor.is(&[Role::ProvincialOfficer]));
    if let Some((ground, concluded_on)) = proposed {
        let today = work.now.day();
        let certificates = certificate_store::of_product(work.connection, row.product_id)?;
        let latest = certificates.last().filter(|certificate| {
            let Certificate { issued_on, valid_until, revoked_on, .. } = **certificate;
            let latest = LatestCertificate { issued_on, valid_until, is_revoked: revoked_on.is_some() };
            can_be_taken_back(latest, concluded_on, today)
        });
        if let Some(certificate) = latest {
            let revocation = EditionCode::in_force_on(today)?.edition()?.revocation;
            let (kind, text) = if revocation.is_centres(certificate.stars) {
                ("centre_revoke", label("Ghi quyết định thu hồi của Bộ", "Record the ministry's decision"))
            } else {
                ("revoke", label("Soạn quyết định thu hồi", "Draft the decision that takes the certificate back"))
            };
            let address = format!(
                "/desk/decisions/new?kind={kind}&certificate_ids={}&ground={}",
                certificate.id,
                ground.as_ref()
            );
            follows.links.push((address, said(language, text).to_owned()));
        }
    }
    Ok((!follows.links.is_empty()).then_some(follows))
}
