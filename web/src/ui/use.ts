// How components reach the client: a slice of its state, and what can be done. The slice must be an object that the state holds, or a plain
// value: a selector that makes a new object each time would render without end; useShallow is for those.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Actions, Client, Streams } from '../state/actions.ts';
import type { State } from '../state/model.ts';

export const ClientContext = createContext<Client | null>(null);

function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('there is no <ClientContext> above this component');
  return client;
}

export function useBelfry<T>(select: (state: State) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.getState()));
}

export const useActions = (): Actions => useClient().actions;
export const useStreams = (): Streams => useClient().streams;
export const useGetState = (): (() => State) => useClient().getState;
