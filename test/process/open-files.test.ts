import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { filesOpenForWriting } from '../../src/process/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'vmsctl-open-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('filesOpenForWriting', () => {
  it('names the files below a directory that somebody writes to, by whichever way to it', () => {
    mkdirSync(join(directory, 'a'))
    for (const name of ['written', 'appended', 'read', 'closed']) writeFileSync(join(directory, 'a', name), '')
    const written = openSync(join(directory, 'a/written'), 'r+')
    const appended = openSync(join(directory, 'a/appended'), 'a')
    const read = openSync(join(directory, 'a/read'), 'r')
    symlinkSync(directory, join(directory, 'link'))
    expect([...filesOpenForWriting(directory)].sort()).toEqual(['a/appended', 'a/written'])
    expect([...filesOpenForWriting(join(directory, 'link'))].sort()).toEqual(['a/appended', 'a/written'])
    expect([...filesOpenForWriting(join(directory, 'a'))].sort()).toEqual(['appended', 'written'])
    for (const fd of [written, appended, read]) closeSync(fd)
    expect(filesOpenForWriting(directory).size).toBe(0)
    expect(filesOpenForWriting(join(directory, 'none')).size).toBe(0)
  })
})
