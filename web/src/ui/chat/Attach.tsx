import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
import { chatWords } from '../words/chat.en.ts';

/** The button opens the browser's file choice; the input behind it is what tools fill. */
export function Attach({ onFiles, disabled }: { readonly onFiles: (files: readonly File[]) => void; readonly disabled: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label={chatWords.attach} icon={Paperclip} tooltip="above" disabled={disabled} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple className="visually-hidden" tabIndex={-1} aria-label={chatWords.attachment}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';  // So that the same file can be chosen again.
        }} />
    </>
  );
}
