export { ViewingServer } from './viewing-server.ts'
