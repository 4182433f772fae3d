// The page of both forms: the mark, one column on the bare wall, and at the right of wide screens the ring's arcs as lines (DESIGN 7.2).
import type { FormEvent, ReactNode } from 'react';
import { useBelfry } from '../use.ts';
import { WordMark } from '../parts/Mark.tsx';
import { arc } from '../parts/ringForm.ts';
import * as words from '../words/page.en.ts';
import css from './AuthPage.module.css';

export interface AuthPageProps {
  readonly title: string;
  readonly busy: boolean;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  /** The way to the other form. */
  readonly other: ReactNode;
}

export function AuthPage({ title, busy, onSubmit, children, other }: AuthPageProps) {
  const ended = useBelfry((state) => state.sessionEnded);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <div className={css['wall']}>
      <Arcs />
      <main className={css['column']}>
        <WordMark size={36} />
        <h1 className={css['title']}>{title}</h1>
        {ended && <p className={css['ended']} role="status">{words.sessionEnded}</p>}
        <form className={css['form']} noValidate onSubmit={submit} aria-busy={busy || undefined}>{children}</form>
        <p className={css['other']}>{other}</p>
      </main>
    </div>
  );
}

/** Decoration: three arcs as from a bell, cropped by the edge. */
const Arcs = () => (
  <svg className={css['arcs']} viewBox="0 0 300 600" fill="none" aria-hidden="true" focusable="false">
    {[170, 230, 290].map((radius) => <path key={radius} d={arc(radius, 180, 180)} transform="translate(320 300)" vectorEffect="non-scaling-stroke" />)}
  </svg>
);
