/** The methods of a Public or Allow header, in upper case; several headers are given joined by commas. */
export function parseMethods(value: string): ReadonlySet<string> {
  return new Set(
    value
      .slice(0, 4_096)
      .split(/[,\s]/)
      .filter(name => name !== '')
      .map(name => name.toUpperCase()),
  )
}
