//! The stream of changes: each is told what they may know of, and nothing of the rest, not even how much there was.

use std::io::{BufRead, BufReader};

use reqwest::Method;
use reqwest::blocking::Response;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Province};
use crate::walk::Walk;

/// Somebody who follows what changed.
struct Follower<'a> {
    province: &'a Province,
    person: &'a Person,
    position: String,
}

impl<'a> Follower<'a> {
    fn new(province: &'a Province, person: &'a Person) -> Self {
        let now = province.get(person, "/changes").ok();
        assert_eq!((&now["items"], &now["more"]), (&json!([]), &json!(false)));
        Self { province, person, position: now["next"].as_str().unwrap().to_owned() }
    }

    /// What changed since, as resource, verb, version and state.
    fn told(&mut self) -> Vec<(String, String, i64, Value)> {
        let mut told = Vec::new();
        loop {
            let answer = self.province.get(self.person, &format!("/changes?after={}", self.position)).ok();
            let before = std::mem::replace(&mut self.position, answer["next"].as_str().unwrap().to_owned());
            assert_eq!(self.position.len(), before.len());
            assert_ne!(self.position, before, "two positions say nothing of what lies between");
            for change in answer["items"].as_array().unwrap() {
                let address = change["address"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
                self.province.get(self.person, address).ok();
                let text = |member: &str| change[member].as_str().unwrap().to_owned();
                assert!(address.ends_with(&text("id")), "{change}");
                told.push((
                    text("resource"),
                    text("verb"),
                    change["version"].as_i64().unwrap(),
                    change["state"].clone(),
                ));
            }
            if answer["more"] == false {
                return told;
            }
        }
    }

    fn verbs(&mut self) -> Vec<String> {
        self.told().into_iter().map(|(resource, verb, ..)| format!("{resource} {verb}")).collect()
    }
}

#[test]
fn each_follows_what_they_may_see() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        province.seal();
        let mut insiders = [&walk.here.producer, &walk.here.commune, &walk.here.officer, &walk.office]
            .map(|person| Follower::new(province, person));
        let mut outsiders = [&walk.there.producer, &walk.there.commune, &walk.there.officer, &walk.idle, &walk.admin]
            .map(|person| Follower::new(province, person));
        walk.submitted_idea(&walk.here, "Mật ong");
        province.seal();
        for follower in &mut insiders {
            let told = follower.told();
            let expected = [("create", 1, "draft"), ("submit", 2, "submitted")];
            let expected =
                expected.map(|(verb, version, state)| ("ideas".to_owned(), verb.to_owned(), version, json!(state)));
            assert_eq!(told, expected);
            assert_eq!(follower.told(), [], "once");
        }
        for follower in &mut outsiders {
            assert_eq!(follower.told(), []);
        }
        // A position is its account's own.
        let foreign = format!("/changes?after={}", insiders[0].position);
        province.get(&walk.there.producer, &foreign).fault("after", "malformed_cursor");
        province.get(&walk.there.producer, "/changes?after=MQ").fault("after", "malformed_cursor");
        province.get(&walk.there.producer, "/changes?limit=3").fault("limit", "unknown_parameter");
    });
}

#[test]
fn who_has_been_away_long_is_told_everything_once_in_order() {
    on_both(|engine| {
        let walk = Walk::on_demo(engine);
        let province = &walk.province;
        province.seal();
        let mut producer = Follower::new(province, &walk.here.producer);
        let mut other = Follower::new(province, &walk.there.producer);
        // More than one answer tells, and between them what is none of its business.
        let count: i64 = 130;
        for number in 0..count {
            walk.idea(if number % 2 == 0 { &walk.here } else { &walk.there }, &format!("Mật ong {number}"));
        }
        let idea = walk.idea(&walk.here, "Mật ong cuối");
        for name in 0..count {
            let change = json!({"packaging": format!("Hũ {name} g")});
            province.patch(&walk.here.producer, &format!("/ideas/{idea}"), change).ok();
        }
        province.seal();
        let told = producer.told();
        let made = told.iter().filter(|(_, verb, ..)| verb == "create").count();
        assert_eq!(i64::try_from(made).unwrap(), count / 2 + 1);
        let versions: Vec<i64> = told.iter().filter(|(_, verb, ..)| verb == "change").map(|told| told.2).collect();
        assert_eq!(versions, (2..2 + count).collect::<Vec<_>>());
        assert_eq!(i64::try_from(other.told().len()).unwrap(), count / 2);
    });
}

#[test]
fn nobody_follows_a_member_who_scores() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 4);
        let number = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let (item, sheet) = (format!("/agenda-items/{number}"), format!("/agenda-items/{number}/sheet"));
        province.step(council.chair(), &item, "open-scoring", json!({})).ok();
        province.seal();
        let member = &council.scorers[2];
        let of_the_council =
            [council.chair(), &council.scorers[1], &council.secretary, &walk.here.officer, &walk.office];
        let mut inside = of_the_council.map(|person| Follower::new(province, person));
        let mut outside = [&walk.here.producer, &walk.here.commune].map(|person| Follower::new(province, person));
        walk.submit_sheet(member, &number, 60);
        province.step(member, &sheet, "withdraw", json!({})).ok();
        walk.submit_sheet(member, &number, 61);
        province.seal();
        for follower in inside.iter_mut().chain(&mut outside) {
            assert_eq!(follower.verbs(), Vec::<String>::new());
        }
        province.step(&council.scorers[3], &item, "recuse", json!({"reason": "Người thân của chủ thể"})).ok();
        province.seal();
        for follower in &mut inside {
            assert_eq!(follower.verbs(), ["agenda-items recuse"]);
        }
        for follower in &mut outside {
            assert_eq!(follower.verbs(), Vec::<String>::new(), "of whom it is not told, nor that there was one");
        }
        province.step(council.chair(), &item, "close-scoring", json!({})).ok();
        province.seal();
        for follower in inside.iter_mut().chain(&mut outside) {
            assert_eq!(follower.verbs(), ["agenda-items close-scoring"]);
        }
    });
}

/// The next event of a stream that tells something: its id and what it says.
fn event(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<(String, Value)> {
    let mut id = None;
    for line in lines {
        let line = line.ok()?;
        if let Some(told) = line.strip_prefix("id: ") {
            id = Some(told.to_owned());
        }
        if let Some(data) = line.strip_prefix("data: ") {
            return Some((id?, serde_json::from_str(data).unwrap()));
        }
    }
    None
}

#[test]
fn a_stream_tells_the_same_and_ends_with_the_account() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        province.seal();
        let open = |last: Option<&str>| -> Response {
            let request = province.request(Method::GET, "/changes").bearer_auth(&walk.here.producer.token);
            let request = request.header(ACCEPT, "text/event-stream");
            last.into_iter().fold(request, |request, last| request.header("last-event-id", last)).send().unwrap()
        };
        let response = open(None);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut lines = BufReader::new(response).lines();
        let (position, first) = event(&mut lines).unwrap();
        assert_eq!((&first["items"], first["next"].as_str()), (&json!([]), Some(position.as_str())));
        let idea = walk.idea(&walk.here, "Mật ong");
        walk.idea(&walk.there, "Bưởi");
        province.seal();
        let told = |told: &Value| {
            told["items"].as_array().unwrap().iter().map(|change| change["id"].clone()).collect::<Vec<_>>()
        };
        let (_, second) = event(&mut lines).unwrap();
        assert_eq!(told(&second), [json!(idea)]);
        // Who was cut off goes on where it was; and there are not too many at once.
        let again: Vec<_> = (0..2)
            .map(|_| {
                let mut lines = BufReader::new(open(Some(&position))).lines();
                assert_eq!(told(&event(&mut lines).unwrap().1), [json!(idea)]);
                lines
            })
            .collect();
        let refused = open(None);
        assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (429, true));
        assert_eq!(refused.json::<Value>().unwrap()["code"], "too_many_streams");
        let account = format!("/accounts/{}", walk.here.producer.id);
        province.step(&walk.admin, &account, "end", json!({"note": "Nghỉ việc"})).ok();
        for mut lines in std::iter::once(lines).chain(again) {
            assert_eq!(event(&mut lines), None);
        }
        assert_eq!(open(None).status(), 401);
    });
}
