export interface RelayLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
}

const LEVELS = { DEB: 'debug', INF: 'info', WAR: 'warn', ERR: 'error' } as const
const LONGEST = 1_000

/** A line of MediaMTX's log (`2026/11/25 12:00:00 INF [RTSP] ...`) without its time, and without tokens in URLs; what has another form is info. */
export function readLogLine(line: string): RelayLogLine | undefined {
  // Colours, when it believes to be at a terminal, and whatever a client put into its User-Agent.
  const plain = line.replaceAll(/\x1b\[[0-9;]*m/g, '').replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '?')
  const match = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (DEB|INF|WAR|ERR) (.*)$/.exec(plain)
  const text = (match?.[2] ?? plain)
    .trim()
    .replaceAll(/([?&](?:token|jwt)=)[^&\s'"]+/g, '$1***')
    .slice(0, LONGEST)
  if (text === '') return undefined
  return { level: match ? LEVELS[match[1] as keyof typeof LEVELS] : 'info', message: text }
}
