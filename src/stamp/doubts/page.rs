//! The form of a doubt on a page, empty or as it came back.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::base::error::Refusal;
use crate::base::{Error, Result};
use crate::http::Language;
use crate::page::{Frame, fresh};
use crate::privacy::consent::ConsentText;

/// What stands in the form, and what is wrong with it.
#[derive(Debug)]
pub struct DoubtFields<'a> {
    pub code: &'a str,
    pub text: &'a str,
    pub contact: &'a str,
    /// What is agreed to, its version, and whether the box is ticked.
    pub consent: &'static str,
    pub version: i32,
    pub is_agreed: bool,
    /// The field and what is wrong with it.
    pub faults: Vec<(String, String)>,
}

impl<'a> DoubtFields<'a> {
    /// The form as it stands under a stamp: nobody has agreed to anything yet.
    pub fn empty(code: &'a str, consent: &'static ConsentText, language: Language) -> Self {
        let (consent, version) = (language.pick(&consent.text), consent.version);
        Self { code, text: "", contact: "", consent, version, is_agreed: false, faults: Vec::new() }
    }

    pub fn faults_of(&self, field: &str) -> impl Iterator<Item = &str> {
        self.faults.iter().filter(move |(at, _)| at == field).map(|(_, fault)| fault.as_str())
    }

    pub fn is_wrong(&self, field: &str) -> bool {
        self.faults_of(field).next().is_some()
    }
}

/// The form, given back with what is wrong.
#[derive(Template)]
#[template(path = "doubt.html")]
struct DoubtPage<'a> {
    frame: Frame,
    doubt: DoubtFields<'a>,
    back: &'a str,
}

impl DoubtPage<'_> {
    /// What the form asks for in a field.
    fn label(&self, field: &str) -> &'static str {
        let texts = &self.frame.texts.doubt;
        match field {
            "contact" => texts.contact,
            "file" => texts.photo,
            "consent" => texts.consent,
            _ => texts.text,
        }
    }
}

/// Gives the form back with what was written in it. `back` leads to the stamp without counting it.
pub fn given_back(
    frame: Frame,
    status: StatusCode,
    refusal: &Refusal,
    written: DoubtFields,
    back: &str,
) -> Result<HttpResponse> {
    let field = |pointer: &str| match pointer.trim_start_matches('/').split('/').next().unwrap_or_default() {
        known @ ("text" | "contact" | "file" | "consent") => known.to_owned(),
        _ => "text".to_owned(),
    };
    let told = |message| frame.language.pick(message).to_owned();
    let faults = if refusal.faults.is_empty() {
        vec![("text".to_owned(), told(&refusal.detail))]
    } else {
        refusal.faults.iter().map(|fault| (field(&fault.pointer), told(&fault.detail))).collect()
    };
    let page = DoubtPage { doubt: DoubtFields { faults, ..written }, back, frame: frame.switched(back) };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, status, html))
}
