//! Builds the service from its settings: opens the house, lists the routes, starts the server.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use tokio::sync::Semaphore;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::base::keys::{self, Keyring};
use crate::base::{Error, Result};
use crate::config::{Config, DEFAULT_DATABASE, Storage};
use crate::db::{Address, AnyConnection, Database, settings};
use crate::http::{House, head, idempotency, openapi, problem};
use crate::routes::routes;
use crate::stamp::Scanner;
use crate::{audit, criteria, files, page, place, verify};

/// Where the OpenAPI document is served.
const DOCUMENT: &str = "/openapi.json";

/// A server that is ready to answer, and where.
pub struct Service {
    pub server: Server,
    pub address: SocketAddr,
    pub house: House,
}

/// Opens what `config` names and binds its address; the returned server answers once it is awaited.
pub fn build(config: &Config) -> Result<Service> {
    require_database(&config.storage)?;
    let listener = std::net::TcpListener::bind(config.listen)
        .map_err(|error| Error::internal(format!("cannot listen on {}: {error}", config.listen)))?;
    let address = listener.local_addr().map_err(Error::internal)?;
    let public_url = config.public_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
    let house = open(&config.storage, &public_url)?;
    if let Some(moment) = config.clock {
        let clock = crate::base::time::Clock::set_to(moment);
        house.database.write_now(|connection| settings::set_clock(connection, clock))?;
    }
    let house = House { clock: house.database.read_now(settings::clock)?, ..house };
    if house.clock.offset_microseconds() != 0 {
        tracing::warn!(business_time = %house.clock.now(), "this database's clock is not the present");
    }
    let metrics = actix_web_prom::PrometheusMetricsBuilder::new("ocop")
        .endpoint("/metrics")
        .mask_unmatched_patterns("unmatched")
        .build()
        .map_err(Error::internal)?;
    // Written once for all workers: each would else keep its own.
    let document = web::Bytes::from(document().to_json().map_err(Error::internal)?);
    let data = house.clone();
    let scanner = Scanner::start(&house)?;
    let server = HttpServer::new(move || {
        let (app, _) = App::new()
            .into_utoipa_app()
            .app_data(web::Data::new(data.clone()))
            .app_data(web::Data::new(scanner.clone()))
            .configure(routes)
            .split_for_parts();
        let document = document.clone();
        app.route(DOCUMENT, web::get().to(move || std::future::ready(openapi::served(document.clone()))))
            .service(SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from(DOCUMENT)))
            .service(web::redirect("/docs", "/docs/"))
            .wrap(from_fn(head::as_get))
            .wrap(from_fn(problem::render))
            .wrap(from_fn(page::problem::show))
            .wrap(Compress::default())
            .wrap(metrics.clone())
    })
    .workers(usize::from(config.workers))
    .shutdown_timeout(10)
    .listen(listener)
    .map_err(Error::internal)?
    .run();
    files::keep_swept(house.clone());
    idempotency::keep_swept(house.clone());
    audit::keep_sealed(house.clone());
    Ok(Service { server, address, house })
}

/// The OpenAPI document of all routes.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, document) =
        App::new().into_utoipa_app().openapi(openapi::Head::openapi()).configure(routes).split_for_parts();
    openapi::completed(document)
}

/// `serve` makes only the default database by itself: a mistyped path must not look like an empty province.
pub fn require_database(storage: &Storage) -> Result<()> {
    if let Address::Sqlite(path) = &storage.database_url
        && storage.database_url.to_string() != DEFAULT_DATABASE
        && !Path::new(path).exists()
    {
        return Err(Error::internal(format!("there is no database {path}; `ocop migrate` makes it")));
    }
    Ok(())
}

/// Migrates and opens the database, finds its keys, seeds what ships with the service.
pub fn open(storage: &Storage, public_url: &str) -> Result<House> {
    crate::db::migrate(&storage.database_url)?;
    let database = Database::open(storage.database_url.clone(), storage.database_connections)?;
    let keys = database.write_now(|connection| {
        settings::take_turn_to_start(connection)?;
        place::store::seed(connection)?;
        criteria::store::seed(connection)?;
        let now = settings::clock(connection)?.now();
        verify::adopt(connection, now)?;
        keys(connection, storage)
    })?;
    Ok(House {
        clock: database.read_now(settings::clock)?,
        database,
        keys: Arc::new(keys),
        public_url: public_url.into(),
        data_dir: Arc::new(storage.data_dir.clone()),
        password_turns: Arc::new(Semaphore::new(2)),
    })
}

/// The keys of this database: from the key file, or new ones where the database never had any.
fn keys(connection: &mut AnyConnection, storage: &Storage) -> Result<Keyring> {
    let path = storage.keys_file();
    let keys = if path.exists() {
        read_keys(&path)?
    } else if settings::has_keys(connection)? {
        return Err(Error::internal(format!(
            "the key file {} is missing, and this database was used with keys; restore it from the export",
            path.display()
        )));
    } else {
        let keys = Keyring::generate()?;
        write_secret(&path, &serde_json::to_string_pretty(&keys).map_err(Error::internal)?)?;
        keys
    };
    settings::check_keys(connection, &keys)?;
    Ok(keys)
}

fn read_keys(path: &Path) -> Result<Keyring> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::internal(format!("cannot read the key file {}: {error}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| Error::internal(format!("the key file {} is damaged: {error}", path.display())))
}

/// The database and its keys as they are; nothing is written, nothing brought up to date.
pub fn look(storage: &Storage) -> Result<(Database, Keyring)> {
    require_database(storage)?;
    let database = Database::open(storage.database_url.clone(), storage.database_connections)?;
    Ok((database, read_keys(&storage.keys_file())?))
}

/// Adds new keys behind those at hand; from the next start they are in use. What was signed and printed before stays
/// valid. The file comes first: a key that the database knows and the file does not would be lost. Told are the names of
/// the new keys.
pub fn rotate(storage: &Storage, kinds: &[keys::Kind]) -> Result<Vec<String>> {
    crate::db::migrate(&storage.database_url)?;
    let database = Database::open(storage.database_url.clone(), storage.database_connections)?;
    database.write_now(|connection| {
        settings::take_turn_to_start(connection)?;
        let old = keys(connection, storage)?;
        let new = old.rotated(kinds)?;
        replace_secret(&storage.keys_file(), &serde_json::to_string_pretty(&new).map_err(Error::internal)?)?;
        settings::check_keys(connection, &new)?;
        let known = old.fingerprints();
        Ok(new.fingerprints().into_iter().filter(|key| !known.contains(key)).map(|key| key.name).collect())
    })
}

/// Puts a new text in the place of a secret file, all of it or nothing.
fn replace_secret(path: &Path, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| Error::internal(format!("cannot replace {}: {error}", path.display()));
    let fresh = path.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    write_secret(&fresh, text)?;
    std::fs::rename(&fresh, path).map_err(failed)?;
    // The rename itself must last as well.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// Writes a file that only its owner may read; never over an existing one.
fn write_secret(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let failed = |error: std::io::Error| Error::internal(format!("cannot write {}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}
