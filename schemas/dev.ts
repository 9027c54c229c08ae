import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { regenerate, regenerateOnChange } from './watch.js'

// `npm run dev`: the server from its sources, started anew when one changes, with a table and types that follow the
// contracts and handlers. The server watches no contract itself: one that is half written would end it.
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line: string) => console.error(`generate: ${line}`)

await regenerate(root, false, say)
regenerateOnChange(root, say)
const server = spawn(
  join(root, 'node_modules/.bin/tsx'),
  ['watch', '--clear-screen=false', '--exclude', 'schemas/**/*.json', 'gateway/main.ts'],
  { cwd: root, stdio: 'inherit' },
)
server.on('exit', (status) => process.exit(status ?? 1))
// A terminal sends Ctrl-C to both; the server ends in its own time, and this process with it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => server.kill('SIGTERM'))
