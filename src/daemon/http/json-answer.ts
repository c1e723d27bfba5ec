import type { z } from '@hono/zod-openapi'

/** One answer of a route as the description of the API has it: JSON of a shape. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}
