import type { RetentionSurvey } from './types.ts'

/** The part of a survey that says how much room there is, and how fast it is used. */
export interface SpaceAndRates extends Pick<RetentionSurvey, 'space' | 'headroom'> {
  readonly cameras: readonly { readonly rate: number | null }[]
}

/** Room that is kept even where nobody knows the bit rates: a hundredth of the file system, at most a gigabyte. */
const LEAST_SHARE = 0.01
const MOST_OF_IT = 1e9

/** Bytes a second that all cameras write. */
export function totalRate({ cameras }: Pick<SpaceAndRates, 'cameras'>): number {
  return cameras.reduce((sum, { rate }) => sum + (rate ?? 0), 0)
}

/** Milliseconds for which the cameras can go on writing; null when the space or the rates are not known. */
export function headroomOf(survey: SpaceAndRates): number | null {
  const rate = totalRate(survey)
  return survey.space && rate > 0 ? (survey.space.free / rate) * 1_000 : null
}

/** Bytes that are to be free: what the cameras write in the hours below which footage is deleted. */
export function neededSpace(survey: SpaceAndRates): number {
  const least = Math.min(MOST_OF_IT, (survey.space?.total ?? 0) * LEAST_SHARE)
  return Math.max(least, (totalRate(survey) * survey.headroom.delete) / 1_000)
}
