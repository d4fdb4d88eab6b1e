//! No input takes more memory than the budget allows, or goes on without end.
//!
//! Each is read in a process of its own, which says how much memory reading it has taken at most. An input that is in here because it took
//! too much once is a regression case; `emofuse_inputs::hostile` makes them all.

#![cfg(target_os = "linux")]

use std::{
    env, fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use emofuse_core::{
    budget::{MAX_COLUMNS, MAX_DECODING_BYTES},
    caption::written_caption,
};
use emofuse_inputs::hostile;
use emofuse_posts::{Format, Table, embedded_caption};

const CASE: &str = "EMOFUSE_HOSTILE_CASE";
/// What a process takes of itself, above what was there before: the stack, the allocator's reserve.
const SLACK: u64 = 16_000_000;
/// What metadata may take beside the file.
const METADATA: u64 = 64_000_000;
/// No input of these sizes takes a hundredth of it where time is linear; those that were not took minutes to hours.
const WITHOUT_END: Duration = Duration::from_secs(60);

/// A line of the process's state, in bytes.
fn state(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the state of this process");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
    line.trim()
        .trim_end_matches("kB")
        .trim()
        .parse::<u64>()
        .expect("a number")
        * 1024
}

/// What reading takes at most, in bytes, beside what was there before.
fn taken<T>(read: impl FnOnce() -> T) -> (u64, T) {
    fs::write("/proc/self/clear_refs", "5").expect("the peak can be forgotten");
    let before = state("VmRSS:");
    let found = read();
    (state("VmHWM:").saturating_sub(before), found)
}

fn case_of<T: Copy>(cases: &[(&str, T)], name: &str) -> T {
    cases.iter().find(|(known, _)| *known == name).expect("a case").1
}

/// Reads one input and says what that took, where the environment names one.
#[test]
fn case() {
    let Ok(case) = env::var(CASE) else { return };
    let (kind, name) = case.split_once(' ').expect("a kind and a name");
    let (bytes, length, found) = match kind {
        "image" => {
            let file = case_of(&hostile::image::all(), name)();
            let (bytes, found) = taken(|| emofuse_decode::decode(&file));
            (
                bytes,
                file.len(),
                found.map_or_else(|error| error.to_string(), |image| format!("{image:?}")),
            )
        }
        "metadata" => {
            let file = case_of(&hostile::metadata::all(), name)();
            let (bytes, found) = taken(|| embedded_caption(&file));
            (bytes, file.len(), found.unwrap_or_default())
        }
        "table" => {
            let (_, file, make) = hostile::table::all()
                .into_iter()
                .find(|(known, ..)| *known == name)
                .expect("a case");
            let text = make();
            let (bytes, found) = taken(|| Table::parse(text.as_bytes(), Format::of_name(file).expect("a table")));
            let found = found.map_or_else(
                |error| error.to_string(),
                |table| {
                    assert!(table.columns.len() <= MAX_COLUMNS);
                    format!("{} rows, {} problems", table.rows.len(), table.problems.len())
                },
            );
            (bytes, text.len(), found)
        }
        _ => {
            let text = hostile::table::captions().swap_remove(name.parse().expect("a number"));
            let (bytes, _) = taken(|| written_caption(&text));
            (bytes, text.len(), text.chars().take(4).collect())
        }
    };
    println!("\nCASE {bytes} {length} {found}");
}

/// What reading an input takes at most, its length, and what was found; an error where it does not end.
fn measured(kind: &str, name: &str) -> Result<(u64, u64, String), String> {
    let mut process = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", "case", "--nocapture"])
        .env(CASE, format!("{kind} {name}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    let began = Instant::now();
    while process.try_wait().expect("its state").is_none() {
        if began.elapsed() > WITHOUT_END {
            process.kill().expect("the end");
            return Err(format!("{name} has not ended after {WITHOUT_END:?}"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = process.wait_with_output().expect("what it says");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("CASE "));
    let line = line.ok_or_else(|| format!("{name}: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
    println!("{name}: {line}, {:?}", began.elapsed());
    let mut words = line.splitn(3, ' ');
    let mut number = || words.next().and_then(|word| word.parse().ok()).expect("a number");
    let (bytes, length) = (number(), number());
    Ok((bytes, length, words.next().unwrap_or_default().to_owned()))
}

/// Those of these inputs that take more than is allowed for their length.
fn faults<'a>(kind: &str, names: impl IntoIterator<Item = &'a str>, allowed: impl Fn(u64) -> u64) -> Vec<String> {
    let fault = |name: &str| match measured(kind, name) {
        Err(fault) => Some(fault),
        Ok((bytes, length, found)) => {
            let allowed = allowed(length);
            (bytes > allowed).then(|| format!("{name}: {bytes} bytes, {allowed} are allowed: {found}"))
        }
    };
    names.into_iter().filter_map(fault).collect()
}

fn names<T>(cases: &[(&'static str, T)]) -> Vec<&'static str> {
    cases.iter().map(|(name, _)| *name).collect()
}

#[test]
fn no_image_takes_more_than_one_of_the_largest_does() {
    let faults = faults("image", names(&hostile::image::all()), |_| MAX_DECODING_BYTES + SLACK);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_metadata_takes_more_than_a_little() {
    let faults = faults("metadata", names(&hostile::metadata::all()), |_| METADATA);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_table_takes_more_than_its_length_allows() {
    let names: Vec<&str> = hostile::table::all().into_iter().map(|(name, ..)| name).collect();
    let faults = faults("table", names, |length| SLACK + 100 * length);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_caption_takes_more_than_its_length_allows() {
    let numbers: Vec<String> = (0..hostile::table::captions().len())
        .map(|number| number.to_string())
        .collect();
    let faults = faults("caption", numbers.iter().map(String::as_str), |length| {
        SLACK + 20 * length
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a refusal says.
fn refusal(name: &str) -> String {
    measured("image", name).expect("an end").2
}

#[test]
fn scans_and_memory_above_the_budget_are_refused_and_said_so() {
    for name in [
        "jpeg-of-100-scans",
        "jpeg-of-300-scans",
        "jpeg-of-5000-scans-of-little",
        "jpeg-of-a-million-scans-of-nothing",
    ] {
        let refusal = refusal(name);
        assert!(
            refusal.contains("samples in its scans, more than the 1200000000 allowed"),
            "{name}: {refusal}"
        );
    }
    for name in [
        "jpeg-progressive-of-three-colours",
        "jpeg-of-three-colours-one-by-one",
        "png-of-one-row",
    ] {
        let refusal = refusal(name);
        assert!(
            refusal.contains("bytes while it is decoded, more than the 550000000 allowed"),
            "{name}: {refusal}"
        );
    }
}

#[test]
fn images_at_the_limit_that_cost_no_more_are_decoded() {
    for name in [
        "jpeg-of-one-colour",
        "jpeg-turned",
        "png-of-one-colour",
        "png-turned-by-its-exif",
        "webp-lossless-of-one-colour",
        "gif-of-all-but-one-column",
    ] {
        let found = refusal(name);
        assert_eq!(found, "Image(10000 × 10000)", "{name}");
    }
}
