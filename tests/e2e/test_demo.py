"""What `make demo` leaves: a running platform, live orders, and tables that are right."""

from __future__ import annotations

import ipaddress
import time

import psutil
import pytest

from supply_chain.servers.parts import PARTS
from supply_chain.settings import PORTS
from supply_chain.supervisor import Supervisor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


def test_it_says_what_it_did(platform):
    assert platform.demo.returncode == 0, platform.demo.stdout + platform.demo.stderr
    assert "seeded" in platform.demo.stderr
    assert "differing=0" in platform.demo.stderr
    assert "forecast" in platform.demo.stderr
    assert "planned" in platform.demo.stderr
    assert "published" in platform.demo.stderr
    assert platform.settings.airflow_url in platform.demo.stdout


def test_it_streamed_the_history(platform):
    ((history,),) = platform.query("SELECT count(*) FROM order_lines WHERE order_date < '2016-01-01'")
    assert history > 20_000
    assert platform.counted() >= history


def test_every_part_is_healthy(platform):
    status = platform.command("supply_chain.stack", "status")
    assert status.returncode == 0, status.stdout
    assert status.stdout.count("healthy") == len(PARTS)
    assert "unhealthy" not in status.stdout


def test_nothing_listens_beyond_loopback(platform):
    parts = [psutil.Process(part["pid"]) for part in Supervisor(platform.settings).states().values()]
    own = {process.pid for part in parts for process in [part, *part.children(recursive=True)]}
    listening = [
        each.laddr for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN and each.pid in own
    ]
    assert {getattr(platform.settings, name) for name in PORTS} <= {address.port for address in listening}
    addresses = {ipaddress.ip_address(address.ip) for address in listening}
    # Java's sockets take both kinds of addresses, and name the one as the other.
    assert all((getattr(each, "ipv4_mapped", None) or each).is_loopback for each in addresses), addresses


def test_the_ledger_holds_while_orders_arrive(platform):
    ((before,),) = platform.query("SELECT max(produced_at) FROM recent_orders")
    platform.verify()
    ((after,),) = platform.query("SELECT max(produced_at) FROM recent_orders")
    assert after > before


def test_the_ledger_finds_what_is_wrong(platform):
    from contextlib import closing

    from supply_chain.database import DATABASE
    from supply_chain.servers.databases import connect_as_superuser

    (key,) = platform.query("SELECT ds, retailer_id, product_id FROM daily_aggregates ORDER BY ds LIMIT 1")

    def change(by: int) -> None:
        with closing(connect_as_superuser(platform.settings, DATABASE)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE daily_aggregates SET total_sales = total_sales + %s"
                " WHERE (ds, retailer_id, product_id) = (%s, %s, %s)",
                (by, *key),
            )

    change(1)
    try:
        checked = platform.command("supply_chain.ledger")
    finally:
        change(-1)
    assert checked.returncode == 1, checked.stderr
    assert f"ds={key[0]}, retailer_id={key[1]}, product_id={key[2]}" in checked.stdout
    assert "total_sales_cents is" in checked.stdout


def test_the_audit_keeps_its_verdict(platform):
    ((before,),) = platform.query("SELECT count(*) FROM ledger_checks")
    assert platform.run_dag("audit_orders") == "success"
    ((after,),) = platform.query("SELECT count(*) FROM ledger_checks")
    ((compared, differing),) = platform.query(
        "SELECT rows_compared, rows_differing FROM ledger_checks ORDER BY check_id DESC LIMIT 1"
    )
    assert after == before + 1
    assert compared > 10_000
    assert differing == 0


def test_an_order_line_is_in_the_tables_moments_after_it_was_produced(platform):
    counted = platform.counted()
    seen = []
    for _ in range(10):
        ((age,),) = platform.query("SELECT extract(epoch FROM now() - max(produced_at)) FROM recent_orders")
        seen.append(age)
        time.sleep(0.5)
    assert platform.counted() > counted
    assert sorted(seen)[len(seen) // 2] < 5


def test_psql_reads_and_cannot_write(platform):
    read = platform.command("supply_chain.stack", "psql", stdin="SELECT count(*) AS stores FROM retailers")
    assert read.stdout.splitlines()[0] == "stores"
    assert int(read.stdout.splitlines()[1]) > 0
    written = platform.command(
        "supply_chain.stack", "psql", stdin="SET default_transaction_read_only = off; DELETE FROM inventory"
    )
    assert written.returncode != 0
    assert "permission denied" in written.stderr
