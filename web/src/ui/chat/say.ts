// A message as one line: in its article's name, in a quote, in the menu's question.
import type { Message } from '../../state/model.ts';
import { chatWords } from '../words/chat.en.ts';
import { clock } from '../words/format.en.ts';

/** What it says, without who said it. */
export function plainText(message: Message): string {
  if (message.deletedAt) return chatWords.deletedText;
  if (message.call) return chatWords.callEntry(message.call, message.state !== 'received');
  if (message.kind === 'system') return chatWords.systemEntry(message.text);
  const files = message.attachments.map((file) => file.name);
  if (message.upload) files.push(message.upload.name);
  return [message.text, ...files].filter(Boolean).join(', ');
}

/** DESIGN §17.4: `You, 14:03, Hello, delivered`. */
export function articleName(message: Message, sender: string): string {
  const own = message.state !== 'received';
  const parts = [own ? chatWords.you : sender, clock(message.createdAt), plainText(message)];
  if (own && (message.kind === 'text' || message.kind === 'file') && !message.deletedAt) parts.push(chatWords.state[message.state]);
  if (message.editedAt && !message.deletedAt) parts.push(chatWords.edited);
  return parts.join(', ');
}
