// What the server must still be told: an end that was pressed while it was away. Media is closed by then; this is only so that the other does
// not wait for who has gone.
import type { Context } from './context.ts';

export interface Owed {
  /** Asks now, and again whenever the link is back, until the server has answered. */
  tell(event: 'call.cancel' | 'call.end' | 'call.leave' | 'call.reject', callId: string): void;
  forget(): void;
}

export function makeOwed({ link }: Context): Owed {
  const owed = new Map<string, string>();

  async function ask(callId: string, event: string): Promise<void> {
    const answer = await link.ask<unknown>(event, { callId });
    // Refused is answered too: it is over already.
    if (answer.ok || answer.error.code !== 'NETWORK') owed.delete(callId);
  }

  link.onState((state) => {
    if (state === 'online') for (const [callId, event] of owed) void ask(callId, event);
  });

  return {
    tell(event, callId) {
      owed.set(callId, event);
      void ask(callId, event);
    },
    forget: () => owed.clear(),
  };
}
