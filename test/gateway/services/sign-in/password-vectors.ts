/** A password and how an old system keeps it. */
export interface Vector {
  readonly form: string
  readonly password: string
  readonly hash: string
  readonly salt: string | null
}

/** As password-vectors.php writes them. */
export const readVectors = (text: string) => JSON.parse(text) as readonly Vector[]
