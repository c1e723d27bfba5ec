import { formatDuration } from '../../kernel/units.ts'
import type { DemoGap, DemoProof } from './types.ts'

/**
 * Milliseconds of a camera's footage that a media worker may take with it: 0.8 s of a fragment in its memory, and what
 * is on its way to the disk while it dies. Real cameras' frames carry no time of sending; theirs is only estimated.
 */
const WORKER_LOSS = { virtual: 1_100, real: 1_500 }
/** Milliseconds within which the cameras of a dead worker are asked to play again. */
const WORKER_RETURN = 3_000

/** What a worker's death must not touch, and what else is promised; as counted, not as hoped. */
export interface DemoVerdict {
  readonly ok: boolean
  readonly answer: string
  readonly broken: readonly string[]
}

/** Compares what was found with what vmsctl promises. `leftRunning`: processes that outlived the end of the demo. */
export function judgeDemo(proof: DemoProof, adopted: boolean, leftRunning: number): DemoVerdict {
  const broken = [...proof.faults]
  if (!adopted) broken.push('the new daemon did not adopt the running media workers')
  if (leftRunning > 0) broken.push(`${leftRunning} processes did not end`)
  const gaps = proof.cameras.flatMap(camera => camera.gaps)
  for (const gap of gaps) broken.push(...brokenBy(gap))
  const answer = broken.length === 0 ? goodAnswer(proof, gaps) : badAnswer(proof, broken)
  return { ok: broken.length === 0, answer, broken }
}

function brokenBy(gap: DemoGap): string[] {
  const { camera, fault, framesLost, footageLost, reconnect } = gap
  const time = gap.to === null ? 'footage' : formatDuration(length(gap))
  const lost = framesLost === null ? time : `${framesLost} frames`
  switch (fault) {
    case null:
      return [`${camera}: ${lost} missing ${placeOf(gap)}, and no fault of the demo explains it`]
    case 'daemon-killed':
      return [`${camera}: ${lost} missing while no daemon ran`]
    case 'camera-rebooted':
      return framesLost === null || framesLost === 0 ? [] : [`${camera}: ${lost} from before its reboot are missing`]
    case 'worker-killed': {
      const limit = framesLost === null ? WORKER_LOSS.real : WORKER_LOSS.virtual
      const broken: string[] = []
      if (footageLost > limit)
        broken.push(`${camera}: the killed media worker cost ${formatDuration(footageLost)} of footage`)
      if (reconnect !== null && reconnect > WORKER_RETURN)
        broken.push(`${camera}: it took ${formatDuration(reconnect)} until a new media worker asked it to play`)
      return broken
    }
  }
}

function goodAnswer({ cameras }: DemoProof, gaps: readonly DemoGap[]): string {
  const crash = gaps.filter(gap => gap.fault === 'worker-killed')
  const worst = formatDuration(Math.max(0, ...crash.map(gap => gap.footageLost)))
  if (cameras.some(({ sent }) => sent === null)) {
    const frames = sum(cameras.map(({ onDisk }) => onDisk))
    const except = crash.length === 0 ? '' : `, except at most ${worst} in memory of the media worker that was killed`
    return `All footage that reached this machine is on disk (${frames} frames)${except}.`
  }
  const sent = sum(cameras.map(camera => camera.sent ?? 0))
  const missing = sum(cameras.map(camera => camera.missing ?? 0))
  if (missing === 0) return `Every one of the ${sent} frames that reached this machine is on disk.`
  return `Every frame that reached this machine is on disk, except ${missing} of ${sent}: at most ${worst} of a camera, in memory of the media worker that was killed.`
}

function badAnswer({ cameras }: DemoProof, broken: readonly string[]): string {
  const missing = sum(cameras.map(camera => camera.missing ?? 0))
  const more = broken.length > 1 ? ` (and ${broken.length - 1} more, below)` : ''
  const frames = missing === 0 ? '' : ` ${missing} frames are missing in all.`
  return `A promise was not held: ${broken[0]}${more}.${frames}`
}

/** Milliseconds between the frames on both sides. */
export function length({ from, to }: DemoGap): number {
  return from === null || to === null ? 0 : to - from
}

function placeOf({ from, to }: DemoGap): string {
  if (from === null) return to === null ? 'from end to end' : 'at the beginning'
  if (to === null) return 'at the end'
  return `at ${new Date(from).toISOString().slice(11, 23)}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
