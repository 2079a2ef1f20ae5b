//! Who had a hand in a product before its scoring, and who of them therefore does not score it. Pure.
//!
//! 26/2026/QĐ-TTg asks for an objective evaluation (article 4.2) and leaves it at that; 36/2018/QH14 says who has a
//! conflict of interests: who belongs to the producer (article 23), and who advised it in what they take part in deciding
//! (article 20.2 c). No act says that who decided on the idea or the plan, is responsible for the product or visited its maker may
//! not score it; this house keeps them apart, for they judge what they carried on. Who reported or checked for the commune, the
//! office or the working group (articles 7.2, 7.3.a to c) is recused by nothing; who leads the session is told, and weighs it.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Role;
use crate::audit::{CREATE, Resource, StepName};
use crate::base::id::AccountId;
use crate::base::{UnitCode, canonical, text};
use crate::producer::rules::ProducerForm;
use crate::station::{Label, label};
use crate::{dossier, idea, plan, product};

/// What somebody had to do with a product.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema, strum::EnumIter, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Involvement {
    /// The producer, one of its members, or who worked with its account.
    BelongsToProducer,
    /// Registered as living where the producer is.
    LivesAtProducer,
    /// Named responsible for it: helps the producer on.
    IsResponsible,
    /// Approved its plan and with it the support by the state.
    ApprovedPlan,
    /// Wrote or handed in idea, plan, dossier or papers, which are the producer's own to prepare (articles 6.1, 7.1).
    ActedForProducer,
    ForwardedIdea,
    SelectedIdea,
    AcceptedIdea,
    VisitedOnSite,
    /// Named who is responsible for it.
    NamedResponsible,
    /// Wrote the commune's report (form 03).
    ReportedForCommune,
    SurveyedOnSite,
    ReportedForGroup,
    Remarked,
}

impl Involvement {
    /// Whether it keeps somebody from scoring.
    pub fn recuses(self) -> bool {
        matches!(
            self,
            Self::BelongsToProducer
                | Self::LivesAtProducer
                | Self::IsResponsible
                | Self::ApprovedPlan
                | Self::ActedForProducer
                | Self::ForwardedIdea
                | Self::SelectedIdea
                | Self::AcceptedIdea
                | Self::VisitedOnSite
        )
    }

    /// What it is in words; a recusal by rule keeps the Vietnamese ones as its reason.
    pub fn told(self) -> Label {
        match self {
            Self::BelongsToProducer => {
                label("Là thành viên hoặc người của chủ thể", "Is a member of the producer or works for it")
            }
            Self::LivesAtProducer => label("Có cùng địa chỉ đăng ký với chủ thể", "Lives at the producer's address"),
            Self::IsResponsible => label("Là cán bộ phụ trách sản phẩm", "Is responsible for the product"),
            Self::ApprovedPlan => label("Đã phê duyệt phương án của sản phẩm", "Approved the product's plan"),
            Self::ActedForProducer => {
                label("Đã lập hoặc nộp hồ sơ thay chủ thể", "Wrote or handed in papers for the producer")
            }
            Self::ForwardedIdea => label("Đã chuyển ý tưởng kèm ý kiến", "Forwarded the idea with an opinion"),
            Self::SelectedIdea => label("Đã chọn ý tưởng", "Selected the idea"),
            Self::AcceptedIdea => label("Đã chấp nhận ý tưởng", "Accepted the idea"),
            Self::NamedResponsible => label("Đã phân công cán bộ phụ trách", "Named who is responsible"),
            Self::ReportedForCommune => label("Đã lập báo cáo của xã (mẫu 03)", "Wrote the commune's report (form 03)"),
            Self::VisitedOnSite => label("Đã thăm cơ sở", "Visited the producer"),
            Self::SurveyedOnSite => label("Đã khảo sát thực tế", "Surveyed on site"),
            Self::ReportedForGroup => label("Đã lập báo cáo của tổ giúp việc", "Wrote the working group's report"),
            Self::Remarked => label("Đã ghi nhận xét khi kiểm tra hồ sơ", "Remarked on the dossier beforehand"),
        }
    }
}

/// What is known of the person behind an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub account: AccountId,
    pub role: Role,
    pub identity_number: Option<String>,
    pub residence_code: Option<UnitCode>,
    pub residence: Option<String>,
}

impl Person {
    /// Whether two accounts are of one person, as far as that is known.
    fn is(&self, other: &Self) -> bool {
        self.account == other.account || self.number().is_some_and(|number| other.number() == Some(number))
    }

    /// The identity number in its one spelling; older programs kept what was typed, and some of that is no number.
    fn number(&self) -> Option<String> {
        self.identity_number.as_deref().map(canonical::identity_number).filter(|number| !number.is_empty())
    }
}

/// A step that somebody took with the product or what stands around it.
#[derive(Debug, Clone)]
pub struct PersonsStep<'a> {
    pub by: &'a Person,
    pub resource: Resource,
    pub verb: &'a str,
}

/// A product with all that is known of who had a hand in it.
#[derive(Debug)]
pub struct Candidacy<'a> {
    pub producer: ProducerForm,
    pub responsible: Option<&'a Person>,
    pub steps: Vec<PersonsStep<'a>>,
    /// Who visited, surveyed, remarked and reported, as what they wrote says.
    pub authors: Vec<(&'a Person, Involvement)>,
}

/// What a person had to do with a product; where it recuses, the first says why.
pub fn involvement(person: &Person, candidacy: &Candidacy<'_>) -> BTreeSet<Involvement> {
    let steps = candidacy.steps.iter().filter(|step| step.by.is(person));
    let mut found: BTreeSet<Involvement> = steps.filter_map(of_step).collect();
    let authored = candidacy.authors.iter().filter(|(author, _)| author.is(person));
    found.extend(authored.map(|(_, involvement)| *involvement));
    found.extend(tie(person, &candidacy.producer));
    if candidacy.responsible.is_some_and(|responsible| responsible.is(person)) {
        found.insert(Involvement::IsResponsible);
    }
    found
}

/// Steps of surveys and reports of the working group, which stand behind agendas.
const CHANGE: StepName = StepName::new("change");
const FINISH: StepName = StepName::new("finish");

/// The steps by which somebody had a hand in a product: whose it is, its name, what it makes of who took it.
pub fn steps() -> [(Resource, StepName, Involvement); 19] {
    use Involvement::*;
    [
        (Resource::Idea, CREATE, ActedForProducer),
        (Resource::Idea, idea::steps::CHANGE.name, ActedForProducer),
        (Resource::Idea, idea::steps::SUBMIT.name, ActedForProducer),
        (Resource::Idea, idea::steps::FORWARD.name, ForwardedIdea),
        (Resource::Idea, idea::steps::SELECT.name, SelectedIdea),
        (Resource::Idea, idea::steps::ACCEPT.name, AcceptedIdea),
        (Resource::Plan, CREATE, ActedForProducer),
        (Resource::Plan, plan::steps::CHANGE.name, ActedForProducer),
        (Resource::Plan, plan::steps::SUBMIT.name, ActedForProducer),
        (Resource::Plan, plan::steps::APPROVAL.step_name(), ApprovedPlan),
        (Resource::Product, product::steps::ADD_DOCUMENT.name, ActedForProducer),
        (Resource::Product, product::steps::REUSE_DOCUMENT.name, ActedForProducer),
        (Resource::Dossier, dossier::steps::CHANGE.name, ActedForProducer),
        (Resource::Dossier, dossier::steps::SUBMIT.name, ActedForProducer),
        (Resource::Dossier, dossier::commune_steps::FORWARD.name, ReportedForCommune),
        (Resource::Survey, CHANGE, SurveyedOnSite),
        (Resource::Survey, FINISH, SurveyedOnSite),
        (Resource::GroupReport, CHANGE, ReportedForGroup),
        (Resource::GroupReport, FINISH, ReportedForGroup),
    ]
}

/// What a step makes of who took it. With a producer's account one works for the producer, whatever the step; a district's
/// officer changes a dossier only by naming who is responsible for it.
fn of_step(step: &PersonsStep<'_>) -> Option<Involvement> {
    let steps = steps();
    let (_, _, found) =
        steps.iter().find(|(resource, name, _)| *resource == step.resource && name.text() == step.verb)?;
    Some(match (*found, step.by.role) {
        (_, Role::Producer) => Involvement::BelongsToProducer,
        (Involvement::ActedForProducer, Role::DistrictOfficer) if step.resource == Resource::Dossier => {
            Involvement::NamedResponsible
        }
        (found, _) => found,
    })
}

/// Why a person belongs to a producer, if so: the same identity number as the producer or one of its members, or the
/// same registered address.
fn tie(person: &Person, producer: &ProducerForm) -> Option<Involvement> {
    let numbers = std::iter::once(&producer.identity_number);
    let mut numbers = numbers.chain(producer.members.iter().filter_map(|member| member.identity_number.as_ref()));
    let own = person.number();
    if own.is_some_and(|own| numbers.any(|number| canonical::identity_number(number) == own)) {
        return Some(Involvement::BelongsToProducer);
    }
    let lives_there = person.residence_code.as_ref() == Some(&producer.commune_code)
        && person.residence.as_ref().is_some_and(|residence| plain(residence) == plain(&producer.address));
    lives_there.then_some(Involvement::LivesAtProducer)
}

/// An address without what two writers of it would do differently: case, diacritics, commas, spaces.
fn plain(address: &str) -> String {
    text::fold(address).chars().filter(|character| character.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::Involvement::*;
    use super::*;

    fn producer() -> ProducerForm {
        let form = serde_json::json!({
            "name": "Hợp tác xã Mật ong Sơn Kim", "kind": "cooperative", "identity_number": "3000123456",
            "commune_code": "18196", "address": "Thôn Đại Vàng, số 12", "representative": "Nguyễn Văn A",
            "phone": "0239300001", "public_phone": false,
            "members": [{"name": "Trần Thị B", "identity_number": "042180001234"}, {"name": "Lê C"}],
        });
        serde_json::from_value(form).unwrap()
    }

    fn somebody(role: Role) -> Person {
        Person { account: AccountId::new(), role, identity_number: None, residence_code: None, residence: None }
    }

    fn numbered(role: Role, number: &str) -> Person {
        Person { identity_number: Some(number.into()), ..somebody(role) }
    }

    #[test]
    fn members_and_who_lives_at_the_same_address_are_tied_to_a_producer() {
        let tied = |number: &str| tie(&numbered(Role::CouncilMember, number), &producer());
        assert_eq!(tied("042180001234"), Some(BelongsToProducer));
        assert_eq!(tied("3000123456"), Some(BelongsToProducer));
        for spelled in ["042-180-001-234", "42180001234", "042 180 001 234", "０４２１８０００１２３４", "3000-123-456"]
        {
            assert_eq!(tied(spelled), Some(BelongsToProducer), "{spelled}");
        }
        assert_eq!((tied("042180001235"), tied("------")), (None, None));
        let unnumbered = ProducerForm { identity_number: "------".into(), ..producer() };
        assert_eq!(tie(&numbered(Role::CouncilMember, "-- --"), &unnumbered), None, "no number is nobody's");
        let living = |code: &str, at: &str| Person {
            residence_code: Some(code.parse().unwrap()),
            residence: Some(at.into()),
            ..somebody(Role::CouncilMember)
        };
        assert_eq!(tie(&living("18196", "thon dai vang so 12"), &producer()), Some(LivesAtProducer));
        assert_eq!(tie(&living("18199", "Thôn Đại Vàng, số 12"), &producer()), None);
        assert_eq!(tie(&living("18196", "Thôn Đại Vàng, số 13"), &producer()), None);
        assert_eq!(tie(&somebody(Role::CouncilMember), &producer()), None);
    }

    #[test]
    fn each_step_makes_of_who_took_it_what_the_table_says_and_of_nobody_else() {
        for (resource, name, expected) in steps() {
            let (taker, other) = (somebody(Role::CommuneOfficer), somebody(Role::CommuneOfficer));
            let step = PersonsStep { by: &taker, resource, verb: name.text() };
            let candidacy = Candidacy { producer: producer(), responsible: None, steps: vec![step], authors: vec![] };
            assert_eq!(involvement(&taker, &candidacy), BTreeSet::from([expected]), "{resource:?} {name:?}");
            assert!(involvement(&other, &candidacy).is_empty(), "{resource:?} {name:?}");
        }
        let (visitor, other) = (somebody(Role::CommuneOfficer), somebody(Role::CommuneOfficer));
        let authors = vec![(&visitor, VisitedOnSite)];
        let candidacy = Candidacy { producer: producer(), responsible: None, steps: vec![], authors };
        assert_eq!(involvement(&visitor, &candidacy), BTreeSet::from([VisitedOnSite]));
        assert!(involvement(&other, &candidacy).is_empty());
    }

    #[test]
    fn a_district_officer_who_names_who_is_responsible_acts_for_nobody() {
        let officer = somebody(Role::DistrictOfficer);
        let of = |resource, verb| {
            involvement(
                &officer,
                &Candidacy {
                    producer: producer(),
                    responsible: None,
                    steps: vec![PersonsStep { by: &officer, resource, verb }],
                    authors: vec![],
                },
            )
        };
        assert_eq!(of(Resource::Dossier, "change"), BTreeSet::from([NamedResponsible]));
        assert_eq!(of(Resource::Product, "add-document"), BTreeSet::from([ActedForProducer]));
        assert_eq!(of(Resource::Dossier, "return"), BTreeSet::new());
    }

    #[test]
    fn another_account_of_the_same_person_counts() {
        let before = numbered(Role::CommuneOfficer, "042090001234");
        let producers = numbered(Role::Producer, "042090005678");
        let submit = |by| PersonsStep { by, resource: Resource::Dossier, verb: "submit" };
        let candidacy = Candidacy {
            producer: producer(),
            responsible: Some(&before),
            steps: vec![submit(&before), submit(&producers)],
            authors: vec![],
        };
        let seat = |number: &str| involvement(&numbered(Role::CouncilMember, number), &candidacy);
        assert_eq!(seat("042090001234"), BTreeSet::from([IsResponsible, ActedForProducer]));
        assert_eq!(seat("42090-001234"), BTreeSet::from([IsResponsible, ActedForProducer]));
        assert_eq!(seat("042090005678"), BTreeSet::from([BelongsToProducer]));
        assert_eq!(seat("042090009999"), BTreeSet::new());
        // Two of whom no number is known are two.
        assert_eq!(involvement(&somebody(Role::CouncilMember), &candidacy), BTreeSet::new());
    }

    #[test]
    fn what_recuses_stands_first_and_each_is_told_apart() {
        let recusing: Vec<bool> = Involvement::iter().map(Involvement::recuses).collect();
        assert!(recusing.is_sorted_by(|one, next| one >= next), "the first found is the reason of a recusal");
        let told: BTreeSet<&str> = Involvement::iter().map(|each| each.told().vi).collect();
        assert_eq!(told.len(), Involvement::iter().count());
    }
}
