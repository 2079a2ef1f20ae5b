//! The steps of holds: placed and lifted by inspectors and the provincial office.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Home, Role, Work};
use crate::base::id::{HoldId, LotId, ProductId};
use crate::base::{Error, Faults, Result, say, text};
use crate::hold::Hold;
use crate::hold::rules::State;
use crate::hold::store::{self, Held};
use crate::station::{By, Creation, Note, Offer, Taken, Verb, label, plain_forms};
use crate::{lot, product};

/// A new hold, on a product or on a lot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    #[serde(default)]
    pub product_id: Option<ProductId>,
    #[serde(default)]
    pub lot_id: Option<LotId>,
    pub reason: String,
}

plain_forms!(HoldForm);

const HOLDERS: By = By::Roles(&[Role::Inspector, Role::ProvincialOfficer]);

/// Places a hold on a product or a lot.
pub static CREATE: Creation<Hold, HoldForm> =
    Creation::new(label("Tạm đình chỉ lưu hành", "Place a hold"), HOLDERS, place);

/// Lifts a hold.
pub static LIFT: Verb<Hold, Note> = Verb::new("lift", label("Bỏ tạm đình chỉ", "Lift the hold"), HOLDERS, lift)
    .open(|_, hold| hold.state.lift().map(drop));

pub static VERBS: &[&dyn Offer<Hold>] = &[&LIFT];

fn place(work: &mut Work, form: HoldForm) -> Result<(HoldId, Taken)> {
    let mut faults = Vec::new();
    text::check(&form.reason, "/reason", 2000, &mut faults);
    faults.into_result()?;
    let (held, home) = held(work, &form)?;
    let id = store::insert(work.connection, held, home, &form.reason, work.actor.id, work.now)?;
    Ok((id, Taken::to(State::Active).with_note(Some(form.reason))))
}

/// What is to be held, and where it belongs.
fn held(work: &mut Work, form: &HoldForm) -> Result<(Held, Home)> {
    match (form.product_id, form.lot_id) {
        (Some(id), None) => {
            let product = product::store::find(work.connection, id)?;
            let home = product.map(|product| product.home()).filter(|home| work.actor.sees(home));
            let detail = say("Không có sản phẩm này.", "There is no such product.");
            Ok((Held::Product(id), home.ok_or_else(|| Error::invalid("/product_id", "unknown_product", detail))?))
        }
        (None, Some(id)) => {
            let lot = lot::store::find(work.connection, id)?;
            let home = lot.map(|lot| lot.home()).filter(|home| work.actor.sees(home));
            let detail = say("Không có lô này.", "There is no such lot.");
            Ok((Held::Lot(id), home.ok_or_else(|| Error::invalid("/lot_id", "unknown_lot", detail))?))
        }
        _ => Err(Error::invalid(
            "",
            "one_of_two",
            say("Chọn đúng một: sản phẩm hoặc lô hàng.", "Choose exactly one: a product or a lot."),
        )),
    }
}

fn lift(work: &mut Work, hold: &Hold, note: Note) -> Result<Taken> {
    let state = hold.state.lift()?;
    store::lift(work.connection, hold.id, state, work.now)?;
    Ok(Taken::to(state).with_note(note.note))
}
