"""One small case for each operation, beside the plain pandas way of the same step.

Both are warm: the job's nursery has started and pandas is imported, so that a ratio is of the work
alone, a child of its own and its checks included. The tables are `people` of bench.tables.
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Frame = Any
Plain = Callable[[Frame, Frame], Any]
TEMPLATE = "UPDATE people SET city={city} WHERE name={name};"


def _types(t: Frame) -> dict[str, str]:
    import pandas as pd

    found = {}
    for name in t:
        cells = t.loc[t[name] != "", name]
        if pd.to_numeric(cells, errors="coerce").notna().all():
            found[name] = "number"
        elif pd.to_datetime(cells, errors="coerce", format="ISO8601").notna().all():
            found[name] = "date"
        else:
            found[name] = "text"
    return found


def _profile(t: Frame, _: Frame) -> Any:
    facts = {n: [int((t[n] == "").sum()), t[n].nunique(), t[n].min(), t[n].max()] for n in t}
    return {"types": _types(t), "facts": facts}


def _values(t: Frame, _: Frame) -> Any:
    return {"unique": t["city"].unique().tolist(), "counts": t["city"].value_counts().to_dict()}


def _operators(t: Frame, _: Frame) -> Any:
    return _types(t)


def _valid(t: Frame, _: Frame) -> Any:
    import pandas as pd

    amount = pd.to_numeric(t["amount"], errors="coerce")
    email = t["email"].str.match(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    return t[email & amount.between(0, 500)]


def _normalised(t: Frame, _: Frame) -> Any:
    import pandas as pd

    return t.assign(
        email=t["email"].str.strip().str.lower(),
        name=t["name"].str.title(),
        joined=pd.to_datetime(t["joined"], errors="coerce").dt.strftime("%Y-%m-%d"),
    )


def _summarised(t: Frame, _: Frame) -> Any:
    import pandas as pd

    return (
        t.assign(amount=pd.to_numeric(t["amount"])).groupby("city")["amount"].agg(["size", "sum"])
    )


def _differences(t: Frame, u: Frame) -> Any:
    both = t.merge(u, on="id", how="outer", indicator=True, suffixes=("", "_2"))
    changed = both[[f"{n}_2" for n in t if n != "id"]].to_numpy() != (
        both[[n for n in t if n != "id"]].to_numpy()
    )
    return both[changed.any(axis=1)]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if text else "NULL"


def inserts(t: Frame, _: Frame = None) -> str:
    columns = ", ".join(f'"{name}"' for name in t.columns)
    return "\n".join(
        f"INSERT INTO people ({columns}) VALUES ({', '.join(map(_literal, row))});"
        for row in t.itertuples(index=False)
    )


def _filled(t: Frame, _: Frame) -> Any:
    return "\n".join(
        TEMPLATE.replace("{city}", _literal(row.city)).replace("{name}", _literal(row.name))
        for row in t.itertuples(index=False)
    )


def _wrapped(t: Frame, _: Frame) -> Any:
    rows = t.itertuples(index=False)
    return json.dumps([{"who": row.name, "paid": float(row.amount)} for row in rows], indent=2)


PLAIN: Mapping[str, tuple[str, Plain]] = {
    "excel/info": ("/info", lambda t, _: {"rows": len(t), "columns": _types(t)}),
    "describe": ("/describe", _profile),
    "excel/extract-columns": ("/values city", _values),
    "excel/search/suggest-operators": ("/operators", _operators),
    "validate": ("/validate email=email amount=number,range:0..500", _valid),
    "excel/extract-columns-to-file": (
        "/extract name,email,city",
        lambda t, _: t[["name", "email", "city"]],
    ),
    "drop-columns": ("/drop notes", lambda t, _: t.drop(columns="notes")),
    "excel/map-columns": (
        "/map who=name town=city",
        lambda t, _: t[["name", "city"]].rename(columns={"name": "who", "city": "town"}),
    ),
    "rename-columns": ("/rename name=who", lambda t, _: t.rename(columns={"name": "who"})),
    "split-column": (
        "/split name into=first,last",
        lambda t, _: t.join(t["name"].str.split(" ", n=1, expand=True)),
    ),
    "concatenate-columns": (
        "/concat name,city into=place by=', '",
        lambda t, _: t.assign(place=t["name"] + ", " + t["city"]),
    ),
    "sort": (
        "/sort amount desc",
        lambda t, _: t.sort_values("amount", key=lambda c: c.astype(float), ascending=False),
    ),
    "sample": ("/sample 500", lambda t, _: t.sample(500)),
    "summarise": ("/summarise city sum=amount", _summarised),
    "filter": (
        "/filter amount * 1.19 > 100",
        lambda t, _: t[t["amount"].astype(float) * 1.19 > 100],
    ),
    "excel/search": (
        "/search city=Berlin amount>100",
        lambda t, _: t[(t["city"] == "Berlin") & (t["amount"].astype(float) > 100)],
    ),
    "normalization/apply": (
        "/normalize email=email_format name=title_case joined=date_format",
        _normalised,
    ),
    "deduplicate": ("/dedupe by=email", lambda t, _: t.drop_duplicates("email")),
    "diff": ("/diff with=other.csv on=id", _differences),
    "excel/bind-single-key": (
        "/drop notes | join with=other.csv on=id columns=notes",
        lambda t, u: t.drop(columns="notes").merge(u[["id", "notes"]], on="id", how="left"),
    ),
    "file/bind": ("/paste notes=notes from=other.csv", lambda t, u: t.assign(notes=u["notes"])),
    "file/bind-preview": (
        "/paste-preview notes=notes from=other.csv",
        lambda t, u: [len(t), len(u), list(u)],
    ),
    "csv/convert-to-excel": ("/to-xlsx", lambda t, _: ("xlsx", t)),
    "excel/convert-to-csv": ("/to-csv", lambda t, _: t),
    "json/generate": ("/to-json", lambda t, _: t.to_json(orient="records", indent=2)),
    "json/generate-with-template": (
        '/json-template template={"who": "{name}", "paid": "{amount:float}"}',
        _wrapped,
    ),
    "sql/generate": ("/to-sql table=people", inserts),
    "sql/generate-to-text": ("/to-sql-text table=people", inserts),
    "sql/generate-custom-to-text": (f'/sql-template template="{TEMPLATE}"', _filled),
}


@dataclass(frozen=True)
class Pace:
    job: float
    plain: float

    @property
    def ratio(self) -> float:
        return self.plain / self.job


def read(path: Path) -> Frame:
    import pandas as pd

    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def plainly(operation: str, source: Path, other: Path, folder: Path) -> None:
    """As a program would that does only this."""
    step = PLAIN[operation]
    second = read(other) if "other.csv" in step[0] else None
    made = step[1](read(source), second)
    kind, made = made if isinstance(made, tuple) else (source.suffix[1:], made)
    if hasattr(made, "to_csv") and kind == "xlsx":
        made.to_excel(folder / "plain.xlsx", index=False, engine="openpyxl")
    elif hasattr(made, "to_csv"):
        made.to_csv(folder / "plain.csv", index=False)
    else:
        text = made if isinstance(made, str) else json.dumps(made)
        (folder / "plain.txt").write_text(text)


def as_a_job(operation: str, source: Path, other: Path, folder: Path) -> None:
    from chat_bridge.model import Plan, Run, Source
    from chat_bridge.worker import child
    from chat_bridge.workflow.plan import interpret

    plan = interpret(PLAIN[operation][0])
    assert isinstance(plan, Plan)
    files = {"other.csv": Source(other, "other.csv"), source.name: Source(source, source.name)}
    run = Run(plan, Source(source, source.name), folder, files)
    child.run_in_child(run, lambda _progress: None, lambda: False)


def paces(operation: str, source: Path, other: Path, rounds: int) -> Pace:
    """Medians; the two take turns."""
    taken: dict[Callable[..., None], list[float]] = {as_a_job: [], plainly: []}
    for _ in range(rounds):
        for way, seconds in taken.items():
            with TemporaryDirectory() as folder:
                started = time.perf_counter()
                way(operation, source, other, Path(folder))
                seconds.append(time.perf_counter() - started)
    return Pace(*(statistics.median(seconds) for seconds in taken.values()))


def compare(folder: Path, rows: int, rounds: int, make: Callable[[Path, int], None]) -> list[str]:
    """Prints a line for each operation; the names of those that are slower than the plain way."""
    from chat_bridge.worker import child

    source, other, tiny, few = (
        folder / f"{name}.csv" for name in ("steps", "other", "tiny", "few")
    )
    make(source, rows)
    make(other, rows)
    make(tiny, 10)
    make(few, rows // 10)
    child.warm_up()
    try:
        begun = paces("deduplicate", tiny, other, max(rounds, 5)).job
        print(f"start of a step: {begun * 1000:.0f} ms (goal 100)")
        print(f"\n{'operation':<34}{'rows':>9}{'job s':>9}{'plain s':>9}{'ratio':>8}")
        slower = []
        for operation in PLAIN:
            # openpyxl takes a minute where the others take a second: a tenth of the rows for it.
            pace = paces(operation, few if "xlsx" in PLAIN[operation][0] else source, other, rounds)
            verdict = "" if pace.ratio >= 1 else "  NO"
            slower += [operation] if verdict else []
            print(
                f"{operation:<34}{rows:>9,}{pace.job:>9.3f}{pace.plain:>9.3f}"
                f"{pace.ratio:>7.1f}x{verdict}",
                flush=True,
            )
    finally:
        child.shut_down()
    return slower + (["start"] if begun > 0.1 else [])
