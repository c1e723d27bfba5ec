import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('./gst-camera.py', import.meta.url))

/** Pipelines of GStreamer's RTSP server for the codecs that cameras have. */
export const GST_PIPELINES = {
  h264: 'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=25/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96',
  h264BFrames:
    'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=25/1 ! x264enc bframes=2 b-adapt=false speed-preset=ultrafast key-int-max=25 ! video/x-h264,profile=main ! rtph264pay name=pay0 pt=96 config-interval=-1',
  h265Aac:
    'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=15/1 ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph265pay name=pay0 pt=96 audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! rtpmp4gpay name=pay1 pt=97',
  h264Pcmu:
    'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=25/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 ! rtph264pay name=pay0 pt=96 audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0',
  mjpeg:
    'videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=10/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26',
} as const

/** A running GStreamer RTSP server. */
export interface GstCamera {
  readonly port: number
  stop(): Promise<void>
}

/** Starts GStreamer's RTSP server on loopback with the given paths (`/cam` to pipeline), optionally with Digest login. */
export async function startGstCamera(paths: Readonly<Record<string, string>>, login?: string): Promise<GstCamera> {
  const mounts = Object.entries(paths).map(([path, pipeline]) => `${path}=${pipeline}`)
  const child: ChildProcess = spawn(
    '/usr/bin/python3',
    [SCRIPT, ...mounts, ...(login === undefined ? [] : ['--digest', login])],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const lines = createInterface({ input: child.stdout! })
  const port = await new Promise<number>((resolve, reject) => {
    lines.on('line', line => {
      const match = /^port (\d+)$/.exec(line)
      if (match) resolve(Number(match[1]))
    })
    child.once('exit', () => reject(new Error('the GStreamer RTSP server did not start')))
  })
  return {
    port,
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
