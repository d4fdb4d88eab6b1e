//! Takes a name apart into letters, digits and marks.

/// What a name is made of.
pub struct Runs {
    /// Lower case.
    pub letters: Vec<String>,
    pub digits: usize,
    pub has_space: bool,
    pub has_underscore: bool,
    pub begins_with_digit: bool,
}

impl Runs {
    /// `None` if there are other marks than those of file names.
    pub fn of(name: &str) -> Option<Self> {
        let is_between = |character: char| " _-.,()[]~:#'’\u{202f}\u{a0}".contains(character);
        if !name
            .chars()
            .all(|character| character.is_alphanumeric() || is_between(character))
        {
            return None;
        }
        let letters = name.split(|character: char| !character.is_alphabetic());
        Some(Self {
            letters: letters.filter(|run| !run.is_empty()).map(str::to_lowercase).collect(),
            digits: name.chars().filter(char::is_ascii_digit).count(),
            has_space: name.contains(char::is_whitespace),
            has_underscore: name.contains('_'),
            begins_with_digit: name.starts_with(|character: char| character.is_ascii_digit()),
        })
    }

    /// `20240101_123456`, `100_0042`, or more digits than telephone numbers have.
    pub fn is_number(&self) -> bool {
        let enough = if self.has_underscore { 7 } else { 12 };
        !self.has_space && self.digits >= enough
    }
}
