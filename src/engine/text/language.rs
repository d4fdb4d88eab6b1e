//! Whether a caption is in English.
//!
//! Three things tell: the script; words so common that hardly a sentence of their language lacks them; and the share of
//! words that the vocabulary does not know. Of libraries, whatlang 0.16 and whichlang 0.1 were measured on the same
//! captions, of three words and more: whatlang takes 17 % of the English ones for others, or finds 31 % of the others
//! where it must be sure; whichlang finds 89 %, and its tables are larger than all of this crate's.

use super::{normalise::normalise, styled::is_apostrophe};

/// Fewest words that tell a language by themselves.
const FEWEST_WORDS: usize = 3;
/// Most words that are looked at.
const MOST_WORDS: usize = 200;
/// Evidence from which on a caption is taken for one in another language.
const ENOUGH: f32 = 0.25;

/// How much each share of words counts, chosen on captions in English and twenty other languages.
mod weight {
    pub const UNKNOWN: f32 = 1.0;
    pub const FOREIGN: f32 = 1.0;
    pub const PERHAPS_FOREIGN: f32 = 0.5;
    pub const ACCENTED: f32 = 0.5;
    pub const ENGLISH: f32 = -0.7;
}

/// What language a caption seems to be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, or too short to tell.
    #[default]
    English,
    /// Probably another language, which the vocabulary lacks.
    Other,
}

/// Tells the language of a caption.
///
/// `unknown_share` is the share of its words that the vocabulary lacks, as [`Tokenizer::read`](super::Tokenizer::read)
/// gives it.
#[must_use]
pub fn language(caption: &str, unknown_share: f32) -> Language {
    let text: String = normalise(caption)
        .iter()
        .map(|symbol| {
            if is_apostrophe(symbol.character) {
                '\''
            } else {
                symbol.character
            }
        })
        .flat_map(char::to_lowercase)
        .collect();
    let is_own =
        |chunk: &&str| !chunk.starts_with(['@', '#']) && !chunk.starts_with("http") && !chunk.starts_with("www.");
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(is_own)
        .flat_map(|chunk| chunk.split(|next: char| !next.is_alphanumeric() && next != '\''))
        .map(|word| word.trim_matches('\''))
        .filter(|word| word.contains(char::is_alphabetic))
        .take(MOST_WORDS)
        .collect();
    let letters = words
        .iter()
        .flat_map(|word| word.chars())
        .filter(|letter| letter.is_alphabetic());
    let (all, others) = letters.fold((0, 0), |(all, others), letter| {
        (all + 1, others + usize::from(!is_latin(letter)))
    });
    if others > 1 && 2 * others > all {
        return Language::Other;
    }
    if words.len() < FEWEST_WORDS {
        return Language::English;
    }
    let share =
        |holds: &dyn Fn(&str) -> bool| words.iter().filter(|word| holds(word)).count() as f32 / words.len() as f32;
    let evidence = weight::UNKNOWN * unknown_share
        + weight::FOREIGN * share(&|word| has(FOREIGN, word))
        + weight::PERHAPS_FOREIGN * share(&|word| has(PERHAPS_FOREIGN, word))
        + weight::ACCENTED * share(&|word| !word.is_ascii())
        + weight::ENGLISH * share(&is_english);
    if evidence > ENOUGH {
        Language::Other
    } else {
        Language::English
    }
}

/// Latin letters, with and without accents.
fn is_latin(letter: char) -> bool {
    matches!(letter, '\0'..='\u{36f}' | '\u{1d00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}')
}

fn is_english(word: &str) -> bool {
    let contracted = ["'s", "n't", "'re", "'m", "'ve", "'ll", "'d"]
        .iter()
        .any(|ending| word.ends_with(ending));
    contracted || has(ENGLISH, word)
}

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// Common words of English, as posts write them.
const ENGLISH: &str = "\
    a about all always am an and any are as at back be been being but by can cant could day did do does dont \
    down even for from get go going good got had has have he her here him his how i if im in is it its ive just \
    know like love make many may me might more most much must my never new no not now of on one or our out \
    people really see she should so some than that thats the their them then there these they think this those \
    time to too u up ur us very want was we were what when where which who why will with would you your youre";

/// Common words of other languages that are no words of English.
const FOREIGN: &str = "\
    aaj aan aap abbiamo aber acum adalah af aina akan ako aku al alla alle als ama amanhã anche ancora ang anh \
    araw artık así att au auch auf aur aus aussi aux av avec avoir ay azi bahut banget bardzo bei belum beni \
    benim besok bhi bij bir blir bliver bom bugün byl byla był była bạn c'est care ce cette che cho ci como così \
    csak cu cuando czy có că cũng của d'un d'une dag daha dans dar dat dei del della delle dem dengan desde det \
    deze değil dich dig dir dit dnes door dzisiaj där día ea echt een ei ein eine einem einen einer ela ele \
    ella elle eller encore endlich eres est esta este esto estou estoy está están ett että fait foarte fost fra \
    från fue för für geen gli gracias grazie güzel habe haben hai hain han har hasta heb hebben heeft heel het \
    heute hij hindi hiç hoje hon hoon hoy hun hvad hyvä hän här hôm ich idag igen ihr ik ikaw ikke il ils immer \
    inte io isang isso ist isto ito için j'adore j'ai jag jak je jeg jen jestem jeszcze jij jouw jsem jsi juga \
    jutro już já kalau kami kamu kan karena kasi katika když kein keine khi không kiedy koi kuch kuin kun kya \
    l'été lagi lakini lebih lei lesz lui là lại maar mai mais mañana mea med meget mein meine merci mereka met \
    mga mia mich mig mijn minha minä mio mir mitt mitä miért mnie moja moje molto morgen mucha mucho muito mun \
    mutta muy mycket myös mà már más mâine még mój můj mẹ một n'est naar nach nagyon nahi nahin naman nang nas \
    nasıl nay neden nekem nel nella nem nggak ngày người nhà những nicht nie niet niin noch nog noi nous nu nur \
    nyt này não när når nós obrigada obrigado och og oggi olan oldu olen oli ona ook op oss où pada pas pe pela \
    pelo pentru perché pero più porque przez på qu'il quand quando questa questo qui quá qué raha rahi rất s \
    sangat saya schon sehr sei sekali sempre semua seni ses siamo sich sie sila sind sinä siya siz się skal \
    sobre som sono sont soy sudah suis sunt sus são så só să są také también também tan tapi tayo tego tenho \
    teri thì tidak til till toh tous toute trong très tutti tutto tylko tym tämä tänään tôi uit uma und une uns \
    untuk už v vad vagy vain vandaag velmi vi você volt voor vous và với waar wala wat weer wel wenn wie wieder \
    wij wir wird woh yan yangu yarın yeh yun yung zij zijn zo zu zítra à är çok è é én és était être în đi đã \
    được şey że že și ở";

/// The same that English captions hold too, as names or by chance.
const PERHAPS_FOREIGN: &str = "\
    ada az bu con da dan das de der des di die din du e egy el em en er es et eu hari hum ini itu ja jest ka ke \
    ki ko la las le les lo los main mas meu mi mis mo na nada ng ni non o os para per por que sa se si su te ti \
    todo todos tu tum um un una van ve y ya yang";

#[cfg(test)]
mod tests {
    use super::*;

    /// Captions in twenty languages, written for this test.
    const OTHERS: &str = include_str!("../../../tests/languages/captions.tsv");

    #[test]
    fn captions_in_other_languages_are_found() {
        let captions: Vec<&str> = OTHERS
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(_, caption)| caption)
            .collect();
        assert!(captions.len() >= 150);
        let found = |unknown_share: f32| {
            let others = captions
                .iter()
                .filter(|caption| language(caption, unknown_share) == Language::Other);
            others.count() as f32 / captions.len() as f32
        };
        // With a vocabulary that knows two of three words, and with one that knows every word.
        assert!(found(0.33) >= 0.97, "{}", found(0.33));
        assert!(found(0.0) >= 0.8, "{}", found(0.0));
    }

    #[rustfmt::skip]
    #[test]
    fn english_stays_english() {
        for caption in [
            "", "😂😂", "lol", "so sad", "Café au lait with my best friend", "omg wut no wayyy hahaha",
            "I love you, mi amor", "My daughter just took her first steps across the kitchen",
            "Los Angeles in la la land", "the man from São Paulo is here",
            "don't @ me https://example.org/ça #müde", "𝓘 𝓵𝓸𝓿𝓮 𝓲𝓽", "déjà vu again and again",
            "it’s a wrap, y'all", "Lunch at Le Petit Château was great", "ʕ•ᴥ•ʔ so cute", "I â€œloveâ€\u{9d} it",
        ] {
            assert_eq!(language(caption, 0.1), Language::English, "{caption}");
        }
    }

    #[test]
    fn another_script_is_another_language_however_short() {
        for caption in [
            "Привет",
            "ありがとう",
            "谢谢",
            "شكرا",
            "고마워요",
            "धन्यवाद",
            "Ευχαριστώ 😂",
        ] {
            assert_eq!(language(caption, 0.0), Language::Other, "{caption}");
        }
    }

    #[test]
    fn unknown_words_alone_make_another_language() {
        assert_eq!(language("zyx wvu tsr qpo", 1.0), Language::Other);
        assert_eq!(language("zyx wvu", 1.0), Language::English);
    }
}
