"""What GStreamer shows of a file: a line for each picture, its running time in nanoseconds and the MD5 of its I420 bytes.

Usage: gst-pictures.py FILE
"""

import hashlib
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

Gst.init(None)
pipeline = Gst.parse_launch(
    "filesrc name=file ! qtdemux name=demux demux.video_0 ! decodebin ! videoconvert ! video/x-raw,format=I420 ! appsink name=sink sync=false"
)
pipeline.get_by_name("file").set_property("location", sys.argv[1])
sink = pipeline.get_by_name("sink")
pipeline.set_state(Gst.State.PLAYING)
while True:
    sample = sink.emit("pull-sample")
    if sample is None:
        break
    buffer, segment = sample.get_buffer(), sample.get_segment()
    shown, data = buffer.map(Gst.MapFlags.READ)
    print(segment.to_running_time(Gst.Format.TIME, buffer.pts), hashlib.md5(bytes(data.data)).hexdigest())
    buffer.unmap(data)
pipeline.set_state(Gst.State.NULL)
