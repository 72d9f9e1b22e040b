"""RTSP cameras by gst-rtsp-server: /cam1 ... /camN play one MP4 file. For the tests, on loopback alone.

    gst_rtsp_server.py FILE.mp4 COUNT [USER PASSWORD]

Prints "listening on PORT". Takes one order a line: "kick" ends every session once, "down" also refuses
new ones, "up" lets them in again. Each order is answered by "done ORDER".
"""

import sys
from threading import Thread

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

ROLE = "viewer"
RIGHTS = ("media.factory.access", "media.factory.construct")


def camera(path, guarded):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f'( filesrc location="{path}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )'
    )
    if guarded:
        permissions = GstRtspServer.RTSPPermissions()
        for right in RIGHTS:
            permissions.add_permission_for_role(ROLE, right, True)
        factory.set_permissions(permissions)
    return factory


def guard(user, password):
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    return auth


class Cameras:
    def __init__(self, path, count, credentials):
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address("127.0.0.1")
        self.server.set_service("0")
        if credentials:
            self.server.set_auth(guard(*credentials))
        mounts = self.server.get_mount_points()
        for number in range(1, count + 1):
            mounts.add_factory(f"/cam{number}", camera(path, bool(credentials)))
        self.refusing = False
        self.server.connect("client-connected", self.on_client)
        self.server.attach(None)

    def on_client(self, _server, client):
        if self.refusing:
            GLib.idle_add(client.close)

    def end_sessions(self):
        self.server.client_filter(lambda _server, client: client.close() or GstRtspServer.RTSPFilterResult.KEEP)

    def obey(self, order):
        if order in ("kick", "down"):
            self.refusing = order == "down"
            self.end_sessions()
        elif order == "up":
            self.refusing = False
        print(f"done {order}", flush=True)


def main():
    path, count, *credentials = sys.argv[1:]
    Gst.init(None)
    cameras = Cameras(path, int(count), credentials)
    loop = GLib.MainLoop()
    print(f"listening on {cameras.server.get_bound_port()}", flush=True)

    def listen():
        for line in sys.stdin:
            GLib.idle_add(cameras.obey, line.strip())
        loop.quit()

    Thread(target=listen, daemon=True).start()
    loop.run()


main()
