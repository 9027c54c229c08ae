/** The double answer that the document shows for methods that change something (passport.md §5). */
export const serviceAnswer = { code: 200, message: 'success.' } as const
