// The list that `?` shows (DESIGN section 13).
import { Dialog } from '../parts/Dialog.tsx';
import { shortcuts } from '../words/page.en.ts';
import css from './Shortcuts.module.css';

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={shortcuts.title} width="wide" toRead onClose={onClose}>
      <div className={css['groups']}>
        {shortcuts.groups.map(([where, keys]) => (
          <section key={where}>
            <h3 className={css['where']}>{where}</h3>
            <dl className={css['list']}>
              {keys.map(([key, does]) => <div key={key} className={css['line']}><dt><kbd className={css['key']}>{key}</kbd></dt><dd>{does}</dd></div>)}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
