//! `/products`: the catalogue as a page, searched and filtered by a form that works without scripts.

use actix_web::{HttpResponse, get};
use askama::Template;
use strum::IntoEnumIterator;

use crate::base::id::ProductId;
use crate::base::{Day, Error, Result, Stars};
use crate::criteria::Sector;
use crate::cycle::{Edition, EditionCode};
use crate::db::AnyConnection;
use crate::http::{Problem, Refusals, Visitor, bounds};
use crate::page::{Frame, Section, kept, texts, words};
use crate::site::catalogue::card::{Around, Card, cards};
use crate::site::catalogue::store::{self, ProductSelection};
use crate::site::figures::rules::awarded;
use crate::site::form::{Asked, Choice, ChoiceGroup, Given, LONGEST, Pages, unit_choices};
use crate::site::names::Names;
use crate::site::rules::State;
use crate::site::search::Search;
use crate::site::words::told;

const PATH: &str = "/products";

/// What only the catalogue is asked for.
struct Own {
    sector: Option<Sector>,
    stars: Option<Stars>,
    state: Option<State>,
}

impl Own {
    fn read(given: &mut Given) -> Self {
        Self {
            sector: given.choice("group"),
            stars: given.number(bounds::STARS).and_then(Stars::new),
            state: given.choice("state"),
        }
    }

    fn filter(&self, asked: &Asked, names: &Names) -> ProductSelection {
        ProductSelection {
            unit: asked.unit.clone(),
            criteria_sets: self.sector.map(|sector| names.criteria_sets(sector)),
            stars: self.stars,
            state: self.state,
            but_revoked: self.state.is_none(),
            search: Search::read(&asked.text),
            ..Default::default()
        }
    }
}

#[derive(Template)]
#[template(path = "products.html")]
struct ProductsPage {
    frame: Frame,
    t: &'static texts::Catalogue,
    text: String,
    units: Vec<ChoiceGroup>,
    sectors: Vec<Choice>,
    stars: Vec<Choice>,
    states: Vec<Choice>,
    found: String,
    /// Which products are shown, by their state.
    scope: &'static str,
    cards: Vec<Card>,
    pages: Option<Pages>,
    page: usize,
    /// Whether something was asked for that could be left out.
    is_narrowed: bool,
}

/// The catalogue: products that take part, certified or not.
#[utoipa::path(
    tag = "pages",
    security(()),
    params(
        ("q" = Option<String>, Query, description = "Words, each in the name or code of the product, or in the name of its producer or its place"),
        ("unit_code" = Option<String>, Query, description = "A district or commune"),
        ("group" = Option<Sector>, Query, description = "A group of products"),
        ("stars" = Option<i32>, Query, description = "So many stars today"),
        ("state" = Option<State>, Query, description = "Without it, all but those whose recognition was revoked"),
        ("page" = Option<i64>, Query),
    ),
    responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/products")]
pub async fn show(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let (asked, own) = Asked::read(PATH, request.query(), Own::read)?;
    let frame = asked.framed(Frame::new(&app, &request, Section::Products));
    let today = app.clock.now().day();
    let page = app.database.read(move |connection| filled(connection, frame, asked, &own, today)).await?;
    let html = page.render().map_err(Error::internal)?;
    Ok(kept(&request, &page.frame, html))
}

fn filled(connection: &mut AnyConnection, frame: Frame, asked: Asked, own: &Own, today: Day) -> Result<ProductsPage> {
    let (texts, language) = (frame.texts, frame.language);
    let t = &texts.catalogue;
    let names = Names::read(connection, today)?;
    let found = store::find(connection, today, &own.filter(&asked, &names), &names.places)?;
    let found: Vec<ProductId> = found.into_iter().map(|found| found.id).collect();
    let cut = asked.cut(found.len())?;
    let around = Around { texts, names: &names };
    let count = i64::try_from(found.len()).map_err(Error::internal)?;
    let chosen_stars = own.stars.map(|stars| stars.get().to_string());
    let editions: Vec<Edition> = EditionCode::iter().map(EditionCode::edition).collect::<Result<_>>()?;
    let used = store::places_in_use(connection)?;
    Ok(ProductsPage {
        cards: cards(connection, cut.of(&found), &around)?,
        units: unit_choices(&used, asked.unit.as_ref(), &names.places, today, t.whole_district, t.no_district),
        sectors: Sector::iter()
            .map(|sector| {
                let chosen = own.sector.as_ref().map(AsRef::as_ref);
                Choice::new(sector.as_ref(), sector.told(&texts.sectors), chosen)
            })
            .collect(),
        stars: awarded(&editions)
            .into_iter()
            .map(|stars| Choice::new(stars.get().to_string(), frame.stars(&stars), chosen_stars.as_deref()))
            .collect(),
        states: State::iter()
            .map(|state| {
                let chosen = own.state.as_ref().map(AsRef::as_ref);
                Choice::new(state.as_ref(), told(state, &texts.states), chosen)
            })
            .collect(),
        found: (t.found)(count, &words::number(language, count)),
        scope: match own.state {
            None => t.all_but_revoked,
            Some(State::Certified) => t.only_certified,
            Some(State::Expired) => t.only_expired,
            Some(State::Revoked) => t.only_revoked,
            Some(State::Participating) => t.only_participating,
        },
        pages: asked.pages(cut),
        page: asked.page,
        is_narrowed: asked.is_narrowed(),
        text: asked.text,
        t,
        frame,
    })
}
