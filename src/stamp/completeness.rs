//! What a product's passport must say before stamps lead to it (circular 02/2024/TT-BKHCN art. 7.5, decree
//! 37/2026/NĐ-CP art. 32), and what of it is missing; pure.
//!
//! Demanded is what the service can know to be wrong or absent for every product. Advised is what the acts name where it
//! applies: a shelf life is none of a chopstick's, a GTIN is had by those who joined GS1, and a picture can follow while
//! the stamps are printed. Lot, production and expiry date and the serial come with the activation.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Kind, Message, Result, say, text};

/// What is known of a product when its passport is looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub product_name: String,
    pub producer_name: String,
    pub producer_address: String,
    /// The producer's identification code: of its registration or tax.
    pub identity_number: String,
    /// What the product says of its origin, else the place where it is registered.
    pub origin: Option<String>,
    pub has_picture: bool,
    pub gtin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
    pub certificates: Certificates,
}

/// How the product's food safety and quality papers stand today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificates {
    None,
    /// At least one holds.
    Valid,
    /// There were some, and none holds any more.
    Expired,
}

/// Something that a passport does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub field: Field,
    pub is_required: bool,
    pub why: Message,
}

/// What a passport says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, strum::AsRefStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    ProductName,
    ProducerName,
    ProducerAddress,
    IdentityNumber,
    Origin,
    Certificates,
    Picture,
    Gtin,
    ShelfLife,
    SafetyWarnings,
}

/// What is missing, the demanded first.
pub fn missing(known: &Known) -> Vec<Missing> {
    let lacks = |text: &Option<String>| text.as_deref().is_none_or(text::is_blank);
    let demanded = [
        (
            text::is_blank(&known.product_name),
            Field::ProductName,
            say("Thiếu tên sản phẩm.", "The product's name is missing."),
        ),
        (
            text::is_blank(&known.producer_name),
            Field::ProducerName,
            say("Thiếu tên đơn vị sản xuất.", "The producer's name is missing."),
        ),
        (
            text::is_blank(&known.producer_address),
            Field::ProducerAddress,
            say("Thiếu địa chỉ đơn vị sản xuất.", "The producer's address is missing."),
        ),
        (
            text::is_blank(&known.identity_number),
            Field::IdentityNumber,
            say("Thiếu mã định danh của đơn vị sản xuất.", "The producer's identification code is missing."),
        ),
        (lacks(&known.origin), Field::Origin, say("Thiếu xuất xứ.", "The origin is missing.")),
        (
            known.certificates == Certificates::Expired,
            Field::Certificates,
            say(
                "Các giấy chứng nhận an toàn thực phẩm, chất lượng của sản phẩm đều đã hết hạn.",
                "All papers on food safety and quality of the product have expired.",
            ),
        ),
    ];
    let advised = [
        (
            known.certificates == Certificates::None,
            Field::Certificates,
            say(
                "Chưa có giấy chứng nhận an toàn thực phẩm, chất lượng.",
                "There is no paper on food safety or quality yet.",
            ),
        ),
        (
            !known.has_picture,
            Field::Picture,
            say("Chưa có hình ảnh sản phẩm.", "There is no picture of the product yet."),
        ),
        (lacks(&known.gtin), Field::Gtin, say("Chưa có mã GTIN (nếu có).", "There is no GTIN (where it has one).")),
        (
            lacks(&known.shelf_life),
            Field::ShelfLife,
            say("Chưa có hạn sử dụng (nếu có).", "The shelf life is not said (where it has one)."),
        ),
        (
            lacks(&known.safety_warnings),
            Field::SafetyWarnings,
            say("Chưa có cảnh báo an toàn.", "Safety warnings are not said."),
        ),
    ];
    let found = |is_required: bool| {
        move |(is_missing, field, why): (bool, Field, Message)| {
            is_missing.then_some(Missing { field, is_required, why })
        }
    };
    demanded.into_iter().filter_map(found(true)).chain(advised.into_iter().filter_map(found(false))).collect()
}

/// 409 that names everything demanded that is missing.
pub fn must_be_complete(known: &Known) -> Result<()> {
    let faults: Vec<Fault> = missing(known)
        .into_iter()
        .filter(|missing| missing.is_required)
        .map(|missing| Fault::new(format!("/{}", missing.field.as_ref()), "required", missing.why))
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    let join =
        |pick: fn(&Message) -> &str| faults.iter().map(|fault| pick(&fault.detail)).collect::<Vec<_>>().join(" ");
    let detail = say(
        format!("Hộ chiếu số của sản phẩm chưa đủ. {}", join(|message| &message.vi)),
        format!("The product's passport is not complete. {}", join(|message| &message.en)),
    );
    Err(Error::Refused(Box::new(Refusal { kind: Kind::Conflict, code: "passport_incomplete", detail, faults })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Known {
        Known {
            product_name: "Mật ong".into(),
            producer_name: "HTX Cường Nga".into(),
            producer_address: "Hương Sơn".into(),
            identity_number: "3000000001".into(),
            origin: Some("Sơn Kim 1".into()),
            has_picture: true,
            gtin: Some("8934563138165".into()),
            shelf_life: Some("24 tháng".into()),
            safety_warnings: Some("Không dùng cho trẻ dưới 1 tuổi".into()),
            certificates: Certificates::Valid,
        }
    }

    fn fields(known: &Known) -> Vec<(Field, bool)> {
        missing(known).into_iter().map(|missing| (missing.field, missing.is_required)).collect()
    }

    #[test]
    fn a_full_passport_misses_nothing() {
        assert_eq!(fields(&full()), []);
        assert!(must_be_complete(&full()).is_ok());
    }

    #[test]
    fn what_applies_to_some_is_advised_and_stops_nothing() {
        let bare = Known {
            has_picture: false,
            gtin: None,
            shelf_life: None,
            safety_warnings: Some(" ".into()),
            certificates: super::Certificates::None,
            ..full()
        };
        use Field::{Certificates, Gtin, Picture, SafetyWarnings, ShelfLife};
        let advised = [Certificates, Picture, Gtin, ShelfLife, SafetyWarnings].map(|field| (field, false));
        assert_eq!(fields(&bare), advised);
        assert!(must_be_complete(&bare).is_ok());
    }

    #[test]
    fn what_is_demanded_is_named_all_at_once() {
        let wrong = Known { origin: None, certificates: Certificates::Expired, ..full() };
        assert_eq!(fields(&wrong), [(Field::Origin, true), (Field::Certificates, true)]);
        let error = must_be_complete(&wrong).unwrap_err();
        let refusal = error.refusal().unwrap();
        let pointers: Vec<&str> = refusal.faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!((refusal.code, pointers), ("passport_incomplete", vec!["/origin", "/certificates"]));
    }
}
