//! Builds the service from its settings: opens the database and the keys, lists the routes, starts the server.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpServer, web};
use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use crate::account::{openid, password, throttle};
use crate::base::keys::{self, Keyring};
use crate::base::{AppLinks, Capacity, Error, Result, SecondFactorDemand, say};
use crate::belonging::{self, Claim, key_file, unfinished};
use crate::config::{Config, DEFAULT_DATABASE, Storage};
use crate::db::{Address, Database, settings};
use crate::health::{Readiness, RoomLeft};
use crate::http::allowance::Allowances;
use crate::http::cadence::{self, Cadence};
use crate::http::connections::Connections;
use crate::http::cookies::ByHttps;
use crate::http::duties::Duties;
use crate::http::held::HeldBodies;
use crate::http::methods::{self, Methods};
use crate::http::metrics::Metrics;
use crate::http::mount::{Mount, Told};
use crate::http::request::body::READING;
use crate::http::turns::Turns;
use crate::http::uploads::Uploads;
use crate::http::{
    App, Problem, TrustedProxies, admission, cross_origin, head, idempotency, openapi, pace, problem, rationing,
    request_id, safety,
};
use crate::routes::routes;
use crate::stamp::Scanner;
use crate::{audit, criteria, files, notice, page, place, refolding, retention, verify};

/// Where the OpenAPI document is served.
const DOCUMENT: &str = "/openapi.json";

/// A server that is ready to answer, and where.
pub struct Service {
    pub server: Server,
    pub address: SocketAddr,
    /// Where `/metrics` is, where the settings name an address for it.
    pub metrics_address: Option<SocketAddr>,
    pub app: App,
    pub readiness: Readiness,
}

/// Opens what `config` names and binds its address; the returned server answers once it is awaited.
pub fn build(config: &Config) -> Result<Service> {
    require_database(&config.storage)?;
    let office = config.mail.post_office()?;
    let outside = config.heads.outside(office.as_ref())?;
    let authorities = config.authorities()?;
    let listener = listen(config.listen)?;
    let address = listener.local_addr().map_err(Error::internal)?;
    let public_url = config.origin_at(address)?;
    let provider: openid::Configured = config.openid.provider(&public_url)?.map(Arc::new);
    let app = open(&config.storage, &public_url)?;
    if let Some(moment) = config.clock {
        let clock = crate::base::time::Clock::set_to(moment);
        app.database.write_now(|connection| settings::set_clock(connection, clock))?;
    }
    let clock = app.database.read_now(settings::clock)?;
    let trusted_proxies = Arc::new(config.trusted_proxies.clone());
    let body_patience = Duration::from_secs(config.body_patience);
    let app_links = Arc::new(AppLinks { android: config.android_apps.clone(), apple: config.apple_apps.clone() });
    let authorities = Arc::new(authorities);
    let (capacity, most) = (config.capacity, usize::from(config.connections_per_network));
    let connections = Connections::new(most, Arc::clone(&trusted_proxies));
    let second_factors = config.second_factors;
    let app = App { clock, trusted_proxies, authorities, app_links, body_patience, capacity, second_factors, ..app };
    if app.clock.offset_microseconds() != 0 {
        tracing::warn!(business_time = %app.clock.now(), "this database's clock is not the present");
    }
    let scanner = Scanner::start(&app)?;
    let told =
        [app.database.collectors(), app.duties.collectors(), scanner.collectors(), vec![Box::new(RoomLeft::of(&app)?)]];
    let metrics = Metrics::new(told.into_iter().flatten().collect())?;
    let metrics_listener = config.metrics_listen.map(listen).transpose()?;
    let metrics_address =
        metrics_listener.as_ref().map(TcpListener::local_addr).transpose().map_err(Error::internal)?;
    let counted = web::Data::new(metrics.clone());
    let methods = web::Data::new(methods());
    let allowed_origins = config.allowed_origins.clone();
    let data = app.clone();
    let readiness = Readiness::default();
    let asked = web::Data::new(readiness.clone());
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(web::Data::new(data.clone()))
            .app_data(web::Data::new(ByHttps(data.is_https())))
            .app_data(web::Data::new(scanner.clone()))
            .app_data(web::Data::new(provider.clone()))
            .app_data(asked.clone())
            .configure(|config| routes(&mut Mount::new(config, None)))
            .route(DOCUMENT, web::get().to(async || written_document().map(openapi::served)))
            .service(SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from(DOCUMENT)))
            .service(web::redirect("/docs", "/docs/"))
            .default_service(web::to(methods::otherwise))
            .app_data(methods.clone())
            .wrap(from_fn(head::as_get))
            .wrap(from_fn(rationing::hold))
            .wrap(from_fn(admission::admit))
            .wrap(from_fn(rationing::pace_refusals))
            .wrap(from_fn(problem::render))
            .wrap(from_fn(page::problem::show))
            .wrap(cross_origin::policy(allowed_origins.clone(), methods.clone()))
            .wrap(Compress::default())
            .wrap(from_fn(safety::add))
            .app_data(counted.clone())
            .wrap(from_fn(Metrics::count))
            .wrap(from_fn(request_id::add))
    })
    .on_connect(move |connection, kept| connections.accept(connection, kept))
    .workers(usize::from(config.workers))
    .disable_signals()
    .shutdown_timeout(10)
    .listen(listener)
    .map_err(Error::internal)?
    .run();
    if let Some(listener) = metrics_listener {
        actix_web::rt::spawn(metrics.serve(listener)?);
    }
    let at_work = app.inside();
    files::keep_swept(at_work.clone());
    idempotency::keep_swept(at_work.clone());
    throttle::keep_swept(at_work.clone());
    rationing::keep_forgetting(at_work.clone());
    retention::keep_forgetting(at_work.clone());
    audit::keep_held_against_others(at_work.clone());
    audit::keep_sealed(at_work.clone(), audit::SealRhythm::of_seconds(config.seal_every));
    if let Some(outside) = outside {
        notice::keep_handed_out(at_work.clone(), outside);
    }
    if let Some(office) = office {
        notice::keep_sent(at_work, office, config.mail.summary_hour);
    }
    Ok(Service { server, address, metrics_address, app, readiness })
}

fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).map_err(|error| Error::internal(format!("cannot listen on {address}: {error}")))
}

/// The OpenAPI document of all routes.
pub fn document() -> utoipa::openapi::OpenApi {
    openapi::completed(told().document)
}

/// What each address can be asked.
fn methods() -> Methods {
    let Told { document, undocumented } = told();
    let ours = [DOCUMENT, "/docs", "/docs/{page:.*}"].map(|path| (path.to_owned(), "GET"));
    Methods::of(&document, undocumented.into_iter().chain(ours))
}

/// What is told of all routes.
fn told() -> Told {
    let mut told = Told { document: openapi::Head::openapi(), undocumented: Vec::new() };
    actix_web::App::new().configure(|config| routes(&mut Mount::new(config, Some(&mut told))));
    told
}

/// The document as it is served: written when it is first asked for, and once for all workers, as each would else keep its own.
fn written_document() -> Result<web::Bytes, Problem> {
    static WRITTEN: OnceLock<web::Bytes> = OnceLock::new();
    if let Some(written) = WRITTEN.get() {
        return Ok(written.clone());
    }
    let written = web::Bytes::from(document().to_json().map_err(Error::internal)?);
    Ok(WRITTEN.get_or_init(|| written).clone())
}

/// `serve` makes only the default database by itself: a mistyped path must not look like an empty province, and what a broken
/// restore left not like one that lost its keys.
pub fn require_database(storage: &Storage) -> Result<()> {
    unfinished::must_be_whole(&storage.data_dir)?;
    let Address::Sqlite(path) = &storage.database_url else { return Ok(()) };
    let length = Path::new(path).metadata().map(|metadata| metadata.len());
    if length.is_err() && storage.database_url.to_string() != DEFAULT_DATABASE {
        return Err(Error::at_hand(say(
            format!("Chưa có cơ sở dữ liệu {path}; `ocop migrate` tạo ra nó."),
            format!("there is no database {path}; `ocop migrate` makes it"),
        )));
    }
    if length.is_ok_and(|length| length == 0) {
        return Err(Error::at_hand(say(
            format!(
                "Cơ sở dữ liệu {path} trống rỗng. Nếu đã mất dữ liệu, hãy khôi phục bản sao lưu; nếu là chỗ mới, hãy chạy `ocop migrate`."
            ),
            format!(
                "The database {path} is empty. Restore a backup if it was not; where it is a new one, run `ocop migrate`."
            ),
        )));
    }
    Ok(())
}

/// Migrates and opens the database with its keys and its folder, where the three belong together; seeds what ships with the
/// service.
pub fn open(storage: &Storage, public_url: &str) -> Result<App> {
    open_as(storage, public_url, Claim::OwnOnly)
}

/// As [`open`], also with keys and a folder that nothing shows to be this database's, where `claim` says so.
pub fn open_as(storage: &Storage, public_url: &str, claim: Claim) -> Result<App> {
    unfinished::must_be_whole(&storage.data_dir)?;
    crate::db::migrate(&storage.database_url)?;
    let database = storage.open()?;
    let belonging = database.write_now(|connection| {
        settings::take_turn_to_start(connection)?;
        place::store::seed(connection)?;
        criteria::store::seed(connection)?;
        let now = settings::clock(connection)?.now();
        verify::must_be_chained(connection, now)?;
        refolding::renew(connection, now)?;
        belonging::establish(connection, storage, claim)
    })?;
    belonging.mark(storage)?;
    Ok(App {
        clock: database.read_now(settings::clock)?,
        database,
        keys: Arc::new(belonging.keys),
        public_url: public_url.into(),
        trusted_proxies: Arc::new(TrustedProxies::none()),
        data_dir: Arc::new(storage.data_dir.clone()),
        authorities: Arc::default(),
        app_links: Arc::default(),
        body_patience: Duration::ZERO,
        capacity: Capacity::default(),
        second_factors: SecondFactorDemand::Off,
        allowances: Allowances::new()?,
        duties: Duties::new()?,
        password_turns: Turns::new(password::HASHING)?,
        outside_reading_turns: Turns::new(READING)?,
        inside_reading_turns: Turns::new(READING)?,
        bodies: HeldBodies::default(),
        uploads: Uploads::default(),
        refusals: Cadence::new(cadence::REFUSALS),
        photographs: Cadence::new(pace::PHOTOGRAPHS),
    })
}

/// Chains the history of a database from before histories were chained; how many steps that were.
pub fn adopt(storage: &Storage, adoption: verify::Adoption) -> Result<i64> {
    require_database(storage)?;
    crate::db::migrate(&storage.database_url)?;
    let database = storage.open()?;
    database.write_now(|connection| {
        settings::take_turn_to_start(connection)?;
        // A folder is claimed by a database that starts, and it starts only when its history is chained.
        let was_claimed = files::Folder::of(&storage.data_dir).claimed_by()?.is_some();
        let now = settings::clock(connection)?.now();
        verify::adopt(connection, now, was_claimed, adoption)
    })
}

/// Vouches anew for what an older program vouched for in the spelling of one kind of database; how many things those were.
pub fn vouch_anew(storage: &Storage, tell: &mut dyn FnMut(&verify::Break) -> Result<()>) -> Result<usize> {
    require_database(storage)?;
    let app = open(storage, "")?;
    let folder = files::Folder::of(&storage.data_dir);
    app.database.write_now(|connection| {
        settings::take_turn_to_start(connection)?;
        verify::vouch_anew(connection, app.clock.now(), &app.keys, &folder, tell)
    })
}

/// The database and its keys as they are; nothing is written, nothing brought up to date.
pub fn look(storage: &Storage) -> Result<(Database, Keyring)> {
    let database = look_at_database(storage)?;
    database.read_now(|connection| crate::db::must_be_current(connection, &storage.database_url))?;
    Ok((database, key_file::read(&storage.keys_file())?))
}

/// As [`look`], also at a database that an older program left.
pub fn look_at_any_age(storage: &Storage) -> Result<(Database, Keyring)> {
    let database = look_at_database(storage)?;
    Ok((database, key_file::read(&storage.keys_file())?))
}

fn look_at_database(storage: &Storage) -> Result<Database> {
    unfinished::must_be_whole(&storage.data_dir)?;
    match &storage.database_url {
        Address::Sqlite(path) if !Path::new(path).exists() => {
            Err(Error::internal(format!("there is no database {path}")))
        }
        _ => storage.open(),
    }
}

/// Adds new keys behind those at hand; from the next start they are in use. What was signed and printed before stays
/// valid. The file comes first: a key that the database knows and the file does not would be lost. Told are the names of
/// the new keys.
pub fn rotate(storage: &Storage, kinds: &[keys::Kind]) -> Result<Vec<String>> {
    crate::db::migrate(&storage.database_url)?;
    let database = storage.open()?;
    database.write_now(|connection| {
        settings::take_turn_to_start(connection)?;
        let old = belonging::establish(connection, storage, Claim::OwnOnly)?.keys;
        let new = old.rotated(kinds)?;
        key_file::replace(&storage.keys_file(), &new)?;
        settings::check_keys(connection, &new)?;
        let known = old.fingerprints();
        Ok(new.fingerprints().into_iter().filter(|key| !known.contains(key)).map(|key| key.name).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_all_that_its_routes_take() {
        for (path, allowed) in [
            ("/api/v1/ideas", Some("GET, HEAD, OPTIONS, POST")),
            ("/api/v1/ideas/1", Some("GET, HEAD, OPTIONS, PATCH")),
            ("/api/v1/ideas/1/submit", Some("OPTIONS, POST")),
            ("/desk", Some("GET, HEAD, OPTIONS")),
            ("/desk/ideas", Some("GET, HEAD, OPTIONS, POST")),
            ("/nowhere", None),
        ] {
            assert_eq!(methods().allowed(path).as_deref(), allowed, "{path}");
        }
    }

    #[test]
    fn anybody_reads_public_data_and_neither_pages_nor_what_asks_for_a_sign_in() {
        for (path, expected) in [
            ("/api/v1/public/products", true),
            ("/.well-known/jwks.json", true),
            ("/01/8930000000001", true),
            ("/api/v1/ideas", false),
            ("/products", false),
            ("/desk", false),
        ] {
            assert_eq!(methods().is_read_by_anybody(path), expected, "{path}");
        }
    }
}
