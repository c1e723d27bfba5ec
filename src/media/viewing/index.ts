export { type Admitted, admit, tokenOf } from './admission.ts'
export { ViewingServer } from './viewing-server.ts'
