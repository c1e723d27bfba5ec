import { createSocket, type Socket } from 'node:dgram'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import type { PeerAddress } from './types.ts'

/** Ports that UDP sessions may use; `first` even, `last` odd. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** Above the ports that services usually have, below Linux's ephemeral ones. */
export const DEFAULT_UDP_PORTS: PortRange = { first: 20_000, last: 32_767 }

const TRIES = 64
/** Asked of the kernel, so that a key frame fits; it may grant less. */
const SEND_BUFFER = 1024 * 1024

export interface UdpPairOptions {
  /** Address that the RTSP connection came in on: packets must leave from it, or clients behind filters drop them. */
  readonly local: string
  readonly client: PeerAddress
  /** The client's RTCP port; its RTP port is `client.port`. */
  readonly rtcpPort: number
  readonly ports: PortRange
  /** Gives a number in [0, 1). */
  readonly random: () => number
  /** A datagram came from the client's RTCP port. */
  readonly onRtcp: (datagram: Buffer) => void
}

/** The two sockets of one track of a UDP session: RTP on an even port, RTCP on the next. */
export class UdpPair {
  readonly port: number
  readonly #rtp: Socket
  readonly #rtcp: Socket
  /** Datagrams that the kernel refused, or that the client's host sent back as unreachable. */
  errors = 0

  private constructor(port: number, rtp: Socket, rtcp: Socket) {
    this.port = port
    this.#rtp = rtp
    this.#rtcp = rtcp
    const count = () => void this.errors++
    rtp.on('error', count)
    rtcp.on('error', count)
  }

  /** Binds a free pair and connects it to the client. Throws VMS_E_REMOTE when no pair is free. */
  static async open(options: UdpPairOptions): Promise<UdpPair> {
    const { first, last } = options.ports
    const pairs = Math.floor((last - first + 1) / 2)
    let at = Math.floor(options.random() * pairs)
    for (let tried = 0; tried < Math.min(TRIES, pairs); tried++, at = (at + 1) % pairs) {
      const port = first + 2 * at
      const rtp = await bind(port, options.local, options.client.port, options.client.address)
      if (!rtp) continue
      // No file descriptor left for the second one must not cost the first.
      const rtcp = await bind(port + 1, options.local, options.rtcpPort, options.client.address).catch(error => {
        rtp.close()
        throw error
      })
      if (!rtcp) {
        rtp.close()
        continue
      }
      rtcp.on('message', options.onRtcp)
      return new UdpPair(port, rtp, rtcp)
    }
    throw new VmsError('VMS_E_REMOTE', `no free UDP port pair among ${first}-${last}`)
  }

  /** Bytes that the kernel has not taken yet. */
  get pending(): number {
    return this.#rtp.getSendQueueSize()
  }

  sendRtp(bytes: Buffer, offset: number, length: number): void {
    this.#rtp.send(bytes, offset, length)
  }

  sendRtcp(bytes: Buffer, offset: number, length: number): void {
    this.#rtcp.send(bytes, offset, length)
  }

  close(): void {
    this.#rtp.close()
    this.#rtcp.close()
  }
}

/** A bound and connected socket, or undefined when the port is taken. Throws VMS_E_REMOTE for all other trouble. */
function bind(port: number, local: string, remotePort: number, remote: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: local.includes(':') ? 'udp6' : 'udp4', sendBufferSize: SEND_BUFFER })
    const fail = (error: unknown) => {
      socket.close()
      const code = systemCode(error)
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(undefined)
      else reject(new VmsError('VMS_E_REMOTE', `UDP to ${remote}: ${messageOf(error)}`, { cause: error }))
    }
    socket.once('error', fail)
    socket.bind({ port, address: local, exclusive: true }, () => {
      // Connected, the kernel drops what others send to the port, and a send needs no address lookup.
      socket.connect(remotePort, remote, (error?: Error) => {
        socket.off('error', fail)
        if (error) fail(error)
        else resolve(socket)
      })
    })
  })
}
