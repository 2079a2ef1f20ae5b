//! Support money and rewards: a policy, claims at each stage of their way, and the reward of a decision.

use crate::account::Actor;
use crate::base::id::{CertificateId, SupportClaimId, SupportPolicyId};
use crate::base::{Day, Error, Result, Stars, Vnd};
use crate::decision::certificate_store;
use crate::demo::road::millions;
use crate::demo::stage::{Stage, on};
use crate::demo::stamps::Goods;
use crate::files::{Arrived, FileKind, Folder};
use crate::station::{Note, Order, Reason, Uploaded, apply, apply_creation};
use crate::support::claim::making::{self, ClaimPaperFields, SupportClaimForm};
use crate::support::claim::office::{self, AcceptanceForm, AppraisalForm, DecisionOnClaim, PaymentForm, TakeBackForm};
use crate::support::policy::rules::MoneySource;
use crate::support::policy::{self, steps::SupportPolicyForm};
use crate::support::reward::rules::RewardRate;
use crate::support::reward::{self, steps::RewardDecisionForm, steps::RewardForm, steps::RewardPaymentForm};

/// Who acts, and the day on which the first claim is written.
pub struct Office<'a> {
    pub office: &'a Actor,
    pub signatory: &'a Actor,
    pub from: Day,
}

/// A claim's product, and who accepts it on site.
#[derive(Clone, Copy)]
pub struct Claimant<'a> {
    pub goods: Goods<'a>,
    pub accepts: &'a Actor,
}

/// What is claimed, by what becomes of it.
pub struct Claims<'a> {
    pub paid: Claimant<'a>,
    pub taken_back: Claimant<'a>,
    pub decided: Claimant<'a>,
    /// It is sent after so many days.
    pub sent: (Claimant<'a>, i64),
    pub returned: Claimant<'a>,
    pub handed_in: Claimant<'a>,
}

/// An empty page: the demo draws nobody's invoices.
const PAPER: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Plays two months of claims by one policy, and leaves a draft of another.
pub fn claimed(stage: &mut Stage, office: &Office, claims: Claims) -> Result<()> {
    let policy = adopted(stage, office)?;
    let paid = decided(stage, office, policy, claims.paid, (300, 0))?;
    payment(stage, office, paid, (50, 30, "PC-101"))?;
    payment(stage, office, paid, (100, 36, "PC-117"))?;

    let taken_back = decided(stage, office, policy, claims.taken_back, (120, 1))?;
    payment(stage, office, taken_back, (60, 31, "PC-102"))?;
    let form = TakeBackForm {
        number: "77/QĐ-UBND".into(),
        signed_on: office.from.plus_days(40),
        amount: millions(20)?,
        reason: "Một phần thiết bị đã được bán lại trong năm".into(),
    };
    let work = &mut stage.work(office.signatory, on(office.from.plus_days(40), 0));
    apply(work, &office::TAKE_BACK, &taken_back, Order::given(form))?;

    let begun = decided(stage, office, policy, claims.decided, (500, 2))?;
    payment(stage, office, begun, (80, 32, "PC-103"))?;
    let (sent, after) = claims.sent;
    accepted(stage, office, policy, sent, (90, 3), after)?;
    let returned = handed_in(stage, office, policy, claims.returned, (60, 4))?;
    let reason = Reason::new(Some("Hóa đơn số 3 không có chữ ký người bán".into()))?;
    let work = &mut stage.work(claims.returned.accepts, on(office.from.plus_days(9), 0));
    apply(work, &office::RETURN, &returned, Order::given(reason))?;
    handed_in(stage, office, policy, claims.handed_in, (40, 30))?;
    Ok(())
}

fn adopted(stage: &mut Stage, office: &Office) -> Result<SupportPolicyId> {
    let form = |item: &str, name: &str, rate_percent, cap| SupportPolicyForm {
        act: "123/2018/NQ-HĐND".into(),
        item: item.into(),
        name: name.into(),
        rate_percent,
        cap,
        source: MoneySource::ProvincialBudget,
        valid_from: office.from.plus_days(-30),
        valid_to: None,
    };
    let equipment = form("MMTB", "Mua máy móc, thiết bị chế biến sản phẩm OCOP", 50, millions(200)?);
    let packaging = form("BBNM", "Thiết kế, in bao bì, nhãn mác sản phẩm OCOP", 70, millions(50)?);
    let work = &mut stage.work(office.office, on(office.from.plus_days(-30), 0));
    let policy = apply_creation(work, &policy::steps::CREATE, equipment)?;
    apply(work, &policy::steps::ADOPT, &policy, Order::given(Note::NONE))?;
    apply_creation(work, &policy::steps::CREATE, packaging)?;
    Ok(policy)
}

fn paper(stage: &Stage, name: &str) -> Result<Uploaded<ClaimPaperFields>> {
    let folder = Folder::of(&stage.app().data_dir);
    let file = Arrived::kept(&folder, PAPER, FileKind::Pdf, name.into())?;
    Ok(Uploaded { fields: ClaimPaperFields { caption: None }, file })
}

/// Handed in with an invoice, so many days after the first.
fn handed_in(
    stage: &mut Stage,
    office: &Office,
    policy: SupportPolicyId,
    claimant: Claimant,
    (costs, after): (i64, i64),
) -> Result<SupportClaimId> {
    let today = office.from.plus_days(after);
    let form = SupportClaimForm {
        policy_id: policy,
        year: today.year(),
        product_id: Some(claimant.goods.product),
        plan_id: None,
        costs: millions(costs)?,
        text: "Mua máy sấy và máy đóng gói, đã lắp đặt và chạy thử".into(),
    };
    let producer = claimant.goods.producer;
    let claim = apply_creation(&mut stage.work(producer, on(today, 0)), &making::CREATE, form)?;
    let invoice = paper(stage, "hoa-don.pdf")?;
    apply(&mut stage.work(producer, on(today, 5)), &making::ADD_PAPER, &claim, Order::given(invoice))?;
    apply(&mut stage.work(producer, on(today, 10)), &making::HAND_IN, &claim, Order::given(Note::NONE))?;
    Ok(claim)
}

/// Accepted three days later, and sent so many days after the first claim.
fn accepted(
    stage: &mut Stage,
    office: &Office,
    policy: SupportPolicyId,
    claimant: Claimant,
    (costs, after): (i64, i64),
    sent: i64,
) -> Result<SupportClaimId> {
    let claim = handed_in(stage, office, policy, claimant, (costs, after))?;
    let today = office.from.plus_days(after + 3);
    let minutes = paper(stage, "bien-ban-nghiem-thu.pdf")?;
    apply(&mut stage.work(claimant.accepts, on(today, 0)), &office::ADD_MINUTES, &claim, Order::given(minutes))?;
    let form =
        AcceptanceForm { amount: supported(costs)?, accepted_on: today, minutes_number: format!("{after}/BBNT") };
    apply(&mut stage.work(claimant.accepts, on(today, 10)), &office::ACCEPT, &claim, Order::given(form))?;
    let work = &mut stage.work(claimant.accepts, on(office.from.plus_days(sent), 0));
    apply(work, &office::SEND, &claim, Order::given(Note::NONE))?;
    Ok(claim)
}

/// Half of the costs, up to the policy's cap.
fn supported(costs: i64) -> Result<Vnd> {
    policy::rules::support(millions(costs)?, 50, millions(200)?)
}

fn decided(
    stage: &mut Stage,
    office: &Office,
    policy: SupportPolicyId,
    claimant: Claimant,
    (costs, after): (i64, i64),
) -> Result<SupportClaimId> {
    let claim = accepted(stage, office, policy, claimant, (costs, after), after + 5)?;
    let amount = supported(costs)?;
    let form = AppraisalForm { amount, text: "Hồ sơ đủ, đúng định mức".into() };
    let work = &mut stage.work(office.office, on(office.from.plus_days(after + 10), 0));
    apply(work, &office::APPRAISE, &claim, Order::given(form))?;
    let signed_on = office.from.plus_days(after + 20);
    let form = DecisionOnClaim { number: format!("{}/QĐ-UBND", 60 + after), signed_on, amount };
    apply(&mut stage.work(office.signatory, on(signed_on, 0)), &office::DECIDE, &claim, Order::given(form))?;
    Ok(claim)
}

fn payment(
    stage: &mut Stage,
    office: &Office,
    claim: SupportClaimId,
    (sum, after, voucher): (i64, i64, &str),
) -> Result<()> {
    let paid_on = office.from.plus_days(after);
    let form = PaymentForm { paid_on, amount: millions(sum)?, voucher: voucher.into() };
    apply(&mut stage.work(office.office, on(paid_on, 0)), &office::PAY, &claim, Order::given(form))
}

/// How far a reward goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rewarded {
    Drafted,
    Decided,
    Paid,
}

/// The reward of the decision that issued a certificate: 30 million for 3 stars, 50 for 4.
pub fn rewarded(
    stage: &mut Stage,
    office: &Office,
    certificate: CertificateId,
    number: &str,
    how_far: Rewarded,
) -> Result<()> {
    let certificate = certificate_store::find(stage.connection, certificate)?.ok_or_else(Error::unknown)?;
    let rate = |stars, sum| -> Result<RewardRate> {
        let stars = Stars::new(stars).ok_or_else(|| Error::internal("the demo rewards stars that there are not"))?;
        Ok(RewardRate { stars, amount: millions(sum)? })
    };
    let form = RewardForm { decision_id: certificate.decision_id, rates: vec![rate(3, 30)?, rate(4, 50)?] };
    let work = &mut stage.work(office.office, on(office.from, 0));
    let id = apply_creation(work, &reward::steps::CREATE, form)?;
    if how_far == Rewarded::Drafted {
        return Ok(());
    }
    let signed_on = office.from.plus_days(10);
    let form = RewardDecisionForm { number: number.into(), signed_on };
    apply(&mut stage.work(office.signatory, on(signed_on, 0)), &reward::steps::DECIDE, &id, Order::given(form))?;
    let product_id = (how_far == Rewarded::Decided).then_some(certificate.product_id);
    let paid_on = office.from.plus_days(14);
    let form = RewardPaymentForm { product_id, paid_on, voucher: "PC-201".into() };
    apply(&mut stage.work(office.office, on(paid_on, 0)), &reward::steps::PAY, &id, Order::given(form))
}
