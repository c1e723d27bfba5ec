export {
  type AccessRules,
  EVERY_CAMERA,
  type Grant,
  grants,
  isRefusal,
  type PublicKey,
} from './grant.ts'
export { verifyToken } from './verify-token.ts'
