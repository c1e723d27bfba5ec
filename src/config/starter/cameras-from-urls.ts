import { VmsError } from '../../kernel/errors.ts'
import { parseCameraUrl } from '../camera-url.ts'
import { idKey, idProblem } from '../ids.ts'
import type { FoundCamera } from './starter-file.ts'

/** A camera for each URL: `rtsp://...` with an id of its own making, or `gate-1=rtsp://...`. Throws VMS_E_USAGE with every fault. */
export function camerasFromUrls(urls: readonly string[]): FoundCamera[] {
  const faults: string[] = []
  const taken = new Set<string>()
  const named = urls.map(text => {
    const [, id, url = text] = /^([^=:/?#@]*)=(.*)$/s.exec(text) ?? []
    if (id !== undefined) {
      const problem = idProblem(id) ?? (taken.has(idKey(id)) ? 'is there twice' : undefined)
      if (problem !== undefined) faults.push(`id ${JSON.stringify(id.slice(0, 64))} ${problem}`)
      taken.add(idKey(id))
    }
    return { id, url }
  })
  let next = 1
  const freeId = () => {
    while (taken.has(`camera-${next}`)) next += 1
    return `camera-${next++}`
  }
  const cameras = named.map(({ id, url }, index) => {
    const parsed = parseCameraUrl(url)
    const brace = /[{}]/.test(url)
      ? { problem: 'has braces in it', hint: 'a range is written into the file: vmsctl camera add' }
      : undefined
    if ('problem' in parsed || brace) {
      const { problem, hint } = brace ?? (parsed as { problem: string; hint: string })
      faults.push(`URL ${index + 1} ${problem} (${hint})`)
    }
    return { camera: { id: id ?? freeId(), main: url }, username: undefined, password: undefined }
  })
  if (faults.length > 0) throw new VmsError('VMS_E_USAGE', faults.join('\n'), { details: { faults } })
  return cameras
}
