//! Decisions that were signed outside: handed in, judged, shown, kept; and what that means for their promulgation.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::audit::verify;
use crate::desk_browser::{Browser, form, offered};
use crate::engine::{Engine, on_both};
use crate::html::plain;
use crate::program::Program;
use crate::province::{Person, Reply, Templates, Upload};
use crate::signer::{Authority, pem, updated};
use crate::walk::{Cast, Walk, id};

/// A province with two drafts of decisions.
struct Drafted {
    walk: Walk,
    first: String,
    second: String,
}

impl Drafted {
    fn new(engine: Engine) -> Self {
        static DRAFTS: Templates<(Cast, [String; 2])> = Templates::new();
        let (walk, [first, second]) = Walk::filled(engine, &DRAFTS, |walk| {
            let district = walk.council("439", 1, 3);
            let council = walk.council("42", 1, 3);
            ["Mật ong rừng", "Kẹo cu đơ"].map(|name| {
                let candidate = walk.handed_in(&walk.here, name);
                walk.sent_up(&district, &candidate, 60);
                let item = walk.rated(&council, &candidate, 72);
                let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
                id(&walk.province.post(&walk.office, "/decisions", form).created())
            })
        });
        Self { walk, first, second }
    }

    /// The PDF of a draft, as it is given out.
    fn given_out(&self, decision: &str) -> Vec<u8> {
        self.bytes(&self.walk.office, &format!("/decisions/{decision}/decision.pdf"))
    }

    fn bytes(&self, person: &Person, path: &str) -> Vec<u8> {
        let request = self.walk.province.request(Method::GET, path).bearer_auth(&person.token);
        let reply = request.send().unwrap();
        assert_eq!(reply.status(), 200, "{path}");
        assert_eq!(reply.headers()["content-type"], "application/pdf");
        reply.bytes().unwrap().to_vec()
    }

    fn hand_in(&self, person: &Person, decision: &str, bytes: &[u8]) -> Reply {
        let file = Upload { name: "Quyết định.pdf", media: "application/pdf", bytes };
        self.walk.province.upload(person, &format!("/decisions/{decision}/originals"), &[], file)
    }

    fn promulgate(&self, decision: &str, number: &str, compared: Option<bool>) -> Reply {
        let mut form = json!({"number": number, "signed_on": "2021-02-22"});
        if let Some(compared) = compared {
            form["original_compared"] = Value::from(compared);
        }
        self.walk.province.step(&self.walk.signatory, &format!("/decisions/{decision}"), "promulgate", form)
    }

    fn believe(&mut self, folder: &Path) {
        self.walk.province.restart(&["--signature-anchors", folder.to_str().unwrap()]);
    }

    fn read(&self, decision: &str) -> Value {
        self.walk.province.get(&self.walk.office, &format!("/decisions/{decision}")).ok()
    }
}

#[test]
fn an_original_is_judged_kept_and_stands_in_the_way_of_promulgation_while_it_is_bad() {
    on_both(|engine| {
        let mut drafted = Drafted::new(engine);
        let authorities = tempfile::tempdir().unwrap();
        let root = Authority::root("CA gốc");
        let below = root.below("CA phục vụ cơ quan nhà nước");
        let chairman = below.signer("Trần Thị B");
        std::fs::write(authorities.path().join("root.pem"), pem("CERTIFICATE", &root.certificate)).unwrap();
        let (first, second) = (drafted.first.clone(), drafted.second.clone());

        let pdf = drafted.given_out(&first);
        assert!(pdf.starts_with(b"%PDF-") && pdf == drafted.given_out(&first), "the same draft is the same bytes");
        assert!(pdf != drafted.given_out(&second));
        let good = chairman.signed(&pdf);

        // Without an authority nothing is called valid, and nothing is refused.
        let judged = drafted.hand_in(&drafted.walk.office, &first, &good).created();
        assert_eq!((&judged["verdict"], &judged["content"]), (&json!("not_judged"), &json!("draft")), "{judged}");
        let read = drafted.read(&first);
        assert_eq!(read["original_verdict"], "not_judged");
        assert_eq!(read["warnings"][0]["code"], "original_not_judged");
        let browser = Browser::signed_in(&drafted.walk.province, "signatory");
        let page = plain(&browser.page(&format!("/desk/decisions/{first}")));
        assert!(page.contains("chưa khai báo cơ quan chứng thực nào") && !page.contains("Chữ ký số hợp lệ"), "{page}");
        assert!(offered(&browser.page(&format!("/desk/decisions/{first}"))).contains(&"promulgate".to_owned()));

        drafted.believe(authorities.path());
        let walk = &drafted.walk;
        let (office, signatory) = (&walk.office, &walk.signatory);
        let judged = drafted.hand_in(signatory, &first, &good).created();
        assert_eq!((&judged["verdict"], &judged["content"]), (&json!("valid"), &json!("draft")), "{judged}");
        let signature = &judged["signatures"][0];
        assert_eq!((&signature["signer"], &signature["time_from"]), (&json!("Trần Thị B"), &json!("claimed")));
        assert_eq!(judged["uploaded_by_name"], walk.province.get(signatory, "/me").ok()["name"]);

        // Each that is bad says so, and is in the way.
        let mut altered = good.clone();
        altered[60] ^= 1;
        let stranger = Authority::root("CA lạ").signer("Trần Thị B");
        let more = updated(&good, &[(900, "<</Note (more)>>".to_owned())]);
        for (file, verdict) in [
            (altered, "altered"),
            (more, "updated_after_signing"),
            (stranger.signed(&pdf), "untrusted"),
            (pdf.clone(), "unsigned"),
            (b"%PDF-1.7\nhalf".to_vec(), "unreadable"),
        ] {
            let judged = drafted.hand_in(office, &first, &file).created();
            assert_eq!(judged["verdict"], verdict, "{judged}");
            drafted.promulgate(&first, "40/QĐ-UBND", Some(true)).refused(409, "original_not_valid");
            let read = walk.province.get(signatory, &format!("/decisions/{first}?explain=actions")).ok();
            assert!(!read["actions"].as_array().unwrap().contains(&json!("promulgate")), "{read}");
            assert_eq!(read["warnings"][0]["code"], "original_not_valid");
            assert_eq!(read["warnings"][0]["detail"], judged["detail"]);
        }
        let read = drafted.read(&first);
        assert_eq!((&read["version"], &read["original_verdict"]), (&json!(8), &json!("unreadable")));

        // Another decision's paper, well signed: people compare, and say that they did.
        let other = chairman.signed(&drafted.given_out(&second));
        let judged = drafted.hand_in(office, &first, &other).created();
        assert_eq!((&judged["verdict"], &judged["content"]), (&json!("valid"), &json!("other")));
        for compared in [None, Some(false)] {
            drafted.promulgate(&first, "40/QĐ-UBND", compared).refused(409, "original_to_be_compared");
        }
        // The good one counts again, as it was handed in last.
        drafted.hand_in(office, &first, &good).created();
        let promulgated = drafted.promulgate(&first, "40/QĐ-UBND", None).ok();
        assert_eq!((&promulgated["state"], &promulgated["original_verdict"]), (&json!("promulgated"), &json!("valid")));

        // All are kept, byte for byte, with who handed them in.
        let all = walk.province.all(office, &format!("/decisions/{first}/originals"));
        assert_eq!(all.len(), 9);
        let sent = drafted.bytes(signatory, &format!("/decision-originals/{}/content", id(&all[0])));
        assert!(sent == good);
        let history = walk.province.all(office, &format!("/decisions/{first}/history"));
        assert_eq!(history.iter().filter(|step| step["verb"] == "add-original").count(), 9);

        // A paper that comes after the promulgation is taken too; one of a draft that was withdrawn is not.
        drafted.hand_in(office, &first, &good).created();
        assert_eq!(drafted.promulgate(&first, "41/QĐ-UBND", None).status, 409);
        drafted.hand_in(office, &second, &other).created();
        assert_eq!(drafted.read(&second)["original_content"], "draft");
        walk.province.step(office, &format!("/decisions/{second}"), "withdraw", json!({"note": "Soạn lại"})).ok();
        drafted.hand_in(office, &second, &other).refused(409, "wrong_state");

        let (sound, told) = verify(&walk.province);
        assert!(sound, "{told}");
    });
}

#[test]
fn what_nobody_handed_in_is_promulgated_as_ever_and_strangers_hand_in_nothing() {
    on_both(|engine| {
        let drafted = Drafted::new(engine);
        let (walk, first) = (&drafted.walk, &drafted.first);
        let pdf = drafted.given_out(first);
        for (person, status) in [
            (&walk.here.officer, 404),
            (&walk.here.commune, 404),
            (&walk.here.producer, 404),
            (&walk.supervisor, 403),
            (&walk.inspector, 403),
        ] {
            assert_eq!(drafted.hand_in(person, first, &pdf).status.as_u16(), status, "{}", person.id);
        }
        let file = Upload { name: "a.png", media: "image/png", bytes: crate::walk::PNG };
        let sent = walk.province.upload(&walk.office, &format!("/decisions/{first}/originals"), &[], file);
        sent.refused(422, "wrong_file_kind");
        let original = drafted.hand_in(&walk.office, &drafted.second, &pdf).created();
        let content = format!("/decision-originals/{}/content", id(&original));
        for (person, status) in [(&walk.here.officer, 404), (&walk.here.producer, 404), (&walk.supervisor, 200)] {
            assert_eq!(walk.province.get(person, &content).status.as_u16(), status);
        }
        assert_eq!(drafted.read(first)["original_verdict"], Value::Null);
        assert_eq!(drafted.promulgate(first, "40/QĐ-UBND", None).ok()["state"], "promulgated");
    });
}

#[test]
fn the_page_of_a_decision_takes_an_original_and_says_what_it_is_worth_in_both_languages() {
    on_both(|engine| {
        let mut drafted = Drafted::new(engine);
        let root = Authority::root("CA gốc");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("root.crt"), &root.certificate).unwrap();
        drafted.believe(folder.path());
        let chairman = root.signer("Trần Thị B");
        let address = format!("/desk/decisions/{}", drafted.first);
        let office = Browser::signed_in(&drafted.walk.province, "office");
        let signatory = Browser::signed_in(&drafted.walk.province, "signatory");
        let page = office.page(&address);
        assert!(page.contains(&format!("{address}/decision.pdf")) && page.contains("Bản PDF để ký số"), "{page}");
        let reply = office.answer(office.request(Method::GET, &format!("{address}/decision.pdf")));
        assert_eq!(reply.status, 200);
        let pdf = drafted.given_out(&drafted.first);

        let hand_in = |browser: &Browser, bytes: &[u8]| {
            let file = Upload { name: "Quyết định đã ký.pdf", media: "application/pdf", bytes };
            let reply = browser.upload(&form(&browser.page(&address), "add-original"), file);
            assert_eq!(reply.status, 303, "{}", reply.text);
        };
        let mut altered = chairman.signed(&pdf);
        altered[60] ^= 1;
        hand_in(&office, &altered);
        let page = plain(&signatory.page(&address));
        assert!(page.contains("Nội dung đã bị sửa sau khi ký."), "{page}");
        let page = plain(&signatory.page(&format!("{address}?lang=en")));
        assert!(page.contains("What was signed was changed after it was signed."), "{page}");
        assert!(!offered(&signatory.page(&address)).contains(&"promulgate".to_owned()));

        hand_in(&signatory, &chairman.signed(&pdf));
        let told = plain(&signatory.page(&format!("{address}?lang=en")));
        for part in [
            "The signature is valid",
            "Trần Thị B",
            "CA gốc",
            "time as claimed by the signer",
            "No revocation list is at hand",
            "the PDF that the system made of the draft",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let page = signatory.page(&format!("{address}?lang=vi"));
        assert!(plain(&page).contains("Chữ ký số hợp lệ"), "{page}");
        assert!(page.contains("/desk/decision-originals/") && page.contains("Quyết định đã ký.pdf"));
        assert!(!page.contains("original_compared"));
        let link = page.split("/desk/decision-originals/").nth(1).unwrap().split('"').next().unwrap();
        let file = signatory.answer(signatory.request(Method::GET, &format!("/desk/decision-originals/{link}")));
        assert_eq!((file.status.as_u16(), file.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));

        let other = drafted.given_out(&drafted.second);
        hand_in(&office, &chairman.signed(&other));
        let page = signatory.page(&address);
        assert!(plain(&page).contains("cần đối chiếu bằng mắt"), "{page}");
        let promulgation = form(&page, "promulgate").with("number", "41/QĐ-UBND").with("signed_on", "22/02/2021");
        let refused = signatory.send(&promulgation.clone().without("original_compared"));
        assert!(refused.text.contains("đánh dấu là đã đối chiếu"), "{}", refused.text);
        signatory.done(
            &form(&page, "promulgate")
                .with("number", "41/QĐ-UBND")
                .with("signed_on", "22/02/2021")
                .with("original_compared", "true"),
        );
        let read = drafted.read(&drafted.first);
        assert_eq!(read["state"], "promulgated", "{read}");
    });
}

#[test]
fn a_setting_that_cannot_be_read_stops_the_start() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let storage = walk.province.storage();
        let folder = tempfile::tempdir().unwrap();
        let program = Program::new(&storage.database_url.to_string(), &storage.data_dir);
        let serve = ["serve", "--signature-anchors", folder.path().to_str().unwrap()];
        program.refused(&serve, &["OCOP_SIGNATURE_ANCHORS", "no certificate of an authority"]);
        std::fs::write(folder.path().join("ca.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
            .unwrap();
        program.refused(&serve, &["OCOP_SIGNATURE_ANCHORS", "ca.pem"]);
    });
}
