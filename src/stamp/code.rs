//! Stamp codes: 20 characters of Crockford base32 that only the holder of the key can make.
//!
//! The first character is the key's id in clear. The other 19 (95 bits) are the order's number (24 bits), the serial (24)
//! and 47 zero bits, enciphered with FF1 (NIST SP 800-38G) under AES-256, the key's id being the tweak. So a code is
//! computed, never stored; a forged one fails the zeros (once in 2^47 tries it does not) without asking the database.

use std::fmt;

use aes::Aes256;
use aws_lc_rs::hmac;
use fpe::ff1::{FF1, NumeralString, Operations};

use crate::base::crockford::{ALPHABET, letter, spelled};
use crate::base::keys::Keyring;
use crate::base::{Error, Result};
use crate::stamp::rules::StampNumber;

const LENGTH: usize = 20;
const BITS_A_CHARACTER: u32 = 5;
const RADIX: u32 = 32;
/// Digits under a scratch layer.
pub const SCRATCH_DIGITS: usize = 8;
/// Bits of a serial and of an order's number.
const FIELD_BITS: u32 = 24;
const ZERO_BITS: u32 = 47;
/// What a scratch code is derived for; no other use of the keys begins like this.
const SCRATCH: &[u8] = b"ocop scratch code 1:";

/// A stamp's code in its one proper spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; LENGTH]);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|character| write!(f, "{}", char::from(*character)))
    }
}

/// What a genuine code says: the stamp with this serial of the order with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minted {
    /// The number of the order, random and below 2^24.
    pub order: i32,
    /// 1 to the order's quantity.
    pub serial: i32,
    pub key_id: char,
}

impl Minted {
    pub fn number(self) -> StampNumber {
        StampNumber { order: self.order, serial: self.serial }
    }
}

/// Makes and reads codes. Built once from the keys: the key schedules are not made again for each code.
pub struct Mint {
    ciphers: Vec<(char, FF1<Aes256>)>,
    /// The same keys for what is signed about a stamp.
    signers: Vec<(char, hmac::Key)>,
}

impl Mint {
    /// Fails where a key's id is no character of the alphabet, or stands twice.
    pub fn new(keys: &Keyring) -> Result<Self> {
        let mut ciphers: Vec<(char, FF1<Aes256>)> = Vec::new();
        let mut signers = Vec::new();
        for key in &keys.stamp_keys {
            let is_known = u8::try_from(key.id).is_ok_and(|id| ALPHABET.contains(&id));
            if !is_known || ciphers.iter().any(|(id, _)| *id == key.id) {
                return Err(Error::internal(format!("the stamp key id {:?} cannot be used", key.id)));
            }
            let bytes = key.bytes()?;
            ciphers.push((key.id, FF1::new(&bytes, RADIX).map_err(Error::internal)?));
            signers.push((key.id, hmac::Key::new(hmac::HMAC_SHA256, &bytes)));
        }
        Ok(Self { ciphers, signers })
    }

    /// The code of a stamp whose order keeps this number and the id of this key.
    pub fn code_of(&self, order: i32, serial: i32, key_id: &str) -> Result<Code> {
        let key_id = key_id.chars().next().ok_or_else(|| Error::internal("an order without a key"))?;
        self.code(Minted { order, serial, key_id })
    }

    /// The eight digits under a stamp's scratch layer: a second secret, which the code in the open does not tell.
    pub fn scratch(&self, stamp: Minted) -> Result<String> {
        let tag = self.sign(stamp, SCRATCH, &[])?;
        let number = tag.as_ref().iter().take(8).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        Ok(format!("{:0SCRATCH_DIGITS$}", number % 100_000_000))
    }

    /// A signature about a stamp, under its own key, for a purpose that no other begins like.
    pub fn sign(&self, stamp: Minted, purpose: &[u8], said: &[u8]) -> Result<hmac::Tag> {
        let key = self.signers.iter().find(|(id, _)| *id == stamp.key_id).map(|(_, key)| key);
        let key = key.ok_or_else(|| Error::internal(format!("no stamp key {:?}", stamp.key_id)))?;
        let said = [purpose, &stamp.order.to_be_bytes(), &stamp.serial.to_be_bytes(), said].concat();
        Ok(hmac::sign(key, &said))
    }

    fn cipher(&self, key_id: char) -> Option<&FF1<Aes256>> {
        self.ciphers.iter().find(|(id, _)| *id == key_id).map(|(_, cipher)| cipher)
    }

    /// The code of a stamp.
    pub fn code(&self, stamp: Minted) -> Result<Code> {
        let cipher =
            self.cipher(stamp.key_id).ok_or_else(|| Error::internal(format!("no stamp key {:?}", stamp.key_id)))?;
        let order = field(stamp.order).ok_or_else(|| Error::internal("an order's number of more than 24 bits"))?;
        let serial = field(stamp.serial).ok_or_else(|| Error::internal("a serial of more than 24 bits"))?;
        let plain = Numerals::from_number((order << (FIELD_BITS + ZERO_BITS)) | (serial << ZERO_BITS));
        let Numerals(high, low) = cipher.encrypt(&tweak(stamp.key_id), &plain).map_err(Error::internal)?;
        let mut code = [0; LENGTH];
        let numerals = [u8::try_from(stamp.key_id).map_err(Error::internal)?]
            .into_iter()
            .chain(high.numerals().chain(low.numerals()).map(letter));
        code.iter_mut().zip(numerals).for_each(|(place, character)| *place = character);
        Ok(Code(code))
    }

    /// Whether a text is spelled as our codes are, made by one of our keys or not.
    pub fn has_shape(&self, text: &str) -> bool {
        spelled::<LENGTH>(text).is_some()
    }

    /// What a code says, however it is spelled; None for one that none of the keys made.
    pub fn read(&self, text: &str) -> Option<(Code, Minted)> {
        let code = Code(spelled(text)?);
        let (first, rest) = code.0.split_first()?;
        let key_id = char::from(*first);
        let mut numerals = rest.iter().map(|character| numeral(*character));
        let high = Half::from_numerals(numerals.by_ref().take(Half::HIGH.length()))?;
        let low = Half::from_numerals(numerals)?;
        let number = self.cipher(key_id)?.decrypt(&tweak(key_id), &Numerals(high, low)).ok()?.number();
        if number & ((1 << ZERO_BITS) - 1) != 0 {
            return None;
        }
        let serial = i32::try_from((number >> ZERO_BITS) & ((1 << FIELD_BITS) - 1)).ok()?;
        let order = i32::try_from(number >> (FIELD_BITS + ZERO_BITS)).ok()?;
        Some((code, Minted { order, serial, key_id }))
    }
}

/// A number of at most 24 bits.
fn field(number: i32) -> Option<u128> {
    let number = u128::try_from(number).ok()?;
    (number >> FIELD_BITS == 0).then_some(number)
}

fn tweak(key_id: char) -> Vec<u8> {
    key_id.to_string().into_bytes()
}

fn numeral(letter: u8) -> Option<u8> {
    ALPHABET.iter().position(|known| *known == letter).and_then(|place| u8::try_from(place).ok())
}

/// The 19 numerals of radix 32 as FF1 takes them, in two halves.
struct Numerals(Half, Half);

/// 9 or 10 numerals as one number of 45 or 50 bits: the same as `fpe`'s own strings of numerals, without big integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Half {
    number: u64,
    bits: u32,
}

impl Half {
    const HIGH: Self = Self { number: 0, bits: 9 * BITS_A_CHARACTER };
    const LOW: Self = Self { number: 0, bits: 10 * BITS_A_CHARACTER };

    fn length(self) -> usize {
        usize::try_from(self.bits / BITS_A_CHARACTER).unwrap_or_default()
    }

    fn from_numerals(numerals: impl Iterator<Item = Option<u8>>) -> Option<Self> {
        let mut half = Self { number: 0, bits: 0 };
        for numeral in numerals {
            half.number = (half.number << BITS_A_CHARACTER) | u64::from(numeral?);
            half.bits += BITS_A_CHARACTER;
        }
        Some(half)
    }

    fn numerals(self) -> impl Iterator<Item = u8> {
        let shifts = (0..self.bits / BITS_A_CHARACTER).rev().map(|place| place * BITS_A_CHARACTER);
        shifts.map(move |shift| u8::try_from((self.number >> shift) & 31).unwrap_or_default())
    }

    /// The number of these bytes modulo 2^64, of which every modulus here is a divisor.
    fn of_bytes(bytes: impl Iterator<Item = u8>) -> u64 {
        bytes.fold(0, |number, byte| (number << 8) | u64::from(byte))
    }

    /// `number` modulo radix^length, with the length of the half that it becomes.
    fn modulo(number: u64, length: usize) -> Self {
        let bits = u32::try_from(length).unwrap_or_default() * BITS_A_CHARACTER;
        Self { number: number & ((1 << bits) - 1), bits }
    }
}

impl Operations for Half {
    type Bytes = Vec<u8>;

    fn numeral_count(&self) -> usize {
        self.length()
    }

    fn to_be_bytes(&self, _: u32, length: usize) -> Vec<u8> {
        let bytes = self.number.to_be_bytes();
        bytes.iter().skip(bytes.len().saturating_sub(length)).copied().collect()
    }

    fn add_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, length: usize) -> Self {
        Self::modulo(self.number.wrapping_add(Self::of_bytes(other)), length)
    }

    fn sub_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, length: usize) -> Self {
        Self::modulo(self.number.wrapping_sub(Self::of_bytes(other)), length)
    }
}

impl Numerals {
    fn from_number(number: u128) -> Self {
        let half = |number: u128, of: Half| Half {
            number: u64::try_from(number & ((1 << of.bits) - 1)).unwrap_or_default(),
            ..of
        };
        Self(half(number >> Half::LOW.bits, Half::HIGH), half(number, Half::LOW))
    }

    fn number(&self) -> u128 {
        (u128::from(self.0.number) << self.1.bits) | u128::from(self.1.number)
    }
}

impl NumeralString for Numerals {
    type Ops = Half;

    fn is_valid(&self, radix: u32) -> bool {
        radix == RADIX
    }

    fn numeral_count(&self) -> usize {
        self.0.length() + self.1.length()
    }

    fn split(&self) -> (Half, Half) {
        (self.0, self.1)
    }

    fn concat(high: Half, low: Half) -> Self {
        Self(high, low)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::base::keys::StampKey;
    use base64::Engine;
    use fpe::ff1::FlexibleNumeralString;
    use proptest::prelude::*;
    use std::collections::HashSet;
    use std::sync::LazyLock;

    pub fn keyring() -> Keyring {
        let key = |id, byte: u8| StampKey { id, key: base64::engine::general_purpose::STANDARD.encode([byte; 32]) };
        Keyring { token_keys: Vec::new(), stamp_keys: vec![key('7', 1), key('1', 2)] }
    }

    static MINT: LazyLock<Mint> = LazyLock::new(|| Mint::new(&keyring()).unwrap());

    fn minted() -> impl Strategy<Value = Minted> {
        (0..1 << 24, 0..1 << 24, prop_oneof![Just('7'), Just('1')]).prop_map(|(order, serial, key_id)| Minted {
            order,
            serial,
            key_id,
        })
    }

    #[test]
    fn unfit_and_doubled_key_ids_are_refused() {
        for ids in [['O', '1'], ['a', '1'], ['ß', '1'], ['1', '1']] {
            let mut keys = keyring();
            keys.stamp_keys.iter_mut().zip(ids).for_each(|(key, id)| key.id = id);
            assert!(Mint::new(&keys).is_err(), "{ids:?}");
        }
    }

    #[test]
    fn codes_of_an_order_are_all_distinct_and_share_nothing_but_the_key() {
        let codes: HashSet<Code> =
            (1..=20_000).map(|serial| MINT.code(Minted { order: 1, serial, key_id: '7' }).unwrap()).collect();
        assert_eq!(codes.len(), 20_000);
        for place in 1..LENGTH {
            let letters: HashSet<u8> = codes.iter().map(|code| code.0[place]).collect();
            assert_eq!(letters.len(), 32, "place {place}");
        }
    }

    #[test]
    fn random_codes_of_the_right_shape_are_read_by_no_key() {
        let mut number: u128 = 88_172_645_463_325_252;
        for _ in 0..20_000 {
            number = number.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(1);
            let Numerals(high, low) = Numerals::from_number(number >> 20);
            let text: String =
                high.numerals().chain(low.numerals()).map(|numeral| char::from(letter(numeral))).collect();
            assert_eq!(MINT.read(&format!("7{text}")), None);
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in ["", "7", "U0000000000000000000", "70000000000000000000é", &"7".repeat(20_000), "7\u{0}"] {
            assert_eq!(MINT.read(text), None);
        }
    }

    #[test]
    fn scratch_codes_are_eight_digits_and_all_but_distinct() {
        let scratch = |order, serial, key_id| MINT.scratch(Minted { order, serial, key_id }).unwrap();
        let all: HashSet<String> = (1..=1000).map(|serial| scratch(1, serial, '7')).collect();
        assert!(
            all.len() > 990
                && all.iter().all(|code| code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()))
        );
        assert_ne!(scratch(1, 1, '7'), scratch(2, 1, '7'));
        assert_ne!(scratch(1, 1, '7'), scratch(1, 1, '1'));
        assert_eq!(scratch(1, 1, '7'), scratch(1, 1, '7'));
    }

    proptest! {
        #[test]
        fn every_code_is_read_back_in_all_its_spellings(stamp in minted()) {
            let code = MINT.code(stamp).unwrap();
            let text = code.to_string();
            prop_assert_eq!(text.len(), LENGTH);
            let groups: Vec<String> = text.as_bytes().chunks(5).map(|group| String::from_utf8_lossy(group).into()).collect();
            let spellings = [
                text.clone(), text.to_lowercase(), groups.join("-"), groups.join(" "),
                text.replace('0', "o").replace('1', "l"), text.replace('0', "O").replace('1', "I"),
            ];
            for spelling in spellings {
                prop_assert_eq!(MINT.read(&spelling), Some((code, stamp)));
            }
        }

        #[test]
        fn any_other_character_anywhere_is_no_code(stamp in minted(), place in 0..LENGTH, by in 1..32usize) {
            let mut code = MINT.code(stamp).unwrap();
            let was = ALPHABET.iter().position(|letter| *letter == code.0[place]).unwrap();
            code.0[place] = ALPHABET[(was + by) % 32];
            prop_assert_eq!(MINT.read(&code.to_string()), None);
        }

        #[test]
        fn shortened_and_shifted_codes_are_none(stamp in minted(), by in 1..LENGTH) {
            let text = MINT.code(stamp).unwrap().to_string();
            prop_assert_eq!(MINT.read(&text[by..]), None);
            prop_assert_eq!(MINT.read(&text[..by]), None);
            let shifted = format!("{}{}", &text[by..], &text[..by]);
            prop_assert!(shifted == text || MINT.read(&shifted).is_none());
        }

        #[test]
        fn the_halves_reckon_as_the_reference_does(stamp in minted()) {
            let cipher = FF1::<Aes256>::new(&[if stamp.key_id == '7' { 1 } else { 2 }; 32], RADIX).unwrap();
            let plain = Numerals::from_number(
                (u128::try_from(stamp.order).unwrap() << 71) | (u128::try_from(stamp.serial).unwrap() << 47),
            );
            let plain: Vec<u16> = plain.0.numerals().chain(plain.1.numerals()).map(u16::from).collect();
            let enciphered: Vec<u16> =
                cipher.encrypt(&tweak(stamp.key_id), &FlexibleNumeralString::from(plain)).unwrap().into();
            let text: String = enciphered.into_iter().map(|numeral| char::from(ALPHABET[usize::from(numeral)])).collect();
            prop_assert_eq!(MINT.code(stamp).unwrap().to_string(), format!("{}{text}", stamp.key_id));
        }
    }
}
