/*
 * Deletes all of an archive that has to go, until it is killed: `node deleting-process.ts DIRECTORY NOW`. Says "ready" on
 * standard output when it begins, and "done" when nothing is left to delete.
 */
import { systemClock } from '../../../src/kernel/clock.ts'
import { deletePass } from '../../../src/recording/retention/delete-pass.ts'
import { nodeRetentionFs } from '../../../src/recording/retention/retention-fs.ts'
import { SpaceWatch } from '../../../src/recording/retention/space-watch.ts'
import { surveyArchive } from '../../../src/recording/retention/survey-archive.ts'
import { camera, site } from '../../daemon/site.ts'
import { SmallArchive, STORAGE_ID } from './small-archive.ts'
import { DAY } from './support.ts'

const [directory, now] = process.argv.slice(2)
const { index, storage } = new SmallArchive(directory)
const retention = { age: 30 * DAY, quota: null, priority: 50 }
const config = site([camera('gate', { retention }), camera('hall', { retention })])
process.stdout.write('ready\n')
const result = await deletePass({
  place: { index, storage, storageId: STORAGE_ID, fs: nodeRetentionFs },
  survey: async () => surveyArchive(index, config, { now: Number(now), space: null, rates: new Map() }),
  watch: new SpaceWatch(),
  clock: systemClock,
  batches: Number.POSITIVE_INFINITY,
})
process.stdout.write(`done ${JSON.stringify(result)}\n`)
