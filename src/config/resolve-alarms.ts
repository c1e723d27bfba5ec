import { z } from 'zod'
import { DEFAULTS } from './defaults.ts'
import { quote } from './faults.ts'
import { idProblem } from './ids.ts'
import { readSecretPlace } from './resolve-secret.ts'
import { alarmsSchema, alarmTargetSchema } from './schema.ts'
import type { Findings } from './sections.ts'
import type { AlarmsConfig, AlarmTarget } from './types.ts'
import type { Path, Plain } from './yaml-source.ts'

/** Read one by one, so that each fault has its place. */
const sectionSchema = alarmsSchema.extend({ deliver: z.unknown().optional() })
const JOURNAL: AlarmTarget = { kind: 'journal', name: 'journal' }
const WAYS = ['command', 'webhook', 'journal'] as const

/** What the section `alarms` needs of the others. */
interface AlarmContext {
  /** What relative files count from. */
  readonly directory: string
  /** Milliseconds of headroom at which the storage warns: the alarm's own limit where nothing else is said. */
  readonly headroom: number
}

/** The section `alarms`. */
export function readAlarms(findings: Findings, raw: Plain | undefined, context: AlarmContext): AlarmsConfig {
  const path = ['alarms']
  const map = findings.map(raw, path, 'alarms')
  const fields = map && findings.section(sectionSchema, map, path, 'alarms')
  return {
    notRecorded: fields?.not_recorded ?? DEFAULTS.notRecorded,
    coverage: fields?.coverage ?? DEFAULTS.coverage,
    headroom: fields?.headroom ?? context.headroom,
    remind: fields?.remind ?? DEFAULTS.remind,
    targets: map?.deliver === undefined ? [JOURNAL] : readTargets(findings, map.deliver, context.directory),
  }
}

function readTargets(findings: Findings, raw: Plain, directory: string): AlarmTarget[] {
  const path = ['alarms', 'deliver']
  if (!Array.isArray(raw)) {
    findings.fault(path, 'deliver wants a list', 'deliver: [ { name: oncall, webhook: https://... } ]')
    return []
  }
  const targets: AlarmTarget[] = []
  for (const [index, entry] of raw.entries()) {
    const target = readTarget(findings, entry, [...path, index], directory)
    if (target && targets.some(({ name }) => name === target.name))
      findings.fault([...path, index, 'name'], `there are two ways to tell called ${quote(target.name)}`)
    else if (target) targets.push(target)
  }
  return targets
}

function readTarget(findings: Findings, raw: Plain, path: Path, directory: string): AlarmTarget | undefined {
  const map = findings.map(raw, path, 'an entry of deliver')
  if (map === undefined) return undefined
  const fields = findings.section(alarmTargetSchema, map, path, 'an entry of deliver')
  const { name, command, webhook, journal, timeout = DEFAULTS.alarmTimeout } = fields
  const problem = name === undefined ? undefined : idProblem(name)
  if (problem !== undefined) findings.fault([...path, 'name'], `name ${problem}`)
  const ways = WAYS.filter(way => map[way] !== undefined)
  if (ways.length !== 1)
    findings.fault(path, 'an entry of deliver wants exactly one of command, webhook, journal: true')
  const key = map.key === undefined ? undefined : readSecretPlace(findings, directory, map.key, [...path, 'key'], 'key')
  if (map.key !== undefined && webhook === undefined && ways.length === 1)
    findings.fault([...path, 'key'], 'only a webhook has a key')
  if (webhook !== undefined) {
    if (!checkUrl(findings, webhook, [...path, 'webhook']) || name === undefined) return undefined
    if (map.key === undefined)
      findings.warn(
        [...path, 'webhook'],
        'a webhook without a key',
        'with key: { file: PATH } its receiver can tell that it is ours',
      )
    return { kind: 'webhook', name, url: webhook, key, timeout }
  }
  if (journal === false) findings.fault([...path, 'journal'], 'journal wants true', 'or leave the entry out')
  if (command?.length === 0) findings.fault([...path, 'command'], 'command wants a program')
  if (name === undefined) return undefined
  if (command !== undefined) return { kind: 'command', name, argv: command, timeout }
  return journal ? { kind: 'journal', name } : undefined
}

function checkUrl(findings: Findings, text: string, path: Path): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    findings.fault(path, 'webhook wants an http: or https: URL')
    return false
  }
  if (url.username === '' && url.password === '') return true
  findings.fault(path, 'webhook wants a URL without user and password', 'sign it with key: { file: PATH }')
  return false
}
