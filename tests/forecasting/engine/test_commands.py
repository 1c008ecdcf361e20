"""``python -m forecasting.engine crowd`` and ``hotel`` on invented files."""

import gzip

import pandas as pd
import pytest

from forecasting.engine.__main__ import REFUSED, main
from forecasting.engine.files import LEVEL_COLUMNS
from tests.forecasting.pledging import booked_rows, finished_campaigns

UNSEEN = ["final_amount", "final_backers", "reached_goal"]


def write(folder, name, frame):
    frame.to_csv(folder / f"{name}.csv.gz", index=False)


@pytest.fixture
def crowd(tmp_path):
    campaigns, daily = finished_campaigns(40)
    write(tmp_path, "train_campaigns", campaigns.iloc[:32])
    write(tmp_path, "train_daily", daily[daily["id"].isin(campaigns["id"].iloc[:32])])
    query = campaigns.iloc[32:].drop(columns=UNSEEN).rename(columns={"id": "uid"})
    query["cut"] = (query["days"] // 4).clip(lower=1)
    known = daily.rename(columns={"id": "uid"}).merge(query[["uid", "cut"]], on="uid")
    write(tmp_path, "query", query)
    write(tmp_path, "query_daily", known[known["day"] < known["cut"]])
    (tmp_path / "truth.csv.gz").write_bytes(b"never read")
    return tmp_path


@pytest.fixture
def hotel(tmp_path):
    rows = booked_rows(60)
    late = rows["due_date"] >= "2025-02-15"
    write(tmp_path, "train_rows", rows[~late])
    write(tmp_path, "query", rows[late].drop(columns="y_rooms"))
    return tmp_path


def run(command, folder, out="f.csv"):
    path = folder / out
    where = ["--train", str(folder), "--query", str(folder), "--out", str(path)]
    return main([command, *where]), path


def edit(folder, name, change):
    path = folder / f"{name}.csv.gz"
    write(folder, name, change(pd.read_csv(path)))


def test_crowd_answers_every_query_twice_and_says_what_it_took(crowd, capsys):
    code, path = run("crowd", crowd)

    rows = pd.read_csv(path)
    flexible = [f"amount|c{number:04d}" for number in (35,)]
    assert code == 0
    assert list(rows.columns) == ["uid", *LEVEL_COLUMNS, "p_success"]
    assert sorted(rows["uid"].str.split("|").str[0].unique()) == ["amount", "backers"]
    assert len(rows) == 16
    assert rows.loc[
        rows["p_success"].isna() & rows["uid"].str.startswith("am"), "uid"
    ].tolist() == (flexible)
    said = capsys.readouterr().out
    assert "16 rows" in said
    assert " s CPU), peak " in said


def test_crowd_gives_the_same_bytes_again_whatever_comes_after_the_cutoff(crowd):
    first = run("crowd", crowd, "1.csv.gz")[1].read_bytes()

    def later(daily):
        more = daily.drop_duplicates("uid").assign(day=daily["cut"] + 1, backers=99, amount=1e6)
        return pd.concat([daily, more]).sample(frac=1, random_state=1)

    edit(crowd, "query_daily", later)
    again = run("crowd", crowd, "2.csv.gz")[1].read_bytes()

    assert gzip.decompress(first) == gzip.decompress(again)


def test_hotel_answers_every_query(hotel):
    code, path = run("hotel", hotel)

    rows = pd.read_csv(path)
    assert code == 0
    assert list(rows.columns) == ["uid", *LEVEL_COLUMNS]
    assert rows["uid"].tolist() == pd.read_csv(hotel / "query.csv.gz")["uid"].tolist()


def test_hotel_says_the_same_of_a_due_date_whatever_stands_on_later_ones(hotel):
    whole = pd.read_csv(run("hotel", hotel, "1.csv")[1], dtype=str).set_index("uid")
    edit(hotel, "query", lambda rows: rows[rows["due_date"] < "2025-02-22"])

    fewer = pd.read_csv(run("hotel", hotel, "2.csv")[1], dtype=str).set_index("uid")

    assert 0 < len(fewer) < len(whole)
    assert fewer.equals(whole.loc[fewer.index])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "train_campaigns",
            lambda rows: rows.assign(goal=rows["goal"].where(rows.index != 3, 0)),
            "train_campaigns.csv.gz, row 5, column goal: '0.0' is not a number",
        ),
        (
            "train_campaigns",
            lambda rows: pd.concat([rows, rows.iloc[:1]]),
            "train_campaigns.csv.gz, row 34, column id: stands twice",
        ),
        (
            "train_campaigns",
            lambda rows: rows.iloc[:0],
            "train_campaigns.csv.gz, row 2, column id: no campaign",
        ),
        (
            "train_daily",
            lambda rows: rows.assign(id=rows["id"].where(rows.index != 0, "moon")),
            "train_daily.csv.gz, row 2, column id: belongs to no campaign",
        ),
        (
            "query",
            lambda rows: rows.assign(cut=rows["days"] + 1),
            "query.csv.gz, row 2, column cut: is larger than days",
        ),
        (
            "query",
            lambda rows: rows.assign(launch_date="yesterday"),
            "query.csv.gz, row 2, column launch_date: 'yesterday' is not a date",
        ),
        (
            "query_daily",
            lambda rows: rows.assign(amount=-1),
            "query_daily.csv.gz, row 2, column amount: '-1' is not a number",
        ),
        (
            "query_daily",
            lambda rows: rows.drop(columns="backers"),
            "query_daily.csv.gz, row 1, column backers: is missing",
        ),
    ],
)
def test_a_bad_row_is_refused_by_its_place(crowd, capsys, name, change, said):
    edit(crowd, name, change)

    code, path = run("crowd", crowd)

    assert code == REFUSED
    assert said in capsys.readouterr().err
    assert not path.exists()


def test_more_on_the_books_than_was_ever_booked_is_refused(hotel, capsys):
    edit(hotel, "query", lambda rows: rows.assign(net=rows["gross"] + 1))

    assert run("hotel", hotel)[0] == REFUSED
    assert "query.csv.gz, row 2, column net: is larger than gross" in capsys.readouterr().err
