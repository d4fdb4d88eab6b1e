//! Charts of the best system, as SVG, in the colours of the page that shows them: light or dark.

use std::path::Path;

use emofuse_core::error::{Error, Result};
use plotters::{
    coord::Shift,
    prelude::{
        BLACK, Circle, Color, DrawingArea, DrawingAreaErrorKind, DrawingBackend, IntoDrawingArea, IntoFont,
        PathElement, RGBColor, Rectangle, SVGBackend, ShapeStyle, Text, WHITE,
    },
    style::text_anchor::{HPos, Pos, VPos},
};

use super::best::Best;

const BLUE: RGBColor = RGBColor(31, 98, 163);
pub(super) const GREY: RGBColor = RGBColor(120, 120, 120);
pub(super) const PALE: RGBColor = RGBColor(225, 225, 225);

/// The colours on a dark page.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) { \
     rect[fill=\"#FFFFFF\"] { fill: #0D1117 } text[fill=\"#000000\"] { fill: #E6EDF3 } \
     [fill=\"#787878\"] { fill: #9DA7B3 } [stroke=\"#E1E1E1\"] { stroke: #30363D } [fill=\"#E1E1E1\"] { fill: #30363D } \
     [stroke=\"#787878\"] { stroke: #9DA7B3 } [fill=\"#1F62A3\"] { fill: #2F7FD0 } [stroke=\"#1F62A3\"] { stroke: #2F7FD0 } \
     }</style>";

/// What plotters calls a size of 1 comes out as 1 / 1.24 pixels.
pub(super) const SMALL: f64 = 13.0 * 1.24;
pub(super) const LARGE: f64 = 16.0 * 1.24;

pub(super) type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

/// The confusion matrix: rows by label, columns by answer, shaded by the share of the label's posts.
pub fn confusion(best: &Best, folder: &Path) -> Result<String> {
    const CELL: i32 = 62;
    const LEFT: i32 = 130;
    const TOP: i32 = 110;
    let side = CELL * best.per_class.len() as i32;
    svg(
        (LEFT + side + 20, TOP + side + 20),
        &folder.join("confusion.svg"),
        |area| {
            heading(area, best, "answers by label")?;
            text(area, "answer", (LEFT + side / 2, 58), SMALL, HPos::Center, GREY)?;
            text(area, "label", (LEFT - 12, TOP - 14), SMALL, HPos::Right, GREY)?;
            for (index, (label, _)) in best.per_class.iter().enumerate() {
                let along = CELL * index as i32;
                // Long names overlap side by side, so that every other one stands higher.
                let height = TOP - 14 - 16 * (index as i32 % 2);
                text(
                    area,
                    label,
                    (LEFT + along + CELL / 2, height),
                    SMALL,
                    HPos::Center,
                    BLACK,
                )?;
                text(
                    area,
                    label,
                    (LEFT - 12, TOP + along + CELL / 2),
                    SMALL,
                    HPos::Right,
                    BLACK,
                )?;
                let total: usize = best.confusion[index].iter().sum();
                for (column, count) in best.confusion[index].iter().enumerate() {
                    let share = *count as f64 / total.max(1) as f64;
                    let corner = (LEFT + CELL * column as i32, TOP + along);
                    let end = (corner.0 + CELL - 2, corner.1 + CELL - 2);
                    area.draw(&Rectangle::new([corner, end], BLUE.mix(share).filled()))?;
                    let ink = if share > 0.5 { WHITE } else { BLACK };
                    let middle = (corner.0 + CELL / 2, corner.1 + CELL / 2);
                    text(area, &count.to_string(), middle, SMALL, HPos::Center, ink)?;
                }
            }
            Ok(())
        },
    )
}

/// The reliability diagram: how often answers of about the same confidence are right.
pub fn reliability(best: &Best, folder: &Path) -> Result<String> {
    const SIDE: i32 = 420;
    const LEFT: i32 = 70;
    const TOP: i32 = 84;
    let at = |confidence: f64, accuracy: f64| {
        (
            LEFT + (confidence * f64::from(SIDE)) as i32,
            TOP + SIDE - (accuracy * f64::from(SIDE)) as i32,
        )
    };
    svg(
        (LEFT + SIDE + 30, TOP + SIDE + 90),
        &folder.join("reliability.svg"),
        |area| {
            heading(area, best, "reliability")?;
            for tick in 0..=5 {
                let value = f64::from(tick) / 5.0;
                let (left, height) = at(0.0, value);
                area.draw(&line(vec![(left, height), at(1.0, value)], PALE, 1))?;
                text(
                    area,
                    &format!("{value:.1}"),
                    (left - 8, height),
                    SMALL,
                    HPos::Right,
                    BLACK,
                )?;
                let (x, bottom) = at(value, 0.0);
                text(
                    area,
                    &format!("{value:.1}"),
                    (x, bottom + 18),
                    SMALL,
                    HPos::Center,
                    BLACK,
                )?;
            }
            text(
                area,
                "confidence",
                (LEFT + SIDE / 2, TOP + SIDE + 46),
                SMALL,
                HPos::Center,
                BLACK,
            )?;
            text(area, "share that is right", (20, 58), SMALL, HPos::Left, BLACK)?;
            area.draw(&line(vec![at(0.0, 0.0), at(1.0, 1.0)], GREY, 1))?;
            let bins: Vec<_> = best.reliability.iter().filter(|bin| bin.rows > 0).collect();
            let points: Vec<(i32, i32)> = bins.iter().map(|bin| at(bin.confidence, bin.accuracy)).collect();
            area.draw(&line(points.clone(), BLUE, 2))?;
            for (bin, point) in bins.iter().zip(points) {
                area.draw(&Circle::new(point, 5, BLUE.filled()))?;
                // On the side that the diagonal does not take, but not among the ticks.
                let above = bin.accuracy >= bin.confidence || bin.accuracy < 0.06;
                let beside = if above { -16 } else { 18 };
                text(
                    area,
                    &bin.rows.to_string(),
                    (point.0, point.1 + beside),
                    SMALL,
                    HPos::Center,
                    GREY,
                )?;
            }
            text(
                area,
                &format!("expected calibration error {:.3}; numbers are posts", best.ece),
                (LEFT + SIDE, TOP + SIDE + 72),
                SMALL,
                HPos::Right,
                GREY,
            )
        },
    )
}

/// F1 of every label.
pub fn f1_by_label(best: &Best, folder: &Path) -> Result<String> {
    const BAR: i32 = 24;
    const STEP: i32 = 34;
    const LEFT: i32 = 130;
    const TOP: i32 = 56;
    const LENGTH: i32 = 380;
    let height = TOP + STEP * best.per_class.len() as i32 + 16;
    svg((LEFT + LENGTH + 150, height), &folder.join("f1_by_label.svg"), |area| {
        heading(area, best, "F1 by label")?;
        for (index, (label, score)) in best.per_class.iter().enumerate() {
            let top = TOP + STEP * index as i32;
            let middle = top + BAR / 2;
            text(area, label, (LEFT - 12, middle), SMALL, HPos::Right, BLACK)?;
            let whole = [(LEFT, top), (LEFT + LENGTH, top + BAR)];
            area.draw(&Rectangle::new(whole, PALE.filled()))?;
            let end = LEFT + (score.f1 * f64::from(LENGTH)) as i32;
            area.draw(&Rectangle::new([(LEFT, top), (end, top + BAR)], BLUE.filled()))?;
            let figures = format!("{:.2} ({} posts)", score.f1, score.support);
            text(area, &figures, (LEFT + LENGTH + 12, middle), SMALL, HPos::Left, BLACK)?;
        }
        Ok(())
    })
}

pub(super) fn svg(
    (width, height): (i32, i32),
    path: &Path,
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), DrawingAreaErrorKind<std::io::Error>>,
) -> Result<String> {
    let mut written = String::new();
    {
        let area = SVGBackend::with_string(&mut written, (width as u32, height as u32)).into_drawing_area();
        let drawn = area
            .fill(&WHITE)
            .and_then(|()| draw(&area))
            .and_then(|()| area.present());
        drawn.map_err(|error| Error::Data {
            path: path.into(),
            reason: format!("it cannot be drawn: {error}"),
        })?;
    }
    // The rules of a style sheet come before the colours that elements name themselves.
    Ok(written.replacen(">\n", &format!(">\n{DARK}\n"), 1))
}

/// A line of text whose middle is at the given height.
fn heading<B: DrawingBackend>(area: &DrawingArea<B, Shift>, best: &Best, shown: &str) -> Drawn<B> {
    let words = format!("{}: {shown}", best.system);
    text(area, &words, (20, 26), LARGE, HPos::Left, BLACK)
}

pub(super) fn text<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    words: &str,
    place: (i32, i32),
    size: f64,
    anchor: HPos,
    colour: RGBColor,
) -> Drawn<B> {
    let style = ("sans-serif", size).into_font().color(&colour);
    area.draw(&Text::new(
        words.to_owned(),
        place,
        style.pos(Pos::new(anchor, VPos::Center)),
    ))
}

pub(super) fn line(points: Vec<(i32, i32)>, colour: RGBColor, width: u32) -> PathElement<(i32, i32)> {
    let style = ShapeStyle {
        color: colour.to_rgba(),
        filled: false,
        stroke_width: width,
    };
    PathElement::new(points, style)
}
