//! A step that only this test knows: declared in a few lines, it is in JSON, in the rights, in the offers and in the history.

use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::{App, web};
use diesel::prelude::*;
use ocop::account::{Caller, Role, Work};
use ocop::audit::Resource;
use ocop::base::Result;
use ocop::base::id::{AnyId, HoldId};
use ocop::db::schema::holds;
use ocop::hold::Hold;
use ocop::hold::view::HoldView;
use ocop::http::PathParam;
use ocop::station::{Access, By, Offer, Reason, Shown, Taken, Thing, Verb, label, rights_of};
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::walk::{Walk, id};

/// A hold with one more step.
struct Watched(Hold);

static REMIND: Verb<Watched, Reason> =
    Verb::new("remind", label("Nhắc", "Remind of the hold"), By::Roles(&[Role::Inspector]), remind)
        .open(|_, hold| hold.0.state.lift().map(drop));

fn remind(work: &mut Work, hold: &Watched, reason: Reason) -> Result<Taken> {
    let row = diesel::update(holds::table.find(hold.0.id));
    row.set(holds::version.eq(holds::version + 1)).execute(work.connection)?;
    Ok(Taken::stayed().with_note(Some(reason.into_text())))
}

impl Thing for Watched {
    type Key = HoldId;
    const RESOURCE: Resource = Resource::Hold;
    const PATH: &'static str = "holds";

    fn load(work: &mut Work, key: &HoldId, access: Access) -> Result<Option<Self>> {
        Ok(Hold::load(work, key, access)?.map(Self))
    }
    fn id(&self) -> AnyId {
        self.0.id()
    }
    fn version(&self) -> i32 {
        self.0.version
    }
    fn state(&self) -> Option<&str> {
        self.0.state()
    }
    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        static VERBS: &[&dyn Offer<Watched>] = &[&REMIND];
        VERBS
    }
}

impl Shown for Watched {
    type View = HoldView;

    fn views(work: &mut Work, things: &[Self]) -> Result<Vec<HoldView>> {
        let holds: Vec<Hold> = things.iter().map(|thing| thing.0.clone()).collect();
        Hold::views(work, &holds)
    }
}

#[test]
fn a_made_up_step_is_in_json_rights_offers_and_history() {
    let rights = rights_of::<Watched>(&[]);
    assert_eq!((rights[0].path, rights[0].verb), ("holds", "remind"));
    assert!(rights[0].is_of(Role::Inspector) && !rights[0].is_of(Role::Producer));
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let form = json!({"product_id": product, "reason": "Chờ kiểm nghiệm"});
        let hold = id(&walk.province.post(&walk.inspector, "/holds", form).created());
        let address = format!("/holds/{hold}");
        actix_web::rt::System::new().block_on(async {
            let app = App::new()
                .app_data(web::Data::new(walk.province.app.clone()))
                .route("/holds/{id}", web::get().to(|caller: Caller, id: PathParam<HoldId>| caller.show::<Watched>(id)))
                .route(
                    "/holds/{id}/remind",
                    web::post().to(|caller: Caller, id: PathParam<HoldId>| caller.take(&REMIND, id)),
                )
                .route(
                    "/holds/{id}/history",
                    web::get().to(|caller: Caller, id: PathParam<HoldId>| caller.history::<Watched>(id)),
                );
            let app = init_service(app).await;
            let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
            let ask =
                |path: String, token: &str| TestRequest::get().uri(&path).insert_header(bearer(token)).to_request();
            let order = |token: &str, version: &str, body: Value| {
                let request = TestRequest::post().uri(&format!("{address}/remind")).insert_header(bearer(token));
                request.insert_header(("if-match", version)).set_json(body).to_request()
            };

            let shown: Value =
                read_body_json(call_service(&app, ask(address.clone(), &walk.inspector.token)).await).await;
            assert_eq!(shown["actions"], json!(["remind"]));
            let shown: Value =
                read_body_json(call_service(&app, ask(address.clone(), &walk.here.officer.token)).await).await;
            assert_eq!(shown["actions"], json!([]));

            let note = || json!({"note": "Đã nhắc cơ sở"});
            for (token, version, body, status) in [
                (&walk.here.officer.token, "\"1\"", note(), 403),
                (&walk.inspector.token, "\"7\"", note(), 412),
                (&walk.inspector.token, "\"1\"", json!({}), 422),
                (&walk.inspector.token, "\"1\"", note(), 200),
            ] {
                let answer = call_service(&app, order(token, version, body)).await;
                assert_eq!(answer.status().as_u16(), status);
                if status == 200 {
                    let taken: Value = read_body_json(answer).await;
                    assert_eq!((&taken["version"], &taken["actions"]), (&json!(2), &json!(["remind"])));
                }
            }

            let history = call_service(&app, ask(format!("{address}/history"), &walk.inspector.token)).await;
            let history: Value = read_body_json(history).await;
            let last = &history["items"][1];
            assert_eq!((&last["verb"], &last["note"]), (&json!("remind"), &json!("Đã nhắc cơ sở")));
            assert_eq!(last["who"]["account_id"], json!(walk.inspector.id));
        });
    });
}
