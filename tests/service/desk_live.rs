//! The room of who leads a session, and the hall's screen: who sees what of them, and how a room is followed.

use std::io::{BufRead, BufReader};

use reqwest::Method;
use serde_json::json;

use crate::desk_browser::{Browser, form, offered};
use crate::engine::{Engine, on_both};
use crate::html::between;
use crate::province::{Person, Templates};
use crate::walk::{Cast, Council, Walk};

struct Room {
    walk: Walk,
    council: Council,
    item: String,
}

impl Room {
    fn new(engine: Engine) -> Self {
        static ROOMS: Templates<(Cast, (Council, String))> = Templates::new();
        let (walk, (council, item)) = Walk::filled(engine, &ROOMS, |walk| {
            let council = walk.council("439", 1, 3);
            let candidate = walk.handed_in(&walk.here, "Mật ong");
            let item = walk.agenda_item(&council, &candidate.dossier);
            (council, item)
        });
        Self { walk, council, item }
    }

    fn path(&self, screen: &str) -> String {
        format!("/desk/agenda-items/{}/{screen}", self.item)
    }

    fn leader(&self) -> Browser<'_> {
        Browser::of(&self.walk.province, self.council.chair())
    }

    fn member(&self) -> &Person {
        &self.council.scorers[2]
    }

    /// What the first event tells.
    fn event(&self, browser: &Browser) -> String {
        let events = browser.request(Method::GET, &self.path("live/events")).send().unwrap();
        assert_eq!(
            (events.status().as_u16(), &events.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
        let lines = BufReader::new(events).lines().map(Result::unwrap);
        lines.filter_map(|line| line.strip_prefix("data: ").map(str::to_owned)).next().unwrap()
    }
}

/// What a page tells the events to be held against.
fn seen(page: &str) -> String {
    between(page, "data-seen=\"", "\"")[0].to_owned()
}

#[test]
fn who_leads_a_session_leads_it_from_its_room() {
    on_both(|engine| {
        let room = Room::new(engine);
        let (leader, live) = (room.leader(), room.path("live"));
        assert!(leader.page(&format!("/desk/agenda-items/{}", room.item)).contains(&format!("href=\"{live}\"")));
        let page = leader.page(&live);
        assert!(page.contains("Phiếu đã nộp: 0 / 3"), "{page}");
        let opening = form(&page, "open-scoring").with("acknowledge.0", "short_notice");
        assert_eq!(leader.done(&opening), format!("{live}?done=open-scoring"));
        let page = leader.page(&live);
        assert!(offered(&page).contains(&"close-scoring".to_owned()), "{:?}", offered(&page));

        // Marks change nothing in it; that a sheet was handed in does.
        let before = room.event(&leader);
        assert_eq!(before, seen(&page));
        room.walk.write_sheet(room.member(), &room.item, &room.walk.marks(64));
        assert_eq!(room.event(&leader), before);
        let sheet = format!("/agenda-items/{}/sheet", room.item);
        room.walk.province.step(room.member(), &sheet, "submit", json!({})).ok();
        let after = room.event(&leader);
        assert_ne!(after, before);
        let page = leader.page(&live);
        assert!(page.contains("Phiếu đã nộp: 1 / 3") && seen(&page) == after, "{page}");

        // After the close the count stands there, without a mark.
        assert_eq!(leader.done(&form(&page, "close-scoring")), format!("{live}?done=close-scoring"));
        let page = leader.page(&live);
        let told = between(&page, "<td>", "</td>");
        assert!(told.contains(&"Chưa đủ số phiếu") && told.iter().all(|cell| !cell.contains("64")), "{told:?}");
    });
}

#[test]
fn who_has_not_handed_in_is_reminded_and_nobody_else_learns_of_it() {
    on_both(|engine| {
        let room = Room::new(engine);
        let (leader, live) = (room.leader(), room.path("live"));
        let (item, walk) = (format!("/agenda-items/{}", room.item), &room.walk);
        let chair = room.council.chair();
        walk.province.step(chair, &item, "open-scoring", json!({})).ok();
        room.walk.write_sheet(room.member(), &room.item, &room.walk.marks(64));
        walk.province.step(room.member(), &format!("{item}/sheet"), "submit", json!({})).ok();
        let other = &room.council.scorers[1];
        walk.province
            .step(chair, &item, "absent", json!({"account_id": other.id, "reason": "Ốm"}))
            .refused(403, "forbidden");
        let history = walk.province.get(&walk.here.producer, &format!("{item}/history")).text;

        let page = leader.page(&live);
        assert_eq!(leader.done(&form(&page, "remind")), format!("{live}?done=remind"));
        assert_eq!(leader.page(&live).matches("Chưa nộp (nhắc lúc").count(), 2);
        let told = |person: &Person| walk.province.get(person, &item).ok()["me"]["reminded_at"].is_string();
        assert_eq!([&room.council.scorers[0], other, room.member()].map(told), [true, true, false]);
        let task =
            |person: &Person| Browser::of(&walk.province, person).page("/desk").contains("Được nhắc nộp phiếu lúc");
        assert_eq!([other, room.member()].map(task), [true, false]);
        assert_eq!(walk.province.get(&walk.here.producer, &format!("{item}/history")).text, history);
        assert!(!walk.province.get(&walk.here.producer, &item).text.contains("reminded"));

        // Not again at once, not by a member, and nobody once all are in.
        walk.province.step(&room.council.secretary, &item, "remind", json!({})).refused(409, "reminded_just_now");
        walk.province.step(other, &item, "remind", json!({})).refused(403, "forbidden");
        for person in &room.council.scorers[..2] {
            walk.write_sheet(person, &room.item, &walk.marks(60));
            walk.province.step(person, &format!("{item}/sheet"), "submit", json!({})).ok();
        }
        walk.province.step(chair, &item, "remind", json!({})).refused(409, "nobody_to_remind");
        walk.province.step(chair, &item, "close-scoring", json!({})).ok();
        walk.province.step(chair, &item, "remind", json!({})).refused(409, "wrong_state");
    });
}

#[test]
fn a_room_is_for_its_leaders_and_the_hall_shows_no_sheet() {
    on_both(|engine| {
        let room = Room::new(engine);
        let screens = ["live", "live/events", "hall"].map(|screen| room.path(screen));
        for screen in &screens {
            assert_eq!(Browser::new(&room.walk.province).get(screen).status, 303, "{screen}");
            assert_eq!(Browser::signed_in(&room.walk.province, "producer-440").get(screen).status, 404, "{screen}");
        }
        let member = Browser::of(&room.walk.province, room.member());
        assert_eq!(screens.each_ref().map(|screen| member.get(screen).status.as_u16()), [403, 403, 200]);
        let hall = member.get(&screens[2]);
        assert_eq!(hall.headers["refresh"], "10");
        assert!(hall.text.contains("Mật ong") && !hall.text.contains("Phiếu đã nộp"), "{}", hall.text);

        // Who signed out follows nothing any more.
        let leader = room.leader();
        room.event(&leader);
        let page = leader.page(&screens[0]);
        leader.done(&form(&page, "sign-out"));
        assert_eq!(leader.get(&screens[1]).status, 303);
    });
}
