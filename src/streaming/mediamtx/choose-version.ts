import { findRelay } from './find-program.ts'
import { knownVersion, NEWEST_KNOWN, type RelayVersion, versionFlag } from './version.ts'

export interface ChosenVersion {
  /** One of those whose keys are known. */
  readonly version: RelayVersion
  /** Where it is from, or what is not known of it. */
  readonly notes: readonly string[]
}

/** The version to render or check for: that of --for, else of the program that is found, else the newest known. */
export async function chooseVersion(
  flag: string | undefined,
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<ChosenVersion> {
  if (flag !== undefined) return known(versionFlag(flag))
  const found = await findRelay(program, env)
  if (found?.version !== undefined) return known(found.version)
  const why = found === undefined ? `${program} is not found here` : `${found.path} does not say its version`
  return { version: NEWEST_KNOWN, notes: [`${why}: taken for MediaMTX ${NEWEST_KNOWN}; --for names another version`] }
}

function known(wanted: RelayVersion): ChosenVersion {
  const { version, note } = knownVersion(wanted)
  return { version, notes: note === undefined ? [] : [note] }
}
