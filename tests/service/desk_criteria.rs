//! A dossier by criterion: options, photographs and papers of each, what lacks for more stars, and papers that are used again.

use serde_json::{Value, json};

use crate::desk_browser::{Browser, Filled, form, offered};
use crate::editions::Year;
use crate::engine::on_both;
use crate::html::between;
use crate::province::{Reply, Upload};
use crate::walk::{A_PDF, A_PNG, Walk, id};

/// The beginning of a photograph as some phones keep it.
pub const A_HEIC: Upload =
    Upload { name: "IMG_0001.HEIC", media: "image/heic", bytes: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" };

/// No file was chosen.
const NOTHING: Upload = Upload { name: "", media: "application/octet-stream", bytes: b"" };

fn led_to(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{}", reply.text);
    reply.headers["location"].to_str().unwrap()
}

fn criteria_of(code: &str) -> Vec<String> {
    let set = ocop::criteria::shipped::shipped().unwrap().into_iter().find(|set| set.code == code).unwrap();
    set.criteria().map(|criterion| criterion.code.clone()).collect()
}

#[test]
fn a_dossier_is_filled_by_criterion_and_what_lacks_is_told() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let dossier = format!("/desk/dossiers/{}", candidate.dossier);
        let all = format!("{dossier}/criteria");
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert!(producer.page(&dossier).contains(&format!("href=\"{all}\"")));
        let page = producer.page(&all);
        let codes = criteria_of("mat-ong");
        assert_eq!(page.matches("<div class=\"criterion\"").count(), codes.len());
        assert!(page.contains(&format!("0/{} tiêu chí", codes.len() - 2)), "two apply with a story only: {page}");
        assert!(
            page.contains("Cần từ 50 điểm: còn thiếu 50 điểm.") && page.contains("Cần từ 90 điểm: còn thiếu 90 điểm.")
        );

        let own = || walk.province.get(&walk.here.producer, &format!("/dossiers/{}", candidate.dossier)).ok();
        let chosen = form(&page, "change").with("self_marks.0.option", "3").with("self_marks.2.option", "1");
        let location = producer.done(&chosen.clone().with("then", "part-A"));
        assert_eq!(location, format!("{all}?done=change#part-A"));
        assert_eq!(producer.done(&chosen.with("then", "part-A")), location, "sent twice, done once");
        let kept = own()["self_marks"].clone();
        assert_eq!((kept[0]["criterion"].as_str(), &kept[0]["option"]), (Some(codes[0].as_str()), &json!(3)));
        assert_eq!((kept.as_array().unwrap().len(), &own()["version"]), (2, &json!(2)));
        let page = producer.page(&all);
        assert!(page.contains(&format!("2/{} tiêu chí", codes.len() - 2)) && !page.contains("còn thiếu 50 điểm"));

        // What does not apply is told at its criterion, with all that was chosen; what is unmade is made anew.
        let place = |code: &str| codes.iter().position(|known| known == code).unwrap();
        let (story, teller) =
            (format!("self_marks.{}.option", place("5.1")), format!("self_marks.{}.option", place("5.2")));
        let reply = producer.send(&form(&page, "change").with(&story, "1").with(&teller, "1"));
        let fault = format!("href=\"#change-self_marks-{}-option\"", place("5.2"));
        assert!(reply.status == 422 && reply.text.contains(&fault), "{}", reply.text);
        let again = form(&reply.text, "change");
        assert_eq!((again.value(&story), again.value(&teller), again.value("self_marks.0.option")), ("1", "1", "3"));
        producer.done(&again.with(&teller, ""));
        producer.done(&form(&producer.page(&all), "change").with("self_marks.0.option", ""));
        assert_eq!(own()["self_marks"].as_array().unwrap().len(), 2);

        // The second is told what the first changed, and loses nothing.
        let mine = form(&producer.page(&all), "change").with("self_marks.2.option", "2");
        let commune = Browser::signed_in(&walk.province, "commune-439");
        commune.done(&form(&commune.page(&all), "change").with("self_marks.3.option", "1"));
        let reply = producer.send(&mine);
        assert!(reply.status == 412 && reply.text.contains("Ông commune-439"), "{}", reply.text);
        assert!(reply.text.contains("Hiện nay đang là:"));
        assert_eq!(form(&reply.text, "change").value("self_marks.2.option"), "2");

        let by_hand = form(&producer.page(&all), "change");
        assert_eq!(producer.send(&by_hand.clone().with("csrf", "00")).status, 403);
        for (stranger, expected) in
            [("producer-440", 404), ("commune-440", 404), ("district-439", 403), ("office", 403), ("supervisor", 403)]
        {
            let stranger = Browser::signed_in(&walk.province, stranger);
            let csrf = form(&stranger.page("/desk/sessions"), "sign-out").value("csrf").to_owned();
            let forged = by_hand.clone().with("csrf", &csrf);
            for path in [all.clone(), format!("{all}/1.1")] {
                assert_eq!(stranger.get(&path).status, expected, "{path}");
            }
            assert_eq!(stranger.send(&forged).status, expected);
            let one = Filled { action: format!("{all}/1.1"), ..forged };
            assert_eq!(stranger.upload(&one, NOTHING).status, expected);
        }
        assert_eq!(producer.get(&format!("{all}/9.9")).status, 404);

        producer.take(&dossier, "submit", &[]);
        for path in [all.clone(), format!("{all}/1.1")] {
            let page = producer.page(&path);
            assert!(
                offered(&page).is_empty() && !page.contains("type=\"radio\"") && page.contains("Chưa sửa được:"),
                "{page}"
            );
        }
        let version = own()["version"].to_string();
        let late = producer.send(&by_hand.with("version", &version));
        assert_eq!(late.status, 409, "{}", late.text);
    });
}

#[test]
fn photographs_are_taken_one_after_the_other_and_papers_serve_many_criteria_and_products() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (candidate, other) = (walk.approved(&walk.here, "Mật ong"), walk.approved(&walk.here, "Kẹo cu đơ"));
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let page_of = |dossier: &str, code: &str| format!("/desk/dossiers/{dossier}/criteria/{code}");
        let marks = |dossier: &str| {
            let dossier = walk.province.get(&walk.here.producer, &format!("/dossiers/{dossier}")).ok();
            dossier["self_marks"].as_array().unwrap().clone()
        };
        let documents =
            |product: &str| walk.province.all(&walk.here.producer, &format!("/products/{product}/documents"));
        let one = page_of(&candidate.dossier, "1.1");

        // A phone's own format is told what to do; what was chosen stays.
        let filled = form(&producer.page(&one), "change").with("self_marks.0.option", "3");
        let reply = producer.upload(&filled, A_HEIC);
        assert!(reply.status == 422 && reply.text.contains("Tương thích nhất"), "{}", reply.text);
        assert!(reply.text.contains("href=\"#change-photograph\"") && reply.text.contains("id=\"change-file-fault\""));
        let filled = form(&reply.text, "change");
        assert_eq!((filled.value("self_marks.0.option"), documents(&candidate.product).len()), ("3", 0));

        // Sent twice, it is taken once; the next is put beside the first.
        for _ in 0..2 {
            assert_eq!(led_to(&producer.upload(&filled, A_PNG)), format!("{one}?done=change"));
        }
        let page = producer.page(&one);
        assert_eq!(page.matches("<img ").count(), 1);
        assert_eq!(led_to(&producer.upload(&form(&page, "change"), A_PNG)), format!("{one}?done=change"));
        let page = producer.page(&one);
        assert_eq!((page.matches("<img ").count(), documents(&candidate.product).len()), (2, 2));
        let said = form(&page, "change").with("remark", "Ong nội\r\ncủa xã");
        assert_eq!(led_to(&producer.upload(&said, NOTHING)), format!("{one}?done=change"));
        let page = producer.page(&one);
        assert_eq!(marks(&candidate.dossier)[0]["remark"], "Ong nội\ncủa xã");
        let kept = marks(&candidate.dossier);
        let first = kept[0]["evidence"].as_str().unwrap().to_owned();
        assert_eq!(kept[0]["further_evidence"].as_array().unwrap().len(), 1);

        // What is ticked stays ticked where a file is refused.
        let reply = producer.upload(&form(&page, "change"), A_HEIC);
        let still = form(&reply.text, "change");
        assert_eq!(still.fields.iter().filter(|(name, _)| name.starts_with("evidence.")).count(), 2, "{still:?}");

        // What is said of a paper is held against its rules, and kept.
        let dated = form(&page, "change").with("kind", "award").with("issued_on", "22/02/2021");
        let reply = producer.upload(&dated.with("valid_until", "1/2/2021"), A_PDF);
        assert!(reply.status == 422 && reply.text.contains("href=\"#change-valid_until\""), "{}", reply.text);
        let mended = form(&reply.text, "change").with("valid_until", "22/02/2024");
        assert_eq!((mended.value("kind"), mended.value("issued_on")), ("award", "22/02/2021"));
        assert_eq!(led_to(&producer.upload(&mended.with("then", "1.2"), A_PDF)), page_of(&candidate.dossier, "1.2"));
        assert_eq!(documents(&candidate.product)[0]["valid_until"], "2024-02-22");

        // A paper for a criterion without an option is kept, and the option asked for.
        let two = page_of(&candidate.dossier, "1.2");
        let page = producer.page(&two);
        assert!(page.contains("có giá trị") || page.contains("đến hết 22/02/2024"), "{page}");
        let reply = producer.upload(&form(&page, "change").with("evidence.9", &first), A_PDF);
        assert!(reply.status == 422 && reply.text.contains("Xin chọn một mức cho tiêu chí này"), "{}", reply.text);
        let filled = form(&reply.text, "change");
        assert_eq!(filled.fields.iter().filter(|(name, _)| name.starts_with("evidence.")).count(), 2);
        let filled = filled.with("self_marks.0.option", "1").with("then", "list");
        let location = format!("/desk/dossiers/{}/criteria?done=change#criterion-1.2", candidate.dossier);
        assert_eq!(led_to(&producer.upload(&filled, NOTHING)), location);
        let kept = marks(&candidate.dossier);
        assert!(kept[1].to_string().contains(&first), "one paper serves both: {}", kept[1]);
        assert_eq!(documents(&candidate.product).len(), 4);

        // Options are chosen anew without touching what shows them.
        let all = format!("/desk/dossiers/{}/criteria", candidate.dossier);
        producer.done(&form(&producer.page(&all), "change").with("self_marks.0.option", "2"));
        let now = marks(&candidate.dossier);
        assert_eq!((&now[0]["option"], &now[0]["further_evidence"]), (&json!(2), &kept[0]["further_evidence"]));

        // Another product of the producer uses a paper again.
        let one = page_of(&other.dossier, "1.1");
        let page = producer.page(&one);
        assert_eq!(page.matches("name=\"reuse.").count(), 4);
        let filled = form(&page, "change").with("self_marks.0.option", "1").with("reuse.3", &first);
        for _ in 0..2 {
            assert_eq!(led_to(&producer.upload(&filled, NOTHING)), format!("{one}?done=change"));
        }
        let (here, there) = (documents(&other.product), documents(&candidate.product));
        let original = there.iter().find(|document| document["id"] == first.as_str()).unwrap();
        assert_eq!((here.len(), &here[0]["file"]), (1, &original["file"]));
        assert_eq!(marks(&other.dossier)[0]["evidence"], here[0]["id"]);
        let again = producer.page(&one);
        assert_eq!(again.matches("name=\"reuse.").count(), 3);

        // By the API as by the page, and of no other producer.
        let reuse = |product: &str, person, document: &Value| {
            walk.province.post(person, &format!("/products/{product}/reuse-document"), json!({"document_id": document}))
        };
        let made = reuse(&other.product, &walk.here.producer, &there[0]["id"]).created();
        assert_eq!((&made["kind"], &made["product_id"]), (&there[0]["kind"], &json!(other.product)));
        reuse(&other.product, &walk.here.producer, &there[0]["id"]).fault("/document_id", "unknown_document");
        let foreign = walk.approved(&walk.there, "Chè");
        reuse(&foreign.product, &walk.there.producer, &there[0]["id"]).fault("/document_id", "unknown_document");
        reuse(&other.product, &walk.there.producer, &there[0]["id"]).refused(404, "not_found");
        reuse(&other.product, &walk.office, &there[0]["id"]).refused(403, "forbidden");

        let mark =
            json!({"criterion": "1.1", "option": 1, "evidence": there[0]["id"], "further_evidence": [here[0]["id"]]});
        let path = format!("/dossiers/{}", candidate.dossier);
        let refused = walk.province.patch(&walk.here.producer, &path, json!({"self_marks": [mark]}));
        refused.fault("/self_marks/0/further_evidence/0", "unknown_document");

        // What is handed in has them all.
        producer.take(&format!("/desk/dossiers/{}", candidate.dossier), "submit", &[]);
        let submitted = walk.province.get(&walk.here.producer, &format!("{path}/submissions/1")).ok();
        assert_eq!(submitted["content"]["documents"].as_array().unwrap().len(), 4);
    });
}

#[test]
fn every_set_of_the_act_in_force_fits_its_page_and_least_options_are_named() {
    on_both(|engine| {
        let year = Year::new(
            engine,
            "26-2026",
            "2026-07-06",
            json!([
                {"kind": "document", "stars": 4, "document": "quality_management"},
                {"kind": "number", "stars": 5, "name": "yearly_output", "at_least": 5000, "unit": "kg"},
            ]),
        );
        let producer = Browser::of(&year.province, &year.producer);
        let form_of_idea = json!({"cycle_id": year.cycle, "kind": "new", "product_name": "Cà phê", "criteria_set": "ca-phe-ca-cao",
            "description": "Sản vật của xã", "target_value": 1_000_000, "packaging": "Hộp"});
        let idea = format!("/ideas/{}", id(&year.province.post(&year.producer, "/ideas", form_of_idea).created()));
        year.step(&year.producer, &idea, "submit", json!({}));
        let candidate = year.taken_up(&idea);
        let page = producer.page(&format!("/desk/dossiers/{}/criteria", candidate.dossier));
        assert!(page.contains("cần ít nhất mức") && page.contains("tối thiểu cho 3 sao"), "{page}");
        assert!(page.contains("Cần giấy tờ còn hiệu lực: hệ thống quản lý chất lượng."));
        assert!(page.contains("Cần số liệu yearly_output từ 5.000 kg."));
        let lacks = between(&page, "<summary>", "</summary>");
        assert_eq!(lacks.len(), 3, "{lacks:?}");
        let english = producer.page(&format!("/desk/dossiers/{}/criteria?lang=en", candidate.dossier));
        assert!(english.contains("What lacks for 3, 4, 5 stars") && !english.contains("Cần từ"));
    });
}

#[test]
fn photographs_are_turned_and_cut_and_what_was_handed_in_stays_as_it_was() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let (dossier, product) =
            (format!("/dossiers/{}", candidate.dossier), format!("/products/{}", candidate.product));
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let one = format!("/desk{dossier}/criteria/1.1");
        let filled = form(&producer.page(&one), "change").with("self_marks.0.option", "1");
        producer.upload(&filled, A_PNG);
        let documents = || walk.province.all(&walk.here.producer, &format!("{product}/documents"));
        let original = documents()[0].clone();

        let turn = form(&producer.page(&one), "turn-document").with("quarter_turns", "1");
        assert_eq!(turn.value("document_id"), original["id"].as_str().unwrap());
        for _ in 0..2 {
            assert_eq!(producer.done(&turn), format!("{one}?done=turn-document"), "sent twice, done once");
        }
        let (now, own) = (documents(), walk.province.get(&walk.here.producer, &dossier).ok());
        assert_eq!((now.len(), &now[1]), (2, &original), "the old one is as it was");
        assert_eq!((&now[0]["file"]["media_type"], &now[0]["kind"]), (&json!("image/jpeg"), &original["kind"]));
        assert_eq!(own["self_marks"][0]["evidence"], now[0]["id"]);

        let body = |document: &Value, turns: i64| json!({"document_id": document, "quarter_turns": turns});
        let step = |person, body: Value| walk.province.step(person, &dossier, "turn-document", body);
        step(&walk.here.producer, body(&now[0]["id"], 4)).fault("/quarter_turns", "out_of_range");
        step(&walk.here.producer, body(&now[0]["id"], 0)).fault("/quarter_turns", "required");
        let foreign = walk.approved(&walk.there, "Chè");
        let theirs = walk.document(&walk.there, &foreign.product);
        step(&walk.here.producer, body(&json!(theirs), 1)).fault("/document_id", "unknown_document");
        step(&walk.here.officer, body(&now[0]["id"], 1)).refused(403, "forbidden");
        let path = format!("{dossier}/turn-document");
        walk.province.post(&walk.there.producer, &path, body(&now[0]["id"], 1)).refused(404, "not_found");
        let cut = json!({"document_id": now[0]["id"], "cut": {"left": 10, "bottom": 20}});
        step(&walk.here.commune, cut).ok();
        assert_eq!(documents().len(), 3);

        producer.take(&format!("/desk{dossier}"), "submit", &[]);
        let handed_in = walk.province.get(&walk.here.producer, &format!("{dossier}/submissions/1")).ok();
        let newest = documents()[0]["id"].clone();
        assert_eq!(handed_in["content"]["documents"][0]["id"], newest);
        step(&walk.here.producer, body(&newest, 1)).refused(409, "wrong_state");

        // A picture of the product keeps its place under another address.
        let add = form(&producer.page(&format!("/desk{product}")), "add-picture");
        for _ in 0..2 {
            let add = add.clone().with("key", &ocop::base::id::AnyId::random().to_string());
            assert_eq!(producer.upload(&add, A_PNG).status, 303);
        }
        let pictures = || walk.province.all(&walk.here.producer, &format!("{product}/pictures"));
        let before = pictures();
        let first = before[0]["id"].as_str().unwrap();
        let page =
            producer.take(&format!("/desk{product}"), "turn-picture", &[("picture_id", first), ("quarter_turns", "3")]);
        assert!(page.contains("Xoay, cắt ảnh: đã xong."), "{page}");
        let after = pictures();
        assert_eq!((after.len(), &after[1]), (2, &before[1]));
        assert_eq!((&after[0]["width"], &after[0]["height"]), (&before[0]["height"], &before[0]["width"]));
        assert_eq!(producer.get(&format!("/api/v1/pictures/{first}")).status, 404);
        assert_eq!(producer.get(after[0]["address"].as_str().unwrap()).status, 200);
        let turn = |picture: &Value| {
            let turn = json!({"picture_id": picture, "quarter_turns": 1});
            walk.province.step(&walk.here.producer, &product, "turn-picture", turn)
        };
        turn(&json!(first)).fault("/picture_id", "unknown_picture");
        turn(&after[0]["id"]).ok();
    });
}
