//! What authorities do with a claim: accept it on site, send it to the province, appraise, decide, pay, take back, and return
//! or refuse it where it is their turn.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Territory, Work};
use crate::base::id::SupportClaimFileId;
use crate::base::{Day, Error, Faults, Result, Vnd, paper_number, say, text};
use crate::station::{By, Label, Note, Reason, Taken, Uploaded, Verb, label, plain_forms};
use crate::support::SupportClaim;
use crate::support::claim::making::{ClaimPaperFields, keep};
use crate::support::claim::rules::{self, Payment, State, TakenBack, left};
use crate::support::claim::store::{self, FilePurpose};
use crate::support::rules::{must_be_past, must_be_within, must_follow, signed};

/// What was found on site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportAcceptanceForm)]
pub struct AcceptanceForm {
    /// The support that is due by what was found, in VND, no more than was claimed.
    pub amount: Vnd,
    /// The day of the acceptance.
    pub accepted_on: Day,
    /// The number of the acceptance minutes (biên bản nghiệm thu).
    pub minutes_number: String,
}

/// What the provincial office found of the papers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportAppraisalForm)]
pub struct AppraisalForm {
    /// In VND, no more than was accepted.
    pub amount: Vnd,
    pub text: String,
}

/// The decision on a claim; one decision may be about many.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportDecisionForm)]
pub struct DecisionOnClaim {
    pub number: String,
    pub signed_on: Day,
    /// In VND, no more than was appraised.
    pub amount: Vnd,
}

/// A part that was paid.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportPaymentForm)]
pub struct PaymentForm {
    pub paid_on: Day,
    /// In VND, no more than is left of what was decided.
    pub amount: Vnd,
    /// The number of the paper by which it was paid.
    pub voucher: String,
}

/// The decision by which money is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportTakeBackForm)]
pub struct TakeBackForm {
    pub number: String,
    pub signed_on: Day,
    /// In VND, no more than was paid and is not taken back yet.
    pub amount: Vnd,
    pub reason: String,
}

plain_forms!(AcceptanceForm, AppraisalForm, DecisionOnClaim, PaymentForm, TakeBackForm);

const ACCEPTS: Label = label("cấp nghiệm thu theo quy trình", "who accepts in the edition");

const ON_SITE: By = By::Some(&[Role::CommuneOfficer, Role::DistrictOfficer], ACCEPTS);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

const SIGNATORY: By = By::Some(&[Role::Signatory], label("của tỉnh", "of the province"));

const WHOSE_TURN: By = By::Some(
    &[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer],
    label("cấp đang giữ hồ sơ", "whose turn it is"),
);

/// Adds the minutes of the acceptance.
pub static ADD_MINUTES: Verb<SupportClaim, Uploaded<ClaimPaperFields>, SupportClaimFileId> =
    Verb::new("add-minutes", label("Thêm biên bản nghiệm thu", "Add the acceptance minutes"), ON_SITE, add_minutes)
        .right(must_accept)
        .open(|_, claim| {
            claim.row.state.accept()?;
            rules::must_have_room(claim.papers(FilePurpose::AcceptanceMinutes))
        })
        .at_any_version();

/// Accepts the claim on site, by the minutes.
pub static ACCEPT: Verb<SupportClaim, AcceptanceForm> =
    Verb::new("accept", label("Nghiệm thu", "Accept the claim"), ON_SITE, accept).right(must_accept).open(
        |_, claim| {
            claim.row.state.accept()?;
            rules::must_have_files(claim.papers(FilePurpose::AcceptanceMinutes))
        },
    );

/// Sends the claim to the province: by 15 November, else it is marked late.
pub static SEND: Verb<SupportClaim, Note> =
    Verb::new("send", label("Gửi hồ sơ lên tỉnh", "Send the claim to the province"), ON_SITE, send)
        .right(must_accept)
        .open(|_, claim| claim.row.state.send().map(drop));

/// Appraises the claim.
pub static APPRAISE: Verb<SupportClaim, AppraisalForm> =
    Verb::new("appraise", label("Thẩm định hồ sơ hỗ trợ", "Appraise the claim"), OFFICE, appraise)
        .open(|_, claim| claim.row.state.appraise().map(drop));

/// Decides how much is paid.
pub static DECIDE: Verb<SupportClaim, DecisionOnClaim> =
    Verb::new("decide", label("Quyết định hỗ trợ", "Decide on the claim"), SIGNATORY, decide)
        .right(must_sign_for_the_province)
        .open(|_, claim| claim.row.state.decide().map(drop));

/// Records a part that was paid.
pub static PAY: Verb<SupportClaim, PaymentForm> =
    Verb::new("pay", label("Ghi khoản đã chi", "Record a payment"), OFFICE, pay)
        .open(|_, claim| claim.row.state.pay(Vnd::ZERO).map(drop));

/// Takes back what was paid, all or a part; no more is paid from then on.
pub static TAKE_BACK: Verb<SupportClaim, TakeBackForm> =
    Verb::new("take-back", label("Thu hồi tiền hỗ trợ", "Take money back"), SIGNATORY, take_back)
        .right(must_sign_for_the_province)
        .open(|_, claim| claim.row.state.take_back(claim.row.paid, claim.row.taken_back).map(drop));

/// Returns the claim to its producer.
pub static RETURN: Verb<SupportClaim, Reason> =
    Verb::new("return", label("Trả lại hồ sơ để sửa", "Return the claim"), WHOSE_TURN, give_back)
        .right(must_have_a_turn)
        .open(|asker, claim| claim.row.state.end_turn(claim.turn_of(asker), State::Returned).map(drop));

/// Ends the claim.
pub static REFUSE: Verb<SupportClaim, Reason> =
    Verb::new("refuse", label("Từ chối hỗ trợ", "Refuse the claim"), WHOSE_TURN, refuse)
        .right(must_have_a_turn)
        .open(|asker, claim| claim.row.state.end_turn(claim.turn_of(asker), State::Refused).map(drop));

/// 403 for who does not accept claims in the claim's edition.
fn must_accept(asker: Asker, claim: &SupportClaim) -> Result<()> {
    asker.actor.must_be(&[claim.accepts])
}

fn must_have_a_turn(asker: Asker, claim: &SupportClaim) -> Result<()> {
    asker.actor.must_be(&[claim.accepts, Role::ProvincialOfficer])
}

/// Signatories of districts decide on nothing that the province pays.
pub(in crate::support) fn is_of_the_province(asker: Asker) -> Result<()> {
    if asker.actor.territory() == Territory::Province {
        return Ok(());
    }
    Err(Error::forbidden(say("Việc này do người ký của tỉnh.", "This is for the province's signatory.")))
}

fn must_sign_for_the_province(asker: Asker, _: &SupportClaim) -> Result<()> {
    is_of_the_province(asker)
}

fn add_minutes(
    work: &mut Work,
    claim: &SupportClaim,
    form: Uploaded<ClaimPaperFields>,
) -> Result<Taken<SupportClaimFileId>> {
    let Uploaded { fields: ClaimPaperFields { caption }, file } = form;
    keep(work, claim, file, FilePurpose::AcceptanceMinutes, caption)
}

fn accept(work: &mut Work, claim: &SupportClaim, form: AcceptanceForm) -> Result<Taken> {
    let row = &claim.row;
    let mut faults = Vec::new();
    must_be_within(form.amount, row.claimed, &mut faults);
    must_be_past(form.accepted_on, work.now.day(), "/accepted_on", &mut faults);
    let minutes = paper_number::spelled(&form.minutes_number);
    text::check_code(&minutes, "/minutes_number", 100, &mut faults);
    faults.into_result()?;
    let state = row.state.accept()?;
    store::accept(work.connection, row.id, state, (form.amount, form.accepted_on, minutes.clone()))?;
    Ok(Taken::to(state).with_note(Some(minutes)))
}

fn send(work: &mut Work, claim: &SupportClaim, note: Note) -> Result<Taken> {
    let state = claim.row.state.send()?;
    store::send(work.connection, claim.row.id, state, work.now.day())?;
    Ok(Taken::to(state).with_note(note.note))
}

fn appraise(work: &mut Work, claim: &SupportClaim, form: AppraisalForm) -> Result<Taken> {
    let row = &claim.row;
    let mut faults = Vec::new();
    must_be_within(form.amount, row.amounts().standing(), &mut faults);
    text::check(&form.text, "/text", 5000, &mut faults);
    faults.into_result()?;
    let state = row.state.appraise()?;
    store::appraise(work.connection, row.id, state, (form.amount, work.now.day(), form.text.clone()))?;
    Ok(Taken::to(state).with_note(Some(form.text)))
}

fn decide(work: &mut Work, claim: &SupportClaim, form: DecisionOnClaim) -> Result<Taken> {
    let row = &claim.row;
    let mut faults = Vec::new();
    must_be_within(form.amount, row.amounts().standing(), &mut faults);
    let number = signed(&form.number, form.signed_on, work.now.day(), &mut faults);
    must_follow(form.signed_on, row.appraised_on, "/signed_on", &mut faults);
    faults.into_result()?;
    let state = row.state.decide()?;
    store::decide(work.connection, row.id, state, (form.amount, form.signed_on, number.clone()))?;
    Ok(Taken::to(state).with_note(Some(number)))
}

fn pay(work: &mut Work, claim: &SupportClaim, form: PaymentForm) -> Result<Taken> {
    let row = &claim.row;
    let decided = row.amounts().standing();
    let mut faults = Vec::new();
    must_be_within(form.amount, left(decided, row.paid), &mut faults);
    must_be_past(form.paid_on, work.now.day(), "/paid_on", &mut faults);
    must_follow(form.paid_on, row.decision_signed_on, "/paid_on", &mut faults);
    text::check_code(&form.voucher, "/voucher", 100, &mut faults);
    faults.into_result()?;
    let paid = row.paid.plus(form.amount)?;
    let state = row.state.pay(left(decided, paid))?;
    let PaymentForm { paid_on, amount, voucher } = form;
    let note = format!("{voucher}: {} VND", amount.get());
    let mut payments = row.payments.0.clone();
    payments.push(Payment { paid_on, amount, voucher });
    store::pay(work.connection, row.id, state, payments, paid)?;
    Ok(Taken::to(state).with_note(Some(note)))
}

fn take_back(work: &mut Work, claim: &SupportClaim, form: TakeBackForm) -> Result<Taken> {
    let row = &claim.row;
    let mut faults = Vec::new();
    must_be_within(form.amount, left(row.paid, row.taken_back), &mut faults);
    let number = signed(&form.number, form.signed_on, work.now.day(), &mut faults);
    must_follow(form.signed_on, row.payments.0.iter().map(|part| part.paid_on).min(), "/signed_on", &mut faults);
    text::check(&form.reason, "/reason", 2000, &mut faults);
    faults.into_result()?;
    let state = row.state.take_back(row.paid, row.taken_back)?;
    let taken_back = row.taken_back.plus(form.amount)?;
    let note = format!("{number}: {} VND. {}", form.amount.get(), form.reason);
    let mut returns = row.returns.0.clone();
    returns.push(TakenBack { number, signed_on: form.signed_on, amount: form.amount, reason: form.reason });
    store::take_back(work.connection, row.id, state, returns, taken_back)?;
    Ok(Taken::to(state).with_note(Some(note)))
}

fn give_back(work: &mut Work, claim: &SupportClaim, reason: Reason) -> Result<Taken> {
    store::give_back(work.connection, claim.row.id, State::Returned)?;
    Ok(Taken::to(State::Returned).with_note(Some(reason.into_text())))
}

fn refuse(work: &mut Work, claim: &SupportClaim, reason: Reason) -> Result<Taken> {
    store::set_state(work.connection, claim.row.id, State::Refused)?;
    Ok(Taken::to(State::Refused).with_note(Some(reason.into_text())))
}
