//! The step of criteria sets: their import, as the next version of a set.

use crate::account::{Role, Work};
use crate::audit::StepName;
use crate::base::Result;
use crate::criteria::store;
use crate::criteria::thing::SetName;
use crate::criteria::{Set, SetRow};
use crate::station::{By, Creation, Taken, label};

/// Imports a set, as its next version. Dossiers keep the version they are scored with.
pub static IMPORT: Creation<SetRow, Set> =
    Creation::new(label("Nhập bộ tiêu chí", "Import a criteria set"), By::Roles(&[Role::ProvincialOfficer]), import);

fn import(work: &mut Work, mut set: Set) -> Result<(SetName, Taken)> {
    set.accept(&set.edition.edition()?.weights)?;
    let known = store::latest(work.connection, &set.code, set.edition)?;
    set.version = known.map_or(0, |row| row.version) + 1;
    store::insert(work.connection, &set, work.now)?;
    let note = format!("{} {} {}", set.code, set.edition.as_ref(), set.version);
    let name = SetName { code: set.code, edition: Some(set.edition) };
    Ok((name, Taken::stayed().recorded_as(const { StepName::new("import") }).with_note(Some(note))))
}
