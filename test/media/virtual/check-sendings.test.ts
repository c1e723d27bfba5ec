import { describe, expect, it } from 'vitest'
import { checkSendings } from '../../../src/media/virtual/check-sendings.ts'
import { NumberLedger } from '../../../src/media/virtual/number-ledger.ts'
import { noteFrame, SendLedger, type SentSession } from '../../../src/media/virtual/send-ledger.ts'

function session(...ranges: [number, number][]): SentSession {
  const sent = new SendLedger().open('127.0.0.1:1', 0)
  for (const [first, last] of ranges) for (let n = first; n <= last; n++) noteFrame(sent, n)
  return sent
}

function recorded(...ranges: [number, number][]): NumberLedger {
  const ledger = new NumberLedger()
  for (const [first, last] of ranges) for (let n = first; n <= last; n++) ledger.add(n, n * 40)
  return ledger
}

describe('sent against recorded', () => {
  it('counts as lost only what was sent and is missing within a session', () => {
    const check = checkSendings([session([10, 19]), session([40, 49])], recorded([12, 15], [17, 17], [40, 47]))
    expect(check).toEqual({
      sent: 20,
      missing: 1,
      missingRanges: [{ first: 16, last: 16 }],
      before: 2,
      behind: 4,
    })
  })

  it('does not miss what a frozen camera left out', () => {
    expect(checkSendings([session([0, 9], [30, 39])], recorded([0, 9], [30, 39]))).toMatchObject({
      sent: 20,
      missing: 0,
    })
  })

  it('counts once what two viewers saw, and takes what either was sent', () => {
    const both = [session([0, 20]), session([10, 30])]
    expect(checkSendings(both, recorded([0, 14], [16, 30]))).toMatchObject({
      sent: 31,
      missing: 1,
      before: 0,
      behind: 0,
    })
  })

  it('puts a session of which nothing was recorded behind the end', () => {
    expect(checkSendings([session([0, 4])], recorded())).toMatchObject({ sent: 5, missing: 0, behind: 5 })
    expect(checkSendings([session([0, 4]), session([10, 14])], recorded([0, 4]))).toMatchObject({
      missing: 0,
      behind: 5,
    })
  })
})
