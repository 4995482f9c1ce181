"""Link an account, let its history arrive, and read it with pandas or polars.

Starts the simulator and a server of its own, walks through the consent as a browser would, waits
until everything is collected, then opens the store and compares a report with what the platform
knows. Needs the `analytics` binary and the package (`make py`).
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from decimal import Decimal
from pathlib import Path
from typing import Any

import analytics_py as an

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("ANALYTICS_BINARY", str(ROOT / "target" / "debug" / "analytics"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(url: str) -> Any:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


class Browser:
    """Keeps the session's cookie and sends the origin, as a browser does."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def call(self, path: str, body: object | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Origin": self.origin, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.origin}/api/v1{path}", data=data, headers=headers)
        with self.opener.open(request) as answer:
            return json.load(answer)

    def consent(self, page: str) -> str:
        """Presses "Continue" on the platform's consent page; where it ends up."""
        form = urllib.parse.urlencode({"decision": "allow"}).encode()
        with self.opener.open(urllib.request.Request(page, data=form)) as answer:
            return str(answer.geturl())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        vendor, app = free_port(), free_port()
        database = f"sqlite://{folder}/analytics.db"
        simulator = subprocess.Popen([BINARY, "simulator", "--port", str(vendor)], stdout=subprocess.DEVNULL)
        settings = get(f"http://localhost:{vendor}/_env") | {
            "DATABASE_URL": database,
            "ANALYTICS_SYNC_UPPER_HISTORY_DAYS": "120",
            "ANALYTICS_SYNC_LOWER_HISTORY_DAYS": "30",
            "ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL": "20ms",
            "ANALYTICS_FACEBOOK_ADS_REQUESTS_PER_SECOND": "1000",
        }
        server = subprocess.Popen(
            [BINARY, "serve", "--listen", f"127.0.0.1:{app}"],
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            run(Browser(f"http://127.0.0.1:{app}"), server, vendor, database)
        finally:
            for process in (server, simulator):
                process.terminate()
                process.wait(timeout=20)


def run(browser: Browser, server: subprocess.Popen[str], vendor: int, database: str) -> None:
    assert server.stdout is not None
    token = next(found[1] for line in server.stdout if (found := re.search(r"/setup\?token=(\S+)", line)))
    browser.call(
        "/setup",
        {
            "token": token,
            "name": "Mika",
            "email": "mika@example.com",
            "password": "correct horse battery",
            "workspace": "Aoyama Tea",
            "time_zone": "Asia/Tokyo",
            "language": "en",
        },
    )
    page = browser.call("/connect/meta", {"platforms": ["facebook_ads"]})["authorize_url"]
    grant = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.consent(page)).query)["grant"][0]
    found = browser.call(f"/grants/{grant}/accounts")["accounts"][0]
    chosen = {"platform": found["platform"], "external_id": found["external_id"]}
    account = browser.call("/accounts", {"grant": grant, "accounts": [chosen]})["accounts"][0]
    while account["sync"]["backfilling"]:
        print(f"{account['name']}: {account['sync']['progress']:.0%}")
        time.sleep(1)
        account = browser.call(f"/accounts/{account['id']}")

    with an.Store(database) as store:
        report = store.report(metrics=["spend", "clicks", "ctr"], range="last_30_days", grain="week", compare="previous_period")
        print(report)
        print(report.totals.to_polars())
        print(report.series.to_pandas().head())
        answer = report.to_dict()
    span = answer["query"]["range"]
    ask = f"level=account&metric=spend&start={span['start']}&end={span['end']}"
    with urllib.request.urlopen(f"http://localhost:{vendor}/_truth/facebook_ads/{found['external_id']}?{ask}") as rows:
        known = sum(Decimal(json.loads(row)["value"]) for row in rows)
    shown = answer["totals"][0]["totals"]["spend"]["current"]["value"]
    assert shown == float(known), f"the report says {shown}, the platform knows {known}"
    print(f"spend of the last 30 days: {known} {account['currency']}, as the platform knows it")


if __name__ == "__main__":
    main()
