//! Captions: text → tokens → word ids.
