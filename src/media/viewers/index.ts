export { TokenGate } from './token-gate.ts'
export { type Viewer, ViewerBook } from './viewer-book.ts'
