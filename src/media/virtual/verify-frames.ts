import { setImmediate } from 'node:timers/promises'
import type { StreamRole } from '../frame.ts'
import { checkSendings, type SendingsCheck } from './check-sendings.ts'
import { matchesPattern } from './fault.ts'
import type { FrameMark } from './frame-mark.ts'
import { eachMark, type FileEnd, findMp4Files } from './marked-files.ts'
import { type Gap, NumberLedger } from './number-ledger.ts'
import type { StreamSendings } from './virtual-cameras.ts'

export interface VerifyFramesOptions {
  /** Camera id or pattern (`*`, `?`); undefined: all. */
  readonly camera?: string | undefined
  /** Wall-clock milliseconds: frames sent outside `[from, to)` are passed over. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** What the virtual cameras say that they sent: then also what is missing before, between and behind recordings is known. */
  readonly expect?: readonly StreamSendings[] | undefined
}

/** What was found of one stream of one run of a virtual camera. */
export interface StreamVerdict {
  readonly camera: string
  readonly stream: StreamRole
  readonly run: string
  readonly files: number
  readonly frames: number
  /** Numbers, and wall-clock milliseconds of sending. */
  readonly first: number
  readonly last: number
  readonly firstWall: number
  readonly lastWall: number
  /** Frames between `first` and `last` that are in no file. */
  readonly missing: number
  readonly gaps: readonly Gap[]
  readonly doubled: number
  readonly outOfOrder: number
  /** Frames of this stream that stand in a file that began with another. */
  readonly foreign: number
  /** Undefined without `expect`. */
  readonly sendings: SendingsCheck | undefined
  /** Nothing missing, doubled, out of order or foreign; with `expect`: of what was sent. */
  readonly ok: boolean
}

export interface FrameVerdict {
  readonly ok: boolean
  readonly streams: readonly StreamVerdict[]
  /** MP4 files, those without any mark among them. */
  readonly files: number
  /** Video frames without a mark, in files that have marks. */
  readonly unmarked: number
  /** Files that end in the middle of a fragment: being written, or cut off by a crash. */
  readonly open: readonly string[]
  /** Files with bytes that are no MP4. */
  readonly damaged: readonly string[]
}

interface Tally {
  readonly mark: FrameMark
  readonly ledger: NumberLedger
  files: number
  foreign: number
}

interface Begun {
  readonly path: string
  readonly mark: FrameMark
}

/**
 * Reads all recordings of virtual cameras below a directory and proves from the marks in the frames that none is missing,
 * doubled or out of order. Recordings may be written meanwhile. Memory grows with files and gaps, not with frames.
 * Throws VMS_E_STORAGE_UNAVAILABLE when there is no such directory.
 */
export async function verifyFrames(directory: string, options: VerifyFramesOptions = {}): Promise<FrameVerdict> {
  const paths = await findMp4Files(directory)
  const { begun, unmarked } = await readBeginnings(paths)
  const tallies = new Map<string, Tally>()
  const ends: Record<FileEnd, string[]> = { whole: [], open: [], damaged: [], unreadable: [] }
  let bare = 0
  for (const file of begun) {
    if (options.camera !== undefined && !matchesPattern(options.camera, file.mark.camera)) continue
    const own = tallyOf(tallies, file.mark)
    own.files++
    const end = await eachMark(file.path, mark => {
      if (!mark) bare++
      else if (inRange(mark.wall, options)) {
        const tally = sameStream(mark, file.mark) ? own : tallyOf(tallies, mark)
        if (tally !== own) tally.foreign++
        tally.ledger.add(mark.number, mark.wall)
      }
      return true
    })
    ends[end].push(file.path)
    // Reading is synchronous, which is what makes it fast; others may have their turn between files.
    await setImmediate()
  }
  const streams = [...tallies.values()].map(tally => judge(tally, options)).sort(byName)
  for (const sent of options.expect ?? []) {
    const wanted = options.camera === undefined || matchesPattern(options.camera, sent.camera)
    // Sub-streams are watched, not recorded.
    const recorded = sent.stream === 'main' && sent.sessions.some(session => session.frames > 0)
    if (wanted && recorded && !tallies.has(keyOf(sent))) streams.push(judgeUnrecorded(sent, options))
  }
  const damaged = [...ends.damaged, ...unmarked.damaged]
  return {
    ok: streams.length > 0 && streams.every(stream => stream.ok) && bare === 0 && damaged.length === 0,
    streams: streams.filter(stream => stream.frames > 0 || stream.sendings !== undefined),
    files: paths.length,
    unmarked: bare,
    open: [...ends.open, ...unmarked.open],
    damaged,
  }
}

/** The first mark of each file; files of one stream one behind the other, in the order in which their frames were sent. */
async function readBeginnings(
  paths: readonly string[],
): Promise<{ begun: Begun[]; unmarked: Record<FileEnd, string[]> }> {
  const begun: Begun[] = []
  const unmarked: Record<FileEnd, string[]> = { whole: [], open: [], damaged: [], unreadable: [] }
  for (const path of paths) {
    let first: FrameMark | undefined
    let looked = 0
    const end = await eachMark(path, mark => {
      first = mark
      return mark === undefined && ++looked < 100
    })
    if (first) begun.push({ path, mark: first })
    else unmarked[end].push(path)
  }
  begun.sort((a, b) => keyOf(a.mark).localeCompare(keyOf(b.mark)) || a.mark.number - b.mark.number)
  return { begun, unmarked }
}

function judge({ mark, ledger, files, foreign }: Tally, options: VerifyFramesOptions): StreamVerdict {
  const { camera, stream, run } = mark
  const sent = options.expect?.find(candidate => keyOf(candidate) === keyOf(mark))
  const sendings = sent && checkSendings(sent.sessions, ledger)
  const { frames, first, last, firstWall, lastWall, missing, gaps, doubled, outOfOrder } = ledger
  const complete = sendings ? sendings.missing === 0 : missing === 0
  return {
    camera,
    stream,
    run,
    files,
    frames,
    first,
    last,
    firstWall,
    lastWall,
    missing,
    gaps,
    doubled,
    outOfOrder,
    foreign,
    sendings,
    ok: frames > 0 && complete && doubled === 0 && outOfOrder === 0 && foreign === 0,
  }
}

/** A stream that was sent and of which there is nothing. */
function judgeUnrecorded(sent: StreamSendings, options: VerifyFramesOptions): StreamVerdict {
  const { camera, stream, run } = sent
  const mark: FrameMark = { camera, stream, run, number: 0, wall: 0 }
  return judge({ mark, ledger: new NumberLedger(), files: 0, foreign: 0 }, options)
}

function tallyOf(tallies: Map<string, Tally>, mark: FrameMark): Tally {
  const key = keyOf(mark)
  let tally = tallies.get(key)
  if (!tally) {
    tally = { mark, ledger: new NumberLedger(), files: 0, foreign: 0 }
    tallies.set(key, tally)
  }
  return tally
}

function keyOf({ camera, stream, run }: Pick<FrameMark, 'camera' | 'stream' | 'run'>): string {
  return `${camera}/${stream}/${run}`
}

function sameStream(a: FrameMark, b: FrameMark): boolean {
  return a.camera === b.camera && a.stream === b.stream && a.run === b.run
}

function inRange(wall: number, { from, to }: VerifyFramesOptions): boolean {
  return (from === undefined || wall >= from) && (to === undefined || wall < to)
}

function byName(a: StreamVerdict, b: StreamVerdict): number {
  return a.camera.localeCompare(b.camera) || a.stream.localeCompare(b.stream) || a.firstWall - b.firstWall
}
