// Devices, looks, notifications and logins, each a region of one page; `/settings/devices` and so on lead to one of them (DESIGN §7.11, §17.6).
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { pageWords } from '../words/pages.en.ts';
import { AppearanceSection } from './AppearanceSection.tsx';
import { DevicesSection } from './DevicesSection.tsx';
import { NotificationsSection } from './NotificationsSection.tsx';
import { SessionsSection } from './SessionsSection.tsx';
import css from './Pages.module.css';

const words = pageWords.settings;
const kSections = [
  ['devices', words.devices, DevicesSection], ['appearance', words.appearance, AppearanceSection],
  ['notifications', words.notifications, NotificationsSection], ['sessions', words.sessions, SessionsSection],
] as const;

export default function Settings() {
  const [path] = useLocation();
  const current = path.split('/')[2] ?? '';
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) page.current?.querySelector(`#settings-${CSS.escape(current)}`)?.closest('section')?.scrollIntoView({ block: 'start' });
  }, [current]);
  return (
    <div className={css['settings']} ref={page}>
      <h1>{words.title}</h1>
      <nav aria-label={words.sections} className={css['sections']}>
        {kSections.map(([name, label]) => (
          <Link key={name} href={`/settings/${name}`} aria-current={name === current ? 'true' : undefined}>{label}</Link>
        ))}
      </nav>
      <div className={css['regions']}>
        {kSections.map(([name, label, Section]) => (
          <section key={name} aria-labelledby={`settings-${name}`}>
            <h2 id={`settings-${name}`}>{label}</h2>
            <Section />
          </section>
        ))}
      </div>
    </div>
  );
}
