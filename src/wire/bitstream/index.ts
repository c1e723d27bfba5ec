export { BitReader } from './bit-reader.ts'
export { type DisplayVui, readDisplayVui } from './display-vui.ts'
export { addEmulation, removeEmulation } from './emulation.ts'
export { plausibleFps } from './frame-rate.ts'
export { eachNal, findStartCode, nextNal, splitAnnexB } from './nal-units.ts'
export {
  buildFiller,
  buildUserDataSei,
  eachSeiMessage,
  findUserDataSei,
  SEI_TYPE,
} from './sei.ts'
