// What runs beside what when all tests run.

type PartName = 'any' | 'crowded' | 'patient' | 'alone'

/**
 * Tests that race on a machine's processes, end them or drive a browser: each has servers of its own, which want most
 * of a core.
 */
const crowded = /^whole\/(browser|histories|hostile|journeys|races|upgrade)\//

/** Tests of what happens within seconds, when servers are killed or nobody says anything for a while: they mostly wait. */
const patient =
  /^(whole\/(failures|move\/switch\/)|gateway\/http\/event-stream\.|gateway\/services\/live\/message-signals\.)/

/** Tests that measure time, memory or how much is served, or build: nothing else may keep the machine busy meanwhile. */
const alone = new RegExp(
  [
    '^whole/(alarms|cluster|deployment|enumeration|failures/(failures|vendors)|hostile/(connections|growth)|move/(shadow/)?pace)',
    '^gateway/services/(sign-in/password-times|wechat/ways)\\.',
  ].join('|'),
)

/** The files that take longest, 150 to 10 seconds, in that order; measured, and only a hint. */
const longest = [
  'whole/browser/console-operate',
  'whole/hostile/generated',
  'whole/browser/console-users',
  'whole/browser/operation',
  'whole/browser/console',
  'db/migrations/migrate',
  'gateway/services/live/message-signals',
  'gateway/cli/backup/backup',
  'gateway/cli/apps/app',
  'methods/front/account/userMessage/stream',
  'whole/failures/adoption',
  'whole/statements/sizes',
  'whole/histories/histories',
  'gateway/services/sign-in/old-shop-tokens',
  'whole/races/sign-in/registering',
  'whole/lists/lists',
  'whole/failures/rotation',
  'whole/failures/rolling-restart',
  'whole/browser/console-sign-in',
  'gateway/cli/drill/drills',
  'whole/races/sign-in/replay',
  'gateway/http/event-stream',
  'gateway/services/redis-connection',
  'db/mysql/servers',
  'gateway/services/sign-in/password-forms',
  'whole/journeys/wechat-pc-scan',
  'whole/browser/messages',
  'whole/races/killed-senders',
  'gateway/cli/users/user',
  'gateway/cli/role',
  'gateway/cli/admin',
  'whole/races/sign-in/resends',
  'whole/beside-a-shop/passwords',
  'gateway/services/redis-tls',
  'whole/clients/php-transport',
  'whole/failures/database-states',
]

/**
 * The parts in their order, and how many processes of tests each has on a machine of so many cores, each with a MariaDB of
 * its own. Most tests wait for servers and timers now and then: twice as many as there are cores keep all of them busy.
 */
export function jobsOn(cores: number): readonly (readonly [part: PartName, jobs: number])[] {
  return [
    ['any', Math.min(2 * cores, 8)],
    ['crowded', Math.min(cores, 4)],
    ['patient', Math.min(2 * cores, 8)],
    ['alone', 1],
  ]
}

/** Which part a test file belongs to, by its path below test/. */
export function partOf(name: string): PartName {
  if (alone.test(name)) return 'alone'
  if (patient.test(name)) return 'patient'
  return crowded.test(name) ? 'crowded' : 'any'
}

/** Those that take longest go first, so that no process is left with one of them at the end. */
export function byLengthOfWork(left: string, right: string): number {
  const placeOf = (name: string) => {
    const place = longest.indexOf(name.replace(/\.test\.js$/, ''))
    return place < 0 ? longest.length : place
  }
  return placeOf(left) - placeOf(right) || left.localeCompare(right)
}
