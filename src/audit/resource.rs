//! The kinds of things that have a history.

use crate::db::types::text_column;

/// What has a history.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum Resource {
    Account,
    AgendaItem,
    Appeal,
    Certificate,
    Council,
    CriteriaSet,
    Cycle,
    Decision,
    Dossier,
    Doubt,
    GroupReport,
    Hold,
    Idea,
    Inspection,
    InspectionPlan,
    Lot,
    PersonalDataRequest,
    Plan,
    Producer,
    Product,
    Registration,
    ResultNotice,
    Reward,
    /// No route lists these: a sheet's steps say when its member wrote.
    Sheet,
    Shop,
    StampOrder,
    SupportClaim,
    SupportPolicy,
    Survey,
    Suspicion,
}
text_column!(Resource);
