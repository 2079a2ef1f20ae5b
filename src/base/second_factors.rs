//! How much a second factor is asked of the accounts with which most harm could be done: a setting.

use clap::ValueEnum;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether somebody is asked for a second factor (xác thực hai bước).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorDemand {
    /// Everybody is left alone.
    Off,
    /// Told to set one up, and let work.
    #[default]
    Recommended,
    /// Nothing but that until it is set up.
    Required,
}
