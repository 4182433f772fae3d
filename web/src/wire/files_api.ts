// Files on their way to the server (docs/files.md).
import type { Attachment } from '../state/model.ts';
import { reading } from './answers.ts';
import type { Answer, Rest } from './ports.ts';
import { attachmentFrom } from './shapes.ts';

/** `progress` is 0 to 1. Null: the answer could not be read. */
export async function uploadFile(
  rest: Rest, content: Blob, name: string, progress: (done: number) => void, stop: AbortSignal,
): Promise<Answer<Attachment | null>> {
  return reading(await rest.upload<unknown>('/api/files', 'file', content, name, progress, stop), attachmentFrom);
}
