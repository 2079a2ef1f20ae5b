//! The table of contents: every route, by station.

use actix_web::web;

use crate::http::mount::Mount;
use crate::{
    account, audit, change, criteria, cycle, decision, desk, dossier, epcis, health, hold, idea, inspection, lot,
    notice, page, paper, people, personal_data, place, plan, privacy, producer, product, rating, report, shop, site,
    stamp, support, task,
};

/// Adds all of them.
pub fn routes(mount: &mut Mount<'_>) {
    // What is asked most is looked through first.
    mount.service(health::api::alive).configure(scans);
    mount.service(health::api::ready).service(account::sign_in::key_set);
    mount.service(site::app_links::android).service(site::app_links::apple);
    mount.below("/api/v1", |mount| {
        for (words, routes) in STATIONS {
            mount.among(words, routes);
        }
    });
    mount.configure(pages).configure(feeds).among(&["desk", "register"], desk);
    mount.configure(spellings).configure(links);
}

/// Adds routes of one kind.
type Routes = fn(&mut Mount<'_>);

/// The routes of the API by the words that their addresses begin with; each word stands once.
const STATIONS: [(&[&str], Routes); 14] = [
    (&["units", "auth", "me", "tasks", "summaries", "identity-readings", "changes"], oneself),
    (&["accounts", "account-reassignments", "personal-data-requests", "producers", "registrations"], people),
    (&["editions", "cycles", "criteria-sets", "shops"], year),
    (&["products", "reassignments", "documents", "pictures"], products),
    (&["ideas", "papers", "plans"], ideas),
    (&["dossiers"], dossiers),
    (&["agenda-items"], agenda),
    (&["councils", "surveys", "survey-files", "group-reports", "appeals"], councils),
    (&["dispatches", "decisions", "decision-originals", "result-notices", "certificates"], decisions),
    (&["lots", "holds", "epcis"], goods),
    (&["inspections", "inspection-plans", "inspection-files"], inspections),
    (&["support-policies", "support-claims", "support-claim-files", "rewards"], support_money),
    (&["stamp-orders", "stamp-exports", "legacy-codes", "doubts", "stamps"], stamps),
    (&["public"], public),
];

/// Places, signing in, and what concerns whoever asks.
fn oneself(mount: &mut Mount<'_>) {
    mount
        .service(place::api::units)
        .service(account::sign_in::sign_in)
        .service(account::sign_in::refresh)
        .service(account::sign_in::revoke)
        .service(account::sign_in::change_password)
        .service(account::password::link::choose)
        .service(account::second_factor::api::set_up)
        .service(account::second_factor::api::confirm)
        .service(account::second_factor::api::remove)
        .service(account::devices::show)
        .service(account::devices::revoke)
        .service(rating::council::mine::me)
        .service(task::api::mine)
        .service(notice::api::summaries)
        .service(producer::readings::list_identity_readings)
        .service(change::api::follow)
        .service(rating::scoring::mine::mine);
}

/// Accounts, producers, and what is known of them.
fn people(mount: &mut Mount<'_>) {
    mount
        .service(people::api::create)
        .service(people::api::list)
        .service(people::api::read)
        .service(people::api::change)
        .service(people::api::set_contact)
        .service(people::api::reset_password)
        .service(people::api::ask_second_factor_reset)
        .service(people::api::reset_second_factor)
        .service(people::api::unlink_openid)
        .service(people::api::reassign)
        .service(people::api::change_role)
        .service(people::api::end)
        .service(people::reassignment::list)
        .service(people::reassignment::create)
        .service(people::api::sign_ins)
        .service(people::api::history)
        .service(personal_data::api::create)
        .service(personal_data::api::list)
        .service(personal_data::api::read)
        .service(personal_data::api::answer)
        .service(personal_data::api::refuse)
        .service(personal_data::api::withdraw)
        .service(personal_data::api::fetch_export)
        .service(personal_data::api::history)
        .service(producer::api::create)
        .service(producer::api::list)
        .service(producer::api::read)
        .service(producer::api::change)
        .service(producer::api::history)
        .service(producer::registration::api::register)
        .service(producer::registration::api::list)
        .service(producer::registration::api::read)
        .service(producer::registration::api::confirm)
        .service(producer::registration::api::refuse)
        .service(producer::registration::api::history);
}

/// Cycles with their report, criteria sets, points of sale.
fn year(mount: &mut Mount<'_>) {
    mount
        .service(cycle::api::editions)
        .service(cycle::api::create)
        .service(cycle::api::list)
        .service(cycle::api::read)
        .service(cycle::api::change)
        .service(cycle::api::open)
        .service(cycle::api::close)
        .service(cycle::api::history)
        .service(criteria::api::list)
        .service(criteria::api::read)
        .service(criteria::api::import)
        .service(criteria::api::history)
        .service(shop::api::create)
        .service(shop::api::list)
        .service(shop::api::read)
        .service(shop::api::change)
        .service(shop::api::set_products)
        .service(shop::api::history)
        .service(report::api::report);
}

/// Products, and what lasts of them.
fn products(mount: &mut Mount<'_>) {
    mount
        .service(product::api::list)
        .service(product::api::read)
        .service(product::api::change)
        .service(product::api::history)
        .service(product::reassignment::list)
        .service(product::reassignment::create)
        .service(product::document_api::add)
        .service(product::document_api::reuse)
        .service(product::document_api::list)
        .service(product::document_api::read)
        .service(product::document_api::content)
        .service(product::picture_api::add)
        .service(product::picture_api::turn_picture)
        .service(product::picture_api::remove_picture)
        .service(product::picture_api::move_picture)
        .service(lot::document_removal::remove_document)
        .service(product::picture_api::list)
        .service(product::picture_api::show)
        .service(stamp::completeness_api::passport)
        .service(stamp::limits::api::list)
        .service(stamp::limits::api::set);
}

/// Ideas and plans.
fn ideas(mount: &mut Mount<'_>) {
    mount
        .service(idea::api::create)
        .service(idea::api::list)
        .service(idea::api::read)
        .service(idea::api::change)
        .service(idea::api::submit)
        .service(idea::api::discard)
        .service(idea::api::forward)
        .service(idea::api::select)
        .service(idea::api::accept)
        .service(idea::api::send_back)
        .service(idea::api::reject)
        .service(idea::api::history)
        .service(idea::paper::add)
        .service(idea::paper::list)
        .service(idea::paper::content)
        .service(plan::api::create)
        .service(plan::api::list)
        .service(plan::api::read)
        .service(plan::api::change)
        .service(plan::api::submit)
        .service(plan::api::discard)
        .service(plan::api::send_back)
        .service(plan::api::reject)
        .service(plan::api::history)
        .service(dossier::approval::approve);
}

/// Products on their way to a council.
fn dossiers(mount: &mut Mount<'_>) {
    mount
        .service(dossier::api::list)
        .service(dossier::api::read)
        .service(dossier::api::change)
        .service(dossier::api::turn_document)
        .service(dossier::api::submit)
        .service(dossier::api::send_back)
        .service(dossier::api::forward)
        .service(dossier::api::withdraw)
        .service(dossier::api::carry_over)
        .service(dossier::api::receive_samples)
        .service(dossier::api::give_back_samples)
        .service(dossier::api::list_submissions)
        .service(dossier::api::read_submission)
        .service(dossier::papers::registration)
        .service(dossier::papers::self_evaluation)
        .service(dossier::papers::commune_report)
        .service(dossier::api::record_visit)
        .service(dossier::api::list_visits)
        .service(dossier::api::read_visit)
        .service(dossier::api::history);
}

/// What a council judges, and how.
fn agenda(mount: &mut Mount<'_>) {
    mount
        .service(rating::agenda::api::create)
        .service(rating::agenda::api::list)
        .service(rating::agenda::api::read)
        .service(rating::agenda::api::change)
        .service(rating::agenda::api::absent)
        .service(rating::agenda::api::present)
        .service(rating::agenda::remark::add)
        .service(rating::agenda::remark::list)
        .service(rating::agenda::remark::read)
        .service(rating::survey::making::create)
        .service(rating::group_report::making::create)
        .service(rating::agenda::api::open_scoring)
        .service(rating::agenda::api::remind)
        .service(rating::agenda::api::close_scoring)
        .service(rating::agenda::api::conclude)
        .service(rating::agenda::api::rescore)
        .service(rating::agenda::api::admit)
        .service(rating::agenda::api::defer)
        .service(rating::agenda::api::send_up)
        .service(rating::agenda::api::send_up_by_earlier_spelling)
        .service(rating::agenda::api::recuse)
        .service(rating::agenda::api::history)
        .service(rating::scoring::api::read)
        .service(rating::scoring::api::write)
        .service(rating::scoring::api::submit)
        .service(rating::scoring::api::withdraw)
        .service(rating::disclosure::api::read)
        .service(rating::disclosure::api::sheets)
        .service(rating::disclosure::feedback::read)
        .service(rating::papers::api::print_sheets)
        .service(rating::agenda::lodging::create);
}

/// Councils, and who prepares their sessions.
fn councils(mount: &mut Mount<'_>) {
    mount
        .service(rating::council::api::create)
        .service(rating::council::api::list)
        .service(rating::council::api::read)
        .service(rating::council::api::open)
        .service(rating::council::api::discard)
        .service(rating::council::api::close)
        .service(rating::council::api::history)
        .service(rating::disclosure::export::export)
        .service(rating::survey::api::list)
        .service(rating::survey::api::read)
        .service(rating::survey::api::change)
        .service(rating::survey::api::record_result)
        .service(rating::survey::api::discard)
        .service(rating::survey::api::finish)
        .service(rating::survey::api::history)
        .service(rating::survey::file_api::add_photograph)
        .service(rating::survey::file_api::add_test_paper)
        .service(rating::survey::file_api::show)
        .service(rating::group_report::api::list)
        .service(rating::group_report::api::read)
        .service(rating::group_report::api::change)
        .service(rating::group_report::api::discard)
        .service(rating::group_report::api::finish)
        .service(rating::group_report::api::history)
        .service(rating::group_report::paper::print)
        .service(rating::scoring::session::read)
        .service(rating::papers::api::print_minutes)
        .service(rating::appeal::api::list)
        .service(rating::appeal::api::read)
        .service(rating::appeal::api::uphold)
        .service(rating::appeal::api::dismiss)
        .service(rating::appeal::api::history)
        .service(decision::session_papers::print);
}

/// Decisions and certificates.
fn decisions(mount: &mut Mount<'_>) {
    mount
        .service(decision::dispatch::create)
        .service(decision::dispatch::list)
        .service(decision::dispatch::read)
        .service(decision::api::create)
        .service(decision::api::list)
        .service(decision::api::read)
        .service(decision::api::promulgate)
        .service(decision::api::withdraw)
        .service(decision::api::history)
        .service(decision::original_api::add)
        .service(decision::original_api::list)
        .service(decision::original_api::content)
        .service(decision::paper::print)
        .service(decision::given_out::pdf)
        .service(decision::result_notice::api::create)
        .service(decision::result_notice::api::list)
        .service(decision::result_notice::api::read)
        .service(decision::result_notice::api::history)
        .service(decision::result_notice::paper::print)
        .service(decision::package::package)
        .service(decision::certificate_api::list)
        .service(decision::notice::list)
        .service(decision::certificate_api::notify)
        .service(decision::certificate_api::record_demand)
        .service(decision::certificate_api::read)
        .service(decision::certificate_api::history)
        .service(decision::certificate_paper::print);
}

/// Lots and holds, also as GS1 sees them.
fn goods(mount: &mut Mount<'_>) {
    mount
        .service(lot::api::create)
        .service(lot::api::list)
        .service(lot::api::read)
        .service(lot::api::history)
        .service(lot::api::add_inputs)
        .service(lot::event_api::add_event)
        .service(lot::event_api::events)
        .service(lot::event_api::read_event)
        .service(lot::trace::trace)
        .service(lot::api::recall)
        .service(hold::api::create)
        .service(hold::api::list)
        .service(hold::api::read)
        .service(hold::api::lift)
        .service(hold::api::history)
        .service(epcis::api::of_lot)
        .service(epcis::api::events_found)
        .service(epcis::api::discover)
        .service(epcis::api::event_types)
        .service(epcis::api::biz_steps)
        .service(epcis::api::dispositions);
    let queries = ["/epcis", "/epcis/events", "/epcis/eventTypes", "/epcis/bizSteps", "/epcis/dispositions"];
    mount.options(&queries, epcis::api::options);
}

/// Inspections, and the year's plans of them.
fn inspections(mount: &mut Mount<'_>) {
    mount
        .service(inspection::yearly_plan::api::create)
        .service(inspection::yearly_plan::api::list)
        .service(inspection::yearly_plan::api::read)
        .service(inspection::yearly_plan::api::change)
        .service(inspection::yearly_plan::api::adopt)
        .service(inspection::yearly_plan::api::history)
        .service(inspection::api::create)
        .service(inspection::api::list)
        .service(inspection::api::read)
        .service(inspection::api::change)
        .service(inspection::api::visit)
        .service(inspection::api::fill)
        .service(inspection::api::take_sample)
        .service(inspection::api::record_result)
        .service(inspection::api::sign)
        .service(inspection::api::order_correction)
        .service(inspection::api::reply)
        .service(inspection::api::follow_up)
        .service(inspection::api::conclude)
        .service(inspection::api::cancel)
        .service(inspection::api::history)
        .service(inspection::paper::print)
        .service(inspection::file_api::add_file)
        .service(inspection::file_api::add_reply_paper)
        .service(inspection::file_api::show);
}

/// Policies, claims and rewards.
fn support_money(mount: &mut Mount<'_>) {
    mount
        .service(support::policy::api::create)
        .service(support::policy::api::list)
        .service(support::policy::api::read)
        .service(support::policy::api::change)
        .service(support::policy::api::adopt)
        .service(support::policy::api::end)
        .service(support::policy::api::history)
        .service(support::claim::api::create)
        .service(support::claim::api::list)
        .service(support::claim::api::read)
        .service(support::claim::api::change)
        .service(support::claim::api::hand_in)
        .service(support::claim::api::accept)
        .service(support::claim::api::send)
        .service(support::claim::api::appraise)
        .service(support::claim::api::decide)
        .service(support::claim::api::pay)
        .service(support::claim::api::take_back)
        .service(support::claim::api::give_back)
        .service(support::claim::api::refuse)
        .service(support::claim::api::withdraw)
        .service(support::claim::api::history)
        .service(support::claim::file_api::add_paper)
        .service(support::claim::file_api::add_minutes)
        .service(support::claim::file_api::show)
        .service(support::reward::api::create)
        .service(support::reward::api::list)
        .service(support::reward::api::read)
        .service(support::reward::api::change)
        .service(support::reward::api::decide)
        .service(support::reward::api::pay)
        .service(support::reward::api::discard)
        .service(support::reward::api::history);
}

/// Orders of stamps, and what people say of them.
fn stamps(mount: &mut Mount<'_>) {
    mount
        .service(stamp::orders::api::create)
        .service(stamp::orders::api::list)
        .service(stamp::orders::api::read)
        .service(stamp::orders::api::history)
        .service(stamp::orders::api::issue)
        .service(stamp::orders::api::refuse)
        .service(stamp::orders::api::activate)
        .service(stamp::orders::api::void)
        .service(stamp::orders::api::display)
        .service(stamp::orders::api::deliver)
        .service(stamp::orders::api::receive)
        .service(stamp::exports::api::codes_csv)
        .service(stamp::exports::api::scratch_csv)
        .service(stamp::exports::api::list)
        .service(stamp::exports::api::make_link)
        .service(stamp::exports::api::by_link)
        .service(stamp::labels::api::as_pdf)
        .service(stamp::labels::api::as_zip)
        .service(stamp::labels::api::ranges)
        .service(stamp::legacy_api::import)
        .service(stamp::legacy_api::list)
        .service(stamp::doubts::api::list)
        .service(stamp::doubts::api::read)
        .service(stamp::doubts::api::photo)
        .service(stamp::doubts::api::history)
        .service(stamp::doubts::api::see)
        .service(stamp::doubts::api::close)
        .service(stamp::suspicion::api::read_rules)
        .service(stamp::suspicion::api::list_alerts)
        .service(stamp::suspicion::api::list)
        .service(stamp::suspicion::api::read)
        .service(stamp::suspicion::api::history)
        .service(stamp::suspicion::api::dismiss)
        .service(stamp::suspicion::api::confirm)
        .service(epcis::api::of_order);
}

/// GS1 Digital Links.
fn links(mount: &mut Mount<'_>) {
    mount
        .service(epcis::link::of_product)
        .service(epcis::link::of_lot)
        .service(epcis::link::of_serial)
        .service(epcis::link::of_lot_and_serial)
        .service(epcis::link::of_variant)
        .service(epcis::link::of_variants_lot)
        .service(epcis::link::of_variants_serial)
        .service(epcis::link::of_variants_lot_and_serial)
        .service(epcis::link::resolver);
}

/// The public's lists.
fn public(mount: &mut Mount<'_>) {
    mount
        .service(site::catalogue::api::list_products)
        .service(site::catalogue::api::read_product)
        .service(site::certificates::api::verify)
        .service(site::certificates::api::certificate_pdf)
        .service(site::certificates::api::signed_certificate)
        .service(site::shops::api::list_shops)
        .service(audit::public::seals)
        .service(privacy::api::list_consents)
        .service(stamp::public::legacy::look_up);
}

/// What programs read of the site.
fn feeds(mount: &mut Mount<'_>) {
    mount
        .service(site::feeds::robots::robots)
        .service(site::feeds::sitemap::sitemap)
        .service(site::feeds::newest::feed)
        .service(site::feeds::catalogue::json_ld)
        .service(site::feeds::table::flat);
}

/// Pages for people.
fn pages(mount: &mut Mount<'_>) {
    mount
        .service(page::style::stylesheet)
        .service(site::home::show)
        .service(site::catalogue::list::show)
        .service(site::catalogue::product::show)
        .service(site::shops::page::show)
        .service(site::figures::page::show)
        .service(site::check::page::show)
        .service(site::guides::overview)
        .service(site::guides::read)
        .service(site::problems::list)
        .service(site::problems::read);
}

/// Where signed-in people work: pages for people, which no program calls, so that the document does not name them.
fn desk(mount: &mut Mount<'_>) {
    mount
        .get("/desk", desk::home::show)
        .get("/desk/sign-in", desk::sign_in::show)
        .post("/desk/sign-in", desk::sign_in::take)
        .post("/desk/oidc", desk::openid::depart)
        .post("/desk/oidc/link", desk::openid::depart_to_link)
        .get("/desk/oidc/callback", desk::openid::come_back)
        .get("/desk/oidc/confirm", desk::openid::show)
        .post("/desk/oidc/confirm", desk::openid::confirm)
        .post("/desk/oidc/enter", desk::openid::enter)
        .post("/desk/sign-out", desk::sessions::sign_out)
        .get("/desk/sessions", desk::sessions::list)
        .post("/desk/sessions/{id}/end", desk::sessions::end)
        .get("/desk/new-password/{secret}", desk::new_password::show)
        .post("/desk/new-password/{secret}", desk::new_password::take)
        .get("/desk/second-factor", desk::second_factor::show)
        .post("/desk/second-factor", desk::second_factor::set_up)
        .post("/desk/second-factor/confirm", desk::second_factor::confirm)
        .post("/desk/second-factor/remove", desk::second_factor::remove)
        .get("/desk/password", desk::password::show)
        .post("/desk/password", desk::password::take)
        .get("/desk/dossiers/{id}/criteria", desk::by_criterion::api::list)
        .post("/desk/dossiers/{id}/criteria", desk::by_criterion::api::save)
        .get("/desk/dossiers/{id}/criteria/{criterion}", desk::by_criterion::api::read)
        .post("/desk/dossiers/{id}/criteria/{criterion}", desk::by_criterion::api::fill)
        .get("/desk/dossiers/{id}/registration-paper", desk::sent::registration_paper)
        .get("/desk/dossiers/{id}/self-evaluation-paper", desk::sent::self_evaluation_paper)
        .get("/desk/dossiers/{id}/commune-report-paper", desk::sent::commune_report_paper)
        .get("/desk/figures", desk::figures::api::show)
        .get("/desk/figures.csv", desk::figures::api::csv)
        .get("/desk/figures.xlsx", desk::figures::api::xlsx)
        .get("/desk/search", desk::search::show)
        .get("/desk/summaries", desk::summaries::list)
        .get("/desk/identity-readings", desk::identity_readings::list)
        .get("/desk/documents/{id}/content", desk::sent::document)
        .get("/desk/documents/{id}/view", desk::sent::document_beside)
        .get("/desk/agenda-items/{id}/live", desk::live::api::show)
        .get("/desk/agenda-items/{id}/live/events", desk::live::api::follow)
        .get("/desk/agenda-items/{id}/hall", desk::live::api::hall)
        .get("/desk/agenda-items/{id}/sheet", desk::sheet::api::show)
        .post("/desk/agenda-items/{id}/sheet", desk::sheet::api::write)
        .post("/desk/agenda-items/{id}/sheet/{verb}", desk::sheet::api::take)
        .get("/desk/survey-files/{id}", desk::sent::survey_file)
        .get("/desk/inspection-files/{id}", desk::sent::inspection_file)
        .get("/desk/support-claim-files/{id}", desk::sent::support_claim_file)
        .get("/desk/inspections/{id}/paper", desk::sent::inspection_minutes)
        .get("/desk/group-reports/{id}/paper", desk::sent::group_report)
        .get("/desk/councils/{id}/minutes", desk::sent::minutes)
        .get("/desk/councils/{id}/session-papers", desk::sent::session_papers)
        .get("/desk/agenda-items/{id}/sheet-papers", desk::sent::sheets)
        .get("/desk/decisions/{id}/paper", desk::sent::decision)
        .get("/desk/decisions/{id}/decision.pdf", desk::sent::decision_pdf)
        .get("/desk/decision-originals/{id}/content", desk::sent::original)
        .get("/desk/decisions/{id}/package.zip", desk::sent::package)
        .get("/desk/certificates/{id}/certificate.pdf", desk::sent::certificate)
        .get("/desk/result-notices/{id}/paper", desk::sent::result_notice)
        .get("/desk/papers/{id}/content", desk::sent::paper)
        .get("/register", desk::register::show)
        .post("/register", desk::register::take)
        .get("/register/{code}", desk::register::receipt)
        .get("/desk/reassignments", desk::reassignments::show_producers)
        .post("/desk/reassignments", desk::reassignments::move_producers)
        .get("/desk/account-reassignments", desk::reassignments::show_accounts)
        .post("/desk/account-reassignments", desk::reassignments::move_accounts)
        .get("/desk/dispatches", desk::letters::list)
        .post("/desk/dispatches", desk::letters::send)
        .get("/desk/dispatches/{id}", desk::letters::read)
        .get("/desk/criteria-sets/new", desk::sets::import::show)
        .post("/desk/criteria-sets", desk::sets::import::take)
        .get("/desk/criteria-sets/{code}", desk::sets::page::show)
        .get("/desk/criteria-sets/{code}/compare", desk::sets::compare::show)
        .get("/desk/criteria-sets/{code}/content", desk::sets::page::content)
        .get("/desk/stamp-orders/{id}/codes.csv", desk::sent::codes)
        .get("/desk/stamp-orders/{id}/scratch.csv", desk::sent::scratch_codes)
        .get("/desk/stamp-orders/{id}/labels.pdf", desk::sent::labels_as_pdf)
        .get("/desk/stamp-orders/{id}/labels.zip", desk::sent::labels_as_zip)
        .get("/desk/doubts/{id}/photo", desk::sent::doubt_photo)
        .get("/desk/personal-data-requests/{id}/export.json", desk::sent::personal_data)
        .get("/desk/{resource:stamps/suspects[^/]*}", desk::api::list)
        .get("/desk/{resource:stamps/suspects}/{id}", desk::api::read)
        .post("/desk/{resource:stamps/suspects}/{id}/{verb}", desk::api::take)
        .get("/desk/{resource}", desk::api::list)
        .post("/desk/{resource}", desk::api::create)
        .get("/desk/{resource}/{id}", desk::api::read)
        .post("/desk/{resource}/{id}/{verb}", desk::api::take);
    // What is nowhere takes no method.
    mount.route("/desk/{nowhere:.*}", web::get().to(desk::api::nowhere));
}

/// What a QR leads to.
fn scans(mount: &mut Mount<'_>) {
    mount
        .service(stamp::public::stamp::read)
        .service(stamp::public::stamp::peek)
        .service(stamp::public::stamp::scan_from)
        .service(stamp::public::stamp::lead_on_from_doubts)
        .service(stamp::public::doubt::doubt)
        .service(stamp::public::receipt::read)
        .service(stamp::public::stamp::lead_on_from_confirm)
        .service(stamp::public::confirm::confirm)
        .service(stamp::public::stamp::qr_svg)
        .service(stamp::public::stamp::qr_png)
        .service(stamp::public::legacy::show)
        .service(site::certificates::api::check)
        .service(paper::api::read);
}

/// Other spellings of what is scanned, as capitals, or with a slash too many.
fn spellings(mount: &mut Mount<'_>) {
    mount
        .get("/C/{number}", site::certificates::api::check_any)
        .get("/P/{code}", paper::api::read_any)
        .get("/T/{code}", stamp::public::stamp::read_any)
        .head("/T/{code}", stamp::public::stamp::peek_any);
    for path in ["/t/{code}/", "/T/{code}/"] {
        mount.get(path, stamp::public::stamp::lead_on);
    }
}
