//! Labels posts: from a post to its row.

use std::{
    collections::HashMap,
    fs,
    io::{self, ErrorKind},
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, OnceLock},
};

use emofuse::{
    Error,
    classifier::Classifier,
    decode::{Gate, Room},
    error::ImageUnit,
    image::MAX_BYTES,
};
use emofuse_dataset::files::changed;
use sha2::{Digest, Sha256};

use super::{
    captions,
    content_key::ContentKey,
    posts::{Caption, Content, ImageFile, Post},
    row::Row,
    stored_prediction::StoredPrediction,
};

/// Labels posts, on any number of threads; the same image with the same caption once.
pub struct Labeller<'a> {
    classifier: &'a Classifier,
    /// Absent where every post is classified by itself.
    predictions: Option<Mutex<HashMap<ContentKey, Arc<Shared>>>>,
}

/// The prediction for an image and a caption, shared by all posts with the same; it may be in progress.
struct Shared {
    prediction: OnceLock<Result<StoredPrediction, String>>,
    origin: Origin,
}

/// Where a row's prediction comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The model classified the post.
    Classified,
    /// A post before it has the same image and caption.
    Duplicate,
    /// An earlier run classified it.
    EarlierRun,
}

/// A row, and where its prediction comes from.
pub struct Labelled {
    pub row: Row,
    pub origin: Origin,
}

impl<'a> Labeller<'a> {
    /// Reuses predictions of earlier runs.
    pub fn new(classifier: &'a Classifier, predictions: HashMap<ContentKey, StoredPrediction>) -> Self {
        let shared = |(key, prediction)| {
            let shared = Shared {
                prediction: OnceLock::from(Ok(prediction)),
                origin: Origin::EarlierRun,
            };
            (key, Arc::new(shared))
        };
        Self {
            classifier,
            predictions: Some(Mutex::new(predictions.into_iter().map(shared).collect())),
        }
    }

    /// Takes a model and classifies every post by itself, so that a run takes the same memory however long it is.
    pub fn forgetful(classifier: &'a Classifier) -> Self {
        Self {
            classifier,
            predictions: None,
        }
    }

    /// Reads a post and classifies it; the row has the reason if that fails.
    pub fn label(&self, post: Post) -> Labelled {
        let Post { id, content } = post;
        let Content {
            image,
            caption,
            manual_label,
            extra,
        } = match content {
            Ok(content) => content,
            Err(reason) => {
                let row = Row {
                    id,
                    error: Some(reason),
                    ..Row::default()
                };
                return Labelled {
                    row,
                    origin: Origin::Classified,
                };
            }
        };
        let encoded = image.as_ref().map(read).transpose();
        let bytes = encoded
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map(|file| file.bytes.as_slice());
        let found = match caption {
            Caption::Provided(caption) => Ok(caption),
            Caption::Beside(sidecars) => captions::find(&sidecars, bytes.unwrap_or_default()),
        };
        let (caption, caption_fault) = apart(found);
        let (manual_label, label_fault) = apart(manual_label);
        let image_sha256 = bytes.map(|bytes| format!("{:x}", Sha256::digest(bytes)));
        let (prediction, origin) = match &encoded {
            Ok(_) => {
                let key = ContentKey::of(image_sha256.as_deref(), caption.as_deref());
                self.classify_once(key, bytes, caption.as_deref())
            }
            Err(reason) => (Err(reason.clone()), Origin::Classified),
        };
        let (prediction, fault) = apart(prediction.map(Some));
        let faults: Vec<String> = [fault, caption_fault, label_fault].into_iter().flatten().collect();
        let row = Row {
            id,
            image: image.map(|image| image.name),
            caption,
            prediction,
            manual_label,
            error: (!faults.is_empty()).then(|| faults.join("; ")),
            image_sha256,
            extra,
        };
        Labelled { row, origin }
    }

    fn classify_once(
        &self,
        key: ContentKey,
        image: Option<&[u8]>,
        caption: Option<&str>,
    ) -> (Result<StoredPrediction, String>, Origin) {
        let Some(predictions) = &self.predictions else {
            return (self.classify(image, caption), Origin::Classified);
        };
        let shared = {
            let mut predictions = predictions.lock().expect("nobody panics while holding the lock");
            let new = || {
                Arc::new(Shared {
                    prediction: OnceLock::new(),
                    origin: Origin::Duplicate,
                })
            };
            Arc::clone(predictions.entry(key).or_insert_with(new))
        };
        let mut origin = shared.origin;
        // Whoever comes second waits here for the first.
        let prediction = shared.prediction.get_or_init(|| {
            origin = Origin::Classified;
            self.classify(image, caption)
        });
        (prediction.clone(), origin)
    }

    fn classify(&self, image: Option<&[u8]>, caption: Option<&str>) -> Result<StoredPrediction, String> {
        // A decoder that panics at one of ten thousand images must not end the work on the others.
        let prediction = panic::catch_unwind(AssertUnwindSafe(|| {
            // Large images are decoded one at a time.
            let _room = image.map(emofuse::decode::room);
            let image = image
                .map(emofuse::decode::decode)
                .transpose()
                .map_err(|error| error.to_string())?;
            let prediction = self.classifier.classify_blocking(image.as_ref(), caption);
            prediction.map_err(|error| error.to_string())
        }));
        match prediction {
            Ok(prediction) => prediction.map(|prediction| StoredPrediction::new(&prediction)),
            Err(_) => Err("the image cannot be read: its decoder failed; save it anew".into()),
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

/// Room for the files that threads hold: for one of the largest, or for many smaller ones.
static FILES: Gate = Gate::new(MAX_BYTES);

/// An image's file, with the room that it takes.
struct EncodedImage {
    bytes: Vec<u8>,
    _room: Room<'static>,
}

/// Reads an image's file; one that is too large is not read at all, and one that changed since it was listed is an error.
fn read(image: &ImageFile) -> Result<EncodedImage, String> {
    let ImageFile { name, file } = image;
    let file = file.as_ref().map_err(Clone::clone)?;
    let metadata = fs::metadata(&file.path).map_err(|error| match error.kind() {
        ErrorKind::NotFound if name.contains("://") => {
            format!(
                "the image {name} is an address, and nothing is fetched; save it beside the table and name the file"
            )
        }
        ErrorKind::NotFound => format!("there is no image {name}; put it there or correct its name"),
        _ => format!("the image {name} cannot be read: {error}"),
    })?;
    if !metadata.is_file() {
        return Err(format!("{name} is no file; name an image's file"));
    }
    let cannot_be_read = |error: io::Error| format!("the image {name} cannot be read: {error}");
    if file.has_changed() {
        return Err(cannot_be_read(changed()));
    }
    if metadata.len() == 0 {
        return Err("the image cannot be read: its file is empty; fetch it anew".into());
    }
    if metadata.len() > MAX_BYTES {
        let too_large = Error::ImageTooLarge {
            unit: ImageUnit::Bytes,
            found: metadata.len(),
            limit: MAX_BYTES,
        };
        return Err(too_large.to_string());
    }
    let room = FILES.room(metadata.len());
    let bytes = file.read(MAX_BYTES + 1).map_err(cannot_be_read)?;
    Ok(EncodedImage { bytes, _room: room })
}
