export { AccessStore, type KeyRecord, type TokenRecord } from './access-store.ts'
export {
  type AccessRules,
  EVERY_CAMERA,
  type Grant,
  grants,
  isRefusal,
  type PublicKey,
  type TokenFault,
  type TokenRefusal,
} from './grant.ts'
export { type IssuedToken, TokenDesk } from './token-desk.ts'
export { verifyToken } from './verify-token.ts'
