"""Whether the collected static files are older than what they were collected from."""

from pathlib import Path

MANIFEST = "staticfiles.json"
LOCK_FILE = "requirements.lock"  # packages bring static files of their own


def static_is_current(root: Path, collected: Path) -> bool:
    """True when nothing under ``static/`` and no package has changed since ``collectstatic`` wrote its manifest."""
    manifest = collected / MANIFEST
    if not manifest.exists():
        return False
    static = root / "static"
    sources = [root / LOCK_FILE, static, *static.rglob("*")]  # folders too: they tell of files that are gone
    return max(path.stat().st_mtime for path in sources) <= manifest.stat().st_mtime
