/** A moment (ms) as the reader's clock shows it, `2026-01-31 09:05:00`; a dash for none. */
export function formatMoment(moment: number | null): string {
  return moment === null || moment <= 0 ? '–' : `${formatDay(moment)} ${formatTime(moment)}`
}

/** `2026-01-31` */
export function formatDay(moment: number): string {
  const date = new Date(moment)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `09:05:00` */
export function formatTime(moment: number): string {
  return `${formatMinute(moment)}:${two(new Date(moment).getSeconds())}`
}

/** `09:05` */
export function formatMinute(moment: number): string {
  const date = new Date(moment)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

const two = (value: number): string => String(value).padStart(2, '0')
