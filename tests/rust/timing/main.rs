//! Reading a caption takes time in proportion to its length, whatever it is made of.

use std::time::{Duration, Instant};

use emofuse::text::{Tokenizer, Vocabulary};

const SHORT: usize = 50_000;
const LONG: usize = 200_000;
/// Four times the length may take four times as long; twice that is allowed, and some milliseconds of the machine's.
const MOST_GROWTH: u32 = 8;
const SLACK: Duration = Duration::from_millis(40);
const RUNS: usize = 3;

/// What long captions are made of, repeated.
const PATTERNS: [&str; 79] = [
    "=",
    "_",
    "-",
    "'",
    "#",
    "/",
    "(",
    ")",
    "★",
    "😂",
    "&",
    "\\",
    "@",
    ".",
    "a",
    "a.",
    "&amp;",
    "&amp",
    "&#",
    "(>",
    ":",
    ":)",
    "7",
    "\u{301}",
    "a\u{301}",
    "\u{200d}",
    "😂\u{200d}",
    "🇫",
    "🇫🇷",
    "Ã",
    "Ã©",
    "â€",
    "ð",
    "\u{fe0f}",
    "1\u{fe0f}\u{20e3}",
    "*",
    "a*",
    "a-",
    "a'",
    "'s",
    "n't",
    "#a",
    "#a'",
    "@a",
    "a@",
    "a@b",
    "a/",
    "u/",
    "r/",
    "rt ",
    "rt",
    "http",
    "h",
    "www.",
    "t.co/",
    "1.",
    "1,",
    "1:",
    "aB",
    "ab",
    "ha",
    "\\u",
    "\\ud83d",
    "\\\\",
    "&lt;",
    "<",
    "<3",
    "(T_",
    "(T_T)",
    "ʕ",
    "¯",
    "┻",
    "…",
    "! ",
    " ",
    "\u{ad}",
    "🅰",
    "ᴀ",
    "zyzzyva ",
];

fn fastest(tokenizer: &Tokenizer, caption: &str) -> Duration {
    let run = |_| {
        let start = Instant::now();
        std::hint::black_box(tokenizer.tokenize(caption));
        start.elapsed()
    };
    (0..RUNS).map(run).min().unwrap_or_default()
}

#[test]
fn the_time_grows_with_the_length_and_no_faster() {
    let words = [
        "the", "a", "so", "sad", "happy", "love", "!", "?", "…", "😂", "flag", "france", "symbol",
    ];
    let tokenizer = Tokenizer::new(Vocabulary::new(words.map(String::from).to_vec()).unwrap(), 64);
    for pattern in PATTERNS {
        let of_length = |length: usize| pattern.chars().cycle().take(length).collect::<String>();
        let (short, long) = (
            fastest(&tokenizer, &of_length(SHORT)),
            fastest(&tokenizer, &of_length(LONG)),
        );
        assert!(
            long <= short * MOST_GROWTH + SLACK,
            "{pattern:?}: {short:?}, then {long:?}"
        );
    }
}

#[test]
fn a_caption_behind_a_long_run_is_still_read() {
    let words = ["sad", "so"].map(String::from).to_vec();
    let tokenizer = Tokenizer::new(Vocabulary::new(words).unwrap(), 64);
    for pattern in ["=", "_", "-", "'", "#", "/", "(", "★", "\\", ".", " ", "\u{200d}"] {
        let caption = format!("so {} sad", pattern.repeat(LONG));
        let tokens = tokenizer.tokens(&caption);
        assert_eq!(
            tokens.last().map(|token| token.text.as_str()),
            Some("sad"),
            "{pattern:?}"
        );
    }
}
