/** What WeChat, or a program inside it, says of something. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * A JSON object; undefined for any other text. WeChat writes the control characters of a nickname as they are, which is
 * no JSON; they are read as if it had escaped them.
 */
export function parseObject(text: string): Fields | undefined {
  const value = parseJson(text) ?? parseJson(text.replace(/"(?:[^"\\]|\\[^])*"/g, escapeControls))
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? { ...value } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function escapeControls(literal: string): string {
  return literal.replace(
    // oxlint-disable-next-line no-control-regex -- these are what is looked for
    /(\\[^\u0000-\u001f])|\\?([\u0000-\u001f])/g,
    (_, escaped?: string, control = '') => escaped ?? JSON.stringify(control).slice(1, -1),
  )
}

/** A number, which WeChat and what stands before it write as a text at times; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
}

/** A field that is a text; empty where there is none, or anything else. */
export function textOf(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' ? value : ''
}
