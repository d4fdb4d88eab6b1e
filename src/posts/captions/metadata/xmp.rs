//! XMP's `dc:description`.

use emofuse_core::budget::{MAX_XMP_ATTRIBUTES, MAX_XMP_DEPTH, MAX_XMP_NAMESPACES, MAX_XMP_NODES};
use roxmltree::{Document, Node, ParsingOptions};

use crate::encoding::decode;

const DC: &str = "http://purl.org/dc/elements/1.1/";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The description in a packet: the one for every language, else the first.
pub fn description(packet: &[u8]) -> Option<String> {
    let (packet, _) = decode(packet);
    let packet = packet.trim_matches(['\0', '\u{feff}']);
    if !is_within_limits(packet) {
        return None;
    }
    let options = ParsingOptions {
        nodes_limit: MAX_XMP_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(packet, options).ok()?;
    let element = document
        .descendants()
        .find(|node| node.has_tag_name((DC, "description")));
    let Some(element) = element else {
        // A simple value may stand as an attribute.
        return document
            .descendants()
            .find_map(|node| node.attribute((DC, "description")))
            .map(str::to_owned);
    };
    let items = || element.descendants().filter(|node| node.has_tag_name((RDF, "li")));
    let is_default = |item: &Node<'_, '_>| {
        let language = item.attribute((XML, "lang"));
        language.is_some_and(|language| language.eq_ignore_ascii_case("x-default"))
    };
    let chosen = items().find(is_default).or_else(|| items().next()).unwrap_or(element);
    Some(
        chosen
            .descendants()
            .filter(Node::is_text)
            .filter_map(|text| text.text())
            .collect(),
    )
}

/// Whether the elements of a packet are few and shallow enough to be parsed: a parser compares the attributes of an element and the
/// namespaces around it with each other. Counted are all that a parser may find, and perhaps some that are in comments.
fn is_within_limits(packet: &str) -> bool {
    if packet.matches("xmlns").count() > MAX_XMP_NAMESPACES {
        return false;
    }
    let mut depth = 0_usize;
    // No attribute's value has a `<` in it.
    packet.split('<').skip(1).all(|element| {
        if element.starts_with(['!', '?']) {
            return true;
        }
        if element.starts_with('/') {
            depth = depth.saturating_sub(1);
            return true;
        }
        let (mut attributes, mut quote, mut last) = (0, None, b' ');
        for byte in element.bytes() {
            match (quote, byte) {
                (Some(mark), _) if mark == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => attributes += 1,
                (None, b'>') => {
                    depth += usize::from(last != b'/');
                    break;
                }
                (None, _) => {}
            }
            last = byte;
        }
        attributes <= MAX_XMP_ATTRIBUTES && depth <= MAX_XMP_DEPTH
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_may_stand_as_an_attribute_or_as_plain_text() {
        let packet = |attribute: &str, element: &str| {
            format!(
                "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><r:RDF xmlns:r=\"{RDF}\"><r:Description xmlns:d=\"{DC}\" {attribute}>\
                 {element}</r:Description></r:RDF></x:xmpmeta>\0\0"
            )
        };
        let read = |attribute: &str, element: &str| description(packet(attribute, element).as_bytes());
        assert_eq!(read("d:description=\"a &amp; b\"", ""), Some("a & b".into()));
        assert_eq!(read("", "<d:description>plain</d:description>"), Some("plain".into()));
        assert_eq!(read("d:title=\"none\"", ""), None);
    }

    #[test]
    fn a_packet_of_endless_depth_is_no_description() {
        let deep = "<a>".repeat(200_000);
        assert_eq!(description(deep.as_bytes()), None);
        let deep = format!("{}{}", "<a>".repeat(40_000), "</a>".repeat(40_000));
        assert_eq!(description(deep.as_bytes()), None);
    }
}
