//! Annotations in text files beside images: boxes, polygons and key points that somebody drew, not captions.

/// Whether every line of a text is an annotation.
///
/// Known are the formats of YOLO (`0 0.5 0.5 0.2 0.3`, also with polygons, key points and names of classes), DOTA and ICDAR
/// (eight numbers and a class or a word), KITTI (`Car 0.00 0 1.55 614.24 …`) and MOT (`1,1,100,200,…`): lines of numbers with
/// few words, of which two numbers or more are fractions or have three digits, so that a countdown stays a caption.
pub fn is_annotation(text: &str) -> bool {
    let lines = || {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !is_heading(line))
    };
    let measures: usize = lines()
        .map(|line| numbers(line).filter(|number| is_measure(number)).count())
        .sum();
    measures >= 2 && lines().all(is_annotation_line)
}

/// Lines that DOTA's files begin with, and comments.
fn is_heading(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.starts_with("imagesource:") || lower.starts_with("gsd:") || line.starts_with('#')
}

/// Whether a line has four numbers or more, and at most half as many words.
fn is_annotation_line(line: &str) -> bool {
    let numbers = numbers(line).count();
    let words = parts(line).count() - numbers;
    numbers >= 4 && 2 * words <= numbers
}

fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| character.is_whitespace() || matches!(character, ',' | ';'))
        .filter(|part| !part.is_empty())
}

fn numbers(line: &str) -> impl Iterator<Item = &str> {
    // `parse` takes "inf" and "nan" too.
    let is_number =
        |part: &&str| part.parse::<f64>().is_ok() && part.contains(|character: char| character.is_ascii_digit());
    parts(line).filter(is_number)
}

/// Whether a number is a coordinate rather than a count.
fn is_measure(number: &str) -> bool {
    number.contains('.') || number.trim_start_matches('-').len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_of_the_usual_formats_are_known() {
        for text in [
            "0 0.512 0.4333 0.2 0.31\n15 0.1 0.2 0.05 0.07\n",
            "0 0.5 0.5 1 1",
            "3 0.1 0.1 0.9 0.1 0.9 0.9 0.1 0.9\r\n",
            "person 0.5 0.5 0.2 0.3 0.98",
            "imagesource:GoogleEarth\ngsd:0.146343590398\n2753 2408 2861 2385 2888 2468 2805 2502 plane 0\n",
            "Car 0.00 0 1.55 614.24 181.78 727.31 284.77 1.57 1.73 4.15 1.00 1.75 13.22 1.62",
            "1,1,912,484,97,109,1,-1,-1,-1\n1,2,1338,418,167,379,1,-1,-1,-1",
            "377,117,463,117,465,130,379,130,Genaxis Theatre",
            "48 240 195 371",
        ] {
            assert!(is_annotation(text), "{text}");
        }
    }

    #[test]
    fn captions_with_numbers_are_none() {
        for text in [
            "5 4 3 2 1",
            "10 9 8 7 6 5 4 3 2 1 happy new year",
            "1 2 3 4 I declare a thumb war",
            "call me at 555 123 4567",
            "12.5 km in 61.2 minutes, 3 hills, 2 blisters and a lot of joy",
            "0 0.5 0.5 0.2 0.3\nand a sentence below",
            "",
        ] {
            assert!(!is_annotation(text), "{text}");
        }
    }
}
