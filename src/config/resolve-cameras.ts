import { type CameraName, CameraNames } from './camera-names.ts'
import { CameraUrls, type StreamUrl } from './camera-urls.ts'
import { DEFAULTS } from './defaults.ts'
import { quote } from './faults.ts'
import { kindOf } from './fields.ts'
import { idProblem } from './ids.ts'
import type { CredentialBook } from './resolve-credentials.ts'
import { type WrittenRetention, wholeRetention, writtenRetention } from './resolve-retention.ts'
import { ScheduleReader } from './schedule/schedule-reader.ts'
import { cameraSchema, type RawCamera, type RawSettings, settingsSchema } from './schema.ts'
import type { Findings } from './sections.ts'
import { suggest } from './suggest.ts'
import type { CameraConfig, Credentials, SiteRetention, StreamConfig } from './types.ts'
import type { Path, Plain, PlainMap } from './yaml-source.ts'

/** What a camera has from itself, else from its group, else from the defaults. */
interface Settings {
  readonly credentials?: Credentials | undefined
  readonly engine?: CameraConfig['engine'] | undefined
  readonly record?: CameraConfig['record'] | undefined
  readonly prewarm?: CameraConfig['prewarm'] | undefined
  readonly verifyTls?: boolean | undefined
  readonly linger?: number | undefined
  readonly retention: WrittenRetention
}

/** Reads defaults, groups and cameras: ranges spread out, groups and defaults filled in. */
export class CameraReader {
  readonly #findings: Findings
  readonly #credentials: CredentialBook
  readonly #names: CameraNames
  readonly #urls: CameraUrls
  readonly #schedules: ScheduleReader
  readonly #groups = new Map<string, Settings>()
  readonly #quotas: { group: string; quota: number }[] = []
  #defaults: Settings = { retention: {} }
  #linger: number = DEFAULTS.linger

  constructor(findings: Findings, credentials: CredentialBook) {
    this.#findings = findings
    this.#credentials = credentials
    this.#names = new CameraNames(findings)
    this.#urls = new CameraUrls(findings)
    this.#schedules = new ScheduleReader(findings)
  }

  /** `linger` is that of the site, milliseconds. */
  read(root: PlainMap, linger: number = DEFAULTS.linger): CameraConfig[] {
    this.#linger = linger
    const defaults = this.#findings.map(root.defaults, ['defaults'], 'defaults')
    if (defaults) this.#defaults = this.#readSettings(defaults, ['defaults'], 'the defaults')
    const groups = this.#findings.map(root.groups, ['groups'], 'groups') ?? {}
    for (const [name, raw] of Object.entries(groups)) {
      const path = ['groups', name]
      const problem = idProblem(name)
      if (problem !== undefined)
        this.#findings.fault(path, `the name of a group ${problem}`, undefined, { part: 'key' })
      const map = this.#findings.map(raw, path, `group ${quote(name)}`)
      this.#groups.set(name, map ? this.#readGroup(name, this.#readSettings(map, path, 'a group')) : this.#defaults)
    }
    const cameras = this.#readList(root.cameras)
    this.#urls.warn()
    return cameras
  }

  /** Of the defaults and the groups; what a camera has stands with it. */
  get retention(): SiteRetention {
    return { defaults: wholeRetention(this.#defaults.retention), groups: this.#quotas }
  }

  /** A quota of a group is that of all its cameras together, and so none of theirs. */
  #readGroup(group: string, settings: Settings): Settings {
    const { quota, ...retention } = settings.retention
    if (quota !== undefined && quota !== null) this.#quotas.push({ group, quota })
    return overlaid(this.#defaults, { ...settings, retention })
  }

  #readList(raw: Plain | undefined): CameraConfig[] {
    if (raw === undefined) return []
    if (!Array.isArray(raw)) {
      this.#findings.fault(['cameras'], `cameras wants a list, not ${kindOf(raw)}`, 'begin each camera with "- "')
      return []
    }
    const cameras: CameraConfig[] = []
    for (const [index, entry] of raw.entries()) {
      const path = ['cameras', index]
      if (entry === null) this.#findings.fault(path, 'a camera with nothing in it')
      const map = this.#findings.map(entry, path, 'a camera')
      if (map === undefined) continue
      const fields = this.#findings.section(cameraSchema, map, path, 'a camera')
      cameras.push(...this.#spread(fields, map, this.#names.claim(map, path), path))
      if (this.#names.full) break
    }
    return cameras
  }

  /** The cameras of one entry: one, or those of its range. */
  #spread(fields: Partial<RawCamera>, raw: PlainMap, names: readonly CameraName[], path: Path): CameraConfig[] {
    const settings = this.#settingsOf(fields, raw, path)
    const ownCredentials = fields.credentials !== undefined
    const read = (key: 'main' | 'sub') => {
      const url = fields[key]
      return url === undefined ? [] : this.#urls.read(url, names, [...path, key], ownCredentials)
    }
    const mains = read('main')
    const subs = read('sub')
    if (mains.length === 0) return []
    const { file, line, column } = this.#findings.source.place(path)
    const stream = (url: StreamUrl): StreamConfig => ({
      url: url.url,
      credentials: url.credentials ?? settings.credentials,
      verifyTls: settings.verifyTls ?? DEFAULTS.verifyTls,
    })
    return names.map(({ id }, index) => ({
      id,
      group: fields.group,
      main: stream(mains[index]!),
      sub: subs[index] && stream(subs[index]),
      engine: settings.engine ?? DEFAULTS.engine,
      record: settings.record ?? DEFAULTS.record,
      prewarm: settings.prewarm ?? DEFAULTS.prewarm,
      retention: wholeRetention(settings.retention),
      linger: settings.linger ?? this.#linger,
      place: `${file}:${line}:${column}`,
    }))
  }

  #settingsOf(fields: Partial<RawCamera>, raw: PlainMap, path: Path): Settings {
    const { group } = fields
    if (group === undefined) return overlaid(this.#defaults, this.#fromFields(fields, raw, path))
    const problem = idProblem(group)
    if (problem !== undefined) this.#findings.fault([...path, 'group'], `group ${problem}`)
    // A group needs no entry under groups; one that is nearly the name of an entry is most likely that.
    const known = this.#groups.has(group) || !this.#findings.suggests
    const meant = known ? undefined : suggest(group, [...this.#groups.keys()].slice(0, 1_000))
    if (meant !== undefined)
      this.#findings.warn(
        [...path, 'group'],
        `group ${quote(group)} has no entry under groups`,
        `did you mean "${meant}"?`,
      )
    return overlaid(this.#groups.get(group) ?? this.#defaults, this.#fromFields(fields, raw, path))
  }

  #readSettings(raw: PlainMap, path: Path, what: string): Settings {
    return this.#fromFields(this.#findings.section(settingsSchema, raw, path, what), raw, path)
  }

  /** Only what is written, so that it can be laid over what is inherited. */
  #fromFields(fields: RawSettings, raw: PlainMap, path: Path): Settings {
    const { credentials, engine, linger, verify_tls: verifyTls } = fields
    const record = this.#schedules.read('record', fields.record, raw.record, path)
    const prewarm = this.#schedules.read('prewarm', fields.prewarm, raw.prewarm, path)
    return {
      ...(credentials !== undefined && { credentials: this.#credentials.refer(credentials, [...path, 'credentials']) }),
      ...(engine !== undefined && { engine }),
      ...(record !== undefined && { record }),
      ...(prewarm !== undefined && { prewarm }),
      ...(verifyTls !== undefined && { verifyTls }),
      ...(linger !== undefined && { linger }),
      retention: writtenRetention(fields),
    }
  }
}

function overlaid(inherited: Settings, own: Settings): Settings {
  return { ...inherited, ...own, retention: { ...inherited.retention, ...own.retention } }
}
