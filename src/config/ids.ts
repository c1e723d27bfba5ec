import { quote } from './faults.ts'

/** Letters, digits, `.`, `_`, `-`, not starting with `.` or `-`: safe as file name, URL part and command argument. */
export const ID_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/

/** What is wrong with an id, as the end of a sentence that begins with it, or undefined. */
export function idProblem(id: string): string | undefined {
  if (ID_PATTERN.test(id)) return undefined
  if (id === '') return 'is empty'
  if (id.length > 64) return `has ${id.length} characters; 64 are the most`
  if (id.includes('/') || id.includes('\\')) return 'holds a slash; it becomes a directory name and a part of URLs'
  if (id.startsWith('.')) return 'starts with a dot'
  if (id.startsWith('-')) return 'starts with a hyphen; it would be taken for a flag'
  const bad = [...id].find(character => !/[A-Za-z0-9._-]/.test(character)) ?? ''
  return `holds ${quote(bad)}; letters, digits, ".", "_" and "-" are allowed`
}

/** The key under which two ids are the same: file systems and URLs may not tell upper from lower case. */
export function idKey(id: string): string {
  return id.toLowerCase()
}
