//! The command line as a person meets it: the real program, its output and its exit codes.

mod compare;
mod label;
#[cfg(unix)]
mod label_files;
mod label_filter;
#[cfg(target_os = "linux")]
mod label_memory;
mod label_resume;
mod label_tables;
mod prediction_json;
mod program;
mod systems;
mod training;
mod usage;
