// My name, my picture, and my logins at the server. In the chunk of the pages that show them.
import type { Login, Me } from '../state/model.ts';
import { reading } from './answers.ts';
import { list, member } from './json.ts';
import { loginFrom, meFrom } from './person_shapes.ts';
import type { Answer, Rest } from './ports.ts';

/** Some answers have the user in a member, some are the user. */
const myself = (data: unknown): Me | null => meFrom(data) ?? meFrom(member(data, 'user'));

export const saveName = async (rest: Rest, displayName: string | undefined): Promise<Answer<Me | null>> =>
  reading(await rest.send<unknown>('PATCH', '/api/users/me', { displayName }), myself);

const kPhoto = '/api/users/me/avatar';

/** Null: none. */
export const savePhoto = async (rest: Rest, photo: Blob | null): Promise<Answer<Me | null>> => reading(photo === null
  ? await rest.send<unknown>('DELETE', kPhoto)
  : await rest.upload<unknown>(kPhoto, 'avatar', photo, 'photo', () => undefined), myself);

const kLogins = '/api/sessions';

export const readLogins = async (rest: Rest, deviceOf: (userAgent: string) => string): Promise<Answer<Login[]>> =>
  reading(await rest.get<unknown>(kLogins), (data) => list(data, 'sessions', (each) => loginFrom(each, deviceOf)));

/** One. `DELETE` of all of them would end this one as well. */
export const endLogin = (rest: Rest, id: string): Promise<Answer<unknown>> => rest.send<unknown>('DELETE', `${kLogins}/${encodeURIComponent(id)}`);
