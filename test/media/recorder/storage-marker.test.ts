import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NotMountedError } from '../../../src/media/recorder/disk-trouble.ts'
import { ensureStorage, MARKER_FILE, nodeRecorderFs, readMarker } from '../../../src/media/recorder/index.ts'
import { checkMarker } from '../../../src/media/recorder/storage-marker.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vmsctl-marker-'))
})
afterEach(() => rmSync(root, { recursive: true }))

describe('storage marker', () => {
  it('is made once, directory and all, and kept', async () => {
    const path = join(root, 'a', 'archive')
    const marker = await ensureStorage(path, new Date(0))
    expect(marker).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), created: '1970-01-01T00:00:00.000Z' })
    expect(JSON.parse(readFileSync(join(path, MARKER_FILE), 'utf8'))).toEqual(marker)
    expect(await ensureStorage(path, new Date(1))).toEqual(marker)
    expect(await readMarker(path)).toEqual(marker)
    await checkMarker(nodeRecorderFs, path, marker.id)
  })

  it('is not made where one is expected', async () => {
    const { id } = await ensureStorage(root, new Date(0))
    rmSync(join(root, MARKER_FILE))
    await expect(ensureStorage(root, new Date(0), id)).rejects.toMatchObject({ code: 'VMS_E_STORAGE_UNAVAILABLE' })
    expect(await readMarker(root)).toBeUndefined()
    await ensureStorage(root, new Date(0))
    await expect(ensureStorage(root, new Date(0), id)).rejects.toThrow(/another archive/)
  })

  it('refuses a missing, other or damaged marker, and a path that is a file', async () => {
    const check = (path: string, id: string) => checkMarker(nodeRecorderFs, path, id)
    await expect(check(root, 'x')).rejects.toBeInstanceOf(NotMountedError)
    await expect(check(join(root, 'gone'), 'x')).rejects.toBeInstanceOf(NotMountedError)
    await ensureStorage(root, new Date(0))
    await expect(check(root, 'x')).rejects.toBeInstanceOf(NotMountedError)
    for (const text of ['', '{', 'null', '{"id":""}', '{"id":7}']) {
      writeFileSync(join(root, MARKER_FILE), text)
      await expect(check(root, '')).rejects.toBeInstanceOf(NotMountedError)
      await expect(ensureStorage(root, new Date(0))).rejects.toMatchObject({ code: 'VMS_E_STORAGE_UNAVAILABLE' })
    }
    const file = join(root, 'file')
    writeFileSync(file, '')
    await expect(ensureStorage(file, new Date(0))).rejects.toMatchObject({ code: 'VMS_E_STORAGE_UNAVAILABLE' })
    await expect(check(file, 'x')).rejects.toBeInstanceOf(NotMountedError)
    const directory = join(root, 'b')
    mkdirSync(join(directory, MARKER_FILE), { recursive: true })
    await expect(check(directory, 'x')).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
