import type { DatabaseSync } from 'node:sqlite'
import type { AdmissionStore } from './admissions.ts'
import type { TokenGrant } from './judge.ts'

/** The table of 002-relay-admission.ts in the registry of live streams: who was let in at MediaMTX. */
export function admissionTable(database: DatabaseSync): AdmissionStore {
  const put = database.prepare(
    'INSERT OR REPLACE INTO relay_admission (id, user, cameras, token, expires) VALUES (?, ?, ?, ?, ?)',
  )
  const drop = database.prepare('DELETE FROM relay_admission WHERE id = ?')
  return {
    *all() {
      // In the order of their coming, for the oldest goes first.
      const rows = database
        .prepare('SELECT id, user, cameras, token, expires FROM relay_admission ORDER BY rowid')
        .all()
      for (const row of rows) yield [String(row.id), grantOf(row)]
    },
    put: (id, { user, cameras, jti, expires }) => void put.run(id, user, JSON.stringify(cameras), jti, expires),
    drop: id => void drop.run(id),
  }
}

function grantOf(row: Record<string, unknown>): TokenGrant {
  const cameras = JSON.parse(String(row.cameras)) as string[]
  return { user: String(row.user), cameras, jti: String(row.token), expires: Number(row.expires) }
}
