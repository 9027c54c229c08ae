/** A number in few characters; a dash where there is none. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(2)
}

/** The share of a part, `0.40 %` where it is small; a dash of nothing. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–'
  return `${((100 * part) / whole).toFixed(part > 0 && part / whole < 0.01 ? 2 : 0)} %`
}
