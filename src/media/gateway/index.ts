export { awaitSession } from './await-session.ts'
export { Gateway, type GatewayOptions } from './gateway.ts'
export { PortListener } from './port-listener.ts'
