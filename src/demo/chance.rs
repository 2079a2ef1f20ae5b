//! Choices that no report gives, the same at every run.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::base::{Error, Result};

pub struct Chance(StdRng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number of `least..=most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most.max(least))
    }

    /// One of some things.
    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> Result<&'a T> {
        let last = i64::try_from(things.len()).map_err(Error::internal)? - 1;
        let at = usize::try_from(self.between(0, last)).map_err(Error::internal)?;
        things.get(at).ok_or_else(|| Error::internal("nothing to choose from"))
    }

    /// Splits `sum` into `parts` whole shares of about the same size; together they are exactly `sum`.
    pub fn split(&mut self, sum: i64, parts: usize) -> Result<Vec<i64>> {
        let weights: Vec<i64> = (0..parts).map(|_| self.between(60, 140)).collect();
        let whole: i64 = weights.iter().sum();
        let mut shares: Vec<i64> = weights.iter().map(|weight| sum * weight / whole).collect();
        let rest = usize::try_from(sum - shares.iter().sum::<i64>()).map_err(Error::internal)?;
        // What the divisions left over is less than one for each part.
        shares.iter_mut().take(rest).for_each(|share| *share += 1);
        Ok(shares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_add_up(sum in 0..1_000_000_000i64, parts in 1..200usize, seed in 0..100u64) {
            let shares = Chance::new(seed).split(sum, parts).unwrap();
            prop_assert_eq!(shares.len(), parts);
            prop_assert_eq!(shares.iter().sum::<i64>(), sum);
            prop_assert!(shares.iter().all(|share| *share >= 0));
        }
    }
}
