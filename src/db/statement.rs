//! Statements whose text never changes. A connection parses such a statement once and keeps it; what `diesel::sql_query` is given
//! it parses at every call.

use std::marker::PhantomData;
use std::str::Split;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};

/// A text with a `?` for each of its values; they are bound in its order.
#[derive(Debug, Clone)]
pub struct Statement<V = ()> {
    text: &'static str,
    values: V,
}

/// A value behind those before it.
#[derive(Debug, Clone)]
pub struct Bound<V, S, T> {
    before: V,
    value: T,
    sql_type: PhantomData<S>,
}

impl Statement {
    pub const fn new(text: &'static str) -> Self {
        Self { text, values: () }
    }
}

impl<V> Statement<V> {
    pub fn bind<S, T>(self, value: T) -> Statement<Bound<V, S, T>> {
        Statement { text: self.text, values: Bound { before: self.values, value, sql_type: PhantomData } }
    }
}

/// Values that a database takes, each behind the piece of text that leads to it.
pub trait Values<DB: Backend> {
    fn push<'b>(&'b self, text: &mut Split<'static, char>, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

impl<DB: Backend> Values<DB> for () {
    fn push<'b>(&'b self, _: &mut Split<'static, char>, _: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

impl<DB, V, S, T> Values<DB> for Bound<V, S, T>
where
    DB: Backend + HasSqlType<S>,
    V: Values<DB>,
    T: ToSql<S, DB>,
{
    fn push<'b>(&'b self, text: &mut Split<'static, char>, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.before.push(text, out)?;
        out.push_sql(text.next().unwrap_or_default());
        out.push_bind_param::<S, T>(&self.value)
    }
}

impl<DB: Backend, V: Values<DB>> QueryFragment<DB> for Statement<V> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut text = self.text.split('?');
        self.values.push(&mut text, &mut out)?;
        text.for_each(|rest| out.push_sql(rest));
        Ok(())
    }
}

/// Kept by its text.
impl<V> QueryId for Statement<V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<V> Query for Statement<V> {
    type SqlType = Untyped;
}

impl<V, C> diesel::RunQueryDsl<C> for Statement<V> {}
