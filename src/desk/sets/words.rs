//! What a criteria set says, in words.

use serde_json::Value;

use crate::criteria::comparison::OptionPair;
use crate::criteria::store::SetVersion;
use crate::criteria::tree::{Case, Choice, Criterion, GateKind, JudgedBy, Set};
use crate::cycle::EditionCode;
use crate::desk::kinds::cycles::EDITIONS;
use crate::desk::kinds::producers::KINDS;
use crate::desk::words::{said, word};
use crate::http::Language;
use crate::page::Texts;
use crate::page::words::day;
use crate::station::{Label, label};

/// What something is called, and what stands there.
pub type Fact = (&'static str, String);

/// The Vietnamese or the English of two texts; the Vietnamese where nobody translated it.
pub fn pick<'a>(language: Language, vi: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::English if !en.is_empty() => en,
        _ => vi,
    }
}

pub fn title(set: &Set, language: Language) -> &str {
    pick(language, &set.title, &set.title_en)
}

pub fn edition(code: EditionCode, language: Language) -> String {
    word(EDITIONS, code.as_ref(), language)
}

pub fn version(language: Language, version: i32) -> String {
    format!("{} {version}", said(language, label("Phiên bản", "Version")))
}

/// `QĐ 26/2026/QĐ-TTg, phiên bản 2 (22/02/2026)`.
pub fn of_version(known: &SetVersion, language: Language) -> String {
    let number = version(language, known.version);
    format!("{} · {number} ({})", edition(known.edition, language), day(language, known.created_at.day()))
}

fn yes(language: Language, is_so: bool) -> String {
    let told = if is_so { label("Có", "Yes") } else { label("Không", "No") };
    said(language, told).to_owned()
}

/// What a set says of itself.
pub fn heading(set: &Set, language: Language) -> Vec<Fact> {
    let say = |label: Label| said(language, label);
    let mut facts = vec![
        (say(label("Tên", "Title")), set.title.clone()),
        (say(label("Tên tiếng Anh", "English title")), set.title_en.clone()),
        (say(label("Nhóm sản phẩm", "Group of products")), set.sector.told(&Texts::of(language).sectors).to_owned()),
        (say(label("Dùng để chấm được", "Can be scored with")), yes(language, set.complete)),
    ];
    if set.criteria().any(|criterion| criterion.alternatives) {
        let kinds: Vec<String> = set.first_case.iter().map(|kind| word(KINDS, kind.as_ref(), language)).collect();
        let whom = if kinds.is_empty() {
            say(label("Mọi chủ thể, trừ hộ kinh doanh", "All producers but households")).to_owned()
        } else {
            kinds.join(", ")
        };
        facts.push((say(label("Chấm theo thang thứ nhất", "Scored on the first scale")), whom));
    }
    if let Some(note) = &set.note {
        facts.push((say(label("Ghi chú", "Note")), note.clone()));
    }
    facts
}

/// `25 điểm`.
pub fn points(language: Language, points: i32) -> String {
    match (language, points) {
        (Language::Vietnamese, _) => format!("{points} điểm"),
        (Language::English, 1) => "1 point".to_owned(),
        (Language::English, _) => format!("{points} points"),
    }
}

/// What a criterion says beside its options.
pub fn criterion(criterion: &Criterion, language: Language) -> Vec<Fact> {
    let say = |label: Label| said(language, label);
    let mut facts = vec![
        (say(label("Tên", "Title")), pick(language, &criterion.title, &criterion.title_en).to_owned()),
        (say(label("Điểm tối đa", "Most points")), criterion.max.get().to_string()),
    ];
    facts.extend(conditions(criterion, language));
    facts
}

/// On what a criterion hangs and what follows from it.
pub fn conditions(criterion: &Criterion, language: Language) -> Vec<Fact> {
    let say = |label: Label| said(language, label);
    let mut facts = Vec::new();
    if let Some(parent) = &criterion.parent {
        let title = criterion.parent_title.as_deref().unwrap_or_default();
        facts.push((say(label("Thuộc mục", "Under")), format!("{parent} {title}")));
    }
    if let Some(base) = &criterion.depends_on {
        let told = match language {
            Language::Vietnamese => format!("Chỉ chấm khi tiêu chí {base} trên 0 điểm"),
            Language::English => format!("Only where criterion {base} has more than 0 points"),
        };
        facts.push((say(label("Điều kiện chấm", "Applies")), told));
    }
    if let Some(gate) = &criterion.gate {
        let kind = match gate.kind {
            GateKind::Reject => label("Bị loại", "Disqualifies"),
            GateKind::Stop => label("Dừng đánh giá", "Ends the evaluation"),
        };
        facts.push((say(kind), gate.ground.clone()));
    }
    if let Some(judged_by) = criterion.judged_by {
        let what = match judged_by {
            JudgedBy::Document => label("Hồ sơ, giấy tờ", "The dossier's papers"),
            JudgedBy::Session => label("Thử, xem tại phiên chấm", "What is seen and tasted at the session"),
        };
        facts.push((say(label("Căn cứ chấm", "Judged by")), say(what).to_owned()));
    }
    if let Some(note) = &criterion.note {
        facts.push((say(label("Ghi chú", "Note")), note.clone()));
    }
    facts
}

/// An option with what it takes: `Từ 50% đến dưới 75%`, `Tối thiểu cho 4 sao`.
pub fn choice(choice: &Choice, language: Language) -> Vec<String> {
    let mut told = vec![choice.label.clone()];
    if let Some(stars) = choice.least_for_stars {
        told.push(match language {
            Language::Vietnamese => format!("Tối thiểu để đạt {} sao", stars.get()),
            Language::English => format!("Least for {} stars", stars.get()),
        });
    }
    if let Some(case) = choice.case {
        let which = match case {
            Case::First => label("Thang thứ nhất", "First scale"),
            Case::Second => label("Thang thứ hai", "Second scale"),
        };
        told.push(said(language, which).to_owned());
    }
    told
}

/// One side of an option as it stands in a comparison.
pub fn side(held: Option<(usize, &Choice)>, language: Language) -> Option<String> {
    let (_, held) = held?;
    Some(format!("{} · {}", points(language, held.points.get()), choice(held, language).join(" · ")))
}

/// Whether an option was added, removed, changed or left.
pub fn mark(pair: &OptionPair) -> &'static str {
    match (pair.before, pair.after) {
        _ if pair.is_same() => "same",
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

/// What a place of a set that is sent is called: `/parts/0/groups/1/criteria/2/max` is
/// `Phần A › Nhóm 2 › Tiêu chí 2.3 › Điểm tối đa`.
pub fn place(pointer: &str, sent: &Value, language: Language) -> String {
    let say = |label: Label| said(language, label).to_owned();
    let mut at = String::new();
    let mut told = Vec::new();
    let mut list = None;
    for part in pointer.split('/').skip(1) {
        at.push('/');
        at.push_str(part);
        let level = match part {
            "parts" => Some(label("Phần", "Part")),
            "groups" => Some(label("Nhóm", "Group")),
            "criteria" => Some(label("Tiêu chí", "Criterion")),
            "options" => Some(label("Phương án", "Option")),
            _ => None,
        };
        match (list.take(), part.parse::<usize>(), level) {
            (Some(level), Ok(place), _) => {
                let code = sent.pointer(&at).and_then(|held| held.get("code")?.as_str());
                let code = code.filter(|code| !code.trim().is_empty()).map(str::to_owned);
                let number = (place + 1).to_string();
                told.push(format!("{} {}", say(level), code.unwrap_or(number)));
            }
            (_, _, Some(level)) => list = Some(level),
            _ => told.push(member(part).map_or_else(|| format!("“{part}”"), say)),
        }
    }
    // A list by itself.
    told.extend(list.map(say));
    if told.is_empty() { say(label("Bộ tiêu chí", "The set")) } else { told.join(" › ") }
}

fn member(name: &str) -> Option<Label> {
    Some(match name {
        "code" => label("Mã (code)", "Code"),
        "edition" => label("Theo quyết định (edition)", "Edition"),
        "version" => label("Phiên bản (version)", "Version"),
        "complete" => label("Dùng để chấm được (complete)", "Complete"),
        "title" => label("Tên (title)", "Title"),
        "title_en" => label("Tên tiếng Anh (title_en)", "English title (title_en)"),
        "sector" => label("Nhóm sản phẩm (sector)", "Group of products (sector)"),
        "note" => label("Ghi chú (note)", "Note"),
        "first_case" => label("Chấm theo thang thứ nhất (first_case)", "First scale (first_case)"),
        "max" => label("Điểm tối đa (max)", "Most points (max)"),
        "parent" => label("Mã mục cha (parent)", "Heading (parent)"),
        "parent_title" => label("Tên mục cha (parent_title)", "Heading's title (parent_title)"),
        "depends_on" => label("Điều kiện chấm (depends_on)", "Applies only with (depends_on)"),
        "alternatives" => label("Hai thang điểm (alternatives)", "Two scales (alternatives)"),
        "gate" => label("Điều kiện loại (gate)", "Gate"),
        "kind" => label("Loại (kind)", "Kind"),
        "ground" => label("Lý do (ground)", "Ground"),
        "judged_by" => label("Căn cứ chấm (judged_by)", "Judged by"),
        "points" => label("Điểm (points)", "Points"),
        "label" => label("Nội dung (label)", "Label"),
        "least_for_stars" => label("Tối thiểu cho hạng sao (least_for_stars)", "Least for stars"),
        "case" => label("Thang điểm (case)", "Scale (case)"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_told_as_people_find_it() {
        let sent = json!({"parts": [{"code": "A", "groups": [{}, {"code": "2", "criteria": [{"code": "2.1"}]}]}]});
        for (pointer, told) in [
            ("", "Bộ tiêu chí"),
            ("/title", "Tên (title)"),
            ("/colour", "“colour”"),
            ("/parts", "Phần"),
            ("/parts/0/max", "Phần A › Điểm tối đa (max)"),
            ("/parts/0/groups/0/criteria", "Phần A › Nhóm 1 › Tiêu chí"),
            (
                "/parts/0/groups/1/criteria/0/options/2/points",
                "Phần A › Nhóm 2 › Tiêu chí 2.1 › Phương án 3 › Điểm (points)",
            ),
            (
                "/parts/4/groups/1/criteria/0/gate/kind",
                "Phần 5 › Nhóm 2 › Tiêu chí 1 › Điều kiện loại (gate) › Loại (kind)",
            ),
        ] {
            assert_eq!(place(pointer, &sent, Language::Vietnamese), told, "{pointer}");
        }
    }
}
