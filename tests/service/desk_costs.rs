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

#[test]
fn fifty_ideas_take_as_many_statements_as_five_as_tasks_and_as_a_list() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let mut taken = Vec::new();
        for count in [5, 50] {
            for number in taken.len() * 5..count {
                walk.submitted_idea(&walk.here, &format!("Mật ong số {number}"));
            }
            let browser = Browser::signed_in(&walk.province, "commune-439");
            let home = browser.page("/desk");
            assert_eq!(home.matches("/desk/ideas/").count() - 1, count, "the new idea's link beside them");
            taken.push(["/desk", "/desk/ideas"].map(|path| statements(&walk.province, &browser, path)));
        }
        assert_eq!(taken[0], taken[1]);
    });
}
