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
export { verifyToken } from './verify-token.ts'
