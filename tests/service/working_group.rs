//! The working group: its surveys on site, its report, who reads them when, and what goes to the ministry.

use std::io::{Cursor, Read};

use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::editions::{Candidate, Year};
use crate::engine::{Engine, on_both};
use crate::province::{Person, Province};
use crate::walk::{A_PDF, A_PNG, Council, PDF, PNG, Walk, id};

fn survey_form(criterion: &str, today: &str) -> Value {
    json!({"surveyed_on": today,
        "team": [{"name": "Trần Thị Hồng Nhung", "organisation": "Sở Y tế"}],
        "findings": [{"criterion": criterion, "text": "Đúng như hồ sơ"}],
        "tests": [{"what": "Chì (Pb)", "laboratory": "Trung tâm Kiểm soát bệnh tật", "asked_on": today}]})
}

pub fn report_form() -> Value {
    json!({"leader": "Lê Thanh Bình", "dossier_check": "Đủ thành phần", "assessment": "Cơ sở ổn định",
        "proposal": "score"})
}

/// A finished survey with a result, a photograph and a laboratory's paper, and a finished report; ids of survey, photograph and
/// report.
pub fn prepared(province: &Province, office: &Person, item: &str, criterion: &str, today: &str) -> [String; 3] {
    let survey = province.post(office, &format!("/agenda-items/{item}/surveys"), survey_form(criterion, today));
    let survey = survey.created();
    let (test, survey) = (survey["tests"][0]["id"].as_str().unwrap().to_owned(), id(&survey));
    let path = format!("/surveys/{survey}");
    let photograph = province.upload(office, &format!("{path}/photographs"), &[], A_PNG).created();
    let result = json!({"test": test, "value": "< 0,02 mg/kg", "limit": "0,1 mg/kg", "conforms": true});
    province.step(office, &path, "record-result", result).ok();
    province.upload(office, &format!("{path}/test-papers"), &[("test", &test)], A_PDF).created();
    province.step(office, &path, "finish", json!({})).ok();
    let report = province.post(office, &format!("/agenda-items/{item}/group-reports"), report_form());
    let report = id(&report.created());
    let finish = json!({"number": format!("{}/BC-TTV", &item[item.len() - 6..]), "dated": today});
    province.step(office, &format!("/group-reports/{report}"), "finish", finish).ok();
    [survey, id(&photograph), report]
}

pub const TODAY: &str = "2026-09-01";

/// A year of the act in force with a council that has a working group, and a product that waits on its agenda.
pub struct Ground {
    year: Year,
    pub council: Council,
    pub helper: Person,
    supervisor: Person,
    candidate: Candidate,
    item: String,
}

impl Ground {
    pub fn new(engine: Engine) -> Self {
        let year = Year::new(engine, "26-2026", TODAY, json!([]));
        let hire = |name: &str| year.province.hire(name, "council_member", None, None);
        let (scorers, secretary, helper) = (["chair", "vice", "member"].map(hire), hire("secretary"), hire("helper"));
        let seats = json!([
            {"account_id": scorers[0].id, "seat": "chair"}, {"account_id": scorers[1].id, "seat": "vice_chair"},
            {"account_id": scorers[2].id, "seat": "member"}, {"account_id": secretary.id, "seat": "secretary"}]);
        let form = json!({"cycle_id": year.cycle, "unit_code": "42", "round": 1, "decision_number": "12/QĐ-UBND",
            "seats": seats, "working_group": [helper.id]});
        let council = id(&year.province.post(&year.office, "/councils", form).created());
        year.step(&year.office, &format!("/councils/{council}"), "open", json!({}));
        let council = Council { id: council, office: year.office.clone(), scorers: scorers.to_vec(), secretary };
        let supervisor = year.province.hire("supervisor", "supervisor", Some("42"), None);
        let candidate = year.handed_in("Mật ong <b>&amp;</b>", None);
        let item = year.agenda_item(&council, &candidate);
        Self { year, council, helper, supervisor, candidate, item }
    }

    pub fn province(&self) -> &Province {
        &self.year.province
    }

    pub fn path(&self, part: &str) -> String {
        format!("/agenda-items/{}{part}", self.item)
    }

    /// What is told of the working group with the item.
    fn preparation(&self, person: &Person) -> Value {
        self.province().get(person, &self.path("")).ok()["preparation"].clone()
    }

    pub fn form(&self) -> Value {
        survey_form("A.1", TODAY)
    }

    pub fn survey(&self, person: &Person, form: Value) -> String {
        format!("/surveys/{}", id(&self.province().post(person, &self.path("/surveys"), form).created()))
    }

    fn conclude(&self, item: &str, total: u64) {
        self.year.step(&self.year.office, &format!("/agenda-items/{item}"), "admit", json!({}));
        self.year.concluded(&self.council, item, total);
    }
}

fn actions(thing: &Value) -> Vec<&str> {
    thing["actions"].as_array().unwrap().iter().map(|action| action.as_str().unwrap()).collect()
}

fn verbs(province: &Province, person: &Person, thing: &str) -> Vec<String> {
    let history = province.all(person, &format!("{thing}/history"));
    history.iter().map(|step| step["verb"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_survey_is_written_down_and_fixed() {
    on_both(|engine| {
        let ground = Ground::new(engine);
        let (year, province) = (&ground.year, ground.province());
        let (helper, secretary) = (&ground.helper, &ground.council.secretary);
        let at = ground.path("/surveys");
        let told = ground.preparation(&year.office);
        assert_eq!((&told["survey"], &told["surveyed"]), (&json!("expected"), &json!(false)));
        assert_eq!((&told["report"], &told["warnings"][0]["code"]), (&Value::Null, &json!("survey_missing")));
        for person in [&year.producer, &year.commune] {
            assert_eq!(ground.preparation(person), Value::Null);
        }

        // Who may, and what it must say.
        let chair = ground.council.chair();
        for person in [chair, &year.producer, &year.commune, &year.signatory, &ground.supervisor] {
            province.post(person, &at, ground.form()).refused(403, "forbidden");
        }
        let stranger = province.hire("stranger", "commune_officer", Some("18073"), None);
        let idle = province.hire("idle", "council_member", None, None);
        for person in [&stranger, &idle] {
            province.post(person, &at, ground.form()).refused(404, "not_found");
        }
        let with = |field: &str, value: Value| {
            let mut form = ground.form();
            form[field] = value;
            form
        };
        let finding = |code: &str| json!({"criterion": code, "text": "x"});
        for (field, value, pointer) in [
            ("surveyed_on", json!("2026-09-02"), "/surveyed_on"),
            ("team", json!([]), "/team"),
            ("team", json!([{"organisation": "Sở Y tế"}]), "/team/0/name"),
            ("team", json!([{"name": "x", "organisation": ""}]), "/team/0/organisation"),
            ("team", json!([{"account_id": ground.item, "organisation": "x"}]), "/team/0/account_id"),
            ("findings", json!([finding("Z.9")]), "/findings/0/criterion"),
            ("findings", json!([finding("A.1"), finding("A.1")]), "/findings/1/criterion"),
            ("tests", json!([{"what": "x", "laboratory": "x", "asked_on": "2026-09-02"}]), "/tests/0/asked_on"),
        ] {
            province.post(helper, &at, with(field, value)).invalid(&[pointer]);
        }

        let version = province.get(helper, &ground.path("")).ok()["version"].clone();
        let team = json!([{"account_id": helper.id, "organisation": "Văn phòng điều phối"}]);
        let mut form = with("team", team);
        form["findings"] = json!([]);
        let survey = ground.survey(helper, form);
        let shown = province.get(helper, &survey).ok();
        assert_eq!(province.get(helper, &ground.path("")).ok()["version"], version, "the item's version stays");
        let name = province.get(helper, "/me").ok()["name"].clone();
        assert_eq!((&shown["state"], &shown["team"][0]["name"]), (&json!("draft"), &name));
        assert_eq!(actions(&shown), ["change", "add-photograph", "record-result", "add-test-paper", "discard"]);
        province.step(helper, &survey, "finish", json!({})).refused(409, "no_findings");

        // The secretary mends it; a version that is gone is refused.
        let findings = json!({"findings": [finding("A.1"), finding("C.2")]});
        province.at_version(Method::PATCH, secretary, &survey, 9, findings.clone()).refused(412, "stale_version");
        province.patch(chair, &survey, findings.clone()).refused(403, "forbidden");
        let changed = province.patch(secretary, &survey, findings).ok();
        assert_eq!(changed["findings"].as_array().unwrap().len(), 2);
        assert_eq!(changed["tests"], shown["tests"], "what is left out stays");
        province.patch(secretary, &survey, json!({"findings": [finding("Z.9")]})).invalid(&["/findings/0/criterion"]);

        // Photographs: kept as they are, for who reads the survey.
        let photographs = format!("{survey}/photographs");
        province.upload(helper, &photographs, &[], A_PDF).refused(422, "wrong_file_kind");
        province.upload(helper, &photographs, &[("caption", "")], A_PNG).invalid(&["/caption"]);
        province.upload(chair, &photographs, &[], A_PNG).refused(403, "forbidden");
        let photograph = province.upload(helper, &photographs, &[("caption", "Xưởng")], A_PNG).created();
        let address = photograph["address"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
        for person in [helper, chair, &year.office, &ground.supervisor] {
            assert_eq!(province.get(person, &address).bytes, PNG);
        }
        for person in [&year.producer, &year.commune, &stranger, &idle] {
            province.get(person, &address).refused(404, "not_found");
        }
        assert_eq!(province.raw(&Method::GET, None, &address, None, "").status, 401);

        // Tests and their results.
        province.step(helper, &survey, "finish", json!({})).refused(409, "results_outstanding");
        let test = shown["tests"][0]["id"].clone();
        let result =
            |test: &Value| json!({"test": test, "value": "0,2 mg/kg", "limit": "0,1 mg/kg", "conforms": false});
        province.step(helper, &survey, "record-result", result(&json!(ground.item))).invalid(&["/test"]);
        let recorded = province.step(helper, &survey, "record-result", result(&test)).ok();
        assert_eq!(recorded["tests"][0]["result"]["conforms"], json!(false));
        let papers = format!("{survey}/test-papers");
        province.upload(helper, &papers, &[("test", &ground.item)], A_PDF).invalid(&["/test"]);
        let paper = province.upload(helper, &papers, &[("test", test.as_str().unwrap())], A_PDF).created();
        let path = paper["address"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!(province.get(chair, &path).bytes, PDF);
        let asked = json!([{"what": "Nấm mốc", "laboratory": "Trung tâm", "asked_on": TODAY}]);
        let asked = province.patch(helper, &survey, json!({"tests": asked})).ok();
        assert_eq!((asked["tests"].as_array().unwrap().len(), &asked["tests"][0]["id"]), (2, &test));
        province.patch(helper, &survey, json!({"tests": []})).ok();

        // Fixed.
        let finished = province.step(&year.office, &survey, "finish", json!({})).ok();
        assert_eq!((&finished["state"], actions(&finished).len()), (&json!("finished"), 0));
        province.patch(helper, &survey, json!({"surveyed_on": TODAY})).refused(409, "wrong_state");
        province.step(helper, &survey, "record-result", result(&test)).refused(409, "wrong_state");
        province.step(helper, &survey, "finish", json!({})).refused(409, "wrong_state");
        province.upload(helper, &photographs, &[], A_PNG).refused(409, "wrong_state");
        province.upload(helper, &papers, &[("test", test.as_str().unwrap())], A_PDF).refused(409, "wrong_state");
        let told = ground.preparation(chair);
        assert_eq!((&told["surveyed"], &told["warnings"]), (&json!(true), &json!([])));
        let expected =
            ["create", "change", "add-photograph", "record-result", "add-test-paper", "change", "change", "finish"];
        assert_eq!(verbs(province, helper, &survey), expected);
        let (is_content, told) = crate::audit::verify(province);
        assert!(is_content, "{told}");
    });
}

#[test]
fn a_report_is_drafted_finished_and_frozen() {
    on_both(|engine| {
        let ground = Ground::new(engine);
        let (year, province) = (&ground.year, ground.province());
        let (helper, secretary, chair) = (&ground.helper, &ground.council.secretary, ground.council.chair());
        let at = ground.path("/group-reports");
        for person in [chair, &year.producer, &year.commune, &ground.supervisor] {
            province.post(person, &at, report_form()).refused(403, "forbidden");
        }
        let with = |field: &str, value: Value| {
            let mut form = report_form();
            form[field] = value;
            form
        };
        for (field, value) in [("leader", json!("")), ("proposal", json!("perhaps")), ("assessment", json!(" "))] {
            province.post(helper, &at, with(field, value)).invalid(&[&format!("/{field}")]);
        }
        let survey = ground.survey(helper, with_no_tests(ground.form()));
        let report = format!("/group-reports/{}", id(&province.post(secretary, &at, report_form()).created()));
        province.post(helper, &at, report_form()).refused(409, "already_drafted");
        assert_eq!(ground.preparation(chair)["report"], "draft");
        let paper = |person: &Person| province.get(person, &format!("{report}/paper"));
        let draft = paper(helper).text;
        assert!(draft.contains("DỰ THẢO") && draft.contains("Đúng như hồ sơ"), "{draft}");

        // It rests on what is there, and is fixed with it.
        let finish = |number: &str, dated: &str| json!({"number": number, "dated": dated});
        province.patch(helper, &report, with("proposal_text", json!("Lưu ý tiêu chí C.2"))).ok();
        province.step(helper, &report, "finish", finish("07/BC-TTV", TODAY)).refused(409, "survey_unfinished");
        province.step(helper, &survey, "finish", json!({})).ok();
        province.step(helper, &report, "finish", finish("07/BC-TTV", "2026-09-02")).invalid(&["/dated"]);
        province.step(helper, &report, "finish", finish("07/BC-TTV", "2026-08-31")).invalid(&["/dated"]);
        province.step(helper, &report, "finish", finish("", TODAY)).invalid(&["/number"]);
        let remark = |text: &str| {
            province.post(helper, &ground.path("/remarks"), json!({"criterion": "A.2", "text": text})).created()
        };
        remark("Thiếu hợp đồng thu mua");
        let finished = province.step(helper, &report, "finish", finish("07/BC-TTV", TODAY)).ok();
        assert_eq!((&finished["state"], &finished["number"]), (&json!("finished"), &json!("07/BC-TTV")));
        let content = finished["content"].clone();
        assert_eq!(content["surveys"][0]["findings"][0]["criterion"], "A.1");
        assert_eq!((&content["samples_needed"], &content["remarks"][0]["criterion"]), (&json!(5), &json!("A.2")));
        remark("Đến sau báo cáo");
        assert_eq!(province.get(helper, &report).ok()["content"], content);
        province.patch(helper, &report, report_form()).refused(409, "wrong_state");
        province.step(helper, &report, "finish", finish("08/BC-TTV", TODAY)).refused(409, "wrong_state");
        assert_eq!(verbs(province, helper, &report), ["create", "change", "finish"]);

        let printed = paper(chair).text;
        for words in [
            "07/BC-TTV",
            "ngày 01 tháng 9 năm 2026",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Trần Thị Hồng Nhung (Sở Y tế)",
            "Thiếu hợp đồng thu mua",
            "Lưu ý tiêu chí C.2",
            "Đề nghị đưa sản phẩm ra Hội đồng",
            "Lê Thanh Bình",
            "&#60;b&#62;&#38;amp;",
        ] {
            assert!(printed.contains(words), "{words}: {printed}");
        }
        assert!(!printed.contains("DỰ THẢO") && !printed.contains("Đến sau báo cáo"), "{printed}");
        let code: String =
            printed.split_once("/p/").unwrap().1.chars().take_while(char::is_ascii_alphanumeric).collect();
        let checked = province.public(&format!("/p/{code}")).ok();
        assert_eq!((&checked["kind"], &checked["current"]), (&json!("group_report"), &json!(true)));

        // A number is used once in a unit.
        let other = year.agenda_item(&ground.council, &year.handed_in("Mật khác", None));
        let second = province.post(helper, &format!("/agenda-items/{other}/group-reports"), report_form()).created();
        let second = format!("/group-reports/{}", id(&second));
        province.step(helper, &second, "finish", finish("07/BC-TTV", TODAY)).refused(409, "number_taken");
        province.step(helper, &second, "finish", finish("08/BC-TTV", TODAY)).ok();
        let (is_content, told) = crate::audit::verify(province);
        assert!(is_content, "{told}");
    });
}

fn with_no_tests(mut form: Value) -> Value {
    form["tests"] = json!([]);
    form
}

#[test]
fn the_council_reads_it_while_it_is_open_and_the_producer_the_survey_after_it() {
    on_both(|engine| {
        let ground = Ground::new(engine);
        let (year, province, council) = (&ground.year, ground.province(), &ground.council);
        let [survey, file, report] = prepared(province, &council.secretary, &ground.item, "A.1", TODAY);
        let draft = ground.survey(&ground.helper, ground.form());
        let things = [
            format!("/surveys/{survey}"),
            format!("/survey-files/{file}"),
            format!("/group-reports/{report}"),
            format!("/group-reports/{report}/paper"),
            draft,
        ];
        let stranger = province.hire("stranger", "commune_officer", Some("18073"), None);
        let idle = province.hire("idle", "council_member", None, None);
        // Statuses of all that is there, and how many surveys and reports are listed.
        let seen = |person: &Person| {
            let statuses = things.each_ref().map(|path| province.get(person, path).status.as_u16());
            let lists = ["surveys", "group-reports"].map(|list| {
                let own = province.all(person, &format!("/{list}?agenda_item_id={}", ground.item)).len();
                assert_eq!(province.all(person, &format!("/{list}")).len(), own);
                own
            });
            (statuses, lists)
        };
        let (all, told, nothing) = (([200; 5], [2, 1]), ([200, 200, 404, 404, 404], [1, 0]), ([404; 5], [0, 0]));
        let always = [&ground.helper, &council.secretary, &year.office, &ground.supervisor, &year.signatory];
        let (members, home) = ([council.chair(), &council.scorers[2]], [&year.producer, &year.commune]);
        let others = [&stranger, &idle];
        let expect = |of_members: &([u16; 5], [usize; 2]), of_home: &([u16; 5], [usize; 2])| {
            always.iter().for_each(|person| assert_eq!(seen(person), all));
            members.iter().for_each(|person| assert_eq!(seen(person), *of_members));
            home.iter().for_each(|person| assert_eq!(seen(person), *of_home));
            others.iter().for_each(|person| assert_eq!(seen(person), nothing));
        };
        expect(&all, &nothing);
        ground.conclude(&ground.item, 60);
        expect(&all, &told);
        // What was not finished in time stays as it is.
        province.step(&ground.helper, &things[4], "finish", json!({})).refused(409, "wrong_state");
        province.post(&ground.helper, &ground.path("/surveys"), ground.form()).refused(409, "wrong_state");
        province.post(&ground.helper, &ground.path("/group-reports"), report_form()).refused(409, "wrong_state");
        year.step(&year.office, &format!("/councils/{}", council.id), "close", json!({}));
        expect(&nothing, &told);
        let page = province.get(&year.office, "/surveys?state=draft&count=true").ok();
        assert_eq!(page["total"], 1);
    });
}

#[test]
fn what_is_missing_is_warned_of_and_refuses_nothing() {
    on_both(|engine| {
        let ground = Ground::new(engine);
        let (year, province) = (&ground.year, ground.province());
        // A deferred product: its tests come back before the next round, where the survey still counts.
        let survey = ground.survey(&ground.helper, ground.form());
        let test = province.get(&ground.helper, &survey).ok()["tests"][0]["id"].clone();
        year.step(&year.office, &ground.path(""), "defer", json!({"note": "Chờ kết quả kiểm nghiệm"}));
        let result = json!({"test": test, "value": "không phát hiện", "conforms": true});
        year.step(&ground.helper, &survey, "record-result", result);
        year.step(&ground.helper, &survey, "finish", json!({}));
        year.step(&year.office, &format!("/councils/{}", ground.council.id), "close", json!({}));
        let mut seats = [("chair", 0), ("vice_chair", 1), ("member", 2)]
            .map(|(seat, place)| json!({"account_id": ground.council.scorers[place].id, "seat": seat}))
            .to_vec();
        seats.push(json!({"account_id": ground.council.secretary.id, "seat": "secretary"}));
        let form = json!({"cycle_id": year.cycle, "unit_code": "42", "round": 2, "decision_number": "13/QĐ-UBND", "seats": seats});
        let next = id(&province.post(&year.office, "/councils", form).created());
        year.step(&year.office, &format!("/councils/{next}"), "open", json!({}));
        let next = Council { id: next, ..ground.council.clone() };
        let item = year.agenda_item(&next, &ground.candidate);
        let told =
            |item: &str| province.get(&year.office, &format!("/agenda-items/{item}")).ok()["preparation"].clone();
        assert_eq!((&told(&item)["surveyed"], &told(&item)["warnings"]), (&json!(true), &json!([])));
        // The report of the next item rests on the survey of the first.
        let report =
            province.post(&year.office, &format!("/agenda-items/{item}/group-reports"), report_form()).created();
        assert_eq!(report["content"]["surveys"][0]["tests"][0]["result"]["value"], "không phát hiện");

        // Without a survey it is warned, and scored all the same.
        let other = year.agenda_item(&next, &year.handed_in("Mật khác", None));
        assert_eq!(told(&other)["warnings"][0]["code"], "survey_missing");
        year.step(&year.office, &format!("/agenda-items/{other}"), "admit", json!({}));
        assert_eq!(year.concluded(&next, &other, 60)["outcome"], "rated");
        assert_eq!(told(&other)["warnings"], json!([]), "what is over is not warned of");
    });
}

#[test]
fn an_earlier_edition_expects_no_survey_and_lets_one_be_made() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 3);
        let item = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let told = || walk.province.get(&council.office, &format!("/agenda-items/{item}")).ok()["preparation"].clone();
        assert_eq!((&told()["survey"], &told()["warnings"]), (&Value::Null, &json!([])));
        let [survey, ..] = walk.prepared(&council, &item, "2021-02-22");
        assert_eq!((&told()["surveyed"], &told()["report"]), (&json!(true), &json!("finished")));
        // The province oversees; the other district does not, and an officer of this one who scores prepares nothing.
        walk.province.get(&walk.office, &format!("/surveys/{survey}")).ok();
        walk.province.get(&walk.there.officer, &format!("/surveys/{survey}")).refused(404, "not_found");
        let at = format!("/agenda-items/{item}/surveys");
        walk.province.post(&walk.office, &at, json!({})).refused(403, "forbidden");
    });
}

#[test]
fn reports_and_tests_go_to_the_ministry() {
    on_both(|engine| {
        let ground = Ground::new(engine);
        let (year, province) = (&ground.year, ground.province());
        prepared(province, &year.office, &ground.item, "A.1", TODAY);
        ground.conclude(&ground.item, 95);
        let form = json!({"kind": "approve_result", "unit_code": "42", "agenda_item_ids": [ground.item]});
        let decision = province.post(&year.office, "/decisions", form).created();
        year.promulgate("42", &decision, "1/QĐ-UBND");
        let package = province.get(&year.office, &format!("/decisions/{}/package.zip", id(&decision)));
        assert_eq!(package.status, 200, "{}", package.text);
        let mut archive = ZipArchive::new(Cursor::new(package.bytes.to_vec())).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        let mut read = |ending: &str| {
            let name =
                names.iter().find(|name| name.ends_with(ending)).unwrap_or_else(|| panic!("{ending}: {names:?}"));
            let mut content = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut content).unwrap();
            content
        };
        let report = String::from_utf8(read("bao-cao-to-tu-van-1.html")).unwrap();
        assert!(report.contains("/BC-TTV") && report.contains("&#60; 0,02 mg/kg"), "{report}");
        let results = String::from_utf8(read("/ket-qua.csv")).unwrap();
        let row = "Chì (Pb),Trung tâm Kiểm soát bệnh tật,2026-09-01,\"< 0,02 mg/kg\",\"0,1 mg/kg\",x";
        assert!(results.lines().nth(1) == Some(row), "{results}");
        assert_eq!(read(&format!("/01-{}", A_PDF.name)), PDF);
        let list = String::from_utf8(read("muc-luc.csv")).unwrap();
        assert!(list.contains("kiem-nghiem/42-") && list.contains("bao-cao-to-tu-van-1.html"), "{list}");
        assert!(names.iter().all(|name| !name.ends_with(A_PNG.name)), "photographs stay: {names:?}");
    });
}
