//! What somebody tries who means no good, a line each: none of it is taken, none of it is told more than anybody may know, none
//! of it makes a 5xx, and afterwards nothing is there that was not there before.

mod forged;
mod spoken;
mod typed;
mod wire;

use diesel::prelude::*;
use ocop::db::schema::{
    accounts, documents, doubts, files, history, ideas, pictures, registrations, scans, shops, stamp_suspicions,
};
use reqwest::blocking::RequestBuilder;

use crate::engine::on_both;
use crate::province::{Province, Reply};
use crate::routes::Filled;

/// What is tried, and the statuses that refuse it.
pub struct Attack {
    name: String,
    request: RequestBuilder,
    refused: &'static [u16],
}

/// The statuses of what is not there for who asks.
const HIDDEN: &[u16] = &[404];
const UNKNOWN: &[u16] = &[401];
const INVALID: &[u16] = &[422];

impl Attack {
    fn new(name: impl Into<String>, request: RequestBuilder, refused: &'static [u16]) -> Self {
        Self { name: name.into(), request, refused }
    }
}

/// How much there is of what attacks would make.
fn rows(province: &Province) -> [i64; 11] {
    let mut connection = province.database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
    macro_rules! count {
        ($($table:ident),+) => { [$($table::table.count().get_result(&mut connection).unwrap()),+] };
    }
    count!(accounts, documents, doubts, files, history, ideas, pictures, registrations, scans, shops, stamp_suspicions)
}

/// What of what lies within is told: of files, of databases, of Rust.
fn told(reply: &Reply) -> Option<&'static str> {
    let within = ["root:", "sqlite", "postgres", "diesel", "panicked", "src/", ".rs:", "$argon2", "stack backtrace"];
    within.into_iter().find(|word| reply.text.contains(word))
}

#[test]
fn more_than_a_hundred_attacks_are_refused_and_leave_nothing_behind() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let province = &filled.walk.province;
        let attacks: Vec<Attack> = [forged::attacks(&filled), spoken::attacks(&filled), typed::attacks(&filled)]
            .into_iter()
            .flatten()
            .collect();
        let count = attacks.len();
        let before = rows(province);
        let mut taken = Vec::new();
        for Attack { name, request, refused } in attacks {
            let reply = Reply::of(request.send().unwrap_or_else(|error| panic!("{name}: {error}")));
            if !refused.contains(&reply.status.as_u16()) || told(&reply).is_some() {
                taken.push(format!("{name}: {} {}", reply.status, reply.text.chars().take(300).collect::<String>()));
            }
        }
        assert!(taken.is_empty(), "{taken:#?}");
        let raw = wire::tried(province);
        assert_eq!(rows(province), before);
        assert!(count + raw > 150, "{count} and {raw}");
    });
}
