"""Whether the collected static files are older than what they were collected from."""

from pathlib import Path

MANIFEST = "staticfiles.json"
DECIDING = ("requirements.lock", "portal/settings.py")  # what collects, and whose files


def static_is_current(root: Path, collected: Path) -> bool:
    """True when nothing under ``static/``, no package and no setting has changed since ``collectstatic`` ran."""
    manifest = collected / MANIFEST
    if not manifest.exists():
        return False
    static = root / "static"
    sources = [
        *(root / name for name in DECIDING),
        static,
        *static.rglob("*"),
    ]  # folders too: they tell of files that are gone
    return max(path.stat().st_mtime for path in sources) <= manifest.stat().st_mtime
