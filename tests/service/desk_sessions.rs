//! Councils, agendas, surveys on site and the working group's report through pages alone, up to the conclusion.

use serde_json::json;

use crate::desk_browser::{Browser, form, offered};
use crate::engine::on_both;
use crate::html::{between, plain};
use crate::province::Person;
use crate::walk::{A_PDF, A_PNG, Council, Walk};

fn without_query(location: &str) -> String {
    location.split('?').next().unwrap().to_owned()
}

/// What a page offers is what the API's `actions` say, for each of them.
fn offers_are_alike(walk: &Walk, thing: &str, people: &[(&str, &Person)]) {
    for (who, person) in people {
        let told = walk.province.get(person, thing);
        let page = Browser::of(&walk.province, person).get(&format!("/desk{thing}"));
        assert_eq!(page.status, told.status, "{who}: {thing}");
        if told.status != 200 {
            continue;
        }
        let actions = told.ok()["actions"].clone();
        let mut actions: Vec<&str> = actions.as_array().unwrap().iter().map(|verb| verb.as_str().unwrap()).collect();
        actions.sort_unstable();
        assert_eq!(offered(&page.text), actions, "{who}: {thing}");
    }
}

fn everybody<'a>(walk: &'a Walk, council: &'a Council) -> Vec<(&'static str, &'a Person)> {
    vec![
        ("chair", council.chair()),
        ("member", &council.scorers[2]),
        ("secretary", &council.secretary),
        ("district", &walk.here.officer),
        ("office", &walk.office),
        ("commune", &walk.here.commune),
        ("producer", &walk.here.producer),
        ("supervisor", &walk.supervisor),
    ]
}

#[test]
fn a_council_is_appointed_gets_its_agenda_and_is_opened() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let (wanted, people, secretary) = walk.council_form("439", 1, 3);
        let district = Browser::signed_in(&walk.province, "district-439");
        let blank = form(&district.page("/desk/councils/new"), "create");
        assert_eq!((blank.value("unit_code"), blank.value("cycle_id")), ("439", walk.cycle.as_str()));
        assert_eq!(blank.value("seats.1.seat"), "vice_chair");
        let reply = district.send(&blank.clone().with("seats.0.account_id", &people[0].id));
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains("href=\"#create-decision_number\""), "{}", reply.text);
        assert_eq!(form(&reply.text, "create").value("seats.0.account_id"), people[0].id);
        let filled = blank
            .with("decision_number", "12/QĐ-UBND")
            .with("seats.0.account_id", &people[0].id)
            .with("seats.0.organisation", "peoples_committee")
            .with("seats.1.account_id", &people[1].id)
            .with("seats.2.account_id", &secretary.id)
            .with("seats.3.account_id", &people[2].id)
            .with("seats.3.seat", "member")
            .with("working_group.0", &walk.idle.id);
        let council = without_query(&district.done(&filled));
        let path = council.strip_prefix("/desk").unwrap();
        let made = walk.province.get(&walk.here.officer, path).ok();
        assert_eq!(made["seats"].as_array().unwrap().len(), wanted["seats"].as_array().unwrap().len());
        assert_eq!(made["seats"][0]["organisation"], "peoples_committee");
        let page = district.take(&council, "open", &[("note", "Theo quyết định")]);
        assert!(page.contains("Đang mở") && page.contains("Ông seat-439-1-0"));

        let id = path.rsplit('/').next().unwrap();
        let put = form(&district.page(&format!("/desk/agenda-items/new?council_id={id}")), "create");
        assert_eq!(put.value("council_id"), id);
        let location = district.done(&put.with("dossier_ids.0", &candidate.dossier));
        assert_eq!(without_query(&location), council);
        let page = district.page(&council);
        assert!(page.contains("/desk/agenda-items/") && page.contains("Mật ong"), "{page}");
        let again = form(&district.page(&format!("/desk/agenda-items/new?council_id={id}")), "create");
        let reply = district.send(&again.with("dossier_ids.0", &candidate.dossier));
        assert!(reply.status == 409, "it stands there already: {}", reply.text);
        assert_eq!(Browser::signed_in(&walk.province, "commune-439").get("/desk/councils/new").status, 403);
    });
}

#[test]
fn the_working_group_surveys_on_site_and_reports() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let item = format!("/agenda-items/{}", walk.agenda_item(&council, &candidate.dossier));
        let at = format!("/desk{item}");
        offers_are_alike(&walk, &item, &everybody(&walk, &council));
        let secretary = Browser::of(&walk.province, &council.secretary);
        let criterion = walk.marks(60)[0]["criterion"].as_str().unwrap().to_owned();
        let blank = form(&secretary.page(&at), "survey");
        let reply =
            secretary.send(&blank.clone().with("surveyed_on", "22/2/2021").with("findings.0.criterion", &criterion));
        assert_eq!(reply.status, 422);
        for field in ["team", "findings-0-text"] {
            assert!(reply.text.contains(&format!("href=\"#survey-{field}\"")), "{field}: {}", reply.text);
        }
        let again = form(&reply.text, "survey");
        assert_eq!(again.value("findings.0.criterion"), criterion, "what was chosen in a row is not lost");
        let filled = again
            .with("team.0.account_id", &council.secretary.id)
            .with("team.0.organisation", "Phòng Nông nghiệp")
            .with("team.1.name", "Trần Thị Hồng Nhung")
            .with("team.1.organisation", "Sở Y tế")
            .with("findings.0.text", "Đúng như hồ sơ")
            .with("tests.0.what", "Chì (Pb)")
            .with("tests.0.laboratory", "Trung tâm Kiểm soát bệnh tật")
            .with("tests.0.asked_on", "22/02/2021");
        let survey = without_query(&secretary.done(&filled));
        assert!(survey.starts_with("/desk/surveys/"), "{survey}");
        let path = survey.strip_prefix("/desk").unwrap();
        let seen = |path: &str| walk.province.get(&council.secretary, path).ok();
        assert_eq!(seen(path)["team"][0]["account_id"], json!(council.secretary.id));
        assert!(secretary.page(&at).contains(&survey), "the item leads to it");
        offers_are_alike(&walk, path, &everybody(&walk, &council));

        // A change keeps who went there, and what was found.
        let page = secretary.page(&survey);
        let change = form(&page, "change");
        assert_eq!(
            ["team.0.account_id", "findings.0.criterion", "tests.0.what"].map(|field| change.value(field)),
            [council.secretary.id.as_str(), &criterion, "Chì (Pb)"]
        );
        secretary.done(
            &change
                .with("findings.1.criterion", walk.marks(60)[1]["criterion"].as_str().unwrap())
                .with("findings.1.text", "Xưởng sạch"),
        );
        assert_eq!(seen(path)["findings"].as_array().unwrap().len(), 2);
        let test = seen(path)["tests"][0]["id"].as_str().unwrap().to_owned();

        let reply = secretary.upload(&form(&page, "add-photograph").with("caption", "Nhà xưởng"), A_PNG);
        assert_eq!(reply.status, 303, "{}", reply.text);
        let blank = form(&secretary.page(&survey), "record-result").with("test", &test).with("value", "< 0,02 mg/kg");
        let reply = secretary.send(&blank);
        assert!(reply.status == 422 && reply.text.contains("href=\"#record-result-conforms\""), "{}", reply.text);
        secretary.done(&form(&reply.text, "record-result").with("conforms", "true"));
        let paper = form(&secretary.page(&survey), "add-test-paper").with("test", &test);
        assert_eq!(secretary.upload(&paper, A_PDF).status, 303);
        let page = plain(&secretary.page(&survey));
        for part in ["Nhà xưởng", "< 0,02 mg/kg", "Đạt", A_PDF.name, "Xưởng sạch", "Phòng Nông nghiệp"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        // What is in is not asked for again.
        assert_eq!(form(&secretary.page(&survey), "change").value("tests.0.what"), "");
        let picture = between(&page, "<img src=\"", "\"")[0].to_owned();
        assert_eq!(secretary.get(&picture).headers["content-type"], "image/png");
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert_eq!((producer.get(&picture).status.as_u16(), producer.get(&survey).status.as_u16()), (404, 404));
        secretary.take(&survey, "finish", &[]);
        assert_eq!(offered(&secretary.page(&survey)), [""; 0]);
        assert_eq!(seen(path)["state"], "finished");

        let draft = form(&secretary.page(&at), "draft-report")
            .with("leader", "Lê Thanh Bình")
            .with("dossier_check", "Đủ thành phần")
            .with("assessment", "Cơ sở ổn định")
            .with("proposal", "score");
        let report = without_query(&secretary.done(&draft));
        let path = report.strip_prefix("/desk").unwrap();
        offers_are_alike(&walk, path, &everybody(&walk, &council));
        let page = secretary.take(&report, "change", &[("assessment", "Cơ sở rất ổn định")]);
        assert!(page.contains("Cơ sở rất ổn định") && page.contains("Đưa ra hội đồng đánh giá, phân hạng"));
        secretary.take(&report, "finish", &[("number", "07/BC-TTV"), ("dated", "22/02/2021")]);
        let printed = secretary.get(&format!("{report}/paper"));
        assert!(printed.status == 200 && printed.text.contains("Cơ sở rất ổn định"), "{}", printed.text);
        assert_eq!(producer.get(&format!("{report}/paper")).status, 404);
        assert!(secretary.page(&at).contains("Báo cáo của tổ giúp việc 07/BC-TTV"));
        for list in ["surveys", "group-reports"] {
            assert!(secretary.page(&format!("/desk/{list}?state=finished")).contains("Mật ong"), "{list}");
            assert!(!producer.page(&format!("/desk/{list}")).contains("Mật ong"), "{list}");
        }
    });
}

#[test]
fn chair_and_secretary_lead_a_session_without_seeing_marks() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 4);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let id = walk.agenda_item(&council, &candidate.dossier);
        let (item, at) = (format!("/agenda-items/{id}"), format!("/desk/agenda-items/{id}"));
        let office = Browser::signed_in(&walk.province, "district-439");
        office.take(&at, "change", &[("session_on", "23/02/2021"), ("dossier_sent_on", "22/02/2021")]);
        let [chair, secretary, member] = [council.chair(), &council.secretary, &council.scorers[3]]
            .map(|person| Browser::of(&walk.province, person));
        office.done(&form(&office.page(&at), "remark").with("text", "Bao bì thiếu hạn dùng"));
        assert!(chair.page(&at).contains("Bao bì thiếu hạn dùng"));
        assert!(chair.page(&at).contains("muộn hơn quy định"), "who leads is warned");
        let refused = chair.send(&form(&chair.page(&at), "open-scoring"));
        assert!(refused.status == 409 && refused.text.contains("đánh dấu ô xác nhận"), "{}", refused.text);
        chair.take(&at, "open-scoring", &[("acknowledge.0", "short_notice")]);
        offers_are_alike(&walk, &item, &everybody(&walk, &council));
        let gone = council.scorers[3].id.clone();
        let page = secretary.take(&at, "absent", &[("account_id", &gone), ("reason", "Ốm")]);
        assert!(page.contains("Vắng: Ốm"), "{page}");
        let page = secretary.take(&at, "present", &[("account_id", &gone)]);
        assert!(!page.contains("Vắng: Ốm"), "{page}");
        let page = member.take(&at, "recuse", &[("reason", "Người thân của chủ thể")]);
        assert!(page.contains("Tôi không tham gia chấm"));

        let before = shown(&chair, &at);
        for (member, total) in council.scorers.iter().zip([60, 61, 62]) {
            walk.submit_sheet(member, &id, total);
        }
        let during = shown(&chair, &at);
        assert_ne!(before, during, "who handed in is told");
        assert_eq!(during.replace("Đã nộp", "Chưa nộp"), before, "and nothing of what they hold");
        let page = chair.take(&at, "close-scoring", &[]);
        assert!(page.contains("Kiểm phiếu") && page.contains("3 / 3"), "{page}");
        offers_are_alike(&walk, &item, &everybody(&walk, &council));
        chair.take(&at, "conclude", &[]);
        offers_are_alike(&walk, &item, &everybody(&walk, &council));
        let producer = Browser::signed_in(&walk.province, "producer-439");
        producer.done(&form(&producer.page(&at), "appeal").with("grounds", "Tiêu chí 4.1 chưa tính hợp đồng"));
        let history = plain(&chair.page(&at));
        assert!(history.contains("(Đang chờ → Đang chấm điểm)") && history.contains("(Đã chấm xong → Đã kết luận)"));
    });
}

/// A page without its forms, whose keys are others at each visit.
fn shown(browser: &Browser, path: &str) -> String {
    let page = browser.page(path);
    page.split("<h2 id=\"steps\">").next().unwrap().to_owned()
}
