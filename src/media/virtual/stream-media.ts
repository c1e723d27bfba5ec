import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { VmsError } from '../../kernel/errors.ts'
import { type AudioFeed, aacFeed, g711Feed } from './audio-feed.ts'
import { readAudioClip, readVideoClip, type VideoClip } from './clip.ts'
import { closedLoop, type LoopFrame, wholeLoop } from './loop.ts'
import type { VirtualCamerasOptions } from './options.ts'
import { type VideoFeed, videoFeed } from './video-feed.ts'

/** Everything that the streams of one role play; shared by all cameras. */
export interface StreamMedia {
  readonly video: VideoFeed
  /** With other parameter sets and another picture size. */
  readonly other: VideoFeed
  readonly audio: AudioFeed | undefined
}

/** Reads the clips and prepares main and sub-streams. Throws VMS_E_USAGE when a clip does not suit the options. */
export async function loadMedia(
  options: VirtualCamerasOptions,
): Promise<{ main: StreamMedia; sub: StreamMedia | undefined }> {
  const { codec, bframes, gop, fps, parameterSets } = options
  const large = await readVideoClip(clipPath(`${codec}-720p${bframes ? '-b' : ''}.mp4`))
  const small = await readVideoClip(clipPath(`${codec}-360p.mp4`))
  const audio = await loadAudio(options)
  const feed = (clip: VideoClip, loop: readonly LoopFrame[], bitrate: number) =>
    videoFeed(clip.parameters, loop, { bitrate, fps, parameterSets })
  const builtIn = (clip: VideoClip, bitrate: number) => feed(clip, closedLoop(clip, gop), bitrate)
  const file = options.file === undefined ? undefined : await readVideoClip(options.file)
  if (file && file.parameters.codec !== codec) {
    throw new VmsError(
      'VMS_E_USAGE',
      `${options.file} has ${file.parameters.codec} video, the cameras shall have ${codec}`,
    )
  }
  return {
    main: {
      video: file ? feed(file, wholeLoop(file), options.main) : builtIn(large, options.main),
      other: builtIn(small, options.main),
      audio,
    },
    sub:
      options.sub === undefined
        ? undefined
        : { video: builtIn(small, options.sub), other: builtIn(large, options.sub), audio },
  }
}

async function loadAudio({ audio }: VirtualCamerasOptions): Promise<AudioFeed | undefined> {
  if (audio === undefined) return undefined
  return audio === 'aac' ? aacFeed(await readAudioClip(clipPath('aac-16k.mp4'))) : g711Feed(audio)
}

/** A shipped clip: beside the sources when they run as they are, one level further up when they were compiled to dist/. */
function clipPath(name: string): string {
  for (const up of ['../../..', '../../../..']) {
    const path = fileURLToPath(new URL(`${up}/templates/clips/${name}`, import.meta.url))
    if (existsSync(path)) return path
  }
  throw new VmsError('VMS_E_BUG', `the clip ${name} is missing from this installation`)
}
