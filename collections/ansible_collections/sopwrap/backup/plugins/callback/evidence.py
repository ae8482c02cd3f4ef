# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write every evidence record of a run into one file, so that a playbook run by hand proves as much as a case."""

from __future__ import annotations

DOCUMENTATION = r"""
name: evidence
type: aggregate
short_description: Write evidence records as JSON lines
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Writes each record of C(sopwrap_evidence) in any result, failed ones too, as one line of JSON.
  - The file is made with the first record, readable by its owner and group.
requirements:
  - Enable it with C(callbacks_enabled = sopwrap.backup.evidence) in C(ansible.cfg).
options:
  file:
    description: The file; by default C(evidence/TIME-PID.jsonl) below the current folder.
    type: path
    env:
      - name: SOPWRAP_EVIDENCE_FILE
    ini:
      - section: callback_evidence
        key: file
  packed:
    description:
      - A folder in which the collection's modules are kept as Ansible has packed them, for the next run.
      - Without one they are packed anew in each run, which takes almost half a second.
    type: path
    version_added: 0.1.0
    env:
      - name: SOPWRAP_PACKED
    ini:
      - section: callback_evidence
        key: packed
"""

import gc
import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible_collections.sopwrap.backup.plugins.plugin_utils.packed import Packed


class CallbackModule(CallbackBase):
    """Collects from every result of a task, whatever its outcome."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "sopwrap.backup.evidence"
    CALLBACK_NEEDS_ENABLED = True

    _path: Path | None = None
    _packed: Packed | None = None

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Have Ansible find what an earlier run has packed."""
        if folder := self.get_option("packed"):
            self._packed = Packed(folder)
            self._packed.lend()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Leave out of the search for garbage what is there by now: searching writes into memory that workers share."""
        gc.freeze()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Keep the records of a task that went well."""
        self._keep(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Keep the records of a task that failed: what was refused or went wrong is evidence, too."""
        self._keep(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Have Ansible end at once: all is written, and Python would look for garbage for a tenth of a second more."""
        if self._packed:
            self._packed.keep()
        gc.freeze()

    def _keep(self, result: Any) -> None:
        data = result.result if hasattr(result, "result") else result._result
        records = [record for one in [data, *(data.get("results") or [])] for record in _records(one)]
        if not records:
            return
        lines = "".join(json.dumps(record, sort_keys=True) + "\n" for record in records)
        descriptor = os.open(self._file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(lines)

    def _file(self) -> Path:
        """Return where the records go; decide it once for a run."""
        if self._path is None:
            stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            self._path = Path(self.get_option("file") or Path("evidence", f"{stamp}-{os.getpid()}.jsonl"))
            self._path.parent.mkdir(parents=True, exist_ok=True)
        return self._path


def _records(data: Any) -> list[dict[str, Any]]:
    return data.get("sopwrap_evidence") or [] if isinstance(data, dict) else []
