//! From the rows of a table to posts.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use emofuse::{Emotion, Error};

use super::{Caption, ColumnArguments, Content, Image, Post, Posts};
use crate::cli::label::{caption::trimmed, columns::COLUMNS};

const CAPTION: [&str; 3] = ["caption", "text", "title"];
const IMAGE: [&str; 5] = ["image", "picture", "file", "filename", "path"];
const ID: [&str; 1] = ["id"];
const HAND: &str = "hand_emotion";

/// A table as its file has it.
pub struct Sheet {
    pub path: PathBuf,
    pub columns: Vec<String>,
    /// A cell for each column, or what is wrong with the row.
    pub rows: Vec<Result<Vec<String>, String>>,
}

pub fn read(sheet: Sheet, arguments: &ColumnArguments) -> Result<Posts> {
    let path = sheet.path.display().to_string();
    if sheet.rows.is_empty() {
        bail!("{path}: the table has no rows; give one with a heading and a row for each post");
    }
    let folder = sheet.path.parent().unwrap_or_else(|| Path::new(""));
    let names = unique(&sheet.columns);
    let column = |given: &Option<String>, preferred: &[&str]| match given {
        Some(name) => find(&names, name).map(Some).with_context(|| {
            format!(
                "{path}: there is no column `{name}`; the columns are {}",
                names.join(", ")
            )
        }),
        None => Ok(preferred.iter().find_map(|name| find(&names, name))),
    };
    let caption = column(&arguments.caption_column, &CAPTION)?;
    let image = column(&arguments.image_column, &IMAGE)?;
    let id = column(&arguments.id_column, &ID)?;
    if caption.is_none() && image.is_none() {
        bail!(
            "{path}: there is no column of captions or pictures that is known by its name; say which it is with \
             --caption-column or --image-column; the columns are {}",
            names.join(", ")
        );
    }
    let hand = find(&names, HAND);
    let own: Vec<usize> = (0..names.len())
        .filter(|index| {
            ![id, image, caption, hand].contains(&Some(*index)) && !COLUMNS.contains(&names[*index].as_str())
        })
        .collect();

    let post = |(index, row): (usize, Result<Vec<String>, String>)| {
        let number = (index + 1).to_string();
        let row = match row {
            Ok(row) => row,
            Err(reason) => {
                return Post {
                    id: number,
                    content: Err(reason),
                };
            }
        };
        let cell = |column: Option<usize>| trimmed(row.get(column?)?);
        let image = cell(image).map(|name| Image {
            path: picture_path(folder, &name),
            name,
        });
        let by_picture = || image.as_ref().map(|image| image.name.replace('\\', "/"));
        Post {
            id: cell(id).or_else(by_picture).unwrap_or(number),
            content: Ok(Content {
                caption: Caption::Told(cell(caption)),
                hand: cell(hand).map(|label| hand_label(&label)).transpose(),
                own: own
                    .iter()
                    .map(|column| row.get(*column).cloned().unwrap_or_default())
                    .collect(),
                image,
            }),
        }
    };
    Ok(Posts {
        own_columns: own.iter().map(|column| names[*column].clone()).collect(),
        posts: sheet.rows.into_iter().enumerate().map(post).collect(),
    })
}

/// The column of this name, or else the first of this name but for upper and lower case.
fn find(names: &[String], name: &str) -> Option<usize> {
    let exact = names.iter().position(|column| column == name);
    exact.or_else(|| {
        names
            .iter()
            .position(|column| column.to_lowercase() == name.to_lowercase())
    })
}

/// The names of the columns, each another: one without a name is told by its number, one that comes again gets a number.
fn unique(columns: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let free = |(index, column): (usize, &String)| {
        let name = match column.trim() {
            "" => format!("column {}", index + 1),
            name => name.to_owned(),
        };
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        candidates.find(|name| taken.insert(name.clone())).unwrap_or(name)
    };
    columns.iter().enumerate().map(free).collect()
}

fn hand_label(label: &str) -> Result<Emotion, String> {
    let unknown = |error| format!("the label set by hand is left out: {error}");
    label.to_lowercase().parse().map_err(|error: Error| unknown(error))
}

/// Where a picture is, relative to the table; a table from Windows may name it with backslashes.
fn picture_path(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    if path.exists() || !name.contains('\\') {
        return path;
    }
    folder.join(name.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts(columns: &[&str], rows: &[&[&str]], arguments: &ColumnArguments) -> Result<Posts> {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let sheet = Sheet {
            path: "set/posts.csv".into(),
            columns: owned(columns),
            rows: rows.iter().map(|row| Ok(owned(row))).collect(),
        };
        read(sheet, arguments)
    }

    fn content(post: &Post) -> &Content {
        post.content.as_ref().expect("a post")
    }

    #[test]
    fn columns_are_known_by_the_first_of_their_names_whatever_the_case() {
        let columns = ["Title", "text", "Path", "File", "ID", "mood"];
        let Posts { posts, own_columns } = posts(
            &columns,
            &[&["t", " x ", "p.jpg", "f.jpg", "7", "m"]],
            &ColumnArguments::default(),
        )
        .expect("posts");
        let content = content(&posts[0]);
        assert_eq!(
            (posts[0].id.as_str(), &content.caption),
            ("7", &Caption::Told(Some("x".into())))
        );
        let image = content.image.as_ref().expect("a picture");
        assert_eq!(
            (image.name.as_str(), image.path.as_path()),
            ("f.jpg", Path::new("set/f.jpg"))
        );
        assert_eq!(
            (own_columns, content.own.join(",")),
            (vec!["Title".into(), "Path".into(), "mood".into()], "t,p.jpg,m".into())
        );
    }

    #[test]
    fn a_column_can_be_named_and_one_that_is_not_there_is_told() {
        let arguments = |caption: &str| ColumnArguments {
            caption_column: Some(caption.into()),
            ..ColumnArguments::default()
        };
        let named = posts(&["caption", "words"], &[&["a", "b"]], &arguments("words")).expect("posts");
        assert_eq!(content(&named.posts[0]).caption, Caption::Told(Some("b".into())));
        assert!(
            named.own_columns.is_empty(),
            "a column with one of our names is left out"
        );
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
    fn a_post_without_an_id_goes_by_its_picture_or_else_by_its_row() {
        let rows: [&[&str]; 3] = [&["", "a\\b.jpg", ""], &[" ", "", "hello"], &["x", "a.jpg", " "]];
        let Posts { posts, .. } =
            posts(&["id", "image", "caption"], &rows, &ColumnArguments::default()).expect("posts");
        let ids: Vec<&str> = posts.iter().map(|post| post.id.as_str()).collect();
        assert_eq!(ids, ["a/b.jpg", "2", "x"]);
        assert_eq!(content(&posts[2]).caption, Caption::Told(None));
    }

    #[test]
    fn columns_of_the_same_name_are_numbered_and_those_without_one_too() {
        let columns = ["a", "a", "", "a 2", "a"].map(String::from);
        assert_eq!(unique(&columns), ["a", "a 2", "column 3", "a 2 2", "a 3"]);
    }

    #[test]
    fn labels_set_by_hand_are_taken_along_where_they_are_labels() {
        let rows: [&[&str]; 3] = [&["hello", " Joy "], &["hello", ""], &["hello", "bliss"]];
        let columns = ["caption", "Hand_Emotion"];
        let Posts { posts, own_columns } = posts(&columns, &rows, &ColumnArguments::default()).expect("posts");
        assert!(own_columns.is_empty());
        assert_eq!(content(&posts[0]).hand, Ok(Some(Emotion::Joy)));
        assert_eq!(content(&posts[1]).hand, Ok(None));
        let fault = content(&posts[2]).hand.clone().expect_err("no label");
        assert!(
            fault.starts_with("the label set by hand is left out: `bliss` is not an emotion"),
            "{fault}"
        );
    }
}
