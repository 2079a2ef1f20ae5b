//! The desk after the council: what came out, decisions, certificates, appeals and notices through pages alone.

use crate::desk_browser::{Browser, form, offered};
use crate::engine::on_both;
use crate::walk::{Candidate, Walk};

/// A product that the province's council rated, and the item of it.
fn rated(walk: &Walk) -> (Candidate, String) {
    let candidate = walk.handed_in(&walk.here, "Mật ong rừng");
    let district = walk.council("439", 1, 3);
    walk.sent_up(&district, &candidate, 60);
    let item = walk.rated(&walk.council("42", 1, 3), &candidate, 72);
    (candidate, item)
}

fn without_query(location: &str) -> String {
    location.split('?').next().unwrap().to_owned()
}

#[test]
fn a_decision_is_drafted_by_ticking_results_and_promulgated_by_another_account() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (_, item) = rated(&walk);
        let office = Browser::signed_in(&walk.province, "office");
        assert!(office.page(&format!("/desk/agenda-items/{item}")).contains("/desk/decisions/new"));
        let page = office.page("/desk/decisions/new");
        assert!(!page.contains("data-verb=\"create\"") && page.contains("id=\"first-kind\""), "{page}");
        assert!(!page.contains("value=\"centre_revoke\""), "the act in force knows no such decision");
        let blank =
            form(&office.page(&format!("/desk/decisions/new?kind=recognise&cycle_id={}", walk.cycle)), "create");
        assert_eq!((blank.value("kind"), blank.value("unit_code")), ("recognise", "42"));
        let reply = office.send(&blank);
        assert!(reply.status == 422 && reply.text.contains("href=\"#create-agenda_item_ids\""), "{}", reply.text);
        let ticked = form(&reply.text, "create").with("agenda_item_ids.0", &item);
        // What stands against one of them is told with its name.
        let reply = office.send(&ticked.clone().with("stars", "4"));
        assert!(reply.status == 422 && reply.text.contains("Mật ong rừng · "), "{}", reply.text);
        assert!(reply.text.contains("Hạng sao do hội đồng kết luận, không ghi lại."), "{}", reply.text);
        let decision = without_query(&office.done(&form(&reply.text, "create").with("stars", "")));
        let page = office.page(&decision);
        assert_eq!(offered(&page), ["withdraw"]);
        assert!(page.contains(&format!("/desk/agenda-items/{item}")) && page.contains("72,00 điểm · 4 sao"), "{page}");
        assert!(office.page(&format!("{decision}/paper")).contains("Mật ong rừng"));
        let again = office.page("/desk/decisions/new?kind=recognise");
        assert!(!again.contains(&item), "it is in a draft already");

        let signatory = Browser::signed_in(&walk.province, "signatory");
        assert!(signatory.page("/desk").contains(&decision), "it waits for the signatory");
        let signature = form(&signatory.page(&decision), "promulgate").with("number", "12/QĐ-UBND");
        let reply = signatory.send(&signature.clone().with("signed_on", "30/02/2021"));
        assert!(reply.status == 422 && reply.text.contains("id=\"promulgate-signed_on-fault\""), "{}", reply.text);
        signatory.done(&signature.with("signed_on", "22/02/2021"));
        let page = office.page(&decision);
        assert!(page.contains("12/QĐ-UBND") && page.contains("Đã ban hành"), "{page}");
        let certificate = crate::html::between(&page, "href=\"/desk/certificates/", "\"")[0].to_owned();
        let certificate = format!("/desk/certificates/{certificate}");

        let producer = Browser::signed_in(&walk.province, "producer-439");
        let page = producer.page(&certificate);
        assert!(page.contains("Còn hiệu lực") && !page.contains("kind=revoke"), "{page}");
        let paper = producer.get(&format!("{certificate}/certificate.pdf"));
        assert_eq!((paper.status.as_u16(), paper.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
        assert!(producer.page("/desk/certificates?expiring_before=22/02/2030").contains(&certificate));
        assert!(!producer.page("/desk/certificates?expiring_before=22/02/2022").contains(&certificate));
        assert_eq!(producer.get("/desk/certificates?expiring_before=bao+gi%E1%BB%9D").status, 422);
        let nav = producer.page("/desk");
        assert!(nav.contains("href=\"/desk/certificates\"") && !nav.contains("href=\"/desk/decisions\""));

        // It is taken back from its own page; the draft is withdrawn.
        let page = office.page(&certificate);
        let revoke = crate::html::between(&page, "href=\"/desk/decisions/new?kind=revoke", "\"")[0];
        let revoke = format!("/desk/decisions/new?kind=revoke{}", revoke.replace("&#38;", "&").replace("&amp;", "&"));
        let blank = form(&office.page(&revoke), "create");
        assert!(certificate.ends_with(blank.value("certificate_ids.0")));
        let reply = office.send(&blank);
        assert!(reply.status == 422 && reply.text.contains("href=\"#create-reason\""), "{}", reply.text);
        let reason = form(&reply.text, "create").with("reason", "Không còn sản xuất").with("ground", "not_rated_again");
        let draft = without_query(&office.done(&reason));
        assert!(office.page(&draft).contains("Hết hạn mà không được đánh giá lại"));
        let page = office.take(&draft, "withdraw", &[("note", "Soạn nhầm")]);
        assert!(page.contains("Đã rút") && page.contains("Soạn nhầm"), "{page}");
    });
}

#[test]
fn a_result_is_told_appealed_against_and_answered() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong rừng");
        let council = walk.council("439", 1, 3);
        let item = walk.agenda_item(&council, &candidate.dossier);
        let address = format!("/desk/agenda-items/{item}");
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert!(!producer.page(&address).contains("Điểm trung bình"));
        walk.concluded(&council, &item, &[60, 61, 60]);
        let page = producer.page(&address);
        for part in ["60,33 điểm", "Chuyển hội đồng cấp trên", "Điểm trung bình theo tiêu chí", "Còn thiếu"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(page.contains(&format!("{address}/sheet-papers")) && !page.contains("/minutes\""));
        assert_eq!(producer.get(&format!("{address}/sheet-papers")).status, 200);
        let minutes = format!("/desk/councils/{}/minutes", council.id);
        assert_eq!(producer.get(&minutes).status, 404);
        let commune = Browser::signed_in(&walk.province, "commune-439");
        assert!(!commune.page(&address).contains("/sheet-papers"));
        assert_eq!(commune.get(&format!("{address}/sheet-papers")).status, 403);
        let officer = Browser::signed_in(&walk.province, "district-439");
        assert!(officer.page(&address).contains(&minutes) && officer.get(&minutes).status == 200);
        assert!(officer.page(&format!("/desk/councils/{}", council.id)).contains(&minutes));

        let notice = form(&officer.page(&format!("/desk/result-notices/new?agenda_item_id={item}")), "create");
        assert_eq!(notice.value("agenda_item_id"), item);
        let notice = notice.with("number", "15/TB-VPĐP").with("dated", "22/02/2021");
        let notice = without_query(&officer.done(&notice));
        assert!(producer.page(&notice).contains("15/TB-VPĐP"));
        assert!(producer.page(&format!("{notice}/paper")).contains("Mật ong rừng"));
        assert!(producer.page(&address).contains(&format!("{notice}/paper")));
        assert!(!officer.page("/desk/result-notices/new").contains(&item), "it was told");

        let appeal = form(&producer.page(&address), "appeal");
        let reply = producer.send(&appeal);
        assert!(reply.status == 422 && reply.text.contains("href=\"#appeal-grounds\""), "{}", reply.text);
        let appeal = form(&reply.text, "appeal").with("grounds", "Chưa tính hợp đồng đã nộp");
        let appeal = without_query(&producer.done(&appeal));
        assert!(producer.page(&appeal).contains("Đã gửi khiếu nại") && producer.page(&address).contains(&appeal));
        assert!(officer.page("/desk").contains(&appeal), "it waits for an answer");
        let page = officer.take(&appeal, "dismiss", &[("note", "Hợp đồng đã được tính ở tiêu chí 4.1")]);
        assert!(page.contains("Bác") && page.contains("Hợp đồng đã được tính"), "{page}");
        assert!(!officer.page("/desk").contains(&appeal));
    });
}
