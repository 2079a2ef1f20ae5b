//! A million codes of one order: minted, told apart, read again; and as many forged ones, refused. Figures are of one run on
//! one machine, so what counts is their ratio to each other.
//!
//!     cargo bench --bench stamps

use std::collections::HashSet;
use std::time::{Duration, Instant};

use ocop::base::keys::Keyring;
use ocop::stamp::Mint;
use ocop::stamp::code::Minted;

const STAMPS: i32 = 1_000_000;

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keys = Keyring::generate()?;
    let mint = Mint::new(&keys)?;
    let key = keys.stamp_key()?.id;
    let code = |serial| mint.code(Minted { key_id: key, order: 7, serial }).map(|code| code.to_string());
    let (codes, minting) = timed(|| (1..=STAMPS).map(code).collect::<Result<Vec<String>, _>>());
    let codes = codes?;
    let distinct: HashSet<&String> = codes.iter().collect();
    let (known, reading) = timed(|| codes.iter().filter(|code| mint.read(code).is_some()).count());
    // Each code with its last character taken to the front.
    let shift = |code: &String| code.split_at_checked(19).map(|(most, last)| format!("{last}{most}"));
    let shifted: Vec<String> = codes.iter().filter_map(shift).collect();
    let (passed, refusing) = timed(|| shifted.iter().filter(|code| mint.read(code).is_some()).count());
    println!(
        "{} codes, {} distinct, {known} read again, {passed} of {} forged pass",
        codes.len(),
        distinct.len(),
        shifted.len()
    );
    println!("minted in {minting:?}, read in {reading:?}, forged refused in {refusing:?}");
    let ratio = |part: Duration, whole: Duration| part.as_secs_f64() / whole.as_secs_f64();
    println!(
        "reading : minting = {:.2}, refusing : reading = {:.2}",
        ratio(reading, minting),
        ratio(refusing, reading)
    );
    Ok(())
}
