/*
 * YAML files of others, read with the limits and the places of our own: the front door for those who check or mend such a file. It
 * loads the YAML parser.
 */
export { type ConfigFault, formatFault, plural, quote, quoteKey } from './faults.ts'
export { parseNetwork } from './network.ts'
export { readConfigText } from './read-file.ts'
export { Findings } from './sections.ts'
export { didYouMean } from './suggest.ts'
export { type Path, type Plain, readYaml, type YamlSource } from './yaml-source.ts'
