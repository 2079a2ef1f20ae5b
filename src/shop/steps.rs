//! The steps of points of sale: entered, changed, stocked by the district in the district and by the provincial office
//! anywhere.

use crate::account::{Actor, Asker, Role, Territory, Work};
use crate::base::id::ShopId;
use crate::base::{Error, Result, say};
use crate::place::{self, Place};
use crate::producer::rules::unknown_commune;
use crate::product;
use crate::shop::Shop;
use crate::shop::rules::{ShopChange, ShopForm, ShopProducts};
use crate::shop::store;
use crate::station::{By, Creation, Label, Offer, Taken, Verb, label, patch_forms, plain_forms};

plain_forms!(ShopForm, ShopProducts);
patch_forms!(ShopChange);

const OFFICERS: &[Role] = &[Role::DistrictOfficer, Role::ProvincialOfficer];
const IN_THE_TERRITORY: Label = label("trong địa bàn của mình", "in the own territory");

/// Enters a point of sale.
pub static CREATE: Creation<Shop, ShopForm> =
    Creation::new(label("Thêm điểm bán hàng", "Enter a point of sale"), By::Some(OFFICERS, IN_THE_TERRITORY), enter);

/// Changes or closes a point of sale.
pub static CHANGE: Verb<Shop, ShopChange> = Verb::new(
    "change",
    label("Sửa điểm bán hàng", "Change the point of sale"),
    By::Some(OFFICERS, IN_THE_TERRITORY),
    change,
)
.right(must_hold);

/// Says what a point of sale sells, all of it.
pub static PRODUCTS: Verb<Shop, ShopProducts> = Verb::new(
    "products",
    label("Ghi sản phẩm đang bán", "Say what it sells"),
    By::Some(OFFICERS, IN_THE_TERRITORY),
    stock,
)
.right(must_hold);

pub static VERBS: &[&dyn Offer<Shop>] = &[&CHANGE, &PRODUCTS];

fn enter(work: &mut Work, form: ShopForm) -> Result<(ShopId, Taken)> {
    let place = checked(work, &form, None)?;
    let id = store::insert(work.connection, form, place, work.now)?;
    Ok((id, Taken::stayed()))
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
    must_lie_in_territory(&work.actor, &place)?;
    Ok(place)
}

fn must_hold(asker: Asker, shop: &Shop) -> Result<()> {
    must_lie_in_territory(asker.actor, &shop.place())
}

/// 403 for a shop of another district: shops are public, so this gives nothing away.
fn must_lie_in_territory(actor: &Actor, place: &Place) -> Result<()> {
    let holds = match actor.territory() {
        Territory::Province => true,
        Territory::District(code) => place.district.as_ref() == Some(&code),
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => false,
    };
    if holds {
        return Ok(());
    }
    Err(Error::forbidden(say("Điểm bán hàng này ngoài địa bàn của bạn.", "This shop lies outside your territory.")))
}

fn change(work: &mut Work, shop: &Shop, change: ShopChange) -> Result<Taken> {
    let form = change.applied_to(shop.form());
    if form == shop.form() {
        return Ok(Taken::unchanged());
    }
    let place = checked(work, &form, Some(shop))?;
    store::update(work.connection, shop, form, place)?;
    Ok(Taken::stayed())
}

/// Every product that is named must exist.
fn stock(work: &mut Work, shop: &Shop, form: ShopProducts) -> Result<Taken> {
    let known = product::store::known(work.connection, &form.product_ids)?;
    store::set_products(work.connection, shop, &form.checked(&known)?)?;
    Ok(Taken::stayed())
}
