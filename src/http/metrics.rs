//! How many requests were answered, how, and how fast, for Prometheus: at an address of its own, because counts of what
//! people do are not for everybody.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{App, HttpResponse, HttpServer, web};
use prometheus::core::Collector;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::base::{Error, Result};
use crate::http::Problem;

/// What stands for whatever no route of ours has: a made-up path or method makes no series of its own.
const OTHER: &str = "other";
/// What the patterns of members' own sheets hold: how often those are written and handed in is nobody's business before the
/// result, so they are not counted at all.
const SHEETS: &str = "/sheet";

/// The target of the log's lines about answers.
pub const ACCESS: &str = "access";

/// The counts of one instance. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
}

impl Metrics {
    /// With what others tell besides.
    pub fn new(others: Vec<Box<dyn Collector>>) -> Result<Self> {
        let labels = &["method", "endpoint", "status"];
        let requests = Opts::new("ocop_http_requests_total", "Requests that were answered");
        let requests = IntCounterVec::new(requests, labels).map_err(Error::internal)?;
        let durations = HistogramOpts::new("ocop_http_requests_duration_seconds", "How long answers took");
        let durations = HistogramVec::new(durations, labels).map_err(Error::internal)?;
        let registry = Registry::new();
        registry.register(Box::new(requests.clone())).map_err(Error::internal)?;
        registry.register(Box::new(durations.clone())).map_err(Error::internal)?;
        for collector in others {
            registry.register(collector).map_err(Error::internal)?;
        }
        Ok(Self { registry, requests, durations })
    }

    /// Middleware: counts an answer under its route's pattern, and tells it to the log, but for members' sheets.
    pub async fn count<B: MessageBody + 'static>(
        metrics: web::Data<Self>,
        request: ServiceRequest,
        next: Next<B>,
    ) -> Result<ServiceResponse<B>, actix_web::Error> {
        let (began, method) = (Instant::now(), known(request.method()));
        let answered = next.call(request).await?;
        let (endpoint, status) = (answered.request().match_pattern(), answered.status());
        if endpoint.as_ref().is_some_and(|endpoint| endpoint.contains(SHEETS)) {
            return Ok(answered);
        }
        let (took, route) = (began.elapsed(), endpoint.as_deref().unwrap_or(OTHER));
        let labels = &[method, route, status.as_str()];
        metrics.requests.with_label_values(labels).inc();
        metrics.durations.with_label_values(labels).observe(took.as_secs_f64());
        let (status, milliseconds) = (status.as_u16(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        tracing::info!(target: ACCESS, method, route, status, milliseconds, "answered");
        Ok(answered)
    }

    /// Everything, in Prometheus' text format.
    fn text(&self) -> Result<String> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text).map_err(Error::internal)?;
        String::from_utf8(text).map_err(Error::internal)
    }

    /// Serves `/metrics`, and nothing else, on a listener.
    pub fn serve(self, listener: std::net::TcpListener) -> Result<Server> {
        let data = web::Data::new(self);
        let server = HttpServer::new(move || App::new().app_data(data.clone()).route("/metrics", web::get().to(tell)));
        Ok(server.workers(1).disable_signals().listen(listener).map_err(Error::internal)?.run())
    }
}

async fn tell(metrics: web::Data<Metrics>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(metrics.text()?))
}

/// The method, where some route takes it.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => OTHER,
    }
}
