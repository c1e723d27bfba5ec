import { quote } from './faults.ts'
import { ID_PATTERN, idProblem } from './ids.ts'
import { readSecretPlace } from './resolve-secret.ts'
import { credentialSchema } from './schema.ts'
import type { Findings } from './sections.ts'
import { didYouMean } from './suggest.ts'
import type { Credentials } from './types.ts'
import type { Path, Plain } from './yaml-source.ts'

/** The credentials of a file by name. One with a fault has its name here all the same, so that its users are not at fault too. */
export class CredentialBook {
  readonly #findings: Findings
  readonly #directory: string
  readonly #byName = new Map<string, Credentials | undefined>()

  /** `directory` is what relative password files count from. */
  constructor(findings: Findings, directory: string) {
    this.#findings = findings
    this.#directory = directory
  }

  read(raw: Plain | undefined): void {
    const path = ['credentials']
    for (const [name, value] of Object.entries(this.#findings.map(raw, path, 'credentials') ?? {})) {
      const place = [...path, name]
      const problem = idProblem(name)
      if (problem !== undefined)
        this.#findings.fault(place, `the name of credentials ${problem}`, undefined, { part: 'key' })
      this.#byName.set(name, this.#readOne(value, place))
    }
    for (const name of this.#findings.source.emptyKeys(path)) {
      this.#findings.fault([...path, name], `credentials ${quote(name)} has no username and password`)
      this.#byName.set(name, undefined)
    }
  }

  /** The credentials called `name`, which stands at `path`. */
  refer(name: string, path: Path): Credentials | undefined {
    if (!this.#byName.has(name)) {
      // What is no name may be a password at the wrong place: it is not repeated.
      const message = ID_PATTERN.test(name)
        ? `there are no credentials ${quote(name)}`
        : 'credentials wants the name of an entry under credentials'
      const hint = this.#findings.suggests ? didYouMean(name, [...this.#byName.keys()].slice(0, 1_000)) : undefined
      this.#findings.fault(
        path,
        message,
        hint ?? 'credentials: { NAME: { username: ..., password: { file: PATH } } }',
        { needsWholeFile: true },
      )
    }
    return this.#byName.get(name)
  }

  #readOne(raw: Plain, path: Path): Credentials | undefined {
    const map = this.#findings.map(raw, path, `credentials ${quote(String(path.at(-1)))}`)
    if (map === undefined) return undefined
    const fields = this.#findings.section(credentialSchema, map, path, 'credentials')
    const password = readSecretPlace(this.#findings, this.#directory, map.password, [...path, 'password'], 'password')
    return fields.username === undefined || !password ? undefined : { username: fields.username, password }
  }
}
