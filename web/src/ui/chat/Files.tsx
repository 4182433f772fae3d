// Files in a bubble: pictures by their thumbnail, everything else by name and size, and a file that is still on its way.
import { File, X } from 'lucide-react';
import type { Attachment, Message } from '../../state/model.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './Files.module.css';

const kWidest = 320;
const kHighest = 280;
const kNarrowest = 120;

export function FilePart({ file }: { readonly file: Attachment }) {
  if (file.thumbnailUrl && file.width && file.height) return <Picture file={file} thumbnail={file.thumbnailUrl} width={file.width} height={file.height} />;
  return (
    <a className={css['file']} href={file.url} download={file.name} aria-label={`${chatWords.download(file.name)}, ${chatWords.fileSize(file.bytes)}`}>
      <span className={css['sign']} aria-hidden="true"><File size={20} strokeWidth={1.75} /></span>
      <span className={css['words']}>
        <span className={css['name']}>{file.name}</span>
        <span className={css['size']}>{chatWords.fileSize(file.bytes)}</span>
      </span>
    </a>
  );
}

/** As large as a picture is shown: within 320 by 280, and wide enough for its bubble to be one. */
export function shownSize({ width, height }: { readonly width: number | null; readonly height: number | null }): { readonly width: number; readonly height: number } {
  if (!width || !height) return { width: kWidest, height: kHighest };
  const scale = Math.min(1, kWidest / width, kHighest / height);
  const wide = Math.max(kNarrowest, Math.round(width * scale));
  return { width: wide, height: Math.min(kHighest, Math.max(24, Math.round((height * wide) / width))) };
}

/** Takes its room before it is loaded, so that nothing below it moves. */
function Picture({ file, thumbnail, width, height }: { readonly file: Attachment; readonly thumbnail: string; readonly width: number; readonly height: number }) {
  const shown = shownSize({ width, height });
  return (
    <a className={css['picture']} href={file.url} target="_blank" rel="noopener noreferrer" aria-label={chatWords.openPicture(file.name)}>
      <img src={thumbnail} alt={file.name} width={shown.width} height={shown.height} loading="lazy" decoding="async"
        style={{ '--frame': `${shown.width} / ${shown.height}` }} />
    </a>
  );
}

export function UploadPart({ message }: { readonly message: Message }) {
  const actions = useActions();
  const upload = message.upload;
  if (!upload) return null;
  const under = upload.progress === null ? undefined : Math.round(upload.progress * 100);
  return (
    <div className={css['upload']}>
      <span className={css['sign']} aria-hidden="true"><File size={20} strokeWidth={1.75} /></span>
      <span className={css['words']}>
        <span className={css['name']}>{upload.name}</span>
        {message.state === 'sending'
          ? <progress className={css['progress']} aria-label={chatWords.uploading(upload.name)} max={100} value={under} />
          : <span className={css['size']}>{chatWords.fileSize(upload.bytes)}</span>}
      </span>
      {message.state === 'sending' && (
        <IconButton label={chatWords.cancelUpload} icon={X} size="list" tooltip="above-end" onClick={() => actions.cancelUpload(message)} />
      )}
    </div>
  );
}
