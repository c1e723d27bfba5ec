import { readFile, writeFile } from 'node:fs/promises'
import { boolean, integer, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { messageOf, VmsError } from '../../src/kernel/errors.ts'
import { formatBitRate, formatSize } from '../../src/kernel/units.ts'
import type { VirtualCameras, VirtualCamerasOptions, VirtualCamerasStatistics } from '../../src/media/virtual/index.ts'

/** Runs until SIGINT or SIGTERM. With --json: one line when it listens, one with what was sent when it ends. */
export default class CameraSimulate extends BaseCommand {
  static override summary = 'Run virtual cameras whose recordings can be verified frame by frame'
  static override description =
    `An RTSP server for any number of cameras: CAMERA/main and CAMERA/sub. Every frame carries its camera, number and time;
"vmsctl camera verify-frames" proves from them that a recording is complete. Bit rates are those of the elementary streams.

A fault is CAMERAS[/main|/sub]:KIND[=VALUE][@START[/DURATION][,every=PERIOD]]. Kinds: freeze, drop, reboot, refuse,
garbage, parameters, answer=STATUS, clock=OFFSET, lose=SHARE, jitter=TIME. START counts from the beginning.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --count 200 --main 4Mbps --sub 1Mbps --write-config vms.yaml',
    '<%= config.bin %> <%= command.id %> --count 8 --fault "cam-003:reboot@10s/5s" --fault "*:lose=1%@30s/10s"',
  ]

  static override flags = {
    count: integer({ default: 1, min: 1, max: 10_000, description: 'number of cameras' }),
    prefix: string({ default: 'cam-', description: 'what camera ids begin with' }),
    main: string({ default: '4Mbps', description: 'bit rate of main streams' }),
    sub: string({ default: '1Mbps', description: 'bit rate of sub-streams, or "none"' }),
    codec: string({ default: 'h264', options: ['h264', 'h265'] }),
    audio: string({ options: ['aac', 'pcmu', 'pcma'] }),
    fps: string({ default: '25', description: 'frames a second' }),
    gop: string({ default: '50', description: 'key frame interval, in frames (50) or time (2s); 250 frames at most' }),
    bframes: boolean({ description: 'main streams have B-frames' }),
    file: string({ description: 'MP4 file that main streams play, instead of our own clip' }),
    auth: string({ options: ['digest', 'digest-md5', 'basic'], description: 'ask for a login' }),
    username: string({ default: 'admin', description: 'user that the cameras let in' }),
    'password-env': string({ default: 'CAMERA_PASSWORD', description: 'environment variable that has the password' }),
    listen: string({ default: '127.0.0.1:0', description: 'host:port; port 0 is any free one' }),
    tls: boolean({ description: 'rtsps, with a certificate made for the occasion unless --tls-cert names one' }),
    'tls-cert': string({ dependsOn: ['tls', 'tls-key'], description: 'PEM file' }),
    'tls-key': string({ dependsOn: ['tls', 'tls-cert'], description: 'PEM file' }),
    join: string({
      default: 'key',
      options: ['key', 'now', 'idr'],
      description: 'viewers begin at the next key frame, at any frame, or get a key frame of their own',
    }),
    'parameter-sets': string({ default: 'both', options: ['both', 'sdp', 'in-band'] }),
    fault: string({ multiple: true, default: [], description: 'something that goes wrong; may be repeated' }),
    control: string({ description: 'Unix socket that takes faults while it runs (JSON lines)' }),
    'write-config': string({ description: 'write a vms.yaml that records these cameras' }),
    statistics: string({ description: 'file for what was sent, written at the end; for verify-frames --expect' }),
  }

  async run(): Promise<VirtualCamerasStatistics> {
    const { flags } = await this.parse(CameraSimulate)
    const { VirtualCameras, listenForControl, readSimulateOptions, selfSignedCertificate, siteSnippet } = await import(
      '../../src/media/virtual/index.ts'
    )
    const options = readSimulateOptions({
      ...flags,
      codec: flags.codec as VirtualCamerasOptions['codec'],
      audio: flags.audio as VirtualCamerasOptions['audio'],
      auth: flags.auth as VirtualCamerasOptions['auth'] | undefined,
      join: flags.join as VirtualCamerasOptions['join'],
      parameterSets: flags['parameter-sets'] as VirtualCamerasOptions['parameterSets'],
      password: process.env[flags['password-env']],
      file: flags.file,
      tls: flags.tls
        ? flags['tls-cert'] !== undefined && flags['tls-key'] !== undefined
          ? { cert: await readText(flags['tls-cert']), key: await readText(flags['tls-key']) }
          : selfSignedCertificate('vmsctl virtual camera', Date.now())
        : undefined,
      faults: flags.fault,
    })
    const cameras = new VirtualCameras(options)
    const ended = untilSignal()
    await cameras.start()
    let closeControl = () => {}
    try {
      if (flags.control !== undefined) closeControl = await listenForControl(cameras, flags.control, ended.now)
      const snippet = siteSnippet(cameras.url, options, flags['password-env'])
      if (flags['write-config'] !== undefined) await writeNew(flags['write-config'], snippet)
      this.announce(cameras, options, snippet)
      await ended.promise
    } finally {
      closeControl()
      await cameras.stop()
    }
    const statistics = cameras.statistics()
    if (flags.statistics !== undefined) await writeFile(flags.statistics, JSON.stringify(statistics))
    this.result(`${statistics.frames} frames, ${formatSize(statistics.bytes)} sent.`)
    return statistics
  }

  /** One object a line: the first when it listens. */
  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json)}\n`)
  }

  private announce(cameras: VirtualCameras, options: VirtualCamerasOptions, snippet: string): void {
    for (const note of cameras.notes) this.warn(note)
    if (this.jsonEnabled()) return this.logJson({ url: cameras.url, cameras: cameras.cameras })
    const { count, codec, fps } = options
    const { main, sub } = cameras.bitrates
    const streams = sub === undefined ? formatBitRate(main) : `${formatBitRate(main)} main, ${formatBitRate(sub)} sub`
    this.result(
      `${count} virtual camera${count === 1 ? '' : 's'} at ${cameras.url} (${codec}, ${fps} fps, ${streams}).`,
    )
    this.result(`First: ${cameras.cameras[0]!.main}\nA vms.yaml for them:\n\n${snippet.replace(/^/gm, '    ')}`)
    this.result('Ctrl-C ends them.')
  }
}

/** Resolves at SIGINT, SIGTERM, or a call of `now`. */
function untilSignal(): { promise: Promise<void>; now: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.once('SIGINT', resolve).once('SIGTERM', resolve)
  return { promise, now: resolve }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    throw new VmsError('VMS_E_USAGE', `cannot read ${path}: ${messageOf(error)}`, { cause: error })
  })
}

async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch(error => {
    throw new VmsError('VMS_E_USAGE', `cannot write ${path}: ${messageOf(error)}`, { cause: error })
  })
}
