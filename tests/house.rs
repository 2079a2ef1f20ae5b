#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]
//! The house keeps its order: a room of `src/` uses those above it in the list of `lib.rs`, never those below.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn rooms() -> Vec<String> {
    let list = std::fs::read_to_string(source().join("lib.rs")).unwrap();
    let rooms: Vec<String> =
        list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned)).collect();
    assert!(rooms.len() > 5, "lib.rs lists the rooms");
    rooms
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that a file names behind a path such as `crate::`, alone or in braces.
fn named(text: &str, path: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(path) {
        let rest = &text[at + path.len()..];
        let listed = match rest.strip_prefix('{') {
            Some(inside) => inside.split(['}', ';']).next().unwrap_or(""),
            None => rest,
        };
        let parts = if rest.starts_with('{') { split_outside_braces(listed) } else { vec![listed.to_owned()] };
        names.extend(parts.iter().map(|part| {
            part.trim().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
        }));
    }
    names
}

fn split_outside_braces(list: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0);
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part);
    parts
}

#[test]
fn every_use_looks_up_the_list_never_down() {
    let rooms = rooms();
    let order: BTreeMap<&str, usize> = rooms.iter().enumerate().map(|(place, room)| (room.as_str(), place)).collect();
    let mut found = Vec::new();
    files(&source(), &mut found);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in found {
        let inside = path.strip_prefix(source()).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let Some(own) = order.get(first.trim_end_matches(".rs")) else { continue };
        for name in named(&std::fs::read_to_string(&path).unwrap(), "crate::") {
            if let Some(other) = order.get(name.as_str()) {
                seen += 1;
                if other > own {
                    wrong.push(format!("{} uses {name}", inside.display()));
                }
            }
        }
    }
    assert!(seen > 50, "the test reads real uses");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Large rooms whose subjects stand in an order of their own, as their `mod.rs` lists them.
const LARGE: [&str; 1] = ["rating"];

#[test]
fn subjects_of_large_rooms_use_those_before_them() {
    for room in LARGE {
        let folder = source().join(room);
        let list = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
        let subjects: Vec<&str> =
            list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
        let place = |name: &str| subjects.iter().position(|subject| *subject == name);
        let (mut wrong, mut seen) = (Vec::new(), 0);
        for (own, subject) in subjects.iter().enumerate() {
            let mut found = Vec::new();
            files(&folder.join(subject), &mut found);
            for path in found {
                for name in named(&std::fs::read_to_string(&path).unwrap(), &format!("crate::{room}::")) {
                    let Some(other) = place(&name) else { continue };
                    seen += 1;
                    if other > own {
                        wrong.push(format!("{} uses {name}", path.display()));
                    }
                }
            }
        }
        assert!(seen > 20, "the test reads real uses of {room}");
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// The paths that a file names behind `crate::`, with what stands in braces spelled out: `stamp::{code, scan::Scan}` is
/// `stamp::code` and `stamp::scan::Scan`.
fn paths(text: &str) -> Vec<Vec<String>> {
    fn spelled(path: &str) -> Vec<String> {
        let Some((start, rest)) = path.split_once('{') else {
            return vec![path.split(" as ").next().unwrap().split_whitespace().collect()];
        };
        let inside = &rest[..rest.rfind('}').unwrap_or(rest.len())];
        let parts = split_outside_braces(inside);
        let spelled_parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).flat_map(spelled);
        spelled_parts.map(|part| format!("{}{part}", start.trim())).collect()
    }
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let mut depth = 0;
        let end = rest.find(|letter: char| {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth < 0 || depth == 0 && !(letter.is_alphanumeric() || "_:}".contains(letter))
        });
        let named = spelled(&rest[..end.unwrap_or(rest.len())]);
        found.extend(named.iter().map(|path| path.split("::").map(str::to_owned).collect::<Vec<_>>()));
    }
    found
}

/// What a `mod.rs` has in it: its modules, and the module that each name of a `pub use` comes from.
fn contents(text: &str) -> (Vec<String>, BTreeMap<String, String>) {
    let mut modules = Vec::new();
    let mut lent = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
        if let Some(module) = line.strip_prefix("mod ").and_then(|line| line.strip_suffix(';')) {
            modules.push(module.to_owned());
        }
    }
    for statement in text.split(';') {
        let Some((_, used)) = statement.split_once("use ") else { continue };
        for path in paths(&format!("crate::{used}")) {
            if let (Some(first), Some(last)) = (path.first(), path.last()) {
                lent.insert(last.clone(), first.clone());
            }
        }
    }
    (modules, lent)
}

/// Inside a room no file uses one that uses it, over however many others. But a thing lists its steps.
#[test]
fn no_room_goes_in_circles() {
    let mut found = Vec::new();
    files(&source(), &mut found);
    let mut circles = Vec::new();
    let mut seen = 0;
    for room in found.iter().filter(|path| path.ends_with("mod.rs")) {
        let folder = room.parent().unwrap();
        let own: Vec<String> =
            folder.strip_prefix(source()).unwrap().iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        let (modules, lent) = contents(&std::fs::read_to_string(room).unwrap());
        let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for module in &modules {
            let inside = |path: &&PathBuf| {
                path.starts_with(folder.join(module)) || **path == folder.join(format!("{module}.rs"))
            };
            let used = uses.entry(module).or_default();
            for path in found.iter().filter(inside) {
                for named in paths(&std::fs::read_to_string(path).unwrap()) {
                    let Some(next) = named.strip_prefix(&own[..]).and_then(|rest| rest.first()) else { continue };
                    let next = if modules.contains(next) { Some(next) } else { lent.get(next) };
                    let Some(next) = next.filter(|next| modules.contains(next) && *next != module) else { continue };
                    if !(module.ends_with("thing") && (next.ends_with("steps") || next == "verb")) {
                        used.insert(next.clone());
                        seen += 1;
                    }
                }
            }
        }
        for module in &modules {
            let mut reached = BTreeSet::new();
            let mut left = vec![module.as_str()];
            while let Some(next) = left.pop() {
                for used in uses.get(next).into_iter().flatten() {
                    if reached.insert(used.as_str()) {
                        left.push(used);
                    }
                }
            }
            if reached.contains(module.as_str()) {
                circles.push(format!("{}::{module}", own.join("::")));
            }
        }
    }
    assert!(seen > 200, "the test reads real uses: {seen}");
    assert!(circles.is_empty(), "these come back to themselves: {circles:#?}");
}

/// Which room owns which tables: it alone writes them, and only in its stores.
const OWNERS: &[(&str, &[&str])] = &[
    ("db", &["settings", "counters"]),
    ("http", &["idempotency_keys"]),
    ("files", &["files"]),
    ("audit", &["history", "seals"]),
    ("place", &["units"]),
    (
        "account",
        &[
            "accounts",
            "refresh_tokens",
            "desk_sessions",
            "sign_in_failures",
            "sign_in_networks",
            "password_links",
            "sign_ins",
            "identity_readings",
            "second_factors",
            "recovery_codes",
            "openid_links",
            "openid_used",
        ],
    ),
    ("paper", &["papers"]),
    ("producer", &["producers", "registrations"]),
    ("cycle", &["cycles"]),
    ("criteria", &["criteria_sets"]),
    ("product", &["products", "documents", "pictures", "former_gtins"]),
    ("shop", &["shops", "shop_products"]),
    ("idea", &["ideas", "idea_papers"]),
    ("plan", &["plans", "plan_finance"]),
    (
        "dossier",
        &["dossiers", "dossier_documents", "visits", "dossier_submissions", "commune_reports", "dossier_samples"],
    ),
    (
        "rating",
        &[
            "councils",
            "seats",
            "agenda_items",
            "recusals",
            "sheets",
            "results",
            "working_groups",
            "remarks",
            "surveys",
            "survey_files",
            "group_reports",
            "absences",
            "appeals",
            "rescores",
            "sheet_reminders",
        ],
    ),
    (
        "decision",
        &[
            "dispatches",
            "decisions",
            "certificates",
            "decision_items",
            "decision_prints",
            "decision_originals",
            "notices",
            "demands",
            "result_notices",
        ],
    ),
    ("personal_data", &["personal_data_requests"]),
    ("notice", &["task_summaries", "reminder_letters", "account_letters"]),
    ("lot", &["lots", "lot_inputs", "lot_events", "lot_event_documents"]),
    ("hold", &["holds"]),
    ("inspection", &["inspection_plans", "inspections", "inspection_files"]),
    ("support", &["support_policies", "support_claims", "support_claim_files", "rewards", "reward_items"]),
    (
        "stamp",
        &[
            "stamp_orders",
            "activations",
            "voids",
            "stamps",
            "scans",
            "visitor_salts",
            "doubt_uploads",
            "doubts",
            "stamp_limits",
            "stamp_export_links",
            "stamp_exports",
            "stamp_displays",
            "stamp_suspicions",
            "legacy_codes",
            "stamp_confirmations",
            "stamp_tries",
            "producer_networks",
        ],
    ),
];

/// Which later rooms read tables of earlier ones within a statement of their own, so that a list takes one statement.
const READERS: &[(&str, &[&str])] = &[
    ("paper", &["history"]),
    ("product", &["files"]),
    ("idea", &["cycles"]),
    ("plan", &["cycles"]),
    ("dossier", &["cycles", "documents"]),
    ("rating", &["files", "producers", "accounts", "criteria_sets", "products", "dossiers"]),
    (
        "decision",
        &["units", "producers", "accounts", "cycles", "products", "dossiers", "councils", "agenda_items", "results"],
    ),
    ("lot", &["producers", "accounts", "shops", "products", "documents"]),
    ("inspection", &["files"]),
    ("support", &["files"]),
    ("stamp", &["counters", "files", "producers", "products"]),
    (
        "epcis",
        &["producers", "shops", "products", "lots", "lot_inputs", "lot_events", "stamp_orders", "activations", "voids"],
    ),
    (
        "report",
        &[
            "history",
            "shops",
            "ideas",
            "plans",
            "plan_finance",
            "dossiers",
            "councils",
            "agenda_items",
            "results",
            "decisions",
            "certificates",
            "inspections",
            "support_policies",
            "support_claims",
            "rewards",
            "reward_items",
            "stamp_orders",
        ],
    ),
    (
        "site",
        &[
            "history",
            "producers",
            "criteria_sets",
            "shops",
            "products",
            "pictures",
            "plans",
            "decisions",
            "certificates",
            "holds",
        ],
    ),
    ("personal_data", &["accounts", "producers", "registrations", "shops", "doubts"]),
    ("notice", &["accounts", "agenda_items", "sheet_reminders"]),
    (
        "verify",
        &[
            "history",
            "producers",
            "accounts",
            "registrations",
            "personal_data_requests",
            "cycles",
            "criteria_sets",
            "shops",
            "products",
            "ideas",
            "plans",
            "dossiers",
            "councils",
            "agenda_items",
            "sheets",
            "appeals",
            "surveys",
            "group_reports",
            "decisions",
            "certificates",
            "result_notices",
            "lots",
            "holds",
            "inspection_plans",
            "inspections",
            "rewards",
            "support_claims",
            "support_policies",
            "stamp_orders",
            "doubts",
            "stamp_suspicions",
        ],
    ),
];

/// Which earlier rooms read tables of later ones: names of who did something, and what all rows of a thing are, so that a step vouches for them (`audit`), what a seat at an open council lets
/// see (`account`), what councils made of a dossier and which certificate its
/// product has (`dossier`), what a hold says of a lot (`lot`). No other does.
const AHEAD: &[(&str, &[&str])] = &[
    (
        "audit",
        &[
            "accounts",
            "decision_originals",
            "documents",
            "doubts",
            "inspection_files",
            "lot_events",
            "pictures",
            "stamp_orders",
            "stamp_suspicions",
            "support_claim_files",
            "survey_files",
        ],
    ),
    ("account", &["dossiers", "councils", "seats", "agenda_items", "working_groups"]),
    ("dossier", &["councils", "seats", "agenda_items", "results", "appeals", "certificates"]),
    ("lot", &["holds"]),
];

/// The tables that a file names: by Diesel's names, or within SQL.
fn tables_in(code: &str, tables: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("schema::") {
        let rest = &code[at + "schema::".len()..];
        let named = if rest.starts_with('{') { rest.split('}').next().unwrap() } else { rest };
        let mut words =
            named.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty());
        if rest.starts_with('{') {
            found.extend(words.map(str::to_owned))
        } else {
            found.extend(words.next().map(str::to_owned))
        }
    }
    let words: Vec<&str> = code.split_whitespace().collect();
    for pair in words.windows(2) {
        if ["FROM", "JOIN", "INTO", "UPDATE"].iter().any(|verb| pair[0].trim_start_matches(['"', '(']) == *verb) {
            found.insert(pair[1].trim_matches(|letter: char| !(letter.is_alphanumeric() || letter == '_')).to_owned());
        }
    }
    found.retain(|word| tables.contains(word.as_str()));
    found
}

#[test]
fn tables_have_owners_and_stand_in_stores() {
    let schema = std::fs::read_to_string(source().join("db/schema.rs")).unwrap();
    let tables: BTreeSet<&str> = schema
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.split_once(" (").filter(|(_, rest)| rest.ends_with(") {")))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'))
        .collect();
    let owned: Vec<&str> = OWNERS.iter().flat_map(|(_, tables)| tables.iter().copied()).collect();
    assert_eq!(owned.len(), tables.len(), "each table has one owner");
    assert_eq!(owned.iter().copied().collect::<BTreeSet<_>>(), tables);
    let rooms = rooms();
    let place = |room: &str| rooms.iter().position(|other| other == room).unwrap();
    let owner = |table: &str| OWNERS.iter().find(|(_, tables)| tables.contains(&table)).unwrap().0;
    let mut read = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut found = Vec::new();
    files(&source(), &mut found);
    for path in found.iter().filter(|path| !path.ends_with("db/schema.rs")) {
        let inside = path.strip_prefix(source()).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let text = std::fs::read_to_string(path).unwrap();
        let built = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code: String =
            built.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
        let named = tables_in(&code, &tables);
        let name = inside.file_name().unwrap().to_str().unwrap();
        // A row's struct names its table; `db` and `verify` are about tables throughout.
        let is_store =
            name.ends_with("store.rs") || ["db", "verify"].contains(&room) || inside == Path::new("audit/seal.rs");
        if !named.is_empty() && !is_store {
            wrong.push(format!("{} is no store and names {named:?}", inside.display()));
        }
        for table in named {
            let listed = |list: &[(&str, &[&str])]| {
                list.iter().any(|(reader, tables)| *reader == room && tables.contains(&table.as_str()))
            };
            let owner = owner(&table);
            if owner == room {
                continue;
            }
            let list = if place(owner) < place(room) { READERS } else { AHEAD };
            if !listed(list) {
                wrong.push(format!("{} reads {table} of {owner}, which no list allows", inside.display()));
            }
            read.insert((room.to_owned(), table));
        }
    }
    for (room, tables) in READERS.iter().chain(AHEAD) {
        let unread = tables.iter().filter(|table| !read.contains(&((*room).to_owned(), (**table).to_owned())));
        wrong.extend(unread.map(|table| format!("{room} does not read {table} any more")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_is_on_the_list() {
    let rooms = rooms();
    for entry in std::fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(matches!(name.as_str(), "main" | "lib") || rooms.contains(&name), "{name} is not in lib.rs");
    }
}

#[test]
fn rules_are_pure() {
    let mut found = Vec::new();
    files(&source(), &mut found);
    for path in found.iter().filter(|path| path.ends_with("rules.rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        for reach in ["actix", "diesel", "crate::db", "crate::http", "::real_now()"] {
            let code: String = text.lines().take_while(|line| !line.contains("#[cfg(test)]")).collect();
            assert!(!code.contains(reach), "{} reaches for {reach}", path.display());
        }
    }
}

/// A picture that is decoded elsewhere would not wait for its turn, and would not be held to the budget.
#[test]
fn pictures_are_decoded_in_one_place() {
    let mut found = Vec::new();
    files(&source(), &mut found);
    let decoders =
        ["zune_jpeg", "png::Decoder", "ImageReader", "JpegDecoder", "PngDecoder", "load_from_memory", "image::open"];
    let decoding: Vec<_> = found
        .into_iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let built = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            decoders.iter().any(|decoder| built.contains(decoder))
        })
        .collect();
    let place = source().join("product/decoding");
    assert!(decoding.len() == 2 && decoding.iter().all(|path| path.starts_with(&place)), "{decoding:?}");
}

/// The OpenAPI document keeps one schema for each name: two types of one name would overwrite each other there.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let mut found = Vec::new();
    files(&source(), &mut found);
    let mut names: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        // What stands between a derive and its type: other attributes and comments.
        for block in text.split("#[derive(").skip(1) {
            let (derived, rest) = block.split_once(")]").unwrap();
            let head = rest.split(['{', ';']).next().unwrap();
            let is_type = |word: &&str| matches!(*word, "struct" | "enum");
            let own = head.split_whitespace().skip_while(|word| !is_type(word)).nth(1);
            let (true, Some(own)) = (derived.contains("ToSchema"), own) else { continue };
            let given =
                head.split_once("schema(as = ").and_then(|(_, name)| name.split_once(')')).map(|(name, _)| name);
            let plain = own.split(['(', '<']).next().unwrap();
            let name = given.unwrap_or(plain).to_owned();
            if let Some(other) = names.insert(name.clone(), path.clone()) {
                panic!("{name} is a schema of {} and of {}", other.display(), path.display());
            }
        }
    }
    assert!(names.len() > 100, "the test reads real schemas: {}", names.len());
}

/// What the Dockerfile copies is all that the build needs: no image is built here.
#[test]
fn an_image_gets_every_file_that_is_built_in() {
    let root = source().parent().unwrap().to_owned();
    let dockerfile = std::fs::read_to_string(root.join("Dockerfile")).unwrap();
    let copied: Vec<PathBuf> = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|what| !what.starts_with("--from"))
        .flat_map(|what| what.split(' ').rev().skip(1).map(|part| root.join(part)).collect::<Vec<_>>())
        .collect();
    let mut needed = Vec::new();
    let mut found = Vec::new();
    files(&source(), &mut found);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        for mark in ["include_str!(\"", "include_bytes!(\""] {
            let named = text.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap());
            needed.extend(named.map(|named| path.parent().unwrap().join(named).canonicalize().unwrap()));
        }
        let templates = text.split("#[template(path = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
        needed.extend(templates.map(|named| root.join("templates").join(named)));
    }
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let benches = manifest.split("[[bench]]\nname = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
    needed.extend(benches.map(|name| root.join("benches").join(format!("{name}.rs"))));
    assert!(needed.len() > 20, "{needed:?}");
    for path in needed {
        assert!(
            path.exists() && copied.iter().any(|copied| path.starts_with(copied)),
            "{} is not copied",
            path.display()
        );
    }
}

/// What stands between backticks in a page.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    assert!(page.matches('`').count().is_multiple_of(2), "a backtick is not closed");
    page.split('`').skip(1).step_by(2)
}

/// In the pages about security a name of four words and more is a test's; codes and settings are shorter or in capitals.
#[test]
fn pages_about_security_name_tests_and_files_that_exist() {
    let root = source().parent().unwrap().to_owned();
    let mut found = Vec::new();
    files(&source(), &mut found);
    files(&root.join("tests"), &mut found);
    let mut tests = BTreeSet::new();
    for path in found {
        let text = std::fs::read_to_string(path).unwrap();
        let named = text.split("test]").skip(1).filter_map(|rest| rest.split_once("fn ")?.1.split_once('('));
        tests.extend(named.map(|(name, _)| name.to_owned()));
    }
    for page in ["docs/security.md", "docs/asvs.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let is_test = |name: &&str| {
            name.matches('_').count() >= 3 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        let missing: Vec<&str> = quoted(&text).filter(is_test).filter(|name| !tests.contains(*name)).collect();
        assert!(missing.is_empty(), "{page} names tests that are not there: {missing:?}");
        assert!(quoted(&text).filter(is_test).count() > 50, "{page} names tests");
        let places = [source(), root.join("tests"), root.join("tests/service")];
        let is_gone = |name: &&str| {
            name.ends_with(".rs") && !places.iter().any(|place| place.join(name).exists() || root.join(name).exists())
        };
        let gone: Vec<&str> = quoted(&text).filter(is_gone).collect();
        assert!(gone.is_empty(), "{page} names files that are not there: {gone:?}");
    }
}

/// How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has: the first ones of each.
const REQUIREMENTS: &str = "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 \
    5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 \
    8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 \
    11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 \
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2";

#[test]
fn each_requirement_has_one_line_and_what_lacks_is_listed_at_the_top() {
    let page = std::fs::read_to_string(source().parent().unwrap().join("docs/asvs.md")).unwrap();
    let number = |text: &str| -> Vec<u8> { text.split('.').map(|part| part.parse().expect(text)).collect() };
    let asked: BTreeSet<Vec<u8>> = REQUIREMENTS
        .split(' ')
        .map(|section| section.split_once(':').unwrap())
        .flat_map(|(section, most)| {
            (1..=most.parse::<u8>().unwrap()).map(move |last| number(&format!("{section}.{last}")))
        })
        .collect();
    assert_eq!(asked.len(), 253);
    let (mut answered, mut lacking) = (Vec::new(), BTreeSet::new());
    for row in page.lines().filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()))
    {
        let cells: Vec<&str> = row.trim_start_matches("| ").split(" | ").collect();
        let [numbers, _, here, shown] = cells[..] else { panic!("four cells: {row}") };
        let (first, last) = numbers.split_once('–').unwrap_or((numbers, numbers));
        let (first, last) = (number(first), number(last));
        let told: Vec<Vec<u8>> = asked.range(first.clone()..=last.clone()).cloned().collect();
        assert!(told.first() == Some(&first) && told.last() == Some(&last), "both ends are of these levels: {row}");
        let is_lacking = here.starts_with("**lacking**");
        let is_answer = is_lacking || here.starts_with("**held**") || here.starts_with("**does not apply**");
        assert!(is_answer && (here.starts_with("**does not apply**") || shown.contains('`')), "no answer: {row}");
        if is_lacking {
            lacking.extend(told.iter().cloned());
        }
        answered.extend(told);
    }
    let times = |number: &&Vec<u8>| answered.iter().filter(|told| told == number).count();
    let wrong: Vec<_> = asked.iter().filter(|number| times(number) != 1).collect();
    assert!(wrong.is_empty(), "these have no line, or two: {wrong:?}");
    let (_, top) = page.split_once("## What is lacking").unwrap();
    let (top, _) = top.split_once("\n## ").unwrap();
    let words = top.split(|c: char| !c.is_ascii_digit() && c != '.').map(|word| word.trim_matches('.'));
    let listed: BTreeSet<Vec<u8>> = words.filter(|word| word.matches('.').count() == 2).map(number).collect();
    let wrong: Vec<_> = listed.symmetric_difference(&lacking).collect();
    assert!(wrong.is_empty(), "these lack and are not listed at the top, or the other way: {wrong:?}");
}

/// Licences under which the whole may be given to any province; of a choice between several one of these is enough.
const LICENCES: [&str; 10] =
    ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PostgreSQL", "Unicode-3.0", "Zlib"];

#[test]
fn every_crate_comes_from_the_registry_under_a_licence_that_suits() {
    let told = |program: &str, arguments: &[&str]| {
        let output = std::process::Command::new(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let compiler = told("rustc", &["-vV"]);
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // What other systems would need is not at hand here.
    let asked = ["metadata", "--offline", "--locked", "--format-version=1", "--filter-platform", host];
    let metadata: serde_json::Value = serde_json::from_str(&told(env!("CARGO"), &asked)).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{}", packages.len());
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    for package in packages.iter().filter(|package| package["name"] != env!("CARGO_PKG_NAME")) {
        let name = package["name"].as_str().unwrap();
        assert_eq!(package["source"].as_str(), Some(registry), "{name}");
        let licence = package["license"].as_str().unwrap_or_default();
        let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX);
        let suits = |asked: &spdx::LicenseReq| asked.license.id().is_some_and(|id| LICENCES.contains(&id.name));
        assert!(expression.is_ok_and(|expression| expression.evaluate(suits)), "{name}: {licence}");
    }
}
