import type { Money } from '../../kernel/money.ts'
import type { Grade, Source } from '../grade.ts'

/** What one card, or the media engine of a processor, can do in a plan. */
export interface Card {
  readonly name: string
  /** Encodes of 720p at 30 frames a second, and decodes of 1080p at 30, all at once. */
  readonly encodes: number
  readonly decodes: number
  readonly watts: number
  readonly price: Money | null
  readonly grade: Grade
  readonly source: Source
  readonly priceSource: Source
}

const NVENC = 'https://docs.nvidia.com/video-technologies/video-codec-sdk/13.0/nvenc-application-note/index.html'
const none: Source = { text: 'no dated price was found' }

/** Data-centre clocks and 80 % load are in the NVIDIA figures. GeForce cards are left out: drivers cap their sessions. */
export const CARDS = {
  t4: {
    name: 'NVIDIA T4',
    encodes: 38,
    decodes: 50,
    watts: 70,
    price: { amount: 2_299, currency: 'USD' },
    grade: 'derived',
    source: { text: 'NVIDIA: 855 fps of 1080p on one Turing encoder; two decoders of about 750 fps', url: NVENC },
    priceSource: {
      text: 'median of shops',
      url: 'https://netint.com/benchmarking-hardware_encoding-performance/',
      date: '2023',
    },
  },
  l4: {
    name: 'NVIDIA L4',
    encodes: 80,
    decodes: 95,
    watts: 72,
    price: { amount: 2_500, currency: 'USD' },
    grade: 'derived',
    source: {
      text: 'NVIDIA: 910 fps of 1080p on each of two Ada encoders; 48 decodes of 1080p60 were seen at 91 %',
      url: NVENC,
    },
    priceSource: { text: 'shops; peak 3,270', url: 'https://www.runlocalai.co/hardware/nvidia-l4', date: '2026-03' },
  },
  flex140: {
    name: 'Intel Flex 140',
    encodes: 108,
    decodes: 48,
    watts: 75,
    price: null,
    grade: 'vendor',
    source: { text: 'Intel: 24 transcodes of 1080p60', date: '2022-10' },
    priceSource: none,
  },
  'arc-a380': {
    name: 'Intel Arc A380',
    encodes: 36,
    decodes: 16,
    watts: 75,
    price: { amount: 119, currency: 'USD' },
    grade: 'secondary',
    source: { text: '478 fps of 1080p in one process', date: '2022' },
    priceSource: { text: 'shops', date: '2023' },
  },
  uhd770: {
    name: 'Intel UHD 770, in the processor',
    encodes: 45,
    decodes: 20,
    watts: 15,
    price: { amount: 0, currency: 'USD' },
    grade: 'derived',
    source: { text: 'two media engines, as in the DG1 whose 24 streams Intel published' },
    priceSource: { text: 'part of the processor' },
  },
} as const satisfies Readonly<Record<string, Card>>

/** `none`, or a key of {@link CARDS}. */
export type Accelerator = 'none' | keyof typeof CARDS

/** The card of that name; undefined for `none`. */
export function cardOf(accelerator: Accelerator): Card | undefined {
  return accelerator === 'none' ? undefined : CARDS[accelerator]
}
