import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type ServiceFacts, siteFacts } from '../service/index.ts'

/** Who runs the service of the machine. */
const SERVICE_USER = 'vmsctl'

/** What the unit has to know, from --config and from where we are installed. */
export async function serviceFacts(root: string, config: string | undefined, ofUser: boolean): Promise<ServiceFacts> {
  const site = await siteFacts(config, { env: process.env, cwd: process.cwd() })
  return {
    ...site,
    root,
    vmsctl: join(root, 'bin/vmsctl'),
    user: ofUser ? userInfo().username : SERVICE_USER,
  }
}
