//! What a run takes of memory, whatever its images are.

use std::{
    fs::{self, File},
    io::Write,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use emofuse_inputs::hostile;

use super::program::{folder_with_model, objects};

/// Beside four bytes for each pixel that an image may have.
const PROGRAM: u64 = 300_000_000;
/// Just within what a file may have.
const LARGE_FILE: u64 = 64 << 20;

/// The most memory that a process has taken so far, in bytes; `None` of one that has ended.
fn most_memory(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(1024 * line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()?)
}

#[test]
fn a_folder_of_hostile_images_takes_what_the_largest_of_them_may() {
    let folder = folder_with_model();
    let images = folder.path().join("images");
    fs::create_dir(&images).unwrap();
    for (name, make) in hostile::image::all() {
        fs::write(images.join(format!("{name}.jpg")), make()).unwrap();
    }
    for index in 0..6 {
        let mut file = File::create(images.join(format!("large-{index}.bmp"))).unwrap();
        file.write_all(&hostile::image::bmp(24, 0, &[index])).unwrap();
        file.set_len(LARGE_FILE).unwrap();
    }
    let count = fs::read_dir(&images).unwrap().count();

    let mut run = Command::new(assert_cmd::cargo::cargo_bin("emofuse"))
        .current_dir(folder.path())
        .args(["label", "images", "--out", "labels.jsonl"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut most = 0;
    while run.try_wait().unwrap().is_none() {
        most = most_memory(run.id()).map_or(most, |found| most.max(found));
        thread::sleep(Duration::from_millis(1));
    }
    let written = fs::read_to_string(folder.path().join("labels.jsonl")).unwrap();
    assert_eq!(objects(&written).len(), count);
    println!("{most} bytes");
    assert!(
        (400_000_000..=PROGRAM + 4 * emofuse::image::MAX_PIXELS).contains(&most),
        "{most} bytes"
    );
}
