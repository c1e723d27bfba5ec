import { describe, expect, it } from 'vitest'
import { DEFAULTS } from '../../src/config/defaults.ts'
import { configSchema } from '../../src/config/index.ts'

type Node = {
  type?: unknown
  description?: string
  properties?: Record<string, Node>
  additionalProperties?: unknown
  items?: Node
  required?: string[]
}

describe('the JSON Schema', () => {
  it('is plain JSON that refuses unknown keys, has keys of anchors, and says a word on every key', async () => {
    const schema = (await configSchema()) as Node & { patternProperties: object }
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(Object.keys(schema.properties ?? {})).toEqual([
      'site',
      'storage',
      'gateway',
      'limits',
      'alarms',
      'viewing',
      'registry',
      'credentials',
      'defaults',
      'groups',
      'cameras',
    ])
    expect(schema.required).toEqual(['storage'])
    expect(Object.keys(schema.patternProperties)).toEqual(['^x-'])
    const camera = schema.properties?.cameras?.items
    expect(camera?.required).toEqual(['main'])
    for (const part of [...Object.values(schema.properties ?? {}).filter(part => part.properties), camera!]) {
      expect(part.additionalProperties).toBe(false)
      for (const key of Object.values(part.properties ?? {})) expect(key.description).toBeTruthy()
    }
  })

  it('lets numbers and truths be written as such', async () => {
    const { properties } = (await configSchema()) as Node
    expect(properties?.limits?.properties?.connects_per_second).toMatchObject({ type: 'integer', minimum: 1 })
    expect(properties?.limits?.properties?.workers).toMatchObject({ type: ['integer', 'string'] })
    expect(properties?.defaults?.properties?.record).toMatchObject({
      anyOf: [{ enum: ['always', 'never', true, false] }, { required: ['schedule'] }],
    })
  })

  it('names the defaults that hold', async () => {
    const text = JSON.stringify(await configSchema())
    for (const value of [
      DEFAULTS.listen,
      `${DEFAULTS.segment / 1_000}s`,
      `${DEFAULTS.sync / 1_000}s`,
      `${DEFAULTS.memory / 1e6}MB`,
      `${DEFAULTS.linger / 1_000}s`,
    ])
      expect(text).toContain(`Default: ${value}`)
  })
})
