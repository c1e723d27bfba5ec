import { readFile, writeFile } from 'node:fs/promises'
import { systemClock } from '../kernel/clock.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import { formatBitRate } from '../kernel/units.ts'
import {
  listenForControl,
  selfSignedCertificate,
  siteSnippet,
  VirtualCameras,
  type VirtualCamerasOptions,
  type VirtualCamerasStatistics,
} from '../media/virtual/index.ts'

/** What a simulation does besides playing: files that it writes, and a socket that takes faults. */
export interface SimulationFiles {
  /** A new vms.yaml that records the cameras. */
  readonly config: string | undefined
  /** What was sent, written at the end. */
  readonly statistics: string | undefined
  /** Unix socket for faults, one JSON text a line. */
  readonly control: string | undefined
  /** Environment variable that the vms.yaml names for the password. */
  readonly passwordVariable: string
}

/** The cameras as they listen, and a vms.yaml for them. */
export interface RunningSimulation {
  readonly cameras: VirtualCameras
  readonly options: VirtualCamerasOptions
  readonly snippet: string
}

/**
 * Runs virtual cameras until SIGINT, SIGTERM, or a `stop` on the control socket; `listening` is called once they can be
 * asked. Returns what they sent. Throws VMS_E_USAGE for files that cannot be written, and what the cameras throw.
 */
export async function runSimulation(
  options: VirtualCamerasOptions,
  files: SimulationFiles,
  listening: (running: RunningSimulation) => void,
): Promise<VirtualCamerasStatistics> {
  const cameras = new VirtualCameras(options)
  const ended = Promise.withResolvers<void>()
  process.once('SIGINT', ended.resolve).once('SIGTERM', ended.resolve)
  await cameras.start()
  let closeControl = () => {}
  try {
    if (files.control !== undefined) closeControl = await listenForControl(cameras, files.control, ended.resolve)
    const snippet = siteSnippet(cameras.url, options, files.passwordVariable)
    if (files.config !== undefined) await writeText(files.config, snippet, 'wx')
    listening({ cameras, options, snippet })
    await ended.promise
  } finally {
    closeControl()
    await cameras.stop()
  }
  const statistics = cameras.statistics()
  if (files.statistics !== undefined) await writeText(files.statistics, JSON.stringify(statistics), 'w')
  return statistics
}

/** For people: how many, where, and how to record them. */
export function describeSimulation({ cameras, options, snippet }: RunningSimulation): string {
  const { count, codec, fps } = options
  const { main, sub } = cameras.bitrates
  const streams = sub === undefined ? formatBitRate(main) : `${formatBitRate(main)} main, ${formatBitRate(sub)} sub`
  return [
    `${count} virtual camera${count === 1 ? '' : 's'} at ${cameras.url} (${codec}, ${fps} fps, ${streams}).`,
    `First: ${cameras.cameras[0]!.main}`,
    `A vms.yaml for them:\n\n${snippet.replace(/^/gm, '    ')}`,
    'Ctrl-C ends them.',
  ].join('\n')
}

/** The certificate of rtsps cameras: that of the files, else one made for the occasion; undefined without TLS. */
export async function simulationCertificate(flags: {
  readonly tls: boolean
  readonly 'tls-cert'?: string | undefined
  readonly 'tls-key'?: string | undefined
}): Promise<VirtualCamerasOptions['tls']> {
  if (!flags.tls) return undefined
  const { 'tls-cert': cert, 'tls-key': key } = flags
  if (cert === undefined || key === undefined) return selfSignedCertificate('vmsctl virtual camera', systemClock.wall())
  return { cert: await readText(cert), key: await readText(key) }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(cause => {
    throw new VmsError('VMS_E_USAGE', `cannot read ${path}: ${messageOf(cause)}`, { cause })
  })
}

async function writeText(path: string, text: string, flag: 'w' | 'wx'): Promise<void> {
  await writeFile(path, text, { flag }).catch(cause => {
    throw new VmsError('VMS_E_USAGE', `cannot write ${path}: ${messageOf(cause)}`, { cause })
  })
}
