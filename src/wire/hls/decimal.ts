/** A decimal floating-point number with at most five places, as attributes and EXTINF have it. Rounded to the nearest. */
export function decimal(value: number): string {
  return String(Math.round(value * 1e5) / 1e5)
}
