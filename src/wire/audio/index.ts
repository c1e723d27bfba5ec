export {
  aacCodecString,
  buildAudioSpecificConfig,
  parseAudioSpecificConfig,
} from './aac.ts'
