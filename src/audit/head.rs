//! Heads of seals that are kept outside of the service (đầu niêm phong): whoever has one finds out even a history that was
//! written anew with all its digests and seals.

use std::fmt;
use std::str::FromStr;

use crate::audit::seal::Seal;
use crate::base::Digest;

/// A seal's number and its head, written `number:hexadecimal digits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub number: i64,
    pub digest: Digest,
}

impl Head {
    pub fn of(seal: &Seal) -> Self {
        Self { number: seal.number, digest: seal.head }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.digest)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a seal's number and its head, as in 4711:9f86d081…, got {text:?}");
        let (number, digits) = text.trim().split_once(':').ok_or_else(expected)?;
        let number = number.parse().map_err(|_| expected())?;
        Ok(Self { number, digest: digits.parse().map_err(|_| expected())? })
    }
}

/// The heads of a file: the last word of each line, behind a day where there is one; lines that begin with `#` are remarks.
pub fn read_all(text: &str) -> Result<Vec<Head>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().next_back().unwrap_or(line).parse()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_as_they_are_written_and_nothing_else_is() {
        let head = Head { number: 4711, digest: Digest::of("x", &1).unwrap() };
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!(read_all(&format!("# kept by Lan\n\n2026-11-27 {head}\n{head}\n")), Ok(vec![head, head]));
        let digits = head.digest.to_string();
        for wrong in
            ["", "4711", "4711:", ":9f", "x:9f", &format!("4711:{}", &digits[2..]), &format!("4711:{digits}00")]
        {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
        assert!(read_all("2026-11-27\n").is_err());
    }
}
