/**
 * Megabytes (1024 x 1024 bytes, of 1024-byte kilobytes) an hour in Dahua's manual: q = d / 8 x 3600 / 1024 with d in kbit/s. Bits are
 * counted by 1024 there and elsewhere by 1000, which is why calculators differ by 2 to 7 %.
 */
export function dahuaMegabytesPerHour(kilobitsPerSecond: number): number {
  return ((kilobitsPerSecond / 8) * 3_600) / 1_024
}

/** Megabytes an hour in AxxonSoft's form: kilobytes a picture x pictures a second x 3600 / 1024. */
export function axxonMegabytesPerHour(kilobytesPerFrame: number, fps: number): number {
  return kilobytesPerFrame * fps * (3_600 / 1_024)
}
