/** A moment as the reader's clock shows it: the time of day, with the date where it is of another day. */
export function formatMoment(moment: number, now = Date.now()): string {
  const date = new Date(moment)
  const isToday = date.toDateString() === new Date(now).toDateString()
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return isToday ? time : `${formatDay(moment)} ${time}`
}

/** `2026-01-31` */
export function formatDay(moment: number): string {
  const date = new Date(moment)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `09:05` */
export function formatMinute(moment: number): string {
  const date = new Date(moment)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

const two = (value: number): string => String(value).padStart(2, '0')
