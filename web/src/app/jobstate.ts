import type { Job } from '../client/types'
import type { Tone } from '../ui/tag'

/** The tone of each state of a job. */
export const tones: Record<Job['state'], Tone> = { waiting: 'plain', running: 'accent', done: 'ok', dead: 'bad', cancelled: 'plain' }
