import { CARDS } from '../inputs/accelerators.ts'
import { cameraCount } from '../inputs/check.ts'
import type { Origin } from '../inputs/origin.ts'
import { exchange } from '../inputs/price-types.ts'
import type { PlanInputs, PlanRequest } from '../inputs/types.ts'
import { wholeUp } from '../maths/whole-up.ts'
import type { Adaptation } from './architecture-loads.ts'
import { CAMERAS_OF_A_ZONE } from './architectures.ts'
import type { Architecture } from './types.ts'

/** The card that is planned with where nobody says one. */
const USUAL_CARD = 'l4'

/** The site as this architecture builds it: with or without a card, at the centre or in zones. */
export function siteOf(
  { inputs, origins }: PlanRequest,
  architecture: Architecture,
  { still }: Adaptation,
): PlanRequest {
  const { edge, hardware, adaptive } = architecture
  const cameras = cameraCount(inputs)
  const zones = origins.zones?.by === 'default' ? Math.max(1, wholeUp(cameras / CAMERAS_OF_A_ZONE)) : inputs.nodes.zones
  const site: PlanInputs = {
    ...inputs,
    ...(hardware ? withCard(inputs) : { encoder: { ...inputs.encoder, accelerator: 'none' } }),
    // Whatever is made smaller is transcoded.
    work: { ...inputs.work, transcode: adaptive ? Math.max(inputs.work.transcode, still) : inputs.work.transcode },
    nodes: { ...inputs.nodes, recordAt: edge ? 'edge' : 'centre', zones: edge ? zones : inputs.nodes.zones },
  }
  const usual = hardware && inputs.encoder.accelerator === 'none'
  return { inputs: site, origins: usual ? { ...origins, 'price-card': CARD_PRICE } : origins }
}

const CARD_PRICE: Origin = {
  by: 'default',
  text: USUAL_CARD,
  grade: 'secondary',
  source: CARDS[USUAL_CARD].priceSource,
}

function withCard(inputs: PlanInputs): Pick<PlanInputs, 'encoder' | 'power' | 'prices'> {
  const { encoder, power, prices } = inputs
  if (encoder.accelerator !== 'none') return { encoder, power, prices }
  const { encodes, decodes, watts, price } = CARDS[USUAL_CARD]
  const { currency, rates } = prices
  return {
    encoder: { accelerator: USUAL_CARD, cards: encoder.cards, encodes, decodes },
    power: { ...power, card: watts },
    prices: { ...prices, card: exchange(price.amount, price.currency, currency, rates) },
  }
}
