//! What stands beside a product on an agenda once its council has concluded: the result, what each criterion came to, and what
//! is printed of it.

use serde_json::Value;

use crate::account::Work;
use crate::base::{Error, Result};
use crate::criteria::LeastOption;
use crate::cycle::Condition;
use crate::decision::certificate_store;
use crate::decision::result_notice::store::ResultNoticeFilter;
use crate::decision::{ResultNotice, certificate_steps};
use crate::desk::counter::Beside;
use crate::desk::kinds::result_words::{OUTCOMES, mean, stars};
use crate::desk::words::{said, word};
use crate::http::Language;
use crate::page::words::moment;
use crate::page::words::number;
use crate::rating::disclosure::feedback::feedback;
use crate::rating::papers::api::{may_have_minutes, share};
use crate::rating::result::Concluded;
use crate::rating::{Council, Session, appeal, rules};
use crate::station::{Listed, Stretch, find, label};

/// Nothing before the conclusion.
pub fn beside(work: &mut Work, session: &Session) -> Result<Vec<Beside>> {
    let Some(result) = &session.concluded else { return Ok(Vec::new()) };
    let mut beside = vec![came_to(result, work.language)];
    beside.extend(by_criterion(work, session)?);
    beside.extend(papers(work, session)?);
    beside.extend(led_to(work, session)?);
    Ok(beside)
}

/// The outcome with its exact mean, and what stood against more.
fn came_to(result: &Concluded, language: Language) -> Beside {
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut rows = vec![vec![say("Kết luận", "Conclusion"), word(OUTCOMES, result.outcome.as_ref(), language)]];
    if let Some(given) = result.stars {
        rows.push(vec![say("Hạng sao", "Stars"), stars(language, given)]);
    }
    if let Some(exact) = rules::mean(result.sum, result.sheets).filter(|_| result.gate_criterion.is_none()) {
        rows.push(vec![say("Điểm trung bình", "Mean"), mean(language, &exact.to_string())]);
    }
    rows.push(vec![say("Số phiếu", "Sheets"), result.sheets.to_string()]);
    if let Some((criterion, reasons)) = result.gate_criterion.as_ref().zip(result.gate_reason.as_ref()) {
        let head = format!("{} {criterion}", say("Điều kiện loại, tiêu chí", "What disqualified it, criterion"));
        rows.push(vec![head, reasons.lines().collect::<Vec<_>>().join("; ")]);
    }
    for condition in &result.unmet.0 {
        rows.push(vec![say("Điều kiện chưa có", "Condition not met"), unmet(condition, language)]);
    }
    for least in &result.unmet_options.0 {
        rows.push(vec![say("Mức tối thiểu chưa đạt", "Least option not met"), least_option(least, language)]);
    }
    rows.push(vec![say("Kết luận lúc", "Concluded"), moment(language, result.concluded_at)]);
    let mut told = Beside::new(label("Kết quả", "Result"));
    told.table = Some((vec![say("Mục", "What"), say("Kết quả", "Result")], rows));
    told
}

const FIGURES: &[crate::desk::words::Wording] = &[("yearly_output", label("Sản lượng một năm", "Output of a year"))];

fn unmet(condition: &Condition, language: Language) -> String {
    let for_stars = stars(language, condition.stars());
    match condition {
        Condition::Document { document, .. } => format!("{}: {}", for_stars, language.pick(&document.name())),
        Condition::Number { name, at_least, unit, .. } => {
            let figure = word(FIGURES, name, language);
            format!("{for_stars}: {figure} ≥ {} {unit}", number(language, *at_least))
        }
    }
}

fn least_option(least: &LeastOption, language: Language) -> String {
    let (points, given) = (least.points.get(), stars(language, least.stars));
    match language {
        Language::Vietnamese => format!("Tiêu chí {}: từ {points} điểm, cho {given}", least.criterion),
        Language::English => format!("Criterion {}: {points} points or more, for {given}", least.criterion),
    }
}

/// The mean of each criterion beside the own marks, and what the next star takes.
fn by_criterion(work: &mut Work, session: &Session) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let told = serde_json::to_value(feedback(work, session)?).map_err(Error::internal)?;
    let own = told.get("self_total").and_then(Value::as_i64);
    let title = match language {
        Language::Vietnamese => "title",
        Language::English => "title_en",
    };
    let decimal = |of: &Value, name: &str| {
        let text = of.get(name).and_then(Value::as_str).unwrap_or_default();
        if language == Language::Vietnamese { text.replace('.', ",") } else { text.to_owned() }
    };
    let whole = |of: &Value, name: &str| of.get(name).and_then(Value::as_i64).map(|points| points.to_string());
    let row = |criterion: &Value| {
        let text = |name: &str| criterion.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut row = vec![
            format!("{} {}", text("criterion"), text(title)),
            decimal(criterion, "mean"),
            whole(criterion, "max").unwrap_or_default(),
            decimal(criterion, "headroom"),
        ];
        if own.is_some() {
            row.push(whole(criterion, "self_points").unwrap_or_else(|| "—".to_owned()));
        }
        row
    };
    let rows: Vec<Vec<String>> =
        told.get("criteria").and_then(Value::as_array).into_iter().flatten().map(row).collect();
    let mut found = Vec::new();
    if let Some(next) = told.get("next_star").filter(|next| next.is_object()) {
        let mut star = Beside::new(label("Để đạt hạng cao hơn", "For the next star"));
        let mut lines = vec![
            vec![say("Hạng tiếp theo", "Next stars"), whole(next, "stars").unwrap_or_default()],
            vec![say("Từ số điểm", "Begins at"), whole(next, "from").unwrap_or_default()],
            vec![
                say("Còn thiếu", "Lacking"),
                mean(language, next.get("lacking").and_then(Value::as_str).unwrap_or("0")),
            ],
        ];
        let least = next.get("unmet_options").cloned().unwrap_or_default();
        let least: Vec<LeastOption> = serde_json::from_value(least).unwrap_or_default();
        lines.extend(
            least.iter().map(|least| {
                vec![say("Mức tối thiểu chưa đạt", "Least option not met"), least_option(least, language)]
            }),
        );
        star.table = Some((vec![say("Mục", "What"), say("Cần có", "Needed")], lines));
        found.push(star);
    }
    if !rows.is_empty() {
        let mut criteria = Beside::new(label("Điểm trung bình theo tiêu chí", "Means by criterion"));
        let mut heads = vec![
            say("Tiêu chí", "Criterion"),
            say("Trung bình", "Mean"),
            say("Tối đa", "At most"),
            say("Có thể thêm", "Could be gained"),
        ];
        heads.extend(own.map(|_| say("Tự chấm", "Own marks")));
        criteria.table = Some((heads, rows));
        found.push(criteria);
    }
    Ok(found)
}

/// What may be printed of it: minutes, sheets, notices.
fn papers(work: &mut Work, session: &Session) -> Result<Option<Beside>> {
    let say = |vi, en| label(vi, en);
    let language = work.language;
    let mut papers = Beside::new(label("In", "Print"));
    let mut add = |address: String, text: String| papers.links.push((address, text));
    let council = find::<Council>(work, &session.council.id);
    let sessions = std::slice::from_ref(session);
    if council.is_ok_and(|council| may_have_minutes(&work.actor, &council, sessions)) {
        let text = said(language, say("Biên bản họp hội đồng", "Minutes of the council"));
        add(format!("/desk/councils/{}/minutes", session.council.id), text.to_owned());
    }
    if share(work.asker(), session).is_ok() {
        let text = said(language, say("Phiếu đánh giá", "The sheets"));
        add(format!("/desk/agenda-items/{}/sheet-papers", session.item.id), text.to_owned());
    }
    let filter = ResultNoticeFilter { agenda_item_id: Some(session.item.id), ..ResultNoticeFilter::default() };
    for ResultNotice { row } in ResultNotice::list(work, &filter, &Stretch::first(20))? {
        let text = format!("{} {}", said(language, say("Thông báo kết quả số", "Notice of the result")), row.number);
        add(format!("/desk/result-notices/{}/paper", row.id), text);
    }
    Ok((!papers.links.is_empty()).then_some(papers))
}

/// What came of the result, and what may come of it.
fn led_to(work: &mut Work, session: &Session) -> Result<Option<Beside>> {
    let language = work.language;
    let item = session.item.id;
    let mut next = Beside::new(label("Sau kết luận", "After the conclusion"));
    let certificate = certificate_store::of_agenda_item(work.connection, item)?;
    if let Some(certificate) = certificate.filter(|certificate| work.actor.sees(&certificate.home())) {
        let text = format!("{} {}", said(language, label("Giấy chứng nhận", "Certificate")), certificate.number);
        next.links.push((format!("/desk/certificates/{}", certificate.id), text));
    }
    if let Some((id, home)) = appeal::store::lodged(work.connection, item)?
        && work.actor.sees(&home)
    {
        let text = said(language, label("Khiếu nại kết quả này", "The appeal against this result"));
        next.links.push((format!("/desk/appeals/{id}"), text.to_owned()));
    }
    let is_own = work.actor.unit.as_ref() == Some(&session.council.unit_code);
    if is_own && work.actor.is(certificate_steps::OFFICES) {
        let text = said(language, label("Thông báo kết quả bằng văn bản", "Give notice of the result in writing"));
        next.links.push((format!("/desk/result-notices/new?agenda_item_id={item}"), text.to_owned()));
        let text = said(language, label("Soạn quyết định", "Draft a decision"));
        next.links.push(("/desk/decisions/new".to_owned(), text.to_owned()));
    }
    Ok((!next.links.is_empty()).then_some(next))
}
