"""A real RTSP camera that nobody here wrote: GStreamer's RTSP server. Usage: gst-camera.py PATH=PIPELINE ... [--digest user:password]

Prints `port N` once it listens on loopback. Every payloader of a pipeline is named pay0, pay1, ...
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
mounts = server.get_mount_points()
arguments = sys.argv[1:]
login = None
if "--digest" in arguments:
    at = arguments.index("--digest")
    login = arguments[at + 1].split(":", 1)
    del arguments[at : at + 2]

for argument in arguments:
    path, pipeline = argument.split("=", 1)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {pipeline} )")
    factory.set_shared(True)
    if login:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    mounts.add_factory(path, factory)

if login:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(login[0], login[1], token)
    server.set_auth(auth)

server.attach(None)
print(f"port {server.get_bound_port()}", flush=True)
GLib.MainLoop().run()
