//! Papers: who may have which, what they say, and that others than we can read and verify them.

use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::{Engine, has, on_both};
use crate::html::between;
use crate::province::{Person, Reply, Templates};
use crate::walk::{Cast, Council, Walk};

/// A province with a product that a district sent up and the province rated and certified.
struct Session {
    walk: Walk,
    district: Council,
    council: Council,
    /// The items at the district and at the province.
    below: String,
    item: String,
    decision: String,
    certificate: Value,
}

const PRODUCT: &str = "Mật ong rừng Vũ Quang “Hương Sơn” <b>&amp;</b> ỦỸỴĐặỡữ";

/// What is known of a session: its councils, items and decision, and the certificate.
type Known = (Council, Council, String, String, String, Value);

impl Session {
    fn new(engine: Engine) -> Self {
        static SESSIONS: Templates<(Cast, Known)> = Templates::new();
        let (walk, known) = Walk::filled(engine, &SESSIONS, |walk| {
            let district = walk.council("439", 1, 4);
            let council = walk.council("42", 1, 3);
            let candidate = walk.handed_in(&walk.here, PRODUCT);
            let below = walk.sent_up(&district, &candidate, 60);
            let item = walk.rated(&council, &candidate, 72);
            let decision = walk.recognised(&[&item], "39/QĐ-UBND");
            let path = format!("/certificates?product_id={}", candidate.product);
            let certificate = walk.province.all(&walk.office, &path)[0].clone();
            // Papers do not change while they are compared.
            walk.province.seal();
            (district, council, below, item, decision, certificate)
        });
        let (district, council, below, item, decision, certificate) = known;
        Self { walk, district, council, below, item, decision, certificate }
    }

    fn get(&self, person: &Person, path: &str) -> Reply {
        self.walk.province.get(person, path)
    }

    /// A paper that the person gets.
    #[track_caller]
    fn paper(&self, person: &Person, path: &str) -> String {
        let reply = self.get(person, path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(reply.headers["cache-control"], "no-store");
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!reply.text.contains("<script") && !reply.text.contains("<b>&amp;</b>"), "{path} lets markup in");
        reply.text
    }

    fn certificate_pdf(&self) -> Reply {
        let number = self.certificate["number"].as_str().unwrap();
        self.walk.province.public(&format!("/public/certificates/{number}/certificate.pdf"))
    }
}

/// The code that a paper carries, as it stands in its address.
fn code(paper: &str) -> String {
    let rest = paper.split_once("/p/").expect("the address of the paper").1;
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn name(person: &Person, walk: &Walk) -> String {
    walk.province.get(person, "/me").ok()["name"].as_str().unwrap().to_owned()
}

#[test]
fn each_has_the_papers_that_are_its_own() {
    on_both(|engine| {
        let session = Session::new(engine);
        let walk = &session.walk;
        let minutes = format!("/councils/{}/minutes", session.district.id);
        let sheets = format!("/agenda-items/{}/sheet-papers", session.below);
        let decision = format!("/decisions/{}/paper", session.decision);
        let status = |person: &Person, path: &str| session.get(person, path).status.as_u16();
        let district = &session.district;
        for (who, person, expected) in [
            ("chair", district.chair(), [200, 200, 404]),
            ("vice-chair", &district.scorers[1], [403, 200, 404]),
            ("member", &district.scorers[2], [403, 200, 404]),
            ("secretary", &district.secretary, [200, 200, 404]),
            ("office", &walk.here.officer, [200, 200, 404]),
            ("provincial office", &walk.office, [403, 403, 200]),
            ("supervisor", &walk.supervisor, [200, 403, 200]),
            ("signatory", &walk.signatory, [403, 403, 200]),
            ("commune", &walk.here.commune, [404, 403, 404]),
            ("producer", &walk.here.producer, [404, 200, 404]),
            ("producer of another district", &walk.there.producer, [404, 404, 404]),
            ("office of another district", &walk.there.officer, [404, 404, 404]),
            ("a member without a seat", &walk.idle, [404, 404, 404]),
            ("administrator", &walk.admin, [404, 404, 404]),
        ] {
            let found = [&minutes, &sheets, &decision].map(|path| status(person, path));
            assert_eq!(found, expected, "{who}");
        }

        let names: Vec<String> = district.scorers.iter().map(|person| name(person, walk)).collect();
        let all = session.paper(district.chair(), &sheets);
        assert_eq!(all.matches("<article").count(), names.len());
        assert!(names.iter().all(|name| all.contains(name.as_str())));
        let own = session.paper(&district.scorers[2], &sheets);
        assert_eq!(own.matches("<article").count(), 1);
        for (place, name) in names.iter().enumerate() {
            assert_eq!(own.contains(name.as_str()), place == 2, "{name}");
        }
        let nameless = session.paper(&walk.here.producer, &sheets);
        assert_eq!(nameless.matches("<article").count(), names.len());
        assert!(names.iter().all(|name| !nameless.contains(name.as_str())));
        assert!(session.paper(district.chair(), &minutes).contains("60,00"));
    });
}

#[test]
fn a_session_is_printed_in_one_go_and_each_paper_keeps_its_code() {
    on_both(|engine| {
        let session = Session::new(engine);
        let district = &session.district;
        let [together, minutes] = ["session-papers", "minutes"].map(|name| format!("/councils/{}/{name}", district.id));
        let papers = session.paper(district.chair(), &together);
        let sheets = format!("/agenda-items/{}/sheet-papers", session.below);
        let alone = [&minutes, &sheets].map(|path| code(&session.paper(district.chair(), path)));
        assert_ne!(alone[0], alone[1]);
        for (place, code) in alone.iter().enumerate() {
            let foot = between(&papers, &format!("@page paper-{} {{", place + 1), "}")[0];
            assert_eq!(foot.replace([' ', '-'], "").matches(code.as_str()).count(), 1, "{foot}");
            assert!(papers.contains(&format!("style=\"page: paper-{}\"", place + 1)));
        }
        assert_eq!(papers.matches("<section class=\"paper\"").count(), 2, "no notice is written yet");
        // Who presided over nothing has no minutes; who oversees has them and no sheets.
        session.get(&district.scorers[2], &together).refused(403, "forbidden");
        session.get(&session.walk.here.producer, &together).refused(404, "not_found");
        let overseen = session.paper(&session.walk.supervisor, &together);
        assert!(overseen.contains(">Biên bản</h1>") && !overseen.contains("Phiếu đánh giá sản phẩm OCOP</h1>"));
    });
}

#[test]
fn nothing_is_printed_before_the_conclusion_and_nothing_else_after_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 3);
        let [first, second] = ["Mật ong rừng", "Tinh bột nghệ"].map(|name| walk.handed_in(&walk.here, name));
        let items = [&first, &second].map(|candidate| walk.agenda_item(&council, &candidate.dossier));
        let minutes = format!("/councils/{}/minutes", council.id);
        let sheets = |item: &str| format!("/agenda-items/{item}/sheet-papers");
        walk.scored(&council, &items[0], &[60, 61, 62]);
        for person in [council.chair(), &council.secretary, &council.office] {
            walk.province.get(person, &minutes).refused(404, "not_concluded");
            walk.province.get(person, &sheets(&items[0])).refused(404, "not_concluded");
        }
        walk.province.get(&walk.here.producer, &sheets(&items[0])).refused(404, "not_concluded");
        walk.province.step(council.chair(), &format!("/agenda-items/{}", items[0]), "conclude", json!({})).ok();
        walk.scored(&council, &items[1], &[70, 71, 72]);
        let paper = walk.province.get(council.chair(), &minutes);
        assert_eq!(paper.status, 200, "{}", paper.text);
        assert!(paper.text.contains("Mật ong rừng") && paper.text.contains("61,00"));
        assert!(!paper.text.contains("Tinh bột nghệ") && !paper.text.contains("71,00"));
        assert!(paper.text.contains("Còn 1 sản phẩm"));
        walk.province.get(council.chair(), &sheets(&items[1])).refused(404, "not_concluded");

        // Scored again and concluded, the minutes say why; they are another paper, and the first is no longer current.
        let vote = json!({"reason": "Cần thảo luận lại tiêu chí 6.1", "votes_for": 3, "votes_against": 0});
        let resource = format!("/agenda-items/{}", items[1]);
        walk.province.step(council.chair(), &resource, "rescore", vote).ok();
        for member in &council.scorers {
            walk.submit_sheet(member, &items[1], 80);
        }
        walk.province.step(council.chair(), &resource, "close-scoring", json!({})).ok();
        walk.province.step(council.chair(), &resource, "conclude", json!({})).ok();
        let again = walk.province.get(&council.secretary, &minutes).text;
        for text in ["71,00", "80,00", "Cần thảo luận lại tiêu chí 6.1", "biểu quyết 3 tán thành"] {
            assert!(again.contains(text), "{text}");
        }
        let current = |paper: &str| walk.province.public(&format!("/p/{}", code(paper))).ok()["current"].clone();
        assert_ne!(code(&paper.text), code(&again));
        assert_eq!((current(&paper.text), current(&again)), (json!(false), json!(true)));
    });
}

#[test]
fn a_paper_is_verified_and_its_verification_tells_nothing_of_what_it_shows() {
    on_both(|engine| {
        let session = Session::new(engine);
        let province = &session.walk.province;
        let minutes = format!("/councils/{}/minutes", session.council.id);
        let sheets = format!("/agenda-items/{}/sheet-papers", session.item);
        let decision = format!("/decisions/{}/paper", session.decision);
        let chair = session.council.chair();
        for (person, path, kind, number) in [
            (chair, &minutes, "minutes", "12/QĐ-UBND"),
            (chair, &sheets, "named_sheets", "12/QĐ-UBND"),
            (&session.council.scorers[1], &sheets, "own_sheet", "12/QĐ-UBND"),
            (&session.walk.here.producer, &sheets, "nameless_sheets", "12/QĐ-UBND"),
            (&session.walk.office, &decision, "decision", "39/QĐ-UBND"),
        ] {
            let paper = session.paper(person, path);
            assert_eq!(paper, session.paper(person, path), "the same content is the same paper");
            let code = code(&paper);
            let told = province.public(&format!("/p/{code}")).ok();
            assert_eq!((&told["kind"], &told["number"]), (&json!(kind), &json!(number)));
            assert_eq!((&told["unit_name"], &told["current"]), (&json!("Tỉnh Hà Tĩnh"), &json!(true)));
            let digest = told["digest"].as_str().unwrap();
            assert!(digest.len() == 16 && paper.contains(digest), "{path}");
            for (spelling, lower) in [("/P/", false), ("/p/", true)] {
                let typed = if lower { code.to_lowercase() } else { code.clone() };
                let groups: Vec<&str> = (0..4).map(|place| &typed[place * 4..place * 4 + 4]).collect();
                assert_eq!(province.public(&format!("{spelling}{}", groups.join("-"))).ok(), told);
            }
            let page = province.request(Method::GET, &format!("/p/{code}")).header("accept", "text/html").send();
            let page = page.unwrap().text().unwrap();
            assert!(page.contains(digest) && page.starts_with("<!doctype html>"));
            for text in [&told.to_string(), &page] {
                for secret in ["72.00", "Mật ong", "seat-42", "Ông"] {
                    assert!(!text.replace(&code, "").replace(digest, "").contains(secret), "{kind} tells {secret}");
                }
            }
        }
        for made_up in ["0000000000000000", "x", "00000000000000000", "%00", "U000000000000000"] {
            province.public(&format!("/p/{made_up}")).refused(404, "unknown_paper");
        }
    });
}

#[test]
fn a_draft_is_marked_and_overtaken_by_the_decision() {
    let session = Session::new(Engine::Sqlite);
    let walk = &session.walk;
    let form = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [session.certificate["id"]],
        "reason": "Không duy trì điều kiện an toàn thực phẩm"});
    let decision = walk.province.post(&walk.office, "/decisions", form).created();
    let resource = format!("/decisions/{}", decision["id"].as_str().unwrap());
    let draft = session.paper(&walk.office, &format!("{resource}/paper"));
    assert!(draft.contains("DỰ THẢO") && !draft.contains("41/QĐ-UBND"));
    let told = |paper: &str| walk.province.public(&format!("/p/{}", code(paper))).ok();
    assert_eq!((&told(&draft)["number"], &told(&draft)["current"]), (&Value::Null, &json!(true)));
    let valid = session.certificate_pdf();
    let signed = format!("/public/certificates/{}/signed", session.certificate["number"].as_str().unwrap());
    assert_eq!(walk.province.public(&signed).status, 200);

    let signature = json!({"number": "41/QĐ-UBND", "signed_on": "2021-02-22"});
    walk.province.step(&walk.signatory, &resource, "promulgate", signature).ok();
    assert_eq!(told(&draft)["current"], false);
    let paper = session.paper(&walk.signatory, &format!("{resource}/paper"));
    assert!(!paper.contains("DỰ THẢO") && paper.contains("41/QĐ-UBND") && paper.contains("22 tháng 02 năm 2021"));
    assert!(paper.contains("Không duy trì điều kiện an toàn thực phẩm"));
    assert_ne!(session.certificate_pdf().bytes, valid.bytes);
    walk.province.public(&signed).refused(409, "certificate_revoked");
    if has("pdftotext", &["-v"]) {
        let folder = tempfile::tempdir().unwrap();
        let text = pdf_text(&save(folder.path(), "revoked.pdf", &session.certificate_pdf().bytes));
        assert!(text.contains("ĐÃ BỊ THU HỒI TỪ NGÀY 22/02/2021"), "{text}");
    }
}

#[test]
fn the_certificate_prints_its_names_and_leads_to_its_verification() {
    let session = Session::new(Engine::Sqlite);
    let province = &session.walk.province;
    let number = session.certificate["number"].as_str().unwrap();
    let public = session.certificate_pdf();
    assert_eq!((public.status.as_u16(), &public.headers["content-type"]), (200, &"application/pdf".parse().unwrap()));
    let path = format!("/certificates/{}/certificate.pdf", session.certificate["id"].as_str().unwrap());
    assert_eq!(session.get(&session.walk.here.producer, &path).bytes, public.bytes, "the same bytes each time");
    province.public("/public/certificates/42-1999-0001/certificate.pdf").refused(404, "not_found");
    let told = province.public(&format!("/C/{number}")).ok();
    assert_eq!((&told["number"], &told["state"]), (&json!(number), &json!("valid")));
    if !has("pdftotext", &["-v"]) || !has("pdftoppm", &["-v"]) || !has("zbarimg", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pdf = save(folder.path(), "certificate.pdf", &public.bytes);
    let text = pdf_text(&pdf);
    for line in ["GIẤY CHỨNG NHẬN SẢN PHẨM OCOP", PRODUCT, "Hợp tác xã 439", "Đạt hạng 4 sao", number, "39/QĐ-UBND"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    let read = qr_codes(folder.path(), &pdf);
    assert_eq!(read.len(), 1, "{read:?}");
    assert!(read[0].starts_with("HTTP") && read[0].ends_with(&format!("/C/{number}")), "{read:?}");
}

#[test]
fn papers_printed_by_a_browser_are_read_back() {
    if !has("chromium", &["--version"]) || !has("zbarimg", &["--version"]) || !has("pdftotext", &["-v"]) {
        return;
    }
    let session = Session::new(Engine::Sqlite);
    let folder = tempfile::tempdir().unwrap();
    let chair = session.council.chair();
    for (person, path) in [
        (chair, format!("/councils/{}/minutes", session.council.id)),
        (chair, format!("/agenda-items/{}/sheet-papers", session.item)),
        (chair, format!("/councils/{}/session-papers", session.council.id)),
        (&session.walk.office, format!("/decisions/{}/paper", session.decision)),
    ] {
        let paper = session.paper(person, &path);
        let page = save(folder.path(), "paper.html", paper.as_bytes());
        let pdf = folder.path().join("paper.pdf");
        let profile = tempfile::tempdir().unwrap();
        let printed = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("--print-to-pdf={}", pdf.display()))
            .arg("--no-pdf-header-footer")
            .arg(format!("file://{}", page.display()))
            .output()
            .unwrap();
        assert!(printed.status.success() && pdf.exists(), "{}", String::from_utf8_lossy(&printed.stderr));
        let text = pdf_text(&pdf);
        assert!(text.contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "{text}");
        assert!(text.contains("Mật ong rừng Vũ Quang"), "{text}");
        let codes = qr_codes(folder.path(), &pdf);
        assert!(!codes.is_empty());
        for read in codes {
            let code = read.rsplit('/').next().unwrap();
            assert!(read.contains("/P/") && paper.contains(code), "{read}");
            assert_eq!(session.walk.province.public(&format!("/P/{code}")).ok()["current"], true);
        }
    }
}

/// A JOSE library that is not ours verifies the signed certificate with the published keys.
#[test]
fn a_signed_certificate_is_verified_off_line_and_is_no_token() {
    let session = Session::new(Engine::Sqlite);
    let province = &session.walk.province;
    let number = session.certificate["number"].as_str().unwrap();
    let reply = province.public(&format!("/public/certificates/{number}/signed"));
    assert_eq!(reply.headers["content-type"], "application/jose");
    let forged = Person { id: String::new(), token: reply.text.clone() };
    province.get(&forged, "/me").refused(401, "unauthenticated");
    let python = python();
    if !has(python, &["-c", "import jwcrypto"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let document = save(folder.path(), "signed", reply.text.as_bytes());
    let keys = save(folder.path(), "keys", &province.public("/.well-known/jwks.json").bytes);
    let script = "import json, sys\nfrom jwcrypto import jwk, jws\n\
        keys = jwk.JWKSet.from_json(open(sys.argv[2]).read())\n\
        document = jws.JWS(); document.deserialize(open(sys.argv[1]).read())\n\
        head = json.loads(document.objects['protected'])\n\
        assert head['typ'] == 'ocop-certificate+jws' and head['alg'] == 'EdDSA', head\n\
        document.verify(keys.get_key(head['kid'])); print(document.payload.decode())";
    let verify = |document: &Path| Command::new(python).args(["-c", script]).arg(document).arg(&keys).output().unwrap();
    let read = verify(&document);
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let payload: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!((&payload["number"], &payload["stars"]), (&json!(number), &json!(4)));
    assert_eq!((&payload["product"]["name"], &payload["decision_number"]), (&json!(PRODUCT), &json!("39/QĐ-UBND")));
    assert!(payload.get("exp").is_none() && payload.get("sub").is_none());
    let altered = reply.text.replacen('.', ".e", 1);
    assert!(!verify(&save(folder.path(), "altered", altered.as_bytes())).status.success());
    let token = save(folder.path(), "token", session.walk.office.token.as_bytes());
    assert!(!verify(&token).status.success(), "a token is no certificate");
}

/// The system's own Python has the system's own libraries; another one may stand before it on the path.
pub fn python() -> &'static str {
    let system = "/usr/bin/python3";
    if Path::new(system).exists() { system } else { "python3" }
}

fn save(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The text of a PDF as somebody copies it, its lines joined.
fn pdf_text(pdf: &Path) -> String {
    let read = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().unwrap();
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(text, ocop::base::text::compose(&text), "composed as people search for it");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a decoder that is not ours reads in a PDF's pages.
fn qr_codes(folder: &Path, pdf: &Path) -> Vec<String> {
    let pages = tempfile::Builder::new().tempdir_in(folder).unwrap();
    let drawn = Command::new("pdftoppm").args(["-r", "150", "-png"]).arg(pdf).arg(pages.path().join("page")).status();
    assert!(drawn.unwrap().success());
    let mut codes = Vec::new();
    for page in std::fs::read_dir(pages.path()).unwrap() {
        let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(page.unwrap().path()).output().unwrap();
        codes.extend(String::from_utf8(read.stdout).unwrap().lines().map(str::to_owned));
    }
    codes
}
