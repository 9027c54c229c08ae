import { listAdmins } from '../../../db/admins.js'
import { listRefusalsOf } from '../../../db/audit-entries.js'
import { findCredentials } from '../../../db/credentials.js'
import { findManagedUser, type ManagedUserRow } from '../../../db/managed-users.js'
import { listLiveSessions } from '../../../db/sessions.js'
import { findLastSignIn, listSignIns } from '../../../db/user-logins.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { loadTags, readTagIds } from '../administration/tags.js'
import { describeManagedUser } from '../profiles/managed-users.js'
import { describeCertificate } from './certificates.js'
import { describePicture } from './pictures.js'
import { findObstacles } from './obstacles.js'
import { readSignInState, type SignInState } from './sign-in-state.js'

type UserPage = Contracts['manage.console.user.get']['result']

const mostSessions = 50
const mostSignIns = 20
/** What was refused longer ago keeps nobody out. */
const refusalDays = 30

/** All that is known of a user, and what keeps the user from signing in; undefined for nobody. */
export async function describeUserPage(services: Services, userId: number): Promise<UserPage | undefined> {
  const { db, clock, config } = services
  const [user, credentials] = await Promise.all([findManagedUser(db, userId), findCredentials(db, userId)])
  if (!user || !credentials) return undefined
  const [state, refusals, sessions, signIns] = await Promise.all([
    readSignInState(services, credentials, user),
    listRefusalsOf(db, userId, { since: clock.now() - refusalDays * 86_400_000, most: mostSignIns }),
    listLiveSessions(db, userId, { now: clock.now(), most: mostSessions }),
    listSignIns(db, userId, mostSignIns),
  ])
  return {
    user: {
      ...describeManagedUser(user, config),
      ...(await describeStanding(services, user)),
      avatar: describePicture(services, user.user_avatar ?? ''),
      last_sign_in_time: await findLastSignIn(db, userId),
    },
    ...describeSignInState(state),
    obstacles: findObstacles(
      services,
      state,
      refusals.map(({ ip }) => ip),
    ),
    refusals: refusals.map(({ happened_at: time, action, outcome, ip }) => ({ time, action, outcome, ip })),
    sessions: sessions.map(({ token_id: session_id, app_name, ip, created_at, expires_at }) => ({
      session_id,
      app_name,
      ip,
      start_time: created_at,
      end_time: expires_at,
    })),
    sign_ins: signIns.map(({ user_login_ip: ip, user_login_time: time }) => ({ ip, time })),
    certificate: await describeCertificate(services, user),
  }
}

async function describeStanding({ db }: Pick<Services, 'db'>, { user_id, tag_ids }: ManagedUserRow) {
  const [tags, admins] = await Promise.all([loadTags({ db }), listAdmins(db)])
  const admin = admins.find((admin) => admin.user_id === user_id)
  return {
    tags: readTagIds(tag_ids ?? '').flatMap((id) => {
      const tag = tags.get(id)
      return tag ? [{ tag_id: id, tag_title: tag.tag_title }] : []
    }),
    role_name: admin ? (admin.user_role_name ?? '') : null,
  }
}

function describeSignInState(state: SignInState) {
  return {
    password: { kind: state.passwordKind, is_usable: state.hasPassword },
    addresses: state.addresses.map(({ kind, value, verifiedAt, ownerId }) => ({
      kind,
      value,
      verified_time: verifiedAt,
      owner_id: ownerId,
    })),
    platforms: state.platforms.map(({ bindType, way, nickname, boundAt, isActive }) => ({
      bind_type: bindType,
      way,
      nickname,
      bind_time: boundAt,
      is_active: isActive,
    })),
    failures: state.failures.map(({ way, network, failures, pausedUntil }) => ({
      way,
      network,
      count: failures,
      paused_until: pausedUntil,
    })),
    limits: state.limits.map(({ kind, what, used, points, resetsAt }) => ({
      kind,
      what,
      used,
      points,
      reset_time: resetsAt,
    })),
    codes: state.codes.map(({ kind, purpose, wrongTries, expiresAt }) => ({
      kind,
      purpose,
      wrong_tries: wrongTries,
      end_time: expiresAt,
    })),
  }
}
