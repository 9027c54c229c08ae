import type { Variable } from './rule.js'

/** Variables of the pictures that users upload (account-beside.md §3.4). */
export const uploadVariables = {
  UPLOADS: {
    type: 'boolean',
    default: false,
    description:
      'Whether users may upload pictures, kept below DATA_DIR/uploads; several nodes need one folder for it.',
  },
  UPLOAD_MEGABYTES: {
    type: 'integer',
    minimum: 1,
    maximum: 20,
    default: 5,
    description: 'How large an uploaded picture may be, in megabytes.',
  },
  UPLOAD_PER_DAY: {
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    default: 20,
    description: 'How many pictures one user may upload in a day.',
  },
} as const satisfies Record<string, Variable>
