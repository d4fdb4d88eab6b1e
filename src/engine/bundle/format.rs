//! From a bundle to bytes and back; [`super`] tells the layout.

use emofuse_core::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Bundle, Entry, Manifest,
    ranges::wrong,
    tensor::{Encoding, StoredTensor},
    tensor_group,
};

/// The version of the format: the only one that is written, and that can be read.
pub const VERSION: u32 = 3;

const MAGIC: [u8; 8] = *b"EMOFUSE\0";
/// Magic, version, length of the document, length of the file.
const HEADER_BYTES: usize = 8 + 4 + 4 + 8;
const DIGEST_BYTES: usize = 32;
const ALIGNMENT: usize = 8;

/// The JSON of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    manifest: Manifest,
    tensors: Vec<TensorEntry>,
}

/// The same, borrowed to be written.
#[derive(Serialize)]
struct DocumentRef<'a> {
    manifest: &'a Manifest,
    tensors: Vec<TensorEntry>,
}

/// A line of the table of tensors.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TensorEntry {
    name: String,
    shape: Vec<usize>,
    encoding: Encoding,
}

pub(super) fn write(bundle: &Bundle) -> Vec<u8> {
    let mut tensors: Vec<(&String, &Entry)> = bundle.tensors.iter().collect();
    tensors.sort_by_key(|(name, _)| tensor_group::rank(name));
    let table = tensors.iter().map(|(name, entry)| TensorEntry {
        name: (*name).clone(),
        shape: entry.tensor.shape.clone(),
        encoding: entry.tensor.encoding(),
    });
    let document = DocumentRef {
        manifest: &bundle.manifest,
        tensors: table.collect(),
    };
    let document = serde_json::to_vec(&document).expect("strings, numbers and lists are always JSON");

    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(
        u32::try_from(document.len())
            .expect("a manifest of less than 4 GiB")
            .to_le_bytes(),
    );
    bytes.extend([0; 8]); // the length of the file, known at the end
    bytes.extend(document);
    pad(&mut bytes);
    for (_, entry) in tensors {
        entry.tensor.write(&mut bytes);
        pad(&mut bytes);
    }
    let length = (bytes.len() + DIGEST_BYTES) as u64;
    bytes[16..HEADER_BYTES].copy_from_slice(&length.to_le_bytes());
    let digest = Sha256::digest(&bytes);
    bytes.extend(digest);
    bytes
}

pub(super) fn read(bytes: &[u8], digests: impl FnOnce(&[u8]) -> Digests) -> Result<Bundle> {
    let document_bytes = check_header(bytes, bytes.len())?;
    let (body, digest) = bytes.split_at(bytes.len() - DIGEST_BYTES);
    let sha256 = check_digest(digest, &digests(bytes))?;
    let mut bundle = read_body(body, document_bytes, body.len())?;
    bundle.sha256 = Some(sha256);
    Ok(bundle)
}

/// Reads the beginning of a file of `length` bytes; zeros stand for what has not come. No digest is compared.
pub(super) fn read_beginning(mut bytes: Vec<u8>, length: usize) -> Result<Bundle> {
    let come = bytes.len();
    let document_bytes = check_header(&bytes, length)?;
    if come >= length || come < HEADER_BYTES.saturating_add(document_bytes) {
        return Err(Error::ModelIncomplete);
    }
    bytes.resize(length, 0);
    let bundle = read_body(&bytes[..length - DIGEST_BYTES], document_bytes, come)?;
    let serves_captions = bundle
        .tensors
        .iter()
        .all(|(name, entry)| match tensor_group::rank(name) {
            0 => entry.is_whole(),
            1 => entry.numbers > 0,
            _ => true,
        });
    // Without a classifier of its own, the system that classifies posts is needed, which comes last.
    if serves_captions && bundle.has_group(tensor_group::STANDALONE_CAPTION) {
        Ok(bundle)
    } else {
        Err(Error::ModelIncomplete)
    }
}

/// Reads document and tensors, of which the first `come` bytes of the file have come.
fn read_body(body: &[u8], document_bytes: usize, come: usize) -> Result<Bundle> {
    let mut rest = &body[HEADER_BYTES..];
    let Some((document, tensors)) = rest.split_at_checked(document_bytes) else {
        return Err(wrong("it is longer than the file".into()));
    };
    let document: Document = serde_json::from_slice(document).map_err(|error| Error::ModelManifest {
        reason: error.to_string(),
        source: Some(error.into()),
    })?;
    document.manifest.check()?;

    rest = tensors;
    skip_padding(body, &mut rest)?;
    let mut bundle = Bundle::new(document.manifest);
    for TensorEntry { name, shape, encoding } in document.tensors {
        let tensor = StoredTensor::read(&name, shape, encoding, &mut rest)?;
        let missing = (body.len() - rest.len()).saturating_sub(come);
        skip_padding(body, &mut rest)?;
        if let Some(twice) = bundle.tensors.insert(name.clone(), Entry::beginning(tensor, missing)) {
            drop(twice);
            return Err(wrong(format!("the tensor `{name}` stands twice in it")));
        }
    }
    if !rest.is_empty() {
        return Err(wrong("it does not account for all the bytes of the file".into()));
    }
    Ok(bundle)
}

/// Checks magic, version and length of a file that begins with `bytes` and is `length` bytes long; returns the length of
/// the document.
fn check_header(bytes: &[u8], length: usize) -> Result<usize> {
    let Some(rest) = bytes.strip_prefix(&MAGIC) else {
        return Err(Error::ModelNotRecognised);
    };
    let found = length as u64;
    let too_short = Error::ModelLength {
        expected: (HEADER_BYTES + DIGEST_BYTES) as u64,
        found,
    };
    let Some((version, rest)) = rest.split_first_chunk() else {
        return Err(too_short);
    };
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(Error::ModelVersion {
            found: version,
            supported: VERSION,
        });
    }
    let Some((document_bytes, rest)) = rest.split_first_chunk() else {
        return Err(too_short);
    };
    let Some((expected, _)) = rest.split_first_chunk() else {
        return Err(too_short);
    };
    let expected = u64::from_le_bytes(*expected);
    if expected != found {
        return Err(Error::ModelLength { expected, found });
    }
    if length < HEADER_BYTES + DIGEST_BYTES {
        return Err(too_short);
    }
    usize::try_from(u32::from_le_bytes(*document_bytes)).map_err(|_| wrong("it is longer than memory".into()))
}

/// SHA-256 of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digests {
    /// Of everything before the digest at its end.
    pub body: [u8; DIGEST_BYTES],
    /// Of the whole file.
    pub file: [u8; DIGEST_BYTES],
}

impl Digests {
    /// Those of a file, which has a digest at its end.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let (body, end) = bytes.split_at(bytes.len().saturating_sub(DIGEST_BYTES));
        let mut hasher = Sha256::new_with_prefix(body);
        let body = hasher.clone().finalize().into();
        hasher.update(end);
        Self {
            body,
            file: hasher.finalize().into(),
        }
    }
}

/// Compares the digest at the file's end; returns that of the whole file.
fn check_digest(expected: &[u8], found: &Digests) -> Result<String> {
    if found.body.as_slice() != expected {
        return Err(Error::ModelIntegrity {
            expected: hex(expected),
            found: hex(&found.body),
        });
    }
    Ok(hex(&found.file))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}

/// Takes the zeros off the front of `rest` that bring it to the next multiple of the alignment within `body`.
fn skip_padding(body: &[u8], rest: &mut &[u8]) -> Result<()> {
    let position = body.len() - rest.len();
    let padding = position.next_multiple_of(ALIGNMENT) - position;
    match rest.split_at_checked(padding) {
        Some((zeros, after)) if zeros.iter().all(|byte| *byte == 0) => {
            *rest = after;
            Ok(())
        }
        _ => Err(wrong("what follows it is not aligned".into())),
    }
}
