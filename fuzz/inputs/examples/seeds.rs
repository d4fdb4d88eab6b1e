//! Writes the inputs to begin with into a folder: `cargo run -p emofuse-inputs --example seeds KIND FOLDER`.

use std::{env, error::Error, fs, path::PathBuf};

use emofuse_inputs::seeds;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(kind), Some(folder)) = (arguments.next(), arguments.next().map(PathBuf::from)) else {
        return Err("name a kind of input and a folder".into());
    };
    let seeds = seeds::of(&kind);
    if seeds.is_empty() {
        return Err(format!("there are no inputs of the kind {kind}").into());
    }
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed)?;
    }
    println!("{} inputs in {}", seeds.len(), folder.display());
    Ok(())
}
