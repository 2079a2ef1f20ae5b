//! What is asked of a point of sale.

use serde::Deserialize;
use utoipa::ToSchema;

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
    name: Option<String>,
    commune_code: Option<UnitCode>,
    address: Option<String>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
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

#[cfg(test)]
mod tests {
    use super::*;

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
