//! An agenda item as its steps find it: with its council, its dossier, who sits and who does not score, and what came of it.

use std::collections::BTreeMap;

use crate::account::{Actor, Asker, Work};
use crate::audit::{PastStep, Resource, StepName};
use crate::base::calendar::Holidays;
use crate::base::id::{AccountId, AgendaItemId, AnyId, CouncilId, CycleId, DossierId};
use crate::base::{Day, Error, Kind, Result, say};
use crate::criteria::{Case, Set};
use crate::cycle::{self, Cycle, Edition, RatingTerm};
use crate::dossier::{self, DossierRow};
use crate::rating::agenda::calendar::Warning;
use crate::rating::agenda::count::Count;
use crate::rating::agenda::preparation_store;
use crate::rating::agenda::rules::KEPT_BACK;
use crate::rating::agenda::scale::Scales;
use crate::rating::agenda::steps;
use crate::rating::agenda::store::{self, AgendaItemFilter};
use crate::rating::council::rules::{is_office, presiding, sees};
use crate::rating::council::{self, CouncilRow, Seat, SeatKind};
use crate::rating::item::seat_store::{Absence, Recusal};
use crate::rating::item::{self, Item, State};
use crate::rating::result::{self, Concluded};
use crate::rating::{appeal, sheet};
use crate::station::{Access, By, Listed, Offer, Stretch, Thing, label};

/// Who leads the scoring of an item.
pub const CHAIR: By = By::Seat(label("người chủ trì phiên chấm sản phẩm", "who presides over the item's scoring"));

/// An item of an agenda and everybody around it.
#[derive(Debug, Clone)]
pub struct Session {
    pub item: Item,
    pub council: CouncilRow,
    pub cycle: Cycle,
    pub edition: Edition,
    pub dossier: DossierRow,
    /// Until when it may be concluded, where a newer act has followed the cycle's edition.
    pub term: Option<RatingTerm>,
    pub seats: Vec<Seat>,
    /// Who checks dossiers for this council.
    pub working_group: Vec<AccountId>,
    pub recusals: Vec<Recusal>,
    pub absences: Vec<Absence>,
    /// What it came to; only where it is concluded.
    pub concluded: Option<Concluded>,
    /// Whether the working group has drafted its report on it.
    pub has_group_report: bool,
    /// Where the appeal against its result is, if there is one.
    pub appeal: Option<appeal::State>,
    /// The count of the sheets, or which sheet stops it; only between the close of scoring and the conclusion, and only for
    /// who leads the session.
    count: Option<Result<Count, String>>,
}

impl Session {
    /// Items with their surroundings; the number of statements does not depend on how many they are.
    pub fn around(work: &mut Work, items: Vec<Item>) -> Result<Vec<Self>> {
        let ids: Vec<AgendaItemId> = items.iter().map(|item| item.id).collect();
        let dossiers: Vec<DossierId> = items.iter().map(|item| item.dossier_id).collect();
        let dossiers = dossier::store::of_ids(work.connection, &dossiers)?;
        let councils: Vec<CouncilId> = items.iter().map(|item| item.council_id).collect();
        let seats = council::store::seats_of(work.connection, &councils)?;
        let groups = council::store::working_groups(work.connection, &councils)?;
        let councils = council::store::of_ids(work.connection, &councils)?;
        let cycles: Vec<CycleId> = councils.values().map(|council| council.cycle_id).collect();
        let cycles = cycle::store::of_ids(work.connection, &cycles)?;
        let editions = dossiers.values().filter_map(|dossier| Some((dossier, cycles.get(&dossier.cycle_id)?.edition)));
        let terms = dossier::term::terms(work.connection, &editions.collect::<Vec<_>>(), work.now.day())?;
        let mut recusals = item::seat_store::recusals(work.connection, &ids)?;
        let mut absences = item::seat_store::absences(work.connection, &ids)?;
        let reported = preparation_store::reported(work.connection, &ids)?;
        let over: Vec<AgendaItemId> =
            items.iter().filter(|item| item.state == State::Concluded).map(|item| item.id).collect();
        let (mut results, mut appeals) = (BTreeMap::new(), BTreeMap::new());
        if !over.is_empty() {
            results = result::store::last_of_items(work.connection, &over)?;
            appeals = appeal::store::of_items(work.connection, &over)?;
        }
        let lacks = |what: &str| Error::internal(format!("an agenda item without its {what}"));
        let around = items.into_iter().map(|item| {
            let council = councils.get(&item.council_id).ok_or_else(|| lacks("council"))?;
            let cycle = cycles.get(&council.cycle_id).ok_or_else(|| lacks("cycle"))?;
            let group = groups.get(&council.id).into_iter().flatten();
            Ok(Self {
                council: council.clone(),
                edition: cycle.edition.edition()?,
                cycle: cycle.clone(),
                term: terms.get(&item.dossier_id).copied(),
                dossier: dossiers.get(&item.dossier_id).cloned().ok_or_else(|| lacks("dossier"))?,
                seats: seats.get(&council.id).cloned().unwrap_or_default(),
                working_group: group.map(|(account, _)| *account).collect(),
                recusals: recusals.remove(&item.id).unwrap_or_default(),
                absences: absences.remove(&item.id).unwrap_or_default(),
                has_group_report: reported.contains(&item.id),
                concluded: results.remove(&item.id),
                appeal: appeals.remove(&item.id),
                count: None,
                item,
            })
        });
        let mut sessions = around.collect::<Result<Vec<Self>>>()?;
        count(work, &mut sessions)?;
        Ok(sessions)
    }

    pub fn seat(&self, account: AccountId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.account == account)
    }

    pub fn is_recused(&self, account: AccountId) -> bool {
        self.recusals.iter().any(|recusal| recusal.account_id == account)
    }

    pub fn is_absent(&self, account: AccountId) -> bool {
        self.absences.iter().any(|absence| absence.account_id == account)
    }

    /// What who presides should know before a scoring that opens on `opening` or on the day that was planned, whichever is
    /// earlier; nothing once it is open.
    pub fn warnings(&self, opening: Option<Day>) -> Result<Vec<Warning>> {
        if self.item.state != State::Waiting {
            return Ok(Vec::new());
        }
        let days = usize::from(self.council.rules.0.notice_working_days);
        let mut dates = self.item.dates();
        dates.session_on = dates.session_on.map(|planned| opening.map_or(planned, |opening| opening.min(planned)));
        Ok(dates.warnings(Holidays::official()?, days))
    }

    /// Whether the account belongs to the working group.
    pub fn checks(&self, account: AccountId) -> bool {
        self.working_group.contains(&account)
    }

    /// The seats that score this item; an absent one still counts for the quorum.
    pub fn scoring_seats(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| seat.scores && !self.is_recused(seat.account))
    }

    pub fn presiding(&self) -> Option<&Seat> {
        presiding(&self.seats, |account| self.is_recused(account) || self.is_absent(account))
    }

    pub fn presides(&self, account: AccountId) -> bool {
        self.presiding().is_some_and(|seat| seat.account == account)
    }

    /// Whether the council can no longer conclude this item, because too few seats are left or nobody can preside.
    pub fn is_stranded(&self) -> bool {
        self.presiding().is_none() || self.scoring_seats().count() < usize::from(self.council.rules.0.least_sheets)
    }

    /// Who leads the session: the one who presides, the secretary, the office that appointed the council.
    pub fn is_led_by(&self, actor: &Actor) -> bool {
        self.presides(actor.id) || self.keeps_the_book(actor)
    }

    /// Whether the account belongs to the council, checks for it, or oversees its unit: who the producer is not.
    pub fn is_of_the_council(&self, actor: &Actor) -> bool {
        self.seat(actor.id).is_some() || self.checks(actor.id) || sees(actor, &self.council.unit_code)
    }

    /// The secretary, and the office that appointed the council; an officer who scores in it is a member like others.
    pub(super) fn keeps_the_book(&self, actor: &Actor) -> bool {
        match self.seat(actor.id) {
            Some(seat) => seat.kind == SeatKind::Secretary,
            None => is_office(actor, &self.council.unit_code),
        }
    }

    /// 403 unless the asker presides.
    pub fn must_preside(asker: Asker, session: &Self) -> Result<()> {
        if session.presides(asker.actor.id) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho người chủ trì phiên chấm sản phẩm này.",
            "Only who presides over the scoring of this product does this.",
        )))
    }

    /// 403 unless the asker runs the council.
    pub fn must_be_office(asker: Asker, session: &Self) -> Result<()> {
        council::rules::must_be_office(asker.actor, &session.council.unit_code)
    }

    /// 403 unless the asker keeps the session's book: its secretary, or the office.
    pub fn must_keep_the_book(asker: Asker, session: &Self) -> Result<()> {
        if session.keeps_the_book(asker.actor) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho thư ký hội đồng và cơ quan thường trực.",
            "Only the council's secretary and its office do this.",
        )))
    }

    /// 403 unless the asker checks dossiers for this council: its working group, or the office.
    pub fn must_check(asker: Asker, session: &Self) -> Result<()> {
        if session.checks(asker.actor.id) || is_office(asker.actor, &session.council.unit_code) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho tổ giúp việc và cơ quan thường trực của hội đồng.",
            "Only the council's working group and its office do this.",
        )))
    }

    /// 403 unless the asker has a seat that scores.
    pub fn must_have_scoring_seat(asker: Asker, session: &Self) -> Result<()> {
        if session.seat(asker.actor.id).is_some_and(|seat| seat.scores) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Chỉ thành viên chấm điểm của hội đồng này mới có phiếu.",
            "Only members of this council who score have a sheet.",
        )))
    }

    /// 403 unless the asker has a seat that scores this item.
    pub fn must_score(asker: Asker, session: &Self) -> Result<()> {
        Self::must_have_scoring_seat(asker, session)?;
        if session.is_absent(asker.actor.id) {
            return Err(Error::refused(
                Kind::Forbidden,
                "absent",
                say("Bạn được ghi vắng mặt ở sản phẩm này.", "You are recorded as absent for this product."),
            ));
        }
        if !session.is_recused(asker.actor.id) {
            return Ok(());
        }
        Err(Error::refused(
            Kind::Forbidden,
            "recused",
            say("Bạn không tham gia chấm sản phẩm này.", "You are recused from this product."),
        ))
    }

    /// 409 unless the council is open, in a cycle that is: closing a cycle ends its work.
    pub fn must_be_held(&self) -> Result<()> {
        self.council.state.must_be_open()?;
        self.cycle.state.must_be_open()
    }

    /// 409 where the dossier's rating was not completed in time under an earlier act.
    pub fn must_be_in_term(&self, asker: Asker) -> Result<()> {
        dossier::term::must_run(self.term, asker.now.day())
    }

    /// What it came to; 404 before its conclusion.
    pub fn result(&self) -> Result<&Concluded> {
        self.concluded.as_ref().ok_or_else(|| {
            Error::refused(
                Kind::Unknown,
                "not_concluded",
                say("Hội đồng chưa kết luận sản phẩm này.", "The council has not concluded this product."),
            )
        })
    }

    /// The set and the scale that the sheets of this item are marked with.
    pub fn set(&self, work: &mut Work) -> Result<(Set, Case)> {
        let scales = Scales::of(work, std::iter::once(&self.dossier))?;
        let (set, case) = scales.get(&self.dossier)?;
        Ok((set.clone(), case))
    }

    /// The count of the sheets, where there is one; a sheet that is not what was submitted is a fault.
    pub fn counted(&self) -> Result<Option<&Count>> {
        match &self.count {
            Some(Ok(count)) => Ok(Some(count)),
            Some(Err(stopped)) => Err(Error::internal(stopped.clone())),
            None => Ok(None),
        }
    }

    /// What the count shows, as far as it could be made.
    pub fn shown_count(&self) -> Option<&Count> {
        self.count.as_ref()?.as_ref().ok()
    }
}

/// Counts the sheets of those sessions that the asker leads and whose scoring is closed, all in a few statements.
fn count(work: &mut Work, sessions: &mut [Session]) -> Result<()> {
    let is_counted =
        |work: &Work, session: &Session| session.item.state == State::Scored && session.is_led_by(&work.actor);
    let counted: Vec<&Session> = sessions.iter().filter(|session| is_counted(work, session)).collect();
    if counted.is_empty() {
        return Ok(());
    }
    let ids: Vec<AgendaItemId> = counted.iter().map(|session| session.item.id).collect();
    let scales = Scales::of(work, counted.iter().map(|session| &session.dossier))?;
    let mut sheets = sheet::store::counting(work.connection, &ids)?;
    for session in sessions.iter_mut().filter(|session| ids.contains(&session.item.id)) {
        let own = sheets.remove(&(session.item.id, session.item.attempt)).unwrap_or_default();
        let (set, case) = scales.get(&session.dossier)?;
        let rules = &session.council.rules.0;
        let presiding = session.presiding().map(|seat| seat.account);
        session.count = Some(Count::of(&own, set, case, rules, session.scoring_seats().count(), presiding));
    }
    Ok(())
}

impl Thing for Session {
    type Key = AgendaItemId;
    const RESOURCE: Resource = Resource::AgendaItem;
    const PATH: &'static str = "agenda-items";

    /// For who sees the council or the dossier, and for who sits or checks.
    fn load(work: &mut Work, key: &AgendaItemId, access: Access) -> Result<Option<Self>> {
        if access == Access::Taken {
            item::store::take(work.connection, *key)?;
        }
        let item = item::store::find(work.connection, *key)?;
        let session = Self::around(work, item.into_iter().collect())?.pop();
        let actor = &work.actor;
        Ok(session.filter(|session| session.is_of_the_council(actor) || actor.sees(&session.dossier.home())))
    }

    fn id(&self) -> AnyId {
        self.item.id.any()
    }

    fn version(&self) -> i32 {
        self.item.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.item.state.as_ref())
    }

    fn kept_back(&self, actor: &Actor) -> &'static [StepName] {
        if self.is_of_the_council(actor) { &[] } else { &KEPT_BACK }
    }

    fn told(&self, actor: &Actor, step: PastStep) -> Option<PastStep> {
        if self.is_of_the_council(actor) { Some(step) } else { steps::told_outside(step, self.concluded.is_some()) }
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for Session {
    type Filter = AgendaItemFilter;
    type Cursor = AgendaItemId;

    fn list(work: &mut Work, filter: &AgendaItemFilter, stretch: &Stretch<AgendaItemId>) -> Result<Vec<Self>> {
        let items = store::list(work.connection, &work.actor, filter, stretch)?;
        Self::around(work, items)
    }

    fn count(work: &mut Work, filter: &AgendaItemFilter) -> Result<i64> {
        store::count(work.connection, &work.actor, filter)
    }

    fn cursor(&self) -> AgendaItemId {
        self.item.id
    }
}
