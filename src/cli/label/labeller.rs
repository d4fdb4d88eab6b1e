//! From a post to its row.

use std::{
    collections::HashMap,
    fs,
    io::ErrorKind,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, OnceLock},
};

use emofuse::{
    Error,
    classifier::Classifier,
    error::ImageUnit,
    image::{MAX_BYTES, Picture},
};
use sha2::{Digest, Sha256};

use super::{
    answer::Answer,
    caption,
    columns::Row,
    contents::Contents,
    posts::{Caption, Content, Image, Post},
};

/// Labels posts, on any number of threads; the same picture with the same caption once.
pub struct Labeller<'a> {
    classifier: &'a Classifier,
    known: Mutex<HashMap<Contents, Arc<Known>>>,
}

/// What is known, or is just being found out, of a picture and a caption.
struct Known {
    answer: OnceLock<Result<Answer, String>>,
    how: How,
}

/// How a row came by its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The model was asked.
    Asked,
    /// It was asked about the same picture and caption before.
    Repeated,
    /// An earlier run asked it.
    Kept,
}

/// A row, and how it came by its answer.
pub struct Labelled {
    pub row: Row,
    pub how: How,
}

impl<'a> Labeller<'a> {
    /// Takes answers of earlier runs along.
    pub fn new(classifier: &'a Classifier, answers: HashMap<Contents, Answer>) -> Self {
        let kept = |(contents, answer)| {
            let known = Known {
                answer: OnceLock::from(Ok(answer)),
                how: How::Kept,
            };
            (contents, Arc::new(known))
        };
        Self {
            classifier,
            known: Mutex::new(answers.into_iter().map(kept).collect()),
        }
    }

    /// Reads a post and asks the model; what goes wrong stands in the row.
    pub fn label(&self, post: Post) -> Labelled {
        let Post { id, content } = post;
        let Content {
            image,
            caption,
            hand,
            own,
        } = match content {
            Ok(content) => content,
            Err(reason) => {
                let row = Row {
                    id,
                    error: Some(reason),
                    ..Row::default()
                };
                return Labelled { row, how: How::Asked };
            }
        };
        let picture = image.as_ref().map(read).transpose();
        let bytes = picture.as_ref().ok().and_then(Option::as_deref);
        let found = match (caption, &image) {
            (Caption::Told(caption), _) => Ok(caption),
            (Caption::Beside, Some(Image { file: Ok(path), .. })) => caption::find(path, bytes.unwrap_or_default()),
            (Caption::Beside, _) => Ok(None),
        };
        let (caption, caption_fault) = apart(found);
        let (hand, hand_fault) = apart(hand);
        let image_sha256 = bytes.map(|bytes| format!("{:x}", Sha256::digest(bytes)));
        let (answer, how) = match &picture {
            Ok(_) => {
                let contents = Contents::of(image_sha256.as_deref(), caption.as_deref());
                self.ask_once(contents, bytes, caption.as_deref())
            }
            Err(reason) => (Err(reason.clone()), How::Asked),
        };
        let (answer, fault) = apart(answer.map(Some));
        let faults: Vec<String> = [fault, caption_fault, hand_fault].into_iter().flatten().collect();
        let row = Row {
            id,
            image: image.map(|image| image.name),
            caption,
            answer,
            hand,
            error: (!faults.is_empty()).then(|| faults.join("; ")),
            image_sha256,
            own,
        };
        Labelled { row, how }
    }

    fn ask_once(
        &self,
        contents: Contents,
        picture: Option<&[u8]>,
        caption: Option<&str>,
    ) -> (Result<Answer, String>, How) {
        let known = {
            let mut known = self.known.lock().expect("nobody panics while holding the lock");
            let new = || {
                Arc::new(Known {
                    answer: OnceLock::new(),
                    how: How::Repeated,
                })
            };
            Arc::clone(known.entry(contents).or_insert_with(new))
        };
        let mut how = known.how;
        // Whoever comes second waits here for the first.
        let answer = known.answer.get_or_init(|| {
            how = How::Asked;
            self.ask(picture, caption)
        });
        (answer.clone(), how)
    }

    fn ask(&self, picture: Option<&[u8]>, caption: Option<&str>) -> Result<Answer, String> {
        // A decoder that panics at one of ten thousand pictures must not end the work on the others.
        let answer = panic::catch_unwind(AssertUnwindSafe(|| {
            let picture = picture
                .map(Picture::decode)
                .transpose()
                .map_err(|error| error.to_string())?;
            let prediction = self.classifier.classify_blocking(picture.as_ref(), caption);
            prediction.map_err(|error| error.to_string())
        }));
        match answer {
            Ok(prediction) => prediction.map(|prediction| Answer::new(&prediction)),
            Err(_) => Err("the picture cannot be read: its decoder failed; save it anew".into()),
        }
    }
}

/// What there is, and what is wrong where there is nothing.
fn apart<T>(found: Result<Option<T>, String>) -> (Option<T>, Option<String>) {
    match found {
        Ok(found) => (found, None),
        Err(fault) => (None, Some(fault)),
    }
}

/// Reads a picture's file; one that is too large is not read at all.
fn read(image: &Image) -> Result<Vec<u8>, String> {
    let Image { name, file } = image;
    let path = file.as_ref().map_err(Clone::clone)?;
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound if name.contains("://") => {
            format!(
                "the picture {name} is an address, and nothing is fetched; save it beside the table and name the file"
            )
        }
        ErrorKind::NotFound => format!("there is no picture {name}; put it there or correct its name"),
        _ => format!("the picture {name} cannot be read: {error}"),
    })?;
    if !metadata.is_file() {
        return Err(format!("{name} is no file; name a picture's file"));
    }
    if metadata.len() == 0 {
        return Err("the picture cannot be read: its file is empty; fetch it anew".into());
    }
    if metadata.len() > MAX_BYTES {
        let too_large = Error::ImageTooLarge {
            unit: ImageUnit::Bytes,
            found: metadata.len(),
            limit: MAX_BYTES,
        };
        return Err(too_large.to_string());
    }
    fs::read(path).map_err(|error| format!("the picture {name} cannot be read: {error}"))
}
