//! Where stations add their routes: to a worker of the server, and to what is told of all routes, where somebody makes that.

use actix_web::dev::HttpServiceFactory;
use actix_web::guard::{Guard, GuardContext};
use actix_web::http::Method;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, Handler, Responder, Route, web};
use utoipa::openapi::{Components, OpenApi};
use utoipa_actix_web::OpenApiFactory;

/// What is told of all routes.
pub struct Told {
    /// The document, as the handlers describe it.
    pub document: OpenApi,
    /// The routes that it does not name, each with its method.
    pub undocumented: Vec<(String, &'static str)>,
}

impl Told {
    fn tell(&mut self, prefix: &str, service: &impl OpenApiFactory) {
        let mut described = service.paths();
        let below = std::mem::take(&mut described.paths).into_iter();
        described.paths = below.map(|(path, item)| (format!("{prefix}{path}"), item)).collect();
        self.document.paths.merge(described);
        let mut schemas = Vec::new();
        service.schemas(&mut schemas);
        self.document.components.get_or_insert_with(Components::new).schemas.extend(schemas);
    }
}

/// Takes routes. A worker of the server tells nothing of them: to describe all takes longer than everything else of a start.
pub struct Mount<'a> {
    config: &'a mut ServiceConfig,
    told: Option<&'a mut Told>,
    /// What stands before the addresses of all that is added.
    prefix: &'static str,
}

impl<'a> Mount<'a> {
    pub fn new(config: &'a mut ServiceConfig, told: Option<&'a mut Told>) -> Self {
        Self { config, told, prefix: "" }
    }

    /// Adds what the document names.
    pub fn service(&mut self, service: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        if let Some(told) = &mut self.told {
            told.tell(self.prefix, &service);
        }
        self.config.service(service);
        self
    }

    /// Adds a route that is told nowhere.
    pub fn route(&mut self, path: &str, route: Route) -> &mut Self {
        self.config.route(path, route);
        self
    }

    pub fn get<A: FromRequest + 'static, H: Handler<A, Output: Responder>>(
        &mut self,
        path: &str,
        handler: H,
    ) -> &mut Self {
        self.undocumented(path, "GET", web::get().to(handler))
    }

    pub fn head<A: FromRequest + 'static, H: Handler<A, Output: Responder>>(
        &mut self,
        path: &str,
        handler: H,
    ) -> &mut Self {
        self.undocumented(path, "HEAD", web::head().to(handler))
    }

    pub fn post<A: FromRequest + 'static, H: Handler<A, Output: Responder>>(
        &mut self,
        path: &str,
        handler: H,
    ) -> &mut Self {
        self.undocumented(path, "POST", web::post().to(handler))
    }

    /// Adds what `OPTIONS` of these addresses answers.
    pub fn options<A: FromRequest + 'static, H: Handler<A, Output: Responder> + Clone>(
        &mut self,
        paths: &[&str],
        handler: H,
    ) -> &mut Self {
        for path in paths {
            self.route(path, web::method(Method::OPTIONS).to(handler.clone()));
        }
        self
    }

    fn undocumented(&mut self, path: &str, method: &'static str, route: Route) -> &mut Self {
        if let Some(told) = &mut self.told {
            told.undocumented.push((format!("{}{path}", self.prefix), method));
        }
        self.route(path, route)
    }

    pub fn configure(&mut self, routes: impl FnOnce(&mut Mount<'_>)) -> &mut Self {
        routes(self);
        self
    }

    /// Adds routes below a prefix of their addresses.
    pub fn below(&mut self, prefix: &'static str, routes: impl FnOnce(&mut Mount<'_>)) -> &mut Self {
        let told = self.told.as_deref_mut();
        self.config.service(web::scope(prefix).configure(|config| routes(&mut Mount { config, told, prefix })));
        self
    }

    /// Adds routes among which addresses that go on with one of these words are looked for, and no others: a request is held
    /// against one pattern after another until its own, and all of them take more time than many an answer.
    pub fn among(&mut self, words: &'static [&'static str], routes: impl FnOnce(&mut Mount<'_>)) -> &mut Self {
        let (told, prefix) = (self.told.as_deref_mut(), self.prefix);
        let begun = Begun { prefix, words };
        self.config
            .service(web::scope("").guard(begun).configure(|config| routes(&mut Mount { config, told, prefix })));
        self
    }
}

/// The words that addresses go on with after a prefix.
struct Begun {
    prefix: &'static str,
    words: &'static [&'static str],
}

impl Guard for Begun {
    fn check(&self, asked: &GuardContext<'_>) -> bool {
        let below = asked.head().uri.path().strip_prefix(self.prefix).and_then(|below| below.strip_prefix('/'));
        below.and_then(|below| below.split('/').next()).is_some_and(|word| self.words.contains(&word))
    }
}
