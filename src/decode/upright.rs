//! Turns images upright without holding them twice.

use image::{DynamicImage, RgbaImage, metadata::Orientation};

/// Rows that are turned before their memory is given back.
const ROWS_AT_ONCE: usize = 1024;

/// The image as its metadata says that it stands.
pub fn upright(image: RgbaImage, orientation: Orientation) -> RgbaImage {
    // Whether columns become rows from the right one on, and rows columns from the last one on.
    let (from_right, from_last) = match orientation {
        Orientation::Rotate90 => (false, true),
        Orientation::Rotate270 => (true, false),
        Orientation::Rotate90FlipH => (false, false),
        Orientation::Rotate270FlipH => (true, true),
        _ => {
            // Turned within the buffer.
            let mut image = DynamicImage::ImageRgba8(image);
            image.apply_orientation(orientation);
            return image.into_rgba8();
        }
    };
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut rows = image.into_raw();
    let mut turned = vec![0; rows.len()];
    let (columns, _) = turned.as_chunks_mut::<4>();
    let mut end = height;
    while end > 0 {
        let start = end.saturating_sub(ROWS_AT_ONCE);
        let (pixels, _) = rows.as_chunks::<4>();
        for column in 0..width {
            let row = if from_right { width - 1 - column } else { column };
            for place in start..end {
                let at = if from_last { height - 1 - place } else { place };
                columns[row * height + at] = pixels[place * width + column];
            }
        }
        rows.truncate(start * width * 4);
        rows.shrink_to_fit();
        end = start;
    }
    RgbaImage::from_raw(height as u32, width as u32, turned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_orientation_is_that_of_the_library() {
        let (width, height) = (7, 2 * ROWS_AT_ONCE as u32 + 5);
        let image = RgbaImage::from_fn(width, height, |x, y| image::Rgba([x as u8, y as u8, (y >> 8) as u8, 9]));
        for number in 1..=8 {
            let orientation = Orientation::from_exif(number).expect("an orientation");
            let mut expected = DynamicImage::ImageRgba8(image.clone());
            expected.apply_orientation(orientation);
            assert!(
                upright(image.clone(), orientation) == expected.into_rgba8(),
                "{orientation:?}"
            );
        }
    }
}
