import { formatBitRate } from '../../kernel/units.ts'
import { documentedOptimised, documentedOriginal } from '../architectures/as-documented.ts'
import { adaptive, alwaysOn, onDemand, sharedRelay } from '../architectures/uplinks.ts'
import { grouped, share } from '../model/words.ts'
import { closedMoments } from '../viewers/closed.ts'
import { DOCUMENT } from './documented.ts'
import { RECORDER, STREAM_COPY, TRANSCODE } from './measured-costs.ts'
import type { Contradiction } from './types.ts'

/** Cameras of the document. Its statements are about them, however many the plan has. */
const N = 200

/** Where the owner's document contradicts itself or its own arithmetic, by name. */
export function contradictions(): Contradiction[] {
  const [before, after] = [documentedOriginal(N), documentedOptimised(N)]
  const { main, sub, subAfter, watched } = DOCUMENT
  const saved = before.bandwidth - after.bandwidth
  const sameRate = onDemand({ cameras: N, main, sub, watched: N * watched }).uplink
  const relay = sharedRelay({ cameras: N, viewers: 5, sub })
  const still = adaptive({ cameras: 50, rate: sub, kept: 0.25 })
  const distinct = (viewers: number) =>
    closedMoments({ cameras: N, viewers, zipf: 0, tiles: 1, dwell: 60, linger: 0 }).mean
  const small = alwaysOn({ cameras: N, main, sub: 0.5e6 }).uplink
  const smallAfter = onDemand({ cameras: N, main, sub: 0.5e6, watched: N * watched }).uplink
  return [
    {
      id: 'copy-cpu',
      title: 'What a stream copy costs',
      says: `S6: 40 % of a core for each camera, ${after.cores} cores for ${N}.`,
      against: `S9 expects 400 % for all ${N}, which is 2 % each; S2 says 0 %.`,
      explanation: `Measured here: ${share(STREAM_COPY.cores)} of a core for a copy by ffmpeg, ${Math.round(0.4 / STREAM_COPY.cores)} times less than S6, and ${share(RECORDER.cores)} by vmsctl's own recorder. So ${round(N * STREAM_COPY.cores)} cores record ${N} cameras, or ${round(N * RECORDER.cores)}, and of the 120 cores that are to be saved from 80 never existed.`,
    },
    {
      id: 'cores-saved',
      title: 'Cores saved',
      says: '"90 cores saved".',
      against: `Its formula: n x 0.6 less n x 0.4 is ${before.cores - after.cores} of ${before.cores}, ${share(1 - after.cores / before.cores)}.`,
      explanation: `The formula holds for what it assumes; at $${DOCUMENT.corePrice} a core it is $${grouped((before.cores - after.cores) * DOCUMENT.corePrice)}, from which the card of $${grouped(DOCUMENT.cardPrice)} is not taken. What can be saved is sub-streams that are transcoded; recording costs next to nothing before and after.`,
    },
    {
      id: 'shared-percent',
      title: 'What sharing saves',
      says: 'S3: 83 %.',
      against: `Its own figures: ${formatBitRate(relay.unshared)} against ${formatBitRate(relay.shared)}, which is ${share(relay.saved)}.`,
      explanation:
        'With v viewers of each camera it is 1 - 1/v: 80 % for five. 83 % would need six viewers of every camera.',
    },
    {
      id: 'on-demand-ingest',
      title: 'What on demand saves of ingest',
      says: `S1 and S8: 70 to 80 % of sub-stream bandwidth; S7: ${share(saved / before.bandwidth)} of all.`,
      against: `${formatBitRate(N * main)} of the ${formatBitRate(after.bandwidth)} that are left are main streams, which are recorded all the time.`,
      explanation: `On demand saves sub-streams only, and ${formatBitRate(before.bandwidth - sameRate)} is all there is to save because the document's sub-streams have half the bit rate of the main ones. At the usual 0.5 Mbps it is ${formatBitRate(small)} against ${formatBitRate(smallAfter)}: ${share(1 - smallAfter / small)}. Only recording at the edge takes main streams off the uplink.`,
    },
    {
      id: 'sub-bitrate',
      title: 'Bit rate of a sub-stream',
      says: `${formatBitRate(sub)} before (S1, S3, S6), and S1 saves down to 80 Mbps for 40 streams, which is 2 Mbps each.`,
      against: `S6 counts ${formatBitRate(subAfter)} after: 40 Mbps.`,
      explanation: `${formatBitRate(sameRate - after.bandwidth)} of the ${formatBitRate(saved)} saved come of a smaller picture, not of streams on demand; alike, ${formatBitRate(before.bandwidth)} become ${formatBitRate(sameRate)}, ${share(1 - sameRate / before.bandwidth)} less.`,
    },
    {
      id: 'transcode-cpu',
      title: 'What a transcode costs',
      says: 'S6: 20 % of a core for a sub-stream.',
      against: 'S2: 40 % of a core with x264.',
      explanation: `Measured here: about ${share(TRANSCODE.cores)} of a core for 1080p30 down to 720p. S2 is right. A sub-stream that the camera makes itself is passed on and costs nothing.`,
    },
    {
      id: 'viewers-streams',
      title: 'Streams of so many viewers',
      says: 'S9: 50 viewers take 40 % of a card, 200 viewers 80 %.',
      against: `S2 and S6: 2 % of a card for each stream; 50 viewers of ${N} cameras watch ${round(distinct(50))} different ones, 200 watch ${round(distinct(200))}.`,
      explanation: `That is ${share(distinct(50) * 0.02)} of a card and ${share(distinct(200) * 0.02)}, three cards; S9's figures fit 20 and 40 streams. Decoding the main stream is the dearer half, and the document does not count it.`,
    },
    {
      id: 'adaptive-saving',
      title: 'What adaptive rates save',
      says: `S4: 50 still cameras save 1.5 Mbps each, ${formatBitRate(still.saved)}.`,
      against: 'S1 and S6: a sub-stream runs only while it is watched, and at 1 Mbps; S4 itself halves it, no more.',
      explanation: `After S1 about ten of those 50 cameras are watched, and half of 1 Mbps each is ${formatBitRate(adaptive({ cameras: 50 * watched, rate: subAfter, kept: 0.5 }).saved)}. The two savings cannot be added.`,
    },
    {
      id: 'uplink',
      title: 'One Gigabit is enough',
      says: 'S7: 1 Gbps of uplink instead of 10.',
      against: `Its own ${formatBitRate(after.bandwidth)} are ${share(after.bandwidth / 1e9)} of it, before packet headers; S9 expects 1000 Mbps at the peak.`,
      explanation:
        'Links are planned to 70 %, streams grow by half at night on all cameras at once, and headers add 5 to 8 %. `vmsctl plan` says at how many cameras it breaks.',
    },
  ]
}

function round(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)))
}
