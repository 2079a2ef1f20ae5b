//! Who may take which step, as one table: rendered to `docs/permissions.md`, held against what the routes do by a test.

use std::fmt::Write;

use strum::IntoEnumIterator;

use crate::account::Role;
use crate::base::{Error, Result};
use crate::station::{By, Right, rights_of};
use crate::{
    criteria, cycle, decision, dossier, hold, idea, inspection, lot, people, personal_data, plan, producer, product,
    rating, shop, stamp, support,
};

/// The rights of every station, in the order of the year.
pub fn table() -> Vec<Right> {
    [
        rights_of::<people::Person>(&[&people::steps::CREATE]),
        rights_of::<producer::Producer>(&[&producer::steps::CREATE, &producer::steps::REASSIGNMENT]),
        rights_of::<producer::registration::Registration>(&[]),
        rights_of::<cycle::Cycle>(&[&cycle::steps::CREATE]),
        rights_of::<criteria::SetRow>(&[&criteria::steps::IMPORT]),
        rights_of::<product::Product>(&[]),
        rights_of::<shop::Shop>(&[&shop::steps::CREATE]),
        rights_of::<idea::Idea>(&[&idea::steps::CREATE]),
        rights_of::<plan::Plan>(&[&plan::steps::CREATE]),
        rights_of::<dossier::Dossier>(&[]),
        rights_of::<rating::Council>(&[&rating::council::steps::CREATE]),
        rights_of::<rating::Session>(&[&rating::agenda::steps::CREATE]),
        rights_of::<rating::Survey>(&[]),
        rights_of::<rating::GroupReport>(&[]),
        rights_of::<rating::OwnSheet>(&[]),
        rights_of::<rating::Appeal>(&[]),
        rights_of::<decision::Decision>(&[&decision::steps::CREATE]),
        rights_of::<decision::IssuedCertificate>(&[]),
        rights_of::<decision::ResultNotice>(&[&decision::result_notice::steps::CREATE]),
        rights_of::<lot::Lot>(&[&lot::steps::CREATE]),
        rights_of::<hold::Hold>(&[&hold::steps::CREATE]),
        rights_of::<inspection::InspectionPlan>(&[&inspection::yearly_plan::steps::CREATE]),
        rights_of::<inspection::Inspection>(&[&inspection::planning::CREATE]),
        rights_of::<support::SupportPolicy>(&[&support::policy::steps::CREATE]),
        rights_of::<support::SupportClaim>(&[&support::claim::making::CREATE]),
        rights_of::<support::Reward>(&[&support::reward::steps::CREATE]),
        rights_of::<stamp::orders::StampOrder>(&[&stamp::orders::steps::CREATE]),
        rights_of::<stamp::doubts::Doubt>(&[]),
        rights_of::<stamp::suspicion::Suspicion>(&[]),
        rights_of::<personal_data::PersonalDataRequest>(&[&personal_data::steps::CREATE]),
    ]
    .concat()
}

/// The table as a page of the documentation.
pub fn markdown() -> Result<String> {
    let mut page = String::from(
        "# Who may take which step\n\nMade by `ocop permissions` from the steps' own declarations; a test holds it against \
         them. Who may see a thing at all\nis decided before: what an account may not know of is answered with 404.\n",
    );
    let mut path = "";
    for right in table() {
        if right.path != path {
            path = right.path;
            write!(page, "\n## `/{path}`\n\n| step | what | who |\n|---|---|---|\n").map_err(Error::internal)?;
        }
        writeln!(page, "| `{}` | {} ({}) | {} |", right.verb, right.label.en, right.label.vi, who(right.by))
            .map_err(Error::internal)?;
    }
    Ok(page)
}

fn who(by: By) -> String {
    let named = |roles: &[Role]| {
        let of_table = Role::iter().filter(|role| roles.contains(role));
        of_table.map(|role| format!("`{}`", role.as_ref())).collect::<Vec<_>>().join(", ")
    };
    match by {
        By::Roles(roles) => named(roles),
        By::Some(roles, condition) => format!("{}: {}", named(roles), condition.en),
        By::Seat(condition) => condition.en.to_owned(),
    }
}
