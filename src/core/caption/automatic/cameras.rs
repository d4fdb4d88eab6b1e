//! Names of cameras and the codes of their modes.

/// Makers and their lines of cameras, lower case. Names that are English words too (Apple, Sharp, Honor) are left out.
const MAKERS: &[&str] = &[
    "agfa",
    "agfaphoto",
    "benq",
    "blackberry",
    "bushnell",
    "canon",
    "casio",
    "coolpix",
    "cuddeback",
    "cyber-shot",
    "cybershot",
    "digimax",
    "dji",
    "easyshare",
    "eos",
    "epson",
    "ericsson",
    "exilim",
    "finepix",
    "fuji",
    "fujifilm",
    "gopro",
    "hasselblad",
    "hewlett-packard",
    "hp",
    "htc",
    "huawei",
    "jenoptik",
    "kenox",
    "kodak",
    "konica",
    "kyocera",
    "leica",
    "lg",
    "lumix",
    "minolta",
    "motorola",
    "moultrie",
    "mustek",
    "nikon",
    "nokia",
    "olympus",
    "oneplus",
    "oppo",
    "panasonic",
    "pentax",
    "photosmart",
    "polaroid",
    "powershot",
    "praktica",
    "reconyx",
    "ricoh",
    "rollei",
    "samsung",
    "sanyo",
    "scanjet",
    "sony",
    "spypoint",
    "toshiba",
    "vivitar",
    "xiaomi",
    "yashica",
    "zte",
];

/// Words that stand beside a maker's name.
const BESIDE_MAKERS: &[&str] = &[
    "and",
    "camera",
    "cameras",
    "co",
    "company",
    "computer",
    "corp",
    "corporation",
    "digital",
    "dsc",
    "eastman",
    "electric",
    "electronics",
    "game",
    "gmbh",
    "imaging",
    "inc",
    "kk",
    "ltd",
    "optical",
    "photo",
    "picture",
    "pictures",
    "still",
    "stillcamera",
    "techwin",
    "trail",
    "video",
    "zoom",
];

/// Cameras that do not say who made them, lower case.
const NAMELESS: &[&str] = &[
    "digital camera",
    "digital still camera",
    "digital stillcamera",
    "digitalcamera",
    "dsc",
    "dvc 10.1 hdmi",
];

/// Codes that phones by Huawei, Honor and Realme write for the mode of the camera, as they are written.
const MODES: &[&str] = &[
    "_cuva",
    "bestshot",
    "bsh",
    "bshbty",
    "btf",
    "btr",
    "bty",
    "btyn",
    "cof",
    "cuva",
    "dav",
    "dig",
    "dlo",
    "edf",
    "fbt",
    "fmw",
    "frem",
    "frontbhdp",
    "fshbty",
    "hbt",
    "hdrpl",
    "jrm",
    "kbd",
    "lmn",
    "mde",
    "mmexport",
    "mon",
    "nor",
    "oznor",
    "pt",
    "ptfbty",
    "ptr",
    "ptrbty",
    "qrf",
    "rbs",
    "rbt",
    "rem",
    "rhdr",
    "rpt",
    "rptbty",
    "sdr",
    "sfn",
    "trh",
    "vhdr",
    "vn",
    "wmt",
    "yun",
];

/// Parts of which longer codes are made: `btfhdr`, `oznorWO`, `sdr_HDRB`.
const PARTS: &[&str] = &[
    "HDRB", "WO", "bhdp", "bsh", "btf", "btr", "bty", "cof", "cuva", "dav", "edf", "fbt", "fpt", "front", "fsh", "hdr",
    "hdrpl", "mde", "mdn", "nor", "oz", "ozhdr", "pano", "portrait", "pt", "ptr", "rbt", "rem", "rhdr", "rpt", "sdr",
    "soft", "vivid",
];

/// Whether a text is a camera's name (`KODAK Digital Still Camera`) or the code of a mode (`hdrpl`).
pub fn is_camera(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    NAMELESS.contains(&&*words.join(" ")) || is_made_of_names(&lower) || is_in_capitals(text) || is_mode(text)
}

/// `TRAVELER DIGITAL CAMERA`: one or two words in capitals, of makers that are not in the list, before what they make.
fn is_in_capitals(text: &str) -> bool {
    const NOT_MAKERS: &[&str] = &[
        "A", "BEST", "BUY", "FIRST", "HATE", "I", "LOVE", "MY", "NEED", "NEW", "NO", "OLD", "OUR", "THE", "THIS",
        "WANT", "YOUR",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [makers @ .., "DIGITAL", "CAMERA"] => makers.len() <= 2 && makers.iter().all(|word| !NOT_MAKERS.contains(word)),
        _ => false,
    }
}

/// Whether there is a maker's name and, beside it, nothing but a company's form, the word camera or a model.
fn is_made_of_names(text: &str) -> bool {
    const MOST_WORDS: usize = 8;
    let is_between = |character: char| character.is_whitespace() || ",;:/<>()#®™\"".contains(character);
    let words: Vec<&str> = text
        .split(is_between)
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let is_maker = |word: &&str| MAKERS.contains(word);
    let is_model = |word: &str| {
        let is_letter = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.');
        word.len() <= 10 && word.chars().all(is_letter) && word.chars().any(|character| character.is_ascii_digit())
    };
    let is_known = |word: &&str| is_maker(word) || BESIDE_MAKERS.contains(word) || is_model(word);
    words.len() <= MOST_WORDS && words.iter().any(is_maker) && words.iter().all(is_known)
}

fn is_mode(text: &str) -> bool {
    const LONGEST: usize = 24;
    MODES.contains(&text) || (text.len() <= LONGEST && is_made_of_parts(text, 0))
}

/// Whether two parts or more make up the text.
fn is_made_of_parts(text: &str, before: usize) -> bool {
    let text = text.strip_prefix('_').unwrap_or(text);
    if text.is_empty() {
        return before >= 2;
    }
    PARTS.iter().any(|part| {
        text.strip_prefix(part)
            .is_some_and(|rest| is_made_of_parts(rest, before + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_companies_and_models_are_cameras() {
        for text in [
            "OLYMPUS DIGITAL CAMERA         ",
            "<KENOX S1050  / Samsung S1050>",
            "<Digimax i5, Samsung #1>",
            "CASIO COMPUTER CO.,LTD.",
            "Canon EOS 350D",
            "sdr_HDRB",
            "btfmdn",
            "oznorWO",
            "mde_soft",
            "TRAVELER DIGITAL CAMERA",
            "KODAK EASYSHARE C813 ZOOM DIGITAL CAMERA",
            "HP PhotoSmart C945 (V01.61)",
        ] {
            assert!(is_camera(text), "{text}");
        }
    }

    #[test]
    fn sentences_about_cameras_and_words_like_codes_are_none() {
        for text in [
            "Samsung is dead to me",
            "my new Nikon D70 makes me happy",
            "nor any drop to drink",
            "Nor",
            "Kodak moment",
            "front portrait of dad",
            "i love my digital camera",
            "MY NEW DIGITAL CAMERA",
        ] {
            assert!(!is_camera(text), "{text}");
        }
    }
}
