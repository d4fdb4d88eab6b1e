//! ICC profiles that hold tables of colours, evaluated as Skia evaluates them: straight between the points, in every direction.

use image::RgbaImage;
use moxcms::{ColorProfile, DataColorSpace, LutDataType, LutMultidimensionalType, LutStore, LutWarehouse};

use super::{
    SRGB_PRIMARIES,
    curve::{Curve, level_value, srgb_level},
};

/// White under D50.
const D50: [f32; 3] = [0.9642, 1.0, 0.8249];
/// What 1 stands for where XYZ is written in 16 bits.
const XYZ_SCALE: f32 = 65_535.0 / 32_768.0;
/// Red, green and blue, or four inks.
const MOST_INPUTS: usize = 4;

/// How the colours are written.
#[derive(Clone, Copy)]
enum Connection {
    Lab,
    /// Multiplied by this, they are light.
    Xyz(f32),
}

/// A profile's tables, from RGB or four inks to sRGB.
pub struct Tables {
    /// By channel, what each of 256 levels is in the table.
    inputs: Vec<Vec<f32>>,
    /// Points in each direction, and the colour of every mixture, the last channel the fastest.
    points: Vec<usize>,
    colours: Vec<[f32; 3]>,
    /// Curves, a matrix and what is added, between the table and the last curves.
    middle: Option<([Curve; 3], [[f32; 4]; 3])>,
    outputs: Option<[Curve; 3]>,
    connection: Connection,
    to_srgb: [[f32; 3]; 3],
}

impl Tables {
    /// Nothing where the tables do not fit together.
    pub fn new(profile: &ColorProfile) -> Option<Self> {
        let channels = match profile.color_space {
            DataColorSpace::Cmyk => 4,
            DataColorSpace::Rgb => 3,
            _ => return None,
        };
        let connection = |scale| match profile.pcs {
            DataColorSpace::Lab => Connection::Lab,
            _ => Connection::Xyz(scale),
        };
        let tables = profile
            .lut_a_to_b_perceptual
            .as_ref()
            .or(profile.lut_a_to_b_colorimetric.as_ref())?;
        let tables = match tables {
            // Skia takes the numbers of the older kinds as they are.
            LutWarehouse::Lut(tables) => Self::of_lut(tables, connection(1.0))?,
            LutWarehouse::Multidimensional(tables) => Self::of_curves_and_table(tables, connection(XYZ_SCALE))?,
        };
        let mixtures = tables
            .points
            .iter()
            .try_fold(1, |product: usize, points| product.checked_mul(*points))?;
        let fits = tables.inputs.len() == channels
            && tables.points.len() == channels
            && tables.points.iter().all(|points| *points > 1)
            && tables.colours.len() == mixtures;
        fits.then_some(tables)
    }

    /// The kinds lut8Type and lut16Type of ICC.1.
    fn of_lut(tables: &LutDataType, connection: Connection) -> Option<Self> {
        let channels = usize::from(tables.num_input_channels);
        if tables.num_output_channels != 3 {
            return None;
        }
        let inputs = curves(&tables.input_table, channels)?;
        let outputs: [Curve; 3] = curves(&tables.output_table, 3)?.try_into().ok()?;
        Some(Self {
            inputs: sampled(&inputs)?,
            points: vec![usize::from(tables.num_clut_grid_points); channels],
            colours: colours(&tables.clut_table),
            middle: None,
            outputs: Some(outputs),
            ..Self::empty(connection)
        })
    }

    /// The kind lutAToBType of ICC.1.
    fn of_curves_and_table(tables: &LutMultidimensionalType, connection: Connection) -> Option<Self> {
        if tables.num_output_channels != 3 {
            return None;
        }
        let channels = usize::from(tables.num_input_channels);
        let three = |curves: &[moxcms::ToneReprCurve]| -> Option<[Curve; 3]> {
            let curves: Vec<Curve> = curves.iter().cloned().map(Curve::Icc).collect();
            curves.try_into().ok()
        };
        let matrix = tables.matrix.v;
        let bias = tables.bias.v;
        let matrix = [0, 1, 2].map(|row| {
            let [x, y, z] = matrix[row].map(|weight| weight as f32);
            [x, y, z, bias[row] as f32]
        });
        let inputs: Vec<Curve> = tables.a_curves.iter().cloned().map(Curve::Icc).collect();
        Some(Self {
            inputs: sampled(&inputs)?,
            points: tables
                .grid_points
                .get(..channels)?
                .iter()
                .map(|points| usize::from(*points))
                .collect(),
            colours: colours(tables.clut.as_ref()?),
            middle: three(&tables.m_curves).map(|curves| (curves, matrix)),
            outputs: three(&tables.b_curves),
            ..Self::empty(connection)
        })
    }

    fn empty(connection: Connection) -> Self {
        Self {
            inputs: Vec::new(),
            points: Vec::new(),
            colours: Vec::new(),
            middle: None,
            outputs: None,
            connection,
            to_srgb: SRGB_PRIMARIES.inverse().v.map(|row| row.map(|weight| weight as f32)),
        }
    }

    /// Converts pixels; alpha stays.
    pub fn convert(&self, pixels: &mut RgbaImage) {
        let is_inked = self.inputs.len() == MOST_INPUTS;
        // Neighbours are often alike.
        let mut last = ([0; 3], self.colour([0; 4]));
        for pixel in pixels.pixels_mut() {
            let [red, green, blue, alpha] = pixel.0;
            // Chromium turns the black into the three other inks before it looks into the profile: so are then the same pixels.
            let key = if is_inked {
                [red, green, blue].map(|level| u8::MAX - level)
            } else {
                [red, green, blue]
            };
            if key != last.0 {
                last = (key, self.colour([key[0], key[1], key[2], 0]));
            }
            let [red, green, blue] = last.1;
            *pixel = image::Rgba([red, green, blue, alpha]);
        }
    }

    fn colour(&self, pixel: [u8; 4]) -> [u8; 3] {
        let mut colour = self.mixture(pixel);
        if let Some((curves, matrix)) = &self.middle {
            let [x, y, z] = through(curves, colour);
            colour = matrix.map(|[of_x, of_y, of_z, more]| of_x * x + of_y * y + of_z * z + more);
        }
        if let Some(curves) = &self.outputs {
            colour = through(curves, colour);
        }
        let [x, y, z] = match self.connection {
            Connection::Lab => xyz_of_lab(colour),
            Connection::Xyz(scale) => colour.map(|value| value * scale),
        };
        self.to_srgb
            .map(|[of_x, of_y, of_z]| srgb_level(of_x * x + of_y * y + of_z * z))
    }

    /// The colour of a mixture of channels, out of the two nearest points in each direction.
    fn mixture(&self, pixel: [u8; 4]) -> [f32; 3] {
        let mut places = [(0, 0, 0.0); MOST_INPUTS];
        let mut stride = self.colours.len();
        for (channel, (input, points)) in self.inputs.iter().zip(&self.points).enumerate() {
            stride /= points;
            let place = input[usize::from(pixel[channel])] * (points - 1) as f32;
            let below = place as usize;
            let above = (below + 1).min(points - 1);
            places[channel] = (below * stride, above * stride, place - below as f32);
        }
        let places = &places[..self.inputs.len()];
        let mut sum = [0.0; 3];
        for corner in 0..1_usize << places.len() {
            let (mut index, mut weight) = (0, 1.0);
            for (channel, (below, above, part)) in places.iter().enumerate() {
                let is_above = corner >> channel & 1 == 1;
                index += if is_above { above } else { below };
                weight *= if is_above { *part } else { 1.0 - part };
            }
            if weight > 0.0 {
                for (sum, value) in sum.iter_mut().zip(self.colours[index]) {
                    *sum += weight * value;
                }
            }
        }
        sum
    }
}

/// A store of equally many points for each channel.
fn curves(store: &LutStore, channels: usize) -> Option<Vec<Curve>> {
    let values = values(store);
    let points = values.len().checked_div(channels).filter(|points| *points > 1)?;
    Some(
        values
            .chunks_exact(points)
            .map(|table| Curve::Table(table.to_vec()))
            .collect(),
    )
}

/// What each of 256 levels becomes.
fn sampled(curves: &[Curve]) -> Option<Vec<Vec<f32>>> {
    let levels = || (0..=u8::MAX).map(level_value);
    let at = |curve: &Curve, level| curve.at(level).map(|value| value.clamp(0.0, 1.0));
    curves
        .iter()
        .map(|curve| levels().map(|level| at(curve, level)).collect())
        .collect()
}

fn colours(store: &LutStore) -> Vec<[f32; 3]> {
    values(store).as_chunks::<3>().0.to_vec()
}

/// Numbers from 0 to 1.
fn values(store: &LutStore) -> Vec<f32> {
    match store {
        LutStore::Store8(values) => values.iter().map(|value| f32::from(*value) / 255.0).collect(),
        LutStore::Store16(values) => values.iter().map(|value| f32::from(*value) / 65_535.0).collect(),
    }
}

fn through(curves: &[Curve; 3], colour: [f32; 3]) -> [f32; 3] {
    [0, 1, 2].map(|channel| {
        let value = colour[channel];
        curves[channel].at(value).unwrap_or(value)
    })
}

/// L*a*b* as it is written, from 0 to 1, to XYZ under D50.
fn xyz_of_lab([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let y = (lightness * 100.0 + 16.0) / 116.0;
    let x = y + (a * 255.0 - 128.0) / 500.0;
    let z = y - (b * 255.0 - 128.0) / 200.0;
    let light = |root: f32| {
        let cube = root * root * root;
        if cube > 0.008_856 {
            cube
        } else {
            (root - 16.0 / 116.0) / 7.787
        }
    };
    [light(x) * D50[0], light(y) * D50[1], light(z) * D50[2]]
}
