//! Walks over the graph of lots in the database: a few statements, however large the graph.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::account::Home;
use crate::base::id::{LotEventId, LotId, ProducerId, ProductId, ShopId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::types::{Guid, Instant};
use crate::lot::event_rules::EventKind;

/// Which way a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To what went into a lot.
    Back,
    /// To what was made of it.
    Forward,
}

impl Way {
    /// Lots that can be reached with their least distance: `$1` is where the walk begins, `$2` how far it goes.
    fn reached(self) -> String {
        let (from, to) = match self {
            Self::Back => ("lot_id", "input_id"),
            Self::Forward => ("input_id", "lot_id"),
        };
        format!(
            "WITH RECURSIVE walk (lot, depth) AS ( \
                 SELECT id, 0 FROM lots WHERE id = $1 \
                 UNION \
                 SELECT lot_inputs.{to}, walk.depth + 1 \
                 FROM walk JOIN lot_inputs ON lot_inputs.{from} = walk.lot WHERE walk.depth < $2 \
             ), reached (lot, depth) AS (SELECT lot, MIN(depth) FROM walk GROUP BY lot) "
        )
    }
}

/// A lot that a walk reached.
#[derive(Debug, Clone, QueryableByName)]
pub struct ReachedLot {
    #[diesel(sql_type = Guid)]
    pub id: LotId,
    #[diesel(sql_type = Integer)]
    pub depth: i32,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Guid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub product_name: String,
    #[diesel(sql_type = Guid)]
    pub producer_id: ProducerId,
    #[diesel(sql_type = Text)]
    pub producer_name: String,
    #[diesel(sql_type = Text)]
    pub commune_code: UnitCode,
    #[diesel(sql_type = Nullable<Text>)]
    pub district_code: Option<UnitCode>,
    #[diesel(sql_type = Date)]
    pub produced_on: Day,
    #[diesel(sql_type = Nullable<Date>)]
    pub expires_on: Option<Day>,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Nullable<Instant>)]
    pub recalled_at: Option<Moment>,
    #[diesel(sql_type = Nullable<Guid>)]
    pub recall_origin_id: Option<LotId>,
    /// How many holds on the lot or its product are active.
    #[diesel(sql_type = BigInt)]
    pub holds: i64,
}

impl ReachedLot {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

/// The lots within `depth` steps of a lot, itself too, the nearest first.
pub fn steps(connection: &mut AnyConnection, way: Way, lot: LotId, depth: i32, limit: i64) -> Result<Vec<ReachedLot>> {
    let statement = format!(
        "{} SELECT lots.id AS id, reached.depth AS depth, lots.code AS code, lots.product_id AS product_id, \
             products.name AS product_name, lots.producer_id AS producer_id, producers.name AS producer_name, \
             lots.commune_code AS commune_code, lots.district_code AS district_code, \
             lots.produced_on AS produced_on, lots.expires_on AS expires_on, lots.quantity AS quantity, \
             lots.unit AS unit, lots.recalled_at AS recalled_at, lots.recall_origin_id AS recall_origin_id, \
             (SELECT COUNT(*) FROM holds WHERE holds.state = 'active' \
                 AND (holds.lot_id = lots.id OR holds.product_id = lots.product_id)) AS holds \
         FROM reached JOIN lots ON lots.id = reached.lot \
         JOIN products ON products.id = lots.product_id JOIN producers ON producers.id = lots.producer_id \
         ORDER BY reached.depth, lots.id LIMIT $3",
        way.reached()
    );
    Ok(diesel::sql_query(statement)
        .bind::<Guid, _>(lot)
        .bind::<Integer, _>(depth)
        .bind::<BigInt, _>(limit)
        .load(connection)?)
}

/// That a lot went into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub struct Link {
    #[diesel(sql_type = Guid)]
    pub lot_id: LotId,
    #[diesel(sql_type = Guid)]
    pub input_id: LotId,
}

/// The links between the lots within `depth` steps of a lot.
pub fn links(connection: &mut AnyConnection, way: Way, lot: LotId, depth: i32, limit: i64) -> Result<Vec<Link>> {
    let statement = format!(
        "{} SELECT lot_inputs.lot_id AS lot_id, lot_inputs.input_id AS input_id FROM lot_inputs \
         JOIN reached AS made ON made.lot = lot_inputs.lot_id \
         JOIN reached AS used ON used.lot = lot_inputs.input_id \
         ORDER BY lot_inputs.lot_id, lot_inputs.input_id LIMIT $3",
        way.reached()
    );
    Ok(diesel::sql_query(statement)
        .bind::<Guid, _>(lot)
        .bind::<Integer, _>(depth)
        .bind::<BigInt, _>(limit)
        .load(connection)?)
}

/// That a lot left its producer, and for where.
#[derive(Debug, Clone, QueryableByName)]
pub struct Departure {
    #[diesel(sql_type = Guid)]
    pub event_id: LotEventId,
    #[diesel(sql_type = Guid)]
    pub lot_id: LotId,
    #[diesel(sql_type = Text)]
    pub kind: EventKind,
    #[diesel(sql_type = Instant)]
    pub at: Moment,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub quantity: Option<i64>,
    #[diesel(sql_type = Nullable<Guid>)]
    pub shop_id: Option<ShopId>,
    #[diesel(sql_type = Nullable<Guid>)]
    pub producer_id: Option<ProducerId>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub address: String,
}

/// Where the lots within `depth` steps of a lot went, by events that still stand, as they happened.
pub fn departures(
    connection: &mut AnyConnection,
    way: Way,
    lot: LotId,
    depth: i32,
    limit: i64,
) -> Result<Vec<Departure>> {
    let statement = format!(
        "{} SELECT lot_events.id AS event_id, lot_events.lot_id AS lot_id, lot_events.kind AS kind, \
             lot_events.at AS at, lot_events.quantity AS quantity, lot_events.shop_id AS shop_id, \
             lot_events.buyer_producer_id AS producer_id, \
             COALESCE(shops.name, producers.name, lot_events.buyer_name) AS name, \
             COALESCE(shops.address, producers.address, lot_events.buyer_address, '') AS address \
         FROM reached JOIN lot_events ON lot_events.lot_id = reached.lot \
         LEFT JOIN shops ON shops.id = lot_events.shop_id \
         LEFT JOIN producers ON producers.id = lot_events.buyer_producer_id \
         WHERE lot_events.kind IN ('ship', 'sell') \
         AND COALESCE(shops.name, producers.name, lot_events.buyer_name) IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM lot_events AS later WHERE later.corrects_id = lot_events.id) \
         ORDER BY lot_events.at, lot_events.id LIMIT $3",
        way.reached()
    );
    Ok(diesel::sql_query(statement)
        .bind::<Guid, _>(lot)
        .bind::<Integer, _>(depth)
        .bind::<BigInt, _>(limit)
        .load(connection)?)
}
