export { CameraSource, type SourceContext, type SourceOptions, type SourceStatus } from './camera-source.ts'
export { ReadBatching } from './read-batching.ts'
export { StartGate, type StartLimits } from './start-gate.ts'
