"""The page of the documents: which there are, which SOP owes which, who signs. Print it with this module."""

from __future__ import annotations

from sopwrap import documents
from sopwrap.catalogue import Paper, catalogue
from tests.unit.sopwrap import built

HEAD = """# Documents

Generated from `sopwrap/templates/` and the SOPs (`python -m tests.quality.documents_page`); do not edit.

Every paper is a folder under `sopwrap/templates/` ([adding one](../adding-a-paper.md)). `sopwrap report [CASE]` makes
those of a case, `sopwrap report office` those of the office as a whole: as PDF/A-3b with the record attached, HTML,
DOCX or JSON. The same record gives the same bytes.

● a step of the SOP lists it · ○ the case can give it too · – not for this procedure · *office* made for the whole
office · *restore* made for one permit by `sopwrap restore report` · *destruction* made by `sopwrap retention report` ·
*handover* made by `sopwrap media report`.
"""
SIGNS = """
## Who signs
From left to right; a role nobody fills in a procedure has no block. Who that is follows from the procedure: `maker`
the last step that makes the paper (all lanes it was handed on through); `checker` who decides about it or receives it
in the end, else who answers for the case; `requester` who asked; `disposer` who passed the request on; `executor` who
carries out the machine's work; `waiting` who was asked for something; `acknowledger` the official the SOP names under
*mengetahui*. On papers of the office nobody is guessed: posts are printed and names left to be written, but for who
reviewed last. The minutes of a restore are signed by who did it and who permitted it. The SOP itself bears those who
put it in force.

| document | signed by | people state in it |
|---|---|---|
"""


def page() -> str:
    """The page as it has to be in docs/reference/documents.md."""
    ways = [(sop, procedure, operation) for sop, procedure, operation in built.every()]
    names = [f"{sop.id}/{procedure.id}" + (f" ({operation})" if len(procedure.operations) > 1 else "")
             for sop, procedure, operation in ways]  # fmt: skip
    cases = [built.walked(sop, procedure, operation, choose=_all(procedure)) for sop, procedure, operation in ways]
    lines = [HEAD, f"| document | title | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    for paper in catalogue().values():
        marks = [_mark(paper, case) for case in cases]
        lines.append(f"| `{paper.id}` | {paper.title.replace('{term}', '…')} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n" + SIGNS + "\n".join(_signs(paper) for paper in catalogue().values()) + "\n"


def _all(procedure: built.Procedure) -> list[str]:
    """Every branch that comes back, so that no step of a loop is left out; a refusal would end the case too soon."""
    order = [step.id for step in procedure.steps]
    edges = [(step, edge) for step in procedure.steps for edge in step.next if edge.when]
    return [edge.when for step, edge in edges if edge.max_rounds or order.index(edge.to) == order.index(step.id) + 1]


def _mark(paper: Paper, case: built.Case) -> str:
    listed = any(paper.id in step.documents for step in case.procedure.steps)
    if paper.of != "case":
        return f"● *{paper.of}*" if listed else f"*{paper.of}*"
    if listed:
        return "●"
    return "○" if paper.id in documents.available(case) else "–"


def _signs(paper: Paper) -> str:
    who = ", ".join(f"{one.role.rstrip(',')} (`{one.who}`)" for one in paper.signers) or "–"
    return f"| `{paper.id}` | {who} | {', '.join(one.label for one in paper.fields) or '–'} |"


if __name__ == "__main__":
    print(page(), end="")
