//! Identities. An `Id<Idea>` cannot be passed where an `Id<Plan>` is meant.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Names each thing that has an id of its own, and its id.
macro_rules! things {
    ($($thing:ident $id:ident),* $(,)?) => {
        pub mod of {
            $(#[derive(Debug)] pub enum $thing {})*
        }
        $(pub type $id = Id<of::$thing>;)*
    };
}
things!(
    Account AccountId,
    AgendaItem AgendaItemId,
    Appeal AppealId,
    Any AnyId,
    Certificate CertificateId,
    Council CouncilId,
    CriteriaSet CriteriaSetId,
    Cycle CycleId,
    Decision DecisionId,
    Dispatch DispatchId,
    Document DocumentId,
    Dossier DossierId,
    Doubt DoubtId,
    Family FamilyId,
    File FileId,
    GroupReport GroupReportId,
    Hold HoldId,
    Idea IdeaId,
    IdentityReading IdentityReadingId,
    Inspection InspectionId,
    InspectionFile InspectionFileId,
    InspectionPlan InspectionPlanId,
    InspectionTest InspectionTestId,
    Lot LotId,
    LotEvent LotEventId,
    Original OriginalId,
    Paper PaperId,
    PersonalDataRequest PersonalDataRequestId,
    Picture PictureId,
    Plan PlanId,
    Producer ProducerId,
    Product ProductId,
    RefreshToken RefreshTokenId,
    Registration RegistrationId,
    Reminder ReminderId,
    Reward RewardId,
    Remark RemarkId,
    Seat SeatId,
    Session SessionId,
    Sheet SheetId,
    Shop ShopId,
    SignIn SignInId,
    StampExport StampExportId,
    StampExportLink StampExportLinkId,
    StampOrder StampOrderId,
    SupportClaim SupportClaimId,
    SupportClaimFile SupportClaimFileId,
    SupportPolicy SupportPolicyId,
    Survey SurveyId,
    SurveyFile SurveyFileId,
    SurveyTest SurveyTestId,
    Suspicion SuspicionId,
    Visit VisitId,
    Demand DemandId,
    ResultNotice ResultNoticeId,
);

/// The id of a `T`: a UUID, version 7 (ordered by time) unless its moment must stay hidden, then version 4.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// A new id, ordered by the time of its making.
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// A new id that says nothing about when it was made (sheets, doubts).
    pub fn random() -> Self {
        Self::from_uuid(Uuid::new_v4())
    }

    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    pub fn uuid(self) -> Uuid {
        self.0
    }

    /// The same id where any kind of thing may stand, as in the history.
    pub fn any(self) -> AnyId {
        Id::from_uuid(self.0)
    }
}

impl<T> Default for Id<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self::from_uuid)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}
impl<T> utoipa::__dev::ComposeSchema for Id<T> {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
    }
}
impl<T> utoipa::ToSchema for Id<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
}
