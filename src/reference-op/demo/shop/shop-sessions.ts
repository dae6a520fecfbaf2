import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { Draining } from '../../health/draining.js';

/** Whoever has signed in at the second application. */
export interface ShopPerson {
  sub: string;
  name: string;
  /** Id of the session at the provider, from the ID token. */
  sid?: string;
}

/** A session of the second application. */
export interface ShopSession extends ShopPerson {
  /** UTC epoch milliseconds. */
  at: number;
  /** When it ended, in UTC epoch milliseconds, and what the logout token named. */
  ended?: { at: number; by: 'sub' | 'sid' };
}

/** What a logout token names. */
export interface Logout {
  sub?: string;
  sid?: string;
}

/** Maximum number of sessions; the oldest is forgotten first. */
const MAX_SESSIONS = 500;

/** Sessions of the second application, in memory. They end when a logout token says so, and browsers learn it at once. */
@Injectable()
export class ShopSessions {
  private readonly sessions = new Set<ShopSession>();
  private readonly watching = new Map<ServerResponse, ShopSession>();

  constructor(@Inject(Draining) draining: Draining) {
    draining.onBegin(() => {
      for (const response of this.watching.keys()) response.end();
    });
  }

  begin(person: ShopPerson): ShopSession {
    const session = { ...person, at: Date.now() };
    this.sessions.add(session);
    const [oldest] = this.sessions;
    if (oldest && this.sessions.size > MAX_SESSIONS) this.sessions.delete(oldest);
    return session;
  }

  /** Ends the session with this `sid`, or without one all of this person. @see OpenID.Back-Channel §2.7 */
  end({ sub, sid }: Logout): void {
    for (const session of this.sessions) {
      const isMeant = sid === undefined ? session.sub === sub : session.sid === sid;
      if (!isMeant) continue;
      session.ended = { at: Date.now(), by: sid === undefined ? 'sub' : 'sid' };
      this.sessions.delete(session);
    }
    for (const [response, { ended }] of this.watching) if (ended) tell(response);
  }

  /** Keeps an answer open until the session ends. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
  watch(session: ShopSession, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('\n');
    if (session.ended) return tell(response);
    this.watching.set(response, session);
    response.once('close', () => this.watching.delete(response));
  }
}

const tell = (response: ServerResponse): void => void response.end('data: ended\n\n');
