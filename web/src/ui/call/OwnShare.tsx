import { Button } from '../parts/Button.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import type { ControlsForm } from './layout.ts';
import { Picture } from './Picture.tsx';
import { useStream } from './useStream.ts';
import css from './Stage.module.css';

/** That I share my screen, and what is seen of it. Where the control for it is behind `More`, the button is here too. */
export function OwnShare({ form }: { readonly form: ControlsForm }) {
  const sharing = useBelfry((state) => state.media.screen);
  const stream = useStream((streams) => streams.own('screen'));
  const actions = useActions();
  return sharing && (
    <div className={css['ownShare']}>
      <span className={css['thumb']}><Picture stream={stream} user="self" kind="screen" fit="whole" /></span>
      <p>{callWords.youShare}</p>
      {form === 'few' && <Button size="small" className={css['onStage']} onClick={() => actions.setScreen(false)}>{callWords.stopSharing}</Button>}
    </div>
  );
}
