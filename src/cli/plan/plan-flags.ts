import { boolean, string } from '@oclif/core/flags'
import { SETTINGS } from '../../planning/inputs/settings.ts'

/** Where a plan comes from, beside the settings. */
export const SOURCE_FLAGS = {
  'from-csv': string({
    description: 'table of cameras by kind, with a header line: name, cameras, and flags of CAMERAS',
    helpGroup: 'SOURCES',
  }),
  from: string({ description: 'plan file whose settings hold where no flag says otherwise', helpGroup: 'SOURCES' }),
  measured: boolean({ description: 'bit rates as the running daemon measures them', helpGroup: 'SOURCES' }),
  bench: string({
    description: 'result of `vmsctl bench record --json`, for the CPU of recording',
    helpGroup: 'SOURCES',
  }),
}

/** One flag for every setting of a plan. */
export function settingFlags() {
  return Object.fromEntries(
    SETTINGS.map(({ key, help, type, standard, group }) => {
      const usual =
        typeof standard === 'function' || key === 'cameras' ? '' : ` (default: ${type.format(standard.value)})`
      return [key, string({ description: `${help}${usual}`, helpValue: type.example, helpGroup: group })]
    }),
  )
}
