/** Of a time zone, with the second that it wrote last: nearly always it is the present one again. */
interface Writer {
  readonly format: Intl.DateTimeFormat
  second: number
  text: string
}

const writers = new Map<string, Writer>()

/** `yyyy-MM-dd HH:mm:ss` in a time zone, or empty for no time. */
export function formatTime(milliseconds: number | null | undefined, timeZone: string): string {
  if (milliseconds === null || milliseconds === undefined) return ''
  const writer = writers.get(timeZone) ?? addWriter(timeZone)
  const second = Math.floor(milliseconds / 1000)
  if (second !== writer.second) {
    writer.text = writer.format.format(milliseconds)
    writer.second = second
  }
  return writer.text
}

function addWriter(timeZone: string): Writer {
  // Sweden writes dates as our wire does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const writer = { format, second: Number.NaN, text: '' }
  writers.set(timeZone, writer)
  return writer
}
