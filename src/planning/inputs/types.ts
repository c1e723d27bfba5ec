import type { RaidLevel } from '../storage/raid.ts'
import type { Accelerator } from './accelerators.ts'
import type { Origin } from './origin.ts'

/** A quantity that is not known exactly: one in ten is below `p10`, half are below `p50`, nine in ten below `p90`. */
export interface Spread {
  readonly p10: number
  readonly p50: number
  readonly p90: number
}

export type Codec = 'h264' | 'h265'
export type Resolution = 'vga' | '720p' | '1080p' | '4mp' | '5mp' | '4k'

/** Cameras that are alike. */
export interface CameraKind {
  readonly name: string
  /** 0 to 100 million. */
  readonly count: number
  readonly codec: Codec
  readonly resolution: Resolution
  /** Frames a second of the main stream. */
  readonly fps: number
  /** Bit/s of the main stream by day, without what a smart codec saves. Spread between cameras and scenes. */
  readonly main: Spread
  /** Bit/s of the sub-stream; null for a camera without one. */
  readonly sub: Spread | null
  /** Zipstream, H.265+ and their like are on. */
  readonly smart: boolean
  /** Hours of a day in which it is recorded, 0 to 24. */
  readonly hours: number
  /** Share of those hours that is kept, 0 to 1: 1 is all the time. Less is recording on motion. */
  readonly motion: number
}

interface ViewerInputs {
  /** `wall`: operators who have tiles before them all the time. `visits`: people who come, look and go. */
  readonly model: 'wall' | 'visits'
  readonly operators: number
  /** Different sub-streams on an operator's screen. */
  readonly tiles: number
  /** Main streams on an operator's screen beside the tiles. */
  readonly full: number
  /** Milliseconds that an operator stays with the same cameras. */
  readonly dwell: number
  /** Visits an hour, of the whole site (`visits`). */
  readonly arrivals: number
  /** Milliseconds of a visit. */
  readonly session: number
  /** Milliseconds that a stream stays open behind its last viewer. */
  readonly linger: number
  /** Exponent of the cameras' popularity; 0 when all are looked at alike. */
  readonly zipf: number
}

interface StorageInputs {
  /** Milliseconds that footage is kept. */
  readonly retention: number
  /** Disks, with spares; null to have them sized. */
  readonly disks: number | null
  /** Bytes of a disk. */
  readonly diskSize: number
  readonly raid: RaidLevel
  /** Disks of one RAID group. */
  readonly group: number
  /** Hot spares of the whole site; null for one for every 30 disks. */
  readonly spares: number | null
  /** Share of the disks that file system, its tables and its reserve take. */
  readonly filesystem: number
  /** Share of the file system that is kept free. */
  readonly free: number
  /** Share that containers and index add to the streams. */
  readonly container: number
  /** Bytes a second that one disk writes while it seeks between streams. */
  readonly diskWrite: number
  /** Bytes a year that the maker rates a disk for. */
  readonly workload: number
  /** Share of disks that fail in a year. */
  readonly afr: number
  /** Bits of which one cannot be read. */
  readonly ure: number
  /** Bytes a second of a rebuild. */
  readonly rebuild: number
}

interface NetworkInputs {
  /** Bit/s of the link between the cameras' side and the centre, in each zone; null when there is none to think of. */
  readonly uplink: number | null
  /** Bit/s of a node's network card. */
  readonly nic: number
  /** Share of a link that may be used. */
  readonly load: number
  readonly transport: 'rtp-udp' | 'rtsp-tcp'
  /** Bytes of video in one packet. */
  readonly payload: number
}

interface NodeInputs {
  /** Nodes, with spares; null to have them sized. */
  readonly nodes: number | null
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  /** Share of a node's cores that may be used. */
  readonly cpuLoad: number
  /** Nodes that may die at once without a camera going unrecorded. */
  readonly spare: number
  /** Most cameras of a node. */
  readonly cameras: number
  /** Zones with an uplink each; cameras are spread over them evenly. */
  readonly zones: number
  /** `edge` keeps recordings in the zone, and only what is watched crosses the uplink. */
  readonly recordAt: 'centre' | 'edge'
}

/** What one of each costs on a node. */
interface WorkInputs {
  /** Cores to record one camera of 4 Mbps and 25 frames a second. */
  readonly recordCpu: Spread
  readonly recordMemory: number
  /** Bytes that a node takes before the first camera. */
  readonly baseMemory: number
  /** Cores and bytes for one viewer's stream through the relay. */
  readonly relayCpu: Spread
  readonly relayMemory: number
  /** Share of the watched sub-streams that must be transcoded, 0 to 1. */
  readonly transcode: number
  /** Cores of one transcode in software, decoding a 1080p30 main stream. */
  readonly transcodeCpu: Spread
  readonly transcodeMemory: number
}

interface EncoderInputs {
  readonly accelerator: Accelerator
  /** Cards; null to have them sized. */
  readonly cards: number | null
  /** 720p30 encodes and 1080p30 decodes of one card that may be planned with. */
  readonly encodes: number
  readonly decodes: number
}

interface PowerInputs {
  /** Watts of one node, one spinning disk, one card, one camera. */
  readonly node: number
  readonly disk: number
  readonly card: number
  readonly camera: number
  /** Power of the whole room for each watt of the machines. */
  readonly pue: number
}

/** Amounts are of `currency`. */
interface PriceInputs {
  readonly currency: string
  /** Dollars for one of another currency. */
  readonly rates: Readonly<Record<string, number>>
  /** YYYY-MM-DD: the day for which the prices are said to hold. */
  readonly date: string
  /** Years that the bill covers. */
  readonly years: number
  /** One TB (10^12 bytes) of disk. */
  readonly disk: Spread
  /** One node without disks; null when unknown. */
  readonly node: number | null
  readonly card: number | null
  /** One kWh. */
  readonly energy: Spread
}

/** All that a plan is computed from. Plain data: it goes into a plan file and comes back from it. */
export interface PlanInputs {
  readonly cameras: readonly CameraKind[]
  /** Correlation between the bit rates of two cameras, 0 to 1. */
  readonly correlation: number
  /** Hours of night in a day, and by how much streams grow in it. */
  readonly night: { readonly hours: number; readonly factor: Spread }
  /** What is left of a stream with a smart codec. */
  readonly smart: { readonly day: Spread; readonly night: Spread }
  readonly viewers: ViewerInputs
  readonly storage: StorageInputs
  readonly network: NetworkInputs
  readonly nodes: NodeInputs
  readonly work: WorkInputs
  readonly encoder: EncoderInputs
  readonly power: PowerInputs
  readonly prices: PriceInputs
  /** Share by which the number of cameras grows in a year. */
  readonly growth: number
  readonly seed: number
  /** Times that the uncertain inputs are drawn. */
  readonly draws: number
}

/** Inputs, and where each setting came from, by its key (`retention`). */
export interface PlanRequest {
  readonly inputs: PlanInputs
  readonly origins: Readonly<Record<string, Origin>>
}
