import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { hasProgram } from '../support/programs.ts'
import { readCapture } from '../support/rtp-capture.ts'
import { cook, RECIPES } from '../support/rtp-recipes.ts'
import { expectTruth } from '../wire/rtp/truth.ts'

const folder = mkdtempSync(join(tmpdir(), 'vmsctl-rtp-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Set to write the stored captures of the unit tests anew. */
const update = process.env.VMSCTL_UPDATE_CAPTURES !== undefined

describe.skipIf(!hasProgram('ffmpeg') || !hasProgram('ffprobe'))('RTP as ffmpeg sends it', () => {
  it.each(RECIPES)('$name comes out as ffmpeg put it in', async recipe => {
    const { capture, truth } = await cook(recipe, folder)
    if (update) {
      const stored = join(import.meta.dirname, '../wire/rtp/fixtures', `ffmpeg-${recipe.name}`)
      writeFileSync(`${stored}.rtp`, capture)
      writeFileSync(`${stored}.json`, `${JSON.stringify(truth)}\n`)
    }
    expectTruth(recipe.codec, readCapture(capture), truth)
  })
})
