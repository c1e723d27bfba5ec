import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberLedger } from '../../../src/media/virtual/number-ledger.ts'

function ledgerOf(numbers: readonly number[]): NumberLedger {
  const ledger = new NumberLedger()
  for (const number of numbers) ledger.add(number, number * 40)
  return ledger
}

describe('number ledger', () => {
  it('finds nothing wrong with whole numbers in order', () => {
    const ledger = ledgerOf([5, 6, 7, 8])
    expect(ledger).toMatchObject({ first: 5, last: 8, frames: 4, missing: 0, doubled: 0, outOfOrder: 0, gaps: [] })
  })

  it('names a gap by its numbers and the times around it', () => {
    expect(ledgerOf([1, 2, 6, 7]).gaps).toEqual([{ first: 3, last: 5, before: 80, after: 240 }])
  })

  it('tells a frame that comes late from one that comes twice', () => {
    const ledger = ledgerOf([1, 2, 5, 3, 3])
    expect(ledger).toMatchObject({ outOfOrder: 1, doubled: 1, missing: 1 })
    expect(ledger.gaps).toEqual([{ first: 4, last: 4, before: 120, after: 200 }])
  })

  it('agrees with a set of all numbers, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 100 }), numbers => {
        const ledger = ledgerOf(numbers)
        const seen = new Set<number>()
        let highest = -1
        let doubled = 0
        let late = 0
        for (const number of numbers) {
          if (seen.has(number)) doubled++
          else if (number < highest) late++
          seen.add(number)
          highest = Math.max(highest, number)
        }
        const absent: number[] = []
        for (let n = ledger.first; n <= ledger.last; n++) if (n >= 0 && !seen.has(n)) absent.push(n)
        expect(ledger).toMatchObject({ frames: seen.size, doubled, outOfOrder: late, missing: absent.length })
        const inGaps = ledger.gaps.flatMap(gap =>
          Array.from({ length: gap.last - gap.first + 1 }, (_, i) => gap.first + i),
        )
        expect(inGaps).toEqual(absent)
      }),
    )
  })
})
