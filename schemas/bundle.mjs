// Puts the compiled server and command line, with the packages that every start loads, into a few files: most of a
// start is finding, reading and linking some seventeen hundred modules one by one. Everything else of dist/ stays as
// the compiler made it, a module a file: the tests and whoever mounts the gateway load that.
import { build } from 'esbuild'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Machine code beside them, or files of their own; or loaded by the first call that needs them, if ever. */
const ownFiles = [
  'age-encryption',
  'libsql',
  '@node-rs/*',
  '@simplewebauthn/server',
  '@zxcvbn-ts/language-common',
  'fast-xml-parser',
  'ioredis',
  'nodemailer',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-node',
  'otpauth',
  'svg-captcha',
  'tar',
  'unhomoglyph',
]

/** Drivers that knex knows and nobody here installs. */
const absentDrivers = ['better-sqlite3', 'mariadb/callback', 'mysql', 'oracledb', 'pg', 'sqlite3', 'tedious']

const absWorkingDir = dirname(dirname(fileURLToPath(import.meta.url)))

await build({
  absWorkingDir,
  entryPoints: {
    main: 'gateway/main.ts',
    'cli/main': 'gateway/cli/main.ts',
    // Files of threads, which hash-threads.ts, recorder.ts and copy-thread.ts start from beside themselves.
    'built/hash-thread': 'gateway/services/sign-in/password-forms/hash-thread.ts',
    'built/record-thread': 'gateway/move/record/record-thread.ts',
    'built/shadow-thread': 'gateway/move/shadow/shadow-thread.ts',
  },
  outdir: 'dist/gateway',
  chunkNames: 'built/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: [...ownFiles, ...absentDrivers],
  // Packages of the older module form ask for Node's own modules by it.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  // Names stay, for stacks.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
})

// The console's page: static files. It signs by the server's own code, and hashes by another.
const page = 'gateway/console/app'
await build({
  absWorkingDir,
  entryPoints: [`${page}/main.tsx`, `${page}/index.html`],
  outdir: 'dist/console',
  bundle: true,
  // What only administrators see is loaded when they ask for it.
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  target: 'es2023',
  minify: true,
  loader: { '.html': 'copy' },
  alias: { 'node:crypto': `./${page}/call/browser-crypto.ts` },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
})
