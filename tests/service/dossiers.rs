//! Dossiers under 26/2026/QĐ-TTg: who may enter, what each kind holds, receipts and what was handed in, the commune's step and
//! its term, samples, the printed forms.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::audit::verify;
use crate::desk_browser::{Browser, form};
use crate::editions::{Candidate, SET, Year, synthetic_set};
use crate::engine::{Engine, on_both};
use crate::province::Person;
use crate::walk::{A_PDF, criteria, id, marks, producer_form};

/// A Monday; the term of 15 working days ends on the 27th.
const TODAY: &str = "2026-07-06";

fn year(engine: Engine) -> Year {
    Year::new(engine, "26-2026", TODAY, json!([]))
}

fn resource(candidate: &Candidate) -> String {
    format!("/dossiers/{}", candidate.dossier)
}

/// A document of the candidate's product.
fn document(year: &Year, candidate: &Candidate, kind: &str, valid_until: Option<&str>) -> String {
    let mut fields = vec![("kind", kind)];
    fields.extend(valid_until.map(|day| ("valid_until", day)));
    id(&year
        .province
        .upload(&year.producer, &format!("/products/{}/documents", candidate.product), &fields, A_PDF)
        .created())
}

/// A dossier with the producer's own marks, handed in.
fn handed_in(year: &Year, name: &str) -> Candidate {
    let candidate = year.approved(name, None);
    let own = json!({"self_marks": marks(&year.set, 70)});
    year.province.patch(&year.producer, &resource(&candidate), own).ok();
    year.hand_in(&candidate);
    candidate
}

/// Form 03 as the commune fills it.
pub fn report() -> Value {
    json!({"local_material": "Mật lấy trong xã", "local_labour": "Tám lao động của xã", "origin_of_idea": "Nghề lâu đời",
        "local_identity": "Ong nội, rừng Vũ Quang", "completeness": "Đủ thành phần", "letter_number": "21/UBND-KT",
        "letter_date": TODAY})
}

fn forwarded(year: &Year, name: &str) -> Candidate {
    let candidate = handed_in(year, name);
    year.step(&year.commune, &resource(&candidate), "forward", report());
    candidate
}

#[test]
fn who_may_enter_with_which_set_is_told_in_the_field() {
    on_both(|engine| {
        let year = year(engine);
        let enter = |kind: &str, number: &str| {
            let mut form = producer_form(kind, "18196", number);
            form["kind"] = json!(kind);
            let producer = year.province.post(&year.commune, "/producers", form).created();
            assert_eq!(producer["kind"], kind);
            id(&producer)
        };
        let (farm, association) = (enter("farm", "0100000011"), enter("association", "0100000012"));
        let idea = |producer: &str, set: &str| {
            let form = json!({"cycle_id": year.cycle, "producer_id": producer, "kind": "new", "product_name": "Tua",
                "criteria_set": set, "description": "x", "target_value": 1, "packaging": "x"});
            year.province.post(&year.commune, "/ideas", form)
        };
        idea(&farm, SET).created();
        idea(&association, SET).fault("/criteria_set", "kind_not_admitted");
        let entered = idea(&association, "du-lich-cong-dong-diem-du-lich").created();
        year.province
            .patch(&year.commune, &format!("/ideas/{}", id(&entered)), json!({"criteria_set": SET}))
            .fault("/criteria_set", "kind_not_admitted");

        // Earlier editions know the four kinds alone.
        let before = Year::new(engine, "1489-2025", "2025-08-01", json!([]));
        let mut form = producer_form("Trang trại", "18196", "0100000011");
        form["kind"] = json!("farm");
        let farm = id(&before.province.post(&before.commune, "/producers", form).created());
        let form = json!({"cycle_id": before.cycle, "producer_id": farm, "kind": "new", "product_name": "Cam",
            "criteria_set": SET, "description": "x", "target_value": 1, "packaging": "x"});
        before.province.post(&before.commune, "/ideas", form).fault("/producer_id", "kind_not_admitted");
    });
}

#[test]
fn marks_that_the_producers_data_tell_are_suggested_to_who_fills_the_dossier_alone() {
    on_both(|engine| {
        let year = year(engine);
        let candidate = year.approved("Mật ong", None);
        let suggested = |person: &Person| {
            let marks = year.province.get(person, &resource(&candidate)).ok()["suggested_marks"].clone();
            let told =
                |mark: &Value| (mark["criterion"].as_str().unwrap().to_owned(), mark["option"].as_i64().unwrap());
            marks.as_array().into_iter().flatten().map(told).collect::<Vec<_>>()
        };
        let mark = |criterion: &str, option| (criterion.to_owned(), option);
        // A cooperative; of a woman or a minority nothing is known.
        assert_eq!(suggested(&year.producer), [mark("3.1", 3)]);
        let own = format!("/producers/{}", year.producer_id);
        for (change, woman_or_minority) in [
            (json!({"representative_sex": "male", "representative_ethnicity": "Kinh"}), false),
            (json!({"representative_ethnicity": "Thái"}), true),
            (json!({"representative_sex": "female", "representative_ethnicity": null}), true),
        ] {
            year.province.patch(&year.producer, &own, change).ok();
            let expected = if woman_or_minority { vec![mark("3.1", 3), mark("3.2", 2)] } else { vec![mark("3.1", 3)] };
            assert_eq!(suggested(&year.producer), expected);
            assert_eq!(suggested(&year.commune), expected);
        }
        // Nobody else learns from it who the representative is.
        let supervisor = year.province.hire("supervisor", "supervisor", Some("42"), None);
        assert!(suggested(&year.office).is_empty() && suggested(&supervisor).is_empty());
        year.fill(&candidate);
        year.hand_in(&candidate);
        assert!(suggested(&year.producer).is_empty(), "it is filled no more");
    });
}

#[test]
fn sex_and_ethnicity_are_seen_by_who_fills_the_forms_alone() {
    on_both(|engine| {
        let year = year(engine);
        let province = &year.province;
        let own = format!("/producers/{}", year.producer_id);
        let change = json!({"representative_sex": "female", "representative_ethnicity": "Thái"});
        let changed = province.patch(&year.producer, &own, change).ok();
        assert_eq!(changed["representative_ethnicity"], "Thái");
        let supervisor = province.hire("supervisor", "supervisor", Some("42"), None);
        let inspector = province.hire("inspector", "inspector", Some("42"), None);
        for person in [&year.producer, &year.commune, &year.office] {
            assert_eq!(province.get(person, &own).ok()["representative_sex"], "female");
        }
        for person in [&supervisor, &inspector] {
            assert!(province.get(person, &own).ok().get("representative_sex").is_none());
        }
        // No list, history, public answer or frozen content tells of it.
        let candidate = forwarded(&year, "Mật ong");
        let submissions = format!("{}/submissions", resource(&candidate));
        for path in ["/producers".to_owned(), format!("{own}/history"), submissions.clone(), format!("{submissions}/1")]
        {
            let told = province.get(&year.office, &path).text;
            assert!(!told.contains("Thái") && !told.contains("female"), "{path}: {told}");
        }
        for paper in ["self-evaluation-paper", "commune-report-paper"] {
            let print = |person: &Person| province.get(person, &format!("{}/{paper}", resource(&candidate)));
            assert!(print(&year.producer).text.contains("Thái"), "{paper}");
            if paper == "commune-report-paper" {
                assert!(print(&year.office).text.contains("Thái"));
                assert!(!print(&supervisor).text.contains("Thái"));
            }
        }
        let cleared = province.patch(&year.commune, &own, json!({"representative_ethnicity": null})).ok();
        assert!(cleared.get("representative_ethnicity").is_none());
        assert!(verify(province).0);

        // A registration shows them to who confirms it, and keeps them no longer than that.
        let mut producer = producer_form("Hộ mới", "18196", "0100000021");
        producer["representative_sex"] = json!("male");
        let account = json!({"username": "ho-moi", "password": "mat-ong-rung-2026", "name": "A"});
        let body = json!({"producer": producer, "account": account, "consent": {"version": 1}});
        let registered = province.request(reqwest::Method::POST, "/registrations").json(&body).send().unwrap();
        let registration = format!("/registrations/{}", id(&registered.json::<Value>().unwrap()));
        assert_eq!(province.get(&year.commune, &registration).ok()["producer"]["representative_sex"], "male");
        assert!(!province.get(&year.commune, "/registrations").text.contains("representative_sex"));
        let confirmed = year.step(&year.commune, &registration, "confirm", json!({}));
        assert!(confirmed["producer"].get("representative_sex").is_none());
        let listed = province.all(&year.commune, "/producers?q=moi");
        let entered = province.get(&year.commune, &format!("/producers/{}", id(&listed[0]))).ok();
        assert_eq!(entered["representative_sex"], "male");
    });
}

#[test]
fn what_is_handed_in_has_a_receipt_and_stays_as_it_was() {
    on_both(|engine| {
        let year = year(engine);
        let province = &year.province;
        let candidate = year.approved("Mật ong", None);
        let dossier = resource(&candidate);
        assert_eq!(province.get(&year.producer, &dossier).ok()["kind"], "first");
        // Form 02 is part of a first dossier.
        province.step(&year.producer, &dossier, "submit", json!({})).fault("/self_marks", "required");
        let some: Vec<Value> = marks(&year.set, 70).as_array().unwrap()[2..].to_vec();
        province.patch(&year.producer, &dossier, json!({"self_marks": some})).ok();
        let problem = province.step(&year.producer, &dossier, "submit", json!({})).refused(422, "invalid");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "one for each criterion: {problem}");
        let paper = document(&year, &candidate, "business_registration", None);
        let content = json!({"self_marks": marks(&year.set, 70), "documents": [paper],
            "report": {"history": "Từ năm 2018", "plans": "Mở rộng"}});
        province.patch(&year.producer, &dossier, content).ok();
        let submitted = year.step(&year.producer, &dossier, "submit", json!({}));
        assert_eq!((&submitted["state"], &submitted["receipt"]["number"]), (&json!("submitted"), &json!(1)));

        // The receipt is of the content in the form that is told.
        let first = province.get(&year.producer, &format!("{dossier}/submissions/1")).ok();
        let canonical = serde_json::to_string(&sorted(&first["content"])).unwrap();
        let digest = Sha256::digest([b"ocop-dossier\0", canonical.as_bytes()].concat());
        let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(first["digest"], json!(hexadecimal));
        assert_eq!(submitted["receipt"]["digest"], first["digest"]);
        assert_eq!(first["content"]["documents"][0]["id"], json!(paper));
        // The producer's own marks are nobody else's before the result.
        let seen = province.get(&year.office, &format!("{dossier}/submissions/1")).ok();
        assert!(seen["content"].get("self_marks").is_none() && seen["digest"] == first["digest"]);

        year.step(&year.commune, &dossier, "return", json!({"note": "Bổ sung"}));
        province.patch(&year.producer, &dossier, json!({"report": {"history": "Từ năm 2017"}})).ok();
        assert_eq!(province.get(&year.producer, &format!("{dossier}/submissions/1")).ok(), first);
        year.step(&year.producer, &dossier, "submit", json!({}));
        let listed = province.all(&year.producer, &format!("{dossier}/submissions"));
        let numbers: Vec<i64> = listed.iter().map(|one| one["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [2, 1]);
        assert!(listed[0].get("content").is_none() && listed[0]["digest"] != listed[1]["digest"]);
        let second = province.get(&year.producer, &format!("{dossier}/submissions/2")).ok();
        assert_eq!(second["content"]["report"], json!({"history": "Từ năm 2017"}));
        province.get(&year.producer, &format!("{dossier}/submissions/3")).refused(404, "not_found");
        assert!(verify(province).0);
    });
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            Value::Object(names.into_iter().map(|name| (name.clone(), sorted(&members[name]))).collect())
        }
        Value::Array(values) => values.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_commune_reports_within_its_term_and_sends_on() {
    on_both(|engine| {
        let mut year = year(engine);
        let (candidate, other) = (handed_in(&year, "Mật ong"), handed_in(&year, "Mật dú"));
        let dossier = resource(&candidate);
        let province = &year.province;
        let shown = province.get(&year.commune, &dossier).ok();
        // The day of receipt is not counted: three weeks on.
        assert_eq!((&shown["commune"]["due_on"], &shown["commune"]["overdue"]), (&json!("2026-07-27"), &json!(false)));
        assert_eq!(shown["commune"]["warnings"], json!([]));
        let council = year.council("42");
        let agenda = json!({"council_id": council.id, "dossier_ids": [candidate.dossier]});
        province.post(&year.office, "/agenda-items", agenda.clone()).refused(409, "not_forwarded");
        province.step(&year.office, &dossier, "return", json!({"note": "x"})).refused(409, "wrong_state");
        province.step(&year.producer, &dossier, "forward", report()).refused(403, "forbidden");
        let empty = json!({"local_material": "", "local_labour": " ", "origin_of_idea": "", "local_identity": "",
            "completeness": "", "letter_number": "", "letter_date": "2026-07-07"});
        province.step(&year.commune, &dossier, "forward", empty).invalid(&[
            "/local_material",
            "/local_labour",
            "/origin_of_idea",
            "/local_identity",
            "/completeness",
            "/letter_number",
            "/letter_date",
        ]);
        let blank = province.get(&year.commune, &format!("{dossier}/commune-report-paper")).text;
        assert!(blank.contains("CHƯA CHUYỂN") && blank.contains("Mô tả của chủ thể"), "{blank}");
        let sent = year.step(&year.commune, &dossier, "forward", report());
        assert_eq!(sent["state"], "forwarded");
        // Two ideas have the numbers before it.
        assert_eq!(sent["commune"]["number"], "03/PĐK-42-18196-2026");
        assert_eq!(sent["commune"]["province_number"], "01/PĐK-42-18196-2026");
        assert_eq!(sent["commune"]["report"]["local_labour"], "Tám lao động của xã");
        province.step(&year.commune, &dossier, "return", json!({"note": "x"})).refused(409, "wrong_state");
        let item = id(&province.post(&year.office, "/agenda-items", agenda).created()["items"][0]);

        // The office asks for completion through the commune, which has a new term.
        year.province.restart(&["--clock", "2026-07-28T00:00:00+07:00"]);
        let province = &year.province;
        let asked = year.step(&year.office, &dossier, "return", json!({"note": "Thiếu phiếu kiểm nghiệm"}));
        assert_eq!((&asked["state"], &asked["commune"]["due_on"]), (&json!("submitted"), &json!("2026-08-18")));
        province
            .step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({}))
            .refused(409, "not_admitted");
        year.step(&year.office, &format!("/agenda-items/{item}"), "admit", json!({}));
        province
            .step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({}))
            .refused(409, "dossier_returned");
        // The other one was due the day before, as Vietnam counts days.
        let overdue = |flag: &str| {
            let listed = province.all(&year.office, &format!("/dossiers?overdue={flag}"));
            listed.iter().map(id).collect::<Vec<_>>()
        };
        assert_eq!(overdue("true"), [other.dossier.as_str()]);
        assert_eq!(overdue("false"), [candidate.dossier.as_str()]);
        let late = province.get(&year.commune, &resource(&other)).ok();
        assert_eq!(late["commune"]["overdue"], true);

        year.step(&year.commune, &dossier, "return", json!({"note": "Bổ sung phiếu kiểm nghiệm"}));
        year.step(&year.producer, &dossier, "submit", json!({}));
        let again = year.step(&year.commune, &dossier, "forward", report());
        // It keeps its numbers.
        assert_eq!(again["commune"]["number"], "03/PĐK-42-18196-2026");
        assert_eq!(year.concluded(&council, &item, 75)["outcome"], "rated");
        let history = province.all(&year.office, &format!("{dossier}/history"));
        let verbs: Vec<&str> = history.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        assert_eq!(
            verbs,
            ["create", "change", "submit", "forward", "return", "return", "submit", "forward"],
            "{history:?}"
        );
        assert!(verify(province).0);
    });
}

#[test]
fn a_term_on_the_last_day_is_not_overdue_and_unknown_holidays_are_told() {
    on_both(|engine| {
        let mut year = year(engine);
        let candidate = handed_in(&year, "Mật ong");
        year.province.restart(&["--clock", "2026-07-27T23:00:00+07:00"]);
        let shown = year.province.get(&year.commune, &resource(&candidate)).ok();
        assert_eq!(shown["commune"]["overdue"], false);
        year.province.restart(&["--clock", "2026-12-21T08:00:00+07:00"]);
        year.step(&year.commune, &resource(&candidate), "forward", report());
        let asked = year.step(&year.office, &resource(&candidate), "return", json!({"note": "x"}));
        assert_eq!(asked["commune"]["due_on"], "2027-01-11");
        assert_eq!(asked["commune"]["warnings"][0]["code"], "holidays_unknown");
    });
}

#[test]
fn an_upgrade_tells_what_changed_and_another_rating_what_is_new() {
    on_both(|engine| {
        let mut year = Year::new(engine, "1489-2025", "2025-08-01", json!([]));
        let council = year.council("42");
        let mut products = Vec::new();
        for (name, number) in [("Nâng hạng", "1/QĐ-UBND"), ("Đánh giá lại", "2/QĐ-UBND")] {
            let candidate = year.handed_in(name, None);
            assert_eq!(year.province.get(&year.producer, &resource(&candidate)).ok()["kind"], Value::Null);
            let (item, _) = year.scored_by_province(&council, &candidate, 60);
            year.recognised("42", &[&item], number);
            products.push(candidate.product);
        }
        let ends = year.certificate(&products[1])["valid_until"].as_str().unwrap().to_owned();

        // More than 180 days before the end it is an upgrade.
        year.province.restart(&["--clock", "2026-08-03T08:00:00+07:00"]);
        year.edition = "26-2026";
        let set = year.province.post(&year.office, "/criteria-sets", synthetic_set(year.edition)).created();
        year.set = criteria(&set);
        year.open("2026-08-03", json!([]));
        let province = &year.province;
        let candidate = year.approved("Nâng hạng", Some(&products[0]));
        let dossier = resource(&candidate);
        assert_eq!(province.get(&year.producer, &dossier).ok()["kind"], "upgrade");
        province.patch(&year.producer, &dossier, json!({"self_marks": marks(&year.set, 80)})).ok();
        province.step(&year.producer, &dossier, "submit", json!({})).fault("/changes", "required");
        let told = |evidence: Value| json!({"changes": {"packaging": {"text": "Hũ mới", "evidence": evidence}}});
        province.patch(&year.producer, &dossier, told(json!([]))).ok();
        province.step(&year.producer, &dossier, "submit", json!({})).fault("/changes/packaging/evidence", "required");
        let foreign = told(json!([products[0]]));
        province.patch(&year.producer, &dossier, foreign).fault("/changes/packaging/evidence/0", "unknown_document");
        let paper = document(&year, &candidate, "other", None);
        // On the desk: an upgrade is asked what changed, and not what is new.
        let on_desk = format!("/desk{dossier}");
        let desk = Browser::signed_in(province, "producer");
        let blank = form(&desk.page(&on_desk), "change");
        assert!(
            blank.fields.iter().all(|(name, _)| !name.starts_with("updates") && !name.starts_with("yearly_figures"))
        );
        assert_eq!(blank.value("changes.packaging.text"), "Hũ mới");
        let filled = blank.with("changes.packaging.evidence.0", &paper).with("report.history", "Lập năm 2015");
        desk.done(&filled);
        let kept = province.get(&year.producer, &dossier).ok();
        assert_eq!(kept["changes"], json!({"packaging": {"text": "Hũ mới", "evidence": [paper]}}));
        assert_eq!(kept["report"], json!({"history": "Lập năm 2015"}));
        assert!(desk.page(&on_desk).contains("Thay đổi từ khi công nhận"));
        let submitted = year.step(&year.producer, &dossier, "submit", json!({}));
        assert_eq!(submitted["kind"], "upgrade");

        // 36 months from 1 August 2025; in the window it is rated again.
        assert_eq!(ends, "2028-08-01");
        year.province.restart(&["--clock", "2028-03-06T08:00:00+07:00"]);
        year.open("2028-03-06", json!([]));
        let province = &year.province;
        let candidate = year.approved("Đánh giá lại", Some(&products[1]));
        let dossier = resource(&candidate);
        let shown = province.get(&year.producer, &dossier).ok();
        assert_eq!(shown["kind"], "again");
        province.patch(&year.producer, &dossier, json!({"self_marks": marks(&year.set, 80)})).ok();
        let sections = ["material", "technology", "packaging", "label", "publication", "tests", "market", "papers"];
        let mut missing: Vec<String> = sections.iter().map(|section| format!("/updates/{section}")).collect();
        missing.push("/yearly_figures".into());
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        province.step(&year.producer, &dossier, "submit", json!({})).invalid(&missing);
        let ended = document(&year, &candidate, "food_safety_certificate", Some("2028-03-05"));
        let test = document(&year, &candidate, "food_safety_test", Some("2028-12-31"));
        let updates = |papers: &str| {
            let update = |section: &&str| {
                let evidence = match *section {
                    "tests" => json!([test]),
                    "papers" => json!([papers]),
                    _ => json!([]),
                };
                ((*section).to_owned(), json!({"text": "Không thay đổi", "evidence": evidence}))
            };
            Value::Object(sections.iter().map(update).collect())
        };
        let figure = |year: i32| json!({"year": year, "output": 1200, "unit": "lít", "revenue": 240_000_000});
        let figures = json!([figure(2026), figure(2026)]);
        province
            .patch(&year.producer, &dossier, json!({"yearly_figures": figures}))
            .fault("/yearly_figures/1/year", "repeated");
        let content = json!({"updates": updates(&ended), "yearly_figures": [figure(2026)]});
        province.patch(&year.producer, &dossier, content).ok();
        province
            .step(&year.producer, &dossier, "submit", json!({}))
            .invalid(&["/updates/papers/evidence/0", "/yearly_figures"]);
        // On the desk: the paper that ended is exchanged for the other, and the year that lacks is added.
        let on_desk = format!("/desk{dossier}");
        let desk = Browser::signed_in(province, "producer");
        let blank = form(&desk.page(&on_desk), "change");
        assert!(blank.fields.iter().all(|(name, _)| !name.starts_with("changes.")));
        let places: Vec<String> = blank.fields.iter().map(|(name, _)| name.clone()).collect();
        let of_papers = places.iter().filter(|name| name.starts_with("updates.papers.evidence."));
        let cleared = of_papers.fold(blank, |form, name| form.without(name));
        let refused =
            desk.send(&cleared.clone().with("yearly_figures.1.year", "2026").with("yearly_figures.1.unit", "lít"));
        assert!(refused.status == 422 && refused.text.contains("Năm bị lặp"), "{}", refused.text);
        let filled = cleared
            .with("updates.papers.evidence.0", &test)
            .with("yearly_figures.1.year", "2027")
            .with("yearly_figures.1.output", "1.200")
            .with("yearly_figures.1.unit", "lít")
            .with("yearly_figures.1.revenue", "240.000.000");
        desk.done(&filled);
        let kept = province.get(&year.producer, &dossier).ok();
        assert_eq!(
            (&kept["updates"], &kept["yearly_figures"]),
            (&updates(&test), &json!([figure(2026), figure(2027)]))
        );
        desk.take(&on_desk, "submit", &[]);
        let submitted = province.get(&year.producer, &dossier).ok();
        assert_eq!((&submitted["kind"], &submitted["state"]), (&json!("again"), &json!("submitted")));
        let paper = province.get(&year.producer, &format!("{dossier}/self-evaluation-paper")).text;
        assert!(paper.contains("240.000.000") && paper.contains("Thị trường tiêu thụ"), "{paper}");
        let paper = province.get(&year.office, &format!("{dossier}/registration-paper")).text;
        assert!(paper.contains("☑ Đánh giá lại") && paper.contains("☐ Lần đầu"), "{paper}");
        assert!(verify(province).0);
    });
}

#[test]
fn samples_are_received_kept_and_given_back() {
    on_both(|engine| {
        let year = year(engine);
        let province = &year.province;
        let open = year.approved("Chưa nộp", None);
        let samples = json!({"units": 5, "received_on": TODAY, "kept_at": "Kho văn phòng, kệ 3"});
        province.step(&year.office, &resource(&open), "receive-samples", samples.clone()).refused(409, "no_samples");
        let candidate = forwarded(&year, "Mật ong");
        let dossier = resource(&candidate);
        assert_eq!(province.get(&year.office, &dossier).ok()["samples_needed"], 5);
        let back = json!({"given_back_on": TODAY, "given_back_to": "Nguyễn Văn A"});
        province.step(&year.office, &dossier, "give-back-samples", back.clone()).refused(409, "no_samples_kept");
        province.step(&year.commune, &dossier, "receive-samples", samples.clone()).refused(403, "forbidden");
        let wrong = json!({"units": 0, "received_on": "2026-07-07", "kept_at": ""});
        province.step(&year.office, &dossier, "receive-samples", wrong).invalid(&[
            "/units",
            "/kept_at",
            "/received_on",
        ]);
        let received = year.step(&year.office, &dossier, "receive-samples", samples);
        assert_eq!(received["samples"][0]["received_by"], json!(year.office.id));
        let early = json!({"given_back_on": "2026-07-05", "given_back_to": "A"});
        province.step(&year.office, &dossier, "give-back-samples", early).fault("/given_back_on", "before_receipt");
        let given = year.step(&year.office, &dossier, "give-back-samples", back);
        assert_eq!(given["samples"][0]["given_back_to"], "Nguyễn Văn A");
        assert_eq!(given["state"], "forwarded");
        assert!(verify(province).0);
    });
}

#[test]
fn the_three_forms_are_printed_from_what_was_handed_in() {
    on_both(|engine| {
        let year = year(engine);
        let province = &year.province;
        let candidate = year.approved("Mật ong Sơn Kim", None);
        let dossier = resource(&candidate);
        let print = |person: &Person, paper: &str| province.get(person, &format!("{dossier}/{paper}-paper"));
        // Before it is handed in the forms are drafts.
        assert!(print(&year.producer, "registration").text.contains("CHƯA NỘP"));
        let content = json!({"self_marks": marks(&year.set, 70), "report": {"history": "Nghề từ năm 1990"}});
        province.patch(&year.producer, &dossier, content).ok();
        year.hand_in(&candidate);
        print(&year.office, "self-evaluation").refused(403, "forbidden");
        let evaluation = print(&year.producer, "self-evaluation").text;
        assert!(!evaluation.contains("CHƯA NỘP") && evaluation.contains("Nghề từ năm 1990"));
        assert!(evaluation.contains("<td>TỔNG ĐIỂM TỰ CHẤM</td><td class=\"c\">100</td><td class=\"c\">70</td>"));
        year.step(&year.commune, &dossier, "forward", report());
        let registration = print(&year.office, "registration").text;
        for told in ["Mật ong Sơn Kim", "☑ Lần đầu", "02/PĐK-42-18196-2026", "06/07/2026", "(số lượng): 5"]
        {
            assert!(registration.contains(told), "{told}: {registration}");
        }
        let report = print(&year.commune, "commune-report").text;
        for told in ["Ong nội, rừng Vũ Quang", "Mô tả của chủ thể", "Ong nội", "21/UBND-KT", "Nghề từ năm 1990"]
        {
            assert!(report.contains(told), "{told}: {report}");
        }
        // Whoever scans the code of one learns that it is genuine, not what it says.
        let code = report.split("/p/").nth(1).unwrap().split('<').next().unwrap();
        let told =
            crate::province::Reply::of(province.request(reqwest::Method::GET, &format!("/p/{code}")).send().unwrap());
        let told = told.ok();
        assert_eq!((&told["kind"], &told["current"]), (&json!("commune_report"), &json!(true)));
        let stranger = province.hire("idle", "council_member", None, None);
        print(&stranger, "registration").refused(404, "not_found");
    });
}
