"""kopf does the job as its documentation teaches: an index mirrors what is needed of the pods (https://docs.kopf.dev/en/stable/indexing/), a
low-level handler is called for each event (https://docs.kopf.dev/en/stable/handlers/), a label selector filters on the server's side
(https://docs.kopf.dev/en/stable/configuration/), and ConfigMaps are written by the `kubernetes` client, off the event loop
(https://docs.kopf.dev/en/stable/async/). One document is written at a time; the events that come meanwhile share the next.
"""

import asyncio
import json
import os

import kopf
import kubernetes

NAMESPACE = os.environ["BENCH_NAMESPACE"]
APP = os.environ["BENCH_APP"]
CONFIG_MAP = os.environ["BENCH_CONFIG_MAP"]
PER_SHARD = int(os.environ["BENCH_PEERS_PER_SHARD"])  # 0: all in one ConfigMap

lock = asyncio.Lock()
dirty = False
written: dict[str, str] = {}  # by ConfigMap, the documents that are there


@kopf.on.startup()
def start(settings: kopf.OperatorSettings, **_):
    settings.watching.label_selectors["pods"] = f"app={APP}"
    kubernetes.config.load_kube_config()
    for item in kubernetes.client.CoreV1Api().list_namespaced_config_map(NAMESPACE).items:
        if item.metadata.name == CONFIG_MAP or item.metadata.name.startswith(f"{CONFIG_MAP}-"):
            written[item.metadata.name] = (item.data or {}).get("peers.json", "")


def is_peer(body: kopf.Body, **_) -> bool:
    return body.status.get("phase") == "Running" and not body.metadata.get("deletionTimestamp")


@kopf.index("pods", labels={"app": APP}, when=is_peer)
def lines(name: str, uid: str, body: kopf.Body, **_):
    line = {
        "_id": uid[:10],
        "name": name,
        "uid": uid,
        "podIP": body.status.get("podIP", ""),
        "hostIP": body.status.get("hostIP", ""),
        "nodeName": body.spec.get("nodeName", ""),
        "labels": dict(sorted(body.metadata.labels.items())),
        "seq": body.metadata.annotations.get("bench/seq", ""),
        "note": body.metadata.annotations.get("bench/note", ""),
    }
    return {name: json.dumps(line, ensure_ascii=False, separators=(",", ":"))}


@kopf.on.event("pods", labels={"app": APP})
async def changed(lines: kopf.Index, **_):
    global dirty
    dirty = True
    async with lock:
        if dirty:
            dirty = False
            for name, document in documents(lines).items():
                if written.get(name) != document:
                    await asyncio.to_thread(write, name, document)
                    written[name] = document


def documents(lines: kopf.Index) -> dict[str, str]:
    """The ConfigMaps as they should be; what is no longer needed of those that are there becomes empty."""
    ordered = [line for name in sorted(lines) for line in lines[name]]
    size = PER_SHARD or len(ordered) or 1
    chunks = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    wanted = {CONFIG_MAP if i == 0 else f"{CONFIG_MAP}-{i}": "\n".join(chunk) for i, chunk in enumerate(chunks)}
    return dict.fromkeys(written, "") | wanted


def write(name: str, document: str) -> None:
    api = kubernetes.client.CoreV1Api()
    body = {"metadata": {"name": name}, "data": {"peers.json": document}}
    if name in written:
        api.replace_namespaced_config_map(name, NAMESPACE, body)
    else:
        api.create_namespaced_config_map(NAMESPACE, body)
