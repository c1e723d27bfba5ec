export { Gateway, type GatewayOptions, type GatewayStatus } from './gateway.ts'
