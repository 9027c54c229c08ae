/** A stored hash that takes long to compare, of a family whose hashes differ in their work only. */
export interface SlowHash {
  /** The form as operators name it. */
  readonly form: string
  readonly family: string
  /** How much there is to compute, in the family's own unit. */
  readonly work: number
  /** Away from the thread that answers everybody, as all hashing. */
  verify(password: string): Promise<boolean>
  /** Takes the time of this much of the family's work. */
  burn(work: number): Promise<void>
}
