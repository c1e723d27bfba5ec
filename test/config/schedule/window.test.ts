import { describe, expect, it } from 'vitest'
import { parseWindow } from '../../../src/config/schedule/window.ts'

const fault = (text: string) => {
  const window = parseWindow(text)
  return 'problem' in window ? `${window.problem} -> ${window.hint}` : 'no fault'
}

describe('a window', () => {
  it('is five fields of a crontab', () => {
    for (const text of [
      '* * * * *',
      '* 7-18 * * 1-5',
      '  */15   07-18,20 1-7 jan-mar,DEC mon-fri ',
      '* * * * fri-sun',
      '* * * * 6-7',
      '0-29 6 * * 0',
      '* * 29 2 *',
      '* * 31 4 mon',
    ])
      expect([text, fault(text)]).toEqual([text, 'no fault'])
    expect(parseWindow('  * 7-18\t* * 1-5 ')).toMatchObject({ text: '* 7-18 * * 1-5' })
  })

  it('of day of the month and weekday, both given, either will do, as in a crontab', () => {
    const window = parseWindow('* * 1 * mon')
    if ('problem' in window) throw new Error(window.problem)
    const days = ['2026-12-01', '2026-12-02', '2026-12-07'].map(day => window.matchesDay(Date.parse(day)))
    expect(days).toEqual([true, false, true])
  })

  it('says what is wrong, and what would be right', () => {
    const five =
      'a window has five fields, minute hour day month weekday: "* 7-18 * * 1-5" is 07:00 to 18:59 from Monday to Friday'
    expect(fault('* 7-18 * *')).toBe(`window "* 7-18 * *" has 4 of five fields -> ${five}`)
    expect(fault('')).toBe(`window "" has no fields -> ${five}`)
    expect(fault('0 * 7-18 * * 1-5')).toBe(
      `window "0 * 7-18 * * 1-5" has six fields, and a window has no seconds -> ${five}`,
    )
    expect(fault('@daily')).toBe(`window "@daily" names an instant, and a window is a stretch of time -> ${five}`)
    expect(fault('07:00-19:00')).toMatch(/has 1 of five fields/)
    expect(fault('* 24 * * *')).toBe(
      'window "* 24 * * *": "24" is no hour -> an hour is 0 to 23; 7-18 is 07:00 to 18:59; one, a list (7,12), a range (7-18), a step (*/2), or * for all',
    )
    expect(fault('60 * * * *')).toMatch(/"60" is no minute -> a minute is 0 to 59/)
    expect(fault('* * 0 * *')).toMatch(/"0" is no day of the month -> a day of the month is 1 to 31/)
    expect(fault('* * * 13 *')).toMatch(/"13" is no month/)
    expect(fault('* * * juni *')).toMatch(/"juni" is no month -> a month is 1 to 12, or jan to dec/)
    expect(fault('* * * * monday')).toMatch(/"monday" is no weekday -> a weekday is 0 \(Sunday\) to 6, or sun to sat/)
    expect(fault('* * * * 8')).toMatch(/"8" is no weekday/)
    expect(fault('*/0 * * * *')).toMatch(/is no minute/)
    expect(fault('* 7,,8 * * *')).toMatch(/"7,,8" is no hour/)
  })

  it('takes a range that runs backwards apart', () => {
    expect(fault('* 18-7 * * *')).toBe(
      'window "* 18-7 * * *": "18-7" is no hour -> a range runs upwards: write 18-23,0-7',
    )
    expect(fault('* * * * fri-mon')).toMatch(/write fri-sat,sun-mon$/)
    expect(fault('* * * * 6-1')).toMatch(/write 6,0-1$/)
    expect(fault('* * * nov-jan *')).toMatch(/write nov-dec,jan$/)
  })

  it('refuses what other crons know and a crontab does not', () => {
    for (const text of ['* * L * *', '* * 15W * *', '* * * * 5#2', '* * ? * *', '* * LW * *', '* * +1 * 1'])
      expect(fault(text)).toMatch(/ is no (day of the month|weekday) -> /)
  })

  it('that can never come is a fault', () => {
    expect(fault('* * 31 2 *')).toBe('window "* * 31 2 *" never comes -> none of its months has such a day')
    expect(fault('* * 31 apr,jun *')).toMatch(/never comes/)
  })
})
