import type { FfmpegVersion } from './ffmpeg-version.ts'

/** Fragments that begin with key frames. Without `flush_packets` they go to disk 256 KiB at a time: four seconds at 500 kbps. */
const FRAGMENTS = '+frag_keyframe+empty_moov+default_base_moof'
/** Socket timeout of ffmpeg's RTSP input, microseconds. */
const SOCKET_TIMEOUT = 10_000_000

export interface RecordCommand {
  readonly argv: readonly string[]
  /** What goes to ffmpeg's standard input: the source's URL, which may hold a password and so is no argument. */
  readonly input: string
}

/** Containers of segments: `mov` takes what `mp4` has no name for in ffmpeg, G.711 above all. Players read both alike. */
export type SegmentFormat = 'mp4' | 'mov'

export interface RecordRequest {
  /** rtsp: URL, with user info if the server asks for it. */
  readonly url: string
  /** Path of the segments with strftime conversions: `/archive/gate-1/main/%Y%m%d_%H%M%S.mp4`. */
  readonly pattern: string
  /** Seconds of a segment. */
  readonly segment: number
  readonly format: SegmentFormat
}

/**
 * The owner's recording: stream copy into segments named by time (`-c copy -f segment -segment_time 180 -strftime 1`). Ours
 * adds: the URL comes by standard input in the form of the concat demuxer, so that no password is in `ps`; fragments of a
 * second, so that a crash costs one; progress on descriptor 3 and finished segments on standard output.
 */
export function recordCommand(version: FfmpegVersion, request: RecordRequest): RecordCommand {
  // Before 5.0 `timeout` of the RTSP input means "wait for a caller"; the socket's is `stimeout` there.
  const timeout = version.major >= 5 ? 'timeout' : 'stimeout'
  const input = [
    'ffconcat version 1.0',
    `file '${request.url.replaceAll("'", "'\\''")}'`,
    'option rtsp_transport tcp',
    `option ${timeout} ${SOCKET_TIMEOUT}`,
    '',
  ].join('\n')
  const argv = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'],
    ...['-progress', 'pipe:3', '-stats_period', '1'],
    ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'pipe,rtsp,rtp,tcp,udp', '-i', 'pipe:0'],
    ...['-map', '0:v?', '-map', '0:a?', '-c', 'copy'],
    ...['-f', 'segment', '-segment_time', String(request.segment), '-reset_timestamps', '1', '-strftime', '1'],
    ...['-segment_format', request.format],
    ...['-segment_format_options', `movflags=${FRAGMENTS}:min_frag_duration=1000000:flush_packets=1`],
    ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv'],
    request.pattern,
  ]
  return { argv, input }
}
