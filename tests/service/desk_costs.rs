//! What a page of the desk costs: as many statements for many rows as for a few, and less than 100 KB.

use ocop::desk::kinds;

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::Province;
use crate::walk::Walk;

/// How many statements an answer takes. What the service does beside it now and then is counted too, so the least of a few
/// times is taken.
pub fn statements(province: &Province, ask: impl Fn()) -> u64 {
    let counter = province.app.database.statements();
    let once = || {
        let before = counter.get();
        ask();
        counter.get() - before
    };
    (0..3).map(|_| once()).min().unwrap()
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
            // What is larger than 100 KB is refused by the browser.
            let page = |path: &str| statements(&walk.province, || drop(browser.page(path)));
            taken.push(["/desk", "/desk/ideas"].map(page));
        }
        assert_eq!(taken[0], taken[1]);
    });
}

/// With so many more rows a statement for each of them shows.
const SOME: usize = 20;
/// So many statements a page may take beside its list's: who asks, the frame, what the filters choose among, names.
const BESIDE: u64 = 20;

#[test]
fn no_list_of_the_desk_asks_the_database_for_each_row() {
    on_both(|engine| {
        for province in [Province::demo(engine), Province::second_demo(engine)] {
            let mut judged = Vec::new();
            for username in ["office", "admin"] {
                let browser = Browser::of_demo(&province, username);
                let token = province.sign_in_with(username, ocop::demo::PASSWORD);
                for counter in kinds::ALL {
                    let path = counter.path();
                    if browser.get(&format!("/desk/{path}")).status != 200 {
                        continue;
                    }
                    let list = |limit: usize| province.get(&token, &format!("/{path}?limit={limit}")).ok();
                    let rows = |limit: usize| list(limit)["items"].as_array().map_or(0, Vec::len);
                    let (few, many) = (rows(5), rows(50));
                    if many < few + SOME {
                        continue;
                    }
                    let [of_few, of_many] = [5, 50].map(|limit| statements(&province, || drop(list(limit))));
                    assert!(of_many <= of_few + 2, "{path} as {username}: {of_many} for {many}, {of_few} for {few}");
                    let page = statements(&province, || drop(browser.page(&format!("/desk/{path}"))));
                    let beside = page.saturating_sub(of_many);
                    assert!(beside < BESIDE, "/desk/{path} as {username}: {beside} more than the list itself");
                    judged.push(path);
                }
            }
            assert!(judged.len() >= 5, "{judged:?}");
        }
    });
}
