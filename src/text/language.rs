//! Whether a caption is in English.
