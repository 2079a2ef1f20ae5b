//! A JPEG as its markers tell it, before any of its light is decoded: what decoding will take, and whether anything is missing.

use std::ops::RangeInclusive;

use crate::base::Result;
use crate::product::decoding::unreadable;

/// A JPEG has a few dozen segments; each costs time, however small it is.
const MOST_SEGMENTS: usize = 4000;
const MARK: u8 = 0xFF;
const START: [u8; 2] = [MARK, 0xD8];
const END: [u8; 2] = [MARK, 0xD9];
/// Ones, as light spells them. No code of a light's table is nothing but ones (ITU-T T.81, C.2), so a decoder that
/// reads on where the light has ended cannot take them for more of it.
const NO_LIGHT: [u8; 2] = [MARK, 0];
const TIMES: usize = 32;
/// The numbers that a block of 8 by 8 is made of: its mean, and 63 of what differs from it.
const COEFFICIENTS: usize = 64;
const BLOCK: u64 = 8;

#[derive(Debug)]
pub struct Outline {
    /// The file without what cameras leave between its segments and behind its end, closed by [`NO_LIGHT`].
    pub tidy: Vec<u8>,
    /// How much of it stands beside the light, such as a profile, in bytes.
    pub beside: u64,
    /// What is held until the last scan is read, in bytes: nothing where one scan holds all of the light.
    pub held: u64,
}

/// What the frame's segment tells.
struct Frame {
    is_progressive: bool,
    width: u64,
    height: u64,
    components: Vec<Component>,
}

/// A shade of the picture.
struct Component {
    id: u8,
    /// How many blocks of it stand beside each other, and one above the other, in each unit of the light.
    across: u64,
    down: u64,
    /// Down to which bit each coefficient was told.
    told: [Option<u8>; COEFFICIENTS],
}

/// What a scan brings.
struct Scan {
    components: Vec<u8>,
    coefficients: RangeInclusive<usize>,
    lowest_bit: u8,
}

/// Reads the markers of a JPEG up to that of its end. `unreadable_picture` where it is cut, also where it was closed after
/// a part of its light: scans, units between restarts, or bits, are missing then.
pub fn outlined(bytes: &[u8]) -> Result<Outline> {
    read(bytes).ok_or_else(unreadable)
}

fn read(bytes: &[u8]) -> Option<Outline> {
    let mut rest = bytes.strip_prefix(&START)?;
    let mut tidy = Vec::with_capacity(bytes.len() + NO_LIGHT.len() * TIMES + END.len());
    tidy.extend(START);
    let (mut frame, mut scans, mut restarts, mut restart_interval) = (None::<Frame>, 0_u64, 0_u64, 0_u64);
    let (mut is_light, mut is_one_scan, mut segments, mut beside) = (false, true, 0, 0);
    loop {
        let mark = rest.iter().position(|byte| *byte == MARK)?;
        let (light, behind) = rest.split_at_checked(mark)?;
        let kind_at = behind.iter().position(|byte| *byte != MARK)?;
        let (kind, behind) = behind.get(kind_at..)?.split_first()?;
        rest = behind;
        if is_light {
            tidy.extend(light);
        }
        match kind {
            // A shade that looks like a mark, and marks without a length.
            0x00 | 0x01 | 0xD0..=0xD8 => {
                if is_light {
                    tidy.extend([MARK, *kind]);
                }
                restarts += u64::from(matches!(kind, 0xD0..=0xD7));
            }
            0xD9 => break,
            kind => {
                segments += 1;
                let (length, _) = rest.split_first_chunk()?;
                let (segment, behind) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)).max(2))?;
                rest = behind;
                tidy.extend([MARK, *kind]);
                tidy.extend(segment);
                beside += u64::try_from(segment.len()).ok()?;
                let body = segment.get(length.len()..)?;
                match kind {
                    0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if frame.is_some() => return None,
                    0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => frame = Some(Frame::read(*kind, body)?),
                    0xDD => restart_interval = u64::from(u16::from_be_bytes(*body.first_chunk()?)),
                    0xDA => {
                        let (frame, scan) = (frame.as_mut()?, Scan::read(body)?);
                        is_one_scan &= scan.components.len() == frame.components.len() && !frame.is_progressive;
                        frame.take(&scan);
                        scans += 1;
                    }
                    _ => {}
                }
                is_light = *kind == 0xDA;
                if segments > MOST_SEGMENTS {
                    return None;
                }
            }
        }
    }
    let frame = frame?;
    // The last restart is left out by some.
    let expected = frame.units().checked_div(restart_interval).unwrap_or(0).saturating_sub(1);
    if !frame.is_told() || (is_one_scan && scans == 1 && restarts < expected) {
        return None;
    }
    tidy.extend(NO_LIGHT.repeat(TIMES));
    tidy.extend(END);
    Some(Outline { tidy, beside, held: if is_one_scan { 0 } else { frame.coefficients() } })
}

impl Frame {
    fn read(kind: u8, body: &[u8]) -> Option<Self> {
        let ([_, height @ .., width_high, width_low, _], components) = body.split_first_chunk::<6>()?;
        let (components, []) = components.as_chunks::<3>() else { return None };
        let component = |[id, blocks, _]: &[u8; 3]| {
            let (across, down) = (u64::from(blocks >> 4), u64::from(blocks & 15));
            (across > 0 && down > 0).then_some(Component { id: *id, across, down, told: [None; COEFFICIENTS] })
        };
        Some(Self {
            is_progressive: matches!(kind, 0xC2 | 0xC6 | 0xCA | 0xCE),
            width: u64::from(u16::from_be_bytes([*width_high, *width_low])),
            height: u64::from(u16::from_be_bytes(*height)),
            components: components.iter().map(component).collect::<Option<_>>()?,
        })
    }

    /// How many units the light has, where all shades come together.
    fn units(&self) -> u64 {
        let most = |blocks: fn(&Component) -> u64| self.components.iter().map(blocks).max().unwrap_or(1);
        let (across, down) = (most(|component| component.across), most(|component| component.down));
        match self.components.as_slice() {
            // A shade that comes alone comes by blocks.
            [_] => self.width.div_ceil(BLOCK) * self.height.div_ceil(BLOCK),
            _ => self.width.div_ceil(BLOCK * across) * self.height.div_ceil(BLOCK * down),
        }
    }

    /// What all of them take, of two bytes each.
    fn coefficients(&self) -> u64 {
        let blocks: u64 = self.components.iter().map(|component| component.across * component.down).sum();
        self.units() * blocks * 2 * BLOCK * BLOCK
    }

    fn take(&mut self, scan: &Scan) {
        for component in self.components.iter_mut().filter(|component| scan.components.contains(&component.id)) {
            let told = component.told.iter_mut().enumerate();
            for (_, bit) in told.filter(|(coefficient, _)| scan.coefficients.contains(coefficient)) {
                *bit = Some(bit.map_or(scan.lowest_bit, |before| before.min(scan.lowest_bit)));
            }
        }
    }

    /// Whether the scans told all of the light, each coefficient down to its last bit.
    fn is_told(&self) -> bool {
        self.components.iter().flat_map(|component| component.told).all(|bit| bit == Some(0))
    }
}

impl Scan {
    fn read(body: &[u8]) -> Option<Self> {
        let (count, body) = body.split_first()?;
        let (components, [first, last, bits]) = body.split_at_checked(2 * usize::from(*count))? else { return None };
        let (components, _) = components.as_chunks::<2>();
        Some(Self {
            components: components.iter().map(|[id, _]| *id).collect(),
            coefficients: usize::from(*first)..=usize::from(*last),
            lowest_bit: bits & 15,
        })
    }
}
