// The dialog `Check your devices`: see oneself, see the microphone move, hear the speaker, before anybody else does.
import { useState } from 'react';
import type { MediaKind } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { LevelMeter } from '../parts/LevelMeter.tsx';
import { useActions } from '../use.ts';
import { mediaWords } from '../words/media.en.ts';
import { DeviceSelects } from './DeviceSelects.tsx';
import { MediaNotices } from './MediaNotices.tsx';
import { OwnPreview } from './OwnPreview.tsx';
import { usePreview } from './usePreview.ts';
import css from './DeviceCheck.module.css';

const kKinds: readonly MediaKind[] = ['camera', 'microphone', 'speaker'];

/** Mounted means open. */
export function DeviceCheck({ onClose }: { readonly onClose: () => void }) {
  const actions = useActions();
  const preview = usePreview({ camera: true, microphone: true });
  const [silent, setSilent] = useState(false);
  return (
    <Dialog title={mediaWords.check} onClose={onClose} footer={<Button kind="primary" onClick={onClose}>{mediaWords.done}</Button>}>
      <div className={css['check']}>
        <OwnPreview stream={preview.stream} camera />
        <MediaNotices kinds={kKinds} />
        <DeviceSelects
          between={(
            <div className={css['level']}>
              <LevelMeter label={mediaWords.level} read={preview.level} onSilent={setSilent} />
              {silent && <p className={css['hint']}>{mediaWords.silent}</p>}
            </div>
          )}
          beside={<Button onClick={() => actions.playTestSound()}>{mediaWords.testSound}</Button>} />
      </div>
    </Dialog>
  );
}

/** The dialog `Devices` in a call: the same three lists. */
export const DevicesDialog = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog title={mediaWords.devices} onClose={onClose} footer={<Button kind="primary" onClick={onClose}>{mediaWords.done}</Button>}>
    <DeviceSelects />
  </Dialog>
);
