//! The command line.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Args, Parser, Subcommand};
use ocop::account::rules::user_name;
use ocop::account::{Role, own_step, password, second_factor, store};
use ocop::app;
use ocop::audit::{Head, head, seal_store};
use ocop::backup::{self, Damage, Manifest, Passphrase, Programs};
use ocop::base::id::ProducerId;
use ocop::base::keys;
use ocop::base::text::compose;
use ocop::base::{Error, Moment, Result, UnitCode, say};
use ocop::belonging::Claim;
use ocop::config::{Config, Storage};
use ocop::copying::{self, Copied};
use ocop::db::{Address, schema_state};
use ocop::demo::{self, Demo, Example, PASSWORD};
use ocop::ending::heed_signals;
use ocop::files::{self, Folder, Most, Swept};
use ocop::http::connections::raise_open_files;
use ocop::log::{self, LogSettings};
use ocop::people::forms::{AccountForm, Hashed};
use ocop::people::steps::found;
use ocop::precautions::{Danger, dangers};
use ocop::stamp;
use ocop::verify::{self, Adoption, Count};
use rustix::fs::Mode;
use rustix::process::umask;

/// Gives memory back that a burst needed: after 96 sign-ins the system's allocator kept four times as much. Its second edition
/// without huge pages gives it back within a tenth of a second; the third keeps it for a second, and a flood filled it meanwhile.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs a province's OCOP year: from a producer's idea to a consumer's scan.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    log: LogSettings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the database.
    Serve(Config),
    /// Names what is unsafe in the settings, the rights of files and the accounts, each with how it is mended, and fails where
    /// there is any. Takes the settings of `serve`; nothing is written.
    Check(Config),
    /// Fills an empty database with an example of Hà Tĩnh and serves it.
    Demo(Demonstration),
    /// Creates the database where it is missing, and brings it to this program's schema.
    Migrate(Migration),
    /// Backs up database, files and keys into a new folder, while the service runs or not.
    Backup(Backup),
    /// Puts a backup into an empty place, and verifies it there.
    Restore(Restoration),
    /// Copies an SQLite database to an empty one of PostgreSQL, holds both against each other and verifies the copy. The
    /// service must not run: what is written after the beginning is not copied.
    Copy(Copying),
    /// Stored documents and pictures.
    #[command(subcommand)]
    Files(FilesCommand),
    /// Accounts from the command line.
    #[command(subcommand)]
    Account(AccountCommand),
    /// The history.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The secret keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints who may take which step, as `docs/permissions.md` has it.
    Permissions,
    /// Prints which data of persons are kept, as `docs/privacy.md` has it.
    Privacy,
}

#[derive(Args)]
struct Demonstration {
    /// Which example, by the act under which its open year is.
    #[arg(long, value_enum, default_value_t)]
    edition: Example,
    #[command(flatten)]
    config: Config,
}

#[derive(Args)]
struct Migration {
    #[command(flatten)]
    storage: Storage,
    /// Takes key file and folder of files for this database although nothing shows that they are its own: a new database
    /// with old keys, a folder that was lost or belongs to another database.
    #[arg(long)]
    claim: bool,
}

#[derive(Args)]
struct Backup {
    #[command(flatten)]
    storage: Storage,
    #[command(flatten)]
    programs: Programs,
    #[command(flatten)]
    secret: Secret,
    /// Leaves out files that are lost or damaged already, and names them in the manifest; without it they stop the backup.
    #[arg(long)]
    despite_damage: bool,
    /// The folder to make, best on another disk.
    folder: PathBuf,
}

#[derive(Args)]
struct Restoration {
    #[command(flatten)]
    storage: Storage,
    #[command(flatten)]
    programs: Programs,
    #[command(flatten)]
    secret: Secret,
    /// The folder of the backup.
    folder: PathBuf,
}

#[derive(Args)]
struct Secret {
    /// The file whose first line is the passphrase of the backup's keys; - for standard input.
    #[arg(long, env = "OCOP_BACKUP_PASSPHRASE_FILE")]
    passphrase_file: PathBuf,
}

#[derive(Args)]
struct Copying {
    #[command(flatten)]
    storage: Storage,
    /// The database to copy to; an address with a password is better told by the environment.
    #[arg(long, env = "OCOP_COPY_TO", hide_env_values = true)]
    to: Address,
}

#[derive(Subcommand)]
enum FilesCommand {
    /// Holds every stored file against its digest; names each that is lost or altered, and fails where there is one.
    Verify(Storage),
    /// Moves files that no row names into the quarantine, where they are kept for 30 days; gives back what a row names. The
    /// service does this every hour.
    Sweep(Sweep),
    /// Only gives back from the quarantine what a row names.
    Restore(Storage),
}

#[derive(Args)]
struct Sweep {
    #[command(flatten)]
    storage: Storage,
    /// However many they are; without it, two per cent of the stored files (at least 20), else nothing.
    #[arg(long)]
    all: bool,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Makes an account; its password comes from OCOP_PASSWORD or is asked for on standard input.
    Create(NewAccount),
    /// Takes an account's second factor away, as of who lost app and recovery codes; its owner and every administrator are
    /// told.
    ResetSecondFactor(AccountAtHost),
}

#[derive(Args)]
struct AccountAtHost {
    #[command(flatten)]
    storage: Storage,
    #[arg(value_parser = read_user_name)]
    username: String,
}

#[derive(Args)]
struct NewAccount {
    #[command(flatten)]
    storage: Storage,
    #[arg(long, value_parser = read_user_name)]
    username: String,
    #[arg(long)]
    name: String,
    #[arg(long, value_enum)]
    role: Role,
    #[arg(long)]
    unit_code: Option<UnitCode>,
    #[arg(long)]
    producer_id: Option<ProducerId>,
    #[arg(long, env = "OCOP_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Holds every row against the history and the history against its seals; names each break, and fails where there is
    /// one. Nothing is written.
    Verify(Verifying),
    /// Prints the head of the newest seal, to be kept outside of this service: on paper, on another machine.
    Head(Storage),
    /// Chains the history of a database from before histories were chained, once, as it is. Refused where anything shows that
    /// it was chained before.
    Adopt(Adopting),
    /// Vouches for everything by texts that are the same on SQLite and PostgreSQL, after all of it was verified by those that its
    /// steps have: before `ocop copy`, for a database of an older program. Each such thing gets a step of the service.
    VouchAnew(Storage),
}

#[derive(Args)]
struct Verifying {
    #[command(flatten)]
    storage: Storage,
    /// A head that was kept outside, as `ocop audit head` prints it: a history that was written anew with all its digests and
    /// seals does not have it. May be given several times.
    #[arg(long, value_name = "NUMBER:HEX")]
    head: Vec<Head>,
    /// A file of such heads, one on each line, as OCOP_HEADS_FILE names it.
    #[arg(long)]
    heads: Option<PathBuf>,
}

#[derive(Args)]
struct Adopting {
    #[command(flatten)]
    storage: Storage,
    /// Also a history that was chained before and lost its digests; `ocop audit verify` names this as a break for good.
    #[arg(long)]
    anew: bool,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Prints the keys for safe-keeping. Who has them can mint stamps and tokens.
    Export(Storage),
    /// Adds new keys, in use from the next start of each instance; what was signed and printed before stays valid. Export
    /// the keys again afterwards, and give every instance the new file.
    Rotate(Rotation),
}

#[derive(Args)]
struct Rotation {
    #[command(flatten)]
    storage: Storage,
    /// Only these keys [default: both].
    #[arg(long, value_enum)]
    only: Option<keys::Kind>,
}

fn main() -> ExitCode {
    // Keys, database and files that are made from here on are their owner's alone.
    umask(Mode::RWXG | Mode::RWXO);
    let cli = Cli::parse();
    log::start(cli.log);
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ocop: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error as the person at the command line needs it, in both languages, with every place that is wrong.
fn told(error: &Error) -> String {
    match error {
        Error::Internal(what) => what.clone(),
        Error::Refused(refusal) => {
            let faults = refusal.faults.iter().map(|fault| format!("\n  {}: {}", fault.pointer, fault.detail.en));
            format!("{}{}\n{}", refusal.detail.en, faults.collect::<String>(), refusal.detail.vi)
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(config) => serve(&config),
        Command::Check(config) => check(&config),
        Command::Demo(Demonstration { edition, config }) => demo(&config, edition),
        Command::Migrate(Migration { storage, claim }) => {
            let app = app::open_as(&storage, "", if claim { Claim::Told } else { Claim::OwnOnly })?;
            print(&format!("{} is ready.", app.database.address()))
        }
        Command::Account(AccountCommand::Create(account)) => create_account(account),
        Command::Account(AccountCommand::ResetSecondFactor(account)) => reset_second_factor(&account),
        Command::Audit(AuditCommand::Verify(verifying)) => verify(verifying),
        Command::Audit(AuditCommand::Head(storage)) => {
            let (database, _) = app::look(&storage)?;
            match database.snapshot_now(seal_store::latest)? {
                Some(seal) => print(&Head::of(&seal).to_string()),
                None => Err(Error::internal("there is no seal yet")),
            }
        }
        Command::Audit(AuditCommand::Adopt(Adopting { storage, anew })) => {
            let steps = app::adopt(&storage, if anew { Adoption::Anew } else { Adoption::Once })?;
            print(&format!("{steps} steps were chained."))
        }
        Command::Audit(AuditCommand::VouchAnew(storage)) => {
            let things = app::vouch_anew(&storage, &mut |broken| print(&broken.to_string()))?;
            print(&format!("{things} things were vouched for anew."))
        }
        Command::Backup(wanted) => backup(&wanted),
        Command::Restore(wanted) => restore(&wanted),
        Command::Copy(wanted) => copy(&wanted),
        Command::Files(FilesCommand::Verify(storage)) => {
            let (database, _) = app::look(&storage)?;
            let folder = Folder::of(&storage.data_dir);
            let count = database.snapshot_now(|connection| {
                verify::verify_files(connection, &folder, &mut |broken| print(&broken.to_string()))
            })?;
            match count.breaks {
                0 => print(&format!("{} files, all in order", count.files)),
                breaks => Err(Error::internal(format!("{} files, {breaks} of them lost or altered", count.files))),
            }
        }
        Command::Files(FilesCommand::Sweep(Sweep { storage, all })) => {
            app::require_database(&storage)?;
            let (app, most) = (app::open(&storage, "")?, if all { Most::All } else { Most::Leftovers });
            let folder = Folder::of(&storage.data_dir);
            let Swept { moved, returned, removed } =
                files::sweep_with(&app.database, &folder, SystemTime::now(), most)?;
            print(&format!("{moved} files were moved aside, {returned} given back, {removed} removed after 30 days."))
        }
        Command::Files(FilesCommand::Restore(storage)) => {
            app::require_database(&storage)?;
            let app = app::open(&storage, "")?;
            let returned = files::give_back(&app.database, &Folder::of(&storage.data_dir))?;
            print(&format!("{returned} files were given back."))
        }
        Command::Keys(KeysCommand::Export(storage)) => {
            app::require_database(&storage)?;
            let app = app::open(&storage, "")?;
            print(&serde_json::to_string_pretty(app.keys.as_ref()).map_err(Error::internal)?)
        }
        Command::Keys(KeysCommand::Rotate(rotation)) => {
            app::require_database(&rotation.storage)?;
            let kinds = rotation.only.map_or_else(|| vec![keys::Kind::Token, keys::Kind::Stamp], |kind| vec![kind]);
            let names = app::rotate(&rotation.storage, &kinds)?;
            print(&format!("New keys: {}. Restart each instance with this key file.", names.join(", ")))
        }
        Command::Privacy => print(ocop::privacy::page::markdown()?.trim_end()),
        Command::Permissions => print(ocop::permissions::markdown()?.trim_end()),
        Command::Openapi => print(&app::document().to_pretty_json().map_err(Error::internal)?),
    }
}

fn serve(config: &Config) -> Result<()> {
    if !config.allow_demo_passwords {
        app::require_database(&config.storage)?;
        demo::must_have_own_passwords(&app::open(&config.storage, "")?.database)?;
    }
    raise_open_files();
    for danger in dangers(config) {
        tracing::warn!(remedy = %danger.remedy, "{}", danger.what);
    }
    actix_web::rt::System::new().block_on(async {
        let service = app::build(config)?;
        heed(&service, config)?;
        log::keep_told();
        tracing::info!(address = %service.address, database = %service.app.database.address(), "serving");
        service.server.await.map_err(Error::internal)
    })
}

/// Before anybody is told that it serves.
fn heed(service: &app::Service, config: &Config) -> Result<()> {
    let drain = Duration::from_secs(config.drain_seconds);
    heed_signals(service.server.handle(), service.readiness.clone(), drain)
}

fn check(config: &Config) -> Result<()> {
    let mut found = dangers(config);
    let (database, _) = app::look(&config.storage)?;
    if let Err(error) = demo::must_have_own_passwords(&database) {
        found.push(Danger { what: told(&error), remedy: "until then let nobody else reach the service".to_owned() });
    }
    if found.is_empty() {
        return print("Nothing unsafe was found.");
    }
    for danger in &found {
        print(&danger.to_string())?;
    }
    Err(Error::internal(format!("{} things are unsafe", found.len())))
}

fn demo(config: &Config, example: Example) -> Result<()> {
    // A minute's work is not done for a service that does not start.
    config.origin_at(config.listen)?;
    let demo = demo::prepare(&app::open(&config.storage, "")?, example)?;
    actix_web::rt::System::new().block_on(async {
        let service = app::build(config)?;
        heed(&service, config)?;
        let welcome = welcome(&service, &demo)?;
        if let Err(error) = print(&welcome) {
            tracing::warn!(%error, "nobody reads what the demo prints; it serves all the same");
        }
        service.server.await.map_err(Error::internal)
    })
}

/// What a visitor of the demo needs to begin: addresses, accounts, stamps, one of them as a QR to scan.
fn welcome(service: &app::Service, demo: &Demo) -> Result<String> {
    let app = &service.app;
    let mut text = format!(
        "\nocop serves the demo at http://{}\n  desk http://{0}/desk        sign in with an account below\n  API  http://{0}/api/v1     its documentation  http://{0}/docs/\n  \
         business time {} (real time plus what the database says)\n  \
         the products' pictures are drawings\n\nAccounts, all with the password {PASSWORD}:\n  \
         admin office signatory supervisor inspector        the province\n{}  \
         chair vice member1 to member5 secretary             the province's council\n\nStamps to try:\n",
        service.address,
        app.clock.now(),
        match demo.example {
            Example::First =>
                "  district (Hương Sơn, 439)  commune (Sơn Kim 1, 18196)  producer\n  \
                 dchair dvice dmember1 dmember2 dmember3 dsecretary  the district's council\n",
            Example::Second => "  commune (Sơn Kim 1, 18196)  producer\n",
        }
    );
    for sample in &demo.samples {
        text.push_str(&format!("  {:20} {}/t/{}\n", sample.verdict, app.public_url, sample.code));
    }
    if let Some(sample) = demo.samples.first() {
        let code = qrcode::QrCode::new(stamp::qr::text(&app.public_url, &sample.code)).map_err(Error::internal)?;
        text.push_str(&code.render::<qrcode::render::unicode::Dense1x2>().build());
    }
    Ok(text)
}

/// As every door of the service reads it.
fn read_user_name(typed: &str) -> std::result::Result<String, std::convert::Infallible> {
    Ok(user_name(typed))
}

fn create_account(account: NewAccount) -> Result<()> {
    app::require_database(&account.storage)?;
    let app = app::open(&account.storage, "")?;
    let typed = match account.password {
        Some(password) => password,
        None => {
            eprint!("Password: ");
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map_err(Error::internal)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    // As every door of the service reads it, however the terminal writes its accents.
    let password = compose(&typed);
    let form = AccountForm {
        username: account.username,
        password: Some(password.clone()),
        name: account.name,
        role: account.role,
        unit_code: account.unit_code,
        producer_id: account.producer_id,
    };
    form.check()?;
    let password_hash = password::hash(&password)?;
    let now = app.clock.now();
    let id = app.database.write_now(|connection| found(connection, Hashed { form, password_hash }, now))?;
    print(&id.to_string())
}

fn reset_second_factor(AccountAtHost { storage, username }: &AccountAtHost) -> Result<()> {
    app::require_database(storage)?;
    let app = app::open(storage, "")?;
    let now = app.clock.now();
    app.database.write_now(|connection| {
        let unknown = || Error::internal(format!("there is no account {username}"));
        let account = store::of_username(connection, username)?.ok_or_else(unknown)?;
        store::take(connection, account)?;
        if !second_factor::store::remove(connection, account)? {
            return Err(Error::internal(format!("{username} has no second factor")));
        }
        store::end_sign_ins(connection, account, Moment::real_now())?;
        own_step::record(connection, account, None, second_factor::RESET, now)
    })?;
    print(&format!("{username} signs in by password alone."))
}

fn verify(verifying: Verifying) -> Result<()> {
    let Verifying { storage, head: mut kept, heads } = verifying;
    if let Some(path) = heads {
        let text =
            std::fs::read_to_string(&path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
        kept.extend(head::read_all(&text).map_err(|what| Error::internal(format!("{}: {what}", path.display())))?);
    }
    print(&verified(&storage, &kept)?)
}

/// Names each break of the history and fails where there is one; else what was gone through.
fn verified(storage: &Storage, kept: &[Head]) -> Result<String> {
    let (database, keys) = app::look(storage)?;
    let folder = Folder::of(&storage.data_dir);
    let count = database.snapshot_now(|connection| {
        verify::verify(connection, &keys, &folder, kept, &mut |broken| print(&broken.to_string()))
    })?;
    let Count { entries, seals, files, breaks } = count;
    if breaks > 0 {
        return Err(Error::internal(format!("{entries} entries, {seals} seals, {files} files, {breaks} breaks")));
    }
    Ok(format!("{entries} entries, {seals} seals, {files} files, all in order"))
}

fn backup(Backup { storage, programs, secret, despite_damage, folder }: &Backup) -> Result<()> {
    let passphrase = Passphrase::read(&secret.passphrase_file)?;
    let (database, keys) = app::look_at_any_age(storage)?;
    let damage = if *despite_damage { Damage::LeftOut } else { Damage::Refused };
    let made = backup::make(&database, &keys, storage, programs, &passphrase, folder, damage)?;
    for lost in &made.left_out {
        print(&format!("left out: file {lost}"))?;
    }
    print(&format!("{}: {} files, {} bytes, head {}", folder.display(), made.files, made.bytes, shown(made.head)))
}

fn shown(head: Option<Head>) -> String {
    head.map_or_else(|| "none".to_owned(), |head| head.to_string())
}

fn restore(Restoration { storage, programs, secret, folder }: &Restoration) -> Result<()> {
    let passphrase = Passphrase::read(&secret.passphrase_file)?;
    let Manifest { files, head, made_at, left_out, .. } = backup::restore(folder, storage, programs, &passphrase)?;
    print(&format!("The backup of {made_at} was restored: {files} files, head {}.", shown(head)))?;
    let state = storage.open()?.read_now(|connection| schema_state(connection, &storage.database_url))?;
    for lost in &left_out {
        print(&format!("The file {lost} was lost before the backup, and is missed below."))?;
    }
    if let Some(lacking) = state.lacks {
        let verify = format!("ocop audit verify{}", head.map(|head| format!(" --head {head}")).unwrap_or_default());
        return print(&format!(
            "It has the schema of an older program and lacks the migration {lacking}: `ocop migrate` brings it to this program's. \
             Afterwards verify it: `{verify}`."
        ));
    }
    let kept: Vec<Head> = head.into_iter().collect();
    let verified = verified(storage, &kept).map_err(|error| {
        Error::at_hand(say(
            format!("Đã khôi phục đủ như bản sao lưu, nhưng lịch sử có chỗ không khớp: {}", told(&error)),
            format!("It was restored as it was backed up, but its history does not verify: {}", told(&error)),
        ))
    });
    print(&verified?)
}

fn copy(Copying { storage, to }: &Copying) -> Result<()> {
    let (database, _) = app::look(storage)?;
    let Copied { tables, rows } = copying::copy(&database, to)?;
    print(&format!("{rows} rows of {tables} tables were copied to {to}, and are the same there."))?;
    let copy = Storage { database_url: to.clone(), ..storage.clone() };
    let verified = verified(&copy, &[]).map_err(|error| {
        Error::at_hand(say(
            format!(
                "Đã chuyển đủ, nhưng lịch sử ở đó có chỗ không khớp: {}. Nếu ở SQLite không có chỗ nào như thế thì chương trình \
                 cũ đã xác nhận chúng theo cách ghi của SQLite: chạy `ocop audit vouch-anew` ở đó rồi chuyển lại.",
                told(&error)
            ),
            format!(
                "All was copied, but its history does not verify there: {}. Where it does on SQLite, an older program vouched for \
                 those things in SQLite's own spelling: run `ocop audit vouch-anew` there and copy again.",
                told(&error)
            ),
        ))
    });
    print(&verified?)
}

fn print(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").map_err(Error::internal)
}
