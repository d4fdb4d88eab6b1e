//! Colour spaces by the numbers of ITU-T H.273, as the chunk `cICP` names them.

use moxcms::{Chromaticity, ColorPrimaries, Matrix3d};

use super::{
    Conversion, Curve, Shaper,
    hdr::{HighDynamicRange, Transfer},
    under_d50,
};

/// White of DCI's cinemas.
const DCI_WHITE: Chromaticity = Chromaticity { x: 0.314, y: 0.351 };
/// Illuminant C.
const C_WHITE: Chromaticity = Chromaticity { x: 0.31, y: 0.316 };
/// White of equal energy.
const E_WHITE: Chromaticity = Chromaticity {
    x: 1.0 / 3.0,
    y: 1.0 / 3.0,
};

/// The conversion from a colour space.
pub enum Space {
    /// Shown as it is.
    Srgb,
    /// Another one.
    Other(Box<Conversion>),
}

impl Space {
    /// Nothing where browsers know no such transfer characteristics (table 3).
    ///
    /// `primaries` are their light in XYZ under D50, one in each column.
    pub fn of(primaries: Matrix3d, transfer: u8) -> Option<Self> {
        let high = |transfer| Some(Self::other(Conversion::Hdr(HighDynamicRange::new(transfer, primaries))));
        match transfer {
            16 => high(Transfer::Pq),
            18 => high(Transfer::Hlg),
            _ => Some(match Shaper::new(&curve(transfer)?, primaries)?.unless_srgb() {
                Some(shaper) => Self::other(Conversion::Shaper(shaper)),
                None => Self::Srgb,
            }),
        }
    }

    fn other(conversion: Conversion) -> Self {
        Self::Other(Box::new(conversion))
    }

    /// The conversion to sRGB; nothing where there is nothing to do.
    pub fn conversion(self) -> Option<Conversion> {
        match self {
            Self::Srgb => None,
            Self::Other(conversion) => Some(*conversion),
        }
    }
}

/// Primaries (table 2): their light in XYZ under D50, one in each column. Nothing where browsers know none with this number.
pub fn primaries(code: u8) -> Option<Matrix3d> {
    let (white, primaries) = match code {
        1 => (Chromaticity::D65, ColorPrimaries::BT_709),
        4 => (C_WHITE, ColorPrimaries::BT_470M),
        5 => (Chromaticity::D65, ColorPrimaries::BT_470BG),
        6 | 7 => (Chromaticity::D65, ColorPrimaries::BT_601),
        8 => (C_WHITE, ColorPrimaries::GENERIC_FILM),
        9 => (Chromaticity::D65, ColorPrimaries::BT_2020),
        10 => (E_WHITE, ColorPrimaries::XYZ),
        11 => (DCI_WHITE, ColorPrimaries::SMPTE_431),
        12 => (Chromaticity::D65, ColorPrimaries::SMPTE_432),
        22 => (Chromaticity::D65, ColorPrimaries::EBU_3213),
        _ => return None,
    };
    Some(under_d50(white, primaries))
}

/// Transfer characteristics other than those of light brighter than white. Skia shows the curves of television as BT.1886 does, with an exponent of 2.4.
fn curve(code: u8) -> Option<Curve> {
    Some(match code {
        1 | 6 | 11 | 14 | 15 => Curve::Power(2.4),
        4 => Curve::Power(2.2),
        5 => Curve::Power(2.8),
        7 => Curve::Parametric([1.0 / 0.45, 1.0 / 1.1115, 0.1115 / 1.1115, 0.25, 0.0912]),
        8 => Curve::Power(1.0),
        13 => Curve::Parametric([2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]),
        17 => Curve::Parametric([2.6, 1.034_080_3, 0.0, 0.0, 0.0]),
        _ => return None,
    })
}
