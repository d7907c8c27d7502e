"""Simulated receipts: each line of a plan is booked exactly once, whatever happens."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest

from supply_chain.database import Role, connect, statement
from supply_chain.replenishment import runs
from supply_chain.replenishment.planning import plan
from supply_chain.replenishment.receipts import book, book_due
from supply_chain.replenishment.runs import ReplenishmentError
from tests.plugins.supply_chain.replenishment.conftest import all_powerful, read, write_forecast
from tests.servers import environment

pytestmark = pytest.mark.integration


def make(settings, plan_id="plan", **params):
    runs.begin(settings, plan_id, {"simulate_receipts": True, **params}, triggered_by="test")
    return plan(settings, plan_id)


def received(settings):
    return read(settings, "SELECT sum(received_quantity) FROM inventory")[0][0]


def booked_as_marked(settings):
    """Whether every pair has received what its marked lines add up to, no unit more or less."""
    differing = (
        "SELECT count(*) FROM inventory LEFT JOIN (SELECT retailer_id, product_id, sum(suggested_quantity) AS quantity"
        " FROM replenishment_plan WHERE received_at IS NOT NULL GROUP BY 1, 2) AS marked"
        " USING (retailer_id, product_id) WHERE received_quantity <> coalesce(quantity, 0)"
    )
    return read(settings, differing) == [(0,)]


def test_plans_only_suggest_unless_told(forecast):
    summary = make(forecast, simulate_receipts=False)
    assert summary.suggested_units > 0
    assert read(forecast, "SELECT count(*) FROM replenishment_plan WHERE receipt_day IS NOT NULL") == [(0,)]
    assert book(forecast, summary.plan_day + timedelta(days=90)).lines == 0
    assert received(forecast) == 0


def test_orders_arrive_after_their_lead_time(forecast):
    summary = make(forecast, lead_time_days=3)
    assert book_due(forecast, "plan").lines == 0
    assert book(forecast, summary.plan_day + timedelta(days=2)).lines == 0
    booked = book(forecast, summary.plan_day + timedelta(days=3))
    assert (booked.lines, booked.units) == (summary.pairs_to_order, summary.suggested_units)
    assert received(forecast) == summary.suggested_units
    assert booked_as_marked(forecast)


def test_without_a_lead_time_the_same_run_books(forecast):
    summary = make(forecast, lead_time_days=0)
    assert book_due(forecast, "plan").units == received(forecast) == summary.suggested_units


def test_what_is_on_its_way_is_not_ordered_again(forecast):
    first = make(forecast, "first")
    second = make(forecast, "second")
    assert first.suggested_units > 0
    assert second.suggested_units == 0
    assert second.stock_outs_28_days < first.stock_outs_28_days
    on_order = read(forecast, "SELECT sum(open_receipts) FROM replenishment_plan WHERE plan_id = 'second'")
    assert on_order == [(first.suggested_units,)]
    book(forecast, first.plan_day + timedelta(days=30))
    third = make(forecast, "third")
    assert third.suggested_units == 0
    assert read(forecast, "SELECT sum(open_receipts) FROM replenishment_plan WHERE plan_id = 'third'") == [(0,)]


def test_two_plans_at_once_order_once(forecast):
    for plan_id in ("one", "other"):
        runs.begin(forecast, plan_id, {"simulate_receipts": True}, triggered_by="test")
    with ThreadPoolExecutor() as pool:
        made = list(pool.map(lambda plan_id: plan(forecast, plan_id), ["one", "other"]))
    assert sorted(summary.suggested_units > 0 for summary in made) == [False, True]


def test_booking_again_books_nothing(forecast):
    make(forecast, lead_time_days=0)
    assert book_due(forecast, "plan").units > 0
    before = received(forecast)
    assert book_due(forecast, "plan").lines == 0
    assert received(forecast) == before


def test_orders_of_several_plans_for_one_pair_arrive_together(forecast):
    first = make(forecast, "first", lead_time_days=1)
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET sold_quantity = sold_quantity + 1000")
    second = make(forecast, "second", lead_time_days=1)
    booked = book(forecast, first.plan_day + timedelta(days=1))
    assert booked.units == received(forecast) == first.suggested_units + second.suggested_units
    assert booked_as_marked(forecast)


def test_many_at_once_book_once(forecast):
    summary = make(forecast, lead_time_days=0)
    together = threading.Barrier(4)

    def booking(_):
        together.wait()
        return book(forecast, summary.plan_day)

    with ThreadPoolExecutor(4) as pool:
        booked = list(pool.map(booking, range(4)))
    assert sum(each.units for each in booked) == received(forecast) == summary.suggested_units
    assert booked_as_marked(forecast)


def test_the_stream_writes_meanwhile_and_no_unit_is_lost(forecast):
    """Upserts as those of the stream, many rows in a transaction and against the order in which receipts are booked."""
    summary = make(forecast, lead_time_days=0)
    sold = read(forecast, "SELECT retailer_id, product_id, sold_quantity FROM inventory ORDER BY 1 DESC, 2 DESC")
    done, failures = threading.Event(), []

    def stream():
        with closing(connect(forecast, Role.STREAM)) as connection, connection.cursor() as cursor:
            while not done.is_set():
                for start in range(0, len(sold), 500):
                    for retailer, product, quantity in sold[start : start + 500]:
                        try:
                            cursor.execute(
                                "INSERT INTO inventory (retailer_id, product_id, sold_quantity) VALUES (%s, %s, %s)"
                                " ON CONFLICT (retailer_id, product_id) DO UPDATE SET sold_quantity ="
                                " excluded.sold_quantity",
                                (retailer, product, quantity + 7),
                            )
                        except psycopg2.Error as error:
                            failures.append(error)
                            return
                    connection.commit()

    writer = threading.Thread(target=stream)
    writer.start()
    try:
        time.sleep(0.3)
        booked = book(forecast, summary.plan_day)
    finally:
        done.set()
        writer.join()
    assert failures == []
    assert booked.units == received(forecast) == summary.suggested_units
    assert booked_as_marked(forecast)


def test_a_kill_before_the_commit_books_nothing_and_the_next_one_all(forecast):
    """A process that is killed with everything written and nothing committed."""
    summary = make(forecast, lead_time_days=0)
    program = (
        "import sys, time\n"
        "from supply_chain.database import Role, connect, statement\n"
        "from supply_chain.settings import load_settings\n"
        "connection = connect(load_settings(), Role.FORECASTER)\n"
        "cursor = connection.cursor()\n"
        f"cursor.execute(statement('replenishment/book_receipts'), {{'day': '{summary.plan_day}'}})\n"
        "print(cursor.fetchone()[0], flush=True)\n"
        "time.sleep(20)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], env=environment(forecast), stdout=subprocess.PIPE, text=True
    )
    try:
        assert int(process.stdout.readline()) == summary.pairs_to_order
        assert received(forecast) == 0
        with pytest.raises(ReplenishmentError, match="held by other transactions"):
            book(forecast, summary.plan_day, patience_seconds=0.5)
    finally:
        process.kill()
        process.wait()
    assert book(forecast, summary.plan_day).units == received(forecast) == summary.suggested_units
    assert booked_as_marked(forecast)


def test_a_row_that_is_held_waits_and_the_others_do_not(forecast):
    summary = make(forecast, lead_time_days=0)
    held = read(
        forecast, "SELECT retailer_id, product_id FROM replenishment_plan WHERE suggested_quantity > 0 LIMIT 1"
    )[0]
    with closing(connect(forecast, Role.STREAM)) as holder, holder.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory SET sold_quantity = sold_quantity WHERE (retailer_id, product_id) = (%s, %s)", held
        )
        with closing(connect(forecast, Role.FORECASTER)) as other, other, other.cursor() as attempt:
            attempt.execute("SET LOCAL lock_timeout = '5s'")
            attempt.execute(statement("replenishment/book_receipts"), {"day": summary.plan_day})
            assert attempt.fetchone()[0] == summary.pairs_to_order - 1
        holder.commit()
    assert book(forecast, summary.plan_day).lines == 1
    assert received(forecast) == summary.suggested_units


def test_a_plan_that_is_not_made_books_nothing(forecast):
    runs.begin(forecast, "plan", {}, triggered_by="test")
    with pytest.raises(ReplenishmentError, match="plan is not complete"):
        book_due(forecast, "plan")


def test_a_plan_of_the_platforms_own_is_taken_as_ordered_where_the_settings_say_so(forecast):
    runs.begin(forecast, "own", {}, triggered_by="test", simulate_receipts=True)
    plan(forecast, "own")
    assert read(
        forecast,
        "SELECT count(*) > 10 AND bool_and(receipt_day IS NOT NULL) FROM replenishment_plan"
        " WHERE plan_id = 'own' AND suggested_quantity > 0",
    ) == [(True,)]


def test_a_what_if_of_the_platforms_own_is_not_taken_as_ordered(forecast):
    write_forecast(forecast, "what-if", baseline=False)
    run = runs.begin(forecast, "what-if", {}, triggered_by="test", announced_forecast="what-if", simulate_receipts=True)
    assert not run.parameters.simulate_receipts


@pytest.mark.parametrize(
    ("dataset", "setting", "simulated"),
    [(None, None, True), (Path("orders.csv"), None, False), (None, False, False), (Path("orders.csv"), True, True)],
)
def test_receipts_are_simulated_for_generated_orders_unless_told_otherwise(settings, dataset, setting, simulated):
    chosen = settings.model_copy(update={"dataset": dataset, "simulate_receipts": setting})
    assert chosen.receipts_are_simulated is simulated
