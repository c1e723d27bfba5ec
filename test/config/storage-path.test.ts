import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkStoragePath } from '../../src/config/index.ts'
import { missingMount } from '../../src/config/mounts.ts'
import { temporaryDirectory } from './support.ts'

const FSTAB = `# <device> <mount> <type> <options>
UUID=1 / ext4 defaults 0 1
/dev/sdb1	/srv/video	xfs	defaults,nofail	0 2
/dev/sdc1 /srv/video/old\\040disk/ ext4 noauto 0 2
UUID=2 none swap sw 0 0
`
const mounted = (...points: string[]) =>
  points
    .map(
      (point, index) =>
        `${index + 22} 1 8:1 / ${point.replaceAll(' ', '\\040')} rw,relatime shared:1 - ext4 /dev/sda1 rw`,
    )
    .join('\n')

describe('a mount that is missing', () => {
  it('is the nearest mount point of fstab that is not mounted', () => {
    expect(missingMount('/srv/video/archive', FSTAB, mounted('/'))).toBe('/srv/video')
    expect(missingMount('/srv/video', FSTAB, mounted('/'))).toBe('/srv/video')
    expect(missingMount('/srv/video/old disk/a', FSTAB, mounted('/', '/srv/video'))).toBe('/srv/video/old disk')
  })

  it('is none where all is mounted, or fstab knows of none', () => {
    expect(missingMount('/srv/video/archive', FSTAB, mounted('/', '/srv/video'))).toBeUndefined()
    expect(missingMount('/srv/video/old disk/a', FSTAB, mounted('/', '/srv/video/old disk'))).toBeUndefined()
    expect(missingMount('/srv/videos', FSTAB, mounted('/'))).toBeUndefined()
    expect(missingMount('/home', FSTAB, mounted('/'))).toBeUndefined()
    expect(missingMount('/srv/video', '', '')).toBeUndefined()
    expect(missingMount('/', FSTAB, '')).toBeUndefined()
  })
})

describe('a storage path', () => {
  const none = { fstab: '', mountinfo: '' }

  it('is fine when it is there, or can be made', async () => {
    const directory = await temporaryDirectory()
    expect(await checkStoragePath(directory, none)).toBeUndefined()
    expect(await checkStoragePath(join(directory, 'new'), none)).toBeUndefined()
    expect(await checkStoragePath(directory)).toBeUndefined()
  })

  it('is refused as a file, below a file, and with no parent', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'file'), '')
    expect(await checkStoragePath(join(directory, 'file'), none)).toMatchObject({
      message: `storage path ${directory}/file is a file, or lies below one; a directory is needed`,
    })
    expect(await checkStoragePath(join(directory, 'file/below'), none)).toMatchObject({
      message: expect.stringContaining('is a file, or lies below one'),
    })
    expect(await checkStoragePath(join(directory, 'a/b'), none)).toEqual({
      message: `storage path ${directory}/a/b: its parent ${directory}/a does not exist`,
      hint: `mkdir -p ${directory}/a/b`,
    })
    // Root may do all there, and yet nobody can make anything.
    expect(await checkStoragePath('/proc/archive', none)).toMatchObject({
      message: expect.stringContaining("kernel's"),
    })
  })

  it.skipIf(process.geteuid?.() === 0)('is refused when this user may not write there (not as root)', async () => {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'closed'))
    await chmod(join(directory, 'closed'), 0o500)
    expect(await checkStoragePath(join(directory, 'closed'), none)).toMatchObject({
      message: expect.stringContaining('may not be written by this user'),
    })
    expect(await checkStoragePath(join(directory, 'closed/new'), none)).toMatchObject({
      message: expect.stringContaining('cannot be made'),
    })
  })

  it('is refused on a mount that is missing, also through a symbolic link', async () => {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'disk'))
    await symlink('disk', join(directory, 'link'))
    const tables = { fstab: `/dev/sdb1 ${directory}/disk xfs defaults 0 0\n`, mountinfo: mounted('/') }
    const message = `storage path ${directory}/link/new/x lies on ${directory}/disk, which /etc/fstab names and which is not mounted`
    expect(await checkStoragePath(join(directory, 'link/new/x'), tables)).toEqual({
      message,
      hint: `mount ${directory}/disk`,
    })
  })
})
