//! Numbers as words.

/// The word for a number's size: its name up to twelve, then its tens, hundreds, thousands or millions; `year` for
/// what reads as one and `time` for a time of day.
///
/// `digits` holds digits with `.`, `,` or `:` between.
pub(super) fn magnitude(digits: &str) -> &'static str {
    const SMALL: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    const TENS: [&str; 10] = [
        "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    if digits.contains(':') {
        return "time";
    }
    let whole: String = digits
        .split('.')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    match whole.parse::<usize>() {
        Ok(value) if value < SMALL.len() => SMALL[value],
        Ok(value) if value < 100 => TENS[value / 10],
        Ok(value) if value < 1000 => "hundred",
        Ok(1900..=2099) if !digits.contains([',', '.']) => "year",
        Ok(value) if value < 1_000_000 => "thousand",
        _ => "million",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_by_their_size() {
        for (digits, expected) in [
            ("0", "zero"),
            ("7", "seven"),
            ("13", "ten"),
            ("25", "twenty"),
            ("100", "hundred"),
            ("640,000", "thousand"),
            ("2016", "year"),
            ("1,999", "thousand"),
            ("2016.5", "thousand"),
            ("10:30", "time"),
            ("3.1", "three"),
            ("99999999999999999999999", "million"),
        ] {
            assert_eq!(magnitude(digits), expected, "{digits}");
        }
    }
}
