// The ICE servers: asked for before they are needed, and again shortly before their credential ends. A call does not wait for them long:
// on one network it works without.
import { readIceServers } from '../wire/calls_api.ts';
import type { Context } from './context.ts';

export interface IceServers {
  /** Those that are known, also if they are about to expire. */
  now(): readonly RTCIceServer[];
  /** Resolves when they are known, or not in time. */
  ready(): Promise<void>;
  forget(): void;
}

const kAtMostMs = 1_000;
/** A credential must outlast the gathering of candidates, and a refusal is asked again after this. */
const kMarginMs = 60_000;
const kDefaultSeconds = 600;

export function makeIceServers({ rest, clock }: Context): IceServers {
  let servers: readonly RTCIceServer[] = [];
  let goodUntil = -Infinity;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    const answer = await readIceServers(rest);
    if (answer.ok) ({ servers } = answer.data);
    const seconds = (answer.ok && answer.data.seconds) || (answer.ok ? kDefaultSeconds : 0);
    // With none configured there is nothing that could expire soon.
    goodUntil = clock.now() + Math.max(seconds * 1000 - kMarginMs, answer.ok ? kMarginMs : 5_000);
    asking = null;
  }

  return {
    now: () => servers,
    async ready() {
      if (clock.now() < goodUntil) return;
      asking ??= ask();
      const waited = new Promise<void>((resolve) => { clock.after(kAtMostMs, resolve); });
      await Promise.race([asking, waited]);
    },
    forget() {
      servers = [];
      goodUntil = -Infinity;
    },
  };
}
