//! What a page of the desk costs: as many statements for fifty rows as for five, and less than 100 KB.

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

#[test]
fn a_list_of_fifty_takes_as_many_statements_as_one_of_five() {
    on_both(|engine| {
        let demo = Province::demo(engine);
        let mut long = 0;
        for (username, kinds) in [
            ("office", &["ideas", "plans", "dossiers", "agenda-items", "products", "producers", "cycles", "shops"][..]),
            ("district", &["ideas", "plans", "dossiers", "registrations", "agenda-items"]),
            ("admin", &["accounts"]),
        ] {
            let browser = Browser::new(&demo);
            assert_eq!(browser.sign_in(username, ocop::demo::PASSWORD, "/desk/sign-in").status, 303);
            for kind in kinds {
                let [few, many] = [5, 50].map(|limit| format!("/desk/{kind}?limit={limit}"));
                let rows = browser.page(&many).matches("<tr>").count();
                long += usize::from(rows > 40);
                assert_eq!(
                    statements(&demo, &browser, &few),
                    statements(&demo, &browser, &many),
                    "{kind} as {username} with {rows} rows"
                );
            }
        }
        assert!(long >= 5, "only {long} lists are long");
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
