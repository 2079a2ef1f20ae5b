//! Reads a criteria set that is sent, and tells everything that is wrong with its shape and what it says in one answer, each with
//! its place: a file of a few hundred lines is not mended one fault at a time.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::base::{Error, Fault, Faults, Result, say};
use crate::criteria::Set;
use crate::criteria::tree::{Choice, Criterion, Group, Part};
use crate::files::Arrived;
use crate::http::Request;
use crate::station::Form;

impl Form for Set {
    fn read(request: &mut Request, _: Option<Arrived>) -> Result<Self> {
        read(request.object()?)
    }
}

/// The set in a JSON object; 422 with every fault of its shape, and of what else stands in it.
pub fn read(sent: Value) -> Result<Set> {
    if let Ok(set) = serde_json::from_value(sent.clone()) {
        return Ok(set);
    }
    let (mut mended, mut faults) = (sent, Vec::new());
    mend(&mut mended, Level::Set, "", &mut faults);
    // What is read of the mended tree is told too, unless it follows from what was put in the place of something unreadable.
    if let Ok(set) = serde_json::from_value::<Set>(mended) {
        let unreadable: Vec<String> = faults.iter().map(|fault: &Fault| fault.pointer.clone()).collect();
        let is_told = |fault: &Fault| {
            let rests_on = rests_on(fault);
            unreadable.iter().all(|place| *place != fault.pointer && !rests_on.is_some_and(|at| is_within(place, at)))
        };
        faults.extend(set.check().into_iter().filter(is_told));
    }
    faults.into_result()?;
    Err(Error::internal("a set that cannot be read has no fault"))
}

/// The part of the tree that has to be read before a fault means anything; none where its own place is enough.
fn rests_on(fault: &Fault) -> Option<&str> {
    let parent = fault.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    match fault.code {
        "wrong_sum" | "no_options" | "maximum_out_of_reach" => Some(parent),
        "above_maximum" | "wrong_case" | "wrong_least_option" => parent.rsplit_once("/options").map(|(of, _)| of),
        "unknown_criterion" | "cycle" | "parent_is_scored" | "ambiguous_parent" => Some(""),
        _ => None,
    }
}

fn is_within(place: &str, of: &str) -> bool {
    place.strip_prefix(of).is_some_and(|rest| rest.starts_with('/'))
}

/// One of each with everything that is needed, for what stands in the place of what cannot be read.
fn sample(of: Level) -> Value {
    match of {
        Level::Set => json!({"code": "x", "edition": "26-2026", "complete": false, "title": "x", "title_en": "x",
            "sector": "food", "parts": []}),
        Level::Part => json!({"code": "x", "title": "x", "title_en": "x", "max": 0, "groups": []}),
        Level::Group => json!({"code": "x", "title": "x", "title_en": "x", "max": 0, "criteria": []}),
        Level::Criterion => json!({"code": "x", "title": "x", "title_en": "x", "max": 0, "options": []}),
        Level::Choice => json!({"points": 0, "label": "x"}),
    }
}

#[derive(Clone, Copy)]
enum Level {
    Set,
    Part,
    Group,
    Criterion,
    Choice,
}

impl Level {
    /// The member that holds what is a level deeper.
    fn deeper(self) -> Option<(&'static str, Self)> {
        match self {
            Self::Set => Some(("parts", Self::Part)),
            Self::Part => Some(("groups", Self::Group)),
            Self::Group => Some(("criteria", Self::Criterion)),
            Self::Criterion => Some(("options", Self::Choice)),
            Self::Choice => None,
        }
    }

    /// What of an object cannot be read first, if anything: where, and in the reader's words.
    fn unreadable(self, object: &Value) -> Option<(Option<String>, String)> {
        match self {
            Self::Set => first::<Set>(object),
            Self::Part => first::<Part>(object),
            Self::Group => first::<Group>(object),
            Self::Criterion => first::<Criterion>(object),
            Self::Choice => first::<Choice>(object),
        }
    }
}

fn first<T: DeserializeOwned>(object: &Value) -> Option<(Option<String>, String)> {
    let error = serde_path_to_error::deserialize::<_, T>(object.clone()).err()?;
    let member = error.path().iter().next().map(ToString::to_string).filter(|member| member != "?");
    Some((member, error.inner().to_string()))
}

/// Tells what of an object cannot be read and puts something readable in its place, so that the rest can be read.
fn mend(value: &mut Value, level: Level, place: &str, faults: &mut Vec<Fault>) {
    let Value::Object(members) = value else {
        faults.push(wrong(place.to_owned(), value, ""));
        *value = sample(level);
        return;
    };
    let deeper = level.deeper().map(|(name, level)| (name, level, members.insert(name.to_owned(), json!([]))));
    let mut own = Value::Object(std::mem::take(members));
    // A member that is named by a fault is mended, so that each turn leaves one fewer.
    while let Some((member, words)) = level.unreadable(&own) {
        let Value::Object(members) = &mut own else { break };
        if !mend_member(members, level, place, (member, &words), faults) {
            *members = sample(level).as_object().cloned().unwrap_or_default();
        }
    }
    if let (Some((name, level, held)), Value::Object(members)) = (deeper, &mut own) {
        let at = format!("{place}/{name}");
        match held {
            Some(Value::Array(mut held)) => {
                for (index, value) in held.iter_mut().enumerate() {
                    mend(value, level, &format!("{at}/{index}"), faults);
                }
                members.insert(name.to_owned(), Value::Array(held));
            }
            Some(held) => faults.push(wrong(at, &held, "")),
            None => faults.push(missing(place, name)),
        }
    }
    *value = own;
}

/// Whether the fault was of a member that could be mended.
fn mend_member(
    members: &mut Map<String, Value>,
    level: Level,
    place: &str,
    (member, words): (Option<String>, &str),
    faults: &mut Vec<Fault>,
) -> bool {
    let sample = sample(level);
    let named = |prefix: &str| words.strip_prefix(prefix)?.split('`').nth(1).map(str::to_owned);
    if let Some(name) = named("missing field") {
        let Some(value) = sample.get(&name) else { return false };
        faults.push(missing(place, &name));
        return members.insert(name, value.clone()).is_none();
    }
    if let Some(name) = named("unknown field") {
        let detail = say(
            format!("Bộ tiêu chí không có mục “{name}” ở đây."),
            format!("A criteria set has no member \"{name}\" here."),
        );
        faults.push(Fault::new(format!("{place}/{name}"), "unknown_field", detail));
        return members.remove(&name).is_some();
    }
    let Some((name, held)) = member.and_then(|name| Some((name.clone(), members.remove(&name)?))) else {
        faults.push(Fault::new(place, "wrong_type", say("Không đọc được mục này.", "This cannot be read.")));
        return false;
    };
    faults.push(wrong(format!("{place}/{name}"), &held, words));
    if let Some(value) = sample.get(&name) {
        members.insert(name, value.clone());
    }
    true
}

fn missing(place: &str, name: &str) -> Fault {
    let detail = say("Thiếu mục này.", "This is missing.");
    Fault::new(format!("{place}/{name}"), "required", detail)
}

/// What stands there and cannot; with what may, where the reader says so.
fn wrong(pointer: String, held: &Value, words: &str) -> Fault {
    const LONGEST: usize = 60;
    let held = match held {
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
        other => other.to_string().chars().take(LONGEST).collect(),
    };
    let known = words.split_once("expected one of ").map(|(_, known)| known.replace('`', ""));
    let detail = match known {
        Some(known) => say(
            format!("Không dùng được {held}; dùng một trong: {known}."),
            format!("{held} cannot stand here; one of these can: {known}."),
        ),
        None => say(format!("Không dùng được {held} ở đây."), format!("{held} cannot stand here.")),
    };
    Fault::new(pointer, "wrong_type", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::shipped::shipped;

    fn honey() -> Value {
        static HONEY: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| {
            serde_json::to_value(shipped().unwrap().into_iter().find(|set| set.code == "mat-ong").unwrap()).unwrap()
        });
        HONEY.clone()
    }

    fn told(sent: Value) -> Vec<(String, &'static str)> {
        let error = read(sent).unwrap_err();
        let faults = &error.refusal().unwrap().faults;
        faults.iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
    }

    #[test]
    fn what_is_sound_is_read_as_it_is() {
        for set in shipped().unwrap() {
            assert_eq!(read(serde_json::to_value(&set).unwrap()).unwrap(), set);
        }
    }

    #[test]
    fn every_fault_of_shape_and_content_is_told_at_once() {
        let mut set = honey();
        set["sector"] = json!("bees");
        set["colour"] = json!("yellow");
        set["title"] = json!("");
        let part = &mut set["parts"][0];
        part["max"] = json!("35");
        part["groups"][0]["criteria"][0]["options"][0]["points"] = json!(-1);
        part["groups"][0]["criteria"][1].as_object_mut().unwrap().remove("title");
        part["groups"][0]["criteria"][1]["code"] = json!("1.1");
        part["groups"][1]["criteria"][0] = json!(7);
        set["parts"][1].as_object_mut().unwrap().remove("groups");
        let told = told(set);
        for expected in [
            ("/sector", "wrong_type"),
            ("/colour", "unknown_field"),
            ("/parts/0/max", "wrong_type"),
            ("/parts/0/groups/0/criteria/0/options/0/points", "wrong_type"),
            ("/parts/0/groups/0/criteria/1/title", "required"),
            ("/parts/0/groups/0/criteria/1/code", "repeated"),
            ("/parts/0/groups/1/criteria/0", "wrong_type"),
            ("/parts/1/groups", "required"),
        ] {
            assert!(told.iter().any(|(pointer, code)| (pointer.as_str(), *code) == expected), "{expected:?}: {told:?}");
        }
        assert!(told.iter().any(|(pointer, _)| pointer == "/title"), "{told:?}");
        let mut places: Vec<&String> = told.iter().map(|(pointer, _)| pointer).collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), told.len(), "each place is told once: {told:?}");
    }

    #[test]
    fn what_follows_from_something_unreadable_is_not_told() {
        let mut set = honey();
        set["parts"][0]["groups"][0]["criteria"][0]["max"] = json!(null);
        assert_eq!(told(set), [("/parts/0/groups/0/criteria/0/max".to_owned(), "wrong_type")]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(place in 0usize..40, value in proptest::sample::select(vec![
            json!(null), json!(1), json!(-5), json!("x"), json!([]), json!({}), json!([1]), json!({"code": 1}), json!(true),
        ])) {
            let mut set = honey();
            let mut pointers = vec![String::new()];
            let mut next = 0;
            while next < pointers.len() && pointers.len() < 400 {
                let at = pointers[next].clone();
                match set.pointer(&at) {
                    Some(Value::Object(members)) => pointers.extend(members.keys().map(|name| format!("{at}/{name}"))),
                    Some(Value::Array(held)) => pointers.extend((0..held.len().min(2)).map(|index| format!("{at}/{index}"))),
                    _ => {}
                }
                next += 1;
            }
            let place = pointers[place * pointers.len() / 40].clone();
            *set.pointer_mut(&place).unwrap() = value;
            if let Err(error) = read(set) {
                proptest::prop_assert!(error.refusal().is_some_and(|refusal| !refusal.faults.is_empty()), "{place}");
            }
        }
    }
}
