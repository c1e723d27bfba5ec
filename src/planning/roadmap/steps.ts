import type { ArchitectureId, RowId } from '../compare/types.ts'
import type { Proof, RoadmapStep } from './types.ts'

/** A step of S8. `judgedBy` are the figures that its claim is about, added up. */
export interface PlannedStep extends Pick<RoadmapStep, 'phase' | 'weeks' | 'claim' | 'risk'> {
  readonly id: Exclude<ArchitectureId, 'naive'>
  readonly judgedBy: readonly RowId[]
  readonly judged: string
  readonly proofs: readonly Proof[]
}

const CHECK: Proof = {
  command: 'vmsctl plan --check',
  shows: 'bit rates, open sub-streams, viewers and CPU of the running site are within the plan; exits with 8 beyond it',
}

export const STEPS: readonly PlannedStep[] = [
  {
    id: 'on-demand',
    phase: 1,
    weeks: '1-2',
    claim: '70 to 80 % of sub-stream bandwidth',
    judgedBy: ['ingest.viewing'],
    judged: 'of sub-stream bandwidth',
    risk: 'The first viewer waits for the stream to start. Where operators have many tiles most cameras are watched anyway, and little is saved.',
    proofs: [
      {
        command: 'vmsctl stream list',
        shows: 'only cameras with viewers, or within the linger, have a sub-stream that runs',
      },
      CHECK,
    ],
  },
  {
    id: 'on-demand-hardware',
    phase: 1,
    weeks: '1-2',
    claim: '60 % of transcode CPU',
    judgedBy: ['cpu.transcoding'],
    judged: 'of transcode CPU',
    risk: 'Drivers cap sessions, and a card that fails sends its work back to the processor: keep cores for it, or lose pictures. Decoding fills a card before encoding does.',
    proofs: [
      {
        command: 'vmsctl plan explain architecture.hardware',
        shows: 'cards for the sub-streams that are watched, input by input',
      },
      CHECK,
    ],
  },
  {
    id: 'shared-relay',
    phase: 2,
    weeks: '3-4',
    claim: 'a further 50 % CPU',
    judgedBy: ['cpu.recording', 'cpu.relay', 'cpu.transcoding'],
    judged: 'of CPU',
    risk: 'The relay is one more part that can stop all pictures at once; recording does not pass through it.',
    proofs: [
      { command: 'vmsctl viewer list', shows: 'several viewers of a camera on one stream of it' },
      { command: 'vmsctl mediamtx check', shows: 'the relay takes its configuration, and pulls on demand' },
    ],
  },
  {
    id: 'adaptive',
    phase: 2,
    weeks: '3-4',
    claim: '20 to 40 % bandwidth',
    judgedBy: ['relay.out'],
    judged: 'of what goes to viewers',
    risk: 'Each rendition is a transcode. What starts to move in a still scene is blurred until the rate follows.',
    proofs: [{ command: 'vmsctl viewer history', shows: 'what each viewer was sent, before and after' }],
  },
  {
    id: 'edge',
    phase: 3,
    weeks: '5-8',
    claim: 'reliability, and central bandwidth',
    judgedBy: ['uplink'],
    judged: 'of what crosses the uplinks',
    risk: 'Machines in places without guards: a node that is stolen takes its footage along, and each zone needs power, cooling and somebody to go there.',
    proofs: [
      {
        command: 'vmsctl archive coverage --fail-under 99.9',
        shows: 'no second is lost while the centre or the uplink is down; exits with 8 otherwise',
      },
      CHECK,
    ],
  },
]
