const formats = new Map<string, Intl.DateTimeFormat>()

/** `yyyy-MM-dd HH:mm:ss` in a time zone, or empty for no time. */
export function formatTime(milliseconds: number | null | undefined, timeZone: string): string {
  if (milliseconds === null || milliseconds === undefined) return ''
  // Sweden writes dates as our wire does.
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  return format.format(milliseconds)
}
