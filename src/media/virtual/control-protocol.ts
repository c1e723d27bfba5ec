import { messageOf, VmsError } from '../../kernel/errors.ts'
import { parseFault } from './fault.ts'
import type { VirtualCameras, VirtualCamerasStatistics, VirtualCameraUrls } from './virtual-cameras.ts'

/**
 * What can be asked of running virtual cameras: one JSON object a line, over a Unix socket or over stdin and stdout.
 * Each is answered by one line with the same `id`.
 */
type ControlRequest =
  | { readonly id: number; readonly do: 'info' }
  /** `fault` as `vmsctl camera simulate --fault` takes it; without a time it begins at once. */
  | { readonly id: number; readonly do: 'fault'; readonly fault: string }
  /** Ends the faults that name a camera like this; `*` for all. */
  | { readonly id: number; readonly do: 'clear'; readonly cameras: string }
  | { readonly id: number; readonly do: 'statistics' }
  | { readonly id: number; readonly do: 'stop' }

export interface VirtualCamerasInfo {
  readonly url: string
  readonly pid: number
  readonly cameras: readonly VirtualCameraUrls[]
}

/** Results by request. */
export interface ControlResults {
  readonly info: VirtualCamerasInfo
  readonly fault: readonly string[]
  readonly clear: null
  readonly statistics: VirtualCamerasStatistics
  readonly stop: null
}

export type ControlReply =
  | { readonly id: number; readonly ok: true; readonly result: ControlResults[keyof ControlResults] }
  | { readonly id: number; readonly ok: false; readonly error: { readonly code: string; readonly message: string } }

/** Bytes of a line, in both directions: the statistics of thousands of cameras fit. */
export const CONTROL_LINE_LIMIT = 256 * 1024 * 1024

/** Does what a line asks, and gives the line to answer. `stop` is called after a `stop`. Never throws. */
export function answerControl(cameras: VirtualCameras, line: string, stop: () => void): ControlReply {
  let id = 0
  try {
    const request = JSON.parse(line) as Partial<ControlRequest> | null
    if (typeof request?.id === 'number') id = request.id
    return { id, ok: true, result: execute(cameras, request as ControlRequest | null, stop) }
  } catch (error) {
    const code = error instanceof VmsError ? error.code : 'VMS_E_USAGE'
    return { id, ok: false, error: { code, message: messageOf(error) } }
  }
}

function execute(
  cameras: VirtualCameras,
  request: ControlRequest | null,
  stop: () => void,
): ControlResults[keyof ControlResults] {
  switch (request?.do) {
    case 'info':
      return { url: cameras.url, pid: process.pid, cameras: cameras.cameras }
    case 'fault':
      return cameras.fault(parseFault(String(request.fault)))
    case 'clear':
      cameras.clear(String(request.cameras))
      return null
    case 'statistics':
      return cameras.statistics()
    case 'stop':
      stop()
      return null
    default:
      throw new VmsError('VMS_E_USAGE', 'a request must do one of info, fault, clear, statistics, stop')
  }
}
