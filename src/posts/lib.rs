//! Posts: tables of them (CSV, TSV and other separated values, JSON Lines and JSON arrays), the columns and rows of labelled
//! tables, and the captions of images.
//!
//! Every row of a file becomes either a [`Row`] or a [`Problem`]; none is lost. A row that cannot be parsed costs itself
//! alone: the row behind it is read as if it were not there.
//!
//! ```
//! use emofuse_posts::{Format, Table};
//!
//! let table = Table::parse(b"id,caption\n1,\"never closed\n2,so happy\n", Format::Delimited(None))?;
//! assert_eq!(table.rows[0].cells, ["2", "so happy"]);
//! assert_eq!(table.problems[0].line, 2);
//! # Ok::<(), emofuse_posts::TableError>(())
//! ```
//!
//! The crate does no input or output and needs no model, so that it can be compiled for the browser by itself.

mod captions;
mod csv_writer;
mod delimited;
mod encoding;
mod files;
mod images;
mod json;
mod label_columns;
mod mapping;
mod reader;
mod row;
mod skipped;
mod table;

pub use captions::{MAX_SIDECAR_BYTES, SidecarFinder, embedded_caption, sidecar_caption, sidecar_names};
pub use csv_writer::{csv_heading, csv_row, escape_formula, unescape_formula};
pub use encoding::Encoding;
pub use files::{is_passed_over, kind_of_unsupported};
pub use images::{Found, IMAGE_ENDINGS, ImageFinder, is_image_name, is_web_address};
pub use label_columns::{
    FIRST_COLUMNS, FORMULAS_ESCAPED, Formulas, LAST_COLUMNS, LabelColumns, OutputColumns, added_columns, extra_columns,
};
pub use mapping::{Mapping, column_of_image_names};
pub use reader::TableReader;
pub use row::{Format, MAX_COLUMNS, Problem, Row, TableError};
pub use skipped::SkippedFiles;
pub use table::Table;
