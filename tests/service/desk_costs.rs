//! What a page of the desk costs: as many statements for many rows as for a few, and less than 100 KB.

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::Province;
use crate::walk::Walk;

/// How many statements a page takes. What the service does beside it now and then is counted too, so the least of a few
/// times is taken.
fn statements(province: &Province, browser: &Browser, path: &str) -> u64 {
    let counter = province.app.database.statements();
    let once = || {
        let before = counter.get();
        // What is larger than 100 KB is refused by the browser.
        browser.page(path);
        counter.get() - before
    };
    (0..5).map(|_| once()).min().unwrap()
}

/// The last page of a list: how many rows it has, and its address.
fn last_page(browser: &Browser, first: &str) -> (usize, String) {
    let mut at = first.to_owned();
    loop {
        let page = browser.page(&at);
        let Some(next) = page.split("href=\"").map(|rest| rest.split('"').next().unwrap()).find(|link| {
            link.starts_with("/desk/")
                && (link.contains("?after=") || link.contains("after="))
                && !link.contains("lang=")
        }) else {
            return (rows(&page), at);
        };
        at = next.replace("&amp;", "&").replace("&#38;", "&");
    }
}

fn rows(page: &str) -> usize {
    page.split("<tbody>").nth(1).map_or(0, |body| body.matches("<tr>").count())
}

#[test]
fn a_full_page_of_a_list_takes_as_many_statements_as_one_of_a_few_rows() {
    on_both(|engine| {
        let demo = Province::demo(engine);
        let mut compared = 0;
        for (username, kinds) in [
            ("office", &["ideas", "plans", "dossiers", "agenda-items", "products", "producers", "shops"][..]),
            ("district", &["ideas", "plans", "dossiers", "agenda-items"]),
            ("admin", &["accounts"]),
        ] {
            let browser = Browser::new(&demo);
            assert_eq!(browser.sign_in(username, ocop::demo::PASSWORD, "/desk/sign-in").status, 303);
            for kind in kinds {
                let first = format!("/desk/{kind}");
                let many = rows(&browser.page(&first));
                let (few, last) = last_page(&browser, &first);
                compared += usize::from(few > 0 && few < many);
                assert_eq!(
                    statements(&demo, &browser, &first),
                    statements(&demo, &browser, &last),
                    "{kind} as {username}: {many} rows against {few}"
                );
            }
        }
        assert!(compared >= 5, "only {compared} lists have a full page and another");
    });
}

#[test]
fn fifty_tasks_take_as_many_statements_as_five() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let mut taken = Vec::new();
        for count in [5, 50] {
            for number in taken.len() * 5..count {
                walk.submitted_idea(&walk.here, &format!("Mật ong số {number}"));
            }
            let browser = Browser::signed_in(&walk.province, "commune-439");
            assert_eq!(
                browser.page("/desk").matches("/desk/ideas/").count() - 1,
                count,
                "the new idea's link beside them"
            );
            taken.push(statements(&walk.province, &browser, "/desk"));
        }
        assert_eq!(taken[0], taken[1]);
    });
}
