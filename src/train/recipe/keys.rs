//! Keys of a recipe that its system has no use for.

use toml::Table;

use super::FusionSystem::{self, Caption, CommonSpace, Early, FastText, Image, Joint, Late};

/// The systems that fuse both sides.
const FUSIONS: &[FusionSystem] = &[CommonSpace, Joint, Early, Late];

/// Keys with the systems that read them. All others are read by every system.
const READ_BY: [(&str, &[FusionSystem]); 24] = [
    ("fusion.pooling", &[Joint]),
    ("fusion.weighting", &[Late]),
    ("fusion.d_common", &[CommonSpace]),
    ("fusion.image_share", &[CommonSpace]),
    ("fusion.auxiliary", &[CommonSpace]),
    ("fusion.modality_weights", &[CommonSpace, Joint, Early]),
    ("fusion.companions", FUSIONS),
    ("fusion.n_grams", &[CommonSpace, Joint, Early, Late, Caption]),
    ("fusion.ridge", &[CommonSpace, Joint, Early, Late, Image, Caption]),
    ("fusion.ridge.image", &[CommonSpace, Joint, Early, Late, Image]),
    ("fusion.ridge.caption", &[CommonSpace, Joint, Early, Late, Caption]),
    (
        "fusion.class_weight_power.image",
        &[CommonSpace, Joint, Early, Late, Image],
    ),
    (
        "fusion.class_weight_power.caption",
        &[CommonSpace, Joint, Early, Late, Caption, FastText],
    ),
    ("fusion.batch", &[CommonSpace, Joint, Early, Late, Image, Caption]),
    ("fusion.epochs", &[CommonSpace, Joint, Early, Late, Image, Caption]),
    ("fusion.patience", &[CommonSpace, Joint, Early, Late, Image, Caption]),
    (
        "fusion.learning_rate",
        &[CommonSpace, Joint, Early, Late, Image, Caption],
    ),
    ("fusion.optimiser", &[CommonSpace, Joint, Early, Late, Image, Caption]),
    ("caption", &[CommonSpace, Joint, Early, Late, Caption]),
    ("vocabulary", &[CommonSpace, Joint, Early, Late, Caption, FastText]),
    ("data.captions", &[CommonSpace, Joint, Early, Late, Caption]),
    ("standalone_image", &[CommonSpace]),
    ("standalone_caption", &[CommonSpace]),
    ("metadata", FUSIONS),
];

/// Refuses a recipe with a key that its system has no use for.
///
/// # Errors
/// A message that names the key and what to do.
pub fn check(recipe: &Table, system: FusionSystem) -> Result<(), String> {
    let unused = READ_BY
        .iter()
        .find(|(key, systems)| !systems.contains(&system) && is_given(recipe, key));
    let Some((key, systems)) = unused else { return Ok(()) };
    let systems: Vec<String> = systems.iter().map(|system| format!("\"{}\"", system.name())).collect();
    let instead = match (system, *key) {
        (FastText, "fusion.batch" | "fusion.epochs" | "fusion.patience" | "fusion.learning_rate") => {
            format!(" (`{}` is what trains it)", key.replace("fusion", "fasttext"))
        }
        _ => String::new(),
    };
    Err(format!(
        "`{key}` has no use with `fusion.system = \"{}\"`{instead}; remove it, or choose {}",
        system.name(),
        systems.join(" or ")
    ))
}

/// Whether a recipe has a key, with dots between the tables that lead to it.
fn is_given(recipe: &Table, key: &str) -> bool {
    let mut table = recipe;
    let mut names = key.split('.').peekable();
    while let Some(name) = names.next() {
        match table.get(name) {
            Some(_) if names.peek().is_none() => return true,
            Some(toml::Value::Table(inner)) => table = inner,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, system: FusionSystem) -> Option<String> {
        check(&toml::from_str(text).expect("TOML"), system).err()
    }

    #[test]
    fn a_key_without_use_is_named_with_the_systems_that_read_it() {
        assert_eq!(
            refused("[fusion]\npooling = \"max\"\n", Late).expect("no pooling in late fusion"),
            "`fusion.pooling` has no use with `fusion.system = \"late\"`; remove it, or choose \"joint\""
        );
        assert_eq!(refused("[fusion]\npooling = \"max\"\n", Joint), None);
        for (text, system) in [
            ("fusion = { weighting = \"mean\" }", Joint),
            ("fusion = { auxiliary = { weight = 1.0, margin = 0.1 } }", Early),
            ("fusion = { d_common = 3 }", Early),
            ("fusion = { companions = [] }", Image),
            ("fusion = { ridge = { caption = 1.0 } }", Image),
            ("fusion = { n_grams = {} }", FastText),
            ("caption = {}", Image),
            ("vocabulary = {}", Image),
            ("data = { captions = [] }", FastText),
            ("standalone_image = {}", Caption),
            ("metadata = { columns = [] }", Caption),
        ] {
            let message = refused(text, system).expect(text);
            assert!(
                message.contains("has no use with") && message.contains("remove it"),
                "{message}"
            );
        }
        let message = refused("fusion = { epochs = 3 }", FastText).expect("its own table trains it");
        assert!(message.contains("`fasttext.epochs` is what trains it"), "{message}");
    }
}
