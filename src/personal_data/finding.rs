//! What is held of a person, by the record: each kind of data with its rows, and what cannot be given or told apart.

use serde_json::Value;

use crate::audit::Resource;
use crate::base::{Label, Result};
use crate::db::AnyConnection;
use crate::personal_data::finding_store::{self, Values};
use crate::personal_data::person_store::{Known, own_members};
use crate::privacy::attribution::{ATTRIBUTIONS, Attribution, Found, Whose};
use crate::privacy::record::{Kept, RECORD};

/// A row of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRow {
    pub table: &'static str,
    pub whose: Whose,
    pub values: Values,
}

/// What is held of a person of one kind of the record.
#[derive(Debug, Clone)]
pub struct Holding {
    pub kept: &'static Kept,
    pub rows: Vec<HeldRow>,
    /// What is the person's and is not given: in which table, why, how many rows.
    pub withheld: Vec<(&'static str, Label, usize)>,
    pub not_attributable: Vec<Label>,
}

impl Holding {
    /// In which tables something of the person lies.
    pub fn tables(&self) -> Vec<String> {
        let withheld = self.withheld.iter().map(|(table, ..)| *table);
        let mut tables: Vec<String> =
            self.rows.iter().map(|row| row.table).chain(withheld).map(str::to_owned).collect();
        tables.sort();
        tables.dedup();
        tables
    }

    pub fn places(&self) -> usize {
        self.rows.len() + self.withheld.iter().map(|(_, _, rows)| rows).sum::<usize>()
    }
}

/// All of the record, each kind with what is held of the person.
pub fn held(connection: &mut AnyConnection, known: &Known) -> Result<Vec<Holding>> {
    RECORD.iter().map(|kept| of_kind(connection, known, kept)).collect()
}

fn of_kind(connection: &mut AnyConnection, known: &Known, kept: &'static Kept) -> Result<Holding> {
    let mut holding = Holding { kept, rows: Vec::new(), withheld: Vec::new(), not_attributable: Vec::new() };
    for (table, columns) in kept.columns {
        let of_kind: Vec<&str> = columns.split(' ').collect();
        for Attribution { columns, found, .. } in ATTRIBUTIONS.iter().filter(|known| known.table == *table) {
            let asked: Vec<&str> = columns.split(' ').filter(|column| of_kind.contains(column)).collect();
            if asked.is_empty() {
                continue;
            }
            match found {
                Found::NotAttributable(why) => {
                    if !holding.not_attributable.contains(why) {
                        holding.not_attributable.push(*why);
                    }
                }
                Found::Withheld(finder, why) => {
                    let rows = finding_store::rows(connection, table, &[], finder, &known.ids(finder.whose))?.len();
                    if rows > 0 {
                        holding.withheld.push((table, *why, rows));
                    }
                }
                Found::Given(finder) => {
                    let tells = finder.tells.split_whitespace().filter(|tells| !asked.contains(tells));
                    let read: Vec<&str> = asked.iter().copied().chain(tells).collect();
                    let rows = finding_store::rows(connection, table, &read, finder, &known.ids(finder.whose))?;
                    let rows = rows.into_iter().filter_map(|values| own(known, table, &asked, values));
                    holding.rows.extend(rows.map(|values| HeldRow { table, whose: finder.whose, values }));
                }
            }
        }
    }
    Ok(holding)
}

/// The part of a row that is the person's; none where nothing is left of it.
fn own(known: &Known, table: &str, asked: &[&str], mut values: Values) -> Option<Values> {
    if table == "producers"
        && let Some(members) = values.get_mut("members")
    {
        own_members(known, members);
    }
    if table == "registrations"
        && let Some(members) = values.get_mut("producer").and_then(|form| form.get_mut("members"))
    {
        own_members(known, members);
    }
    let says = asked.iter().filter_map(|column| values.get(*column)).any(|value| !value.is_null());
    says.then_some(values)
}

/// Whether the office's records name an account of the person: it did something beyond what is its own.
pub fn acted(known: &Known, holdings: &[Holding]) -> bool {
    let own: Vec<String> = known.accounts.iter().map(|account| account.id.to_string()).collect();
    let is_of_itself = |row: &HeldRow| {
        let says = |column: &str| row.values.get(column).and_then(Value::as_str).unwrap_or_default();
        row.table == "history"
            && (says("resource") == Resource::PersonalDataRequest.as_ref()
                || says("resource") == Resource::Account.as_ref() && own.iter().any(|id| id == says("resource_id")))
    };
    holdings.iter().flat_map(|holding| &holding.rows).any(|row| row.whose == Whose::Doer && !is_of_itself(row))
}
