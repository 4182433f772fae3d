// My name and picture.
import type { Done, SessionActions } from '../state/actions.ts';
import type { Me } from '../state/model.ts';
import type { Answer } from '../wire/ports.ts';
import { saveName, savePhoto } from '../wire/profile_api.ts';
import type { Context } from './context.ts';
import { done, refused } from './refusals.ts';

export function makeProfile({ store, rest }: Context): Pick<SessionActions, 'saveProfile' | 'setPhoto'> {
  function take(answer: Answer<Me | null>): Done<null> {
    if (!answer.ok) return refused(answer.error);
    const me = answer.data;
    if (me && me.id === store.getState().me?.id) store.change(() => ({ me }));
    return done;
  }

  return {
    // Without a name of their own a person is called by their username.
    saveProfile: async (displayName) => take(await saveName(rest, displayName.trim() || store.getState().me?.username)),
    setPhoto: async (photo) => take(await savePhoto(rest, photo)),
  };
}
