// My name and picture.
import type { Done, SessionActions } from '../state/actions.ts';
import { member } from '../wire/json.ts';
import type { Answer } from '../wire/ports.ts';
import { meFrom } from '../wire/shapes.ts';
import type { Context } from './context.ts';
import { done, refused } from './refusals.ts';

export function makeProfile({ store, rest }: Context): Pick<SessionActions, 'saveProfile' | 'setPhoto'> {
  function take(answer: Answer<unknown>): Done<null> {
    if (!answer.ok) return refused(answer.error);
    const me = meFrom(answer.data) ?? meFrom(member(answer.data, 'user'));
    if (me && me.id === store.getState().me?.id) store.change(() => ({ me }));
    return done;
  }

  return {
    // Without a name of their own a person is called by their username.
    saveProfile: async (displayName) => take(await rest.send('PATCH', '/api/users/me', {
      displayName: displayName.trim() || store.getState().me?.username,
    })),
    setPhoto: async (photo) => take(photo === null
      ? await rest.send('DELETE', '/api/users/me/avatar')
      : await rest.upload('/api/users/me/avatar', 'avatar', photo, 'photo', () => undefined)),
  };
}
