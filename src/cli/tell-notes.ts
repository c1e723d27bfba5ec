/** Tells on standard error what is worth knowing beside the result. */
export function tellNotes(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`note: ${note}\n`)
}
