//! What the codes that products carry mean on a day.

use std::collections::HashMap;

use crate::base::{Day, Result, UnitCode};
use crate::criteria;
use crate::criteria::Sector;
use crate::db::AnyConnection;
use crate::place::{self, Places};

/// The places and the kinds of products, as they are called on a day.
#[derive(Debug, Clone)]
pub struct Names {
    pub places: Places,
    /// The group of products that each criteria set is for.
    sectors: HashMap<String, Sector>,
    pub today: Day,
}

impl Names {
    pub fn read(connection: &mut AnyConnection, today: Day) -> Result<Self> {
        Ok(Self { places: place::store::places(connection)?, sectors: criteria::store::sectors(connection)?, today })
    }

    pub fn unit(&self, code: &UnitCode) -> String {
        self.places.name(code, self.today)
    }

    pub fn province(&self) -> String {
        self.places.province(self.today)
    }

    /// The commune and its district, as an address has them.
    pub fn address(&self, commune: &UnitCode, district: Option<&UnitCode>) -> String {
        self.places.address(commune, district, self.today)
    }

    pub fn sector(&self, criteria_set: &str) -> Option<Sector> {
        self.sectors.get(criteria_set).copied()
    }

    /// The codes of the criteria sets for a group of products.
    pub fn criteria_sets(&self, asked: Sector) -> Vec<String> {
        self.sectors.iter().filter(|(_, sector)| **sector == asked).map(|(code, _)| code.clone()).collect()
    }
}
