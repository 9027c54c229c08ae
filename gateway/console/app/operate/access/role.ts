/** A role, as `manage.console.role.list` shows it. */
export interface Role {
  readonly name: string
  readonly built_in: boolean
  readonly admins: number
  readonly permissions: readonly string[]
}
