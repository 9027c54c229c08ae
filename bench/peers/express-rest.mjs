// Express 5 as it is commonly written, answering the site's settings and user levels out of its memory.
import express from 'express'
import { envelopeHeaders } from '../../dist/bench/job.js'

const settings = JSON.parse(process.env.BENCH_SITE)
const levels = Object.keys(settings.user_level_map).map((id) => ({
  id,
  name: settings.user_level_map[id],
  rate: settings.user_level_rate_map[id],
}))
const cache = new Map([
  ['settings', settings],
  ['user-levels', levels],
])

const app = express()
app.use(express.json())
app.use(express.urlencoded({ extended: true }))
app.get('/front/sys/config/info', (_, response) => {
  const levels = cache.get('user-levels')
  const data = {
    ...cache.get('settings'),
    user_level_map: Object.fromEntries(levels.map(({ id, name }) => [id, name])),
    user_level_rate_map: Object.fromEntries(levels.map(({ id, rate }) => [id, rate])),
  }
  response.set(envelopeHeaders).json({ status: 200, code: 0, msg: '操作成功', data, error: null })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
