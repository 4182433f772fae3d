// What a device refused, one card per device (DESIGN §11), and what the browser asks right now (§10.6). The call goes on meanwhile.
import { ArrowUpLeft, CircleAlert } from 'lucide-react';
import type { CallType, MediaError, MediaKind } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { useActions, useBelfry } from '../use.ts';
import { mediaWords } from '../words/media.en.ts';
import css from './MediaNotices.module.css';

function Notice({ error }: { readonly error: MediaError }) {
  const actions = useActions();
  const small = mediaWords.unexplained(error);
  return (
    <div role="alert" className={css['notice']} data-media-error={error.name} data-media-kind={error.kind}>
      <CircleAlert className={css['icon']} size={20} strokeWidth={1.75} aria-hidden="true" />
      <div className={css['words']}>
        <p>{mediaWords.sentence(error)}</p>
        {small && <p className={css['small']}>{small}</p>}
      </div>
      <div className={css['buttons']}>
        <Button size="small" kind="quiet" onClick={() => actions.dismissMediaError(error.kind)}>{mediaWords.dismiss}</Button>
        <Button size="small" onClick={() => actions.retryMedia(error.kind)}>{mediaWords.tryAgain}</Button>
      </div>
    </div>
  );
}

/** `kinds`: only those; the device check says nothing of the screen. */
export function MediaNotices({ kinds }: { readonly kinds?: readonly MediaKind[] | undefined }) {
  const errors = useBelfry((state) => state.media.errors);
  return errors.filter((error) => !kinds || kinds.includes(error.kind)).map((error) => <Notice key={error.kind} error={error} />);
}

export function PermissionHint({ type }: { readonly type: CallType }) {
  const asking = useBelfry((state) => state.media.asking);
  return asking && (
    <p className={css['asking']} data-part="permission-hint">
      <ArrowUpLeft size={20} strokeWidth={1.75} aria-hidden="true" className={css['icon']} />{mediaWords.asking(type)}
    </p>
  );
}
