// What notifications say (DESIGN §10.7). Not in ui/words, because the worker is a file of its own and must stay small.
const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const noticeWords = {
  ring: (caller: string, group: string | null) => (group === null ? `${caller} is calling` : `${caller} is calling ${group}`),
  somebody: 'Somebody',
  callType: (type: string) => (type === 'video' ? 'Video call' : 'Audio call'),
  answer: 'Answer',
  decline: 'Decline',
  missed: (caller: string) => `Missed call from ${caller}`,
  at: (when: Date) => time.format(when),
  callBack: 'Call back',
  message: (sender: string, unread: number) => (unread > 1 ? `${sender} (${unread})` : sender),
  noText: 'New message',
};
