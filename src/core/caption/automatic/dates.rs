//! Dates and times alone.

/// Names of months, short and long, lower case.
pub const MONTHS: &[&str] = &[
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that stand beside a date and a time, lower case.
const BESIDE: &[&str] = &[
    "am",
    "pm",
    "at",
    "utc",
    "gmt",
    "z",
    "t",
    "st",
    "nd",
    "rd",
    "th",
    "of",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Whether a text is a date with a year, and nothing else but a time: `2015:08:21 12:30:00`, `16 Nov 2009, 12:51:58 UTC`.
///
/// A year alone is none: people write it as a caption.
pub fn is_date(text: &str) -> bool {
    let is_mark = |character: char| character.is_whitespace() || "-:./,+".contains(character);
    if !text
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || is_mark(character))
    {
        return false;
    }
    let lower = text.to_lowercase();
    let numbers: Vec<&str> = runs(&lower, |character| character.is_ascii_digit()).collect();
    let words: Vec<&str> = runs(&lower, |character| character.is_ascii_alphabetic()).collect();
    let has_month = words.iter().any(|word| MONTHS.contains(word));
    let is_year =
        |number: &&str| number.len() == 4 && ["18", "19", "20"].iter().any(|century| number.starts_with(century));
    // A date before anything else: a clock's time alone has no year.
    let has_date =
        numbers.iter().any(is_year) && (has_month || (numbers.len() >= 3 && !text.contains('+')) || numbers.len() >= 6);
    // All zeros are what a camera without a clock writes.
    let is_unset = numbers.len() >= 3 && numbers.iter().all(|number| number.bytes().all(|digit| digit == b'0'));
    (has_date || is_unset || is_stamp(text)) && words.iter().all(|word| MONTHS.contains(word) || BESIDE.contains(word))
}

/// `20240131`.
fn is_stamp(text: &str) -> bool {
    let is_between = |digits: &str, last: u8| digits.parse::<u8>().is_ok_and(|number| (1..=last).contains(&number));
    let (Some(century), Some(month), Some(day)) = (text.get(..2), text.get(4..6), text.get(6..)) else {
        return false;
    };
    text.len() == 8 && ["19", "20"].contains(&century) && is_between(month, 12) && is_between(day, 31)
}

fn runs(text: &str, is_part: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |character| !is_part(character))
        .filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_alone_are_known_with_and_without_times() {
        for text in [
            "2015:08:21 12:30:00",
            "0000:00:00 00:00:00",
            "2024-01-01T12:00:00Z",
            "2024-01-01T12:00:00.000+01:00",
            "24.12.2019",
            "20240131",
            "12/31/2020 11:59 PM",
            "16 Nov 2009, 12:51:58 UTC",
            "Monday, January 1st, 2024",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "2020",
            "2020 was a bad year",
            "9/11",
            "12:30",
            "may 5",
            "never forget 24.12.2019",
            "1 2 3",
            "2020!",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }
}
