//! Tables and captions.

/// What a table is called, the name of its file, and how it is made.
pub type NamedTable = (&'static str, &'static str, fn() -> String);

fn heading(count: usize) -> String {
    joined(count, |number| format!("c{number}"))
}

fn object(count: usize) -> String {
    format!("{{{}}}\n", joined(count, |number| format!("\"k{number}\":1")))
}

fn joined(count: usize, name: impl Fn(usize) -> String) -> String {
    (0..count).map(name).collect::<Vec<_>>().join(",")
}

/// All of them.
#[must_use]
pub fn all() -> Vec<NamedTable> {
    vec![
        ("a-new-key-on-each-line", "a.jsonl", || {
            (0..15_000).map(|number| format!("{{\"k{number}\":1}}\n")).collect()
        }),
        ("many-keys-then-none", "a.jsonl", || {
            object(990) + &"{}\n".repeat(60_000)
        }),
        ("many-keys-then-the-last", "a.jsonl", || {
            object(990) + &"{\"k989\":1}\n".repeat(60_000)
        }),
        ("one-object-of-many-keys", "a.json", || object(200_000)),
        ("one-name-many-times", "a.csv", || {
            format!("{}\n1\n", "caption,".repeat(5_000))
        }),
        ("one-name-very-many-times", "a.csv", || {
            format!("{}\n1\n", "a,".repeat(1_000_000))
        }),
        ("one-name-as-often-as-allowed", "a.csv", || {
            format!("{}a\n1\n", "a,".repeat(999))
        }),
        ("many-columns-and-short-rows", "a.csv", || {
            format!("{}\n{}", heading(990), "1\n".repeat(100_000))
        }),
        ("loose-marks", "a.csv", || {
            format!("id,caption\n{}", "\"a\" b\"\"\",\"".repeat(6_000))
        }),
        ("marks-that-open-each-line", "a.csv", || {
            format!("id,caption\n{}", "1,\"\"\"a\n".repeat(8_000))
        }),
        ("marks-over-many-columns", "a.csv", || {
            format!("{}\n{}", heading(990), "\",".repeat(30_000))
        }),
        ("lines-of-marks-over-many-columns", "a.csv", || {
            format!("{}\n{}", heading(990), "\",\n".repeat(20_000))
        }),
        ("records-over-many-columns", "a.csv", || {
            format!("{}\n{}", heading(990), "\na\"\"\",\"".repeat(10_000))
        }),
        ("brackets", "a.json", || "[".repeat(300_000)),
        ("objects-never-closed", "a.jsonl", || "{\"a\":[\n".repeat(30_000)),
        ("half-pairs", "a.jsonl", || {
            format!("{{\"a\":\"{}\"}}", "\\ud83d".repeat(50_000))
        }),
    ]
}

/// Captions of one mark, or of a few, again and again, as long as a sidecar file may be.
#[must_use]
pub fn captions() -> Vec<String> {
    const LENGTH: usize = 1_000_000;
    let marks = [
        "!",
        "?",
        ".",
        "-",
        "_",
        "'",
        "\"",
        "#",
        "@",
        "(",
        "[",
        "{",
        "<",
        "/",
        "\\",
        "*",
        "~",
        "=",
        ":",
        "a",
        "1",
        "a ",
        "1 ",
        "a.",
        "1.",
        "1-",
        "1:",
        ". ",
        "- ",
        "#a ",
        "@a ",
        "a_",
        "aA",
        "IMG_",
        "\u{301}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{1f600}",
        "\u{1f468}\u{200d}",
        "\u{1f1e6}",
        "\u{e9}",
        "\u{4e00}",
        "\u{fdfa}",
        "https://",
        "www.",
        "a@",
        "\n",
        "\n\n",
        "\r",
        "\t",
        "\u{a0}x",
        "&amp;",
        "()",
        "[]",
        "1/",
        "2024-",
        "12:",
        "DSC0",
        ".jpg",
        " .jpg",
        "\u{ac00}",
        "\u{1100}\u{1161}",
        "\u{94d}\u{915}",
        "\u{0f73}",
        "\u{344}",
    ];
    marks.iter().map(|mark| mark.repeat(LENGTH / mark.len())).collect()
}
