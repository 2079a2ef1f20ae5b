//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, web};

use crate::base::keys::Keyring;
use crate::base::time::Clock;
use crate::base::{AppLinks, Authorities, Capacity, Error, SecondFactorDemand};
use crate::db::Database;
use crate::http::allowance::Allowances;
use crate::http::cadence::Cadence;
use crate::http::duties::Duties;
use crate::http::held::{Credence, HeldBodies};
use crate::http::turns::Turns;
use crate::http::uploads::Uploads;
use crate::http::{ClientAddress, Problem, TrustedProxies};

/// The running service: its database, clock, keys and addresses. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub database: Database,
    pub clock: Clock,
    pub keys: Arc<Keyring>,
    /// The origin that the public sees, without a slash at its end.
    pub public_url: Arc<str>,
    /// Whose word of where a request comes from is believed.
    pub trusted_proxies: Arc<TrustedProxies>,
    /// Where documents lie.
    pub data_dir: Arc<PathBuf>,
    /// Whose certificates are believed on signed papers.
    pub authorities: Arc<Authorities>,
    /// Which apps may open this service's addresses.
    pub app_links: Arc<AppLinks>,
    /// How long a body may stay out.
    pub body_patience: Duration,
    /// How much may be stored.
    pub capacity: Capacity,
    /// How much a second factor is asked of who can do most harm.
    pub second_factors: SecondFactorDemand,
    /// How often what may be asked.
    pub allowances: Allowances,
    /// What the service does without being asked.
    pub duties: Duties,
    /// Turns for hashing passwords.
    pub password_turns: Turns,
    /// Turns for taking long bodies apart of who shows no sign-in, and of everybody else.
    pub outside_reading_turns: Turns,
    pub inside_reading_turns: Turns,
    /// How many bytes of long bodies are held at once.
    pub bodies: HeldBodies,
    pub uploads: Uploads,
    /// How fast refusals are told.
    pub refusals: Cadence,
    /// How fast photographs of who shows no sign-in are read.
    pub photographs: Cadence,
}

impl App {
    /// The one that this worker serves.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        request
            .app_data::<web::Data<Self>>()
            .map(|app| app.get_ref().clone())
            .ok_or_else(|| Problem(Error::internal("the app was built without its state")))
    }

    /// Whether the public reaches it by https.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Turns for taking a long body apart: a crowd that shows nothing keeps nobody waiting who does.
    pub fn reading_turns(&self, credence: Credence) -> &Turns {
        match credence {
            Credence::Stranger => &self.outside_reading_turns,
            Credence::Claimed | Credence::Proven => &self.inside_reading_turns,
        }
    }

    /// The service for who is inside it: signed in, or at work without a request.
    pub fn inside(&self) -> Self {
        Self { database: self.database.inside(), ..self.clone() }
    }

    /// The client of a request: its peer, unless that is a proxy that is trusted.
    pub fn client_of(request: &HttpRequest) -> ClientAddress {
        let Some(peer) = request.peer_addr() else { return ClientAddress::NONE };
        let peer = ClientAddress::new(peer.ip());
        Self::of(request).map_or(peer, |app| app.trusted_proxies.client(peer, request.headers()))
    }
}
