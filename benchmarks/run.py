"""Runs the benchmarks and writes RESULTS.md: `python -m benchmarks.run [NAME …] [--quick] [--out DIR]`.

Each benchmark's figures are kept in DIR/results/NAME.json, so one may be run again without the others.
"""

import argparse
import importlib
import json
import os
import platform
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.public_data import PUBLIC_DATA

BENCHMARKS = (
    "reproduce",
    "closed_honesty",
    "mixed_data",
    "single_question",
    "typing_tool",
    "tracking",
    "blind_k",
    "honesty",
    "real_input",
    "coding",
    "speed",
    "scale",
    "chat_load",
    "chat_mixed",
    "taps",
)
WITHOUT_DATA = ("closed_honesty", "tracking", "mixed_data", "scale", "chat_load", "chat_mixed", "taps")
PACKAGES = ("streamlit", "scikit-learn", "torch", "sentence-transformers", "numpy", "pandas", "bertopic", "umap-learn")
HERE = Path(__file__).parent


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text() if cpuinfo.exists() else ""
    model = next((line.split(":")[1].strip() for line in flags.splitlines() if line.startswith("model name")), "")
    return {
        "processor": f"{model or platform.processor()}, {os.cpu_count()} cores"
        + (", AVX512-BF16" if "avx512_bf16" in flags else ""),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def measure(name: str, quick: bool) -> dict[str, Any]:
    """Run one benchmark and return its figures with when, where and how long."""
    started = time.time()
    found = importlib.import_module(f"benchmarks.{name}").figures(quick)
    return {
        "name": name,
        "date": time.strftime("%Y-%m-%d"),
        "minutes": round((time.time() - started) / 60, 1),
        "quick": quick,
        "machine": machine(),
        "figures": found,
    }


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(shown(row.get(column, "")) for column in columns) + " |"
    yield ""


def section(figures: dict[str, Any], level: int) -> Iterator[str]:
    """Yield Markdown lines: scalars as a list, lists of dicts as tables, dicts as subsections."""
    scalars = {key: value for key, value in figures.items() if not isinstance(value, dict | list)}
    yield from (f"- {key}: {shown(value)}" for key, value in scalars.items())
    if scalars:
        yield ""
    for key, value in figures.items():
        if key in scalars:
            continue
        yield f"{'#' * level} {key}\n"
        if isinstance(value, dict):
            yield from section(value, level + 1)
        elif value and isinstance(value[0], dict):
            yield from table(value)
        else:
            yield ", ".join(map(shown, value)) + "\n"


def render(results: list[dict[str, Any]]) -> str:
    """Return RESULTS.md as text."""
    lines = ["# Benchmark results\n", "Written by `make bench`; not edited by hand. Data: public sets, not included.\n"]
    for result in results:
        figures = dict(result["figures"])
        lines += [f"## {result['name']}\n", f"{figures.pop('about', '')}\n"]
        where = result["machine"]
        short = ", short form" if result["quick"] else ""
        lines.append(
            f"{result['date']}{short}, {result['minutes']} min. {where['processor']}; {where['system']}; "
            f"{where['packages']}.\n"
        )
        bars = figures.pop("bars", [])
        if bars:
            lines += table(bars)
        lines += section(figures, 3)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="a short form, to see that it runs")
    parser.add_argument("--out", type=Path, default=HERE, help="where RESULTS.md and results/ are written")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"unknown benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    store = options.out / "results"
    store.mkdir(parents=True, exist_ok=True)
    for name in options.names or BENCHMARKS:
        if name not in WITHOUT_DATA and not PUBLIC_DATA.is_dir():
            print(f"{name}: left out, because there are no public sets in {PUBLIC_DATA}.")
            continue
        print(f"{name} …", flush=True)
        result = measure(name, options.quick)
        (store / f"{name}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    kept = [store / f"{name}.json" for name in BENCHMARKS if (store / f"{name}.json").exists()]
    results = [json.loads(path.read_text(encoding="utf-8")) for path in kept]
    (options.out / "RESULTS.md").write_text(render(results), encoding="utf-8")
    print(options.out / "RESULTS.md")


if __name__ == "__main__":
    main()
