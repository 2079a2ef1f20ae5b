//! What a file that was signed outside is found to be, whatever was done to it.

use std::sync::LazyLock;

use ocop::base::{Authorities, Moment};
use ocop::decision::signature::judge::{GivenOut, judge};
use ocop::decision::signature::rules::{Content, Judgement, Revocation, TimeFrom, Verdict};
use proptest::prelude::*;
use rcgen::{ExtendedKeyUsagePurpose, KeyUsagePurpose, date_time_ymd};

use crate::signer::{Authority, How, Signer, draft, find, object_with, pem, updated};

/// A root, an authority below it, somebody who signs, a draft.
struct Ground {
    root: Authority,
    below: Authority,
    chairman: Signer,
    draft: Vec<u8>,
    given_out: Vec<GivenOut>,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let root = Authority::root("CA gốc");
    let below = root.below("CA phục vụ cơ quan nhà nước");
    let chairman = below.signer("Trần Thị B");
    let draft = draft("Mật ong");
    let given_out = vec![GivenOut::of(&draft).unwrap()];
    Ground { root, below, chairman, draft, given_out }
});

fn now() -> Moment {
    "2021-03-02T08:00:00+07:00".parse().unwrap()
}

impl Ground {
    fn known(&self) -> Authorities {
        Authorities { certificates: vec![self.root.certificate.clone()], revocations: Vec::new() }
    }

    fn judged(&self, file: &[u8]) -> Judgement {
        judge(file, &self.given_out, &self.known(), now())
    }

    #[track_caller]
    fn finds(&self, file: &[u8], verdict: Verdict, content: Content) -> Judgement {
        let judged = self.judged(file);
        assert_eq!((judged.verdict, judged.content), (verdict, content), "{judged:#?}");
        judged
    }
}

#[test]
fn a_good_signature_is_told_with_who_signed_and_when() {
    let ground = &*GROUND;
    let rsa = ground.below.rsa_signer("Nguyễn Văn A");
    let adobe = How { adobe: true, ..How::default() };
    for (signer, how) in [(&ground.chairman, &How::default()), (&ground.chairman, &adobe), (&rsa, &How::default())] {
        let judged = ground.finds(&signer.signed_as(&ground.draft, how), Verdict::Valid, Content::Draft);
        let [signature] = judged.signatures.as_slice() else { panic!("{judged:?}") };
        assert!(matches!(signature.signer.as_deref(), Some("Trần Thị B" | "Nguyễn Văn A")), "{signature:?}");
        assert_eq!(signature.issuer.as_deref(), Some("CA phục vụ cơ quan nhà nước"));
        assert_eq!(signature.organisation.as_deref(), Some("UBND tỉnh Hà Tĩnh"));
        let serial = u64::from_str_radix(&signature.serial.as_ref().unwrap().replace(':', ""), 16).unwrap();
        assert_eq!(serial, signer.serial);
        assert_eq!(signature.signed_at.unwrap().to_string(), "2021-03-01T08:00:00Z");
        assert_eq!((signature.time_from, signature.revocation), (TimeFrom::Claimed, Revocation::Unknown));
    }
}

#[test]
fn each_fault_has_a_verdict_of_its_own() {
    let ground = &*GROUND;
    let (below, chairman, draft) = (&ground.below, &ground.chairman, &ground.draft);
    ground.finds(draft, Verdict::Unsigned, Content::Other);
    ground.finds(b"%PDF-1.7\nhalf of a file", Verdict::Unreadable, Content::Other);

    let good = chairman.signed(draft);
    let mut altered = good.clone();
    altered[40] ^= 1;
    ground.finds(&altered, Verdict::Altered, Content::Other);
    let mut altered = good.clone();
    let at = find(&altered, b"(D:2021").unwrap() + 7;
    altered[at] ^= 1;
    ground.finds(&altered, Verdict::Altered, Content::Draft);
    let with_more = updated(&good, &[(900, "<</Note (more)>>".to_owned())]);
    ground.finds(&with_more, Verdict::UpdatedAfterSigning, Content::Draft);
    ground.finds(&[&good[..], b"\n"].concat(), Verdict::UpdatedAfterSigning, Content::Draft);

    let stranger = Authority::root("CA gốc").below("CA phục vụ cơ quan nhà nước").signer("Trần Thị B");
    ground.finds(&stranger.signed(draft), Verdict::Untrusted, Content::Draft);
    let forged = stranger.signed_as(draft, &How { as_if: Some(chairman), ..How::default() });
    ground.finds(&forged, Verdict::Forged, Content::Draft);
    ground.finds(
        &chairman.signed_as(draft, &How { sha_1: true, ..How::default() }),
        Verdict::WeakAlgorithm,
        Content::Draft,
    );

    let until = |year| below.signer_with("Trần Thị B", |params| params.not_after = date_time_ymd(year, 1, 1));
    ground.finds(&until(2020).signed(draft), Verdict::Expired, Content::Draft);
    ground.finds(&until(2022).signed(draft), Verdict::Valid, Content::Draft);
    let early = below.signer_with("Trần Thị B", |params| params.not_before = date_time_ymd(2030, 1, 1));
    ground.finds(&early.signed(draft), Verdict::NotYetValid, Content::Draft);
    let seals =
        below.signer_with("Trần Thị B", |params| params.key_usages = vec![KeyUsagePurpose::KeyEncipherment]);
    ground.finds(&seals.signed(draft), Verdict::WrongKeyUsage, Content::Draft);
    let server = below
        .signer_with("Trần Thị B", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    ground.finds(&server.signed(draft), Verdict::WrongKeyUsage, Content::Draft);

    let nobody = judge(&good, &ground.given_out, &Authorities::default(), now());
    assert_eq!((nobody.verdict, nobody.content), (Verdict::NotJudged, Content::Draft));
    let nobody = judge(&altered, &ground.given_out, &Authorities::default(), now());
    assert_eq!(nobody.verdict, Verdict::Altered, "what the bytes tell is told without an authority too");
}

#[test]
fn a_certificate_that_was_taken_back_is_told_by_the_newest_list_wherever_it_comes_from() {
    let ground = &*GROUND;
    let (below, draft) = (&ground.below, &ground.draft);
    let (mine, other) = (below.signer("Trần Thị B"), below.signer("Người khác"));
    let (good, bad) = (below.revoking(&[&other], 2020), below.revoking(&[&other, &mine], 2021));
    let old_and_bad = below.revoking(&[&mine], 2019);
    let judged = |file: &[u8], lists: &[&Vec<u8>]| {
        let revocations = lists.iter().map(|list| (*list).clone()).collect();
        let known = Authorities { revocations, ..ground.known() };
        let judged = judge(file, &ground.given_out, &known, now());
        (judged.verdict, judged.signatures[0].revocation)
    };
    let signed = mine.signed(draft);
    assert_eq!(judged(&signed, &[]), (Verdict::Valid, Revocation::Unknown));
    assert_eq!(judged(&signed, &[&good]), (Verdict::Valid, Revocation::NotListed));
    assert_eq!(judged(&signed, &[&bad]).0, Verdict::Revoked);
    assert_eq!(judged(&signed, &[&good, &bad]).0, Verdict::Revoked);
    assert_eq!(judged(&signed, &[&old_and_bad, &good]), (Verdict::Valid, Revocation::NotListed));
    let carrying = |list: &Vec<u8>| mine.signed_as(draft, &How { list: Some(list), ..How::default() });
    assert_eq!(judged(&carrying(&bad), &[]).0, Verdict::Revoked);
    assert_eq!(judged(&carrying(&good), &[]), (Verdict::Valid, Revocation::NotListed));
    assert_eq!(judged(&carrying(&good), &[&bad]).0, Verdict::Revoked, "an older list hides nothing");
}

#[test]
fn a_time_is_believed_only_where_an_authority_stamped_it() {
    let ground = &*GROUND;
    let (stamper, draft) = (ground.below.stamper(), &ground.draft);
    let ended = ground.below.signer_with("Trần Thị B", |params| params.not_after = date_time_ymd(2021, 1, 1));
    let stamped = |signer: &Signer, stamper: &Signer, at| {
        signer.signed_as(draft, &How { stamped: Some((stamper, at)), ..How::default() })
    };
    let judged = ground.finds(&stamped(&ground.chairman, &stamper, "20210301080100Z"), Verdict::Valid, Content::Draft);
    assert_eq!(judged.signatures[0].time_from, TimeFrom::Timestamp);
    assert_eq!(judged.signatures[0].signed_at.unwrap().to_string(), "2021-03-01T08:01:00Z");
    // Signed while the certificate was valid, and after, whatever the signer's clock says.
    ground.finds(&stamped(&ended, &stamper, "20201231080000Z"), Verdict::Valid, Content::Draft);
    let back = How { at: Some("20200301080000Z"), stamped: Some((&stamper, "20210301080000Z")), ..How::default() };
    ground.finds(&ended.signed_as(draft, &back), Verdict::Expired, Content::Draft);
    // A stranger's stamp, or one by a certificate that is not for stamps, is none.
    let stranger = Authority::root("CA lạ").stamper();
    for no_stamper in [&stranger, &ground.chairman] {
        let judged = ground.judged(&stamped(&ground.chairman, no_stamper, "20210301080100Z"));
        assert_eq!((judged.verdict, judged.signatures[0].time_from), (Verdict::Valid, TimeFrom::Claimed));
    }
}

#[test]
fn a_second_signature_is_judged_by_itself_and_the_file_says_so() {
    let ground = &*GROUND;
    let office = ground.below.signer("Văn phòng UBND tỉnh");
    let once = ground.chairman.signed(&ground.draft);
    let judged = ground.finds(&office.signed(&once), Verdict::SignedMoreThanOnce, Content::Draft);
    let signers: Vec<_> = judged.signatures.iter().map(|signature| signature.signer.clone().unwrap()).collect();
    assert_eq!(signers, ["Trần Thị B", "Văn phòng UBND tỉnh"]);
    let stranger = Authority::root("CA lạ").signer("Người lạ");
    let judged = ground.finds(&stranger.signed(&once), Verdict::Untrusted, Content::Draft);
    assert_eq!(judged.signatures[0].verdict, Verdict::Valid);
    let mut twice = office.signed(&once);
    twice[40] ^= 1;
    ground.finds(&twice, Verdict::Altered, Content::Other);
    let more = updated(&office.signed(&once), &[(900, "<</Note (more)>>".to_owned())]);
    ground.finds(&more, Verdict::UpdatedAfterSigning, Content::Draft);
}

#[test]
fn only_the_draft_with_nothing_but_signatures_is_the_draft() {
    let ground = &*GROUND;
    let (chairman, draft) = (&ground.chairman, &ground.draft);
    let another = crate::signer::draft("Mật ong rừng");
    ground.finds(&chairman.signed(&another), Verdict::Valid, Content::Other);
    let (page, page_text) = object_with(draft, "/Type/Page/");
    let (font, font_text) = object_with(draft, "/Type/Font/");
    let note = "<</Type /Annot /Subtype /FreeText /Contents (5 sao) /Rect [0 0 100 100]>>".to_owned();
    let with_note = page_text.replacen("/Type/Page/", "/Annots [900 0 R]/Type/Page/", 1);
    let turned = page_text.replacen("/Type/Page/", "/Rotate 180/Type/Page/", 1);
    for (what, beside) in [
        (
            "another object in the place of one that is shown",
            vec![(font, font_text.replace("/Identity-H", "/Identity-V"))],
        ),
        ("a page that is turned", vec![(page, turned)]),
        ("a note on the page", vec![(900, note), (page, with_note)]),
        ("a program", vec![(900, "<</S /JavaScript /JS (app.alert\\(1\\))>>".to_owned())]),
    ] {
        // Brought by an update of its own before the signature, so that all of it is signed.
        let prepared = updated(draft, &beside);
        let judged = ground.judged(&chairman.signed(&prepared));
        assert_eq!((judged.verdict, judged.content), (Verdict::Valid, Content::Other), "{what}");
    }
    let large = How { mark: Some([0, 0, 595, 842]), ..How::default() };
    ground.finds(&chairman.signed_as(draft, &large), Verdict::Valid, Content::Other);
    let harmless = updated(draft, &[(900, "<</Kind (note of the program)>>".to_owned())]);
    ground.finds(&chairman.signed(&harmless), Verdict::Valid, Content::Draft);
    // A remark by which a program could be led to another table than the last one.
    let led = [&harmless[..], b"%startxref 9 %%EOF\n"].concat();
    ground.finds(&chairman.signed(&led), Verdict::Valid, Content::Other);
}

#[test]
fn authorities_are_read_from_a_file_or_a_folder_and_what_cannot_be_read_is_named() {
    let ground = &*GROUND;
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let told = || Authorities::read(folder.path()).unwrap_err().to_string();
    assert!(told().contains("no certificate of an authority"), "{}", told());
    assert!(Authorities::read(&folder.path().join("nowhere")).is_err());
    put("README.txt", b"for people");
    put("a.pem", format!("Root\n{}", pem("CERTIFICATE", &ground.root.certificate)).as_bytes());
    put("b.cer", &ground.below.certificate);
    put("c.crl", &ground.below.revoking(&[], 2021));
    put("d.pem", pem("X509 CRL", &ground.root.revoking(&[], 2021)).as_bytes());
    let read = Authorities::read(folder.path()).unwrap();
    assert_eq!((read.certificates.len(), read.revocations.len()), (2, 2));
    assert_eq!(Authorities::read(&folder.path().join("a.pem")).unwrap().certificates.len(), 1);
    for (name, bytes, why) in [
        ("e.pem", pem("CERTIFICATE", &ground.chairman.certificate).into_bytes(), "is not an authority's"),
        ("e.crl", b"nonsense".to_vec(), "neither a certificate"),
        ("e.pem", pem("PRIVATE KEY", b"secret").into_bytes(), "private key"),
        (
            "e.pem",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
            "no certificate can be read",
        ),
    ] {
        put(name, &bytes);
        let told = told();
        assert!(told.contains(why) && told.contains(name), "{told}");
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_changed_byte_leaves_a_signature_valid(place in any::<prop::sample::Index>(), change in 1u8..) {
        static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| GROUND.chairman.signed(&GROUND.draft));
        let mut file = GOOD.clone();
        let value = find(&file, b"/Contents <30").unwrap() + b"/Contents ".len();
        // The digits of the value itself may be written large or small, which is no change.
        let covered = file.len() - 16_386;
        let at = place.index(covered);
        let at = if at < value { at } else { at + 16_386 };
        file[at] ^= change;
        let judged = GROUND.judged(&file);
        prop_assert!(judged.verdict.is_against(), "{at} of {}: {judged:?}", file.len());
    }

    #[test]
    fn whatever_a_file_holds_the_program_goes_on(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(), is_cut: bool,
    ) {
        static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| GROUND.chairman.signed(&GROUND.draft));
        let mut file = GOOD.clone();
        // Half of them within the signature and the table, where more is read.
        let update = GROUND.draft.len();
        for (turn, (place, byte)) in places.iter().enumerate() {
            let from = if turn % 2 == 0 { update } else { 0 };
            let at = from + place.index(file.len() - from);
            file[at] = *byte;
        }
        if is_cut {
            file.truncate(cut.index(file.len()));
        }
        prop_assert_ne!(GROUND.judged(&file).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_changed_digit_of_the_value_is_never_taken_for_good(place in any::<prop::sample::Index>(), digit in 0u32..16) {
        static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| GROUND.chairman.signed(&GROUND.draft));
        let mut file = GOOD.clone();
        let value = find(&file, b"/Contents <30").unwrap() + b"/Contents <".len();
        // The signed data, up to where it is filled with zeros, and a little of that.
        let at = value + place.index(3_000);
        let new = u8::try_from(char::from_digit(digit, 16).unwrap()).unwrap();
        prop_assume!(file[at] != new);
        file[at] = new;
        let judged = GROUND.judged(&file);
        // Certificates that go with it are not signed by the signer: another authority's may be spoilt without harm to one's own.
        let is_same = judged.signatures.first().is_none_or(|signature| signature.verdict == judged.verdict);
        prop_assert!(is_same);
        if judged.verdict == Verdict::Valid {
            prop_assert_eq!(judged.signatures[0].signer.as_deref(), Some("Trần Thị B"));
        }
    }
}
