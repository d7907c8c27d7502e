"""Airflow as people see it: documented DAGs, a viewer who may only look, counts that grow run after run."""

from __future__ import annotations

import json

import pytest
import requests

from supply_chain.settings import REPOSITORY
from tests.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

DAG_IDS = {path.stem for path in (REPOSITORY / "dags").glob("*.py")}


@pytest.fixture
def session(platform):
    """Gives a session of Airflow's REST API to a user."""

    def log_in(user: str) -> requests.Session:
        password = platform.settings.password_of(user)
        session = requests.Session()
        answer = session.post(
            f"{platform.settings.airflow_url}/auth/token", json={"username": user, "password": password}
        )
        answer.raise_for_status()
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return session

    return log_in


def test_every_dag_has_documentation_tags_and_an_owner(platform, session):
    api, admin = f"{platform.settings.airflow_url}/api/v2", session("admin")
    assert admin.get(f"{api}/importErrors").json()["total_entries"] == 0
    dags = admin.get(f"{api}/dags").json()["dags"]
    assert {dag["dag_id"] for dag in dags} == DAG_IDS
    for dag in dags:
        assert dag["tags"]
        assert dag["owners"]
        assert not dag["is_paused"]
        assert len(admin.get(f"{api}/dags/{dag['dag_id']}/details").json()["doc_md"]) > 200


NEW_RUN = {"logical_date": None, "conf": {}}
NEW_BACKFILL = {
    "from_date": "2015-11-20T00:00:00Z", "to_date": "2015-11-20T00:00:00Z", "max_active_runs": 1, "dag_run_conf": {},
}  # fmt: skip
FOR_ADMINISTRATORS = [
    ("POST", "dags/seed_database/dagRuns", NEW_RUN),
    ("POST", "dags/order_stream/dagRuns", NEW_RUN),
    ("POST", "dags/order_stream/clearTaskInstances", {"dry_run": True}),
    ("POST", "backfills", {"dag_id": "audit_orders", **NEW_BACKFILL}),
    ("PATCH", "dags/order_stream", {"is_paused": True}),
    ("DELETE", "dags/order_stream", None),
    ("DELETE", "dags/forecast_demand", None),
    ("POST", "variables", {"key": "a", "value": "b"}),
    ("POST", "connections", {"connection_id": "a", "conn_type": "http"}),
    ("GET", "connections", None),
    ("GET", "variables", None),
]
FOR_PLANNERS = [
    ("POST", "dags/plan_replenishment/dagRuns", NEW_RUN),
    ("POST", "dags/plan_replenishment/clearTaskInstances", {"dry_run": True}),
    ("POST", "dags/forecast_demand/clearTaskInstances", {"dry_run": True}),
    ("POST", "backfills/dry_run", {"dag_id": "forecast_demand", **NEW_BACKFILL}),
]


def test_a_viewer_may_look_and_nothing_else(platform, session):
    api, viewer = f"{platform.settings.airflow_url}/api/v2", session("viewer")
    assert {dag["dag_id"] for dag in viewer.get(f"{api}/dags").json()["dags"]} == DAG_IDS
    for method, path, body in FOR_ADMINISTRATORS + FOR_PLANNERS:
        assert viewer.request(method, f"{api}/{path}", json=body).status_code == 403, path
    assert requests.get(f"{api}/dags", timeout=30).status_code == 401


def test_a_planner_may_see_all_and_forecast_and_plan_and_nothing_else(platform, session):
    api, planner = f"{platform.settings.airflow_url}/api/v2", session("planner")
    assert {dag["dag_id"] for dag in planner.get(f"{api}/dags").json()["dags"]} == DAG_IDS
    for method, path, body in FOR_ADMINISTRATORS:
        assert planner.request(method, f"{api}/{path}", json=body).status_code == 403, path
    for method, path, body in FOR_PLANNERS:
        answer = planner.request(method, f"{api}/{path}", json=body)
        assert answer.status_code == 200, (path, answer.text)
    runs = planner.get(f"{api}/dags/plan_replenishment/dagRuns", params={"order_by": "-run_after", "limit": 1}).json()
    run_id = runs["dag_runs"][0]["dag_run_id"]
    assert runs["dag_runs"][0]["triggering_user_name"] == "planner"
    assert platform.end_of("plan_replenishment", run_id) == "success"
    assert planner.delete(f"{api}/dags/plan_replenishment/dagRuns/{run_id}").status_code == 403


def test_a_planner_uses_the_same_password_for_the_dashboards(platform):
    from supply_chain.dashboards.superset_api import SupersetApi

    planner = SupersetApi(platform.settings, user="planner")
    viewer = SupersetApi(platform.settings, user="viewer")
    assert planner.get("dashboard/")["count"] == viewer.get("dashboard/")["count"] > 5


def test_a_form_has_titles_and_its_mistakes_are_told_in_words(platform, page_of):
    page = page_of("admin")
    page.goto(f"{platform.settings.airflow_url}/dags/stop_order_stream")
    page.get_by_role("button", name="Trigger").first.click()
    page.get_by_text("Longest wait, in seconds").wait_for(timeout=30_000)
    page.locator("input[name=element_wait_seconds], #element_wait_seconds input").last.fill("99999")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "dagRuns" in answer.url) as triggered:
        page.get_by_role("button", name="Trigger").last.click()
    assert triggered.value.ok, triggered.value.text()
    run_id = triggered.value.json()["dag_run_id"]
    page.close()
    assert platform.end_of("stop_order_stream", run_id) == "failed"
    (log,) = (platform.settings.state_dir / "log" / "airflow").glob(
        f"dag_id=stop_order_stream/run_id={run_id}/task_id=stop_producer/attempt=*.log"
    )
    events = [json.loads(line) for line in log.read_text().splitlines()]
    (told,) = [event for event in events if "wait_seconds" in event["event"]]
    assert "Longest wait, in seconds (wait_seconds): 99999 should be less than or equal to 7200" in told["event"]
    assert "error_detail" not in told
    assert platform.airflow.task_states("stop_order_stream", run_id)["stop_flink_job"] == "upstream_failed"


def test_counts_grow_minute_by_minute(platform):
    """The watch of order_stream records how far the counts are, while its run goes on."""

    @eventually(240, every=3)
    def three_minutes_recorded() -> list[int]:
        found = [
            counted
            for (counted,) in platform.query(
                "SELECT counted FROM stream_health WHERE observed_at > now() - interval '5 minutes'"
                " ORDER BY observed_at"
            )
        ]
        assert len(set(found)) >= 3, found
        return found

    found = three_minutes_recorded()
    assert found == sorted(found)


def test_the_pages_show_the_dags_and_lead_to_flink_and_spark(platform, page_of):
    page = page_of("viewer")
    page.goto(f"{platform.settings.airflow_url}/dags")
    for name in [dag["dag_display_name"] for dag in platform.airflow.call("GET", "/api/v2/dags")["dags"]]:
        page.get_by_role("link", name=name, exact=True).first.wait_for(timeout=30_000)
    page.goto(f"{platform.settings.airflow_url}/dags/order_stream")
    page.get_by_text("Order stream").first.wait_for(timeout=30_000)
    page.goto(platform.settings.flink_rest_url)
    page.get_by_text("inventory-stream").first.wait_for(timeout=30_000)
    page.goto(platform.settings.spark_url)
    page.get_by_text("Workers (1)").first.wait_for(timeout=30_000)
