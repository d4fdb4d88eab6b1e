//! No table takes more than linear time, whatever its quotation marks and brackets.

use std::time::{Duration, Instant};

use emofuse_posts::{Format, Table};

const ROWS: usize = 2_000;
const TIMES_AS_MANY: usize = 16;
/// Quadratic time would be 256 times as long.
const TIMES_AS_LONG: u32 = 80;
const ROUNDS: usize = 3;
const ATTEMPTS: usize = 25;

fn time(text: &str, format: Format) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let began = Instant::now();
        Table::parse(text.as_bytes(), format).expect("a table");
        began.elapsed()
    });
    rounds.min().expect("rounds")
}

#[test]
fn sixteen_times_the_rows_take_about_sixteen_times_as_long() {
    let rows = [
        "x,\"\n",
        "x,\"abc\n",
        "x,\"\"\"\n",
        "x,\"\"a\n",
        "\"\n",
        "\"\"\"\"\n",
        "a\",\"\n",
        "x,\"a\"\"\n",
        "\",\"\n",
        "x,\"y\nz\",1,2\n",
        ",\"\n\",\n",
        "{\"a\":1}\n",
        "{\"a\":\n",
        "{\"a\": [\n",
        "\"\\ud83d\n",
        "[1,2]\n",
        "{",
        "[",
        "}",
    ];
    for row in rows {
        for format in [Format::Delimited(None), Format::Delimited(Some(b'\t')), Format::Json] {
            for start in ["id,caption\n", "id,caption\n1,\"open\n"] {
                let is_linear = || {
                    let few = time(&format!("{start}{}", row.repeat(ROWS)), format);
                    let many = time(&format!("{start}{}", row.repeat(ROWS * TIMES_AS_MANY)), format);
                    many <= few * TIMES_AS_LONG
                };
                // A machine that is busy with other work may disturb one measurement, but not all of them.
                assert!((0..ATTEMPTS).any(|_| is_linear()), "{row:?}, {format:?}, {start:?}");
            }
        }
    }
}
