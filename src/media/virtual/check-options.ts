import { VmsError } from '../../kernel/errors.ts'
import { MARK_CAMERA_LIMIT } from './frame-mark.ts'
import { cameraIds, type VirtualCamerasOptions } from './options.ts'

/** The options themselves. Throws VMS_E_USAGE when they cannot be. */
export function checkOptions(options: VirtualCamerasOptions): VirtualCamerasOptions {
  const { count, prefix, fps, gop, main, sub } = options
  const last = cameraIds({ prefix, count: Math.max(1, Math.min(count, 10_000)) }).at(-1)!
  const problem =
    !Number.isInteger(count) || count < 1 || count > 10_000
      ? `${count} cameras: there can be 1 to 10000`
      : !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(prefix) || last.length > MARK_CAMERA_LIMIT
        ? `"${prefix}" does not make camera ids: letters, digits, - _ . and ${MARK_CAMERA_LIMIT} characters with the number`
        : !(fps >= 1 && fps <= 240)
          ? `${fps} frames a second: it can be 1 to 240`
          : !Number.isInteger(gop) || gop < 2 || gop > 250
            ? `a key frame every ${gop} frames: it can be every 2 to 250`
            : [main, sub ?? main].some(rate => !(rate >= 1_000 && rate <= 1e9))
              ? 'a bit rate can be 1 kbps to 1 Gbps'
              : undefined
  if (problem !== undefined) throw new VmsError('VMS_E_USAGE', problem)
  return options
}
