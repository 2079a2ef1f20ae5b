//! The history as a sequence that can be followed while several instances write: nothing is missed, nothing read twice,
//! nothing told of sheets before their result.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::dsl::count_star;
use diesel::prelude::*;
use ocop::audit::Resource;
use ocop::audit::sequence_store::{self, Placed};
use ocop::db::schema::history;
use reqwest::blocking::Client;
use serde_json::json;

use crate::engine::on_both;
use crate::province::Province;
use crate::walk::Walk;

const WRITERS: usize = 4;
const IDEAS: usize = 12;

/// What a follower reads: all that stands behind what it read before, a few steps at a time.
fn follow(province: &Province, read: &mut Vec<Placed>) {
    loop {
        let last = read.last().map_or(0, |step| step.place);
        let next = province.app.database.read_now(|connection| sequence_store::behind(connection, last, 7)).unwrap();
        if next.is_empty() {
            return;
        }
        assert!(next.iter().all(|step| step.place > last));
        read.extend(next);
    }
}

fn is_due(province: &Province) -> bool {
    province.app.database.read_now(sequence_store::is_due).unwrap()
}

#[test]
fn who_follows_the_history_misses_nothing_and_reads_nothing_twice() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, twin) = (&walk.province, walk.province.twin());
        let writing = AtomicUsize::new(WRITERS);
        let mut read = Vec::new();
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let address = if writer % 2 == 0 { province.address } else { twin.address };
                let (walk, writing) = (&walk, &writing);
                scope.spawn(move || {
                    let client = Client::new();
                    for number in 0..IDEAS {
                        let form = walk.idea_form(&format!("Mật ong {writer} {number}"));
                        let request = client.post(format!("http://{address}/api/v1/ideas")).json(&form);
                        assert_eq!(request.bearer_auth(&walk.here.producer.token).send().unwrap().status(), 201);
                    }
                    writing.fetch_sub(1, Ordering::Relaxed);
                });
            }
            while writing.load(Ordering::Relaxed) > 0 || is_due(province) {
                follow(province, &mut read);
            }
        });
        follow(province, &mut read);
        assert!(read.iter().zip(1..).all(|(step, place)| step.place == place), "{read:#?}");
        assert_eq!(read.iter().filter(|step| step.resource == Resource::Idea).count(), WRITERS * IDEAS);
        let kept: i64 = province
            .app
            .database
            .read_now(|connection| Ok::<_, ocop::base::Error>(history::table.select(count_star()).first(connection)?))
            .unwrap();
        assert_eq!(i64::try_from(read.len()).unwrap(), kept, "every step of this province has a place");
    });
}

#[test]
fn the_sequence_says_nothing_of_sheets_and_keeps_the_order_of_versions() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 5);
        let item = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        walk.province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
        walk.submit_sheet(&council.scorers[0], &item, 60);
        let mut read = Vec::new();
        while is_due(&walk.province) {
            follow(&walk.province, &mut read);
        }
        follow(&walk.province, &mut read);
        assert!(read.iter().all(|step| step.resource != Resource::Sheet));
        let of_item: Vec<(i32, &str)> = read
            .iter()
            .filter(|step| step.id.to_string() == item)
            .map(|step| (step.version, step.verb.as_str()))
            .collect();
        assert_eq!(of_item, [(1, "create"), (2, "open-scoring")]);
    });
}
