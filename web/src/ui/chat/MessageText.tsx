import { useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { chatWords } from '../words/chat.en.ts';
import { isLong, piecesOf } from './text.ts';
import css from './Bubble.module.css';

/** The text as it was typed, its addresses as links; a very long one is folded until it is asked for. */
export function MessageText({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  const folded = !whole && isLong(text);
  return (
    <>
      <div className={cx(css['text'], folded && css['folded'])} data-part="text" dir="auto">
        {piecesOf(text).map((piece, at) => piece.kind === 'words' ? piece.text
          : <a key={at} href={piece.href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>)}
      </div>
      {folded && <Button kind="quiet" size="small" className={css['unfold']} onClick={() => setWhole(true)}>{chatWords.showAll}</Button>}
    </>
  );
}

