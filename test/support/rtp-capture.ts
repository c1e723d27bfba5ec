import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** Runs ffmpeg to its end; throws with what it said when it fails. */
export function ffmpeg(args: readonly string[]): void {
  const run = spawnSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${run.stderr}`)
}

/** What ffprobe knows, as it says it in JSON. */
export function ffprobe(args: readonly string[]): {
  streams: Record<string, unknown>[]
  packets: Record<string, unknown>[]
} {
  const run = spawnSync('ffprobe', ['-v', 'error', '-of', 'json', ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (run.status !== 0) throw new Error(`ffprobe ${args.join(' ')}: ${run.stderr}`)
  return { streams: [], packets: [], ...JSON.parse(run.stdout) }
}

/**
 * Has ffmpeg send one stream of `file` over RTP to this process in real time, and gives its packets. `map` names the stream
 * (0:v:0); `payloadSize` is the most that ffmpeg puts in a packet, header included.
 */
export async function captureRtp(
  file: string,
  map: string,
  payloadSize: number,
  options: readonly string[] = [],
): Promise<Buffer[]> {
  const socket = createSocket('udp4')
  // The control port has to be there, or else the answers "unreachable" end the sender.
  const control = createSocket('udp4')
  try {
    let port = 0
    for (let attempt = 0; attempt < 20 && port === 0; attempt++) {
      const even = 20_000 + 2 * Math.floor(Math.random() * 20_000)
      socket.bind(even, '127.0.0.1')
      await once(socket, 'listening')
      port = even
    }
    control.bind(port + 1, '127.0.0.1')
    await once(control, 'listening')
    const packets: Buffer[] = []
    socket.on('message', message => packets.push(message))
    const url = `rtp://127.0.0.1:${port}?pkt_size=${payloadSize}`
    const child = spawn(
      'ffmpeg',
      ['-nostdin', '-loglevel', 'error', '-re', '-i', file, '-map', map, '-c', 'copy', ...options, '-f', 'rtp', url],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`ffmpeg: ${said}`)
    await new Promise(resolve => setTimeout(resolve, 50))
    return packets
  } finally {
    socket.close()
    control.close()
  }
}

/** Packets as one file: each behind its length in two bytes (RFC 4571). */
export function frameCapture(packets: readonly Buffer[]): Buffer {
  return Buffer.concat(packets.flatMap(packet => [Buffer.of(packet.length >>> 8, packet.length & 0xff), packet]))
}

/** The reverse of {@link frameCapture}. */
export function readCapture(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const next = at + 2 + bytes.readUInt16BE(at)
    packets.push(bytes.subarray(at + 2, next))
    at = next
  }
  return packets
}
