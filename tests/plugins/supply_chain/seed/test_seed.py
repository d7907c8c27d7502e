from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing

import pytest

from supply_chain.database import DATABASE, SQL_DIR, Role, connect, statement
from supply_chain.orders.recipe import ProfileName
from supply_chain.seed import SeedRefusedError, StockPolicy, audit, prepare_source, publish, seed, stage
from supply_chain.servers.databases import connect_as_superuser
from supply_chain.settings import REPOSITORY
from tests.waiting import eventually

pytestmark = pytest.mark.integration

PUBLISHED = ["products", "retailers", "locations", "customers", "order_lines", "inventory"]


def query(settings, sql, role=Role.SEEDER):
    with closing(connect(settings, role)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def execute(settings, sql, role):
    with closing(connect(settings, role)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)


def published(settings):
    """Everything that is published, table by table."""
    return {table: query(settings, f"SELECT * FROM {table} ORDER BY 1, 2") for table in PUBLISHED}


def test_every_row_becomes_an_order_line_in_replay_order(seeded, table):
    lines = query(seeded, "SELECT position, order_date, order_id, order_item_id FROM order_lines ORDER BY position")
    assert [position for position, *_ in lines] == list(range(1, len(table.rows) + 1))
    assert [line[1:] for line in lines] == sorted(line[1:] for line in lines)
    assert {line[3] for line in lines} == {int(row[table.column("Order Item Id")]) for row in table.rows}


def test_money_is_exact_to_the_cent(seeded, table):
    from decimal import ROUND_HALF_UP, Decimal

    column, cent = table.column("Order Profit Per Order"), Decimal("0.01")
    expected = sum(Decimal(row[column]).quantize(cent, ROUND_HALF_UP) for row in table.rows)
    assert query(seeded, "SELECT sum(profit) FROM order_lines") == [(expected,)]


def test_what_is_done_is_recorded_with_the_checksum(seeded, generated, table):
    import hashlib

    checksum = hashlib.sha256(generated.read_bytes()).hexdigest()
    recorded = {module: (mark, rows, bad) for module, mark, rows, bad in query(
        seeded, "SELECT module, checksum, row_count, rejected_count FROM data_gen"
    )}  # fmt: skip
    assert set(recorded) == set(PUBLISHED)
    assert recorded["order_lines"] == (checksum, len(table.rows), 0)


def test_stock_follows_demand_and_the_policy(database, generated):
    settings = database.model_copy(update={"dataset": generated})
    seed(settings, stock_policy=StockPolicy(lowest_cover=1, highest_cover=1, lead_time_days=0))
    demand = query(
        settings,
        "SELECT retailer_id, product_id, coalesce(sum(quantity) FILTER (WHERE order_status NOT IN"
        " ('CANCELED', 'SUSPECTED_FRAUD')), 0) FROM order_lines GROUP BY 1, 2 ORDER BY 1, 2",
    )
    stock = query(
        settings, "SELECT retailer_id, product_id, opening_quantity, reorder_level FROM inventory ORDER BY 1, 2"
    )
    assert [(*row, 0) for row in demand] == stock


def test_the_same_seed_gives_the_same_stock_and_another_does_not(database, generated):
    settings = database.model_copy(update={"dataset": generated})
    stock = []
    for number in (1, 1, 2):
        seed(settings, stock_policy=StockPolicy(seed=number))
        stock.append(query(settings, "SELECT * FROM inventory ORDER BY 1, 2"))
        execute(settings, statement("seed/clear"), Role.SEEDER)
    assert stock[0] == stock[1] != stock[2]


def test_seeding_again_changes_nothing(seeded):
    execute(seeded, "UPDATE inventory SET sold_quantity = 3", Role.STREAM)
    before = published(seeded)
    report = seed(seeded)
    assert not report.changed
    assert published(seeded) == before


def test_generated_orders_keep_their_profile_until_another_is_named(database):
    earlier = database.model_copy(update={"generated_orders": 200, "orders_profile": ProfileName.DATACO})
    seed(earlier)
    ((recipe,),) = query(earlier, "SELECT recipe FROM data_gen WHERE module = 'order_lines'")
    assert recipe == {"profile": "dataco", "orders": 200, "seed": 2015}
    assert not seed(earlier.model_copy(update={"orders_profile": None})).changed
    remedy = "leave DATASET empty, and set ORDERS_PROFILE=dataco, GENERATED_ORDERS=200 and GENERATOR_SEED=2015"
    with pytest.raises(SeedRefusedError, match=remedy):
        seed(earlier.model_copy(update={"orders_profile": ProfileName.BUSINESS}))
    report = seed(earlier.model_copy(update={"orders_profile": ProfileName.BUSINESS}), replace=True)
    assert report.source == "generated: 200 orders, profile business, seed 2015"


def test_the_profile_of_orders_that_were_seeded_when_there_was_one_is_known(database):
    seed(database.model_copy(update={"generated_orders": 200, "orders_profile": ProfileName.DATACO}))
    execute(
        database,
        "UPDATE data_gen SET source = 'generated: 200 orders, seed 2015', recipe = NULL WHERE module = 'order_lines'",
        Role.SEEDER,
    )
    migration = (SQL_DIR / "migrations" / "0009.generated-orders.sql").read_text()
    execute(
        database, migration[migration.index("UPDATE") : migration.index(";", migration.index("UPDATE"))], Role.SEEDER
    )
    recipes = query(database, "SELECT recipe FROM data_gen WHERE recipe IS NOT NULL")
    assert recipes == [({"profile": "dataco", "orders": 200, "seed": 2015},)]


def test_a_file_has_no_recipe(seeded):
    assert query(seeded, "SELECT count(*) FROM data_gen WHERE recipe IS NOT NULL") == [(0,)]


def test_damaged_rows_are_kept_and_good_ones_published(database, damaged, tmp_path):
    table, expected = damaged
    path = table.write(tmp_path / "damaged.csv")
    settings = database.model_copy(update={"dataset": path, "max_rejected_share": 0.1})
    report = seed(settings)
    kept = query(settings, "SELECT row_number, reason, column_name, raw_row FROM rejected_rows")
    assert {number: (reason, column) for number, reason, column, _ in kept} == expected
    assert all(raw for *_, raw in kept)
    assert report.rejected_count == 1000
    assert report.row_counts["order_lines"] == len(table.rows) - 1000


def test_too_many_damaged_rows_stop_it_and_leave_what_was_published(seeded, damaged, tmp_path):
    before = published(seeded)
    path = damaged[0].write(tmp_path / "damaged.csv")
    with pytest.raises(SeedRefusedError, match=r"1,000 of its .* MAX_REJECTED_SHARE is 5.0%") as refusal:
        seed(seeded.model_copy(update={"dataset": path}), replace=True)
    assert "100 repeated_order_item_id" in str(refusal.value)
    assert published(seeded) == before
    assert query(seeded, "SELECT count(DISTINCT reason), count(*) FROM rejected_rows") == [(10, 1000)]


@pytest.fixture
def other(seeded, table, tmp_path):
    """A deployment whose DATASET names another source than the one that is published."""
    del table.rows[3000:]
    return seeded.model_copy(update={"dataset": table.write(tmp_path / "other.csv")})


def test_another_source_is_refused(seeded, other):
    before = published(seeded)
    with pytest.raises(SeedRefusedError, match="run stop_order_stream, then seed_database with replace"):
        seed(other)
    assert published(seeded) == before


def test_another_source_is_refused_while_the_stream_runs(seeded, other):
    execute(seeded, "INSERT INTO stream_control (desired_state, changed_by) VALUES ('running', 'test')", Role.OPERATOR)
    before = published(seeded)
    with pytest.raises(SeedRefusedError, match="run stop_order_stream first"):
        seed(other, replace=True)
    assert published(seeded) == before


def test_another_source_takes_the_place_of_everything(seeded, other):
    execute(seeded, "INSERT INTO kafka_sent (topic, source_checksum, last_position, lines_acknowledged, state,"
            " lines_per_second) VALUES ('orders', 'former', 5, 5, 'stopped', 0)", Role.PRODUCER)  # fmt: skip
    report = seed(other, replace=True)
    assert report.changed
    assert query(other, "SELECT count(*), max(position) FROM order_lines") == [(3000, 3000)]
    assert query(other, "SELECT count(*) FROM kafka_sent") == [(0,)]


PUBLISH = (
    "from supply_chain import seed; from supply_chain.settings import load_settings;"
    " seed.publish(load_settings(), replace=True)"
)


@pytest.mark.parametrize("staged", ["products", "customers", "order_lines", "inventory"])
def test_a_kill_within_the_publication_leaves_the_former_state(seeded, other, staged):
    former = published(seeded)
    stage(other, prepare_source(other))
    audit(other)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'seed: publish'"
    with closing(connect_as_superuser(seeded, DATABASE)) as holder, holder.cursor() as cursor:
        # What stands before this table is published already, and all that was published before is gone.
        cursor.execute(f"BEGIN; LOCK TABLE staging.{staged} IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(
            [sys.executable, "-c", PUBLISH],
            env={**os.environ, "DATASET": str(other.dataset), "PYTHONPATH": str(REPOSITORY / "plugins")},
        )

        @eventually(60)
        def stands_within() -> None:
            assert query(seeded, f"{waiting} AND wait_event_type = 'Lock'") == [(1,)]

        stands_within()
        process.send_signal(signal.SIGKILL)
        process.wait()

    @eventually(60)
    def has_ended() -> None:
        assert query(seeded, waiting) == [(0,)]

    has_ended()
    assert published(seeded) == former
    publish(other, replace=True)
    assert len(published(seeded)["order_lines"]) == 3000
