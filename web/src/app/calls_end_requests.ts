// The requests that end a call, each sent until the server has answered: it may be away when somebody hangs up. Media is closed by then; this is
// only so that the other does not wait for who has gone.
import type { Context } from './context.ts';

export interface EndRequests {
  /** Asks now, and again whenever the link is back, until the server has answered. */
  send(event: 'call.cancel' | 'call.end' | 'call.leave' | 'call.reject', callId: string): void;
  forget(): void;
}

export function makeEndRequests({ link }: Context): EndRequests {
  const pending = new Map<string, string>();

  async function ask(callId: string, event: string): Promise<void> {
    const answer = await link.ask<unknown>(event, { callId });
    // Refused is answered too: it is over already.
    if (answer.ok || answer.error.code !== 'NETWORK') pending.delete(callId);
  }

  link.onState((state) => {
    if (state === 'online') for (const [callId, event] of pending) void ask(callId, event);
  });

  return {
    send(event, callId) {
      pending.set(callId, event);
      void ask(callId, event);
    },
    forget: () => pending.clear(),
  };
}
