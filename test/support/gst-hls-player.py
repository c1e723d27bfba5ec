"""A real HLS player that nobody here wrote: GStreamer's hlsdemux, and its decoders.

Usage: gst-hls-player.py URL FRAMES

Plays until so many pictures were decoded. Ends with 0 then, with 1 and GStreamer's message otherwise.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

url, frames = sys.argv[1:3]
Gst.init(None)
player = Gst.ElementFactory.make("playbin")
sink = Gst.ElementFactory.make("fakesink")
for name in ("video-sink", "audio-sink"):
    made = sink if name == "video-sink" else Gst.ElementFactory.make("fakesink")
    made.set_property("sync", False)
    player.set_property(name, made)
player.set_property("uri", url)
loop = GLib.MainLoop()
left = int(frames)
failure = None


def on_frame(_pad, _info):
    global left
    left -= 1
    if left == 0:
        GLib.idle_add(loop.quit)
    return Gst.PadProbeReturn.OK


def on_message(_bus, message):
    global failure
    if message.type == Gst.MessageType.ERROR:
        error, debug = message.parse_error()
        failure = failure or f"{error.message}\n{debug}"
        loop.quit()
    elif message.type == Gst.MessageType.EOS:
        failure = "the stream ended"
        loop.quit()


sink.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, on_frame)
bus = player.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
player.set_state(Gst.State.PLAYING)
loop.run()
player.set_state(Gst.State.NULL)
if failure:
    print(failure, file=sys.stderr)
    sys.exit(1)
