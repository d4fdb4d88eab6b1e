//! The command line of emofuse.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", cli::message(&error));
            ExitCode::from(2)
        }
    }
}
