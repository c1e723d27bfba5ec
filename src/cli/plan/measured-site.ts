import type { CameraReport } from '../../daemon/types.ts'
import { VmsError } from '../../kernel/errors.ts'
import { formatBitRate } from '../../kernel/units.ts'
import { composeInputs } from '../../planning/inputs/compose.ts'
import { type Draft, type Entry, type KindDraft, originOf, type Place } from '../../planning/inputs/draft.ts'
import { settingOf } from '../../planning/inputs/settings.ts'
import type { Codec, Resolution, Spread } from '../../planning/inputs/types.ts'
import { recordingCores } from '../../planning/model/recording-cost.ts'
import { daemonClient } from '../daemon-client.ts'
import { readText } from './read-text.ts'

/** What was measured in place of what the model would have said. */
export interface MeasuredSite {
  /** Bit/s of the average camera of a kind, by the model and measured; null where none of them sent video. */
  readonly kinds: readonly { name: string; cameras: number; model: number; measured: number | null }[]
  /** Cores for a camera of 4 Mbps and 25 frames a second; null without --bench. */
  readonly recordCpu: { model: number; measured: number } | null
}

/** From hour to hour one and the same run differs by up to a third. */
const CPU_SPREAD = 1 / 3

/** Puts measurements over the draft: cameras of the running daemon with their bit rates, and the CPU of a bench. */
export async function measureSite(
  draft: Draft,
  flags: { 'state-dir'?: string | undefined; measured?: boolean; bench?: string | undefined },
): Promise<MeasuredSite> {
  const kinds = flags.measured ? measureKinds(draft, (await daemonClient(flags).status()).cameras) : []
  const recordCpu = flags.bench === undefined ? null : measureCpu(draft, flags.bench)
  return { kinds, recordCpu }
}

interface Group {
  readonly codec: Codec
  readonly resolution: Resolution
  readonly cameras: CameraReport[]
}

/** Cameras by codec and size. Kinds that the draft has already keep their number, and take the rate of what is like them. */
export function measureKinds(draft: Draft, cameras: readonly CameraReport[]): MeasuredSite['kinds'] {
  const groups = new Map<string, Group>()
  for (const camera of cameras) {
    const codec = camera.main?.codec === 'h265' ? 'h265' : 'h264'
    const resolution = resolutionOf(camera.main?.width ?? null, camera.main?.height ?? null)
    const key = `${codec} ${resolution}`
    if (!groups.has(key)) groups.set(key, { codec, resolution, cameras: [] })
    groups.get(key)!.cameras.push(camera)
  }
  if (draft.kinds.length === 0) for (const [name, group] of groups) draft.kinds.push(kindOf(name, group))
  const report: { name: string; cameras: number; model: number; measured: number | null }[] = []
  const models = composeInputs(draft).inputs.cameras
  for (const [index, kind] of draft.kinds.entries()) {
    const model = models[index]!
    const like = groups.get(`${model.codec} ${model.resolution}`)?.cameras ?? []
    const measured = meanRate(like.map(camera => camera.main?.bitrate ?? null))
    report.push({ name: kind.name, cameras: model.count, model: model.main.p50, measured })
    if (measured !== null) {
      putRate(kind, 'bitrate', measured, like.length)
      // What is measured has the savings of a smart codec in it.
      put(kind.entries, 'smart-codec', false, placeOf(like.length))
    }
    const sub = meanRate(like.map(camera => camera.sub?.bitrate ?? null))
    if (sub !== null) putRate(kind, 'sub-bitrate', sub, like.length)
  }
  return report
}

function kindOf(name: string, { codec, resolution, cameras }: Group): KindDraft {
  const entries = new Map<string, Entry>()
  const place = placeOf(cameras.length)
  put(entries, 'cameras', cameras.length, place)
  put(entries, 'codec', codec, place)
  put(entries, 'resolution', resolution, place)
  const rates = cameras.map(camera => camera.main?.fps ?? 0).filter(fps => fps > 0)
  if (rates.length > 0) put(entries, 'fps', Math.round(rates.reduce((sum, fps) => sum + fps, 0) / rates.length), place)
  if (cameras.every(camera => camera.sub === null)) put(entries, 'sub-bitrate', null, place)
  return { name, entries }
}

function putRate(kind: KindDraft, key: string, rate: number, cameras: number): void {
  // One value takes the relative spread of the model: a moment says nothing of other hours.
  put(kind.entries, key, settingOf(key)!.type.parse(`${Math.round(rate)}bps`), placeOf(cameras))
}

function put(entries: Map<string, Entry>, key: string, value: unknown, place: Place): void {
  const setting = settingOf(key)!
  if (setting.type.problem(value) !== undefined) return
  entries.set(key, { value, origin: originOf(setting, value, place), shown: place.shown })
}

function placeOf(cameras: number): Place {
  return { by: 'measured', shown: 'the daemon', source: { text: `the daemon, ${cameras} cameras over ten seconds` } }
}

function meanRate(rates: readonly (number | null)[]): number | null {
  const known = rates.filter(rate => rate !== null && rate > 0) as number[]
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length
}

/** Sizes by pixels; what the daemon does not know is 1080p. */
function resolutionOf(width: number | null, height: number | null): Resolution {
  if (width === null || height === null) return '1080p'
  const megapixels = (width * height) / 1e6
  const steps: readonly (readonly [number, Resolution])[] = [
    [0.6, 'vga'],
    [1.5, '720p'],
    [3, '1080p'],
    [4.6, '4mp'],
    [6.5, '5mp'],
  ]
  return steps.find(([most]) => megapixels < most)?.[1] ?? '4k'
}

/** The CPU of recording from a file of `vmsctl bench record --json`. Throws VMS_E_USAGE when it is none. */
function measureCpu(draft: Draft, file: string): { model: number; measured: number } {
  const each = recordCpuOf(readText(file, '--bench'), file)
  const model = (composeInputs(draft).inputs.work.recordCpu as Spread).p50
  const spread = { p10: each * (1 - CPU_SPREAD), p50: each, p90: each * (1 + CPU_SPREAD) }
  put(draft.site, 'record-cpu', spread, {
    by: 'measured',
    shown: '--bench',
    source: { text: `vmsctl bench record (${file})` },
  })
  return { model, measured: each }
}

/** Cores for one camera of 4 Mbps and 25 frames a second, from the report of a bench. */
export function recordCpuOf(text: string, file: string): number {
  const refuse = (why: string) =>
    new VmsError('VMS_E_USAGE', `--bench: ${file} ${why}`, {
      hint: 'Write one with `vmsctl bench record --json > bench.json`.',
    })
  let report: { cameras?: unknown; bitrate?: unknown; results?: unknown }
  try {
    report = JSON.parse(text)
  } catch {
    throw refuse('is not JSON')
  }
  const results = Array.isArray(report?.results) ? report.results : []
  const ours = results.find(result => result?.engine === 'native')
  const cpu = ours?.usage?.cpu
  const { cameras, bitrate } = report ?? {}
  if (!positive(cpu) || !positive(cameras) || !positive(bitrate)) throw refuse('is no result of `vmsctl bench record`')
  if (ours.framesLost > 0)
    throw refuse(`lost ${ours.framesLost} frames at ${formatBitRate(bitrate)} a camera: what it took says nothing`)
  return cpu / 100 / recordingCores({ each: 1, framesPerSecond: cameras * 25, bitrate: cameras * bitrate })
}

function positive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
