//! Which passwords are taken from people. Pure.
//!
//! Length and how soon it would be guessed count, not kinds of characters (NIST SP 800-63B). A password is held against lists
//! of common and leaked ones as it reads without capitals and marks, for who guesses tries those too.

use std::ops::RangeInclusive;

use zxcvbn::{Score, zxcvbn};

use crate::base::{Fault, say, text};

/// The password of every account of the demo, which everybody can read.
pub const OF_DEMO: &str = "ocop-demo-2020";

const LENGTHS: RangeInclusive<usize> = 10..=200;

/// What people here choose first and no English list has, without marks and spaces; any form of the demo's password too.
const COMMON_HERE: &[&str] = &[
    "matkhau",
    "ocop",
    "demo",
    "hatinh",
    "vietnam",
    "nongthonmoi",
    "sanpham",
    "anhyeuem",
    "emyeuanh",
    "yeuem",
    "giadinh",
    "conyeu",
    "hanhphuc",
    "maimai",
    "taikhoan",
    "dangnhap",
    "quantri",
    "ubnd",
    "uybannhandan",
    "hoidong",
    "vanphong",
    "dieuphoi",
    "chuthe",
    "khongco",
    "khongbiet",
    "quenmatkhau",
    "xinchao",
    "tinhyeu",
    "thanhpho",
    "nguyen",
];

/// A name so short tells nothing: many words hold it by chance.
const SHORTEST_NAME: usize = 4;
/// The same of a word of a name that counts for nothing.
const SHORTEST_WORD: usize = 3;
/// So many letters stand beside known words at least.
const LEAST_BESIDE: usize = 6;
/// How guessable a password is, its first letters tell.
const MOST_JUDGED: usize = 40;

/// Collects a fault unless the password may be chosen by whom these names are of: their user name, their own, their unit's.
pub fn check_password(password: &str, names: &[&str], pointer: &str, faults: &mut Vec<Fault>) {
    if !LENGTHS.contains(&password.chars().count()) {
        faults.push(Fault::new(
            pointer,
            "unfit_password",
            say("Mật khẩu cần từ 10 đến 200 ký tự.", "A password needs 10 to 200 characters."),
        ));
    } else if !names_nobody(password, names) {
        check_names_nobody(password, names, pointer, faults);
    } else if is_common(password, names) {
        faults.push(Fault::new(
            pointer,
            "common_password",
            say(
                "Mật khẩu này nhiều người dùng hoặc dễ đoán. Hãy ghép vài từ không liên quan với nhau.",
                "This password is common or soon guessed. Put a few words together that have nothing to do with each other.",
            ),
        ));
    }
}

/// Collects a fault where the password holds one of the names.
pub fn check_names_nobody(password: &str, names: &[&str], pointer: &str, faults: &mut Vec<Fault>) {
    if !names_nobody(password, names) {
        faults.push(Fault::new(
            pointer,
            "telling_password",
            say(
                "Mật khẩu không được chứa tên đăng nhập, họ tên hay tên đơn vị của bạn.",
                "A password must not hold your user name, your own name or that of your unit.",
            ),
        ));
    }
}

fn names_nobody(password: &str, names: &[&str]) -> bool {
    let password = letters(password);
    let is_told = |name: &str| name.len() >= SHORTEST_NAME && password.contains(name);
    !names.iter().any(|name| is_told(&letters(name)) || is_told(&letters(without_kind(name))))
}

/// Whether it is guessed within 10^8 tries, is made of little but words that are known here, or is the demo's in another
/// spelling.
fn is_common(password: &str, names: &[&str]) -> bool {
    // The beginning is enough: what is unguessable does not become guessable by more letters, and judging takes time.
    let read: String = text::fold(password).chars().take(MOST_JUDGED).map(as_letter).collect();
    let joined: String = read.chars().filter(|letter| !" -_.".contains(*letter)).collect();
    let mut known: Vec<String> = names.iter().flat_map(|name| words(name)).collect();
    known.extend(COMMON_HERE.iter().map(|word| (*word).to_owned()));
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let beside = known.iter().fold(letters(password), |left, word| left.replace(word.as_str(), ""));
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    letters(password).contains(&letters(OF_DEMO))
        || beside.chars().count() < LEAST_BESIDE
        || [read, joined].iter().any(|typed| zxcvbn(typed, &known).score() < Score::Three)
}

/// A name and its words, as they are typed into passwords.
fn words(name: &str) -> Vec<String> {
    let read = text::fold(name);
    read.split_whitespace()
        .map(str::to_owned)
        .chain([letters(name)])
        .filter(|word| word.len() >= SHORTEST_WORD)
        .collect()
}

/// The letter that a sign stands for, as people write them. The lists know that too, but trying every sign as every letter
/// takes them seconds where somebody sends many.
fn as_letter(sign: char) -> char {
    match sign {
        '@' => 'a',
        '(' | '{' | '[' | '<' => 'c',
        '!' | '|' => 'i',
        '$' => 's',
        '+' => 't',
        '%' => 'x',
        other => other,
    }
}

/// The name of a unit or a producer without the word that says of which kind it is: nobody types that.
fn without_kind(name: &str) -> &str {
    [
        "Tỉnh ",
        "Thành phố ",
        "Huyện ",
        "Thị xã ",
        "Xã ",
        "Phường ",
        "Thị trấn ",
        "HTX ",
        "Hợp tác xã ",
        "Tổ hợp tác ",
        "Công ty ",
    ]
    .iter()
    .find_map(|kind| name.strip_prefix(kind))
    .unwrap_or(name)
}

/// What is left without capitals, marks and signs.
fn letters(text: &str) -> String {
    text::fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: &[&str] = &["binh.tran", "Trần Thị Bình", "Huyện Hương Sơn"];

    fn code(password: &str) -> Option<String> {
        let mut faults = Vec::new();
        check_password(password, NAMES, "/password", &mut faults);
        faults.first().map(|fault| fault.code.to_string())
    }

    #[test]
    fn length_counts_in_letters() {
        assert_eq!(code("xô gạo đỏ").as_deref(), Some("unfit_password"));
        assert_eq!(code(&"xô gạo đỏ ".repeat(30)).as_deref(), Some("unfit_password"));
        for fit in ["ruộng bậc thang", "xo-gao-do-may-chieu", "Zq8!vr2#Lm", "correct horse battery staple"] {
            assert_eq!(code(fit), None, "{fit}");
        }
    }

    #[test]
    fn what_others_use_is_refused_in_every_spelling() {
        for common in [
            "1234567890",
            "qwertyuiop",
            "password123",
            "P@ssw0rd2024",
            "iloveyou12",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "Mật khẩu 123",
            "MatKhau@123",
            "matkhau2026",
            "anhyeuem123",
            "nongthonmoi2026",
            "ocop-demo-2020",
            "OCOP_Demo.2020",
            "xx ocop demo 2020 xx",
            "ocop2026ocop",
            "0203120302",
            "hatinh2026!",
        ] {
            assert_eq!(code(common).as_deref(), Some("common_password"), "{common}");
        }
    }

    #[test]
    fn no_password_names_its_owner() {
        for telling in [
            "xo gao do BINH.TRAN",
            "binh-tran may chieu do",
            "Trần Thị Bình xô gạo đỏ",
            "tranthibinhxogaodo",
            "hương sơn xô gạo đỏ",
            "xogaodohuongson77",
        ] {
            assert_eq!(code(telling).as_deref(), Some("telling_password"), "{telling}");
        }
        // What is made of little but such names is soon guessed as well.
        for guessed in ["binh.tran1", "tranbinh88", "HuongSon2026"] {
            assert!(code(guessed).is_some(), "{guessed}");
        }
    }

    #[test]
    fn no_password_takes_long_to_judge() {
        for slow in ["@4({<361!|10$5+7%2", "l1l1|!", "4a@6g9e3o0s5$t7+", "1111", "20201231"] {
            let begun = std::time::Instant::now();
            code(&slow.repeat(200 / slow.len()));
            assert!(begun.elapsed().as_secs() < 2, "{slow}: {:?}", begun.elapsed());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whoever_chooses_their_own_name_is_told_so(
            name in "[a-z]{4,12}", before in "[A-Za-z0-9 ._-]{0,30}", after in "[A-Za-z0-9 ._-]{0,30}",
        ) {
            let mut faults = Vec::new();
            check_password(&format!("{before}{}{after}", name.to_uppercase()), &[&name], "/password", &mut faults);
            prop_assert_eq!(faults.len(), 1);
        }

        #[test]
        fn long_passwords_by_chance_are_taken_and_nothing_falls_over(password in "\\PC{0,220}", chance in "[a-zA-Z0-9]{16}") {
            code(&password);
            prop_assert_eq!(code(&chance), None);
        }
    }
}
