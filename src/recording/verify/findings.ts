import { type CameraVerdict, FINDING_KINDS, type Finding, type FindingKind } from './types.ts'

/** Findings of one camera that are kept with their words. */
const MOST_KEPT = 1_000
/** Foreign files that are named. */
const MOST_FOREIGN = 100

/** Gathers what is found in one camera's files; memory is bounded, whatever is found. */
export class Findings {
  files = 0
  bytes = 0
  hashed = 0
  withoutHash = 0
  readonly open: string[] = []
  readonly foreign: string[] = []
  readonly #camera: string
  readonly #counts = new Map<FindingKind, number>()
  readonly #kept = new Map<FindingKind, Finding[]>(FINDING_KINDS.map(kind => [kind, []]))

  constructor(camera: string) {
    this.#camera = camera
  }

  add(findings: readonly Finding[]): void {
    for (const finding of findings) {
      this.#counts.set(finding.kind, (this.#counts.get(finding.kind) ?? 0) + 1)
      const kept = this.#kept.get(finding.kind)!
      if (kept.length < MOST_KEPT) kept.push(finding)
    }
  }

  addForeign(paths: readonly string[]): void {
    this.foreign.push(...paths.slice(0, Math.max(0, MOST_FOREIGN - this.foreign.length)))
  }

  /** The worst kinds first. */
  verdict(): CameraVerdict {
    const { files, bytes, hashed, withoutHash, open, foreign } = this
    const counts: Partial<Record<FindingKind, number>> = {}
    for (const kind of FINDING_KINDS) {
      const count = this.#counts.get(kind)
      if (count !== undefined) counts[kind] = count
    }
    const findings = FINDING_KINDS.flatMap(kind => this.#kept.get(kind)!).slice(0, MOST_KEPT)
    const ok = findings.length === 0
    return { camera: this.#camera, ok, files, bytes, hashed, withoutHash, open, counts, findings, foreign }
  }
}
