// Run by made-keys.test.ts as a process of its own: waits for a word, loads the keys, sends them back.
import { loadConfig } from '../../../config/config.js'

process.once('message', (dataDir: string) => {
  const { dataKeys, jwtSecrets } = loadConfig({ DATA_DIR: dataDir })
  process.send?.([...dataKeys, ...jwtSecrets], () => process.disconnect())
})
process.send?.('ready')
