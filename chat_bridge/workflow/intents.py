"""How much a plain sentence sounds like each thing the operations can do."""

import re
from dataclasses import dataclass

KEYWORD_POINTS = 0.3
KEYWORD_MOST = 0.6
PHRASE_POINTS = 0.4


@dataclass(frozen=True)
class Intent:
    name: str
    operations: tuple[str, ...]
    keywords: tuple[str, ...]
    phrases: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Score:
    intent: Intent
    confidence: float


def _intent(name: str, operations: str, keywords: str, *phrases: str) -> Intent:
    return Intent(
        name,
        tuple(operations.split()),
        tuple(word.strip() for word in keywords.split(",")),
        tuple(map(re.compile, phrases)),
    )


INTENTS = (
    _intent(
        "extract_columns",
        "excel/extract-columns-to-file",
        "extract, get, select, column, field, data from",
        r"(extract|select|pull)( out)?( the)? (columns?|fields?)",
        r"get( the)? (columns?|fields?|data)",
    ),
    _intent(
        "convert_format",
        "csv/convert-to-excel json/generate",
        "convert, transform, change to, make it, export as",
        r"(convert|transform|change|export)( \w+)?( to| into| as)? (excel|xlsx|csv|json)",
    ),
    _intent(
        "normalize_data",
        "normalization/apply",
        "normalize, clean, standardize, format, trim, uppercase, lowercase",
        r"(normalize|clean|standardize)( up)?( the)? data",
        r"(trim|uppercase|lowercase|format)( the)? (data|values)",
        r"remove (duplicates|spaces)",
    ),
    _intent(
        "generate_sql",
        "sql/generate sql/generate-to-text",
        "sql, insert, database, query, statement, generate sql",
        r"generate (sql|inserts?|quer(y|ies))",
        r"create (sql|insert) (statements?|quer(y|ies))",
        r"(sql|database) insert",
    ),
    _intent(
        "generate_json",
        "json/generate json/generate-with-template",
        "json, generate json, export json, json format",
        r"(generate|create) json",
        r"export( as| to)? json",
        r"convert to json (format|file|data)",
    ),
    _intent(
        "search_filter",
        "excel/search csv/search",
        "search, filter, find, query, where, lookup",
        r"(search|filter|find) (for|where)",
        r"(lookup|query) (data|records)",
        r"show( me)? only",
        r"records where",
    ),
    _intent(
        "bind_data",
        "excel/bind-single-key excel/bind-multi-key",
        "bind, merge, join, combine, link, match",
        r"(bind|merge|join|combine) (with|data)",
        r"(link|match) (with|data from)",
    ),
    _intent(
        "map_columns",
        "excel/map-columns",
        "map, rename, remap, column mapping",
        r"(map|rename|remap)( the)? (columns?|fields?)",
        r"change( the)? column names?",
    ),
)


def rank(sentence: str) -> tuple[Score, ...]:
    """Intents that fit at all, the best first, ties in the order of the list."""
    text = sentence.lower()
    scores = [Score(intent, _confidence(intent, text)) for intent in INTENTS]
    found = [score for score in scores if score.confidence > 0]
    return tuple(sorted(found, key=lambda score: -score.confidence))


def _confidence(intent: Intent, text: str) -> float:
    words = sum(keyword in text for keyword in intent.keywords)
    points = min(KEYWORD_MOST, KEYWORD_POINTS * words)
    if any(phrase.search(text) for phrase in intent.phrases):
        points += PHRASE_POINTS
    return round(min(1.0, points), 2)
