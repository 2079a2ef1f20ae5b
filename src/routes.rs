//! The table of contents: every route, by station.

use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{account, criteria, cycle, dossier, idea, place, plan, producer, product, shop};

pub fn routes(config: &mut ServiceConfig) {
    config.service(account::sign_in::key_set);
    config.service(scope::scope("/api/v1").configure(people).configure(year).configure(products));
}

/// Places, accounts, producers.
fn people(config: &mut ServiceConfig) {
    config
        .service(place::api::units)
        .service(account::sign_in::sign_in)
        .service(account::sign_in::refresh)
        .service(account::sign_in::revoke)
        .service(account::sign_in::change_password)
        .service(account::api::me)
        .service(account::api::create)
        .service(account::api::list)
        .service(account::api::read)
        .service(account::api::reset_password)
        .service(account::api::history)
        .service(producer::api::create)
        .service(producer::api::list)
        .service(producer::api::read)
        .service(producer::api::change)
        .service(producer::api::history)
        .service(producer::registration::register)
        .service(producer::registration::list)
        .service(producer::registration::read)
        .service(producer::registration::confirm)
        .service(producer::registration::refuse)
        .service(producer::registration::history);
}

/// Cycles, criteria sets, points of sale.
fn year(config: &mut ServiceConfig) {
    config
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
        .service(shop::api::create)
        .service(shop::api::list)
        .service(shop::api::read)
        .service(shop::api::change)
        .service(shop::api::history);
}

/// Products and their way through a year: idea, plan, dossier.
fn products(config: &mut ServiceConfig) {
    config
        .service(product::api::list)
        .service(product::api::read)
        .service(product::api::change)
        .service(product::api::history)
        .service(product::document::add)
        .service(product::document::list)
        .service(product::document::read)
        .service(product::document::content)
        .service(product::picture::add)
        .service(product::picture::list)
        .service(product::picture::show)
        .service(idea::api::create)
        .service(idea::api::list)
        .service(idea::api::read)
        .service(idea::api::change)
        .service(idea::api::submit)
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
        .service(dossier::api::submit)
        .service(dossier::api::send_back)
        .service(dossier::api::record_visit)
        .service(dossier::api::list_visits)
        .service(dossier::api::history);
}
