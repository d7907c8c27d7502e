"""The file to seed from: the one that is given, or a generated one; its checksum, encoding and records."""

from __future__ import annotations

import csv
import gzip
import hashlib
import logging
import zlib
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from supply_chain import files
from supply_chain.database import Role, statement, transaction
from supply_chain.orders.columns import COLUMNS
from supply_chain.orders.recipe import ProfileName, Recipe
from supply_chain.seed.reasons import RowReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

log = logging.getLogger(__name__)

BLOCK_ROWS = 20_000
"""Rows in memory at a time: some 50 MB."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class SourceError(ValueError):
    """The file cannot be read as the DataCo CSV; the message says why and what to do."""


@dataclass(frozen=True)
class Source:
    """A file of order lines.

    Attributes:
        path: where it is.
        name: how people know it.
        checksum: SHA-256 of its bytes as they are, hexadecimal.
        encoding: ``utf-8`` or ``iso-8859-1``, whichever its lines fit.
        recipe: the fields of the :class:`.Recipe` that it was generated from; None for a file that was given.
    """

    path: str
    name: str
    checksum: str
    encoding: str
    recipe: dict[str, str | int] | None = None


@dataclass(frozen=True)
class BadRecord:
    """A record that has no fields to check: its row number, the reason, what was wrong, and the record itself."""

    row_number: int
    reason: RowReason
    detail: str
    raw: str


@dataclass(frozen=True)
class Block:
    """Consecutive records: for each good one its row number and its fields, and the bad ones apart."""

    row_numbers: list[int]
    records: list[list[str]]
    bad: list[BadRecord]


def prepare_source(settings: Settings) -> Source:
    """Find the file that ``DATASET`` names, or generate one, and read through it once.

    Raises:
        SourceError: there is no such file, it is empty, or it is no gzip although its name says so.
        psycopg2.OperationalError: the database, which knows the profile of its orders, cannot be reached.
    """
    if settings.dataset is not None:
        return _describe(settings.dataset, settings.dataset.name)
    recipe = Recipe(_profile(settings), settings.generated_orders, settings.generator_seed)
    path = settings.state_dir / "generated" / f"orders-{recipe.profile}-{recipe.orders}-{recipe.seed}.csv"
    if not path.exists():
        _generate(path, recipe)
    source = _describe(path, f"generated: {recipe.orders} orders, profile {recipe.profile}, seed {recipe.seed}")
    return replace(source, recipe={**asdict(recipe), "profile": recipe.profile.value})


def column_positions(source: Source) -> dict[str, int]:
    """Return where each used column stands, by the name it gets.

    Raises:
        SourceError: columns are missing.
    """
    header = [name.strip() for name in next(csv.reader([_header(source)], delimiter=_delimiter(source)))]
    missing = [column.header for column in COLUMNS if column.header not in header]
    if missing:
        raise SourceError(
            f"{source.name}: no column {', '.join(repr(name) for name in missing)} in the first line; "
            "DATASET must be the DataCo CSV with its original header, separated by comma, semicolon or tab"
        )
    return {column.name: header.index(column.header) for column in COLUMNS}


def column_count(source: Source) -> int:
    """Return the number of columns of the header."""
    return len(next(csv.reader([_header(source)], delimiter=_delimiter(source))))


def read_blocks(source: Source) -> Iterator[Block]:
    """Yield the file's records in blocks; row numbers count lines, the header being 1."""
    width, delimiter = column_count(source), _delimiter(source)
    with _open(Path(source.path)) as file:
        next(file)
        first = 2
        while lines := list(islice(file, BLOCK_ROWS)):
            yield _parse(lines, first, source.encoding, width, delimiter)
            first += len(lines)


def _parse(lines: list[bytes], first: int, encoding: str, width: int, delimiter: str) -> Block:
    row_numbers, texts, bad = _decode(lines, first, encoding)
    block = Block([], [], bad)
    # A line is a record: the file has no field with a line break, and one stray quotation mark shall cost one row only.
    balanced = all(text.count('"') % 2 == 0 for text in texts)
    parsed = csv.reader(texts, delimiter=delimiter) if balanced else _parse_apart(texts, delimiter)
    for number, text, fields in zip(row_numbers, texts, parsed, strict=True):
        if len(fields) == width:
            block.row_numbers.append(number)
            block.records.append(fields)
        else:
            detail = f"{len(fields)} fields, the header has {width}"
            bad.append(BadRecord(number, RowReason.WRONG_COLUMN_COUNT, detail, text))
    return block


def _parse_apart(texts: list[str], delimiter: str) -> Iterator[list[str]]:
    return (next(csv.reader([text], delimiter=delimiter)) for text in texts)


def _decode(lines: list[bytes], first: int, encoding: str) -> tuple[list[int], list[str], list[BadRecord]]:
    """Decode lines, leaving out blank ones."""
    row_numbers: list[int] = []
    texts: list[str] = []
    bad: list[BadRecord] = []
    for number, line in enumerate(lines, first):
        stripped = line.rstrip(b"\r\n")
        if not stripped:
            continue
        try:
            text = stripped.decode(encoding)
        except UnicodeDecodeError as error:
            detail = f"byte {error.start} is no {encoding}"
            bad.append(BadRecord(number, RowReason.WRONG_ENCODING, detail, stripped.decode("iso-8859-1")))
            continue
        if "\0" in text:
            bad.append(BadRecord(number, RowReason.WRONG_ENCODING, "a NUL character", text.replace("\0", "\\0")))
            continue
        row_numbers.append(number)
        texts.append(text)
    return row_numbers, texts, bad


def _header(source: Source) -> str:
    with _open(Path(source.path)) as file:
        line = next(file)
    return line.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n").decode(source.encoding, errors="replace")


def _delimiter(source: Source) -> str:
    header = _header(source)
    return max(",;\t", key=header.count)


def _profile(settings: Settings) -> ProfileName:
    """Return the profile to generate by: where nobody names one, the database keeps that of its orders."""
    if settings.orders_profile is not None:
        return settings.orders_profile
    with transaction(settings, Role.SEEDER, "seed: source") as cursor:
        cursor.execute(statement("seed/published"))
        _, _, recipe = cursor.fetchone() or (None, None, None)
    return Recipe(**recipe).profile if recipe else ProfileName.BUSINESS


def _generate(path: Path, recipe: Recipe) -> None:
    from supply_chain.orders.generator import write_orders

    log.info("generating %s orders of the profile %s with seed %s", f"{recipe.orders:,}", recipe.profile, recipe.seed)
    with files.replacing(path) as draft:
        lines = write_orders(draft, orders=recipe.orders, seed=recipe.seed, profile=recipe.profile)
    log.info("generated %s order lines in %s", f"{lines:,}", path)


def _describe(path: Path, name: str) -> Source:
    try:
        checksum = _checksum(path)
        encoding = _encoding(path)
    except FileNotFoundError:
        raise SourceError(f"DATASET: no file {path}; give the path of the DataCo CSV, or leave it empty") from None
    except (IsADirectoryError, PermissionError) as error:
        raise SourceError(
            f"DATASET: {path} cannot be read ({error.strerror}); give the path of the DataCo CSV"
        ) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(f"DATASET: {path} is no whole gzip file ({error}); fetch it again, or unpack it") from None
    return Source(str(path), name, checksum, encoding)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding(path: Path) -> str:
    """Say what the lines with other than ASCII characters are in most cases: UTF-8, or else ISO-8859-1."""
    fit = misfit = total = 0
    with _open(path) as file:
        for line in file:
            total += 1
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                fit += 1
            except UnicodeDecodeError:
                misfit += 1
    if total < 2:
        raise SourceError(f"DATASET: {path} has no order line; give the whole DataCo CSV")
    return "utf-8" if fit >= misfit else "iso-8859-1"


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
