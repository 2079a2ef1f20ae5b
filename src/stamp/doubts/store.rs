//! Doubts in the database.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date};

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{DoubtId, FileId, ProducerId, ProductId, StampOrderId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{doubt_uploads, doubts, files, stamp_orders};
use crate::db::types::{Multi, text_column};
use crate::files::store::SUM_OF_SIZES;
use crate::privacy::record::CONTACT_DAYS;
use crate::stamp::doubts::rules::{Before, State};
use crate::stamp::place::Place;
use crate::stamp::rules::Key;
use crate::station::{Stretch, filters};

text_column!(State);

/// A doubt as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = doubts)]
pub struct DoubtRow {
    pub id: DoubtId,
    pub version: i32,
    pub order_id: StampOrderId,
    pub serial: i32,
    pub text: String,
    pub contact: Option<String>,
    pub latitude: Option<i32>,
    pub longitude: Option<i32>,
    pub at: Moment,
    pub state: State,
    pub file_id: Option<FileId>,
    pub note: Option<String>,
    pub consent_version: Option<i32>,
}

/// A doubt with what its stamp belongs to.
#[derive(Debug, Clone, Queryable)]
pub struct Doubt {
    pub row: DoubtRow,
    pub number: i32,
    pub key_id: String,
    pub product: ProductId,
    pub producer: ProducerId,
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

impl Doubt {
    pub fn home(&self) -> Home {
        Home { producer: self.producer, commune: self.commune.clone(), district: self.district.clone() }
    }
}

/// What a shopper sent.
#[derive(Debug, Clone)]
pub struct NewDoubt {
    pub id: DoubtId,
    pub text: String,
    pub contact: Option<String>,
    pub place: Option<Place>,
    pub file: Option<FileId>,
    /// To which version of its text who sends it agrees, now.
    pub consent_version: Option<i32>,
    pub sender: Sender,
}

/// Who sends a doubt: the day's hashes of the visitor and of the network.
#[derive(Debug, Clone)]
pub struct Sender {
    pub visitor: Vec<u8>,
    pub network: Vec<u8>,
}

/// What a sender sent today, refused uploads included, and what came about a stamp. Hashes last a day, so they need no date.
pub fn before(connection: &mut AnyConnection, stamp: Key, sender: &Sender, now: Moment) -> Result<Before> {
    let today = now.day();
    let refused = |connection: &mut AnyConnection, hash: &[u8]| -> Result<i64> {
        let row = doubt_uploads::table.find((today, hash.to_vec()));
        let uploads: Option<i32> = row.select(doubt_uploads::uploads).first(connection).optional()?;
        Ok(uploads.map_or(0, i64::from))
    };
    let (by_visitor, by_network) = (refused(connection, &sender.visitor)?, refused(connection, &sender.network)?);
    let sent: i64 = doubts::table.filter(doubts::visitor.eq(Some(&sender.visitor))).count().get_result(connection)?;
    let of_network = doubts::table.filter(doubts::network.eq(Some(&sender.network)));
    let by_others: i64 = of_network.count().get_result(connection)?;
    let hour = now.plus(chrono::Duration::hours(-1));
    // No more than the limit of an hour lets in.
    let this_hour: Vec<Moment> =
        of_network.filter(doubts::at.gt(hour)).order(doubts::at).select(doubts::at).load(connection)?;
    let about = doubts::table
        .filter(doubts::order_id.eq(stamp.0))
        .filter(doubts::serial.eq(stamp.1))
        .filter(doubts::at.ge(today.starts()));
    let about_stamp: i64 = about.count().get_result(connection)?;
    let last_about_stamp = about.order(doubts::at.desc()).select(doubts::at).first(connection).optional()?;
    let about_stamp_by_network: i64 =
        about.filter(doubts::network.eq(Some(&sender.network))).count().get_result(connection)?;
    Ok(Before {
        by_visitor: sent + by_visitor,
        by_network: by_others + by_network,
        by_network_this_hour: i64::try_from(this_hour.len()).map_err(Error::internal)?,
        hour_began: this_hour.first().copied(),
        about_stamp,
        about_stamp_by_network,
        last_about_stamp,
        has_page: false,
    })
}

/// How many bytes all photographs of doubts take.
pub fn bytes_of_photos(connection: &mut AnyConnection) -> Result<i64> {
    let photos = doubts::table.inner_join(files::table.on(doubts::file_id.eq(files::id.nullable())));
    Ok(photos.select(sql::<BigInt>(SUM_OF_SIZES)).get_result(connection)?)
}

/// Counts an upload before it is read, as if it were refused, and forgets those of earlier days.
pub fn begin_upload(connection: &mut AnyConnection, sender: &Sender, today: Day) -> Result<()> {
    diesel::delete(doubt_uploads::table.filter(doubt_uploads::day.lt(today))).execute(connection)?;
    for hash in [&sender.visitor, &sender.network] {
        diesel::sql_query(
            "INSERT INTO doubt_uploads (day, visitor, uploads) VALUES ($1, $2, 1) \
             ON CONFLICT (day, visitor) DO UPDATE SET uploads = doubt_uploads.uploads + 1",
        )
        .bind::<Date, _>(today)
        .bind::<Binary, _>(hash.clone())
        .execute(connection)?;
    }
    Ok(())
}

/// The upload becomes a doubt, which counts by itself.
pub fn end_upload(connection: &mut AnyConnection, sender: &Sender, today: Day) -> Result<()> {
    for hash in [&sender.visitor, &sender.network] {
        diesel::update(doubt_uploads::table.find((today, hash.clone())))
            .set(doubt_uploads::uploads.eq(doubt_uploads::uploads - 1))
            .execute(connection)?;
    }
    Ok(())
}

pub fn insert(connection: &mut AnyConnection, stamp: Key, doubt: &NewDoubt, now: Moment) -> Result<()> {
    diesel::insert_into(doubts::table)
        .values((
            doubts::id.eq(doubt.id),
            doubts::version.eq(1),
            doubts::state.eq(State::Open),
            doubts::order_id.eq(stamp.0),
            doubts::serial.eq(stamp.1),
            doubts::text.eq(&doubt.text),
            doubts::contact.eq(&doubt.contact),
            doubts::latitude.eq(doubt.place.map(|place| place.latitude)),
            doubts::longitude.eq(doubt.place.map(|place| place.longitude)),
            doubts::file_id.eq(doubt.file),
            doubts::consent_version.eq(doubt.consent_version),
            doubts::visitor.eq(Some(&doubt.sender.visitor)),
            doubts::network.eq(Some(&doubt.sender.network)),
            doubts::at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Forgets how to reach who sent a doubt that is closed and old enough; how many doubts had it.
pub fn forget_contacts(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let old = doubts::at.lt(now.plus(chrono::Duration::days(-CONTACT_DAYS)));
    forget_closed(connection, Box::new(old))
}

/// As [`forget_contacts`], of those of these doubts that are closed, however old they are.
pub fn forget_contacts_of(connection: &mut AnyConnection, ids: &[DoubtId]) -> Result<usize> {
    forget_closed(connection, Box::new(doubts::id.eq_any(ids.to_vec())))
}

fn forget_closed(
    connection: &mut AnyConnection,
    which: Box<dyn BoxableExpression<doubts::table, Multi, SqlType = Bool>>,
) -> Result<usize> {
    let closed =
        doubts::table.filter(doubts::state.eq(State::Closed)).filter(doubts::contact.is_not_null()).filter(which);
    Ok(diesel::update(closed).set(doubts::contact.eq(None::<String>)).execute(connection)?)
}

/// Whether there is a doubt of this id.
pub fn is_kept(connection: &mut AnyConnection, id: DoubtId) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(doubts::table.find(id))).get_result(connection)?)
}

/// Doubts with the orders of their stamps, whose territory is theirs.
macro_rules! with_orders {
    () => {
        doubts::table.inner_join(stamp_orders::table.on(stamp_orders::id.eq(doubts::order_id)))
    };
}

/// What a [`Doubt`] is read from.
macro_rules! columns {
    () => {
        (
            DoubtRow::as_select(),
            stamp_orders::number,
            stamp_orders::key_id,
            stamp_orders::product_id,
            stamp_orders::producer_id,
            stamp_orders::commune_code,
            stamp_orders::district_code,
        )
    };
}

pub fn find(connection: &mut AnyConnection, id: DoubtId) -> Result<Option<Doubt>> {
    Ok(with_orders!().filter(doubts::id.eq(id)).select(columns!()).first(connection).optional()?)
}

/// Finds a doubt and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: DoubtId) -> Result<Option<Doubt>> {
    diesel::update(doubts::table.find(id)).set(doubts::version.eq(doubts::version)).execute(connection)?;
    find(connection, id)
}

pub fn set_state(connection: &mut AnyConnection, id: DoubtId, state: State, note: Option<&str>) -> Result<()> {
    diesel::update(doubts::table.find(id))
        .set((doubts::version.eq(doubts::version + 1), doubts::state.eq(state), doubts::note.eq(note)))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What doubts can be listed by.
    pub struct DoubtFilter {
        state: State,
        producer_id: ProducerId,
        product_id: ProductId,
        /// A district or commune.
        unit_code: UnitCode,
    }
}

/// The doubts of a territory that a filter lets through.
macro_rules! matching {
    ($query:expr, $territory:expr, $filter:expr) => {{
        let mut query = within_territory!($query, stamp_orders, $territory);
        if let Some(state) = $filter.state {
            query = query.filter(doubts::state.eq(state));
        }
        if let Some(producer) = $filter.producer_id {
            query = query.filter(stamp_orders::producer_id.eq(producer));
        }
        if let Some(product) = $filter.product_id {
            query = query.filter(stamp_orders::product_id.eq(product));
        }
        if let Some(unit) = &$filter.unit_code {
            let within = stamp_orders::district_code.eq(unit).or(stamp_orders::commune_code.nullable().eq(unit));
            query = query.filter(within);
        }
        if let Some(since) = $filter.updated_since {
            query = query.filter(doubts::id.eq_any(changed_since(Resource::Doubt, since)));
        }
        query
    }};
}

/// Doubts of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &DoubtFilter,
    stretch: &Stretch<(Moment, DoubtId)>,
) -> Result<Vec<Doubt>> {
    let mut query = matching!(with_orders!().select(columns!()).into_boxed(), territory, filter);
    if let Some((at, id)) = stretch.after {
        query = query.filter(doubts::at.lt(at).or(doubts::at.eq(at).and(doubts::id.lt(id))));
    }
    Ok(query.order((doubts::at.desc(), doubts::id.desc())).limit(stretch.limit).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &DoubtFilter) -> Result<i64> {
    let counted = with_orders!().select(diesel::dsl::count_star()).into_boxed();
    Ok(matching!(counted, territory, filter).first(connection)?)
}
