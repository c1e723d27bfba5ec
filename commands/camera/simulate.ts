import { boolean, integer, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { formatSize } from '../../src/kernel/units.ts'
import type { VirtualCamerasStatistics } from '../../src/media/virtual/index.ts'

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
    codec: option({ default: 'h264', options: ['h264', 'h265'] as const })(),
    audio: option({ options: ['aac', 'pcmu', 'pcma'] as const })(),
    fps: string({ default: '25', description: 'frames a second' }),
    gop: string({ default: '50', description: 'key frame interval, in frames (50) or time (2s); 250 frames at most' }),
    bframes: boolean({ description: 'main streams have B-frames' }),
    file: string({ description: 'MP4 file that main streams play, instead of our own clip' }),
    auth: option({ options: ['digest', 'digest-md5', 'basic'] as const, description: 'ask for a login' })(),
    username: string({ default: 'admin', description: 'user that the cameras let in' }),
    'password-env': string({ default: 'CAMERA_PASSWORD', description: 'environment variable that has the password' }),
    listen: string({ default: '127.0.0.1:0', description: 'host:port; port 0 is any free one' }),
    tls: boolean({ description: 'rtsps, with a certificate made for the occasion unless --tls-cert names one' }),
    'tls-cert': string({ dependsOn: ['tls', 'tls-key'], description: 'PEM file' }),
    'tls-key': string({ dependsOn: ['tls', 'tls-cert'], description: 'PEM file' }),
    join: option({
      default: 'key',
      options: ['key', 'now', 'idr'] as const,
      description: 'viewers begin at the next key frame, at any frame, or get a key frame of their own',
    })(),
    'parameter-sets': option({ default: 'both', options: ['both', 'sdp', 'in-band'] as const })(),
    fault: string({ multiple: true, default: [], description: 'something that goes wrong; may be repeated' }),
    control: string({ description: 'Unix socket that takes faults while it runs (JSON lines)' }),
    'write-config': string({ description: 'write a vms.yaml that records these cameras' }),
    statistics: string({ description: 'file for what was sent, written at the end; for verify-frames --expect' }),
  }

  async run(): Promise<VirtualCamerasStatistics> {
    const { flags } = await this.parse(CameraSimulate)
    const { readSimulateOptions } = await import('../../src/media/virtual/index.ts')
    const { describeSimulation, runSimulation, simulationCertificate } = await import('../../src/cli/run-simulation.ts')
    const options = readSimulateOptions({
      ...flags,
      parameterSets: flags['parameter-sets'],
      password: process.env[flags['password-env']],
      file: flags.file,
      tls: await simulationCertificate(flags),
      faults: flags.fault,
    })
    const files = {
      config: flags['write-config'],
      statistics: flags.statistics,
      control: flags.control,
      passwordVariable: flags['password-env'],
    }
    const statistics = await runSimulation(options, files, running => {
      const { url, cameras, notes } = running.cameras
      for (const note of notes) this.warn(note)
      if (this.jsonEnabled()) this.logJson({ url, cameras })
      else this.result(describeSimulation(running))
    })
    this.result(`${statistics.frames} frames, ${formatSize(statistics.bytes)} sent.`)
    return statistics
  }

  /** One object a line: the first when it listens. */
  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json)}\n`)
  }
}
