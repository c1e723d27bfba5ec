import type { Grade, Source } from '../grade.ts'
import type { Standard } from '../inputs/setting.ts'
import { settingOf } from '../inputs/settings.ts'
import type { Spread } from '../inputs/types.ts'

/** What one of each takes of a core, for the table of the owner's document with measured costs. */
export interface CoreCost {
  readonly name: string
  readonly cores: number
  readonly grade: Grade
  readonly source: Source
}

/** The way of the document: a process of ffmpeg for each camera. */
export const STREAM_COPY: CoreCost = {
  name: 'ffmpeg, one stream copy of 4 Mbps',
  cores: 0.0057,
  grade: 'measured',
  source: { text: 'ffmpeg 5.1, 51 MB resident; 0.47 % each in a run of 200 (docs/measured)', date: '2026-11-23' },
}

/** vmsctl's own recorder, one camera of 4 Mbps. */
export const RECORDER = standardCost('vmsctl, one camera of 4 Mbps recorded', 'record-cpu')

/** One sub-stream made in software. */
export const TRANSCODE = standardCost('libx264 ultrafast, 1080p30 to 720p', 'transcode-cpu')

/** What `vmsctl plan` takes by default. */
function standardCost(name: string, key: string): CoreCost {
  const { value, grade, source } = settingOf(key)!.standard as Standard
  return { name, cores: (value as Spread).p50, grade, source }
}
