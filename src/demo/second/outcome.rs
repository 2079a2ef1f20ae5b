//! What follows the results of round 1: an appeal and its answer, what the centre gave, where the products are sold.

use crate::base::id::AgendaItemId;
use crate::base::{Error, Result, Stars};
use crate::decision::form::DecisionForm;
use crate::decision::rules::Kind as DecisionKind;
use crate::demo::councils;
use crate::demo::second::cast::Cast;
use crate::demo::second::products::Entrant;
use crate::demo::stage::{Stage, day, moment};
use crate::rating::agenda::lodging::{APPEAL, AppealForm};
use crate::rating::appeal;
use crate::shop;
use crate::shop::rules::{ShopForm, ShopProducts};
use crate::station::{Order, Reason, apply, apply_creation};

/// The producer does not agree; the office answers within days.
pub fn appealed(stage: &mut Stage, cast: &Cast, entrant: &Entrant, item: AgendaItemId) -> Result<()> {
    let form = AppealForm {
        grounds: "Đề nghị xem lại tiêu chí chưa đạt: đã nộp hợp đồng bổ sung ngày 20/6.".into()
    };
    let work = &mut stage.work(&entrant.producer.actor, moment("2026-07-02", 0)?);
    let id = apply(work, &APPEAL, &item, Order::given(form))?;
    let answer = "Hợp đồng bổ sung chưa có hiệu lực tại ngày chấm; sản phẩm có thể đăng ký đợt sau.";
    let work = &mut stage.work(&cast.office, moment("2026-07-09", 0)?);
    apply(work, &appeal::steps::DISMISS, &id, Order::given(Reason::new(Some(answer.into()))?))
}

/// The ministry gave five stars in the round that ends in September.
pub fn given_by_centre(stage: &mut Stage, cast: &Cast, item: AgendaItemId) -> Result<()> {
    let form = DecisionForm {
        agenda_item_ids: vec![item],
        stars: Some(Stars::new(5).ok_or_else(|| Error::internal("five stars there are not"))?),
        ..DecisionForm::blank(DecisionKind::CentreResult, cast.province.unit.clone())
    };
    let draft = councils::decision_drafted(stage, &cast.office, form, moment("2026-09-07", 0)?)?;
    councils::promulgated(stage, &cast.signatory, draft, "3205/QĐ-BNNMT", moment("2026-09-08", 0)?)
}

/// Points of sale in the communes of producers, one of which closed again; each sells what round 1 rated.
pub fn shops(stage: &mut Stage, cast: &Cast, entrants: &[Entrant]) -> Result<()> {
    let products: Vec<_> = entrants.iter().take(2).map(|entrant| entrant.product).collect();
    for (entrant, closed_on) in entrants.iter().zip([None, None, None, Some("2026-08-31")]) {
        let commune = &entrant.producer.commune;
        let name = crate::place::store::name(stage.connection, commune, day("2026-08-03")?)?;
        let form = ShopForm {
            name: format!("Điểm bán hàng OCOP {name}"),
            commune_code: commune.clone(),
            address: format!("Chợ trung tâm {name}"),
            phone: None,
            opened_on: day("2026-08-03")?,
            closed_on: closed_on.map(day).transpose()?,
        };
        let work = &mut stage.work(&cast.office, moment("2026-09-01", 0)?);
        let shop = apply_creation(work, &shop::steps::CREATE, form)?;
        let order = Order::given(ShopProducts { product_ids: products.clone() });
        apply(&mut stage.work(&cast.office, moment("2026-09-01", 10)?), &shop::steps::PRODUCTS, &shop, order)?;
    }
    Ok(())
}
