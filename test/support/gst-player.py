"""A real RTSP client that nobody here wrote: GStreamer's rtspsrc, and its decoders.

Usage: gst-player.py URL tcp|udp DECODER FRAMES FILE [USER PASSWORD]

Sets the picture alone up, and writes so many raw frames to FILE. Ends with 0 then, with 1 and GStreamer's message otherwise.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

url, transport, decoder, frames, path = sys.argv[1:6]
Gst.init(None)
pipeline = Gst.Pipeline.new()
source, sink = Gst.ElementFactory.make("rtspsrc"), Gst.ElementFactory.make("filesink")
decoding = Gst.parse_bin_from_description(decoder, True)
for element in (source, decoding, sink):
    pipeline.add(element)
decoding.link(sink)
source.set_property("location", url)
source.set_property("latency", 300)
Gst.util_set_object_arg(source, "protocols", transport)
if len(sys.argv) > 6:
    source.set_property("user-id", sys.argv[6])
    source.set_property("user-pw", sys.argv[7])
sink.set_property("location", path)
sink.set_property("sync", False)
loop = GLib.MainLoop()
left = int(frames)
failure = None


def on_frame(_pad, _info):
    global left
    left -= 1
    if left < 0:
        GLib.idle_add(loop.quit)
        return Gst.PadProbeReturn.DROP
    return Gst.PadProbeReturn.OK


def on_message(_bus, message):
    global failure
    if message.type == Gst.MessageType.ERROR:
        error, debug = message.parse_error()
        failure = failure or f"{error.message}\n{debug}"
        loop.quit()
    elif message.type == Gst.MessageType.EOS:
        loop.quit()


source.connect("select-stream", lambda _source, _number, caps: caps.get_structure(0).get_string("media") == "video")
source.connect("pad-added", lambda _source, pad: pad.link(decoding.get_static_pad("sink")))
sink.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, on_frame)
bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
pipeline.set_state(Gst.State.PLAYING)
loop.run()
pipeline.set_state(Gst.State.NULL)
if failure or left > 0:
    print(failure or f"{left} frames are missing", file=sys.stderr)
    sys.exit(1)
