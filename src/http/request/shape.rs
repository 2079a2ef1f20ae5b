//! What of a body does not have the shape of its form: all of it at once, each at its own place and in our own words. The form's
//! schema is asked, which is the one in the OpenAPI document; what the schema cannot say, the form's own reader has refused.

use std::any::type_name;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Message, Result, say, text};

/// So many faults are told: who sends more has sent something else.
const MOST_FAULTS: usize = 100;
/// So many choices are named.
const MOST_CHOICES: usize = 20;

/// Every fault of shape, the first of each place. None where the value has the shape of the schema. Asked only for what could not
/// be read.
pub fn faults<T: ToSchema>(value: &Value) -> Result<Vec<Fault>> {
    let mut faults: Vec<Fault> = Vec::new();
    for error in validator::<T>()?.iter_errors(value) {
        for fault in told(&error, value) {
            if faults.len() < MOST_FAULTS && faults.iter().all(|known| known.pointer != fault.pointer) {
                faults.push(fault);
            }
        }
    }
    Ok(faults)
}

/// What holds values against the schema of a form. It takes milliseconds to make, which a crowd that sends nonsense must not cost
/// each time, so that each is made once.
fn validator<T: ToSchema>() -> Result<Arc<Validator>> {
    static MADE: LazyLock<RwLock<HashMap<&'static str, Arc<Validator>>>> = LazyLock::new(RwLock::default);
    let form = type_name::<T>();
    if let Some(made) = MADE.read().unwrap_or_else(PoisonError::into_inner).get(form) {
        return Ok(Arc::clone(made));
    }
    let made = Arc::new(made::<T>()?);
    MADE.write().unwrap_or_else(PoisonError::into_inner).insert(form, Arc::clone(&made));
    Ok(made)
}

fn made<T: ToSchema>() -> Result<Validator> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let named: serde_json::Map<String, Value> = named
        .into_iter()
        .map(|(name, schema)| Ok((name, serde_json::to_value(schema)?)))
        .collect::<serde_json::Result<_>>()
        .map_err(Error::internal)?;
    let own = serde_json::to_value(T::schema()).map_err(Error::internal)?;
    let schema = json!({"allOf": [own], "components": {"schemas": named}});
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| Error::internal(format!("the schema of a form: {error}")))
}

/// Makes null of every empty text in a member that can be empty; a fault for each null in one that cannot.
pub fn clear<T: ToSchema>(value: &mut Value) -> Result<Vec<Fault>> {
    let schema = serde_json::to_value(T::schema()).map_err(Error::internal)?;
    let mut faults = Vec::new();
    for (name, member) in value.as_object_mut().into_iter().flatten() {
        let Some(member_schema) = schema.get("properties").and_then(|properties| properties.get(name)) else {
            continue;
        };
        let can_be_empty = takes_null(member_schema);
        if can_be_empty && member.as_str().is_some_and(text::is_blank) {
            *member = Value::Null;
        } else if !can_be_empty && member.is_null() {
            faults.push(missing(format!("/{name}")));
        }
    }
    Ok(faults)
}

fn takes_null(schema: &Value) -> bool {
    let is_null =
        |kind: &Value| kind == "null" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    let choices = ["oneOf", "anyOf"].into_iter().filter_map(|choice| schema.get(choice)?.as_array());
    schema.get("type").is_some_and(is_null) || choices.flatten().any(takes_null)
}

fn told(error: &ValidationError, sent: &Value) -> Vec<Fault> {
    let place = error.instance_path().to_string();
    let below = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    let one = |code, detail| vec![Fault::new(place.clone(), code, detail)];
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            vec![missing(below(property.as_str().unwrap_or_default()))]
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|name| unknown(below(name))).collect()
        }
        // A form that takes nothing: the error names the form, and which member is known from what was sent.
        ValidationErrorKind::FalseSchema => {
            let members = sent.pointer(&place).and_then(Value::as_object);
            members.into_iter().flat_map(serde_json::Map::keys).map(|name| unknown(below(name))).collect()
        }
        // Nothing where something is needed.
        _ if error.instance().is_null() => vec![missing(place)],
        ValidationErrorKind::Type { kind } => one("wrong_type", expected(kind)),
        ValidationErrorKind::Enum { options } => one("wrong_type", one_of(options)),
        ValidationErrorKind::Format { format } => one("wrong_type", formatted(format)),
        ValidationErrorKind::Minimum { limit } | ValidationErrorKind::ExclusiveMinimum { limit } => {
            one("out_of_range", say(format!("Nhỏ nhất là {limit}."), format!("{limit} is the least.")))
        }
        ValidationErrorKind::Maximum { limit } | ValidationErrorKind::ExclusiveMaximum { limit } => {
            one("out_of_range", say(format!("Lớn nhất là {limit}."), format!("{limit} is the most.")))
        }
        ValidationErrorKind::MaxItems { limit } => {
            one("too_many", say(format!("Nhiều nhất {limit} mục."), format!("{limit} at most.")))
        }
        // Of a choice of shapes the first one that is not for nothing.
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let meant = context.iter().find(|errors| !errors.iter().all(expects_nothing));
            let faults: Vec<Fault> = meant.into_iter().flatten().flat_map(|error| told(error, sent)).collect();
            if faults.is_empty() { one("wrong_type", unfit()) } else { faults }
        }
        _ => one("wrong_type", unfit()),
    }
}

/// What is said of a member that is not there: Vietnamese, English.
const MISSING: (&str, &str) = ("Thiếu mục này.", "This is missing.");

fn expects_nothing(error: &ValidationError) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(kind) } if kind.to_string() == "null")
}

fn missing(place: String) -> Fault {
    Fault::new(place, "required", say(MISSING.0, MISSING.1))
}

/// Whether a fault is one of shape, told before any rule was asked: pages say it in the words of their fields.
pub fn is_of_shape(fault: &Fault) -> bool {
    matches!(fault.code, "wrong_type" | "unknown_field") || fault.code == "required" && fault.detail.en == MISSING.1
}

fn unknown(place: String) -> Fault {
    Fault::new(place, "unknown_field", say("Ở đây không có mục này.", "There is no such field here."))
}

/// What is said of a value that cannot stand where it is.
pub fn unfit() -> Message {
    say("Giá trị này không dùng được ở đây.", "This value cannot stand here.")
}

fn expected(kind: &TypeKind) -> Message {
    let name = match kind {
        TypeKind::Single(kind) => kind.to_string(),
        // The kind of value beside the null that stands for nothing.
        TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| kind.to_string()).find(|kind| kind != "null").unwrap_or_default()
        }
    };
    match name.as_str() {
        "string" => say("Cần một chuỗi ký tự.", "A text is expected."),
        "integer" => say("Cần một số nguyên.", "A whole number is expected."),
        "number" => say("Cần một số.", "A number is expected."),
        "boolean" => say("Cần true hoặc false.", "true or false is expected."),
        "array" => say("Cần một danh sách.", "A list is expected."),
        "object" => say("Cần một đối tượng JSON.", "A JSON object is expected."),
        _ => unfit(),
    }
}

fn one_of(options: &Value) -> Message {
    let known = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let told = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut names: Vec<String> = known.iter().filter(|value| !value.is_null()).take(MOST_CHOICES).map(told).collect();
    if known.len() > MOST_CHOICES {
        names.push("…".to_owned());
    }
    let names = names.join(", ");
    say(format!("Dùng một trong: {names}."), format!("One of these can stand here: {names}."))
}

fn formatted(format: &str) -> Message {
    match format {
        "date" => say("Viết ngày như 2021-02-22.", "Write the day as 2021-02-22."),
        "date-time" => {
            say("Viết lúc nào như 2021-02-22T08:00:00+07:00.", "Write the moment as 2021-02-22T08:00:00+07:00.")
        }
        "uuid" => say("Không phải mã định danh.", "This is no id."),
        _ => unfit(),
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::base::id::IdeaId;
    use crate::base::{Day, Stars, UnitCode};

    #[derive(Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code, reason = "only its schema is asked")]
    enum Colour {
        Red,
        DarkGreen,
    }

    #[derive(Serialize, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its schema is asked")]
    struct Shelf {
        name: String,
        count: Option<i32>,
    }

    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its schema is asked")]
    struct Cupboard {
        idea: IdeaId,
        day: Day,
        #[serde(default)]
        unit: Option<UnitCode>,
        #[serde(default)]
        stars: Option<Stars>,
        colour: Colour,
        #[serde(default)]
        other: Option<Colour>,
        parts: Vec<Shelf>,
        #[serde(default)]
        part: Option<Shelf>,
        #[serde(default)]
        is_so: bool,
    }

    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    #[derive(Default, Serialize, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields, default)]
    #[allow(dead_code, reason = "only its schema is asked")]
    struct CupboardChange {
        #[schema(nullable = false)]
        name: Option<String>,
        #[schema(nullable = false)]
        colour: Option<Colour>,
        #[schema(value_type = Option<String>)]
        note: Option<Option<String>>,
        #[schema(value_type = Option<Colour>)]
        other: Option<Option<Colour>>,
        #[schema(value_type = Option<Vec<Shelf>>)]
        parts: Option<Option<Vec<Shelf>>>,
    }

    #[test]
    fn an_empty_text_clears_what_can_be_empty_and_null_nothing_else() {
        let mut value = json!({"name": "", "colour": null, "note": " ", "other": "", "parts": null, "size": null});
        let faults = clear::<CupboardChange>(&mut value).unwrap();
        assert_eq!(
            faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect::<Vec<_>>(),
            [("/colour", "required")]
        );
        assert_eq!(
            value,
            json!({"name": "", "colour": null, "note": null, "other": null, "parts": null, "size": null})
        );
    }

    fn told(value: Value) -> Vec<(String, &'static str)> {
        let mut told: Vec<(String, &'static str)> =
            faults::<Cupboard>(&value).unwrap().into_iter().map(|fault| (fault.pointer, fault.code)).collect();
        told.sort();
        told
    }

    #[test]
    fn every_fault_is_told_at_its_own_place() {
        let id = IdeaId::new().to_string();
        let sound = json!({"idea": id, "day": "2021-02-22", "unit": null, "stars": 3, "colour": "dark_green",
            "parts": [{"name": "a"}, {"name": "b", "count": 2}], "part": {"name": "c"}});
        assert_eq!(told(sound), []);
        let place = |place: &str, code| (place.to_owned(), code);
        let all: Vec<_> = ["/colour", "/day", "/idea", "/parts"].map(|name| place(name, "required")).into();
        assert_eq!(told(json!({})), all);
        let wrong = json!({"idea": "x", "day": "22/02/2021", "stars": "three", "colour": "blue", "other": "blue",
            "parts": [{"name": 1}, {"count": "2", "size": 1}, 3], "part": {"nam": "c"}, "is_so": null, "a/b": 1});
        assert_eq!(
            told(wrong),
            [
                place("/a~1b", "unknown_field"),
                place("/colour", "wrong_type"),
                place("/day", "wrong_type"),
                place("/idea", "wrong_type"),
                place("/is_so", "required"),
                place("/other", "wrong_type"),
                place("/part/nam", "unknown_field"),
                place("/part/name", "required"),
                place("/parts/0/name", "wrong_type"),
                place("/parts/1/count", "wrong_type"),
                place("/parts/1/name", "required"),
                place("/parts/1/size", "unknown_field"),
                place("/parts/2", "wrong_type"),
                place("/stars", "wrong_type"),
            ]
        );
        let many = json!({"parts": vec![json!({}); 500]});
        assert_eq!(faults::<Cupboard>(&many).unwrap().len(), MOST_FAULTS);
    }

    #[test]
    fn a_schema_is_made_ready_once() {
        assert!(Arc::ptr_eq(&validator::<Cupboard>().unwrap(), &validator::<Cupboard>().unwrap()));
        assert!(!Arc::ptr_eq(&validator::<Cupboard>().unwrap(), &validator::<Shelf>().unwrap()));
    }

    #[test]
    fn a_form_that_takes_nothing_says_what_it_does_not_take() {
        let faults = faults::<Nothing>(&json!({"a": 1, "b": {}})).unwrap();
        let told: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(told, [("/a", "unknown_field"), ("/b", "unknown_field")]);
    }

    #[test]
    fn what_may_stand_there_is_told_in_both_languages() {
        let told = |value: Value, place: &str| {
            let faults = faults::<Cupboard>(&value).unwrap();
            let fault = faults.into_iter().find(|fault| fault.pointer == place).unwrap();
            (fault.detail.vi.into_owned(), fault.detail.en.into_owned())
        };
        assert_eq!(told(json!({"colour": "x"}), "/colour").1, "One of these can stand here: red, dark_green.");
        assert_eq!(told(json!({"day": "x"}), "/day").0, "Viết ngày như 2021-02-22.");
        assert_eq!(told(json!({"parts": 1}), "/parts").1, "A list is expected.");
    }
}
