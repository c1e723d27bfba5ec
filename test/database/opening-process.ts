import { openDatabase } from '../../src/database/open.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'

// Opens the database that is named, at the instant that is named: all that do it at once.
const [path, at] = process.argv.slice(2)
while (Date.now() < Number(at));
openDatabase(path!, INDEX_SCHEMA).close()
