"""Files of answers come in as they are, or are refused with one sentence that says where and what to do."""

import contextlib
import csv
import gzip
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, NotFound
from data.files import read_table
from data.files import table as table_module


@pytest.fixture
def write(tmp_path: Path):
    def write_file(content: bytes | str, name: str = "answers.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write_file


def texts(path: Path, column: str = "text") -> list[str]:
    return read_table(path).frame[column].tolist()


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert path.name in sentence
    return sentence


# What a file may look like


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found(write, separator, newline) -> None:
    rows = [["id", "text", "plan"], ["1", "Good, cheap; fast | easy\tand quiet", "a"], ["2", 'He said "no"', "b"]]
    quoted = newline.join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    frame = read_table(write(quoted)).frame
    assert frame.to_numpy().tolist() == rows[1:]
    assert list(frame.columns) == rows[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "utf-32", "latin-1", "cp1252"])
def test_encodings_are_found(write, encoding) -> None:
    text = "id;text\n1;Täckningen är dålig på landet\n2;Søren købte en ny telefon\n"
    raw = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    table = read_table(write(raw))
    assert table.frame["text"].tolist() == ["Täckningen är dålig på landet", "Søren købte en ny telefon"]
    guessed = encoding in ("latin-1", "cp1252")
    assert any("Windows-1252" in note for note in table.notes) == guessed


def test_words_that_other_readers_take_for_nothing_stay(write) -> None:
    kept = ["NA", "N/A", "null", "None", "nan", "NaN", "-", "TRUE", "007", "1e5", "1,5"]
    assert texts(write("text;x\n" + "".join(f"{word};a\n" for word in kept))) == kept


def test_hard_texts_come_in_unchanged(write) -> None:
    hard = [
        "line one\nline two\r\nline three\n\nfive",
        "😀👩‍👩‍👧‍👦 flags 🇸🇪",
        "الشبكة ضعيفة جدا في الريف",
        "x" * 20_000,
        "long line\u2028separator\x0bvertical\x85next",
        "a\\b\\",
        ' " ',
        "=1+1",
    ]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["text", "id"], *([text, "1"] for text in hard)])
    assert texts(write(buffer.getvalue())) == hard


def test_one_column_needs_no_quotes(write) -> None:
    table = read_table(write('text\nGood, cheap; fast\n"Slow,\nand dear"\n\n  \nA 5" screen\n'))
    assert table.frame["text"].tolist() == ["Good, cheap; fast", "Slow,\nand dear", "  ", 'A 5" screen']
    assert any("Empty lines" in note and note.endswith(": 1.") for note in table.notes)


def test_a_quoted_blank_answer_is_a_row(write) -> None:
    assert texts(write('text\n"good"\n""\n')) == ["good", ""]


def test_a_spreadsheets_separator_line_is_obeyed(write) -> None:
    assert texts(write("sep=;\r\nid;text\r\n1;Good, cheap\r\n")) == ["Good, cheap"]


def test_other_ways_of_quoting_are_read_and_said(write) -> None:
    table = read_table(write('id,text\n1,"He said \\"no, thanks\\" to me"\n'))
    assert table.frame["text"].tolist() == ['He said "no, thanks" to me']
    assert any("backslashes" in note for note in table.notes)
    table = read_table(write('id\ttext\n1\t"hello" he said\n2\tok\n'))
    assert table.frame["text"].tolist() == ['"hello" he said', "ok"]
    assert any("kept as part of the text" in note for note in table.notes)


def test_column_names_are_made_unique_and_that_is_said(write) -> None:
    table = read_table(write("text,,text, x ,text (2)\na,b,c,d,e\n"))
    assert list(table.frame.columns) == ["text", "column 2", "text (3)", "x", "text (2)"]
    assert len(table.notes) == 2


def test_empty_fields_beyond_the_columns_are_dropped(write) -> None:
    assert texts(write("id,text\n1,good,\n2,bad,,\n")) == ["good", "bad"]


@pytest.mark.parametrize("name", ["a.csv.gz", "a.tsv.gz", "a.CSV.GZ", "a.csv", "a.gz"])
def test_gzip_is_unpacked_whatever_the_name(write, name) -> None:
    content = gzip.compress(b"id\ttext\n1\tgood\n")
    if name == "a.gz":
        assert "no kind of file" in refusal(write(content, name))
    else:
        assert texts(write(content, name)) == ["good"]


# Excel and Parquet


def workbook(sheets: dict[str, list[list[object]]], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_cover_sheet_and_a_title_are_left_out(write) -> None:
    cover = [["Export of answers"], ["Made in May"], ["3 answers"]]
    answers = [["Survey in May"], [], ["id", "why"], [1, "cheap"], [2, "near"], [3, "kind"]]
    table = read_table(write(workbook({"About": cover, "Data": answers}), "a.xlsx"))
    assert list(table.frame.columns) == ["id", "why"]
    assert table.frame["why"].tolist() == ["cheap", "near", "kind"]
    assert any("'Data' was read" in note for note in table.notes)
    assert any("'Survey in May'" in note for note in table.notes)


def test_excel_takes_the_sheet_with_the_most_on_it_and_keeps_rows_in_place(write) -> None:
    rows = [["id", "text", None], [1, "good\nprice", None], [None, None, None], [2.5, "NA", None], [3.0, True, None]]
    rows[1][1] = "good_x000D_\nprice"
    raw = workbook({"empty": [], "secret": [["x"], ["y"]], "answers": [[], *rows, []]}, hidden="secret")
    table = read_table(write(raw, "answers.xlsx"))
    assert table.frame.to_numpy().tolist() == [["1", "good\nprice"], ["", ""], ["2.5", "NA"], ["3", "True"]]
    assert any("3 sheets" in note and "'answers'" in note for note in table.notes)


def test_excel_errors_and_dates(write) -> None:
    raw = workbook({"a": [["text", "when"], ["#N/A", pd.Timestamp("2026-05-04")]]})
    assert read_table(write(raw, "a.xlsx")).frame.to_numpy().tolist() == [["", "2026-05-04"]]


def test_parquet_cells_become_text(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"text": ["good", None, "NA"], "n": [1.0, 2.5, float("nan")], "when": pd.to_datetime(["2026-01-02"] * 3)},
        index=pd.Index(["a", "b", "c"], name="id"),
    )
    frame.to_parquet(tmp_path / "a.parquet")
    found = read_table(tmp_path / "a.parquet").frame
    assert found["text"].tolist() == ["good", "", "NA"]
    assert found["n"].tolist() == ["1", "2.5", ""]
    assert found["id"].tolist() == ["a", "b", "c"]
    frame.set_axis([5, 6, 7]).to_parquet(tmp_path / "b.parquet")
    assert list(read_table(tmp_path / "b.parquet").frame.columns) == ["text", "n", "when"]


def test_content_decides_when_the_name_is_wrong(write) -> None:
    table = read_table(write(workbook({"a": [["text"], ["good"]]}), "answers.csv"))
    assert table.frame["text"].tolist() == ["good"]
    assert any(".xlsx" in note for note in table.notes)
    assert texts(write("id,text\n1,good\n", "answers.xlsx")) == ["good"]


# What is refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"id,text\n", "no rows"),
        (b"id,text\n1,good\n2,good, cheap\n", "Line 3 "),
        (b'id,text\n1,"two\nlines"\n2\n', "Line 4 "),
        (b'id,text\n1,good\n2,"never closed\n3,bad\n', "Line 3 "),
        (b'id,text\n1,"a"b",c\n', "Line 2 "),
        (b"id,text\n1,a\x00b\n", "line 2"),
        (bytes(range(256)) * 4, "not a text file"),
        ("id,text\n1,Täckningen är dålig\n".encode() + b"2,b\xe5d\n", "Line 3 "),
        ("id,text\n1,связь плохая\n".encode("cp1251"), "Line 2 "),
        (b"id,text\n1,good\n2,caf\x81e and more words\n", "0x81"),
        (b"\xff\xfei\x00d\x00,\x00t", "UTF-16"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
        (b"\x1f\x8b\x08\x00broken", "gzip"),
        (gzip.compress(b"id,text\n1,good\n" * 100, mtime=0)[:-20], "gzip"),
        (b"PAR1 broken PAR1", "Parquet"),
        (b"PK\x03\x04 broken", "damaged or locked Excel"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(write, content, said) -> None:
    assert said in refusal(write(content))


def test_missing_files_folders_and_foreign_kinds_are_refused(write, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(DataError, match="is a folder"):
        read_table(tmp_path)
    assert "no kind of file" in refusal(write("{}", "answers.json"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("answers.csv", "text\ngood\n")
    assert "ZIP archive" in refusal(write(buffer.getvalue(), "answers.zip"))
    assert "no sheet" in refusal(write(workbook({"a": []}), "a.xlsx"))


@pytest.mark.parametrize(("at", "mark"), [(6, 0x01), (6, 0x40), (8, 99)], ids=["password", "encrypted", "packing"])
def test_a_workbook_whose_parts_cannot_be_unpacked_is_refused_in_one_sentence(write, at: int, mark: int) -> None:
    raw = bytearray(workbook({"a": [["text"], ["good"]]}))
    for signature, place in ((b"PK\x03\x04", at), (b"PK\x01\x02", at + 2)):
        for found in re.finditer(re.escape(signature), bytes(raw)):
            raw[found.start() + place] |= mark
    assert "without a password" in refusal(write(bytes(raw), "a.xlsx"))


def test_sizes_are_limited_before_the_memory_is_used(write, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = write(gzip.compress(b"a" * 2_000_000), "bomb.csv.gz")
    book = write(workbook({"a": [["text"], ["good " * 6000], ["x"]]}), "big.xlsx")
    plain = write("text\n" + "x" * 2000)
    monkeypatch.setattr(table_module, "MAX_BYTES", 1000)
    for path in (bomb, book, plain):
        assert "is larger than" in refusal(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6), st.sampled_from(["xlsx", "parquet", "csv.gz"]))
def test_damaged_binary_files_never_escape_as_other_errors(write, place, patch, kind) -> None:
    if kind == "xlsx":
        raw = workbook({"a": [["text"], ["good"], ["bad"]]})
    elif kind == "parquet":
        buffer = io.BytesIO()
        pd.DataFrame({"text": ["good", "bad"]}).to_parquet(buffer)
        raw = buffer.getvalue()
    else:
        raw = gzip.compress(b"text\ngood\nbad\n", mtime=0)
    place %= len(raw)
    path = write(raw[:place] + patch + raw[place + len(patch) :], f"a.{kind}")
    with contextlib.suppress(DataError):
        assert read_table(path).frame.columns.tolist()


# Writing and reading back

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=12).filter(
    lambda text: not any(ord(character) < 32 and character not in "\t\n\r" for character in text)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(write, rows, separator, encoding, quoting, newline) -> None:
    if newline == "\n" and quoting == csv.QUOTE_MINIMAL:  # the writer forgets to quote a lone carriage return then
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, quoting=quoting, lineterminator=newline)
    writer.writerows([("id", "text", "more"), *rows])
    frame = read_table(write(buffer.getvalue().encode(encoding))).frame
    assert frame.to_numpy().tolist() == [list(row) for row in rows]
