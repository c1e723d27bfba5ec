import { parseListenAddress } from '../../config/index.ts'
import { VmsError } from '../../kernel/errors.ts'
import { parseBitRate, parseDuration } from '../../kernel/units.ts'
import type { AudioCodec } from './audio-feed.ts'
import type { LoginScheme } from './camera-login.ts'
import { parseFault } from './fault.ts'
import type { JoinPoint, VirtualCamerasOptions } from './options.ts'
import type { ParameterSetPlace } from './video-feed.ts'

/** Options as a person writes them: what `vmsctl camera simulate` takes. */
export interface SimulateText {
  readonly count: number
  readonly prefix: string
  /** `4Mbps`. */
  readonly main: string
  /** `1Mbps`, or `none`. */
  readonly sub: string
  readonly codec: 'h264' | 'h265'
  readonly audio: AudioCodec | undefined
  /** `25`, `12.5`. */
  readonly fps: string
  /** Frames (`50`) or time (`2s`). */
  readonly gop: string
  readonly bframes: boolean
  readonly file: string | undefined
  readonly auth: LoginScheme | undefined
  readonly username: string
  readonly password: string | undefined
  /** `127.0.0.1:0`. */
  readonly listen: string
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly join: JoinPoint
  readonly parameterSets: ParameterSetPlace
  readonly faults: readonly string[]
}

/** Reads the options. Throws VMS_E_USAGE that names the flag. */
export function readSimulateOptions(text: SimulateText): VirtualCamerasOptions {
  const address = parseListenAddress(text.listen)
  if ('problem' in address) throw new VmsError('VMS_E_USAGE', `--listen ${text.listen} ${address.problem}`)
  const fps = Number(text.fps)
  if (!/^\d+(\.\d+)?$/.test(text.fps)) throw new VmsError('VMS_E_USAGE', `--fps "${text.fps}" is not a number`)
  if (text.auth !== undefined && text.password === undefined) {
    throw new VmsError('VMS_E_USAGE', '--auth needs a password', {
      hint: 'Name a variable that has it: --password-env CAMERA_PASSWORD.',
    })
  }
  return {
    count: text.count,
    prefix: text.prefix,
    main: parseBitRate(text.main),
    sub: text.sub === 'none' ? undefined : parseBitRate(text.sub),
    codec: text.codec,
    audio: text.audio,
    fps,
    gop: /^\d+$/.test(text.gop) ? Number(text.gop) : Math.round((parseDuration(text.gop) * fps) / 1_000),
    bframes: text.bframes,
    file: text.file,
    credentials:
      text.auth !== undefined && text.password !== undefined
        ? { username: text.username, password: text.password }
        : undefined,
    auth: text.auth ?? 'digest',
    host: address.host,
    port: address.port,
    tls: text.tls,
    join: text.join,
    parameterSets: text.parameterSets,
    faults: text.faults.map(parseFault),
  }
}
