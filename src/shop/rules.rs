//! What is asked of a point of sale, and of what it sells.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::id::ProductId;
use crate::base::{Day, Fault, Faults, Result, UnitCode, say, text};
use crate::producer::rules::check_phone;

/// What a shop is entered with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShopForm {
    pub name: String,
    pub commune_code: UnitCode,
    pub address: String,
    #[serde(default)]
    pub phone: Option<String>,
    pub opened_on: Day,
    /// The last day; null while it is open.
    #[serde(default)]
    pub closed_on: Option<Day>,
}

impl ShopForm {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        text::check(&self.name, "/name", 200, &mut faults);
        text::check(&self.address, "/address", 500, &mut faults);
        if let Some(phone) = &self.phone {
            check_phone(phone, "/phone", &mut faults);
        }
        if self.closed_on.is_some_and(|closed| closed < self.opened_on) {
            faults.push(Fault::new(
                "/closed_on",
                "before_opening",
                say("Ngày đóng cửa không được trước ngày mở cửa.", "It cannot close before it opened."),
            ));
        }
        faults.into_result()
    }
}

/// What a PATCH may change; what is left out stays, null clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShopChange {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    commune_code: Option<UnitCode>,
    #[schema(nullable = false)]
    address: Option<String>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    #[schema(nullable = false)]
    opened_on: Option<Day>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Day>)]
    closed_on: Option<Option<Day>>,
}

impl ShopChange {
    pub fn applied_to(self, old: ShopForm) -> ShopForm {
        ShopForm {
            name: self.name.unwrap_or(old.name),
            commune_code: self.commune_code.unwrap_or(old.commune_code),
            address: self.address.unwrap_or(old.address),
            phone: self.phone.unwrap_or(old.phone),
            opened_on: self.opened_on.unwrap_or(old.opened_on),
            closed_on: self.closed_on.unwrap_or(old.closed_on),
        }
    }
}

/// So many products a shop may name.
const MOST_PRODUCTS: usize = 1000;

/// What a shop sells, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShopProducts {
    pub product_ids: Vec<ProductId>,
}

impl ShopProducts {
    /// The products, each of which must be among the `known` ones and named once.
    pub fn checked(&self, known: &BTreeSet<ProductId>) -> Result<BTreeSet<ProductId>> {
        let mut faults = Vec::new();
        if self.product_ids.len() > MOST_PRODUCTS {
            faults.push(Fault::new(
                "/product_ids",
                "too_many",
                say(format!("Tối đa {MOST_PRODUCTS} sản phẩm."), format!("At most {MOST_PRODUCTS} products.")),
            ));
        }
        let mut named = BTreeSet::new();
        for (id, place) in self.product_ids.iter().zip(0..) {
            let pointer = format!("/product_ids/{place}");
            if !known.contains(id) {
                let detail = say("Không có sản phẩm này.", "There is no such product.");
                faults.push(Fault::new(pointer, "unknown_product", detail));
            } else if !named.insert(*id) {
                faults.push(Fault::new(pointer, "repeated", say("Sản phẩm bị lặp.", "The product is named twice.")));
            }
        }
        faults.into_result()?;
        Ok(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_is_known_and_named_once() {
        let [rice, honey, stranger] = [ProductId::new(), ProductId::new(), ProductId::new()];
        let known = BTreeSet::from([rice, honey]);
        let checked = |ids: &[ProductId]| ShopProducts { product_ids: ids.to_vec() }.checked(&known);
        assert_eq!(checked(&[honey, rice]).unwrap(), known);
        assert!(checked(&[]).unwrap().is_empty());
        let error = checked(&[rice, stranger, rice]).unwrap_err();
        let faults: Vec<_> =
            error.refusal().unwrap().faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(faults, [("/product_ids/1", "unknown_product"), ("/product_ids/2", "repeated")]);
    }

    #[test]
    fn a_shop_names_a_thousand_products_at_most() {
        let product_ids: Vec<ProductId> = (0..=MOST_PRODUCTS).map(|_| ProductId::new()).collect();
        let known = product_ids.iter().copied().collect();
        let error = ShopProducts { product_ids: product_ids.clone() }.checked(&known).unwrap_err();
        assert_eq!(error.refusal().unwrap().faults.first().unwrap().code, "too_many");
        let fitting = product_ids.into_iter().skip(1).collect();
        assert!(ShopProducts { product_ids: fitting }.checked(&known).is_ok());
    }

    fn form(opened: &str, closed: Option<&str>) -> ShopForm {
        ShopForm {
            name: "Điểm bán hàng OCOP Phố Châu".into(),
            commune_code: "18133".parse().unwrap(),
            address: "Tổ 5".into(),
            phone: None,
            opened_on: opened.parse().unwrap(),
            closed_on: closed.map(|day| day.parse().unwrap()),
        }
    }

    #[test]
    fn a_shop_closes_on_the_day_it_opened_at_the_earliest() {
        assert!(form("2020-05-01", None).check().is_ok());
        assert!(form("2020-05-01", Some("2020-05-01")).check().is_ok());
        let error = form("2020-05-01", Some("2020-04-30")).check().unwrap_err();
        assert_eq!(error.refusal().unwrap().faults.first().unwrap().pointer, "/closed_on");
    }

    #[test]
    fn null_clears_and_absence_keeps() {
        let closed = form("2020-05-01", Some("2021-01-31"));
        let change = |json: &str| serde_json::from_str::<ShopChange>(json).unwrap().applied_to(closed.clone());
        assert_eq!(change("{}"), closed);
        assert_eq!(change(r#"{"closed_on": null}"#).closed_on, None);
        assert_eq!(change(r#"{"phone": "0239385555"}"#).phone.as_deref(), Some("0239385555"));
    }
}
