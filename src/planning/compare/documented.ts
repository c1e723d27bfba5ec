import { formatBitRate } from '../../kernel/units.ts'
import { documentedOptimised, documentedOriginal, documentedSavings } from '../architectures/as-documented.ts'
import { alwaysOn, onDemand } from '../architectures/uplinks.ts'
import { encoderSessions } from '../encoder/sessions.ts'
import { CARDS } from '../inputs/accelerators.ts'
import { BITS_PER_BYTE } from '../periods.ts'
import { RECORDER, STREAM_COPY, TRANSCODE } from './measured-costs.ts'
import type { DocumentedComparison, DocumentedRow } from './types.ts'

/** The document's site: bit/s of main stream, of the sub-stream before and after, and the share of cameras that is watched. */
export const DOCUMENT = {
  main: 4e6,
  sub: 2e6,
  subAfter: 1e6,
  watched: 0.2,
  corePrice: 300,
  cardPrice: 2_000,
  power: 500,
}

/** The table of S7 for so many cameras as the document has it, and the same arithmetic with costs that were measured. */
export function documentedComparison(cameras: number): DocumentedComparison {
  const [before, after] = [documentedOriginal(cameras), documentedOptimised(cameras)]
  const { main, sub, subAfter } = DOCUMENT
  const watched = cameras * DOCUMENT.watched
  const traffic = {
    before: alwaysOn({ cameras, main, sub }).uplink,
    after: onDemand({ cameras, main, sub: subAfter, watched }).uplink,
  }
  const copies = cameras * STREAM_COPY.cores
  const cores = { before: copies + cameras * TRANSCODE.cores, after: copies }
  const { encodes, decodes } = CARDS.l4
  const load = { streams: watched, renditions: 1, encode: 1 / encodes, decode: 1 / decodes, fill: 0.9 }
  const { cards } = encoderSessions({ ...load, limit: Number.POSITIVE_INFINITY })
  const written = (cameras * main) / BITS_PER_BYTE
  const dollars = (saved: number) => saved * DOCUMENT.corePrice
  const share = (was: number, is: number) => (was === 0 ? 0 : 1 - is / was)
  return {
    cameras,
    rows: [
      row(
        'bandwidth',
        'ingest',
        'bit/s',
        [before.bandwidth, traffic.before],
        [after.bandwidth, traffic.after],
        'Nothing to measure: it is what cameras are told to send.',
      ),
      row(
        'cores',
        'CPU',
        'cores',
        [before.cores, cores.before],
        [after.cores, cores.after],
        'Before, every sub-stream is made in software; after, a card makes them.',
      ),
      row(
        'cores.recording',
        'of it for recording',
        'cores',
        [cameras * 0.4, copies],
        [cameras * 0.4, copies],
        `A stream copy takes ${percent(STREAM_COPY.cores)} of a core, not 40 %.`,
      ),
      row(
        'cores.sub',
        'of it for sub-streams',
        'cores',
        [cameras * 0.2, cameras * TRANSCODE.cores],
        [0, 0],
        `A transcode takes ${percent(TRANSCODE.cores)} of a core, not 20 %.`,
      ),
      row(
        'cores.vmsctl',
        "as vmsctl does it: its own recorder, the cameras' sub-streams passed on",
        'cores',
        [null, cameras * RECORDER.cores],
        [null, cameras * RECORDER.cores],
        'Nothing is transcoded, so there is nothing left to save.',
      ),
      row(
        'cards',
        'cards',
        'pieces',
        [before.cards, 0],
        [after.cards, cards],
        "An NVIDIA L4 by its maker's figures; none was measured here.",
      ),
      row(
        'cards.price',
        'price of the cards',
        'money',
        [0, 0],
        [after.cards * DOCUMENT.cardPrice, cards * CARDS.l4.price.amount],
        'The document leaves it out of the savings.',
      ),
      row(
        'disk.write',
        'written to disks',
        'bytes/s',
        [written, written],
        [written, written],
        'Recording is the same before and after.',
      ),
      row(
        'power.month',
        'power a month',
        'money',
        [null, null],
        [DOCUMENT.power, null],
        'The document names it once, and no machine that takes it; `vmsctl plan` reckons it.',
      ),
      row(
        'uplink',
        'uplink',
        'bit/s',
        [10e9, null],
        [1e9, null],
        `${formatBitRate(after.bandwidth)} fill ${percent(after.bandwidth / 1e9)} of it before a night or a packet header.`,
      ),
    ],
    savings: {
      documented: {
        bandwidth: documentedSavings(cameras).bandwidth,
        cpu: documentedSavings(cameras).cores,
        cost: documentedSavings(cameras).cost,
      },
      measured: {
        bandwidth: share(traffic.before, traffic.after),
        cpu: share(cores.before, cores.after),
        cost: dollars(cores.before - cores.after) - cards * CARDS.l4.price.amount,
      },
    },
    costs: [STREAM_COPY, RECORDER, TRANSCODE],
  }
}

type Pair = readonly [documented: number | null, measured: number | null]

function row(
  id: string,
  name: string,
  unit: DocumentedRow['unit'],
  original: Pair,
  optimised: Pair,
  note: string,
): DocumentedRow {
  const pair = ([documented, measured]: Pair) => ({ documented, measured })
  return { id, name, unit, original: pair(original), optimised: pair(optimised), note }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}
