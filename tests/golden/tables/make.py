#!/usr/bin/env python3
"""Writes the golden tables: small files as people have them, and the rows that they hold.

    python3 tests/golden/tables/make.py

Each case is a folder with `table.*` and `expected.json`: the columns, the rows, the lines of the rows that cannot be used,
and the encoding where it is not UTF-8. What is expected was written by hand, not by a program that reads tables.
"""

import codecs
import json
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = {}


def case(name, ending, content, columns, rows, problems=(), encoding=None):
    assert name not in CASES, name
    content = content if isinstance(content, bytes) else content.encode()
    expected = {"columns": columns, "rows": rows, "problems": list(problems)}
    if encoding:
        expected["encoding"] = encoding
    CASES[name] = (ending, content, expected)


TWO = ["id", "caption"]
HAPPY = [["1", "so sad"], ["2", "so happy"]]

# Line ends.
case("csv_lf", "csv", "id,caption\n1,so sad\n2,so happy\n", TWO, HAPPY)
case("csv_crlf", "csv", "id,caption\r\n1,so sad\r\n2,so happy\r\n", TWO, HAPPY)
case("csv_cr", "csv", "id,caption\r1,so sad\r2,so happy\r", TWO, HAPPY)
case("csv_no_last_line_end", "csv", "id,caption\n1,so sad\n2,so happy", TWO, HAPPY)
case("csv_mixed_line_ends", "csv", "id,caption\r\n1,so sad\n2,so happy\r3,angry\r\n", TWO, [*HAPPY, ["3", "angry"]])
case("csv_heading_lf_rows_crlf", "csv", "id,caption,mood\n1,so sad,blue\r\n2,so happy,\r\n", [*TWO, "mood"], [["1", "so sad", "blue"], ["2", "so happy", ""]])
case("csv_heading_crlf_rows_lf", "csv", "id,caption\r\n1,so sad\n2,\"so happy\"\n", TWO, HAPPY)
case("csv_one_column_mixed", "csv", "caption\r\nso sad\nso happy\nangry\r\n", ["caption"], [["so sad"], ["so happy"], ["angry"]])
case("csv_blank_lines", "csv", "\n\nid,caption\n\n1,so sad\r\n \n2,so happy\n\n\n", TWO, HAPPY)
case("csv_lines_are_counted_in_crlf", "csv", "id,caption,x\r\n1,so sad,1\r\n3,\"a\r\nb\",2\r\n4,bad,1,2\r\n", [*TWO, "x"], [["1", "so sad", "1"], ["3", "a\r\nb", "2"]], [5])

# Delimiters.
case("csv_semicolon", "csv", "id;caption\n1;so sad, and more\n2;so happy\n", TWO, [["1", "so sad, and more"], ["2", "so happy"]])
case("csv_pipe", "csv", "id|caption\n1|so sad\n2|so happy\n", TWO, HAPPY)
case("csv_tab", "csv", "id\tcaption\n1\tso sad\n2\tso happy\n", TWO, HAPPY)
case("csv_sep_line", "csv", "sep=;\r\nid;caption;image\r\n1;so sad;a.jpg\r\n2;so happy;b.jpg\r\n", [*TWO, "image"], [["1", "so sad", "a.jpg"], ["2", "so happy", "b.jpg"]])
case("csv_sep_line_with_mark", "csv", "\ufeffSEP=|\nid|caption\n1|so sad\n2|so happy\n", TWO, HAPPY)
case("csv_delimiter_in_quoted_heading", "csv", '"id; the number",caption\n1,so sad\n', ["id; the number", "caption"], [["1", "so sad"]])
case("csv_one_column_with_commas", "csv", 'caption\nHello, world\n"so sad, yes"\n', ["caption"], [["Hello, world"], ["so sad, yes"]])

# Quotation marks.
case("csv_quoted", "csv", 'id,caption\n1,"so, sad"\n2,"she said ""no"""\n3,""\n', TWO, [["1", "so, sad"], ["2", 'she said "no"'], ["3", ""]])
case("csv_lines_in_a_cell", "csv", 'id,caption\n1,"so\nsad"\n2,so happy\n', TWO, [["1", "so\nsad"], ["2", "so happy"]])
case("csv_never_closed", "csv", 'id,caption\n1,so sad\n2,"so happy\n3,angry\n4,fine\n', TWO, [["1", "so sad"], ["3", "angry"], ["4", "fine"]], [3])
case("csv_never_closed_at_the_end", "csv", 'id,caption\n1,so sad\n2,"so happy', TWO, [["1", "so sad"]], [3])
case("csv_never_closed_crlf", "csv", 'id,caption\r\n1,so sad\r\n2,"so happy\r\n3,angry\r\n', TWO, [["1", "so sad"], ["3", "angry"]], [3])
case("csv_never_closed_before_quoted", "csv", 'id,caption\n1,"so sad\n2,"so happy, yes"\n3,"a ""b"""\n', TWO, [["2", "so happy, yes"], ["3", 'a "b"']], [2])
case("csv_never_closed_twice", "csv", 'id,caption\n1,"so sad\n2,fine\n3,"so happy\n4,angry\n', TWO, [["2", "fine"], ["4", "angry"]], [2, 4])
case("csv_mark_inside_a_cell", "csv", 'id,caption\n1,5" tall\n2,so happy\n', TWO, [["1", '5" tall'], ["2", "so happy"]])
case("csv_words_in_marks", "csv", 'id,caption\n1,"Hello" she said\n2,so happy\n', TWO, [["1", '"Hello" she said'], ["2", "so happy"]])
case("csv_marks_not_doubled", "csv", 'id,caption,x\n1,"he said "no, never" twice",7\n2,so happy,8\n', [*TWO, "x"], [["1", 'he said "no, never" twice', "7"], ["2", "so happy", "8"]])
case("csv_typographic_marks", "csv", "id,caption\n1,“so sad”\n2,so happy\n", TWO, [["1", "“so sad”"], ["2", "so happy"]])
case("csv_broken_row_over_lines", "csv", 'id,caption,x\n1,"oops,a\n2,so sad,"blue"\n3,fine,1\n', [*TWO, "x"], [["2", "so sad", "blue"], ["3", "fine", "1"]], [2])
case("csv_closed_by_chance", "csv", 'id,caption\n1,"so sad\n2,so happy\n3,fine\n4,he is 6\'2"\n5,ok\n', TWO, [["2", "so happy"], ["3", "fine"], ["4", 'he is 6\'2"'], ["5", "ok"]], [2])
case("csv_verses_in_a_cell", "csv", 'id,caption\n1,"Roses are red,\nviolets are blue,\nsugar is sweet"\n2,so happy\n', TWO, [["1", "Roses are red,\nviolets are blue,\nsugar is sweet"], ["2", "so happy"]])
case("csv_quoted_heading", "csv", '"id","caption"\n"1","so sad"\n"2","so happy"\n', TWO, HAPPY)

# Cells and columns.
case("csv_missing_empty_cells", "csv", "id,caption,image,mood\n1,so sad,a.jpg,blue\n2,so happy,,\n3,great day\n4,angry,\n", [*TWO, "image", "mood"], [["1", "so sad", "a.jpg", "blue"], ["2", "so happy", "", ""], ["3", "great day", "", ""], ["4", "angry", "", ""]])
case("csv_surplus_empty_cells", "csv", "id,caption\n1,so sad,,\n2,so happy, \n", TWO, HAPPY)
case("csv_surplus_cells", "csv", "id,caption\n1,so sad, really\n2,so happy\n", TWO, [["2", "so happy"]], [2])
case("csv_names_again_and_none", "csv", "a,a,,caption\n1,2,3,so sad\n", ["a", "a 2", "column 3", "caption"], [["1", "2", "3", "so sad"]])
case("csv_spaces_in_heading", "csv", " id , caption\n1,so sad\n", TWO, [["1", "so sad"]])
case("csv_index_column", "csv", ",caption\n0,so sad\n", ["column 1", "caption"], [["0", "so sad"]])
case("csv_heading_only", "csv", "id,caption\n", TWO, [])
case("csv_white_space_stays", "csv", "id,caption\n1,  so sad \n", TWO, [["1", "  so sad "]])
case("csv_empty_row", "csv", "id,caption\n,\n2,so happy\n", TWO, [["", ""], ["2", "so happy"]])

# Encodings.
case("csv_utf8_mark", "csv", "\ufeffid,caption\n1,so sad\n2,so happy\n", TWO, HAPPY)
case("csv_utf16_little", "csv", codecs.BOM_UTF16_LE + "id,caption\r\n1,so sad 😢\r\n".encode("utf-16-le"), TWO, [["1", "so sad 😢"]], encoding="utf-16")
case("csv_utf16_big", "csv", codecs.BOM_UTF16_BE + "id,caption\n1,día triste\n".encode("utf-16-be"), TWO, [["1", "día triste"]], encoding="utf-16")
case("tsv_utf16", "tsv", codecs.BOM_UTF16_LE + "id\tcaption\r\n1\tso sad\r\n2\tso happy\r\n".encode("utf-16-le"), TWO, HAPPY, encoding="utf-16")
case("csv_windows_1252", "csv", "id,caption\n1,don’t be sad, café – €5\n2,so happy\n".replace(", café", " café").encode("cp1252"), TWO, [["1", "don’t be sad café – €5"], ["2", "so happy"]], encoding="windows-1252")
case("csv_latin_1", "csv", "id,caption\n1,quel été\n".encode("latin-1"), TWO, [["1", "quel été"]], encoding="windows-1252")
case("csv_one_wrong_byte", "csv", "id,caption\n1,été é è\n".encode() + b"2,so \xff happy\n", TWO, [["1", "été é è"], ["2", "so \ufffd happy"]], encoding="damaged utf-8")

# TSV.
case("tsv", "tsv", "id\tcaption\n1\tso sad\n2\tso happy\n", TWO, HAPPY)
case("tsv_marks_are_letters", "tsv", 'id\tcaption\n1\tshe said "no" and left\n2\t"Hello" she said\n3\tso happy\n4\t"unbalanced so sad\n5\tangry\n', TWO, [["1", 'she said "no" and left'], ["2", '"Hello" she said'], ["3", "so happy"], ["4", '"unbalanced so sad'], ["5", "angry"]])
case("tsv_marks_enclose", "tsv", 'id\tcaption\n1\t"so ""very"" sad"\n2\t"two\nlines"\n3\t"a\ttab"\n', TWO, [["1", 'so "very" sad'], ["2", "two\nlines"], ["3", "a\ttab"]])
case("tsv_marks_in_two_rows", "tsv", 'id\tcaption\n1\t"so sad\n2\tso happy"\n', TWO, [["1", '"so sad'], ["2", 'so happy"']])
case("tsv_commas", "tsv", "id\tcaption\n1\tso, very, sad\n", TWO, [["1", "so, very, sad"]])

# JSON Lines and JSON.
case("jsonl", "jsonl", '{"id": 1, "caption": "so sad"}\n{"id": 2, "caption": "so happy"}\n', TWO, HAPPY)
case("jsonl_mark_crlf_blank", "jsonl", '\ufeff{"id": 1, "caption": "so sad"}\r\n\r\n{"id": 2, "caption": "so happy"}', TWO, HAPPY)
case("ndjson", "ndjson", '{"id": 1, "caption": "so sad"}\n{"id": 2, "caption": "so happy"}\n', TWO, HAPPY)
case("jsonl_big_numbers", "jsonl", '{"id": 1669700650467246081, "x": 0.10}\n{"id": 1669700650467246082, "x": 1e400}\n', ["id", "x"], [["1669700650467246081", "0.10"], ["1669700650467246082", "1e400"]])
case("jsonl_half_pairs", "jsonl", '{"id": "a", "text": "so sad \\ud83d"}\n{"id": "b", "text": "so happy \\ude02"}\n{"id": "c", "text": "\\ud83d\\ude00"}\n', ["id", "text"], [["a", "so sad \ufffd"], ["b", "so happy \ufffd"], ["c", "😀"]])
case("jsonl_not_a_number", "jsonl", '{"id": 1, "text": NaN}\n{"id": 2, "text": "so sad"}\n{"id": 3, "x": Infinity}\n', ["id", "text"], [["2", "so sad"]], [1, 3])
case("jsonl_broken_lines", "jsonl", '{"id": 1, "text": "so sad"\n{"id": 2, "text": "so happy}\n{"id": 3, "text": "fine"}\n7\n["a"]\n{"id": 4, "text": "ok"}\n', ["id", "text"], [["3", "fine"], ["4", "ok"]], [1, 2, 4, 5])
case("jsonl_keys_in_any_order", "jsonl", '{"z": "a", "b": 1.5}\n{"b": null, "a": [1, {"y": true, "x": 0}], "z": false}\n', ["z", "b", "a"], [["a", "1.5", ""], ["false", "", '[1, {"y": true, "x": 0}]']])
case("jsonl_over_lines", "jsonl", '{\n  "id": 1,\n  "caption": "so sad"\n}\n{\n  "id": 2,\n  "caption": "so happy"\n}\n', TWO, HAPPY)
case("json_array", "json", '[{"id": 1, "caption": "so sad"}, {"id": 2, "caption": "so happy"}]\n', TWO, HAPPY)
case("json_array_over_lines", "json", '[\n  {\n    "id": 1,\n    "caption": "so sad"\n  },\n  {\n    "id": 2,\n    "caption": "so happy"\n  }\n]\n', TWO, HAPPY)
case("json_array_with_a_broken_element", "json", '[\n{"id": 1, "caption": "so sad"},\n{"id": 2, "caption": oops},\n{"id": 3, "caption": "fine"}\n]\n', TWO, [["1", "so sad"], ["3", "fine"]], [3])
case("json_array_of_other_values", "json", '[{"id": 1, "caption": "so sad"}, 7, "text", null]\n', TWO, [["1", "so sad"]], [1, 1, 1])
case("json_one_object", "json", '{"id": 1, "caption": "so sad"}\n', TWO, [["1", "so sad"]])
case("json_utf16", "json", codecs.BOM_UTF16_LE + '[{"id": 1, "caption": "so sad"}]'.encode("utf-16-le"), TWO, [["1", "so sad"]], encoding="utf-16")


def main():
    for folder in HERE.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    for name, (ending, content, expected) in CASES.items():
        folder = HERE / name
        folder.mkdir()
        (folder / f"table.{ending}").write_bytes(content)
        text = json.dumps(expected, ensure_ascii=False, indent=4)
        (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
