import { expect, it } from 'vitest'
import { LiveClient } from '../../src/daemon/live-client.ts'

it('asks for what has a name of dots nowhere, and for any other name as it is written', async () => {
  const asked: string[] = []
  const client = new LiveClient(async (method, path) => {
    asked.push(`${method} ${path}`)
    return { streams: [] } as never
  })
  for (const name of ['', '.', '..']) {
    await expect(async () => client.start(name, { user: 'anna' })).rejects.toMatchObject({
      code: 'VMS_E_CAMERA_NOT_FOUND',
    })
    await expect(async () => client.disconnect(name, 'anna')).rejects.toMatchObject({ code: 'VMS_E_VIEWER_NOT_FOUND' })
  }
  await client.stream('a/../b')
  await client.stream('...')
  await client.disconnect('s 1', 'anna')
  expect(asked).toEqual(['GET /v1/streams/a%2F..%2Fb', 'GET /v1/streams/...', 'DELETE /v1/viewers/s%201?by=anna'])
})
