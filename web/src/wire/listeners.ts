// Who listens to a link: to events by their names, and to its state.
import type { Link, LinkState } from './ports.ts';

export interface Listeners extends Pick<Link, 'on' | 'onState'> {
  event(name: string, payload: unknown): void;
  state(state: LinkState, fresh: boolean): void;
}

export function makeListeners(): Listeners {
  const heard = new Map<string, Set<(payload: never) => void>>();
  const watchers = new Set<(state: LinkState, fresh: boolean) => void>();
  return {
    on(event, listener) {
      const listeners = heard.get(event) ?? new Set();
      heard.set(event, listeners.add(listener));
      return () => void listeners.delete(listener);
    },
    onState(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    event(name, payload) {
      for (const listener of [...heard.get(name) ?? []]) listener(payload as never);
    },
    state(state, fresh) {
      for (const changed of [...watchers]) changed(state, fresh);
    },
  };
}
