// What the client asks about calls by REST. What happens in a call goes over the socket (docs/protocol/native.md): app/calls_*.ts.
import type { CallId } from '../state/model.ts';
import { reading } from './answers.ts';
import { callFrom, type ServerCall } from './call_shapes.ts';
import { list, number, text, words } from './json.ts';
import type { Answer, Rest } from './ports.ts';

export interface IceAnswer {
  readonly servers: readonly RTCIceServer[];
  /** How long the credential is good; null: the server did not say. */
  readonly seconds: number | null;
}

function serverFrom(json: unknown): RTCIceServer | null {
  const urls = words(json, 'urls');
  if (urls === null) return null;
  const [username, credential] = [text(json, 'username'), text(json, 'credential')];
  return { urls, ...(username !== null && { username }), ...(credential !== null && { credential }) };
}

export const readCall = async (rest: Rest, id: CallId): Promise<Answer<ServerCall | null>> =>
  reading(await rest.get<unknown>(`/api/calls/${id}`), callFrom);

export const readIceServers = async (rest: Rest): Promise<Answer<IceAnswer>> =>
  reading(await rest.get<unknown>('/api/ice-servers'), (data) => ({ servers: list(data, 'iceServers', serverFrom), seconds: number(data, 'ttl') }));

/** The page of a call goes: for good, or it only reloads. The server waits for less long then. */
export const sayPageGoes = (rest: Rest, id: CallId): void => rest.beacon(`/api/calls/${id}/away`);
