"""From the command line's words to sources, settings, catalog and plan."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise.core.cli.output import Output
from counterpoise.core.settings import Settings, load_settings, read_toml
from counterpoise.core.settings.files import parse_override

if TYPE_CHECKING:
    from counterpoise.core.catalog.types import Catalog, Sources
    from counterpoise.core.safety.plan import Plan


@dataclass(frozen=True)
class DataRequest:
    """DATA and the options that go with it, as given."""

    data: Path | None = None
    classes: tuple[tuple[str, Path], ...] = ()
    config: Path | None = None
    overrides: tuple[str, ...] = ()
    labels: Path | None = None
    group_by: str | None = None
    cache: Path | None = None

    def settings(self) -> Settings:
        """Return the study's settings (where DATA is one), the file's on top, then the options'.

        Raises UsageError for unknown keys and values that can't be.
        """
        settings = self._of_study()
        if self.config:
            load_settings(self.config)  # says what is wrong with the file as a whole
            tables = read_toml(self.config)
            tables.pop("format_version", None)
            settings = settings.changed(
                {f"{t}.{k}": v for t, keys in tables.items() for k, v in keys.items()}
            )
        changes: dict[str, Any] = {}
        for text in self.overrides:
            key, value = parse_override(text)
            changes[key] = value
        if self.labels is not None:
            changes["data.labels"] = str(self.labels)
        if self.group_by is not None:
            changes["data.group_by"] = self.group_by
        settings = settings.changed(changes)
        if ":" in settings.data.group_by:
            from counterpoise.core.catalog.groups import compile_pattern

            compile_pattern(settings.data.group_by)  # a fault is said before anything is read
        return settings

    def _of_study(self) -> Settings:
        from counterpoise.core.study.study import is_study, open_study

        if self.data is not None and self.data.is_dir() and is_study(self.data):
            return open_study(self.data).load_settings()
        return Settings()

    def sources(self, settings: Settings) -> "Sources":
        """Return where the images lie; raises CounterpoiseError where DATA doesn't exist."""
        from counterpoise.core.catalog.sources import open_sources

        labels = Path(settings.data.labels) if settings.data.labels else None
        return open_sources(self.data, self.classes, labels)

    def cache_folder(self, sources: "Sources") -> Path:
        """Return the folder given, else the usual one of ``sources``."""
        from counterpoise.core.catalog.sources import cache_folder

        return self.cache or cache_folder(sources)

    def catalog(self, output: Output, settings: Settings) -> "Catalog":
        """Scan with a progress bar; raises CounterpoiseError where there is no image."""
        from counterpoise.core.catalog.progress import bar_of
        from counterpoise.core.catalog.scan import scan

        sources = self.sources(settings)
        with output.progress("Reading images") as move:
            return scan(
                sources,
                settings.data,
                cache=self.cache_folder(sources),
                progress=lambda step: move(*bar_of(step)),
            )

    def plan(self, output: Output, run: Path | None = None, accepted: tuple[str, ...] = ()) -> "Plan":
        """Scan, and resolve the settings for what was found."""
        from counterpoise.core.safety.plan import make_plan

        settings = self.settings()
        catalog = self.catalog(output, settings)
        cache = self.cache_folder(catalog.sources)
        return make_plan(catalog, settings, run=run, cache=cache, accepted=accepted)
