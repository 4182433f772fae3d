// My face at the foot of the rail, and behind it who I am and the way out: a native popover, which closes by Escape and by a press beside it.
import { LogOut } from 'lucide-react';
import { useId } from 'react';
import { Avatar } from '../parts/Avatar.tsx';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import tip from '../parts/Tooltip.module.css';
import { useActions, useBelfry } from '../use.ts';
import * as words from '../words/page.en.ts';
import css from './AccountMenu.module.css';

export function AccountMenu() {
  const me = useBelfry((state) => state.me);
  const { logOut } = useActions();
  const id = useId();
  if (!me) return null;
  const name = me.displayName ?? me.username;
  return (
    <div className={css['account']}>
      <button type="button" className={cx(css['face'], tip['tip'])} data-tip="none" popoverTarget={id} aria-label={words.account} title={name}>
        <Avatar id={me.id} name={name} src={me.avatar} size={32} />
      </button>
      <div id={id} popover="auto" className={css['menu']}>
        <p className={css['name']}>{name}</p>
        <p className={css['username']}>@{me.username}</p>
        <Button kind="plain" size="small" wide icon={<LogOut size={16} strokeWidth={1.75} />} onClick={() => void logOut()}>{words.logOut}</Button>
      </div>
    </div>
  );
}
