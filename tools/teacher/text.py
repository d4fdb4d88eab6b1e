"""Cleans captions for the fine-tuned encoder: what a WordPiece vocabulary does not know is written out or dropped."""

import html
import re
import unicodedata

# Emoticons and the words that stand in for them.
EMOTICONS = {
    ":)": "smiling face", ":-)": "smiling face", ":d": "grinning face", ":-d": "grinning face", ";)": "winking face",
    ":(": "frowning face", ":-(": "frowning face", ":'(": "crying face", "<3": "love", "</3": "broken heart",
    ":/": "confused face", ":|": "neutral face", ":o": "surprised face", "xd": "laughing face", ":p": "playful face",
    "^_^": "smiling face", "-_-": "expressionless face", "t_t": "crying face", ">:(": "angry face",
}

ADDRESS = re.compile(r"(https?://\S+|www\.\S+|\b\w+\.(?:com|org|net|ly|co)/\S*)", re.IGNORECASE)
MENTION = re.compile(r"(?<!\w)@\w+|(?<!\w)/?u/\w+|\[(?:name|person|location|religion)\]", re.IGNORECASE)
RETWEET = re.compile(r"^\s*rt\b:?", re.IGNORECASE)
HASHTAG = re.compile(r"#(\w+)")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|_")
DRAWN_OUT = re.compile(r"(\w)\1{2,}")
REPEATED_MARK = re.compile(r"([!?.,])\1{2,}")
APOSTROPHES = str.maketrans({mark: "'" for mark in "’‘ʼ`´′"})


def emoji_name(character):
    """The Unicode name of a pictograph; nothing for signs that only change how the one before looks."""
    if unicodedata.category(character) not in ("So", "Sk", "Cn") or ord(character) < 0x2190:
        return None
    if 0x1F3FB <= ord(character) <= 0x1F3FF:
        return ""
    return unicodedata.name(character, "").lower().replace("-", " ")


def clean(caption):
    """A caption as the encoder reads it."""
    text = html.unescape(html.unescape(caption)).translate(APOSTROPHES)
    text = unicodedata.normalize("NFKC", text)
    text = RETWEET.sub(" ", MENTION.sub(" ", ADDRESS.sub(" ", text)))
    text = HASHTAG.sub(lambda tag: " " + HUMP.sub(" ", tag.group(1)) + " ", text)
    parts, last = [], None
    for character in text:
        name = emoji_name(character)
        if name is None:
            parts.append(character)
            last = None
        elif name and name != last:
            parts.append(f" {name} ")
            last = name
    words = "".join(parts).replace("\ufe0f", "").replace("\u200d", "").split()
    words = [EMOTICONS.get(word.lower(), word) for word in words]
    text = REPEATED_MARK.sub(r"\1\1", DRAWN_OUT.sub(r"\1\1", " ".join(words)))
    return text.strip()
