//! Who had to do with a product or its producer and therefore does not score it: recusal by rule.

use crate::account::{self, Work};
use crate::audit::{self, Resource};
use crate::base::id::{AccountId, AgendaItemId};
use crate::base::{Error, Result, UnitCode, text};
use crate::dossier::DossierRow;
use crate::producer::{self, rules::ProducerForm};
use crate::rating::council::Seat;
use crate::rating::item;

/// What is known of the person in a seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Person {
    identity_number: Option<String>,
    residence_code: Option<UnitCode>,
    residence: Option<String>,
}

const MEMBER: &str = "Là thành viên hoặc người của chủ thể";
const SAME_ADDRESS: &str = "Có cùng địa chỉ đăng ký với chủ thể";
const RESPONSIBLE: &str = "Là cán bộ phụ trách sản phẩm";
const APPROVER: &str = "Đã phê duyệt phương án của sản phẩm";

/// Why a person belongs to a producer, if so: the same identity number as the producer or one of its members, or the
/// same registered address.
fn tie(person: &Person, producer: &ProducerForm) -> Option<&'static str> {
    let is_own = |number: &String| {
        *number == producer.identity_number
            || producer.members.iter().any(|member| member.identity_number.as_ref() == Some(number))
    };
    if person.identity_number.as_ref().is_some_and(is_own) {
        return Some(MEMBER);
    }
    let lives_there = person.residence_code.as_ref() == Some(&producer.commune_code)
        && person.residence.as_ref().is_some_and(|residence| plain(residence) == plain(&producer.address));
    lives_there.then_some(SAME_ADDRESS)
}

/// An address without what two writers of it would do differently: case, diacritics, commas, spaces.
fn plain(address: &str) -> String {
    text::fold(address).chars().filter(|character| character.is_alphanumeric()).collect()
}

/// Recuses every scoring seat that had to do with the product and is not recused yet. Asked when the product comes onto
/// the agenda and again when its scoring opens, because ties may show between.
pub fn recuse_by_rule(work: &mut Work, id: AgendaItemId, dossier: &DossierRow, seats: &[Seat]) -> Result<()> {
    let known = item::seat_store::recusals(work.connection, &[id])?.remove(&id).unwrap_or_default();
    let producer = producer::store::find(work.connection, dossier.producer_id)?
        .ok_or_else(|| Error::internal("a dossier without its producer"))?
        .form();
    let approvers = audit::store::takers(
        work.connection,
        Resource::Plan,
        dossier.plan_id.any(),
        crate::plan::steps::APPROVAL.step_name(),
    )?;
    for seat in seats.iter().filter(|seat| seat.scores) {
        if known.iter().any(|recusal| recusal.account_id == seat.account) {
            continue;
        }
        let reason = if dossier.responsible_account_id == Some(seat.account) {
            Some(RESPONSIBLE)
        } else if approvers.contains(&seat.account) {
            Some(APPROVER)
        } else {
            tie(&person(work, seat.account)?, &producer)
        };
        if let Some(reason) = reason {
            item::seat_store::insert_recusal(work.connection, id, seat.account, reason, work.now)?;
        }
    }
    Ok(())
}

fn person(work: &mut Work, account: AccountId) -> Result<Person> {
    let account = account::store::find(work.connection, account)?.ok_or_else(|| Error::internal("a seat of nobody"))?;
    Ok(Person {
        identity_number: account.identity_number,
        residence_code: account.residence_code,
        residence: account.residence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn producer() -> ProducerForm {
        let form = serde_json::json!({
            "name": "Hợp tác xã Mật ong Sơn Kim", "kind": "cooperative", "identity_number": "3000123456",
            "commune_code": "18196", "address": "Thôn Đại Vàng, số 12", "representative": "Nguyễn Văn A",
            "phone": "0239300001", "public_phone": false,
            "members": [{"name": "Trần Thị B", "identity_number": "042180001234"}, {"name": "Lê C"}],
        });
        serde_json::from_value(form).unwrap()
    }

    #[test]
    fn members_and_who_lives_at_the_same_address_are_tied_to_a_producer() {
        let numbered = |number: &str| Person { identity_number: Some(number.into()), ..Person::default() };
        assert_eq!(tie(&numbered("042180001234"), &producer()), Some(MEMBER));
        assert_eq!(tie(&numbered("3000123456"), &producer()), Some(MEMBER));
        assert_eq!(tie(&numbered("042180001235"), &producer()), None);
        let living = |code: &str, at: &str| Person {
            residence_code: Some(code.parse().unwrap()),
            residence: Some(at.into()),
            ..Person::default()
        };
        assert_eq!(tie(&living("18196", "thon dai vang so 12"), &producer()), Some(SAME_ADDRESS));
        assert_eq!(tie(&living("18199", "Thôn Đại Vàng, số 12"), &producer()), None);
        assert_eq!(tie(&living("18196", "Thôn Đại Vàng, số 13"), &producer()), None);
        assert_eq!(tie(&Person::default(), &producer()), None);
    }
}
