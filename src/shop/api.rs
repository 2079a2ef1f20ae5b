//! `/shops`.

use actix_web::{get, patch, post, put};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Territory, Work};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{ProductId, ShopId};
use crate::base::{Day, Error, Moment, Result, UnitCode, say};
use crate::http::{Answer, At, ListParameters, Page, Problem, Refusals};
use crate::place::{self, Place};
use crate::producer::rules::unknown_commune;
use crate::shop::rules::{ShopChange, ShopForm, ShopProducts};
use crate::shop::store::{self, Filter, Shop};

/// Who enters and changes shops.
const OFFICERS: &[Role] = &[Role::DistrictOfficer, Role::ProvincialOfficer];

/// A point of sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopAnswer {
    id: ShopId,
    version: i32,
    name: String,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    address: String,
    phone: Option<String>,
    opened_on: Day,
    closed_on: Option<Day>,
    /// What it sells.
    product_ids: Vec<ProductId>,
    created_at: Moment,
}

impl ShopAnswer {
    fn new(shop: Shop, product_ids: Vec<ProductId>) -> Self {
        Self {
            id: shop.id,
            version: shop.version,
            name: shop.name,
            commune_code: shop.commune_code,
            district_code: shop.district_code,
            address: shop.address,
            phone: shop.phone,
            opened_on: shop.opened_on,
            closed_on: shop.closed_on,
            product_ids,
            created_at: shop.created_at,
        }
    }
}

/// The shops with what they sell.
fn shown(work: &mut Work, shops: Vec<Shop>) -> Result<Vec<ShopAnswer>> {
    let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
    let mut sold = store::sold_in(work.connection, &ids)?;
    let answer = |shop: Shop| {
        let product_ids = sold.remove(&shop.id).unwrap_or_default();
        ShopAnswer::new(shop, product_ids)
    };
    Ok(shops.into_iter().map(answer).collect())
}

/// The shop as it is now, with what it sells.
fn present(work: &mut Work, id: ShopId) -> Result<Answer> {
    let shop = find(work, id)?;
    let product_ids = store::sold_in(work.connection, &[id])?.remove(&id).unwrap_or_default();
    Answer::resource(shop.version, ShopAnswer::new(shop, product_ids))
}

/// Enters a point of sale (the district in the district, the provincial office anywhere).
#[utoipa::path(tag = "shops", request_body = ShopForm, responses((status = 201, body = ShopAnswer), Refusals))]
#[post("/shops")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(OFFICERS)?;
            work.begin()?;
            let form = work.body()?;
            let shop = enter(work, form)?;
            Ok(Answer::created(format!("/api/v1/shops/{}", shop.id), 1, ShopAnswer::new(shop, Vec::new()))?)
        })
        .await
}

/// Checks a form and enters the shop.
pub fn enter(work: &mut Work, form: ShopForm) -> Result<Shop> {
    let place = checked(work, &form, None)?;
    let id = store::insert(work.connection, form, place, work.now)?;
    work.record(entry(id, 1, "create"))?;
    find(work, id)
}

/// Holds a form against the rules and finds its place, which must be the officer's. A shop that stays where it is may
/// be of a commune that has been merged since.
fn checked(work: &mut Work, form: &ShopForm, present: Option<&Shop>) -> Result<Place> {
    form.check()?;
    if let Some(present) = present.filter(|present| present.commune_code == form.commune_code) {
        return Ok(present.place());
    }
    let place = place::store::commune(work.connection, &form.commune_code, work.now.day())?
        .ok_or_else(|| unknown_commune("/commune_code"))?;
    must_hold(work, &place)?;
    Ok(place)
}

/// 403 for a shop of another district: shops are public, so this gives nothing away.
fn must_hold(work: &Work, place: &Place) -> Result<()> {
    let holds = match work.actor.territory() {
        Territory::Province => true,
        Territory::District(code) => place.district.as_ref() == Some(&code),
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => false,
    };
    if holds {
        return Ok(());
    }
    Err(Error::forbidden(say("Điểm bán hàng này ngoài địa bàn của bạn.", "This shop lies outside your territory.")))
}

fn find(work: &mut Work, id: ShopId) -> Result<Shop> {
    store::find(work.connection, id)?.ok_or_else(Error::unknown)
}

fn entry<'a>(id: ShopId, version: i32, verb: &'a str) -> Entry<'a, crate::base::id::of::Shop> {
    Entry { resource: Resource::Shop, id, version, account: None, verb, from: None, to: None, note: None }
}

/// Points of sale by name.
#[utoipa::path(tag = "shops", params(ListParameters), responses((status = 200, body = Page<ShopAnswer>), Refusals))]
#[get("/shops")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                unit: query.take("unit_code"),
                search: query.search(),
                open_on: None,
                sells: query.take("product_id"),
                after: paging.after.clone(),
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &filter)?;
            let (shops, next) = paging.cut(found, |shop| (shop.folded.clone(), shop.id))?;
            Ok(Answer::page(shown(work, shops)?, next)?)
        })
        .await
}

/// One point of sale.
#[utoipa::path(tag = "shops", responses((status = 200, body = ShopAnswer), Refusals))]
#[get("/shops/{id}")]
pub async fn read(caller: Caller, id: At<ShopId>) -> Result<Answer, Problem> {
    caller.read(|work| Ok(present(work, id.get()?)?)).await
}

/// Changes or closes a point of sale.
#[utoipa::path(tag = "shops", request_body = ShopChange, responses((status = 200, body = ShopAnswer), Refusals))]
#[patch("/shops/{id}")]
pub async fn change(caller: Caller, id: At<ShopId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let shop = find(work, id.get()?)?;
            work.must_be(OFFICERS)?;
            must_hold(work, &shop.place())?;
            work.begin_at(shop.version)?;
            let form = work.body::<ShopChange>()?.applied_to(shop.form());
            let place = checked(work, &form, Some(&shop))?;
            let version = store::update(work.connection, &shop, form, place)?;
            work.record(entry(shop.id, version, "change"))?;
            Ok(present(work, shop.id)?)
        })
        .await
}

/// Says what a point of sale sells, all of it.
#[utoipa::path(tag = "shops", request_body = ShopProducts, responses((status = 200, body = ShopAnswer), Refusals))]
#[put("/shops/{id}/products")]
pub async fn set_products(caller: Caller, id: At<ShopId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let shop = find(work, id.get()?)?;
            work.must_be(OFFICERS)?;
            must_hold(work, &shop.place())?;
            work.begin_at(shop.version)?;
            let form = work.body()?;
            stock(work, &shop, &form)?;
            Ok(present(work, shop.id)?)
        })
        .await
}

/// Holds what a shop is to sell against the products there are, and sets it.
pub fn stock(work: &mut Work, shop: &Shop, form: &ShopProducts) -> Result<()> {
    let known = store::known_products(work.connection, &form.product_ids)?;
    let version = store::set_products(work.connection, shop, &form.checked(&known)?)?;
    work.record(entry(shop.id, version, "products"))
}

/// What happened to a point of sale.
#[utoipa::path(tag = "shops", responses((status = 200, body = Page<History>), Refusals))]
#[get("/shops/{id}/history")]
pub async fn history(caller: Caller, id: At<ShopId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let shop = find(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Shop, shop.id)?)
        })
        .await
}
