import { beforeEach, expect, it } from 'vitest';
import type { Locks } from '../media/tab_lock.ts';
import { createStore } from '../state/store.ts';
import { settled } from '../wire/fakes_for_tests.ts';
import { makeNotifyingTab } from './notifying_tab.ts';

interface Asked {
  readonly name: string;
  held: boolean;
  readonly grant: () => Promise<void>;
  readonly end: (failed?: Error) => void;
}

/** The Web Locks of one browser. */
class FakeLocks {
  #asked: Asked[] = [];

  request(name: string, { signal }: LockOptions, granted: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const one: Asked = { name, held: false, grant: granted, end: (failed?: Error) => (failed ? reject(failed) : resolve()) };
      this.#asked.push(one);
      signal?.addEventListener('abort', () => { if (!one.held) this.#drop(one, new Error('aborted')); });
      void settled().then(() => this.#grant(name));
    });
  }

  #drop(one: Asked, failed?: Error): void {
    this.#asked = this.#asked.filter((each) => each !== one);
    one.end(failed);
    this.#grant(one.name);
  }

  #grant(name: string): void {
    const [next] = this.#asked.filter((each) => each.name === name);
    if (next === undefined || next.held) return;
    next.held = true;
    void next.grant().then(() => this.#drop(next));
  }

  query = async () => ({ held: this.#asked.filter(({ held }) => held).map(({ name }) => ({ name })), pending: [] });
}

let locks = new FakeLocks();
beforeEach(() => { locks = new FakeLocks(); });

function aTab(visibilityState: DocumentVisibilityState = 'hidden') {
  const document = Object.assign(new EventTarget(), { visibilityState });
  const window = new EventTarget();
  const store = createStore({ connection: 'online' });
  const mayNotify = makeNotifyingTab(store, { locks: locks as unknown as Locks, document, window });
  return {
    mayNotify, store, window,
    async become(state: DocumentVisibilityState) {
      document.visibilityState = state;
      document.dispatchEvent(new Event('visibilitychange'));
      await settled();
    },
  };
}

async function who(...tabs: { mayNotify: () => Promise<boolean> }[]): Promise<boolean[]> {
  for (let turn = 0; turn < 5; ++turn) await settled();
  return Promise.all(tabs.map(({ mayNotify }) => mayNotify()));
}

it('is one of two that are hidden, and the other when that one closes', async () => {
  const [first, second] = [aTab(), aTab()];
  expect(await who(first, second)).toEqual([true, false]);
  first.window.dispatchEvent(new Event('pagehide'));
  expect(await who(second)).toEqual([true]);
  first.window.dispatchEvent(new Event('pageshow'));
  expect(await who(first, second)).toEqual([false, true]);
});

it('is none while one is looked at', async () => {
  const [first, second, third] = [aTab(), aTab('visible'), aTab('visible')];
  expect(await who(first, second, third)).toEqual([false, false, false]);
  await second.become('hidden');
  expect(await who(first, second, third)).toEqual([false, false, false]);
  await third.become('hidden');
  expect(await who(first, second, third)).toEqual([true, false, false]);
});

it('is another one while one has no connection', async () => {
  const [first, second] = [aTab(), aTab()];
  await who(first, second);
  first.store.change(() => ({ connection: 'connecting' }));
  expect(await who(first, second)).toEqual([false, true]);
});

it('is the only one also before the lock is granted', async () => {
  const tab = aTab();
  expect(await tab.mayNotify()).toBe(true);
});
