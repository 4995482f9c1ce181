"""Reading a store. What is in it is checked against the simulator by the Python example."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import analytics_py as an

STORE = Path(__file__).resolve().parents[2] / "analytics-core" / "tests" / "fixtures" / "stores" / "0.1.0.db"


@pytest.fixture
def store(tmp_path: Path) -> an.Store:
    copy = tmp_path / "store.db"
    copy.write_bytes(STORE.read_bytes())
    return an.Store(f"sqlite://{copy}")


def test_a_database_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(an.NotFoundError, match="nothing.db"):
        an.Store(f"sqlite://{tmp_path}/nothing.db")


def test_an_unknown_scheme_is_said_so() -> None:
    with pytest.raises(an.InvalidQueryError, match="sqlite"):
        an.Store("mysql://localhost/analytics")


def test_every_table_is_a_frame(store: an.Store) -> None:
    accounts = store.accounts().to_polars()
    assert accounts.height >= 1
    assert store.entities().height >= accounts.height
    assert "roas" in store.metrics().to_polars()["metric"]
    assert set(store.facts(level="campaign").to_polars()["account"]) == set(accounts["account"])
    assert store.coverage().columns[:3] == ["account", "level", "feed"]


def test_a_report_reads_what_facts_holds(store: an.Store) -> None:
    facts = store.facts(level="campaign").to_polars()
    assert facts.height > 0
    metric = facts["metric"][0]
    of_metric = facts.filter(facts["metric"] == metric)
    span = {"start": of_metric["date"].min(), "end": of_metric["date"].max()}
    report = store.report(metrics=[metric], range=span, level="campaign", complete_through=span["end"]).to_dict()
    total = report["totals"][0]["totals"][metric]["current"]["value"]
    assert total == pytest.approx(of_metric["value"].sum(), rel=1e-12)


def test_a_closed_store_says_so(store: an.Store) -> None:
    store.close()
    with pytest.raises(an.StorageError, match="closed"):
        store.accounts()


def test_a_forked_child_is_told_what_to_do(store: an.Store) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            store.accounts()
            answer = b"no error"
        except an.StorageError as error:
            answer = str(error).encode()
        os.write(writer, answer)
        os._exit(0)
    os.waitpid(child, 0)
    assert b"forked" in os.read(reader, 1000)


def test_an_unknown_name_is_refused(store: an.Store) -> None:
    with pytest.raises(an.UnknownNameError, match="spend"):
        store.facts(metrics=["spent"])
    with pytest.raises(an.UnknownNameError, match="campaign"):
        store.facts(level="campain")
