import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_bridge.errors import (
    BadArgument,
    BadSyntax,
    CommandError,
    MissingArgument,
    UnknownCommand,
)
from chat_bridge.model import Answer, Plan, Step
from chat_bridge.workflow.plan import MAX_STEPS, check_step, interpret


def plan(text: str) -> Plan:
    found = interpret(text)
    assert isinstance(found, Plan)
    return found


def step(text: str) -> Step:
    (only,) = plan(text).steps
    return only


def test_the_founding_example() -> None:
    steps = plan(
        "/extract columns=name,email | normalize email=email_format | dedupe by=email"
    ).steps
    assert [s.operation for s in steps] == [
        "excel/extract-columns-to-file",
        "normalization/apply",
        "deduplicate",
    ]
    assert [s.title for s in steps] == [
        "Extract 2 columns",
        "Normalize email",
        "Drop duplicate emails",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("/extract a,b,c", "Extract 3 columns"),
        ("/extract name", "Extract name"),
        ("/extract a,b unique", "Extract 2 columns, each row once"),
        ("/normalize email=email joined=date", "Normalize email, joined"),
        ("/normalize a=trim b=trim c=trim d=trim e=trim", "Normalize a, b, c, d and 1 more"),
        ("/dedupe", "Drop duplicate rows"),
        ("/dedupe by='E-mail'", "Drop duplicate 'E-mail'"),
        ("/dedupe by=name,city keep=last", "Drop rows repeated in name, city, keep the last"),
        (
            "/search city=Berlin amount>100 name~ann",
            "Keep rows where city = Berlin and amount > 100 and name contains ann",
        ),
        (
            "/search a is empty or b between 1..2",
            "Keep rows where a is empty or b is between 1 and 2",
        ),
        ("/to-xlsx", "Convert to a workbook"),
        ("/to-csv", "Convert to CSV"),
    ],
)
def test_titles_are_for_people(text: str, title: str) -> None:
    assert step(text).title == title


def test_titles_stay_on_one_line() -> None:
    title = step(f"/search a='{'x' * 500}\n'").title
    assert len(title) == 120
    assert title.endswith("…")
    assert step("/search a='x\n\ny'").title == "Keep rows where a = x y"


def test_file_and_sheet_belong_to_the_plan() -> None:
    found = plan("/extract name file='My customers.xlsx' | search a=1 sheet=Orders")
    assert (found.file, found.sheet) == ("My customers.xlsx", "Orders")
    assert "file" not in found.steps[0].arguments


def test_one_pipeline_works_on_one_file() -> None:
    with pytest.raises(BadArgument, match=r"already works on 'a\.csv'"):
        interpret("/extract name file=a.csv | dedupe file=b.csv")


def test_a_column_called_file_is_quoted() -> None:
    (condition,) = step("/search 'file'=a").arguments["conditions"]
    assert condition["column"] == "file"


def test_a_switch_may_stand_alone() -> None:
    assert step("/extract name remove_duplicates").arguments["remove_duplicates"] is True
    assert step("/extract name unique=no").arguments["remove_duplicates"] is False


def test_columns_may_stand_alone() -> None:
    assert step("/extract name, 'First name' city").arguments["columns"] == [
        "name",
        "First name",
        "city",
    ]


@pytest.mark.parametrize(
    ("text", "error", "message", "position"),
    [
        ("/extrat a", UnknownCommand, "did you mean '/extract'?", 0),
        ("/extract a | serch b=1", UnknownCommand, "did you mean '/search'?", 13),
        ("/extract", MissingArgument, "/extract needs 'columns', for example: /extract", None),
        ("/extract colums=a", BadArgument, "did you mean 'columns'?", 9),
        ("/extract a keep=last", BadArgument, "/extract has no argument 'keep'", 11),
        ("/extract columns=a columns=b", BadArgument, "given twice", 19),
        ("/extract a remove_duplicates=maybe", BadArgument, "neither yes nor no", 11),
        ("/dedupe a keep=lats", BadArgument, "did you mean 'last'?", 10),
        ("/dedupe a keep=zzz", BadArgument, "choose 'first' or 'last'", 10),
        ("/search", MissingArgument, "At least one search condition is required", None),
        ("/search a=1 logic=xor", BadArgument, "Logic must be either 'AND' or 'OR'", 12),
        ("/search a foo b", BadArgument, "After 'a' comes an operator", 8),
        ("/search a=1 or b=2 and c=3", BadArgument, "not by both", 19),
        ("/search x=1 a contains", BadArgument, "A value is missing after 'contains'", 12),
        ("/search a between 5", BadArgument, "come two values, as in a between 5 and", 8),
        ("/search a>1,2", BadArgument, "takes one value", 8),
        ("/search column=a operator=equls value=1", BadArgument, "did you mean 'equals'?", None),
        ("/normalize", MissingArgument, "At least one rule is required", None),
        ("/normalize email=emial", BadArgument, "did you mean 'email'?", 17),
        ("/normalize email", BadArgument, "Write 'email=rule'", 11),
        ("/normalize a=trim decimals=2", BadArgument, "none of these rules takes it", 18),
        ("/normalize a=round decimals=x", BadArgument, "'x' is not a number", 19),
        ("/normalize a=round decimals=99", BadArgument, "from 0 to 15", 19),
        ("/normalize a=date format=oops", BadArgument, "not a date format", 18),
        ("/normalize a=date format=%Q", BadArgument, "'%Q' is not a code", 18),
        ("/normalize a=regex pattern='(?=x)'", BadArgument, "look-ahead", 19),
        ("/normalize a=regex pattern='(?<!x)y'", BadArgument, "look-behind", 19),
        (r"/normalize a=regex pattern='(x)\1'", BadArgument, "a back-reference", 19),
        ("/normalize a=remove_duplicates", BadArgument, "use /dedupe", 13),
        ("/to-xlsx sheet_name='a[b'", CommandError, "cannot be the name of a sheet", 9),
        ("/search conditions=[] a=1", BadArgument, "given twice", 22),
        ("/to-xlsx output=a,b", BadArgument, "it takes one value", 9),
    ],
)
def test_mistakes_are_sentences_with_a_place(
    text: str, error: type[CommandError], message: str, position: int | None
) -> None:
    with pytest.raises(error) as found:
        interpret(text)
    assert message in found.value.message
    assert found.value.message.endswith((".", "?")) or "for example:" in found.value.message
    assert found.value.details.get("position") == position
    assert found.value.details["command"]


def test_at_most_fifty_steps() -> None:
    assert len(plan("/dedupe" + " | dedupe" * (MAX_STEPS - 1)).steps) == 50
    with pytest.raises(BadSyntax, match="at most 50 steps"):
        interpret("/dedupe" + " | dedupe" * MAX_STEPS)


@pytest.mark.parametrize(
    "text",
    [
        "/extract columns=name,email unique",
        "/search a=1 or b between 1..2 or c is empty",
        "/normalize a=date b=round,fill c=regex pattern=x replacement='<\\1>' value=0",
        "/dedupe by=a keep=last",
        "/to-xlsx sheet_name=Kunden",
    ],
)
def test_a_checked_step_can_be_checked_again(text: str) -> None:
    """A stored plan survives a retry, and what a run is given is JSON."""
    first = step(text)
    assert check_step(first.operation, first.arguments) == first


TEXTS = st.text(st.sampled_from("/|=<>!~,'\" .aé1-_[]{}:extracnomlizsdup"), max_size=50).map(
    lambda tail: tail
)


@given(
    st.sampled_from(
        ["/extract ", "/normalize ", "/search ", "/dedupe ", "/to-xlsx ", "/help ", ""]
    ),
    st.one_of(TEXTS, st.text(max_size=40)),
)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_plan_an_answer_or_a_command_error(start: str, rest: str) -> None:
    found: Plan | Answer | str
    try:
        found = interpret(start + rest)
    except CommandError as refused:
        found = refused.message
    assert found
    assert isinstance(found, (Plan, Answer, str))


def test_where_the_header_is_and_whether_it_is_a_preview() -> None:
    found = plan("/extract a header_row=3 | dedupe preview=yes sheet=all")
    assert (found.header_row, found.preview, found.sheet) == (3, True, "all")
    assert plan("/filter header_row=0 a = 1 preview=no").header_row == 0
    assert (plan("/dedupe").header_row, plan("/dedupe").preview) == (None, False)
    for wrong in ("header_row=-1", "header_row=x", "preview=maybe"):
        with pytest.raises(BadArgument):
            interpret(f"/dedupe {wrong}")
