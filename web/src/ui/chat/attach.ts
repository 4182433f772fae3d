// Which files may be sent, told before anything is uploaded (docs/files.md).
import { chatWords } from '../words/chat.en.ts';
import { sendable } from './text.ts';

export interface Sorted {
  readonly fit: readonly File[];
  /** A sentence for each that does not. */
  readonly faults: readonly string[];
}

export function sortFiles(files: readonly File[], limit: number): Sorted {
  const faults = files.flatMap((file) => {
    if (file.size > limit) return [chatWords.fileTooBig(file.name, file.size, limit)];
    return file.size === 0 ? [chatWords.fileEmpty(file.name)] : [];
  });
  return { fit: files.filter((file) => file.size > 0 && file.size <= limit).map(named), faults };
}

function named(file: File): File {
  const name = sendable(file.name) || 'file';
  return name === file.name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified });
}
