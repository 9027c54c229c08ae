import type { Knex } from 'knex'

/** What the server looks for every few seconds, whoever calls. */
export const background = /^select .* from .(?:brown_out|call_watch|client_app|delivery_job|ip_block)\b/i

/** The statements that a piece of work made, in order, without what ran beside it in the background. */
export async function statementsDuring<T>(
  db: Knex,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly statements: readonly string[] }> {
  const statements: string[] = []
  const listen = ({ sql }: { sql: string }) => {
    if (!background.test(sql)) statements.push(sql)
  }
  db.on('query', listen)
  try {
    return { result: await work(), statements }
  } finally {
    db.removeListener('query', listen)
  }
}
