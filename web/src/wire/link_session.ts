// The session at the server, which goes on over several sockets and over a reload: its id, and the last event of it that was heard.
import { isObject, number, text } from './json.ts';

/** The session that this page may go on with: its own before a reload. */
export interface Resume {
  readonly sessionId: string;
  readonly lastSeq: number;
}

export interface LinkSession {
  id(): string | null;
  /** What to go on with; null: nothing. */
  resume(): Resume | null;
  /** With this, or with nothing. */
  set(resume: Resume | null): void;
  /** By the payload of `session.ready`. */
  begin(payload: unknown): void;
  /** It cannot be gone on with. */
  forget(): void;
  /** False: it was heard before. */
  isNews(payload: unknown): boolean;
}

export function makeLinkSession(): LinkSession {
  let sessionId: string | null = null;
  let lastSeq = 0;
  return {
    id: () => sessionId,
    resume: () => (sessionId === null ? null : { sessionId, lastSeq }),
    set(resume) {
      sessionId = resume?.sessionId ?? null;
      lastSeq = resume?.lastSeq ?? 0;
    },
    begin(payload) {
      sessionId = text(payload, 'sessionId');
      lastSeq = number(payload, 'seq') ?? 0;
    },
    forget() {
      sessionId = null;
    },
    isNews(payload) {
      const seq = isObject(payload) ? number(payload, 'seq') : null;
      if (seq === null) return true;
      if (seq <= lastSeq) return false;
      lastSeq = seq;
      return true;
    },
  };
}
