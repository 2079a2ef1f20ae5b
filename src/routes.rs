//! The table of contents: every route, by station.

use actix_web::http::Method;
use actix_web::web;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    account, audit, change, criteria, cycle, decision, desk, dossier, epcis, hold, http, idea, lot, notice, page,
    paper, people, place, plan, producer, product, rating, report, shop, site, stamp, task,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(http::health::alive).service(http::health::ready).service(account::sign_in::key_set);
    config.service(site::app_links::android).service(site::app_links::apple);
    let stations = scope::scope("/api/v1")
        .configure(people)
        .configure(year)
        .configure(products)
        .configure(ratings)
        .configure(goods)
        .configure(public);
    config.service(stations);
    config.configure(pages);
    config.configure(desk);
    config.configure(scans);
    config.configure(feeds);
    config.configure(links);
}

/// Places, accounts, producers.
fn people(config: &mut ServiceConfig) {
    config
        .service(place::api::units)
        .service(account::sign_in::sign_in)
        .service(account::sign_in::refresh)
        .service(account::sign_in::revoke)
        .service(account::sign_in::change_password)
        .service(account::devices::show)
        .service(account::devices::revoke)
        .service(rating::council::mine::me)
        .service(task::api::mine)
        .service(notice::api::summaries)
        .service(change::api::follow)
        .service(people::api::create)
        .service(people::api::list)
        .service(people::api::read)
        .service(people::api::change)
        .service(people::api::set_contact)
        .service(people::api::reset_password)
        .service(people::api::reassign)
        .service(people::api::end)
        .service(people::reassignment::list)
        .service(people::reassignment::create)
        .service(people::api::history)
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

/// Cycles, criteria sets, points of sale.
fn year(config: &mut ServiceConfig) {
    config
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
        .service(shop::api::history);
}

/// Products and their way through a year: idea, plan, dossier.
fn products(config: &mut ServiceConfig) {
    config
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
        .service(plan::api::send_back)
        .service(plan::api::reject)
        .service(plan::api::history)
        .service(dossier::approval::approve)
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
        .service(dossier::api::history);
}

/// Councils, decisions, certificates, the report.
fn ratings(config: &mut ServiceConfig) {
    config
        .service(rating::council::api::create)
        .service(rating::council::api::list)
        .service(rating::council::api::read)
        .service(rating::council::api::open)
        .service(rating::council::api::close)
        .service(rating::council::api::history)
        .service(rating::disclosure::export::export)
        .service(rating::agenda::api::create)
        .service(rating::agenda::api::list)
        .service(rating::agenda::api::read)
        .service(rating::agenda::api::change)
        .service(rating::agenda::api::absent)
        .service(rating::agenda::api::present)
        .service(rating::agenda::remark::add)
        .service(rating::agenda::remark::list)
        .service(rating::survey::making::create)
        .service(rating::survey::api::list)
        .service(rating::survey::api::read)
        .service(rating::survey::api::change)
        .service(rating::survey::api::record_result)
        .service(rating::survey::api::finish)
        .service(rating::survey::api::history)
        .service(rating::survey::file_api::add_photograph)
        .service(rating::survey::file_api::add_test_paper)
        .service(rating::survey::file_api::show)
        .service(rating::group_report::making::create)
        .service(rating::group_report::api::list)
        .service(rating::group_report::api::read)
        .service(rating::group_report::api::change)
        .service(rating::group_report::api::finish)
        .service(rating::group_report::api::history)
        .service(rating::group_report::paper::print)
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
        .service(rating::scoring::mine::mine)
        .service(rating::scoring::session::read)
        .service(rating::disclosure::api::read)
        .service(rating::disclosure::api::sheets)
        .service(rating::disclosure::feedback::read)
        .service(rating::papers::api::print_minutes)
        .service(rating::papers::api::print_sheets)
        .service(rating::agenda::lodging::create)
        .service(rating::appeal::api::list)
        .service(rating::appeal::api::read)
        .service(rating::appeal::api::uphold)
        .service(rating::appeal::api::dismiss)
        .service(rating::appeal::api::history)
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
        .service(decision::session_papers::print)
        .service(decision::certificate_api::list)
        .service(decision::notice::list)
        .service(decision::certificate_api::notify)
        .service(decision::certificate_api::record_demand)
        .service(decision::certificate_api::read)
        .service(decision::certificate_api::history)
        .service(decision::certificate_paper::print)
        .service(report::api::report);
}

/// Lots, holds, orders of stamps.
fn goods(config: &mut ServiceConfig) {
    config
        .service(lot::api::create)
        .service(lot::api::list)
        .service(lot::api::read)
        .service(lot::api::history)
        .service(lot::api::add_inputs)
        .service(lot::event_api::add_event)
        .service(lot::event_api::events)
        .service(lot::trace::trace)
        .service(lot::api::recall)
        .service(hold::api::create)
        .service(hold::api::list)
        .service(hold::api::read)
        .service(hold::api::lift)
        .service(hold::api::history)
        .service(stamp::completeness_api::passport)
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
        .service(stamp::limits::api::list)
        .service(stamp::limits::api::set)
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
        .service(epcis::api::of_lot)
        .service(epcis::api::of_order)
        .service(epcis::api::events_found)
        .service(epcis::api::discover)
        .service(epcis::api::event_types)
        .service(epcis::api::biz_steps)
        .service(epcis::api::dispositions);
    for path in ["/epcis", "/epcis/events", "/epcis/eventTypes", "/epcis/bizSteps", "/epcis/dispositions"] {
        config.route(path, web::method(Method::OPTIONS).to(epcis::api::options));
    }
}

/// GS1 Digital Links.
fn links(config: &mut ServiceConfig) {
    config
        .service(epcis::link::of_product)
        .service(epcis::link::of_lot)
        .service(epcis::link::of_serial)
        .service(epcis::link::of_lot_and_serial)
        .service(epcis::link::resolver);
}

/// The public's lists.
fn public(config: &mut ServiceConfig) {
    config
        .service(site::catalogue::api::list_products)
        .service(site::catalogue::api::read_product)
        .service(site::certificates::api::verify)
        .service(site::certificates::api::certificate_pdf)
        .service(site::certificates::api::signed_certificate)
        .service(site::shops::api::list_shops)
        .service(audit::public::seals)
        .service(stamp::public::legacy::look_up);
}

/// What programs read of the site.
fn feeds(config: &mut ServiceConfig) {
    config
        .service(site::feeds::robots::robots)
        .service(site::feeds::sitemap::sitemap)
        .service(site::feeds::newest::feed)
        .service(site::feeds::catalogue::json_ld)
        .service(site::feeds::table::flat);
}

/// Pages for people.
fn pages(config: &mut ServiceConfig) {
    config
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
fn desk(config: &mut ServiceConfig) {
    config
        .route("/desk", web::get().to(desk::home::show))
        .route("/desk/sign-in", web::get().to(desk::sign_in::show))
        .route("/desk/sign-in", web::post().to(desk::sign_in::take))
        .route("/desk/sign-out", web::post().to(desk::sessions::sign_out))
        .route("/desk/sessions", web::get().to(desk::sessions::list))
        .route("/desk/sessions/{id}/end", web::post().to(desk::sessions::end))
        .route("/desk/password", web::get().to(desk::password::show))
        .route("/desk/password", web::post().to(desk::password::take))
        .route("/desk/dossiers/{id}/criteria", web::get().to(desk::by_criterion::api::list))
        .route("/desk/dossiers/{id}/criteria", web::post().to(desk::by_criterion::api::save))
        .route("/desk/dossiers/{id}/criteria/{criterion}", web::get().to(desk::by_criterion::api::read))
        .route("/desk/dossiers/{id}/criteria/{criterion}", web::post().to(desk::by_criterion::api::fill))
        .route("/desk/dossiers/{id}/registration-paper", web::get().to(desk::sent::registration_paper))
        .route("/desk/dossiers/{id}/self-evaluation-paper", web::get().to(desk::sent::self_evaluation_paper))
        .route("/desk/dossiers/{id}/commune-report-paper", web::get().to(desk::sent::commune_report_paper))
        .route("/desk/figures", web::get().to(desk::figures::api::show))
        .route("/desk/figures.csv", web::get().to(desk::figures::api::csv))
        .route("/desk/figures.xlsx", web::get().to(desk::figures::api::xlsx))
        .route("/desk/search", web::get().to(desk::search::show))
        .route("/desk/summaries", web::get().to(desk::summaries::list))
        .route("/desk/documents/{id}/content", web::get().to(desk::sent::document))
        .route("/desk/documents/{id}/view", web::get().to(desk::sent::document_beside))
        .route("/desk/agenda-items/{id}/live", web::get().to(desk::live::api::show))
        .route("/desk/agenda-items/{id}/live/events", web::get().to(desk::live::api::follow))
        .route("/desk/agenda-items/{id}/hall", web::get().to(desk::live::api::hall))
        .route("/desk/agenda-items/{id}/sheet", web::get().to(desk::sheet::api::show))
        .route("/desk/agenda-items/{id}/sheet", web::post().to(desk::sheet::api::write))
        .route("/desk/agenda-items/{id}/sheet/{verb}", web::post().to(desk::sheet::api::take))
        .route("/desk/survey-files/{id}", web::get().to(desk::sent::survey_file))
        .route("/desk/group-reports/{id}/paper", web::get().to(desk::sent::group_report))
        .route("/desk/councils/{id}/minutes", web::get().to(desk::sent::minutes))
        .route("/desk/councils/{id}/session-papers", web::get().to(desk::sent::session_papers))
        .route("/desk/agenda-items/{id}/sheet-papers", web::get().to(desk::sent::sheets))
        .route("/desk/decisions/{id}/paper", web::get().to(desk::sent::decision))
        .route("/desk/decisions/{id}/decision.pdf", web::get().to(desk::sent::decision_pdf))
        .route("/desk/decision-originals/{id}/content", web::get().to(desk::sent::original))
        .route("/desk/decisions/{id}/package.zip", web::get().to(desk::sent::package))
        .route("/desk/certificates/{id}/certificate.pdf", web::get().to(desk::sent::certificate))
        .route("/desk/result-notices/{id}/paper", web::get().to(desk::sent::result_notice))
        .route("/desk/papers/{id}/content", web::get().to(desk::sent::paper))
        .route("/register", web::get().to(desk::register::show))
        .route("/register", web::post().to(desk::register::take))
        .route("/register/{code}", web::get().to(desk::register::receipt))
        .route("/desk/reassignments", web::get().to(desk::reassignments::show_producers))
        .route("/desk/reassignments", web::post().to(desk::reassignments::move_producers))
        .route("/desk/account-reassignments", web::get().to(desk::reassignments::show_accounts))
        .route("/desk/account-reassignments", web::post().to(desk::reassignments::move_accounts))
        .route("/desk/dispatches", web::get().to(desk::letters::list))
        .route("/desk/dispatches", web::post().to(desk::letters::send))
        .route("/desk/dispatches/{id}", web::get().to(desk::letters::read))
        .route("/desk/criteria-sets/new", web::get().to(desk::sets::import::show))
        .route("/desk/criteria-sets", web::post().to(desk::sets::import::take))
        .route("/desk/criteria-sets/{code}", web::get().to(desk::sets::page::show))
        .route("/desk/criteria-sets/{code}/compare", web::get().to(desk::sets::compare::show))
        .route("/desk/criteria-sets/{code}/content", web::get().to(desk::sets::page::content))
        .route("/desk/stamp-orders/{id}/codes.csv", web::get().to(desk::sent::codes))
        .route("/desk/stamp-orders/{id}/scratch.csv", web::get().to(desk::sent::scratch_codes))
        .route("/desk/stamp-orders/{id}/labels.pdf", web::get().to(desk::sent::labels_as_pdf))
        .route("/desk/stamp-orders/{id}/labels.zip", web::get().to(desk::sent::labels_as_zip))
        .route("/desk/doubts/{id}/photo", web::get().to(desk::sent::doubt_photo))
        .route("/desk/{resource:stamps/suspects[^/]*}", web::get().to(desk::api::list))
        .route("/desk/{resource:stamps/suspects}/{id}", web::get().to(desk::api::read))
        .route("/desk/{resource:stamps/suspects}/{id}/{verb}", web::post().to(desk::api::take))
        .route("/desk/{resource}", web::get().to(desk::api::list))
        .route("/desk/{resource}", web::post().to(desk::api::create))
        .route("/desk/{resource}/{id}", web::get().to(desk::api::read))
        .route("/desk/{resource}/{id}/{verb}", web::post().to(desk::api::take))
        .route("/desk/{nowhere:.*}", web::get().to(desk::api::nowhere));
}

/// What a QR leads to; it spells the path in capitals.
fn scans(config: &mut ServiceConfig) {
    config
        .service(stamp::public::stamp::read)
        .service(stamp::public::stamp::peek)
        .service(stamp::public::stamp::scan_from)
        .service(stamp::public::doubt::doubt)
        .service(stamp::public::receipt::read)
        .service(stamp::public::confirm::confirm)
        .service(stamp::public::stamp::qr_svg)
        .service(stamp::public::stamp::qr_png)
        .service(stamp::public::legacy::show)
        .service(site::certificates::api::check)
        .route("/C/{number}", web::get().to(site::certificates::api::check_any))
        .service(paper::api::read)
        .route("/P/{code}", web::get().to(paper::api::read_any))
        .route("/T/{code}", web::get().to(stamp::public::stamp::read_any))
        .route("/T/{code}", web::head().to(stamp::public::stamp::peek_any));
    for path in ["/t/{code}/", "/T/{code}/", "/t/{code}/doubts", "/t/{code}/confirm"] {
        config.route(path, web::get().to(stamp::public::stamp::lead_on));
    }
}
