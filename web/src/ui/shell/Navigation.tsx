// The rail at the left, the bar at the bottom on compact widths: the same four links. Beside the stage it is as dark as that.
import { CircleUser, History, MessagesSquare, Settings } from 'lucide-react';
import { Link } from 'wouter';
import type { Icon } from '../parts/IconButton.tsx';
import { Mark } from '../parts/Mark.tsx';
import type { Route } from '../routes.ts';
import { useBelfry } from '../use.ts';
import * as words from '../words/page.en.ts';
import { AccountMenu } from './AccountMenu.tsx';
import css from './Navigation.module.css';

const kLinks: readonly { to: string; name: string; icon: Icon; pages: readonly Route['page'][] }[] = [
  { to: '/', name: words.chats, icon: MessagesSquare, pages: ['home', 'chat', 'call'] },
  { to: '/history', name: words.history, icon: History, pages: ['history'] },
  { to: '/settings', name: words.settings, icon: Settings, pages: ['settings'] },
  { to: '/profile', name: words.profile, icon: CircleUser, pages: ['profile'] },
];

export function Navigation({ route }: { readonly route: Route }) {
  const unread = useBelfry((state) => Object.values(state.conversations).some((each) => each.unread > 0));
  return (
    <nav className={css['nav']} aria-label={words.main} data-surface={route.page === 'call' ? 'stage' : undefined}>
      <span className={css['mark']}><Mark size={32} /></span>
      <ul className={css['links']}>
        {kLinks.map(({ to, name, icon: Drawn, pages }) => (
          <li key={to}>
            <Link href={to} className={css['link']} aria-current={pages.includes(route.page) ? 'page' : undefined}>
              <Drawn size={20} strokeWidth={1.75} aria-hidden="true" />
              <span>{name}</span>
              {to === '/' && unread && <span className={css['dot']} aria-hidden="true" />}
            </Link>
          </li>
        ))}
      </ul>
      <AccountMenu />
    </nav>
  );
}
