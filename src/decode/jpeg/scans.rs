//! What decoding a JPEG file takes, by its frames and scans (ITU-T T.81, annex B), before anything is decoded.

use emofuse_core::{
    budget::{MAX_SCANNED_SAMPLES, MIN_SCAN_SAMPLES},
    error::{Error, ImageUnit, Result},
};

use super::{Needs, checked, damaged};

/// Samples in a row and rows of a block.
const BLOCK: u64 = 8;
/// Bytes of a coefficient.
const COEFFICIENT: u64 = 2;

/// A frame's size and the samples of each of its components, in whole blocks.
struct Frame {
    width: u32,
    height: u32,
    is_progressive: bool,
    /// The number of each component and its samples.
    components: Vec<(u8, u64)>,
}

/// What the frames and scans of a file need.
///
/// # Errors
/// [`Error::ImageTooLarge`] where the size, the memory for it or the work of all scans is above its limit.
pub fn needs(encoded: &[u8]) -> Result<Needs> {
    let mut needs: Option<Needs> = None;
    let mut frame: Option<Frame> = None;
    let mut work: u64 = 0;
    let mut scans: u64 = 0;
    for (marker, body) in Segments(encoded.get(2..).unwrap_or_default()) {
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let Some(found) = Frame::read(marker, body) else {
                    continue;
                };
                let size = checked(found.width, found.height, 0)?;
                // Of several frames a decoder may take any.
                if needs.is_none_or(|known| known.bytes() < size.bytes()) {
                    needs = Some(size);
                    frame = Some(found);
                }
            }
            0xDA => {
                let Some(frame) = &frame else { continue };
                scans += 1;
                let named = |component: u8| body.iter().skip(1).step_by(2).take(4).any(|name| *name == component);
                let of_scan = frame.components.iter().filter(|(name, _)| named(*name));
                let samples: u64 = of_scan.clone().map(|(_, samples)| samples).sum();
                let is_partial = of_scan.count() < frame.components.len();
                work += samples.max(MIN_SCAN_SAMPLES);
                if work > MAX_SCANNED_SAMPLES && scans > 1 {
                    return Err(Error::ImageTooLarge {
                        unit: ImageUnit::ScannedSamples,
                        found: work,
                        limit: MAX_SCANNED_SAMPLES,
                    });
                }
                if frame.is_progressive || is_partial {
                    // All coefficients are kept until the last scan.
                    let kept: u64 = frame.components.iter().map(|(_, samples)| samples * COEFFICIENT).sum();
                    needs = Some(checked(frame.width, frame.height, kept)?);
                }
            }
            _ => {}
        }
    }
    needs.ok_or_else(|| damaged("there is no frame in it"))
}

impl Frame {
    fn read(marker: u8, body: &[u8]) -> Option<Self> {
        let [_, high, low, wide, narrow, _, components @ ..] = body else {
            return None;
        };
        let (height, width) = (u16::from_be_bytes([*high, *low]), u16::from_be_bytes([*wide, *narrow]));
        let (components, _) = components.as_chunks::<3>();
        let factors = |[_, factors, _]: &[u8; 3]| (u64::from(factors >> 4).max(1), u64::from(factors & 15).max(1));
        let most_across = components.iter().map(|component| factors(component).0).max()?;
        let most_down = components.iter().map(|component| factors(component).1).max()?;
        // Blocks of the largest component that belong together stand whole, beyond the edges too.
        let across = u64::from(width).div_ceil(BLOCK * most_across);
        let down = u64::from(height).div_ceil(BLOCK * most_down);
        let samples = |component: &[u8; 3]| {
            let (horizontal, vertical) = factors(component);
            (component[0], across * horizontal * down * vertical * BLOCK * BLOCK)
        };
        Some(Self {
            width: width.into(),
            height: height.into(),
            is_progressive: matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE),
            components: components.iter().map(samples).collect(),
        })
    }
}

/// Marker and body of each segment, as libjpeg finds them: what stands between is passed over, the data of scans among it.
struct Segments<'a>(&'a [u8]);

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let place = self.0.iter().position(|byte| *byte == 0xFF)?;
            let rest = &self.0[place..];
            let rest = &rest[rest.iter().take_while(|byte| **byte == 0xFF).count()..];
            let (marker, rest) = rest.split_first()?;
            self.0 = rest;
            // An 0xFF of the data, restarts, and marks without a body.
            if matches!(marker, 0 | 0x01 | 0xD0..=0xD8) {
                continue;
            }
            if *marker == 0xD9 {
                self.0 = &[];
                return None;
            }
            let (length, _) = rest.split_first_chunk()?;
            let length = usize::from(u16::from_be_bytes(*length));
            // A body that is cut off is one as far as it goes.
            let end = length.clamp(2, rest.len().max(2)).min(rest.len());
            let (body, behind) = rest.split_at(end);
            self.0 = behind;
            return Some((*marker, body.get(2..).unwrap_or_default()));
        }
    }
}
