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
        assert_eq!(offered(&page), ["add-original", "withdraw"]);
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

        // All of the session in one print.
        let together = format!("/desk/councils/{}/session-papers", council.id);
        assert!(officer.page(&format!("/desk/councils/{}", council.id)).contains(&together));
        let papers = officer.page(&together);
        for part in [">Biên bản</h1>", ">Phiếu đánh giá sản phẩm OCOP</h1>", ">Thông báo</h1>", "15/TB-VPĐP"]
        {
            assert!(papers.contains(part), "{part}: {papers}");
        }
        assert_eq!(producer.get(&together).status, 404);

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

#[test]
fn a_lot_is_recorded_in_three_fields_traced_held_and_recalled_with_what_was_made_of_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert!(producer.page(&format!("/desk/products/{product}")).contains("/desk/lots/new?product_id="));
        let blank = form(&producer.page("/desk/lots/new"), "create");
        assert_eq!((blank.value("product_id"), blank.value("produced_on")), (product.as_str(), "22/02/2021"));
        assert_eq!(blank.value("unit"), "sản phẩm");
        let reply = producer.send(&blank.clone().with("code", "N-1").with("quantity", "nhiều"));
        assert!(reply.status == 422 && reply.text.contains("id=\"create-quantity-fault\""), "{}", reply.text);
        let made = blank.with("code", "N-1").with("quantity", "1.000").with("unit", "kg");
        let input = without_query(&producer.done(&made));

        // What happened is told with one choice: place and time are there.
        let event = form(&producer.page(&input), "add-event");
        assert!(event.value("at").starts_with("22/02/2021") && !event.value("place").is_empty(), "{event:?}");
        assert_eq!(event.value("quantity"), "", "a part of the lot, not all of it");
        producer.done(&event.with("kind", "harvest").with("quantity", "900"));
        let event = form(&producer.page(&input), "add-event");
        let both = event
            .with("kind", "ship")
            .with("destination.name", "Chợ Gôi")
            .with("destination.producer_id", &walk.there.producer_id);
        let reply = producer.send(&both);
        assert!(
            reply.status == 422 && reply.text.contains("id=\"add-event-destination-name-fault\""),
            "{}",
            reply.text
        );
        let again = form(&reply.text, "add-event").without("destination.producer_id").with("at", "22/02/2021 25:00");
        let reply = producer.send(&again);
        assert!(reply.status == 422 && reply.text.contains("id=\"add-event-at-fault\""), "{}", reply.text);
        producer.done(
            &form(&reply.text, "add-event").with("at", "22/02/2021 0:00").with("destination.address", "Hương Sơn"),
        );
        let page = producer.page(&input);
        assert!(page.contains("Giao hàng") && page.contains("Chợ Gôi, Hương Sơn") && page.contains("900 kg"), "{page}");

        let blank = form(&producer.page("/desk/lots/new"), "create");
        assert_eq!(blank.value("unit"), "kg", "as the last one was counted");
        let id = input.rsplit('/').next().unwrap();
        let made = blank.with("code", "L-1").with("quantity", "500").with("inputs.0", id);
        let lot = without_query(&producer.done(&made));
        let page = producer.page(&lot);
        assert!(page.contains("<svg") && page.contains("role=\"img\"") && page.contains(&input), "{page}");

        let inspector = Browser::signed_in(&walk.province, "inspector");
        let hold = form(&inspector.page(&format!("/desk/holds/new?lot_id={id}")), "create");
        assert_eq!(hold.value("lot_id"), id);
        let reply = inspector.send(&hold.clone().with("product_id", &product).with("reason", "Chờ kiểm nghiệm"));
        assert!(reply.status == 422 && reply.text.contains("id=\"create-lot_id-fault\""), "{}", reply.text);
        let hold = without_query(&inspector.done(&hold.with("reason", "Chờ kiểm nghiệm")));
        assert!(producer.page(&input).contains(&hold) && producer.page(&lot).contains("Đang tạm đình chỉ"));
        inspector.take(&hold, "lift", &[("note", "Đạt")]);

        let page = inspector.page(&input);
        assert!(page.contains("thu hồi lô này là thu hồi cả các lô sau") && page.contains("L-1 · Mật ong"), "{page}");
        inspector.take(&input, "recall", &[("note", "Nhiễm nấm mốc")]);
        let page = producer.page(&lot);
        assert!(page.contains("Đã thu hồi") && page.contains("Nhiễm nấm mốc"), "{page}");
    });
}

#[test]
fn stamps_are_ordered_issued_printed_and_activated_by_reading_the_first_and_the_last() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let lot = walk.lot(&walk.here, &product, "L-1");
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let page = producer.page(&format!("/desk/stamp-orders/new?product_id={product}"));
        assert!(page.contains(&format!("/desk/products/{product}#step-add-picture")), "{page}");
        let blank = form(&page, "create");
        let reply = producer.send(&blank.clone().with("quantity", "0"));
        assert!(reply.status == 422 && reply.text.contains("id=\"create-quantity-fault\""), "{}", reply.text);
        let order = without_query(&producer.done(&form(&reply.text, "create").with("quantity", "20")));
        let office = Browser::signed_in(&walk.province, "office");
        assert!(office.page("/desk").contains(&order));
        let page = office.page(&order);
        assert!(page.contains("Nên có: Chưa có hình ảnh sản phẩm.") && !page.contains("codes.csv"), "{page}");
        let page = office.take(&order, "issue", &[]);
        assert!(page.contains("scratch.csv") && page.contains("chưa tạo"), "{page}");

        let page = producer.page(&order);
        assert!(page.contains("codes.csv") && !page.contains("scratch.csv"));
        assert_eq!(producer.get(&format!("{order}/scratch.csv")).status, 403);
        let codes = producer.get(&format!("{order}/codes.csv")).text;
        let stamps: Vec<(&str, &str)> =
            codes.lines().skip(1).map(|line| line.split_once(',').unwrap().1.split_once(',').unwrap()).collect();
        assert_eq!(stamps.len(), 20);
        let labels = producer.get(&format!("{order}/labels.pdf?from=1&to=20"));
        assert!(labels.status == 200 && labels.text.starts_with("%PDF-"));
        assert!(producer.page(&order).contains("đã tạo 22/02/2021"));

        // Codes as a camera reads them, or as somebody types them.
        let activate = form(&producer.page(&order), "activate");
        assert_eq!(activate.value("lot_id"), lot);
        let wrong = activate.clone().with("first_code", "ABCDEFGHJKMNPQRSTVWX").with("last_code", stamps[9].1);
        let reply = producer.send(&wrong);
        assert!(reply.status == 422 && reply.text.contains("id=\"activate-first_code-fault\""), "{}", reply.text);
        producer.done(&form(&reply.text, "activate").with("first_code", stamps[0].0));
        let page = producer.page(&order);
        assert!(page.contains("1–10 · lô L-1") && page.contains("L-1 · còn 490 hũ"), "{page}");
        let reply = producer.send(&form(&page, "activate").with("from", "10").with("to", "12"));
        assert!(reply.status == 409 && reply.text.contains("Trùng với dải đã ghi: 1–10."), "{}", reply.text);
        producer.take(&order, "void", &[("from", "11"), ("to", "11"), ("reason", "Rách")]);
        producer.take(&order, "display", &[("from", "1"), ("to", "1"), ("reason", "Hội chợ")]);
        let page = producer.page(&order);
        assert!(page.contains("Rách") && page.contains("Hội chợ"), "{page}");

        // The printer's link is told on this page and on no other.
        let reply = office.send(&form(&office.page(&order), "make-link").with("printer", "Nhà in Lam Hồng"));
        assert!(reply.status == 200 && reply.text.contains("/api/v1/stamp-exports/"), "{}", reply.text);
        assert!(!office.page(&order).contains("/api/v1/stamp-exports/"));
        office.take(&order, "deliver", &[("receipt", "05/BB, bà Hoa")]);
        assert!(producer.page("/desk").contains(&order), "it is to be received");
        producer.take(&order, "receive", &[]);

        // What the office lets the product have in a year.
        let page =
            office.take(&format!("/desk/products/{product}"), "set-stamp-limit", &[("year", "2021"), ("stamps", "25")]);
        assert!(page.contains("Hạn mức tem"), "{page}");
        let more = form(&producer.page(&format!("/desk/stamp-orders/new?product_id={product}")), "create");
        let reply = producer.send(&more.with("quantity", "6"));
        assert!(reply.status == 409 && reply.text.contains("id=\"create-quantity-fault\""), "{}", reply.text);
    });
}

#[test]
fn copied_stamps_and_doubts_are_looked_into_and_answered() {
    on_both(|engine| {
        let filled = crate::routes::Filled::new(engine);
        let province = &filled.walk.province;
        let office = Browser::of(province, &filled.walk.office);
        let suspect = format!("/desk/stamps/suspects/{}", filled.here.id("stamps"));
        assert!(office.page("/desk/stamps/suspects").contains(&suspect));
        assert!(office.page("/desk").contains(&suspect), "it waits for the office");
        let case = province.get(&filled.walk.office, suspect.strip_prefix("/desk").unwrap()).ok();
        filled.walk.scan(case["code"].as_str().unwrap(), 0x7900, Some((18.34, 105.9)));
        assert_eq!(office.get("/desk/stamps/suspects.csv").status, 200);
        let page = office.page(&suspect);
        for part in ["Vì sao bị nghi", "Nơi đã quét", "18,34° B, 105,90° Đ", "Chờ xem xét"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let reply = office.send(&form(&page, "confirm"));
        assert!(reply.status == 422 && reply.text.contains("href=\"#confirm-note\""), "{}", reply.text);
        let page = office.take(&suspect, "confirm", &[("note", "Tem bị sao chép ở chợ"), ("void", "true")]);
        assert!(page.contains("Đã xác nhận"), "{page}");
        let producer = Browser::of(province, &filled.walk.here.producer);
        assert_eq!(producer.get(&suspect).status, 403);
        assert!(!producer.page("/desk").contains("/desk/stamps/suspects"));

        let inspector = Browser::of(province, &filled.walk.inspector);
        let doubt = format!("/desk/doubts/{}", filled.here.id("doubts"));
        assert!(inspector.page("/desk/doubts?state=open").contains(&doubt));
        assert!(inspector.page("/desk").contains(&doubt), "it waits for whoever looks into it first");
        assert_eq!(inspector.get(&format!("{doubt}/photo")).status, 200);
        inspector.take(&doubt, "see", &[]);
        let reply = inspector.send(&form(&inspector.page(&doubt), "close"));
        assert!(reply.status == 422 && reply.text.contains("href=\"#close-note\""), "{}", reply.text);
        let page = inspector.take(&doubt, "close", &[("note", "Bao bì cũ của chính chủ thể")]);
        assert!(page.contains("Đã khép") && page.contains("Bao bì cũ của chính chủ thể"), "{page}");
    });
}
