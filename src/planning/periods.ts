/** Numbers that every formula shares. A month is 30 days for storage and 730 hours for energy, a year is 365 days. */
export const BITS_PER_BYTE = 8
export const SECONDS_PER_HOUR = 3_600
export const SECONDS_PER_DAY = 86_400
export const DAYS_PER_YEAR = 365
