//! The signed original of a decision is handed in, and judged before anything is written.

use std::io::Read;

use tokio::sync::Mutex;

use crate::account::{Role, Work};
use crate::base::id::{DecisionId, OriginalId};
use crate::base::{Digest, Error, Result, say};
use crate::db::types::Json;
use crate::decision::own_unit::{OWN_UNIT, must_be_of_unit};
use crate::decision::rules::State;
use crate::decision::signature::judge::judge;
use crate::decision::signature::rules::Judgement;
use crate::decision::signature::store::{self, Original};
use crate::decision::{Decision, content};
use crate::files::{self, Arrived, Folder};
use crate::http::App;
use crate::station::{By, Taken, Verb, label};

/// A signed file, as it was judged.
#[derive(Debug)]
pub struct NewOriginal {
    pub arrived: Arrived,
    pub judgement: Judgement,
}

/// Hands a signed original in. Who drafts and who signs may: what it is worth is told by its bytes and not by who brings it,
/// and promulgation stays with another account than the draft's. It may follow a promulgation too, as the paper often does.
pub static ADD_ORIGINAL: Verb<Decision, NewOriginal, OriginalId> = Verb::new(
    "add-original",
    label("Nộp bản gốc đã ký số", "Hand in the signed original"),
    By::Some(&[Role::ProvincialOfficer, Role::DistrictOfficer, Role::Signatory], OWN_UNIT),
    add_original,
)
.right(|asker, decision| {
    must_be_of_unit(asker, decision, || {
        Error::forbidden(say(
            "Chỉ được nộp bản gốc của quyết định do đơn vị mình ban hành.",
            "Originals are handed in for one's own unit only.",
        ))
    })
})
.open(|_, decision| match decision.state {
    State::Draft | State::Promulgated => Ok(()),
    State::Withdrawn => Err(Error::wrong_state(decision.state.as_ref())),
})
.at_any_version();

fn add_original(work: &mut Work, decision: &Decision, new: NewOriginal) -> Result<Taken<OriginalId>> {
    let NewOriginal { arrived, judgement } = new;
    files::store::insert(work.connection, &arrived.file, work.now)?;
    arrived.unnamed.named();
    let original = Original {
        id: OriginalId::new(),
        decision_id: decision.id,
        file_id: arrived.file.id,
        sha256: Digest::try_from(arrived.file.sha256).map_err(Error::internal)?,
        judgement: Json(judgement),
        uploaded_by: work.actor.id,
        created_at: work.now,
    };
    store::insert(work.connection, &original)?;
    let Judgement { verdict, content, .. } = original.judgement.0;
    crate::decision::store::judge_original(work.connection, decision.id, verdict, content)?;
    let vouched = content::vouched(work, decision.id)?;
    Ok(Taken::stayed().with_note(Some(arrived.file.name)).vouching(vouched).giving(original.id))
}

/// One file is judged at a time: it is in memory as a whole while it is.
static TURN: Mutex<()> = Mutex::const_new(());

/// Judges what arrived for a decision, away from the database.
pub async fn judged(app: &App, decision: DecisionId, arrived: Arrived) -> Result<NewOriginal> {
    let given_out = app.database.read(move |connection| store::given_out(connection, decision)).await?;
    let (folder, id, now) = (Folder::of(&app.data_dir), arrived.file.id, app.clock.now());
    let authorities = app.authorities.clone();
    let _turn = TURN.lock().await;
    let judging = tokio::task::spawn_blocking(move || -> Result<Judgement> {
        let mut file = Vec::new();
        folder.open(id)?.read_to_end(&mut file).map_err(Error::internal)?;
        Ok(judge(&file, &given_out, &authorities, now))
    });
    let judgement = judging.await.map_err(Error::internal)??;
    Ok(NewOriginal { arrived, judgement })
}
