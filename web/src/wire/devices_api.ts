// This browser as a device that the server pushes calls to (docs/push.md). In the chunk of notifications.
import { reading } from './answers.ts';
import { words } from './json.ts';
import type { Answer, Rest } from './ports.ts';

const kDevices = '/api/devices';

/** The server's key for Web Push; null: it has none. */
export const readPushKey = async (rest: Rest): Promise<Answer<string | null>> =>
  reading(await rest.get<unknown>(kDevices), (data) => words(data, 'vapidPublicKey'));

export interface WebPushDevice {
  readonly endpoint: string;
  readonly keys: Record<string, string>;
  readonly name: string;
}

/** Answers the id under which the server knows it. */
export async function addDevice(rest: Rest, { endpoint, keys, name }: WebPushDevice): Promise<Answer<string | null>> {
  const device = { platform: 'web', pushProvider: 'webpush', pushToken: endpoint, webPushKeys: keys, name };
  return reading(await rest.send<unknown>('POST', kDevices, device), (data) => words(data, 'id'));
}

export const removeDevice = (rest: Rest, id: string): Promise<Answer<unknown>> => rest.send<unknown>('DELETE', `${kDevices}/${id}`);

/** Do not disturb: no push rings it (SPEC 2.11 S19). */
export const quietDevice = (rest: Rest, id: string, quiet: boolean): Promise<Answer<unknown>> =>
  rest.send<unknown>('PATCH', `${kDevices}/${id}`, { dnd: quiet });
