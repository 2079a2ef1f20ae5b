//! Lists: what they can be narrowed by, declared once.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::account::{Asker, Work};
use crate::base::{Message, Result};
use crate::http::{Paging, Query};
use crate::station::Shown;

/// What a list can be narrowed by. [`filters!`] makes one.
pub trait Filters: IntoParams + Sized + Send {
    /// Takes the parameters of this list; what cannot be read is told when the query is finished.
    fn take(query: &mut Query) -> Self;
}

/// The parameters of every list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
pub struct PageParameters {
    /// How many items at most.
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Whether to tell how many there are on all pages.
    count: Option<bool>,
    /// `actions` tells of each verb that cannot be taken now why not.
    explain: Option<String>,
}

/// In which order a list is told; things of one name, or of one moment, follow one another by their ids, which both databases
/// order alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = ListOrder)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sorting {
    /// By name, without diacritics.
    Name,
    Newest,
    Oldest,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct Stretch<K> {
    /// The cursor of the last thing before.
    pub after: Option<K>,
    /// At most so many: one more than is shown, so that the answer tells whether the list goes on.
    pub limit: i64,
}

impl<K> Stretch<K> {
    /// The first so many.
    pub fn first(limit: i64) -> Self {
        Self { after: None, limit }
    }
}

impl<K: Clone> Stretch<K> {
    /// What a query asks for, and one more.
    pub fn of(paging: &Paging<K>) -> Self
    where
        K: Serialize,
    {
        Self { after: paging.after.clone(), limit: paging.one_more() }
    }
}

/// A thing of which there are lists.
pub trait Listed: Shown {
    type Filter: Filters;
    /// By what the list is ordered; the last part is unique.
    type Cursor: Serialize + DeserializeOwned + Clone + Send;

    /// 403 for who lists nothing of this kind: who reads none of them, where nothing else is said.
    fn must_list(asker: Asker) -> Result<()> {
        Self::must_read(asker)
    }
    /// The things that the caller may see, in the order of the cursor. The number of statements does not depend on the
    /// number of things.
    fn list(work: &mut Work, filter: &Self::Filter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>>;
    /// How many there are on all pages.
    fn count(work: &mut Work, filter: &Self::Filter) -> Result<i64>;
    fn cursor(&self) -> Self::Cursor;
    /// What is to be known before the list is read, on the desk.
    fn above(_: &mut Work) -> Result<Vec<Message>> {
        Ok(Vec::new())
    }
}

/// Declares what a list can be narrowed by: the struct that its store reads, the parameters in the OpenAPI document, and
/// how they are taken from a query. `search` folds what is searched for.
macro_rules! filters {
    ($(#[$about:meta])* pub struct $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ty),* $(,)? } $(search $search:ident)?) => {
        $(#[$about])*
        #[derive(Debug, Default, Clone, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$doc])* pub $field: Option<$kind>,)*
            /// Only what a step changed at this moment or later: what `updated_at` tells.
            pub updated_since: Option<$crate::base::Moment>,
            $(
                /// Words to search for, with or without diacritics.
                pub $search: Option<String>,
            )?
        }

        impl $crate::station::Filters for $name {
            fn take(query: &mut $crate::http::Query) -> Self {
                Self {
                    $($field: query.take(stringify!($field)),)*
                    updated_since: query.take("updated_since"),
                    $($search: query.search(),)?
                }
            }
        }
    };
}
pub(crate) use filters;
