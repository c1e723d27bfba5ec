import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { systemCode, VmsError } from '../../kernel/errors.ts'
import { cannotWrite, replaceFile } from '../edit/replace-file.ts'
import { parseSiteText, shownPath } from '../load.ts'
import { camerasFromCsv } from './cameras-from-csv.ts'
import { camerasFromUrls } from './cameras-from-urls.ts'
import { passwordPlace, starterText } from './starter-file.ts'
import { takeSecrets } from './take-secrets.ts'

export interface StarterOptions {
  /** File to write. */
  readonly file: string
  readonly cwd: string
  readonly clock: Clock
  /** Each `rtsp://...` or `ID=rtsp://...`. */
  readonly urls?: readonly string[]
  /** File with a header line: id,main,sub,group,... */
  readonly csv?: string | undefined
  /** Replace the file when there is one. */
  readonly force?: boolean
  /** Write passwords into files of mode 0600 beside the configuration, instead of expecting them in the environment. */
  readonly savePasswords?: boolean
}

export interface StarterResult {
  readonly file: string
  readonly cameras: number
  /** Users that were found, where their passwords are expected, and whether they were written there. */
  readonly credentials: readonly {
    readonly name: string
    readonly username: string
    readonly place: { readonly file: string } | { readonly env: string }
    readonly saved: boolean
  }[]
}

/** Writes a commented first configuration, from nothing, URLs or a table. Throws VMS_E_FILE_EXISTS rather than write over one. */
export async function writeStarter(options: StarterOptions): Promise<StarterResult> {
  const file = resolve(options.cwd, options.file)
  const csv =
    options.csv === undefined ? [] : camerasFromCsv(await readTable(resolve(options.cwd, options.csv)), options.csv)
  const { cameras, credentials } = takeSecrets([...camerasFromUrls(options.urls ?? []), ...csv])
  const passwords = options.savePasswords ? 'file' : 'env'
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const text = starterText({ name: hostname(), timezone, cameras, credentials, passwords })
  // What is written must load; URLs and rows that are right alone may still be the same camera twice.
  const site = await parseSiteText(text, shownPath(file, options.cwd), { file, directory: dirname(file) })
  if (passwords === 'file') {
    for (const { name, password } of credentials)
      if (password !== undefined) await writeSecret(dirname(file), name, password, options)
  }
  await writeNew(file, text, options)
  return {
    file,
    cameras: site.config.cameras.length,
    credentials: credentials.map(found => ({
      name: found.name,
      username: found.username,
      place: passwordPlace(found, passwords),
      saved: passwords === 'file' && found.password !== undefined,
    })),
  }
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new VmsError(
      'VMS_E_USAGE',
      `${path} ${systemCode(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${systemCode(error)})`}`,
    )
  }
}

async function writeNew(file: string, text: string, options: StarterOptions, mode = 0o666): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode })
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw cannotWrite(file, error)
    if (!options.force) throw new VmsError('VMS_E_FILE_EXISTS', `${shownPath(file, options.cwd)} exists already`)
    await replaceFile(file, options.clock, async () => text)
  }
}

async function writeSecret(directory: string, name: string, password: string, options: StarterOptions): Promise<void> {
  const path = join(directory, 'vms-secrets', name)
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw cannotWrite(path, error)
  }
  await writeNew(path, `${password}\n`, options, 0o600)
}
