//! Subcommands: one file each, and one line in [`Command`] and [`run`].

mod classify;
#[cfg(feature = "train")]
mod compare;
mod evaluate;
mod explanation;
mod input;
mod label;
mod model;
mod ordered_map;
mod prediction_json;
mod scores;
mod terminal;
#[cfg(feature = "train")]
mod train;

use std::{
    borrow::Cow,
    env,
    ffi::OsString,
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use anyhow::Result;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Tells which of Plutchik's emotions a post conveys: its image, its caption, or both.
#[derive(Parser)]
#[command(name = "emofuse", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Classify(classify::Arguments),
    #[cfg(feature = "train")]
    Compare(compare::Arguments),
    Evaluate(evaluate::Arguments),
    Label(label::Arguments),
    #[cfg(feature = "train")]
    Train(train::Arguments),
}

/// Does what the arguments say; the code is not 0 if it could do only a part.
pub fn run() -> Result<ExitCode> {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => error.exit(), // help, or the version
        Err(error) => {
            eprint!("{}", refusal(&error.render().to_string(), env::args_os()));
            return Ok(ExitCode::from(2));
        }
    };
    log_to_stderr();
    let done = match arguments.command {
        Command::Label(arguments) => return label::run(&arguments),
        Command::Classify(arguments) => classify::run(&arguments),
        #[cfg(feature = "train")]
        Command::Compare(arguments) => compare::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        #[cfg(feature = "train")]
        Command::Train(arguments) => train::run(arguments),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// What is wrong with the arguments, of which none can begin a line of its own: a shell may have put in a file's name.
fn refusal(message: &str, arguments: impl Iterator<Item = OsString>) -> String {
    let mut shown = message.to_owned();
    for argument in arguments {
        let argument = argument.to_string_lossy();
        for part in [Some(&*argument), argument.split_once('=').map(|(_, value)| value)]
            .into_iter()
            .flatten()
        {
            if let Cow::Owned(escaped) = terminal::line(part) {
                shown = shown.replace(part, &escaped);
            }
        }
    }
    terminal::lines(&shown)
}

/// An error with its causes, without those that its message repeats. What it quotes cannot begin a line of its own.
pub fn message(error: &anyhow::Error) -> String {
    let mut message = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if message.is_empty() {
            message = cause;
        } else if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    terminal::lines(&message).replace('\n', "\n  ")
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("emofuse=info,warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| terminal::Log)
        .with_ansi(false) // what steers the terminal is escaped
        .without_time()
        .with_target(false)
        .init();
}

/// Writes a result for people to stdout.
fn print(text: &str) -> Result<()> {
    print_data(&terminal::lines(text))
}

/// Writes JSON to stdout; a reader that has read enough (`| head`) is no error.
fn print_data(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
