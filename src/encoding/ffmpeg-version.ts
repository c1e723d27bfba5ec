import { execFile } from 'node:child_process'

/** Which ffmpeg this is; options differ between majors. */
export interface FfmpegVersion {
  readonly major: number
  readonly minor: number
  /** As printed: `5.1.9-0+deb12u1`, or a git snapshot's name. */
  readonly text: string
}

/**
 * Reads the first line of `ffmpeg -version`. Snapshots (`N-118000-g...`, `git-2024-...`) count as newer than any release.
 * Undefined for what is not ffmpeg's.
 */
export function parseFfmpegVersion(output: string): FfmpegVersion | undefined {
  const text = /^ffmpeg version (\S+)/m.exec(output.slice(0, 4_096))?.[1]
  if (text === undefined) return undefined
  const release = /^n?(\d+)\.(\d+)/.exec(text)
  if (release) return { major: Number(release[1]), minor: Number(release[2]), text }
  return { major: 99, minor: 0, text }
}

/** The ffmpeg on PATH (or at `program`), or undefined when there is none that answers within 10 s. */
export function findFfmpeg(program = 'ffmpeg'): Promise<FfmpegVersion | undefined> {
  return new Promise(resolve => {
    execFile(program, ['-hide_banner', '-version'], { timeout: 10_000, killSignal: 'SIGKILL' }, (_, stdout) =>
      resolve(parseFfmpegVersion(stdout)),
    )
  })
}
