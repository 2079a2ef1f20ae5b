//! Recusal by rule: gathers who had a hand in products, for a whole agenda in a few statements, and recuses them.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::store::Account;
use crate::account::{self, Work};
use crate::audit::{self, Resource};
use crate::base::id::{AccountId, AgendaItemId, AnyId, DossierId, ProducerId};
use crate::base::{Error, Result};
use crate::dossier::DossierRow;
use crate::rating::agenda::involvement::{self, Candidacy, Involvement, Person, PersonsStep};
use crate::rating::agenda::preparation_store::{self, Writing};
use crate::rating::council::Seat;
use crate::rating::item::seat_store;
use crate::{dossier, plan, producer};

/// What each who scores had to do with each of these dossiers' products; who had nothing to do with one is left out.
pub fn involvements(
    work: &mut Work,
    dossiers: &[&DossierRow],
    seats: &[Seat],
) -> Result<BTreeMap<(DossierId, AccountId), BTreeSet<Involvement>>> {
    let ids: Vec<DossierId> = dossiers.iter().map(|dossier| dossier.id).collect();
    let visits = dossier::store::visitors(work.connection, &ids)?;
    let [surveys, reports, remarks] = preparation_store::writings(work.connection, &ids)?;
    let mut authors: Vec<(DossierId, AccountId, Involvement)> =
        visits.into_iter().map(|(dossier, author)| (dossier, author, Involvement::VisitedOnSite)).collect();
    let mut around = files(work, dossiers)?;
    for (writings, involvement) in [
        (surveys, Involvement::SurveyedOnSite),
        (reports, Involvement::ReportedForGroup),
        (remarks, Involvement::Remarked),
    ] {
        for Writing { dossier, thing, author } in writings {
            authors.push((dossier, author, involvement));
            around.extend(thing.map(|(resource, id)| (resource, id, dossier)));
        }
    }
    let known = involvement::steps();
    let resources: BTreeSet<Resource> = known.iter().map(|(resource, _, _)| *resource).collect();
    let verbs: BTreeSet<&'static str> = known.iter().map(|(_, name, _)| name.text()).collect();
    let things: Vec<AnyId> = around.iter().map(|(_, id, _)| *id).collect();
    let taken = audit::store::takers(
        work.connection,
        &resources.into_iter().collect::<Vec<_>>(),
        &things,
        &verbs.into_iter().collect::<Vec<_>>(),
    )?;

    let scoring: Vec<AccountId> = seats.iter().filter(|seat| seat.scores).map(|seat| seat.account).collect();
    let responsible = dossiers.iter().filter_map(|dossier| dossier.responsible_account_id);
    let mut accounts: BTreeSet<AccountId> = taken.iter().map(|taken| taken.account).chain(responsible).collect();
    accounts.extend(&scoring);
    accounts.extend(authors.iter().map(|(_, author, _)| *author));
    let people = account::store::of_ids(work.connection, &accounts.into_iter().collect::<Vec<_>>())?;
    let people: BTreeMap<AccountId, Person> = people.into_iter().map(|account| (account.id, person(account))).collect();

    let producers: Vec<ProducerId> = dossiers.iter().map(|dossier| dossier.producer_id).collect();
    let producers = producer::store::of_ids(work.connection, &producers)?;
    let mut found = BTreeMap::new();
    for dossier in dossiers {
        let producer = producers.iter().find(|producer| producer.id == dossier.producer_id);
        let producer = producer.ok_or_else(|| Error::internal("a dossier without its producer"))?;
        let own: BTreeSet<(Resource, AnyId)> =
            around.iter().filter(|(_, _, of)| *of == dossier.id).map(|(resource, id, _)| (*resource, *id)).collect();
        let steps = taken.iter().filter(|taken| own.contains(&(taken.resource, taken.id)));
        let candidacy = Candidacy {
            producer: producer.form(),
            responsible: dossier.responsible_account_id.and_then(|account| people.get(&account)),
            steps: steps
                .filter_map(|taken| {
                    Some(PersonsStep { by: people.get(&taken.account)?, resource: taken.resource, verb: &taken.verb })
                })
                .collect(),
            authors: authors
                .iter()
                .filter(|(of, _, _)| *of == dossier.id)
                .filter_map(|(_, author, involvement)| Some((people.get(author)?, *involvement)))
                .collect(),
        };
        for seat in &scoring {
            let person = people.get(seat).ok_or_else(|| Error::internal("a seat of nobody"))?;
            let involved = involvement::involvement(person, &candidacy);
            if !involved.is_empty() {
                found.insert((dossier.id, *seat), involved);
            }
        }
    }
    Ok(found)
}

/// Recuses, item by item, every scoring seat that is to be recused and is not yet. Asked when products come onto the agenda
/// and again when one's scoring opens, because ties may show between.
pub fn recuse_by_rule(work: &mut Work, items: &[(AgendaItemId, &DossierRow)], seats: &[Seat]) -> Result<()> {
    let ids: Vec<AgendaItemId> = items.iter().map(|(id, _)| *id).collect();
    let dossiers: Vec<&DossierRow> = items.iter().map(|(_, dossier)| *dossier).collect();
    let recused = seat_store::recusals(work.connection, &ids)?;
    let involved = involvements(work, &dossiers, seats)?;
    for (item, dossier) in items {
        let known = recused.get(item).map_or(&[][..], Vec::as_slice);
        for seat in seats.iter().filter(|seat| seat.scores) {
            if known.iter().any(|recusal| recusal.account_id == seat.account) {
                continue;
            }
            let involved = involved.get(&(dossier.id, seat.account)).into_iter().flatten();
            if let Some(reason) = involved.copied().find(|involvement| involvement.recuses()) {
                seat_store::insert_recusal(work.connection, *item, seat.account, reason.told().vi, work.now)?;
            }
        }
    }
    Ok(())
}

/// Idea, plan, product and dossier of each, in whose history somebody may have had a hand.
fn files(work: &mut Work, dossiers: &[&DossierRow]) -> Result<Vec<(Resource, AnyId, DossierId)>> {
    let plans: Vec<_> = dossiers.iter().map(|dossier| dossier.plan_id).collect();
    let ideas = plan::store::ideas(work.connection, &plans)?;
    let mut files = Vec::new();
    for dossier in dossiers {
        files.push((Resource::Dossier, dossier.id.any(), dossier.id));
        files.push((Resource::Product, dossier.product_id.any(), dossier.id));
        files.push((Resource::Plan, dossier.plan_id.any(), dossier.id));
        files.extend(ideas.get(&dossier.plan_id).map(|idea| (Resource::Idea, idea.any(), dossier.id)));
    }
    Ok(files)
}

fn person(account: Account) -> Person {
    Person {
        account: account.id,
        role: account.role,
        identity_number: account.identity_number,
        residence_code: account.residence_code,
        residence: account.residence,
    }
}
