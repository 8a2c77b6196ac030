"""The demo as people see it: a live view on a terminal, lines elsewhere, and a summary."""

from statistics import quantiles

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from simulator.reps import Worked
from simulator.run import Run

SHOWN = 8


def view(run: Run, lag: int | None) -> Group:
    """The whole screen: the way of the leads, and what the queue gave to whom, and why."""
    return Group(_counts(run, lag), _queue(list(run.worked)[-SHOWN:]))


def _counts(run: Run, lag: int | None) -> Panel:
    row = Table.grid(expand=True)
    for _ in counted(run):
        row.add_column(justify="center")
    row.add_row(*(f"[dim]{name}[/]\n[bold]{number}[/]" for name, number in counted(run)))
    behind = "?" if lag is None else f"{lag}"
    return Panel(row, title="leads", subtitle=f"records not yet folded: {behind}")


def _queue(worked: list[Worked]) -> Table:
    table = Table(title="queue: the one next lead, and why", expand=True)
    for column in ("rep", "lead", "activity", "why this one", "ended with"):
        table.add_column(column, overflow="fold")
    for one in reversed(worked):
        table.add_row(one.rep_id, who(one), doing(one), why(one), one.result_code)
    return table


def counted(run: Run) -> list[tuple[str, int]]:
    """The stations of a lead's way, and how many passed each."""
    tally = run.tally.own()
    return [
        ("received", run.sent.total()),
        ("entered", len(tally.entered)),
        ("touched", len(tally.first_touch)),
        ("qualified", len(tally.qualified)),
        ("handed off", len(tally.handoffs)),
        ("acknowledged", len(tally.answered)),
    ]


def line(one: Worked) -> str:
    """One touch as a line, for output that no terminal shows."""
    return f"{one.rep_id}: {who(one)} · {doing(one)} · {why(one)} → {one.result_code}"


def who(one: Worked) -> str:
    """The person, as the rep sees it."""
    person = one.claim["lead"]["person"]
    return f"{person.get('first_name', '')} {person.get('last_name', '')}".strip() or "(no name)"


def doing(one: Worked) -> str:
    """The recommended activity."""
    activity = one.claim["activity"]
    return f"{activity['activity']} ({activity['step']}/{activity['steps']})"


def why(one: Worked) -> str:
    """The queue's reason, in its own words."""
    return str(one.claim["why"]["words"])


def summarise(console: Console, run: Run, seconds: float) -> None:
    """Prints what happened, and whether the books balance."""
    console.print(f"\n[bold]After {seconds:.0f} s[/]")
    by_sender = ", ".join(f"{count} {name}" for name, count in sorted(run.sent.items()))
    for name, number in counted(run):
        note = f"  ({by_sender})" if name == "received" else ""
        console.print(f"  {name:<13}{number:>6}{note}")
    waits = run.tally.own().speed_to_lead()
    if len(waits) > 1:
        cuts = quantiles(waits, n=20)
        console.print(f"  speed-to-lead p50 {cuts[9]:.1f} s, p95 {cuts[18]:.1f} s")
    books = run.reconciliation()
    verdict = "[green]the books balance[/]" if books.holds else "[red]THE BOOKS DO NOT BALANCE[/]"
    console.print(f"  {books}\n  {verdict}")
