import type { GapReason } from '../types.ts'

/**
 * What the words of recorders and sources mean in the account; the first that fits. A test reads the sources for every text
 * that can come here.
 */
const RULES: readonly (readonly [words: RegExp, reason: GapReason])[] = [
  // The camera or the way to it.
  [/^(unreachable\b|host name not found|no answer\b)/, 'unreachable'],
  [/^(refused$|certificate not trusted|TLS failed|redirected \S|the camera refused )/, 'refused'],
  [/^(401|403)\b/, 'unauthorized'],
  [/^[3-6]\d\d\b/, 'refused'],
  [/^(no video|no frames$|no track to set up|describe gave no SDP|waiting for a key frame)/, 'no-video'],
  [/^(no data for |no stream$|camera does not read |ffmpeg writes no frames$)/, 'stalled'],
  // It was silent when its recording was ended, for these reasons.
  [/^(stopped|no longer configured)$/, 'stalled'],
  [/^(camera's media clock |clock-step$)/, 'clock-step'],
  [/^(codec not supported|the native recorder does not write )/, 'unsupported'],
  [/^(camera |the camera ended|connection |redirected$|reconnect$|parameters$|first$)/, 'disconnected'],
  // This machine and its disk.
  [/^(disk full$|disk quota reached$|(Error: )?(ENOSPC|EDQUOT)\b)/, 'disk-full'],
  [/^(frames dropped|frames-dropped|cannot be written|disk too slow|waiting for the disk)$/, 'frames-dropped'],
  [
    /^(disk |storage (not mounted|path)|no permission to write$|too many open files|(Error: )?E[A-Z]{3,}\b)/,
    'disk-error',
  ],
  [/ (is missing in|has another id$)/, 'disk-error'],
  [/^(no recorder|worker restarted|worker stopped|ffmpeg ended)$/, 'node-down'],
  [/^(starting\b|the gateway does not listen|MP4 does not take|engine changed$|storage settings changed$)/, 'starting'],
  // A person, or another program.
  [/^file deleted$/, 'deleted'],
]

/** The reason of the account that `text` stands for, as a worker's journal has it; `other` for words that no rule knows. */
export function gapReason(text: string): GapReason {
  return RULES.find(([words]) => words.test(text))?.[1] ?? 'other'
}
