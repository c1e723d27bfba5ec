/** Codecs that vmsctl carries frame by frame. All else is `other`: its RTP packets are handed on untouched. */
export type Codec = 'h264' | 'h265' | 'aac' | 'pcmu' | 'pcma' | 'other'

/** One media section of a session description, as a camera offered it. */
export interface Track {
  /** Position among the media sections of the SDP, from 0. */
  readonly index: number
  readonly kind: 'video' | 'audio' | 'application'
  readonly codec: Codec
  /** Encoding name of a=rtpmap in upper case: H264, JPEG, VND.ONVIF.METADATA. */
  readonly encodingName: string
  readonly payloadType: number
  /** Ticks a second of the RTP timestamp. */
  readonly clockRate: number
  /** Audio channels; 1 where the SDP says nothing, 0 for what is not audio. */
  readonly channels: number
  /** a=control as it stands in the SDP, empty if absent. */
  readonly control: string
  /** Parameters of a=fmtp, names in lower case. */
  readonly fmtp: ReadonlyMap<string, string>
}

/** What a decoder must know before the first frame. It may come from the SDP or in band, and change while a stream runs. */
export type CodecParameters = H264Parameters | H265Parameters | AacParameters | G711Parameters

/** Parameter sets are NAL units without start code or length. */
export interface H264Parameters {
  readonly codec: 'h264'
  readonly sps: Uint8Array
  readonly pps: readonly Uint8Array[]
}

export interface H265Parameters {
  readonly codec: 'h265'
  readonly vps: Uint8Array
  readonly sps: Uint8Array
  readonly pps: readonly Uint8Array[]
}

export interface AacParameters {
  readonly codec: 'aac'
  /** AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1. */
  readonly config: Uint8Array
  /** Hertz. */
  readonly sampleRate: number
  readonly channels: number
}

export interface G711Parameters {
  readonly codec: 'pcmu' | 'pcma'
  /** Hertz; 8000 for all but a few cameras. */
  readonly sampleRate: number
  readonly channels: number
}
