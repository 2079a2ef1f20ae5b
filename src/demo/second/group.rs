//! The working group at its work: what it surveys on site, and what it reports to the council.

use crate::account::Actor;
use crate::base::id::{AgendaItemId, GroupReportId, SurveyId};
use crate::base::{Day, Moment, Result};
use crate::demo::stage::{Stage, on};
use crate::files::{Arrived, FileKind, Folder};
use crate::rating::group_report::rules::{GroupReportForm, Proposal};
use crate::rating::group_report::steps::GroupReportFinish;
use crate::rating::survey::making::SurveyForm;
use crate::rating::survey::rules::{Finding, MemberForm, TestForm};
use crate::rating::survey::steps::{PhotographFields, ResultForm};
use crate::rating::{Session, Survey, group_report, survey};
use crate::station::{Note, Order, Uploaded, apply, find};

/// Findings of the first criteria of a set, whatever they ask.
const FOUND: [&str; 3] = [
    "Đúng như hồ sơ; vùng nguyên liệu ở ngay trong xã, có sổ theo dõi thu mua của từng hộ.",
    "Xưởng bố trí một chiều, có sổ vệ sinh; người trực tiếp sản xuất có giấy khám sức khỏe còn hạn.",
    "Đang làm, cần bổ sung hợp đồng với cơ sở thứ hai như đã nêu trong phương án.",
];

/// Looks at a product on site and asks for a test whose result is not in.
pub fn survey_begun(stage: &mut Stage, office: &Actor, item: AgendaItemId, on_day: Day) -> Result<SurveyId> {
    let work = &mut stage.work(office, on(on_day, 420));
    let session: Session = find(work, &item)?;
    let (set, _) = session.set(work)?;
    let codes = set.criteria().map(|criterion| criterion.code.clone());
    let findings = codes.zip(FOUND).map(|(criterion, text)| Finding { criterion, text: text.to_owned() }).collect();
    let member = |name: Option<&str>, account_id, organisation: &str| MemberForm {
        account_id,
        name: name.map(str::to_owned),
        organisation: organisation.to_owned(),
    };
    let form = SurveyForm {
        surveyed_on: on_day,
        team: vec![
            member(None, Some(office.id), "Văn phòng Điều phối Nông thôn mới tỉnh"),
            member(Some("Phan Thị Hồng Nhung"), None, "Chi cục Quản lý chất lượng nông lâm sản và thủy sản"),
            member(Some("Trần Quốc Việt"), None, "Sở Công Thương"),
        ],
        findings,
        tests: vec![TestForm {
            what: "Chì (Pb)".into(),
            laboratory: "Trung tâm Kiểm soát bệnh tật tỉnh".into(),
            asked_on: on_day,
        }],
    };
    let id = apply(work, &survey::making::RECORD, &item, Order::given(form))?;
    let folder = Folder::of(&stage.app().data_dir);
    let file = Arrived::kept(&folder, PHOTOGRAPH, FileKind::Png, "xuong-san-xuat.png".into())?;
    let fields = PhotographFields { caption: Some("Xưởng sản xuất".into()) };
    let work = &mut stage.work(office, on(on_day, 430));
    apply(work, &survey::steps::ADD_PHOTOGRAPH, &id, Order::given(Uploaded { fields, file }))?;
    Ok(id)
}

/// One white pixel: the demo draws no people's workshops.
const PHOTOGRAPH: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\
\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\xf8\xff\xff\x3f\x00\x05\xfe\x02\xfe\x0d\
\xef\x46\xb8\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

/// As [`survey_begun`], with the result, and finished the next day.
pub fn surveyed(stage: &mut Stage, office: &Actor, item: AgendaItemId, on_day: Day) -> Result<()> {
    let id = survey_begun(stage, office, item, on_day)?;
    let work = &mut stage.work(office, on(on_day.plus_days(1), 400));
    let known: Survey = find(work, &id)?;
    for test in known.row.tests.0 {
        let result = ResultForm {
            test: test.id,
            value: "< 0,02 mg/kg".into(),
            limit: Some("0,1 mg/kg (QCVN 8-2:2011/BYT)".into()),
            conforms: true,
        };
        apply(work, &survey::steps::RECORD_RESULT, &id, Order::given(result))?;
    }
    apply(work, &survey::steps::FINISH, &id, Order::given(Note::NONE))
}

/// Begins the report.
pub fn report_drafted(stage: &mut Stage, office: &Actor, item: AgendaItemId, at: Moment) -> Result<GroupReportId> {
    let form = GroupReportForm {
        leader: "Lê Thanh Bình".into(),
        dossier_check:
            "Hồ sơ đủ thành phần theo quy định; nội dung khớp giữa phiếu đăng ký, tự đánh giá và minh chứng.".into(),
        assessment: "Cơ sở sản xuất ổn định, nguyên liệu tại chỗ; bao bì và nhãn đầy đủ thông tin bắt buộc.".into(),
        proposal: Proposal::Score,
        proposal_text: None,
    };
    apply(&mut stage.work(office, at), &group_report::making::DRAFT, &item, Order::given(form))
}

/// Reports under a number.
pub fn reported(stage: &mut Stage, office: &Actor, item: AgendaItemId, number: &str, dated: Day) -> Result<()> {
    let id = report_drafted(stage, office, item, on(dated, 0))?;
    let finish = GroupReportFinish { number: number.to_owned(), dated };
    let work = &mut stage.work(office, on(dated, 30));
    apply(work, &group_report::steps::FINISH, &id, Order::given(finish))
}
