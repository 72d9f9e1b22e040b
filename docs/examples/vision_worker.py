#!/usr/bin/env python3
"""A worker for Camfleet's jobs in Python's standard library: finds persons by their faces in the video of a job.

    apt-get install ffmpeg opencv-data
    WORKER_API_KEY=... python3 vision_worker.py --api http://localhost:8080

Looks at one picture a second, and at two while something moves. A box is the face of a person who looks towards the
camera: others are not found (why: person_detector.py). Prints a span for each step as
OpenTelemetry's console exporter does, on standard output; logs go to standard error. The protocol: docs/guides/jobs.md.
"""

import argparse
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timezone

from person_detector import MODEL, VERSION, PersonDetector

WIDTH = 240
MOST_FPS = 2
# Mean difference of two pictures, of 255, from which on something moves.
MOTION = 2.0
CLAIM_WAIT_SECONDS = 20
RETRY_SECONDS = 2


class LeaseLost(Exception):
    """The job is somebody else's now: whatever was found is thrown away."""


class Api:
    def __init__(self, url, key):
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json"}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def post(self, path, body, timeout=30):
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/vision/{path}", data, self.headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code in (404, 409):
                raise LeaseLost(error.read().decode()) from error
            raise


class Tracer:
    """Spans as `ConsoleSpanExporter` of opentelemetry-sdk prints them."""

    def __init__(self, service):
        self.service = service
        self.open = []

    @contextmanager
    def span(self, name, **attributes):
        parent = self.open[-1] if self.open else None
        trace_id = parent["trace_id"] if parent else secrets.token_hex(16)
        context = {"trace_id": trace_id, "span_id": secrets.token_hex(8)}
        self.open.append(context)
        start, status = now(), {"status_code": "UNSET"}
        try:
            yield attributes
        except BaseException as error:
            status = {"status_code": "ERROR", "description": f"{type(error).__name__}: {error}"}
            raise
        finally:
            self.open.pop()
            span = {
                "name": name,
                "context": {
                    "trace_id": f"0x{trace_id}",
                    "span_id": f"0x{context['span_id']}",
                    "trace_state": "[]",
                },
                "kind": "SpanKind.INTERNAL",
                "parent_id": f"0x{parent['span_id']}" if parent else None,
                "start_time": start,
                "end_time": now(),
                "status": status,
                "attributes": attributes,
                "events": [],
                "links": [],
                "resource": {"attributes": {"service.name": self.service}, "schema_url": ""},
            }
            print(json.dumps(span, indent=4), flush=True)


class Lease:
    """Renews a job's lease for as long as it is worked on, telling how far it is."""

    def __init__(self, api, job, options):
        self.held = {"worker_id": options.worker_id, "job_id": job["job_id"], "lease_token": job["lease_token"]}
        self.api, self.seconds = api, options.lease_seconds
        self.progress, self.checkpoint = 0.0, job.get("checkpoint")
        self.is_lost, self.ended = False, threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _renew(self):
        while not self.ended.wait(self.seconds / 3):
            beat = {**self.held, "lease_seconds": self.seconds, "progress": self.progress}
            if self.checkpoint:
                beat["checkpoint"] = self.checkpoint
            try:
                self.api.post("heartbeat", beat)
            except LeaseLost:
                self.is_lost = True
                return
            except OSError as error:
                log("heartbeat.failed", error=str(error))


def probe(url):
    """Width, height and seconds of the upright picture."""
    fields = "stream=width,height:stream_side_data=rotation:format=duration"
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", fields, "-of", "json", url]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    stream = found["streams"][0]
    turns = [side.get("rotation", 0) for side in stream.get("side_data_list", [])]
    width, height = stream["width"], stream["height"]
    if any(turn % 180 for turn in turns):
        width, height = height, width
    return width, height, float(found.get("format", {}).get("duration", 0) or 0)


def pictures(url, height, start_seconds):
    """Grey pictures, two a second, as FFmpeg streams them: nothing is kept on disk."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-ss", str(start_seconds), "-i", url]
    command += ["-vf", f"fps={MOST_FPS},scale={WIDTH}:{height},format=gray", "-f", "rawvideo", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as ffmpeg:
        try:
            index = 0
            while len(grey := ffmpeg.stdout.read(WIDTH * height)) == WIDTH * height:
                yield round((start_seconds + index / MOST_FPS) * 1000), grey
                index += 1
        finally:
            ffmpeg.kill()
    if index == 0:
        raise RuntimeError("ffmpeg read no picture of the video")


def moves(a, b):
    """Every seventh pixel tells enough."""
    sample = a[::7]
    return sum(abs(x - y) for x, y in zip(sample, b[::7])) / len(sample) > MOTION


def analyse(job, lease, detector, tracer):
    url = job["video_url"]
    with tracer.span("probe"):
        width, height, seconds = probe(url)
    scaled_height = max(2, round(WIDTH * height / width / 2) * 2)
    done = lease.checkpoint or {"timestamp_ms": -1, "frames": []}
    frames, last, skipped = list(done["frames"]), None, 0
    with tracer.span("detect", **{"video.duration_s": seconds}) as attributes:
        for timestamp_ms, grey in pictures(url, scaled_height, (done["timestamp_ms"] + 1) / 1000):
            if lease.is_lost:
                raise LeaseLost("a heartbeat was refused")
            is_between = timestamp_ms % 1000 >= 500
            if is_between and last is not None and not moves(last, grey):
                skipped += 1
                continue
            last = grey
            boxes = [{"label": "person", "part": "face", **face} for face in detector.find(grey, WIDTH, scaled_height)]
            frames.append({"timestamp_ms": timestamp_ms, "boxes": boxes})
            lease.checkpoint = {"timestamp_ms": timestamp_ms, "frames": list(frames)}
            lease.progress = min(1.0, timestamp_ms / 1000 / seconds) if seconds else 0.0
        attributes.update({"frames": len(frames), "frames.still": skipped})
    return {"frames": frames}


def work(api, job, options):
    tracer = Tracer("vision-worker")
    started = time.monotonic()
    names = {"job.id": job["job_id"], "event.id": job["event_id"], "job.attempt": job["attempt_count"]}
    with Lease(api, job, options) as lease:
        try:
            with tracer.span("job", **names):
                raw = analyse(job, lease, options.detector, tracer)
                result = {
                    **lease.held,
                    "event_id": job["event_id"],
                    "analysis_type": job["analysis_type"],
                    "duration_ms": round((time.monotonic() - started) * 1000),
                    "raw_response": raw,
                    "model": MODEL,
                    "version": VERSION,
                    "hash": hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest(),
                    "metadata": {"fps": [1, MOST_FPS], "width": WIDTH},
                }
                with tracer.span("report"):
                    api.post("result", result)
        except LeaseLost as error:
            log("job.lost", job_id=job["job_id"], reason=str(error))
        except (Exception, KeyboardInterrupt) as error:
            stops = isinstance(error, KeyboardInterrupt)
            if stops:
                log("job.released", job_id=job["job_id"])
            else:
                log("job.failed", job_id=job["job_id"], error=str(error))
            try:
                api.post("fail", {**lease.held, "error": f"{type(error).__name__}: {error}", "release": stops})
            except (LeaseLost, OSError) as lost:
                log("fail.refused", reason=str(lost))
            if stops:
                raise


def now():
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def log(event, **fields):
    print(json.dumps({"time": now(), "msg": event, **fields}), file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--api", default=os.environ.get("API_URL", "http://localhost:8080"))
    parser.add_argument("--worker-id", default=f"python-{os.getpid()}")
    parser.add_argument("--types", default="yolo_boxes", help="analysis types by comma")
    parser.add_argument("--lease-seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=0, help="end after so many; 0: never")
    options = parser.parse_args()
    options.detector = PersonDetector()
    api = Api(options.api, os.environ.get("WORKER_API_KEY"))
    claim = {
        "worker_id": options.worker_id,
        "max_jobs": 1,
        "lease_seconds": options.lease_seconds,
        "analysis_types": options.types.split(","),
    }
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    log("worker.started", worker_id=options.worker_id, api=options.api)
    done = 0
    try:
        while not options.jobs or done < options.jobs:
            try:
                jobs = api.post(f"claim?wait={CLAIM_WAIT_SECONDS}", claim, CLAIM_WAIT_SECONDS + 30)["jobs"]
            except OSError as error:
                log("claim.failed", error=str(error))
                time.sleep(RETRY_SECONDS)
                continue
            for job in jobs:
                work(api, job, options)
                done += 1
    except KeyboardInterrupt:
        log("worker.stopped")


if __name__ == "__main__":
    main()
