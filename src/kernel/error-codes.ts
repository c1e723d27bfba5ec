import type { ErrorKind } from './errors.ts'

export interface ErrorCodeInfo {
  kind: ErrorKind
  /** What happened, in general. One sentence; docs/errors.md is made from it. */
  meaning: string
  /** What the user can do, where one advice fits every case. */
  remedy?: string
}

/** Every error code of vmsctl. Codes are never renamed and never reused; scripts match on them. */
export const ERROR_CODES = {
  VMS_E_BUG: {
    kind: 'bug',
    meaning: 'vmsctl met a state that its authors held to be impossible.',
    remedy: 'Please report it with the command and the log.',
  },
  VMS_E_USAGE: { kind: 'usage', meaning: 'A flag or an argument is missing, unknown or out of range.' },
  VMS_E_INTERRUPTED: { kind: 'interrupted', meaning: 'The command was interrupted by SIGINT or SIGTERM.' },
  VMS_E_CONFIG_NOT_FOUND: {
    kind: 'not-found',
    meaning: 'No configuration file was found.',
    remedy: 'Write one with `vmsctl init`, or name one with --config.',
  },
  VMS_E_CONFIG_INVALID: { kind: 'usage', meaning: 'The configuration file has faults; each is listed with its place.' },
  VMS_E_CONFIG_BUSY: {
    kind: 'conflict',
    meaning: 'Another command is editing the configuration file.',
    remedy: 'Try again; a file left by a killed command is taken away after a minute.',
  },
  VMS_E_FILE_EXISTS: {
    kind: 'conflict',
    meaning: 'The file to be written exists already.',
    remedy: 'Write another one, or say --force to replace it.',
  },
  VMS_E_FILE_WRITE: { kind: 'environment', meaning: 'A file could not be written.' },
  VMS_E_CAMERA_NOT_FOUND: {
    kind: 'not-found',
    meaning: 'No camera or group of that name is configured.',
    remedy: '`vmsctl camera list` shows the names.',
  },
  VMS_E_SECRET_UNAVAILABLE: {
    kind: 'environment',
    meaning: 'A password that the configuration refers to could not be read.',
  },
  VMS_E_STORAGE_UNAVAILABLE: {
    kind: 'environment',
    meaning: 'The storage path cannot be used: not a directory, not writable, or its mount is missing.',
  },
  VMS_E_NO_INDEX: {
    kind: 'not-found',
    meaning: 'The archive has no index yet: no daemon ran with this state directory.',
    remedy: 'Start the daemon, or make the index from the files with `vmsctl archive rebuild`.',
  },
  VMS_E_HOLD_NOT_FOUND: {
    kind: 'not-found',
    meaning: 'No legal hold has that id.',
    remedy: '`vmsctl archive hold list --all` shows the ids.',
  },
  VMS_E_HOLDS_FILE: {
    kind: 'environment',
    meaning: 'The copy of the legal holds beside the footage, holds.json, cannot be read or understood.',
  },
  VMS_E_INDEX_DAMAGED: {
    kind: 'environment',
    meaning: 'SQLite says that the index of the archive is damaged. The footage itself is not touched by that.',
    remedy:
      'Stop the daemon and start it again, or run `vmsctl archive rebuild`: the index is put aside and made anew.',
  },
  VMS_E_DAEMON_NOT_RUNNING: {
    kind: 'environment',
    meaning: 'The command needs the daemon and it does not run.',
    remedy: 'Start it with `vmsctl daemon start`.',
  },
  VMS_E_DAEMON_RUNNING: {
    kind: 'conflict',
    meaning: 'A daemon already runs on this state directory.',
  },
  VMS_E_STATE_DIRECTORY: {
    kind: 'environment',
    meaning: 'The state directory cannot be used: its path is too long for a socket, or it cannot be written.',
  },
  VMS_E_DAEMON_START: {
    kind: 'environment',
    meaning: 'The daemon was started and ended, or did not become ready in time.',
  },
  VMS_E_WORKER_START: { kind: 'environment', meaning: 'A media worker process could not be started.' },
  VMS_E_TIMEOUT: { kind: 'timeout', meaning: 'Something did not happen in the time allowed.' },
  VMS_E_NOT_RECORDING: { kind: 'check', meaning: 'A camera that should be recorded is not.' },
  VMS_E_FRAMES_MISSING: { kind: 'check', meaning: 'Frames are missing, doubled or out of order in the recordings.' },
  VMS_E_PROTOCOL: { kind: 'remote', meaning: 'A peer sent something that its protocol does not allow.' },
  VMS_E_REMOTE: { kind: 'remote', meaning: 'A camera or server refused, failed, or could not be reached.' },
  VMS_E_ALARM_DELIVERY: {
    kind: 'remote',
    meaning: 'A message of an alarm could not be delivered: the command failed, or the webhook refused it.',
  },
  VMS_E_SYSTEMD: { kind: 'environment', meaning: 'systemd could not be told of the unit.' },
  VMS_E_FILE_NOT_FOUND: { kind: 'not-found', meaning: 'A file that was named does not exist.' },
  VMS_E_NO_FOOTAGE: {
    kind: 'not-found',
    meaning: 'Nothing of the camera was recorded in the span that was asked for.',
  },
  VMS_E_FOOTAGE_OPEN: {
    kind: 'conflict',
    meaning: 'Footage that is still being written was asked for as evidence, or as it lies on disk.',
    remedy: 'Wait until its segment is closed, or ask for what is before it.',
  },
  VMS_E_FOOTAGE_DAMAGED: {
    kind: 'check',
    meaning: 'Segments of the span are gone, damaged or changed; what is whole was exported.',
    remedy: '`vmsctl archive verify` says more of them.',
  },
  VMS_E_MIXED_PARAMETERS: {
    kind: 'conflict',
    meaning: 'Codec, picture size or sound change within the span, and one MP4 track cannot hold both.',
  },
  VMS_E_EVIDENCE_KEY: { kind: 'environment', meaning: 'A key to sign or check evidence with cannot be read or made.' },
  VMS_E_EVIDENCE_INVALID: {
    kind: 'check',
    meaning: 'A clip is not what its manifest says, or the manifest is not what was signed, or another key signed it.',
  },
  VMS_E_STREAM_UNAVAILABLE: {
    kind: 'remote',
    meaning: 'A stream that was asked for does not play: the camera refuses, is down, or takes too long.',
    remedy: '`vmsctl status CAMERA` says how the camera is.',
  },
  VMS_E_STREAM_UNSUITABLE: {
    kind: 'conflict',
    meaning: 'No stream of the camera can be passed on as it is to viewers of that protocol.',
  },
  VMS_E_VIEWING_LIMIT: {
    kind: 'conflict',
    meaning: 'There are as many viewers, or as much goes to them, as the configuration allows.',
  },
  VMS_E_NOT_SERVED: {
    kind: 'environment',
    meaning: 'Viewers of that protocol are not served here.',
  },
  VMS_E_VIEWER_NOT_FOUND: {
    kind: 'not-found',
    meaning: 'No viewer has that id.',
    remedy: '`vmsctl viewer list` shows the ids.',
  },
  VMS_E_TOKEN_NOT_FOUND: {
    kind: 'not-found',
    meaning: 'No access token has that id, or the user has none that holds.',
    remedy: '`vmsctl token list --all` shows the ids.',
  },
  VMS_E_TOKEN_KEY: {
    kind: 'environment',
    meaning: 'The key that signs access tokens cannot be read or written.',
    remedy: '`vmsctl token keys --rotate` makes another; tokens that were given out stay good.',
  },
  VMS_E_FORMULA_NOT_FOUND: {
    kind: 'not-found',
    meaning: 'The planner has no formula of that name.',
    remedy: '`vmsctl plan explain` lists them.',
  },
  VMS_E_PROGRAM_MISSING: {
    kind: 'environment',
    meaning: 'An external program that the command needs is not installed.',
  },
  VMS_E_RELAY: { kind: 'remote', meaning: 'MediaMTX refused, failed, or its control API could not be reached.' },
} as const satisfies Record<string, ErrorCodeInfo>

export type ErrorCode = keyof typeof ERROR_CODES

/** What is known of a code. */
export function errorCodeInfo(code: ErrorCode): ErrorCodeInfo {
  return ERROR_CODES[code]
}
