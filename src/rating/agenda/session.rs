//! All that is at hand when somebody comes to an item: its council, its dossier, who sits and who is recused.

use crate::account::Work;
use crate::base::id::{AccountId, AgendaItemId};
use crate::base::{Day, Error, Result, say};
use crate::criteria::{self, Case, Set};
use crate::cycle::{self, Cycle, Edition};
use crate::dossier::DossierRow;
use crate::producer;
use crate::rating::agenda::calendar::{Holidays, Warning};
use crate::rating::agenda::rules::State;
use crate::rating::agenda::store::{self, Absence, Item, Recusal};
use crate::rating::council::rules::{is_office, presiding, sees};
use crate::rating::council::{self, Council, Seat, SeatKind};
use crate::rating::result::rules::{Tally, Vote};
use crate::rating::sheet;

/// An item of an agenda and everybody around it.
#[derive(Debug, Clone)]
pub struct Session {
    pub item: Item,
    pub council: Council,
    pub dossier: DossierRow,
    pub seats: Vec<Seat>,
    pub recusals: Vec<Recusal>,
    pub absences: Vec<Absence>,
    /// Who checks dossiers for this council.
    pub working_group: Vec<AccountId>,
}

impl Session {
    /// The item, if the asker may know of it: who sees the council or the dossier, and who sits.
    pub fn visible(work: &mut Work, id: AgendaItemId) -> Result<Self> {
        let (item, council, dossier) = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
        let seats = council::store::seats(work.connection, council.id)?;
        let recusals = store::recusals(work.connection, id)?;
        let absences = store::absences(work.connection, id)?;
        let working_group = council::store::working_groups(work.connection, &[council.id])?;
        let working_group = working_group.into_iter().map(|(_, account, _)| account).collect();
        let session = Self { item, council, dossier, seats, recusals, absences, working_group };
        let may_know = session.seat(work.actor.id).is_some()
            || session.checks(work.actor.id)
            || sees(&work.actor, &session.council.unit_code)
            || work.actor.territory().covers(&session.dossier.home());
        if may_know { Ok(session) } else { Err(Error::unknown()) }
    }

    /// As [`Session::visible`], with the item's row taken until the transaction ends.
    pub fn taken(work: &mut Work, id: AgendaItemId) -> Result<Self> {
        store::take(work.connection, id)?;
        Self::visible(work, id)
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
        Ok(dates.warnings(&Holidays::official()?, days))
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
    pub fn is_led_by(&self, work: &Work) -> bool {
        let account = work.actor.id;
        self.presides(account) || self.keeps_the_book(work)
    }

    /// Whether the asker belongs to the council, checks for it, or oversees its unit: who the producer is not.
    pub fn is_of_the_council(&self, work: &Work) -> bool {
        let account = work.actor.id;
        self.seat(account).is_some() || self.checks(account) || sees(&work.actor, &self.council.unit_code)
    }

    /// 403 unless the asker presides.
    pub fn must_preside(&self, work: &Work) -> Result<()> {
        if self.presides(work.actor.id) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho người chủ trì phiên chấm sản phẩm này.",
            "Only who presides over the scoring of this product does this.",
        )))
    }

    /// 403 unless the asker runs the council.
    pub fn must_be_office(&self, work: &Work) -> Result<()> {
        council::rules::must_be_office(&work.actor, &self.council.unit_code)
    }

    /// The secretary, and the office that appointed the council; an officer who scores in it is a member like others.
    fn keeps_the_book(&self, work: &Work) -> bool {
        match self.seat(work.actor.id) {
            Some(seat) => seat.kind == SeatKind::Secretary,
            None => is_office(&work.actor, &self.council.unit_code),
        }
    }

    /// 403 unless the asker keeps the session's book: its secretary, or the office.
    pub fn must_keep_the_book(&self, work: &Work) -> Result<()> {
        if self.keeps_the_book(work) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho thư ký hội đồng và cơ quan thường trực.",
            "Only the council's secretary and its office do this.",
        )))
    }

    /// 403 unless the asker checks dossiers for this council: its working group, or the office.
    pub fn must_check(&self, work: &Work) -> Result<()> {
        if self.checks(work.actor.id) || is_office(&work.actor, &self.council.unit_code) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho tổ giúp việc và cơ quan thường trực của hội đồng.",
            "Only the council's working group and its office do this.",
        )))
    }

    /// 403 unless the asker has a seat that scores.
    pub fn must_have_scoring_seat(&self, work: &Work) -> Result<()> {
        if self.seat(work.actor.id).is_some_and(|seat| seat.scores) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Chỉ thành viên chấm điểm của hội đồng này mới có phiếu.",
            "Only members of this council who score have a sheet.",
        )))
    }

    /// 403 unless the asker has a seat that scores this item.
    pub fn must_score(&self, work: &Work) -> Result<()> {
        self.must_have_scoring_seat(work)?;
        if self.is_absent(work.actor.id) {
            return Err(Error::refused(
                crate::base::Kind::Forbidden,
                "absent",
                say("Bạn được ghi vắng mặt ở sản phẩm này.", "You are recorded as absent for this product."),
            ));
        }
        if !self.is_recused(work.actor.id) {
            return Ok(());
        }
        Err(Error::refused(
            crate::base::Kind::Forbidden,
            "recused",
            say("Bạn không tham gia chấm sản phẩm này.", "You are recused from this product."),
        ))
    }

    pub fn edition(&self, work: &mut Work) -> Result<Edition> {
        self.cycle(work)?.edition.edition()
    }

    pub fn cycle(&self, work: &mut Work) -> Result<Cycle> {
        cycle::store::find(work.connection, self.council.cycle_id)?
            .ok_or_else(|| Error::internal("a council without its cycle"))
    }

    /// 409 unless the council is open, in a cycle that is: closing a cycle ends its work.
    pub fn must_be_held(&self, work: &mut Work) -> Result<()> {
        self.council.state.must_be_open()?;
        self.cycle(work)?.state.must_be_open()
    }

    /// The set and the scale that the sheets of this item are marked with.
    pub fn set(&self, work: &mut Work) -> Result<(Set, Case)> {
        let id =
            self.dossier.criteria_set_id.ok_or_else(|| Error::internal("an agenda item without a criteria set"))?;
        let row = criteria::store::find(work.connection, id)?
            .ok_or_else(|| Error::internal("a dossier's criteria set is gone"))?;
        let producer = producer::store::find(work.connection, self.dossier.producer_id)?
            .ok_or_else(|| Error::internal("a dossier without its producer"))?;
        Ok((row.tree.0, self.dossier.scored_as.unwrap_or(producer.kind).into()))
    }

    /// The count of the submitted sheets of the present attempt, and how they vote. Each is marked again from its options:
    /// what does not come to what was submitted does not count, it stops the count.
    pub fn tally(&self, work: &mut Work) -> Result<(Tally, Vec<Vote>)> {
        let sheets = sheet::store::submitted(work.connection, self.item.id, self.item.attempt)?;
        let has_presiding = sheets.iter().any(|sheet| self.presides(sheet.account_id));
        let (set, case) = self.set(work)?;
        let mut votes: Vec<Vote> = Vec::new();
        for sheet in &sheets {
            let gate = sheet.gate.as_ref().map(|gate| &gate.0);
            let vote = sheet::rules::vote(&set, case, &sheet.marks.0, gate).ok();
            match vote {
                Some(vote) if sheet.vote() == Some(vote) => votes.push(vote),
                _ => return Err(Error::internal(format!("the sheet {} is not what was submitted", sheet.id))),
            }
        }
        let seats = self.scoring_seats().count();
        Ok((Tally::of(&self.council.rules.0, seats, has_presiding, &votes), votes))
    }
}
