// An address that is none, and a conversation or call that is not mine: they look the same, so that nobody learns what exists (DESIGN §17.6).
import { Link } from 'wouter';
import { Mark } from '../parts/Mark.tsx';
import { pageWords } from '../words/pages.en.ts';
import css from './Pages.module.css';

const words = pageWords.notFound;
const kMore = { page: words.pageMore, conversation: words.conversationMore, call: words.callMore } as const;

export default function NotFound({ what = 'page' }: { readonly what?: keyof typeof kMore }) {
  return (
    <div className={css['notFound']}>
      <Mark size={64} tone="quiet" />
      <h1>{what === 'page' ? words.page : words.thing}</h1>
      <p>{kMore[what]}</p>
      <p><Link href="/">{words.back}</Link></p>
    </div>
  );
}
