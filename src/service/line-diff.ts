/** Lines around a change that are shown with it. */
const CONTEXT = 2

/** What turns one text into another: lines with `+`, `-` or a blank before them, and `...` where equal ones are left out. */
export function lineDiff(before: string, after: string): string {
  const lines = compare(before.split('\n'), after.split('\n'))
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(line => line[0] !== ' '),
  )
  const shown = lines.flatMap((line, at) => (near[at] ? [line] : near[at - 1] ? ['...'] : []))
  return shown.join('\n')
}

/** By the longest common subsequence; units have a hundred lines. */
function compare(a: readonly string[], b: readonly string[]): string[] {
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
    }
  }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i++]}`)
      j++
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(`-${a[i++]}`)
    else lines.push(`+${b[j++]}`)
  }
  return lines
}
