import { ConfigurationError, readEnvironment } from '../../config/env.js'

/** A key that is long enough; different letters make different keys. */
export function key(letter: string): string {
  return `${letter}0123456789abcdefghijklmnopqrstu`
}

/** The least environment that production accepts. */
export const production = {
  NODE_ENV: 'production',
  DATA_KEY: key('d'),
  JWT_SECRET: key('j'),
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'https://sms.example.com/send',
}

/** What an action reports as wrong with the configuration; nothing when it succeeds. */
export function problemsOf(action: () => unknown): string[] {
  try {
    action()
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

/** What reading this environment reports as wrong. */
export function problemsIn(env: NodeJS.ProcessEnv): string[] {
  return problemsOf(() => readEnvironment(env))
}
