//! Parameters: what a name means is the same wherever it stands.

use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use crate::http::bounds;

/// A text parameter.
pub fn named(name: &str, place: ParameterIn, required: Required, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// The name of [`language`] among the parameters that every operation shares.
pub const LANGUAGE: &str = "AcceptLanguage";

/// The language of pages and refusals.
pub fn language() -> Parameter {
    let meaning = "The language of pages and refusals: `vi` (the usual one) or `en`.";
    named("Accept-Language", ParameterIn::Header, Required::False, meaning)
}

/// A variable part of a path.
pub fn variable(name: &str) -> Parameter {
    let meaning = match name {
        "id" => "The resource's id.",
        "code" => "The code that is printed on it, or by which it is listed.",
        "number" => "The certificate's number.",
        "gtin" => "The product's GTIN.",
        "variant" => "The variant of the product (GS1 AI 22).",
        "lot" => "The lot's code.",
        "serial" => "The serial of one thing.",
        "secret" => "The secret of the link, as it was given out.",
        _ => "As a list or a page names it.",
    };
    let mut parameter = named(name, ParameterIn::Path, Required::True, meaning);
    if name == "id" {
        let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
        parameter.schema = Some(ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into());
    }
    parameter
}

/// What the handler did not say of a query parameter: what is known of its name is the same wherever it stands.
pub fn complete(parameter: &mut Parameter) {
    let known: &[&str] = match parameter.name.as_str() {
        "explain" => &["actions"],
        "format" => &["svg", "png"],
        "layout" => &["a4", "roll"],
        _ => &[],
    };
    if !known.is_empty() {
        let one_of = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(known.iter().copied()));
        parameter.schema = Some(one_of.into());
    }
    if let Some(bounded) = bounds::ALL.iter().find(|bounded| bounded.name == parameter.name) {
        let whole = ObjectBuilder::new().schema_type(Type::Integer);
        let whole = whole.minimum(Some(bounded.least)).maximum(Some(bounded.most));
        parameter.schema = Some(whole.default(bounded.usual.map(Into::into)).into());
    }
    let meaning = match parameter.name.as_str() {
        "after" => "The `next` of the page before.",
        "attempt" => "Which attempt; the one that was concluded if not given.",
        "council_id" => "Only what belongs to this council.",
        "cycle_id" => "Only what belongs to this cycle.",
        "agenda_item_id" => "Only what belongs to this agenda item.",
        "dossier_id" => "Only what belongs to this dossier.",
        "edition" => "The edition of the procedure.",
        "expiring_before" => "Only what is valid and ends before this day.",
        "from" => "The first serial of the range.",
        "kind" => "Only this kind.",
        "level" => "Only units of this level.",
        "limit" => "How many items at most.",
        "on" => "The day as of which is asked; today if not given.",
        "ended" => "Only accounts that have ended, or only those that have not.",
        "page" => "Which page.",
        "producer_id" => "Only what belongs to this producer.",
        "product_id" => "Only what belongs to this product.",
        "q" => "Words to search for, with or without diacritics.",
        "role" => "Only accounts with this role.",
        "size" => "The large size if not given.",
        "size_mm" => "The side of the QR without its quiet zone, in millimetres.",
        "state" => "Only what is in this state.",
        "to" => "The last serial of the range.",
        "unit_code" => "A district or commune.",
        "version" => "The newest if not given.",
        "year" => "Only what belongs to this year.",
        _ => return,
    };
    parameter.description.get_or_insert_with(|| meaning.to_owned());
}
