import { describe, expect, it } from 'vitest'
import { composeOrders, NO_STORAGE } from '../../src/daemon/compose-orders.ts'
import { configChanges } from '../../src/daemon/config-changes.ts'
import { resolveSite } from '../../src/daemon/resolve-cameras.ts'
import { selectCameras } from '../../src/daemon/select-cameras.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import { camera, site } from './site.ts'

const login = (name: string) => ({ username: 'u', password: { kind: 'env' as const, name } })
const stream = (name: string) => ({ url: 'rtsp://127.0.0.1/', credentials: login(name), verifyTls: false })
const secrets: Record<string, string> = { GOOD: 'pw' }
let reads = 0
const resolve = async ({ password }: ReturnType<typeof login> | { password: object }) => {
  reads++
  const value = secrets[(password as { name: string }).name]
  if (value === undefined) throw new VmsError('VMS_E_SECRET_UNAVAILABLE', `password: environment variable is not set`)
  return value
}

describe('resolveSite', () => {
  it('blocks only the cameras whose password cannot be read, and reads each once', async () => {
    reads = 0
    const config = site([
      camera('a', { main: stream('GOOD') }),
      camera('b', { main: stream('BAD') }),
      camera('c', { main: stream('GOOD'), sub: stream('GOOD') }),
      camera('d'),
    ])
    const resolved = await resolveSite(config, resolve)
    expect(resolved.cameras.get('a')?.main?.password).toBe('pw')
    expect(resolved.cameras.get('b')).toMatchObject({
      main: undefined,
      blocked: 'password: environment variable is not set',
    })
    expect(resolved.cameras.get('c')?.sub?.password).toBe('pw')
    expect(resolved.cameras.get('d')?.main).toMatchObject({ username: undefined, password: undefined })
    expect(resolved.notes).toHaveLength(1)
    expect(reads).toBe(2)
  })

  it('a password that goes missing on a reload does not stop its camera', async () => {
    const config = site([camera('a', { main: stream('LATER') })])
    secrets.LATER = 'first'
    const before = await resolveSite(config, resolve)
    delete secrets.LATER
    const after = await resolveSite(config, resolve, before)
    expect(after.cameras.get('a')).toMatchObject({ main: { password: 'first' }, blocked: null })
    expect(after.notes[0]).toMatch(/go on with the password they had/)
    const moved = site([camera('a', { main: { ...stream('LATER'), url: 'rtsp://elsewhere/' } })])
    expect((await resolveSite(moved, resolve, before)).cameras.get('a')?.main).toBeUndefined()
  })
})

describe('composeOrders', () => {
  const config = site(['a', 'b', 'c'].map(id => camera(id)))
  const placement = new Map([
    ['a', 0],
    ['b', 1],
    ['c', 0],
  ])
  const compose = async (over = {}) =>
    composeOrders({
      config,
      site: await resolveSite(config, resolve),
      placement,
      slots: 2,
      wanted: id => id !== 'c',
      storageId: 'id',
      stateDir: '/s',
      ...over,
    })

  it('gives each worker its cameras, the node share of limits, and the way to the others', async () => {
    const orders = await compose()
    expect(orders.get(0)?.cameras.map(({ id, record }) => [id, record])).toEqual([
      ['a', true],
      ['c', false],
    ])
    expect(orders.get(1)?.cameras.map(({ id }) => id)).toEqual(['b'])
    expect(orders.get(1)?.cameras[0]).toMatchObject({ linger: 30_000 })
    expect(orders.get(1)?.peers).toEqual([
      { socket: '/s/workers/0.gateway.sock', http: '/s/workers/0.http.sock', cameras: ['a', 'c'] },
    ])
    expect(orders.get(0)?.settings.storage).toMatchObject({ memory: 256_000_000, id: 'id' })
    expect(orders.get(0)?.settings.limits).toEqual({ connectsPerSecond: 5, connectsPerHost: 2 })
  })
  it('names a storage that no directory has while it cannot be used', async () => {
    expect((await compose({ storageId: undefined })).get(0)?.settings.storage.id).toBe(NO_STORAGE)
  })
})

describe('configChanges', () => {
  it('tells what is new, gone and different; a line number is no difference', () => {
    const before = site([camera('a'), camera('b'), camera('c')])
    const after = site([camera('b', { place: 'vms.yaml:9:9' }), camera('c', { engine: 'ffmpeg' }), camera('d')], {
      gateway: { ...before.gateway, port: 1 },
    })
    expect(configChanges(before, after)).toEqual({
      added: ['d'],
      removed: ['a'],
      changed: ['c'],
      settings: ['gateway'],
    })
    expect(configChanges(before, before)).toEqual({ added: [], removed: [], changed: [], settings: [] })
  })
})

describe('selectCameras', () => {
  const cameras = [camera('gate-1', { group: 'outside' }), camera('gate-2', { group: 'outside' }), camera('hall-1')]
  const fault = (request: object) => {
    try {
      selectCameras(cameras, request)
    } catch (error) {
      return error as VmsError
    }
    throw new Error('no fault')
  }
  it('takes names, a group, or all', () => {
    expect(selectCameras(cameras, { cameras: ['hall-1', 'gate-1', 'hall-1'] })).toEqual(['hall-1', 'gate-1'])
    expect(selectCameras(cameras, { group: 'outside' })).toEqual(['gate-1', 'gate-2'])
    expect(selectCameras(cameras, { all: true })).toHaveLength(3)
  })
  it('helps with what it does not know', () => {
    expect(fault({ cameras: ['gate1'] })).toMatchObject({
      code: 'VMS_E_CAMERA_NOT_FOUND',
      exitCode: 3,
      hint: 'Did you mean "gate-1"?',
    })
    expect(fault({ group: 'outsid' })).toMatchObject({
      code: 'VMS_E_CAMERA_NOT_FOUND',
      hint: 'Did you mean "outside"?',
    })
    expect(fault({}).code).toBe('VMS_E_USAGE')
    expect(fault({ all: true, group: 'outside' }).code).toBe('VMS_E_USAGE')
  })
})
