//! The modality-importance figure, as SVG: accuracy against the share of posts that lack their caption, and their image.

use std::path::Path;

use emofuse_core::error::Result;
use emofuse_engine::model::fusion::Modality;
use plotters::{
    coord::Shift,
    element::DashedPathElement,
    prelude::{BLACK, Circle, Color, DrawingArea, DrawingBackend, RGBColor, Rectangle, ShapeStyle, TriangleMarker},
    style::text_anchor::HPos,
};

use super::{
    charts::{Drawn, GREY, LARGE, PALE, SMALL, line, svg, text},
    importance::{Curve, Importance},
};

/// Colours that people with any kind of colour vision can tell apart, on white and on black (Okabe and Ito, *Color Universal
/// Design*, 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(146, 106, 45),
    GREY,
];

/// Sizes of a panel and of what is around it.
const WIDTH: i32 = 400;
const HEIGHT: i32 = 360;
const LEFT: i32 = 64;
const TOP: i32 = 92;
const GAP: i32 = 72;
const ROW: i32 = 24;

/// Draws the figure: a panel for each side, a colour and a marker for each system, a dashed line for one that was trained
/// without modality dropout.
pub fn draw(importance: &Importance, folder: &Path) -> Result<String> {
    let legend: Vec<&Curve> = of_side(importance, Modality::Caption).collect();
    let below = TOP + HEIGHT + 76;
    let rows = legend.len().div_ceil(2) as i32;
    let size = (LEFT + 2 * WIDTH + GAP + 30, below + rows * ROW + 16);
    svg(size, &folder.join("modality_importance.svg"), |area| {
        text(
            area,
            "Accuracy on test by the share of posts that lack a modality",
            (20, 26),
            LARGE,
            HPos::Left,
            BLACK,
        )?;
        let scale = Scale::of(importance);
        for (index, missing) in [Modality::Caption, Modality::Image].into_iter().enumerate() {
            let panel = Panel {
                left: LEFT + index as i32 * (WIDTH + GAP),
                scale,
            };
            panel.axes(area, missing)?;
            let curves: Vec<&Curve> = of_side(importance, missing).collect();
            for curve in &curves {
                panel.curve(area, curve, place(&curves, curve))?;
            }
        }
        for (index, curve) in legend.iter().enumerate() {
            let (column, row) = (index as i32 / rows, index as i32 % rows);
            let start = (LEFT + column * (WIDTH + GAP), below + row * ROW);
            let middle = (start.0 + 22, start.1);
            let style = Style::of(curve, place(&legend, curve));
            style.draw(area, &[start, (start.0 + 44, start.1)], &[middle])?;
            text(area, &curve.name(), (start.0 + 54, start.1), SMALL, HPos::Left, BLACK)?;
        }
        Ok(())
    })
}

fn of_side(importance: &Importance, missing: Modality) -> impl Iterator<Item = &Curve> {
    importance.curves.iter().filter(move |curve| curve.missing == missing)
}

/// The place of a curve's system among those of all curves.
fn place(curves: &[&Curve], curve: &Curve) -> usize {
    let mut systems: Vec<&str> = curves.iter().map(|curve| curve.system.as_str()).collect();
    systems.dedup();
    systems
        .iter()
        .position(|system| *system == curve.system)
        .unwrap_or_default()
}

/// The accuracies that are drawn, from a tick to a tick.
#[derive(Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    const TICK: f64 = 0.05;

    fn of(importance: &Importance) -> Self {
        let means = importance.curves.iter().flat_map(|curve| &curve.points);
        let (low, high) = means.fold((1.0f64, 0.0f64), |(low, high), point| {
            (low.min(point.accuracy.mean), high.max(point.accuracy.mean))
        });
        let low = ((low / Self::TICK).floor() * Self::TICK).min(1.0 - Self::TICK);
        Self {
            low,
            high: ((high / Self::TICK).ceil() * Self::TICK).max(low + Self::TICK),
        }
    }

    fn ticks(self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / Self::TICK).round() as usize;
        // A number at every other line, and at no more than about ten.
        let step = count.div_ceil(10).max(1);
        (0..=count)
            .step_by(step)
            .map(move |tick| self.low + tick as f64 * Self::TICK)
    }
}

/// One side's panel.
struct Panel {
    left: i32,
    scale: Scale,
}

impl Panel {
    fn at(&self, percent: f64, accuracy: f64) -> (i32, i32) {
        let height = (accuracy - self.scale.low) / (self.scale.high - self.scale.low);
        (
            self.left + (percent / 100.0 * f64::from(WIDTH)).round() as i32,
            TOP + HEIGHT - (height * f64::from(HEIGHT)).round() as i32,
        )
    }

    fn axes<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, missing: Modality) -> Drawn<B> {
        let side = if missing == Modality::Caption {
            "caption"
        } else {
            "image"
        };
        text(area, "accuracy", (self.left - 44, 66), SMALL, HPos::Left, BLACK)?;
        for tick in self.scale.ticks() {
            let (left, height) = self.at(0.0, tick);
            area.draw(&line(vec![(left, height), self.at(100.0, tick)], PALE, 1))?;
            text(
                area,
                &format!("{tick:.2}"),
                (left - 8, height),
                SMALL,
                HPos::Right,
                BLACK,
            )?;
        }
        for percent in (0..=100).step_by(20) {
            let (across, bottom) = self.at(f64::from(percent), self.scale.low);
            text(
                area,
                &format!("{percent}"),
                (across, bottom + 18),
                SMALL,
                HPos::Center,
                BLACK,
            )?;
        }
        let below = (self.left + WIDTH / 2, TOP + HEIGHT + 42);
        text(
            area,
            &format!("% of posts whose {side} is missing"),
            below,
            SMALL,
            HPos::Center,
            BLACK,
        )
    }

    fn curve<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, curve: &Curve, place: usize) -> Drawn<B> {
        let points = curve.points.iter();
        let points: Vec<(i32, i32)> = points
            .map(|point| self.at(point.percent as f64, point.accuracy.mean))
            .collect();
        Style::of(curve, place).draw(area, &points, &points)
    }
}

/// How a curve is drawn.
struct Style {
    colour: RGBColor,
    /// Which marker.
    place: usize,
    is_dashed: bool,
}

impl Style {
    fn of(curve: &Curve, place: usize) -> Self {
        Self {
            colour: COLOURS[place % COLOURS.len()],
            place,
            is_dashed: curve.modality_dropout == Some(false),
        }
    }

    /// Draws a line, and markers on it; those of a dashed line are hollow.
    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        points: &[(i32, i32)],
        markers: &[(i32, i32)],
    ) -> Drawn<B> {
        if self.is_dashed {
            let style = self.colour.stroke_width(2);
            area.draw(&DashedPathElement::new(points.to_vec(), 7, 5, style))?;
        } else {
            area.draw(&line(points.to_vec(), self.colour, 2))?;
        }
        let style = ShapeStyle {
            color: self.colour.to_rgba(),
            filled: !self.is_dashed,
            stroke_width: 2,
        };
        for (x, y) in markers.iter().copied() {
            match self.place % 4 {
                0 => area.draw(&Circle::new((x, y), 4, style))?,
                1 => area.draw(&Rectangle::new([(x - 4, y - 4), (x + 4, y + 4)], style))?,
                // plotters fills any triangle.
                2 if self.is_dashed => {
                    let corners = vec![(x, y - 6), (x + 5, y + 4), (x - 5, y + 4), (x, y - 6)];
                    area.draw(&line(corners, self.colour, 2))?;
                }
                2 => area.draw(&TriangleMarker::new((x, y), 6, style))?,
                // A short bar across the line, for systems that have one way to be trained.
                _ => area.draw(&line(vec![(x, y - 5), (x, y + 5)], self.colour, 2))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{
        bootstrap::Interval,
        importance::{Point, SHARES},
        outcome::Spread,
    };

    fn curve(system: &str, modality_dropout: Option<bool>, missing: Modality, last: f64) -> Curve {
        let point = |percent: usize| {
            let accuracy = 0.6 + (last - 0.6) * percent as f64 / 100.0;
            Point {
                percent,
                posts: percent,
                accuracy: Spread::new(vec![accuracy]),
                macro_f1: Spread::new(vec![accuracy]),
                interval: Interval {
                    value: accuracy,
                    low: accuracy,
                    high: accuracy,
                },
            }
        };
        Curve {
            system: system.into(),
            modality_dropout,
            missing,
            points: SHARES.map(point).to_vec(),
        }
    }

    #[test]
    fn each_curve_is_in_both_panels_and_in_the_legend_and_the_colours_follow_the_page() {
        let curves = |missing| {
            [
                curve("common space", Some(true), missing, 0.44),
                curve("common space", Some(false), missing, 0.31),
                curve("late fusion", None, missing, 0.44),
            ]
        };
        let importance = Importance {
            curves: [Modality::Caption, Modality::Image]
                .into_iter()
                .flat_map(curves)
                .collect(),
            modality_dropout: Vec::new(),
        };
        let chart = draw(&importance, Path::new("")).unwrap();
        assert!(chart.contains("prefers-color-scheme: dark"), "{chart}");
        for words in [
            "common space, with modality dropout",
            "common space, without",
            "late fusion",
            "% of posts whose caption is missing",
            "% of posts whose image is missing",
            "0.30",
            "0.60",
        ] {
            assert!(chart.contains(words), "{words} in {chart}");
        }
        assert!(!chart.contains("NaN"));
        // A marker for each point of two curves with dropout, in two panels, and in the legend; as many hollow ones.
        assert_eq!(chart.matches("<circle").count(), 2 * (2 * 11 + 1));
        let scale = Scale::of(&importance);
        assert!((scale.low - 0.3).abs() < 1e-9 && (scale.high - 0.6).abs() < 1e-9);
    }
}
