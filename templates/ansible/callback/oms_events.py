"""Writes what happens in a play as JSON, one event a line, and nothing else."""

import json
import sys
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: oms_events
type: stdout
short_description: events of a play as JSON lines
description:
  - One line for each play and task that begins, each result of a host or of an item, and the numbers at the end.
"""

# The end of what a command has written; its beginning tells less.
KEPT_CHARACTERS = 65536


def _ending(text):
    return text if len(text) <= KEPT_CHARACTERS else text[-KEPT_CHARACTERS:]


def _secret(result):
    return bool(result.get("_ansible_no_log")) or "censored" in result


def _said(result):
    """What may be told of a result: nothing of a task with no_log."""
    if _secret(result):
        return {"message": "hidden, because secrets may be in it"}
    texts = {"message": result.get("msg"), "stdout": result.get("stdout"), "stderr": result.get("stderr")}
    if not texts["stderr"] and result.get("module_stderr"):
        texts["stderr"] = result["module_stderr"]
    exception = result.get("exception")
    if not texts["stderr"] and isinstance(exception, str) and exception != "(traceback unavailable)":
        texts["stderr"] = exception
    return {name: _ending(text) for name, text in texts.items() if isinstance(text, str) and text}


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "oms_events"

    def __init__(self):
        super().__init__()
        self._play = ""
        self._task = ""
        self._begun = {}

    def _write(self, event, **fields):
        sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
        sys.stdout.flush()

    def v2_playbook_on_play_start(self, play):
        self._play = play.get_name().strip()
        self._write("play", play=self._play)

    def _start(self, task):
        self._task = task.name or task.action
        self._write("task", play=self._play, task=self._task)

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._start(task)

    def v2_playbook_on_handler_task_start(self, task):
        self._start(task)

    def v2_runner_on_start(self, host, task):
        self._begun[host.get_name()] = time.monotonic()

    def _result(self, result, outcome, item=None):
        # Attributes were private before ansible-core 2.19.
        host = getattr(result, "host", None) or result._host
        data = getattr(result, "result", None) or result._result
        fields = {"play": self._play, "task": self._task, "host": host.get_name(), "outcome": outcome}
        if item is not None:
            fields["item"] = item
        elif host.get_name() in self._begun:
            fields["seconds"] = round(time.monotonic() - self._begun[host.get_name()], 3)
        if outcome != "skipped":
            fields.update(_said(data))
        self._write("result", **fields)

    def _item(self, result, outcome):
        data = getattr(result, "result", None) or result._result
        label = "hidden" if _secret(data) else self._get_item_label(data)
        self._result(result, outcome, item=label if isinstance(label, str) else json.dumps(label, default=str))

    @staticmethod
    def _good(result):
        data = getattr(result, "result", None) or result._result
        return "changed" if data.get("changed") else "ok"

    def v2_runner_on_ok(self, result):
        self._result(result, self._good(result))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._result(result, "ok" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result):
        self._result(result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self._result(result, "unreachable")

    def v2_runner_item_on_ok(self, result):
        self._item(result, self._good(result))

    def v2_runner_item_on_failed(self, result):
        self._item(result, "failed")

    def v2_runner_item_on_skipped(self, result):
        self._item(result, "skipped")

    def v2_playbook_on_stats(self, stats):
        names = ("ok", "changed", "failures", "unreachable", "skipped")
        hosts = {host: {name: stats.summarize(host)[name] for name in names} for host in sorted(stats.processed)}
        self._write("end", hosts=hosts)
