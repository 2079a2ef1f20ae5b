//! The steps of requests about one's own data: made by whoever has an account, or entered by an administrator; answered or
//! refused by an administrator; withdrawn by who asked.

use chrono::Duration;

use crate::account::{self, Asker, Role, Work};
use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::PersonalDataRequestId;
use crate::base::{Error, Moment, Result, say};
use crate::db::AnyConnection;
use crate::personal_data::PersonalDataRequest;
use crate::personal_data::erasure;
use crate::personal_data::forms::{AskingPerson, PersonalDataAnswer, PersonalDataRequestForm, Recognition};
use crate::personal_data::rules::{self, RequestKind};
use crate::personal_data::store::{self, NewRequest, RequestRow};
use crate::privacy::record::{CONTACT_DAYS, REQUEST_DAYS};
use crate::station::{By, Creation, Note, Offer, Reason, Taken, Verb, label};

const ADMINISTRATOR: By = By::Roles(&[Role::Administrator]);

/// Asks about one's own data, or enters what somebody without an account asks.
pub static CREATE: Creation<PersonalDataRequest, PersonalDataRequestForm> = Creation::new(
    label("Gửi yêu cầu về dữ liệu cá nhân", "Ask about one's own data"),
    By::Seat(label(
        "mọi tài khoản, cho chính mình; quản trị viên, cho người không có tài khoản",
        "every account for itself; administrators for somebody without an account",
    )),
    ask,
);

/// Answers a request: makes the copy ready, erases, or says what was put right.
pub static ANSWER: Verb<PersonalDataRequest, PersonalDataAnswer> =
    Verb::new("answer", label("Trả lời yêu cầu", "Answer the request"), ADMINISTRATOR, answer).open(|_, request| {
        request.row.state.answer()?;
        if request.row.kind == RequestKind::Erase { rules::must_have_ended(request.has_ended) } else { Ok(()) }
    });

/// Refuses a request, saying why by the law.
pub static REFUSE: Verb<PersonalDataRequest, Reason> =
    Verb::new("refuse", label("Từ chối yêu cầu", "Refuse the request"), ADMINISTRATOR, refuse)
        .open(|_, request| request.row.state.refuse().map(drop));

/// Withdraws a request.
pub static WITHDRAW: Verb<PersonalDataRequest, Note> = Verb::new(
    "withdraw",
    label("Rút yêu cầu", "Withdraw the request"),
    By::Seat(label(
        "người yêu cầu; quản trị viên, khi đã nhập thay",
        "who asked; administrators where it was entered for somebody",
    )),
    withdraw,
)
.right(must_be_asker)
.open(|_, request| request.row.state.withdraw().map(drop));

pub static VERBS: &[&dyn Offer<PersonalDataRequest>] = &[&ANSWER, &REFUSE, &WITHDRAW];

fn must_be_asker(asker: Asker, request: &PersonalDataRequest) -> Result<()> {
    let is_own = request.row.account_id == Some(asker.actor.id);
    let was_entered = request.row.recorded_by.is_some() && asker.is(&[Role::Administrator]);
    if is_own || was_entered {
        return Ok(());
    }
    Err(Error::forbidden(say("Chỉ người yêu cầu rút được.", "Only who asked can withdraw it.")))
}

fn ask(work: &mut Work, form: PersonalDataRequestForm) -> Result<(PersonalDataRequestId, Taken)> {
    form.check()?;
    let PersonalDataRequestForm { kind, text, reference, person } = form;
    let due_on = rules::due(work.now.day())?;
    let request = match person {
        None => {
            let account = work.actor.id;
            account::store::take(work.connection, account)?;
            if store::waits(work.connection, account, kind)? {
                return Err(already_asked());
            }
            NewRequest {
                kind,
                account: Some(account),
                recorded_by: None,
                name: None,
                contact: None,
                recognised: None,
                identity_check: None,
                reference,
                text,
                due_on,
            }
        }
        Some(person) => {
            work.must_be(&[Role::Administrator])?;
            let (account, recognised) = recognised(work.connection, &person)?;
            let AskingPerson { name, contact, identity_check, .. } = person;
            NewRequest {
                kind,
                account,
                recorded_by: Some(work.actor.id),
                name: Some(name),
                contact: Some(contact),
                recognised,
                identity_check: Some(identity_check),
                reference,
                text,
                due_on,
            }
        }
    };
    let id = store::insert(work.connection, request, work.now)?;
    Ok((id, Taken::to(rules::RequestState::Received)))
}

type Recognised = (Option<crate::base::id::AccountId>, Option<(rules::RecognisedBy, String)>);

fn recognised(connection: &mut AnyConnection, person: &AskingPerson) -> Result<Recognised> {
    match person.recognition()? {
        Recognition::Value(by, value) => Ok((None, Some((by, value)))),
        Recognition::Account(account) if account::store::find(connection, account)?.is_some() => {
            Ok((Some(account), None))
        }
        Recognition::Account(_) => Err(Error::invalid(
            "/person/account_id",
            "unknown_account",
            say("Không có tài khoản này.", "There is no such account."),
        )),
    }
}

fn already_asked() -> Error {
    Error::conflict(
        "already_asked",
        say(
            "Bạn đã có một yêu cầu cùng loại đang chờ trả lời.",
            "A request of yours of this kind waits for its answer already.",
        ),
    )
}

fn answer(work: &mut Work, request: &PersonalDataRequest, form: PersonalDataAnswer) -> Result<Taken> {
    let row = &request.row;
    let (state, said) = (row.state.answer()?, form.text(row.kind)?);
    let outcome = match row.kind {
        RequestKind::Erase => Some(erasure::erase(work, row)?),
        RequestKind::Export | RequestKind::Correct => None,
    };
    store::close(work.connection, row.id, state, said.as_deref(), outcome, work.now)?;
    Ok(Taken::to(state))
}

/// The reason stands in the request and not in its history, which is never erased.
fn refuse(work: &mut Work, request: &PersonalDataRequest, reason: Reason) -> Result<Taken> {
    let state = request.row.state.refuse()?;
    store::close(work.connection, request.row.id, state, Some(reason.text()), None, work.now)?;
    Ok(Taken::to(state))
}

fn withdraw(work: &mut Work, request: &PersonalDataRequest, note: Note) -> Result<Taken> {
    let state = request.row.state.withdraw()?;
    store::close(work.connection, request.row.id, state, note.optional()?.as_deref(), None, work.now)?;
    Ok(Taken::to(state))
}

/// So many are forgotten in one transaction.
const AT_ONCE: i64 = 500;

/// Forgets how to reach who asked once that is old enough, and later of whom the request was.
pub fn forget(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let before = |days: i64| now.plus(-Duration::days(days));
    let reachable = store::reachable_before(connection, before(CONTACT_DAYS), AT_ONCE)?;
    for row in &reachable {
        store::forget_contact(connection, row.id)?;
        record(connection, row, const { StepName::new("forget-contact") }, now)?;
    }
    let told = store::told_before(connection, before(REQUEST_DAYS), AT_ONCE)?;
    for row in &told {
        store::erase(connection, row.id, now)?;
        record(connection, row, const { StepName::new("erase") }, now)?;
    }
    Ok(reachable.len() + told.len())
}

/// A step that the service takes in nobody's name.
fn record(connection: &mut AnyConnection, row: &RequestRow, verb: StepName, now: Moment) -> Result<()> {
    let state = Some(row.state.as_ref());
    let entry = StepTaken {
        resource: Resource::PersonalDataRequest,
        id: row.id,
        version: row.version + 1,
        account: None,
        verb,
        from: state,
        to: state,
        note: None,
    };
    audit::record(connection, now, entry)
}
