import { erlangB, erlangC, erlangServers } from '../maths/erlang.ts'
import { count, number, share } from './common-inputs.ts'
import { formula } from './formula.ts'
import { SHARE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const servers = (value: number) => count('slots, such as encoder sessions', value)
const load = (value: number) => number('sessions that are wanted at once, mean (erlang)', value, { max: 1_000_000 })

export const POOLS = [
  formula({
    id: 'erlang.b',
    title: 'Blocked for want of a slot',
    expression: 'B(0) = 1, B(n) = load B(n-1) / (n + load B(n-1))',
    words: 'Who finds all slots taken goes away.',
    inputs: { servers: servers(30), load: load(20) },
    results: { blocking: { meaning: 'share that is turned away', unit: 'share', kind: SHARE } },
    grade: 'derived',
    source: SOURCES.erlang,
    example: { servers: '10', load: '16' },
    evaluate: values => ({ blocking: erlangB(values.servers, values.load) }),
  }),
  formula({
    id: 'erlang.c',
    title: 'Waiting for a slot',
    expression: 'B / (1 - load / servers x (1 - B)), B = erlang.b',
    words: 'Who finds all slots taken waits; with a load as large as the slots everybody does.',
    inputs: { servers: servers(4), load: load(2) },
    results: { waiting: { meaning: 'share that has to wait', unit: 'share', kind: SHARE } },
    grade: 'derived',
    source: SOURCES.erlang,
    example: { servers: '4', load: '2' },
    evaluate: values => ({ waiting: erlangC(values.servers, values.load) }),
  }),
  formula({
    id: 'erlang.servers',
    title: 'Slots for a load',
    expression: 'the least n with B(n) <= blocking',
    words: 'The inverse of erlang.b.',
    inputs: { load: load(20), blocking: share('share that may be turned away', 0.01, { min: 1e-12, max: 1 }) },
    results: { servers: { meaning: 'slots', unit: 'slots' } },
    grade: 'derived',
    source: SOURCES.erlang,
    example: { load: '20', blocking: '1%' },
    evaluate: values => ({ servers: erlangServers(values.load, values.blocking) }),
  }),
]
