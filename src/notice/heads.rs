//! Hands the head of the newest seal out once a day: to a file and by mail, so that it is kept where whoever owns the database
//! cannot write.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use lettre::message::Mailbox;

use crate::audit::{Head, seal_store};
use crate::base::{Day, Error, Moment, Result, label};
use crate::db::settings;
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};
use crate::notice::letter;
use crate::notice::post::PostOffice;

/// How often it is looked whether today's head went out.
const EVERY: Duration = Duration::from_secs(60);
/// The day whose head was mailed last.
const MAILED: &str = "audit:head_mailed";

/// Where heads go that are kept outside.
#[derive(Debug, Clone, Args)]
pub struct HeadSettings {
    /// A file to which the head of the newest seal is written once a day, best on a disk of another machine: by it `ocop audit
    /// verify --heads FILE` finds out even a history that was written anew with all its digests and seals.
    #[arg(long, env = "OCOP_HEADS_FILE")]
    pub heads_file: Option<PathBuf>,

    /// To whom that head is mailed once a day; mail needs OCOP_SMTP_URL.
    #[arg(long, env = "OCOP_HEADS_MAIL")]
    pub heads_mail: Option<String>,
}

impl HeadSettings {
    /// Where heads go, mail through this office; none where they go nowhere.
    pub fn outside(&self, office: Option<&PostOffice>) -> Result<Option<HeadsOutside>> {
        let file = self.heads_file.clone().filter(|path| !path.as_os_str().is_empty());
        let mail = match (self.heads_mail.clone().filter(|to| !to.is_empty()), office) {
            (None, _) => None,
            (Some(to), Some(office)) if to.parse::<Mailbox>().is_ok() => Some((office.clone(), to)),
            (Some(_), Some(_)) => return Err(Error::internal("OCOP_HEADS_MAIL is no address like office@example.vn")),
            (Some(_), None) => return Err(Error::internal("OCOP_HEADS_MAIL is set and OCOP_SMTP_URL is not")),
        };
        Ok((file.is_some() || mail.is_some()).then_some(HeadsOutside { file, mail }))
    }
}

/// Where heads go, and how.
#[derive(Clone)]
pub struct HeadsOutside {
    file: Option<PathBuf>,
    mail: Option<(PostOffice, String)>,
}

const HEADS: Duty = Duty { name: "heads", label: label("gửi đầu niêm phong ra ngoài", "handing out of heads") };

/// Hands heads out until the runtime ends.
pub fn keep_handed_out(app: App, outside: HeadsOutside) {
    let duties = app.duties.clone();
    duties.keep(HEADS, Rhythm::every(EVERY).at_once(), async move || hand_out(&app, &outside).await);
}

/// Days are those of real time: a demo's clock may stand still.
async fn hand_out(app: &App, outside: &HeadsOutside) -> Result<()> {
    let today = Moment::real_now().day();
    let (seal, mailed) = app
        .database
        .read(|connection| Ok::<_, Error>((seal_store::latest(connection)?, settings::get(connection, MAILED)?)))
        .await?;
    let Some(head) = seal.as_ref().map(Head::of) else { return Ok(()) };
    if let Some(path) = outside.file.clone() {
        let written = actix_web::web::block(move || write(&path, today, head)).await;
        written.map_err(Error::internal)??;
    }
    if let Some((office, to)) = outside.mail.as_ref().filter(|_| mailed != Some(today.to_string())) {
        let letter = letter::head(today, head, &app.public_url);
        office
            .deliver(to, letter)
            .await?
            .map_err(|failure| Error::internal(format!("OCOP_HEADS_MAIL: {failure:?}")))?;
        app.database.write(move |connection| settings::put(connection, MAILED, &today.to_string())).await?;
    }
    Ok(())
}

/// A line of the day, behind those of before, unless it is there.
fn write(path: &Path, today: Day, head: Head) -> Result<()> {
    let said = |error: std::io::Error| Error::internal(format!("OCOP_HEADS_FILE {}: {error}", path.display()));
    let before = match std::fs::read_to_string(path) {
        Ok(before) => before,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(said(error)),
    };
    let day = today.to_string();
    if before.lines().any(|line| line.split_whitespace().next() == Some(day.as_str())) {
        return Ok(());
    }
    let mut file: File = OpenOptions::new().append(true).create(true).open(path).map_err(said)?;
    writeln!(file, "{day} {head}").and_then(|()| file.sync_all()).map_err(said)
}
