"""A real S3 server (OpenStack Swift and its S3 API) for tests: swift-server.py DIRECTORY PORT ACCESS_KEY SECRET.

Proxy, account, container and object server in one process on loopback; the bytes of objects stay in memory. It checks
signatures (SigV4), what they are for and until when; the account is the part of the access key before the colon.
"""
import sys

import eventlet

eventlet.patcher.monkey_patch(all=False, socket=True, select=True, thread=True)

from eventlet import listen, wsgi  # noqa: E402
from swift.common import storage_policy, utils  # noqa: E402

directory, port, access_key, secret = sys.argv[1:5]
utils.HASH_PATH_SUFFIX = utils.HASH_PATH_PREFIX = b"camfleet"
utils.SWIFT_CONF_FILE = f"{directory}/swift.conf"
storage_policy.reload_storage_policies()

from swift.account import server as account  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402
from swift.container import server as container  # noqa: E402
from swift.obj import mem_server  # noqa: E402

HOST = "127.0.0.1"
CONF = {"devices": directory, "swift_dir": directory, "mount_check": "false", "log_level": "ERROR"}
PIPELINE = f"""
[DEFAULT]
swift_dir = {directory}
log_level = ERROR
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
node_timeout = 60
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
max_upload_part_num = 10000
allowable_clock_skew = 900
[filter:tempauth]
use = egg:swift#tempauth
user_{access_key.replace(":", "_")} = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


class Cache:
    """In the place of memcached, which Swift's log-in asks for. It keeps nothing: every question is asked anew."""

    def get(self, *_, **__):
        return None

    def set(self, *_, **__):
        pass

    def delete(self, *_, **__):
        pass


class Silent:
    def write(self, *_):
        pass

    def flush(self):
        pass


def with_cache(app):
    cache = Cache()

    def answer(environ, start_response):
        environ["swift.cache"] = cache
        return app(environ, start_response)

    return answer


def serve(socket, app):
    return eventlet.spawn(wsgi.server, socket, app, Silent(), debug=False)


def ring(name, backend_port):
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    device = {"region": 1, "zone": 1, "ip": HOST, "port": backend_port, "device": "disk", "weight": 1}
    builder.add_dev(device)
    builder.rebalance()
    builder.get_ring().save(f"{directory}/{name}.ring.gz")


backends = {
    "account": account.AccountController,
    "container": container.ContainerController,
    "object": mem_server.ObjectController,
}
sockets = {name: listen((HOST, 0)) for name in backends}
for name, socket in sockets.items():
    ring(name, socket.getsockname()[1])
for name, make in backends.items():
    serve(sockets[name], make(CONF))
with open(f"{directory}/proxy.conf", "w") as file:
    file.write(PIPELINE)
proxy = serve(listen((HOST, int(port)), backlog=256), with_cache(loadapp(f"{directory}/proxy.conf")))
print("listening on", port, flush=True)
proxy.wait()
