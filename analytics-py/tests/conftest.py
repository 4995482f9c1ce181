import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[2] / "analytics-core" / "tests" / "vectors"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a vector file; an empty file would make a test that cannot fail."""
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())["cases"]
    assert found, f"{name}.json holds no case"
    return found
