export {
  type AudioSpecificConfig,
  aacCodecString,
  buildAudioSpecificConfig,
  parseAudioSpecificConfig,
} from './aac.ts'
