import { mkdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { systemCode, VmsError } from '../kernel/errors.ts'
import { writeError } from '../recording/export/index.ts'
import type { ExportFlags } from './export-site.ts'

/** Several cameras, and segments, go into a directory, which is made when it is missing; so does a clip when `output` is one. */
export function targetOf(
  { output, segments, group }: Pick<ExportFlags, 'output' | 'segments' | 'group'>,
  cameras: number,
) {
  const path = resolve(output)
  if (cameras === 1 && group === undefined && !segments && !output.endsWith('/') && !isDirectory(path))
    return { file: path }
  try {
    mkdirSync(path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw writeError(path, error)
    if (!isDirectory(path)) throw new VmsError('VMS_E_FILE_EXISTS', `${path} is a file, and several are to be written`)
  }
  return { directory: path }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
