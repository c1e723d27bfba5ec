import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { parseCameraUrl } from '../camera-url.ts'
import type { ConfigFault } from '../faults.ts'
import { findConfig } from '../find.ts'
import { idKey } from '../ids.ts'
import { type LoadOptions, parseSiteText, shownPath } from '../load.ts'
import type { ParsedSite } from '../parse.ts'
import { readConfigText } from '../read-file.ts'
import { suggest } from '../suggest.ts'
import type { CameraConfig, SiteConfig } from '../types.ts'
import { readYaml } from '../yaml-source.ts'
import { addCameraNode, addCameraText } from './add-camera.ts'
import { removeCamerasText } from './remove-cameras.ts'
import { type CameraEntry, renderCamera } from './render-camera.ts'
import { replaceFile } from './replace-file.ts'

export interface EditOptions extends LoadOptions {
  readonly clock: Clock
}

export interface AddOptions extends EditOptions {
  /** Let a password in a URL go into the file as it is. */
  readonly plainPassword?: boolean
}

export interface EditResult {
  readonly file: string
  /** Ids that came or went. */
  readonly cameras: readonly string[]
  /** The site after the edit. */
  readonly site: ParsedSite
}

/** Adds a camera or a range at the end of the list, comments and layout kept. The result is checked before it is written. */
export async function addCamera(
  path: string | undefined,
  entry: CameraEntry,
  options: AddOptions,
): Promise<EditResult> {
  if (!options.plainPassword) refusePasswords(entry)
  return edit(path, options, async (text, before, check) => {
    const rendered = renderCamera(entry)
    const isRight = (after: SiteConfig) => isSame(before, after, after.cameras.slice(0, before.cameras.length))
    const plain = addCameraText(text, rendered)
    const site = await check(plain).catch((error: unknown) => error as Error)
    if (!(site instanceof Error) && isRight(site.config)) return { text: plain, site }
    // The layout is not one of those foreseen; or the entry is at fault, and then it is so in any layout.
    const rewritten = addCameraNode(text, rendered)
    const second = await check(rewritten).catch((error: unknown) => {
      throw entryFault(error)
    })
    if (!isRight(second.config))
      throw new VmsError('VMS_E_BUG', 'adding the camera would change other parts of the file')
    return { text: rewritten, site: second }
  })
}

/** Removes cameras by id; one out of a range splits the range. Throws VMS_E_CAMERA_NOT_FOUND when one of them is not there. */
export async function removeCameras(
  path: string | undefined,
  ids: readonly string[],
  options: EditOptions,
): Promise<EditResult> {
  return edit(path, options, async (text, before, check) => {
    const known = new Map(before.cameras.map(camera => [idKey(camera.id), camera]))
    for (const id of ids) if (!known.has(idKey(id))) throw cameraNotFound(id, before.cameras)
    const gone = new Set(ids.map(idKey))
    const kept = before.cameras.filter(camera => !gone.has(idKey(camera.id)))
    const { root } = readYaml(text, '')
    const cameras = (root as { cameras?: unknown }).cameras
    const changed = Array.isArray(cameras) ? removeCamerasText(text, cameras, gone) : undefined
    const site = changed === undefined ? undefined : await check(changed)
    if (
      changed === undefined ||
      site === undefined ||
      !isSame({ ...before, cameras: kept }, site.config, site.config.cameras)
    ) {
      throw new VmsError(
        'VMS_E_CONFIG_INVALID',
        `the list of cameras in ${before.file} is written in a way that cannot be edited`,
        {
          hint: 'Aliases (&name, *name, <<) in the entry stand in the way; edit the file by hand.',
        },
      )
    }
    return { text: changed, site }
  })
}

export function cameraNotFound(id: string, cameras: readonly CameraConfig[]): VmsError {
  const near = suggest(
    id,
    cameras.map(camera => camera.id),
  )
  return new VmsError(
    'VMS_E_CAMERA_NOT_FOUND',
    `there is no camera "${id.slice(0, 64)}"`,
    near === undefined ? {} : { hint: `Did you mean ${near}?` },
  )
}

function refusePasswords(entry: CameraEntry): void {
  for (const [flag, url] of Object.entries({ main: entry.main, sub: entry.sub })) {
    const parsed = parseCameraUrl((url ?? '').replaceAll(/[{}]/g, ''))
    if ('problem' in parsed || !parsed.password) continue
    throw new VmsError(
      'VMS_E_USAGE',
      `the ${flag} URL has a password in it, which would stand in the file for all to read`,
      {
        hint: 'Put it under credentials and name them with --credentials, or say --plain-password.',
      },
    )
  }
}

/** The faults of a new entry without their places, which are in a file that is not written. */
function entryFault(error: unknown): unknown {
  const faults = error instanceof VmsError ? (error.details?.faults as readonly ConfigFault[] | undefined) : undefined
  if (faults === undefined || faults.length === 0) return error
  return new VmsError('VMS_E_CONFIG_INVALID', faults.map(({ message }) => message).join('\n'), {
    ...(faults[0]?.hint === undefined ? {} : { hint: faults[0].hint }),
    details: { faults: faults.map(({ message, hint }) => ({ message, hint })) },
  })
}

type Check = (text: string) => Promise<ParsedSite>
type Change = (text: string, before: SiteConfig, check: Check) => Promise<{ text: string; site: ParsedSite }>

async function edit(path: string | undefined, options: EditOptions, change: Change): Promise<EditResult> {
  const file = findConfig(path, options)
  const shown = shownPath(file, options.cwd)
  const result: { done?: EditResult } = {}
  await replaceFile(file, options.clock, async target => {
    const { text } = await readConfigText(target, shown)
    const parseOptions = { ...options, file, directory: directoryOf(file) }
    const check: Check = changed => parseSiteText(changed, shown, parseOptions)
    const before = (await check(text)).config
    const { text: changed, site } = await change(text, before, check)
    result.done = { file, cameras: difference(before, site.config), site }
    return changed
  })
  return result.done!
}

function directoryOf(file: string): string {
  return file.slice(0, Math.max(1, file.lastIndexOf('/')))
}

/** Ids that are in one of the two sites only. */
function difference(before: SiteConfig, after: SiteConfig): string[] {
  const ids = (site: SiteConfig) => new Set(site.cameras.map(camera => camera.id))
  const [old, now] = [ids(before), ids(after)]
  return [...[...old].filter(id => !now.has(id)), ...[...now].filter(id => !old.has(id))]
}

/** Whether `after` is `before` but for the places of its cameras, of which only `cameras` are compared. */
function isSame(before: SiteConfig, after: SiteConfig, cameras: readonly CameraConfig[]): boolean {
  const placeless = (list: readonly CameraConfig[]) => list.map(camera => ({ ...camera, place: '' }))
  return isDeepStrictEqual({ ...before, cameras: placeless(before.cameras) }, { ...after, cameras: placeless(cameras) })
}
