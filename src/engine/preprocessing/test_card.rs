//! A drawn image that is the same everywhere.

use emofuse_core::Image;

/// Draws an image of `side` × `side` pixels: colour gradients, a disc, a checkerboard corner and a diagonal line.
///
/// Integer arithmetic only, so that every machine draws the same bytes. It is the image of a model file's self-test.
///
/// # Panics
/// When `side` is zero or more than 10,000.
#[must_use]
pub fn test_card(side: u32) -> Image {
    assert!(
        (1..=10_000).contains(&side),
        "a test card has 1 to 10,000 pixels a side"
    );
    let mut rgba = Vec::with_capacity(side as usize * side as usize * 4);
    for row in 0..side {
        for column in 0..side {
            rgba.extend(pixel(column, row, side));
        }
    }
    Image::from_rgba(side, side, rgba).expect("the size is within the limits and every pixel is drawn")
}

fn pixel(column: u32, row: u32, side: u32) -> [u8; 4] {
    // Twice the distance from the centre, so that the centre may lie between two pixels.
    let across = (2 * column + 1).abs_diff(side);
    let down = (2 * row + 1).abs_diff(side);
    let gradient = |value: u32| (value * 255 / side) as u8;
    let [red, green, blue] = if column.abs_diff(row) * 40 < side {
        [250, 240, 20]
    } else if across * across + down * down < side * side / 4 {
        [220, gradient(row), 40]
    } else if column * 2 > side && row * 2 > side {
        let square = (column * 16 / side + row * 16 / side) % 2;
        [[30, 60, 90], [200, 220, 210]][square as usize]
    } else {
        [gradient(column), gradient(row), 255 - gradient((column + row) / 2)]
    };
    [red, green, blue, 255]
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_bytes_never_change() {
        let digest = Sha256::digest(test_card(224).rgba());
        let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hexadecimal,
            "6160a6f493a7510be34794eecdf87da0c591fa1101f43153cefbe74caf79059a"
        );
    }

    #[test]
    fn any_side_can_be_drawn() {
        for side in [1, 2, 3, 17, 1000] {
            assert_eq!(test_card(side).width(), side);
        }
    }
}
