//! Which stamps an activation means: serials, or the codes of the first and the last stamp of a roll, as a phone reads them.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::id::LotId;
use crate::base::{ElementString, Fault, Faults, Result, canonical, say};
use crate::stamp::code::Mint;
use crate::stamp::orders::store::OrderRow;
use crate::stamp::rules::ActivationForm;

/// Stamps to bind to a lot, ends inclusive: `from` and `to`, or `first_code` and `last_code`. A scanned text may be the
/// whole address.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivationRequest {
    #[serde(default)]
    from: Option<i32>,
    #[serde(default)]
    to: Option<i32>,
    #[serde(default)]
    first_code: Option<String>,
    #[serde(default)]
    last_code: Option<String>,
    lot_id: LotId,
}

impl ActivationRequest {
    /// The stamps of these serials.
    pub fn of_serials(from: i32, to: i32, lot_id: LotId) -> Self {
        Self { from: Some(from), to: Some(to), first_code: None, last_code: None, lot_id }
    }

    /// The serials that are meant; 422 for codes that are not of this order.
    pub fn resolved(self, mint: &Mint, order: &OrderRow) -> Result<ActivationForm> {
        let mut faults = Vec::new();
        let mut end = |serial: Option<i32>, code: Option<String>, serial_at: &str, code_at: &str| match (serial, code) {
            (Some(serial), None) => serial,
            (None, Some(code)) => {
                let serial = serial_of(&code, mint, order);
                if serial.is_none() {
                    let detail = say("Mã này không thuộc đơn tem này.", "This code is not of this order.");
                    faults.push(Fault::new(code_at, "other_order", detail));
                }
                serial.unwrap_or_default()
            }
            (Some(_), Some(_)) => {
                let detail = say("Chỉ cần số thứ tự hoặc mã.", "Either the serial or the code.");
                faults.push(Fault::new(code_at, "one_of_two", detail));
                0
            }
            (None, None) => {
                let detail = say("Cần số thứ tự hoặc mã.", "The serial or the code is needed.");
                faults.push(Fault::new(serial_at, "required", detail));
                0
            }
        };
        let from = end(self.from, self.first_code, "/from", "/first_code");
        let to = end(self.to, self.last_code, "/to", "/last_code");
        faults.into_result()?;
        Ok(ActivationForm { from, to, lot_id: self.lot_id })
    }
}

fn serial_of(text: &str, mint: &Mint, order: &OrderRow) -> Option<i32> {
    let told_apart = ElementString::read(text).and_then(|elements| elements.serial);
    let (_, stamp) = mint.read(&told_apart.unwrap_or_else(|| canonical::end_of_address(text)))?;
    let is_of_order = stamp.order == order.number && order.key_id.chars().eq([stamp.key_id]);
    (is_of_order && (1..=order.quantity).contains(&stamp.serial)).then_some(stamp.serial)
}
