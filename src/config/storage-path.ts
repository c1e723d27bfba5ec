import { constants } from 'node:fs'
import { access, readFile, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../kernel/errors.ts'
import { missingMount } from './mounts.ts'

export interface StorageProblem {
  /** A sentence with the path. */
  readonly message: string
  readonly hint: string
}

export interface MountTables {
  readonly fstab: string
  readonly mountinfo: string
}

/**
 * Why recordings cannot be written to the absolute `path` by this user on this machine, or undefined. A path that does
 * not exist is fine when its parent lets it be made. Looks only; the recorder's marker file is checked by the recorder.
 */
export async function checkStoragePath(path: string, tables?: MountTables): Promise<StorageProblem | undefined> {
  if (/^\/(proc|sys)(\/|$)/.test(path))
    return { message: `storage path ${path} is the kernel's, no place for files`, hint: 'name a directory on a disk' }
  const { fstab, mountinfo } = tables ?? (await readMountTables())
  const mount = missingMount(await realPathOf(path), fstab, mountinfo)
  if (mount !== undefined) {
    return {
      message: `storage path ${path} lies on ${mount}, which /etc/fstab names and which is not mounted`,
      hint: `mount ${mount}`,
    }
  }
  const code = await problemOf(path)
  if (code === undefined) return undefined
  if (code === 'ENOENT') {
    const parent = dirname(path)
    const parentCode = await problemOf(parent)
    if (parentCode === undefined) return undefined
    if (parentCode === 'ENOENT')
      return { message: `storage path ${path}: its parent ${parent} does not exist`, hint: `mkdir -p ${path}` }
    return {
      message: `storage path ${path} cannot be made: ${parent} ${describe(parentCode)}`,
      hint: remedy(parentCode),
    }
  }
  return { message: `storage path ${path} ${describe(code)}`, hint: remedy(code) }
}

/** Undefined when `path` is a directory that this user may write to; otherwise a system code, ENOTDIR for a file. */
async function problemOf(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return 'ENOTDIR'
    await access(path, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return systemCode(error) ?? 'EIO'
  }
}

function describe(code: string): string {
  if (code === 'ENOTDIR') return 'is a file, or lies below one; a directory is needed'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be written by this user'
  if (code === 'EROFS') return 'is on a file system that is mounted read-only'
  return `cannot be used (${code})`
}

function remedy(code: string): string {
  if (code === 'ENOTDIR') return 'name a directory'
  if (code === 'EACCES' || code === 'EPERM') return 'give the directory to the user that runs vmsctl'
  if (code === 'EROFS') return 'mount it for writing'
  return 'look at the disk and its mount'
}

/** `path` with symbolic links followed, as far as it exists. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    if (parent === path) return path
    return `${(await realPathOf(parent)).replace(/\/$/, '')}${path.slice(parent === '/' ? 0 : parent.length)}`
  }
}

async function readMountTables(): Promise<MountTables> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  return { fstab: await read('/etc/fstab'), mountinfo: await read('/proc/self/mountinfo') }
}
