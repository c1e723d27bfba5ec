import { VmsError } from '../../kernel/errors.ts'
import type { Source } from '../grade.ts'
import type { Origin, SaidBy } from './origin.ts'
import type { Setting } from './setting.ts'
import { SETTINGS, settingOf } from './settings.ts'

/** What was said of a setting. `shown` is how messages name the place: `--bitrate`, `cameras.csv:3:5`. */
export interface Entry {
  readonly value: unknown
  readonly origin: Origin
  readonly shown: string
}

export interface KindDraft {
  readonly name: string
  readonly entries: Map<string, Entry>
}

/** What was said of a plan so far; defaults come when it is composed. */
export interface Draft {
  readonly site: Map<string, Entry>
  readonly kinds: KindDraft[]
}

/** Who says it, how messages name the place, and what stands as the source. */
export interface Place {
  readonly by: SaidBy
  readonly shown: string
  readonly source?: Source
}

export function emptyDraft(): Draft {
  return { site: new Map(), kinds: [] }
}

const DISKS = /^\s*(\d+)\s*[x×]\s*(\S.*)$/

/**
 * Sets one setting from text, over what was said before. Of cameras it goes to every kind; `cameras` itself brings the mix to that
 * number. Throws VMS_E_USAGE that names the place.
 */
export function say(draft: Draft, key: string, text: string, place: Place): void {
  const setting = settingOf(key)
  if (setting === undefined) throw unknownKey(key, place.shown)
  const many = key === 'disks' ? DISKS.exec(text) : null
  if (many) {
    say(draft, 'disks', many[1]!, place)
    say(draft, 'disk-size', many[2]!, place)
    return
  }
  const entry = entryOf(setting, text, place)
  if (!setting.ofKind) {
    draft.site.set(key, entry)
    return
  }
  if (draft.kinds.length === 0) draft.kinds.push({ name: 'cameras', entries: new Map() })
  if (key === 'cameras') bringTo(draft, entry)
  else for (const kind of draft.kinds) kind.entries.set(key, entry)
}

/** A checked value of a text. Throws VMS_E_USAGE that names the place. */
export function entryOf(setting: Setting, text: string, place: Place): Entry {
  const { type } = setting
  let value: unknown
  try {
    value = type.parse(text)
  } catch (error) {
    if (!(error instanceof VmsError)) throw error
    throw new VmsError(
      'VMS_E_USAGE',
      `${place.shown}: ${error.message}`,
      error.hint === undefined ? {} : { hint: error.hint },
    )
  }
  const problem = type.problem(value)
  if (problem !== undefined)
    throw new VmsError('VMS_E_USAGE', `${place.shown}: "${text.slice(0, 60)}" ${problem}`, {
      hint: `Write it like ${type.example} (${setting.help}).`,
    })
  return { value, origin: originOf(setting, value, place), shown: place.shown }
}

/** The origin of a value that somebody said. */
export function originOf(setting: Setting, value: unknown, place: Place): Origin {
  const grade = place.by === 'measured' ? 'measured' : null
  return { by: place.by, text: setting.type.format(value), grade, source: place.source ?? { text: place.shown } }
}

/** Brings a mix to a number of cameras: shares stay, and what rounding leaves goes to those that lost most by it. */
function bringTo(draft: Draft, entry: Entry): void {
  const wanted = entry.value as number
  const counts = draft.kinds.map(kind => (kind.entries.get('cameras')?.value as number | undefined) ?? 0)
  const all = counts.reduce((sum, count) => sum + count, 0)
  const exact = counts.map(count => (all === 0 ? wanted / counts.length : (count / all) * wanted))
  const whole = exact.map(Math.floor)
  const order = exact.map((value, index) => ({ index, rest: value - whole[index]! })).sort((a, b) => b.rest - a.rest)
  const left = Math.round(wanted - whole.reduce((sum, count) => sum + count, 0))
  for (const { index } of order.slice(0, left)) whole[index]! += 1
  for (const [index, kind] of draft.kinds.entries()) kind.entries.set('cameras', { ...entry, value: whole[index]! })
}

function unknownKey(key: string, shown: string): VmsError {
  const near = SETTINGS.filter(setting => setting.key.includes(key) || key.includes(setting.key)).map(
    setting => setting.key,
  )
  return new VmsError('VMS_E_USAGE', `${shown}: "${key.slice(0, 40)}" is not a setting of a plan`, {
    hint: `${near.length > 0 ? `Near it: ${near.join(', ')}. ` : ''}They are the flags of \`vmsctl plan --help\` without dashes.`,
  })
}
