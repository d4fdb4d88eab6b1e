//! Signatures of programs and their names.

/// What a program did: "Processed with …".
const DEEDS: &[&str] = &[
    "captured",
    "compressed",
    "converted",
    "created",
    "developed",
    "edited",
    "enhanced",
    "exported",
    "filtered",
    "generated",
    "made",
    "modified",
    "optimized",
    "photographed",
    "posted",
    "processed",
    "produced",
    "resized",
    "retouched",
    "saved",
    "scanned",
    "shared",
    "shot",
    "taken",
    "uploaded",
];

/// Words between a program's deed and its name.
const LINKS: &[&str] = &["by", "from", "in", "on", "through", "using", "via", "with"];

/// Words that may stand in lower case beside a program's name.
const BESIDE_PROGRAMS: &[&str] = &[
    "a", "an", "app", "editor", "filter", "for", "on", "online", "preset", "the", "using", "version", "with", "www",
];

/// Programs and devices that are written in lower case too; the others are known by their capital letters.
const PROGRAMS: &[&str] = &[
    "acdsee",
    "adobe",
    "android",
    "canva",
    "darktable",
    "digikam",
    "facetune",
    "fotor",
    "gimp",
    "imagemagick",
    "imlib",
    "inkscape",
    "instagram",
    "iphone",
    "irfanview",
    "lightroom",
    "matlab",
    "matplotlib",
    "meitu",
    "paint.net",
    "photoscape",
    "photoshop",
    "picasa",
    "picsart",
    "pixlr",
    "polarr",
    "rawtherapee",
    "snapchat",
    "snapseed",
    "tiktok",
    "vsco",
    "vscocam",
];

/// What people make things with, though it has a capital letter.
const NOT_PROGRAMS: &[&str] = &[
    "care",
    "effort",
    "god",
    "grace",
    "happiness",
    "heart",
    "hope",
    "joy",
    "love",
    "passion",
    "pride",
    "tears",
];

/// `Processed with VSCO with a6 preset`: a deed, a link, and a program's name to the end.
pub fn is_signature(words: &[&str]) -> bool {
    const MOST_WORDS: usize = 10;
    let [deed, link, name @ ..] = words else { return false };
    let lower = |word: &str| {
        word.trim_matches(|character: char| !character.is_alphanumeric())
            .to_lowercase()
    };
    if !DEEDS.contains(&&*lower(deed)) || !LINKS.contains(&&*lower(link)) || name.len() > MOST_WORDS {
        return false;
    }
    let names_program = name.iter().any(|word| PROGRAMS.contains(&&*lower(word)));
    let is_name = |word: &&str| {
        let plain = lower(word);
        let is_written_as_name = word
            .chars()
            .any(|character| character.is_uppercase() || character.is_ascii_digit());
        !NOT_PROGRAMS.contains(&&*plain)
            && (is_written_as_name
                || plain.is_empty()
                || [BESIDE_PROGRAMS, PROGRAMS, LINKS].concat().contains(&&*plain))
    };
    // "Taken by Surprise" and "Made in Heaven" are written like names too.
    let is_tool_deed = [
        "processed",
        "edited",
        "enhanced",
        "exported",
        "generated",
        "resized",
        "converted",
        "created",
        "scanned",
    ]
    .contains(&&*lower(deed));
    let has_name = name.iter().any(|word| word.chars().any(char::is_uppercase));
    (names_program || (is_tool_deed && has_name)) && name.iter().all(is_name)
}

/// `Adobe Photoshop CS6 (Windows)`: a program's name alone, with its version.
pub fn is_program(words: &[&str]) -> bool {
    const BESIDE: &[&str] = &[
        "camera",
        "cc",
        "classic",
        "elements",
        "express",
        "ios",
        "macintosh",
        "mobile",
        "raw",
        "windows",
    ];
    let plain = |word: &&str| word.trim_matches(['(', ')', ',']).to_lowercase();
    let is_name = |word: &String| PROGRAMS.contains(&&**word);
    let is_version = |word: &String| word.contains(|character: char| character.is_ascii_digit());
    let words: Vec<String> = words.iter().map(plain).collect();
    words.iter().any(is_name)
        && words
            .iter()
            .all(|word| is_name(word) || is_version(word) || BESIDE.contains(&&**word))
}
