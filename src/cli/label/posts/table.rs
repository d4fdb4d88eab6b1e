//! From the rows of a table to posts.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use emofuse::{
    Error, LabelSet,
    caption::{trimmed, written_caption},
};
use emofuse_posts::{
    Encoding, Format, Found, ImageFinder, Mapping, Problem, Row, Table, column_of_image_names, extra_columns,
    is_web_address,
};

use super::{Caption, ColumnArguments, Content, ImageFile, ListedFile, Post, Posts, folder};

/// A table with columns that are known to be of use.
pub struct TableOfPosts {
    path: PathBuf,
    file: Option<ListedFile>,
    table: Table,
    mapping: Mapping,
    notes: Vec<String>,
}

/// Reads a table and finds out which of its columns is what.
pub fn read(path: &Path, format: Format, arguments: &ColumnArguments) -> Result<TableOfPosts> {
    let file = ListedFile::new(path.to_owned());
    let bytes = file.read(u64::MAX).map_err(Error::io(path))?;
    let table = Table::parse(&bytes, format).with_context(|| path.display().to_string())?;
    Ok(TableOfPosts {
        file: Some(file),
        ..mapped(path, table, arguments)?
    })
}

fn mapped(path: &Path, table: Table, arguments: &ColumnArguments) -> Result<TableOfPosts> {
    let shown = path.display();
    match table.problems.first() {
        _ if !table.rows.is_empty() => {}
        Some(Problem { line, reason, .. }) => bail!(
            "{shown}: none of its {} rows can be used; line {line}: {reason}",
            table.problems.len()
        ),
        None => bail!("{shown}: the table has no rows; give one with a heading and a row for each post"),
    }
    let names = &table.columns;
    let mapping = arguments.mapping(names).map_err(|error| anyhow!("{shown}: {error}"))?;
    if mapping.caption.is_none() && mapping.image.is_none() {
        bail!(
            "{shown}: there is no column of captions or images that is known by its name; say which it is with \
             --caption-column or --image-column; the columns are {}",
            names.join(", ")
        );
    }
    let mut notes: Vec<String> = encoding_note(table.encoding).into_iter().map(str::to_owned).collect();
    if mapping.image.is_none() {
        notes.extend(column_of_image_names(&table.rows, names.len()).map(|column| {
            format!(
                "the column `{}` seems to name images, and is not used; use it with --image-column",
                names[column]
            )
        }));
    }
    Ok(TableOfPosts {
        notes: notes.iter().map(|note| format!("{shown}: {note}")).collect(),
        path: path.to_owned(),
        file: None,
        table,
        mapping,
    })
}

impl TableOfPosts {
    /// The posts, whose labels and scores are those of a model with these labels.
    pub fn posts(self, labels: &LabelSet) -> Posts {
        let Self {
            path,
            file,
            table,
            mapping,
            notes,
        } = self;
        let images = Images {
            folder: path.parent().unwrap_or_else(|| Path::new("")),
            below: OnceCell::new(),
        };
        let extra = extra_columns(&table.columns, &mapping.places(), labels);
        let post = |row: Result<&Row, &Problem>| match row {
            Ok(row) => post_of(row, &mapping, &extra, labels, |name| images.file(name)),
            Err(Problem { number, line, reason }) => Post {
                id: number.to_string(),
                content: Err(format!("line {line}: {reason}")),
            },
        };
        Posts {
            notes,
            extra_columns: extra.iter().map(|column| table.columns[*column].clone()).collect(),
            posts: table.all().map(post).collect(),
            table: file,
        }
    }
}

/// The post of a row, given how an image's file is found by its name.
fn post_of(
    row: &Row,
    mapping: &Mapping,
    extra: &[usize],
    labels: &LabelSet,
    file_of: impl Fn(&str) -> Result<PathBuf, String>,
) -> Post {
    let cell = |column: Option<usize>| trimmed(row.cells.get(column?)?).map(str::to_owned);
    let image = cell(mapping.image).map(|name| ImageFile {
        file: file_of(&name).map(ListedFile::new),
        name,
    });
    let by_image = || image.as_ref().map(|image| image.name.replace('\\', "/"));
    Post {
        id: cell(mapping.id)
            .or_else(by_image)
            .unwrap_or_else(|| row.number.to_string()),
        content: Ok(Content {
            caption: Caption::Provided(cell(mapping.caption).as_deref().and_then(written_caption)),
            manual_label: cell(mapping.manual_label)
                .map(|label| parse_label(&label, labels))
                .transpose(),
            extra: extra.iter().map(|column| row.cell(*column).to_owned()).collect(),
            image,
        }),
    }
}

/// The post of a line of JSON, and the names of its extra columns. Images are found by their paths alone.
pub fn post_of_line(line: &[u8], number: usize, arguments: &ColumnArguments, labels: &LabelSet) -> (Post, Vec<String>) {
    match try_post_of_line(line, number, arguments, labels) {
        Ok(found) => found,
        Err(reason) => {
            let post = Post {
                id: number.to_string(),
                content: Err(format!("line {number}: {reason}")),
            };
            (post, Vec::new())
        }
    }
}

fn try_post_of_line(
    line: &[u8],
    number: usize,
    arguments: &ColumnArguments,
    labels: &LabelSet,
) -> Result<(Post, Vec<String>), String> {
    if !line.starts_with(b"{") {
        return Err("it is no JSON object; give one object in each line".into());
    }
    let table = Table::parse(line, Format::Json).map_err(|error| error.to_string())?;
    let ([row], []) = (table.rows.as_slice(), table.problems.as_slice()) else {
        let problem = table.problems.first().map(|problem| problem.reason.clone());
        return Err(problem.unwrap_or_else(|| "it is not one JSON object; give one in each line".into()));
    };
    let mapping = arguments.mapping_of_line(&table.columns);
    if mapping.caption.is_none() && mapping.image.is_none() {
        return Err(format!(
            "it has neither caption nor image by a name that is known; say which with --caption-column or --image-column; it has {}",
            table.columns.join(", ")
        ));
    }
    let extra = extra_columns(&table.columns, &mapping.places(), labels);
    let row = Row { number, ..row.clone() };
    let post = post_of(&row, &mapping, &extra, labels, |name| Ok(PathBuf::from(name)));
    Ok((
        post,
        extra.iter().map(|column| table.columns[*column].clone()).collect(),
    ))
}

fn encoding_note(encoding: Encoding) -> Option<&'static str> {
    match encoding {
        Encoding::Utf8 | Encoding::Utf16 => None,
        Encoding::Windows1252 => Some("it is not UTF-8 and was read as Windows-1252; check letters with accents"),
        Encoding::DamagedUtf8 => Some("some of its bytes are not UTF-8 and were read as \u{fffd}"),
    }
}

/// The index of a label, whatever its letter case where no label is written so.
fn parse_label(label: &str, labels: &LabelSet) -> Result<usize, String> {
    let found = labels.find(label).or_else(|error| {
        let lower = label.to_lowercase();
        let is_it = |name: &str| name.to_lowercase() == lower;
        labels.names().position(is_it).ok_or(error)
    });
    found.map_err(|error| format!("the label in `hand_emotion` is left out: {error}"))
}

/// Finds images by what a table calls them; the folder is looked through when a name is not a path in it.
struct Images<'a> {
    folder: &'a Path,
    below: OnceCell<(ImageFinder, Vec<PathBuf>)>,
}

impl Images<'_> {
    fn file(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(name);
        if path.exists() || is_web_address(name) {
            return Ok(path);
        }
        let (finder, paths) = self.below.get_or_init(|| {
            let folder = if self.folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                self.folder
            };
            let (names, paths): (Vec<_>, Vec<_>) = folder::images(folder).into_iter().unzip();
            (ImageFinder::new(names.iter().map(|names| names.join("/"))), paths)
        });
        match finder.find(name) {
            Found::One(index) => Ok(paths[index].clone()),
            Found::Several => Err(format!(
                "the image `{name}` fits more than one file; give its path from the table's folder"
            )),
            Found::None => Ok(path), // reading it gives the reason
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts(columns: &[&str], rows: &[&[&str]], arguments: &ColumnArguments) -> Result<Posts> {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let row = |(index, cells): (usize, &&[&str])| Row {
            number: index + 1,
            line: index as u64 + 2,
            cells: owned(cells),
        };
        let table = Table {
            columns: owned(columns),
            rows: rows.iter().enumerate().map(row).collect(),
            ..Table::default()
        };
        let found = mapped(Path::new("set/posts.csv"), table, arguments)?;
        Ok(found.posts(&LabelSet::plutchik()))
    }

    fn content(post: &Post) -> &Content {
        post.content.as_ref().expect("a post")
    }

    #[test]
    fn columns_are_known_by_the_first_of_their_names_whatever_the_case() {
        let columns = ["Title", "text", "Path", "File", "ID", "mood"];
        let Posts {
            posts, extra_columns, ..
        } = posts(
            &columns,
            &[&["t", " x ", "p.jpg", "f.jpg", "7", "m"]],
            &ColumnArguments::default(),
        )
        .expect("posts");
        let content = content(&posts[0]);
        assert_eq!(
            (posts[0].id.as_str(), &content.caption),
            ("7", &Caption::Provided(Some("x".into())))
        );
        let image = content.image.as_ref().expect("an image");
        assert_eq!(
            (image.name.as_str(), &image.file),
            ("f.jpg", &Ok(ListedFile::new("set/f.jpg".into())))
        );
        assert_eq!(
            (extra_columns, content.extra.join(",")),
            (vec!["Title".into(), "Path".into(), "mood".into()], "t,p.jpg,m".into())
        );
    }

    #[test]
    fn a_column_can_be_named_and_one_that_is_not_there_is_an_error() {
        let arguments = |caption: &str| ColumnArguments {
            caption_column: Some(caption.into()),
            ..ColumnArguments::default()
        };
        let named = posts(&["caption", "words"], &[&["a", "b"]], &arguments("words")).expect("posts");
        assert_eq!(content(&named.posts[0]).caption, Caption::Provided(Some("b".into())));
        assert_eq!(named.extra_columns, ["caption"], "it is not lost");
        let error = posts(&["caption", "words"], &[&["a", "b"]], &arguments("word"))
            .err()
            .expect("an error");
        assert_eq!(
            error.to_string(),
            "set/posts.csv: there is no column `word`; the columns are caption, words"
        );
        let error = posts(&["mood"], &[&["a"]], &ColumnArguments::default())
            .err()
            .expect("an error");
        assert!(error.to_string().contains("--caption-column"), "{error}");
    }

    #[test]
    fn a_labelled_table_has_its_captions_where_the_program_wrote_them() {
        let columns = [
            "emofuse_id",
            "emofuse_caption",
            "emotion",
            "hand_emotion",
            "model_sha256",
            "id",
            "caption",
            "mood",
        ];
        let row = ["1", "hello", "joy", "fear", "5a", "mine", "my words", "low"];
        let Posts {
            posts, extra_columns, ..
        } = posts(&columns, &[&row], &ColumnArguments::default()).expect("posts");
        let content = content(&posts[0]);
        assert_eq!(posts[0].id, "1");
        assert_eq!(content.caption, Caption::Provided(Some("hello".into())));
        assert_eq!(content.manual_label, Ok(LabelSet::plutchik().index("fear")));
        assert_eq!(extra_columns, ["id", "caption", "mood"]);
        assert_eq!(content.extra, ["mine", "my words", "low"]);
    }

    #[test]
    fn a_post_without_an_id_goes_by_its_image_or_else_by_its_row() {
        let rows: [&[&str]; 3] = [&["", "a\\b.jpg", ""], &[" ", "", "hello"], &["x", "a.jpg", " "]];
        let Posts { posts, .. } =
            posts(&["id", "image", "caption"], &rows, &ColumnArguments::default()).expect("posts");
        let ids: Vec<&str> = posts.iter().map(|post| post.id.as_str()).collect();
        assert_eq!(ids, ["a/b.jpg", "2", "x"]);
        assert_eq!(content(&posts[2]).caption, Caption::Provided(None));
    }

    #[test]
    fn a_placeholder_is_an_empty_caption() {
        let rows: [&[&str]; 5] = [
            &["N/A"],
            &["NaN"],
            &["[deleted]"],
            &["IMG_3397.JPG"],
            &["none of this matters"],
        ];
        let Posts { posts, .. } = posts(&["caption"], &rows, &ColumnArguments::default()).expect("posts");
        let captions: Vec<&Caption> = posts.iter().map(|post| &content(post).caption).collect();
        let none = Caption::Provided(None);
        let written = Caption::Provided(Some("none of this matters".into()));
        assert_eq!(captions, [&none, &none, &none, &none, &written]);
    }

    #[test]
    fn manual_labels_are_taken_over_where_they_are_labels() {
        let rows: [&[&str]; 3] = [&["hello", " Joy "], &["hello", ""], &["hello", "bliss"]];
        let columns = ["caption", "Hand_Emotion"];
        let Posts {
            posts, extra_columns, ..
        } = posts(&columns, &rows, &ColumnArguments::default()).expect("posts");
        assert!(extra_columns.is_empty());
        assert_eq!(content(&posts[0]).manual_label, Ok(Some(0)));
        assert_eq!(content(&posts[1]).manual_label, Ok(None));
        let fault = content(&posts[2]).manual_label.clone().expect_err("no label");
        assert!(
            fault.starts_with("the label in `hand_emotion` is left out: `bliss` is not a label"),
            "{fault}"
        );
    }
}
