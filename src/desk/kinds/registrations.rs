//! Registrations on the desk: producers that want to take part.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{KindOfThing, Step, alone};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::producers::KINDS;
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, DISTRICT, UNIT};
use crate::desk::words::{STATES, Wording};
use crate::producer::registration::Registration;
use crate::producer::registration::steps::{CONFIRM, REFUSE};
use crate::station::label;

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let of_registrations = ["pending", "confirmed", "refused"];
    let known: Vec<Wording> = STATES.iter().filter(|(value, _)| of_registrations.contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

pub static KIND: KindOfThing<Registration> = KindOfThing {
    title: label("Đăng ký tham gia", "Registrations"),
    about: label(
        "Chủ thể tự đăng ký trên trang công khai; cán bộ xã hoặc huyện xác nhận hay từ chối.",
        "Producers register on the public page; officers of the commune or the district confirm or refuse.",
    ),
    name: "/producer/name",
    fields: &[
        STATE,
        field("/producer/name", label("Chủ thể", "Producer"), Writing::Text),
        field("/producer/kind", label("Loại hình", "Kind"), Writing::Wording(KINDS)),
        field("/producer/identity_number", label("Mã số", "Identity number"), Writing::Text),
        field("/producer/representative", label("Người đại diện", "Representative"), Writing::Text),
        field("/producer/address", label("Địa chỉ", "Address"), Writing::Text),
        field("/producer/phone", label("Điện thoại", "Phone"), Writing::Text),
        field("/producer/email", label("Thư điện tử", "E-mail"), Writing::Text),
        field("/account/name", label("Người đăng nhập", "Who will sign in"), Writing::Text),
        field("/account/username", label("Tên đăng nhập", "User name"), Writing::Text),
        field(
            "/claimed_producer_name",
            label("Đã có chủ thể cùng mã số", "A producer of this number is on record"),
            Writing::Link("producers", "/claimed_producer_id"),
        ),
        COMMUNE,
        DISTRICT,
        field("/note", label("Ghi chú", "Note"), Writing::Long),
        field("/consent/version", label("Đã đồng ý với văn bản, bản", "Agreed to the text, version"), Writing::Whole),
        CREATED,
        field("/erased_at", label("Đã xóa dữ liệu cá nhân lúc", "Data of persons were erased"), Writing::Moment),
    ],
    columns: &[STATE, COMMUNE, field("/producer/phone", label("Điện thoại", "Phone"), Writing::Text), CREATED],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT],
    making: None,
    steps: &[Step { step: &CONFIRM, inputs: &[NOTE] }, Step { step: &REFUSE, inputs: &[REASON] }],
    beside: alone,
};
