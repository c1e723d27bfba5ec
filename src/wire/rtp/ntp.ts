/** Seconds from the NTP epoch (1900) to the Unix epoch (1970). */
const EPOCHS = 2_208_988_800

/** Milliseconds since the Unix epoch of an NTP time. Seconds below 2^31 are of the era that begins in 2036 (RFC 4330 section 3). */
export function unixFromNtp(seconds: number, fraction: number): number {
  const era = seconds < 2 ** 31 ? 2 ** 32 : 0
  return (seconds + era - EPOCHS + fraction / 2 ** 32) * 1000
}

/** Seconds (modulo 2^32) and fraction of the NTP time of `wall`, milliseconds since the Unix epoch. */
export function ntpFromUnix(wall: number): { seconds: number; fraction: number } {
  const total = wall / 1000 + EPOCHS
  const seconds = Math.floor(total)
  return { seconds: seconds % 2 ** 32, fraction: Math.floor((total - seconds) * 2 ** 32) }
}
