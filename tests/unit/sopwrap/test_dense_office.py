from __future__ import annotations

from sopwrap.papers.dense_office import of_destruction, of_register, of_schedule
from tests.unit.sopwrap import views


def test_every_column_says_something_of_some_asset_of_a_register() -> None:
    view = views.full()
    for name, column in of_register(view).items():
        assert any(column.words(one) for one in view.holdings), name


def test_the_result_of_a_trial_is_told_of_the_last_one() -> None:
    view = views.full()
    column = of_register(view)["trial"]
    told = {one.asset.id: column.words(one) for one in view.holdings}
    assert {name for name, words in told.items() if words == "berhasil"} == set(view.tested())
    assert "belum pernah diuji" in of_register(views.bare())["trial"].words(view.holdings[0])


def test_every_line_of_a_schedule_names_its_procedure_or_says_that_there_is_none() -> None:
    view = views.full()
    columns = of_schedule(view)
    for plan, holding in view.scheduled():
        words = columns["procedure"].words((plan, holding))
        assert (words == "belum dijadwalkan") == (plan is None)
        assert bool(columns["every"].words((plan, holding))) == (plan is not None)


def test_a_destroyed_copy_tells_why_and_one_that_is_left_what_became_of_it() -> None:
    view = views.thinned()
    columns = of_destruction(view)
    assert all("masa simpan" in columns["rule"].words(one) for one in view.done)
    assert all(columns["gone"].words(one) for one in view.done)
    assert all(columns["remainder"].words(one) for one in view.left)


def test_a_review_that_was_missed_is_told_as_one() -> None:
    view = views.full()
    column = of_register(view)["review_due"]
    missed = {id(one) for one in view.missed()}
    assert missed
    for one in view.holdings:
        assert ("lewat sejak" in column.words(one) or column.words(one) == "harus ditinjau") == (id(one) in missed)
